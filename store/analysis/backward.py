"""The backward pass of the critical path method: the latest days that delay nothing, and how far everything may slip.

Late days are measured against the plan's own finish; a day that something was promised for is kept or not, and moves
nothing. The pass goes over nodes in an order that has everything after them first, and tells `moved` of each that came
out different.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.columns import (
    BEGINS,
    DOING,
    DONE,
    ENDS,
    FF,
    FS,
    GATE,
    GONE,
    MILESTONE,
    NEVER,
    PINNED,
    PINNED_MILESTONE,
    SF,
    SPAN,
    TODO,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from store.analysis.columns import Columns


def backward(
    columns: Columns, nodes: Iterable[int], plan_finish: int, moved: Callable[[int], None] | None = None
) -> None:
    """Find the late days and floats of the nodes, which come in an order that has their successors first."""
    mode, out, befores, dayses = columns.mode, columns.out, columns.before, columns.days
    place, duration, start, finish = columns.place, columns.duration, columns.start, columns.finish
    late_start, late_finish = columns.late_start, columns.late_finish
    late_first, late_last = columns.late_first, columns.late_last
    free_start, free_finish = columns.free_start, columns.free_finish
    total_float, free_float = columns.total_float, columns.free_float
    was: tuple[int, ...] = ()
    for node in nodes:
        if moved:
            was = _state(columns, node)
        # What limits the finish and the start, once lest anything be late and once lest anything move.
        ends = held_end = plan_finish
        begins = held_begin = NEVER
        what = mode[node]
        for _, target, kind, lag, _ in out[node] if what <= SPAN else ():
            if kind == FS and not lag:  # nearly all of them
                late, early = late_start[target], free_start[target]
                ends = late if late < ends else ends
                held_end = early if early < held_end else held_end
                continue
            if kind < FF:
                late, early = late_start[target], free_start[target]
            else:
                late, early = late_finish[target], free_finish[target]
            if lag or kind == SF:
                before, days = befores[target], dayses[target]
                late, early = days[before[late] - lag], days[before[early] - lag]
            if FS <= kind <= ENDS:
                ends = late if late < ends else ends
                held_end = early if early < held_end else held_end
            elif kind != BEGINS or start[node] == start[target]:
                begins = late if late < begins else begins
                held_begin = early if early < held_begin else held_begin
        if what == TODO:  # nearly all of them, so without a call
            before, days = befores[node], dayses[node]
            length, early = duration[node], place[node]
            latest, free = before[ends] - length, before[held_end] - length
            if begins < NEVER or held_begin < NEVER:
                latest = min(latest, before[begins + 1] - 1)
                free = min(free, before[held_begin + 1] - 1)
            free -= early
            late_start[node] = late_first[node] = days[latest]
            late_last[node] = late = days[latest + length - 1]
            late_finish[node] = late + 1
            total_float[node] = latest - early
            free_float[node] = free if free > 0 else 0
            free_start[node], free_finish[node] = start[node], finish[node]
        else:
            _RARER[what](columns, node, ends, begins, held_end, held_begin)
        if moved and was != _state(columns, node):
            moved(node)


def _state(columns: Columns, node: int) -> tuple[int, ...]:
    return (
        columns.late_start[node], columns.late_finish[node], columns.late_first[node], columns.late_last[node],
        columns.free_start[node], columns.free_finish[node], columns.total_float[node], columns.over[node],
    )  # fmt: skip


def _nothing(columns: Columns, node: int, ends: int, begins: int, held_end: int, held_begin: int) -> None:
    """What is done, or gone, is where it is and waits for nobody."""
    columns.late_start[node] = columns.late_finish[node] = NEVER
    columns.free_start[node] = columns.free_finish[node] = NEVER


def _pinned(columns: Columns, node: int, ends: int, begins: int, held_end: int, held_begin: int) -> None:
    """A task fixed by hand could be fixed later, as far as the plan is concerned."""
    before, days = columns.before[node], columns.days[node]
    length, early = columns.duration[node], columns.place[node]
    latest = min(before[ends] - length, before[begins + 1] - 1)
    free = min(before[held_end] - length, before[held_begin + 1] - 1)
    columns.late_start[node] = columns.late_first[node] = (
        days[latest] if latest != early else columns.start[node]
    )
    columns.late_last[node] = days[latest + length - 1]
    _keep(columns, node, columns.late_last[node] + 1, latest - early, free - early)


def _doing(columns: Columns, node: int, ends: int, begins: int, held_end: int, held_begin: int) -> None:
    """Work in progress has begun: only its finish may slip, and its start waits for nobody."""
    before, days = columns.before[node], columns.days[node]
    end = columns.place[node] + columns.duration[node]
    columns.late_start[node] = NEVER
    columns.late_last[node] = days[before[ends] - 1]
    columns.late_first[node] = min(columns.start[node], columns.late_last[node])
    _keep(columns, node, columns.late_last[node] + 1, before[ends] - end, before[held_end] - end)
    columns.free_start[node] = NEVER


def _milestone(columns: Columns, node: int, ends: int, begins: int, held_end: int, held_begin: int) -> None:
    """A point in time: its latest day is the last one worked on before its latest boundary, or its own."""
    before, days = columns.before[node], columns.days[node]
    at, shown, latest = columns.finish[node], columns.shown_last[node], min(ends, begins)
    total = before[latest] - before[at]
    if total:  # shown at its boundary, or on the day before
        shown = days[before[latest + (shown >= at)] - 1]
    columns.late_start[node] = latest
    columns.late_first[node] = columns.late_last[node] = shown
    _keep(columns, node, latest, total, before[min(held_end, held_begin)] - before[at])


def _keep(columns: Columns, node: int, late_finish: int, total: int, free: int) -> None:
    columns.late_finish[node] = late_finish
    columns.total_float[node], columns.free_float[node] = total, max(0, free)
    columns.free_start[node], columns.free_finish[node] = columns.start[node], columns.finish[node]


def _span(columns: Columns, node: int, ends: int, begins: int, held_end: int, held_begin: int) -> None:
    """A parent's end: its parts may last as long as what follows it lets them."""
    columns.late_start[node], columns.late_finish[node] = begins, ends
    columns.free_start[node], columns.free_finish[node] = held_begin, held_end


def _gate(columns: Columns, node: int, ends: int, begins: int, held_end: int, held_begin: int) -> None:
    """A parent's beginning: as late as its parts can bear, and what is told of the whole parent.

    Its float is that of its most pressing part; freely it slips as far as it moves nothing that follows it.
    """
    parts = [edge[1] for edge in columns.out[node]]
    columns.late_start[node] = columns.late_finish[node] = min([columns.late_start[part] for part in parts])
    columns.free_start[node] = columns.free_finish[node] = min([columns.free_start[part] for part in parts])
    columns.late_first[node] = min([columns.late_first[part] for part in parts])
    columns.late_last[node] = max([columns.late_last[part] for part in parts])
    unfinished = [columns.total_float[part] for part in parts if not columns.over[part]]
    columns.over[node] = not unfinished
    columns.total_float[node] = total = min(unfinished, default=0)
    span, before = node + 1, columns.before[node]
    free = before[columns.free_finish[span]] - before[columns.finish[span]]
    if columns.free_start[span] != NEVER:
        free = min(free, before[columns.free_start[span]] - before[columns.start[span]])
    columns.free_float[node] = max(0, min(total, free))


_RARER = {
    PINNED: _pinned,
    DOING: _doing,
    MILESTONE: _milestone,
    PINNED_MILESTONE: _milestone,
    SPAN: _span,
    GATE: _gate,
    DONE: _nothing,
    GONE: _nothing,
}
