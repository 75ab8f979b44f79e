"""The forward pass of the critical path method: the earliest days everything can have.

J. E. Kelley and M. R. Walker, "Critical-Path Planning and Scheduling" (1959), with the links of J. W. Fondahl, "A
Non-Computer Approach to the Critical Path Method for the Construction Industry" (1961), on working calendars.

The pass goes over nodes in an order that has everything they look at before them. The whole plan is such an order; so
is what an edit touches, node by node as the change spreads: `moved` is told of each that came out different.

A lag of n ends with the nth working day of the successor's calendar. No lag is none even where the successor rests:
what must not finish before a Saturday's work does is finished on the Monday.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.columns import (
    DOING,
    FF,
    FS,
    GATE,
    MILESTONE,
    OPENS,
    OWN,
    PARENT,
    PIN,
    PINNED,
    PINNED_MILESTONE,
    SF,
    SPAN,
    SS,
    TODAY,
    TODO,
)

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable, Iterator

    from store.analysis.columns import Columns

_WEAKNESS = {OWN: 1, PARENT: 2, TODAY: 3}


def forward(columns: Columns, nodes: Iterable[int], moved: Callable[[int], None] | None = None) -> None:
    """Find the earliest days of the nodes, which come in an order that has their predecessors first."""
    mode, into, befores, dayses = columns.mode, columns.into, columns.before, columns.days
    base, word, duration = columns.base, columns.word, columns.duration
    place, why, open_finish = columns.place, columns.why, columns.open_finish
    start, finish = columns.start, columns.finish
    shown_first, shown_last = columns.shown_first, columns.shown_last
    was: tuple[object, ...] = ()
    for node in nodes:
        if moved:
            was = start[node], finish[node], shown_first[node], shown_last[node], why[node]
        if mode[node] == TODO:  # nearly all of them, so without a call
            before, days = befores[node], dayses[node]
            best, reason, length = base[node], word[node], duration[node]
            for source, _, kind, lag, link in into[node]:
                if kind == FS:
                    found = before[finish[source]] + lag
                elif kind == SS:
                    found = before[start[source]] + lag
                elif kind == OPENS:
                    found, link = before[finish[source]], why[source]
                elif kind == SF or lag or shown_last[source] >= finish[source]:
                    found = before[start[source] if kind == SF else finish[source]] + lag - length
                else:
                    found = before[finish[source] - 1] + 1 - length
                if found > best:
                    best, reason = found, link
                elif found == best and reason != link:
                    reason = _stronger(reason, link)
            place[node], why[node] = best, reason
            start[node] = shown_first[node] = days[best]
            shown_last[node] = last = days[best + length - 1]
            finish[node] = open_finish[node] = last + 1
        elif mode[node] in _RARER:
            _RARER[mode[node]](columns, node)
        if moved and was != (start[node], finish[node], shown_first[node], shown_last[node], why[node]):
            moved(node)


def _stronger(one: str, other: str) -> str:
    """Return which of two reasons for the same day is told: a link rather than a date, the least id of several."""
    return min(one, other, key=lambda why: (_WEAKNESS.get(why, 0), why))


def _arrivals(columns: Columns, node: int) -> Iterator[tuple[int, int, int, str]]:
    """Yield the kind of every edge into a node, the boundary it asks for, that boundary's day, and what asks."""
    before, days = columns.before[node], columns.days[node]
    for source, _, kind, lag, link in columns.into[node]:
        if kind in (SS, SF):
            at, day = columns.start[source], columns.shown_first[source]
        else:
            at, day = columns.finish[source], columns.shown_last[source]
        if lag:
            place = before[at] + lag
            at = days[place - 1] + 1
            day = days[place] if kind in (SS, SF) else at - 1
        yield kind, at, day, columns.why[source] if kind == OPENS else link


def _milestone(columns: Columns, node: int) -> None:
    """A point in time, or what a parent's parts wait for: the latest boundary that is asked for.

    It is shown on its own day, on the day that something starts it waits for, or on the last day of what it waits for.
    """
    best = shown = columns.base[node]
    reason = columns.word[node]
    for _, at, day, link in _arrivals(columns, node):
        if at > best:
            best, shown, reason = at, day, link
        elif at == best:
            shown, reason = max(shown, day), _stronger(reason, link)
    columns.finish[node], columns.why[node] = best, reason
    columns.shown_first[node] = columns.shown_last[node] = shown
    if columns.mode[node] == MILESTONE:
        columns.start[node] = columns.open_finish[node] = best


def _end(before: array[int], kind: int, at: int, day: int) -> int:
    """Return the position where a task must end at the earliest whose finish waits for a boundary, shown on a day.

    What is finished on a day when the task rests is waited for until it works again; the beginning of a day is not.
    """
    return before[at - 1] + 1 if kind == FF and day < at else before[at]


def _doing(columns: Columns, node: int) -> None:
    """Work in progress: begun whatever it should have waited for, finished no earlier than links to its finish say."""
    before, days = columns.before[node], columns.days[node]
    place, end = columns.base[node], columns.fixed_end[node]
    for kind, at, day, _ in _arrivals(columns, node):
        if kind in (FF, SF):
            end = max(end, _end(before, kind, at, day))
    columns.place[node], columns.duration[node], columns.why[node] = place, end - place, columns.word[node]
    columns.start[node] = columns.shown_first[node] = days[place]
    columns.shown_last[node] = days[end - 1]
    columns.finish[node] = columns.open_finish[node] = days[end - 1] + 1


def _pinned(columns: Columns, node: int) -> None:
    """A task fixed by hand: it stays, and the link it should wait for longest is remembered."""
    before, days, pin = columns.before[node], columns.days[node], columns.base[node]
    place = before[pin]
    last = days[place + columns.duration[node] - 1]
    missed = []
    for kind, at, day, link in _arrivals(columns, node):
        end = _end(before, kind, at, day) if kind in (FF, SF) else 0
        if end > place + columns.duration[node] or (not end and at > pin):
            missed.append((-at, link))
    columns.place[node], columns.why[node] = place, PIN
    columns.start[node] = columns.shown_first[node] = pin
    columns.shown_last[node] = last
    columns.finish[node] = columns.open_finish[node] = last + 1
    _remember(columns, node, missed)


def _pinned_milestone(columns: Columns, node: int) -> None:
    """A milestone fixed by hand: it stays on its day, and comes after what finishes on that day."""
    pin = best = columns.base[node]
    missed = []
    for _, at, day, link in _arrivals(columns, node):
        if day > pin:
            missed.append((-at, link))
        else:
            best = max(best, at)
    columns.start[node] = columns.finish[node] = columns.open_finish[node] = best
    columns.shown_first[node] = columns.shown_last[node] = pin
    columns.why[node] = PIN
    _remember(columns, node, missed)


def _remember(columns: Columns, node: int, missed: list[tuple[int, str]]) -> None:
    """Note the link that a date fixed by hand is too early for by most; what a parent's own date says is no link."""
    links = [entry for entry in missed if entry[1] not in _WEAKNESS]
    if links:
        columns.clash[node] = min(links)[1]
    else:
        columns.clash.pop(node, None)


def _span(columns: Columns, node: int) -> None:
    """A parent: from the first to the last of its parts."""
    parts = [edge[0] for edge in columns.into[node]]
    before = columns.before[node]
    columns.start[node] = min([columns.start[part] for part in parts])
    columns.finish[node] = max([columns.finish[part] for part in parts])
    first = columns.shown_first[node] = min([columns.shown_first[part] for part in parts])
    last = columns.shown_last[node] = max([columns.shown_last[part] for part in parts])
    columns.duration[node] = before[last + 1] - before[first]
    began = [(columns.ids[part], part) for part in parts if columns.shown_first[part] == first]
    columns.why[node] = columns.why[min(began)[1]]


_RARER = {
    MILESTONE: _milestone,
    GATE: _milestone,
    DOING: _doing,
    PINNED: _pinned,
    PINNED_MILESTONE: _pinned_milestone,
    SPAN: _span,
}
