"""What an item says of its own days, as numbers a schedule can be reckoned from, and what is wrong with it.

Nothing given makes this fail: a date no plan holds counts as none, a length beyond its bound is cut to it, and both are
said.
"""

from __future__ import annotations

from math import ceil, isfinite
from typing import TYPE_CHECKING

from store.analysis import columns as col
from store.analysis.calendars import ORIGIN
from store.analysis.plan import (
    END_BEFORE_START,
    MAX_DAY,
    MAX_DURATION,
    MIN_DAY,
    OUT_OF_RANGE,
    Problem,
)

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable

    from store.analysis.columns import Columns
    from store.analysis.plan import Task

_HOURS = 8.0
_DUST = 1e-9  # what floating point leaves of 24 hours after three days of eight


def read(columns: Columns, nodes: Iterable[tuple[int, Task]], today: int) -> None:
    """Fill in what is given of these nodes; `today` is counted from the calendar's origin."""
    mode, befores, over, dues = columns.mode, columns.before, columns.over, columns.due
    bases, words, durations = columns.base, columns.word, columns.duration
    for node, task in nodes:
        parent = mode[node] == col.GATE or mode[node] == col.SPAN
        # Nearly all say no more than this, so it is read without a call for each thing that might be said.
        length = 0 if parent else _plain_length(task)
        if length:
            before, start = befores[node], task[1]
            place, word = before[today], col.TODAY
            if start is not None and before[start - ORIGIN] >= place:
                place, word = before[start - ORIGIN], col.OWN
            mode[node], bases[node], words[node] = col.TODO, place, word
            over[node], dues[node], durations[node] = False, col.NEVER, length
            continue
        problems: list[Problem] = []
        if parent:
            _read_parent(columns, node, task, problems)
        else:
            _read_task(columns, node, task, today, problems)
        if problems:
            columns.problems[node] = tuple(problems)


def _plain_length(task: Task) -> int:
    """Return how long a task takes that says this, perhaps from when on, nothing else and nothing wrong; else 0."""
    _, start, due, duration, _, _, state, _, milestone, pinned = task[:10]
    if due is not None or state != "todo" or milestone or pinned or type(duration) is not int:
        return 0
    in_bounds = 0 < duration <= MAX_DURATION and (start is None or MIN_DAY <= start <= MAX_DAY)
    return duration if in_bounds else 0


def _read_parent(columns: Columns, node: int, task: Task, problems: list[Problem]) -> None:
    start, due = _dates(task, problems)
    if columns.mode[node] == col.GATE:
        columns.base[node] = start or 0
        columns.word[node] = col.PARENT if start else col.TODAY
    else:
        columns.due[node] = due or col.NEVER
        columns.over[node] = task.state == "done"
        problems.clear()  # the gate has told them


def _read_task(columns: Columns, node: int, task: Task, today: int, problems: list[Problem]) -> None:
    before, days = columns.before[node], columns.days[node]
    start, due = (None, None) if task.start is task.due is None else _dates(task, problems)
    length = _length(task, start, due, before, problems)
    own = start
    if own is None and due is not None:
        own = due if task.milestone else days[before[due + 1] - length]
    columns.due[node] = due or col.NEVER
    columns.duration[node] = length
    columns.over[node] = task.state == "done"
    if task.state == "done":
        _read_done(columns, node, task, today, start, due, problems)
    elif task.milestone:
        fixed = task.pinned and own is not None
        columns.mode[node] = col.PINNED_MILESTONE if fixed else col.MILESTONE
        base, columns.word[node] = days[before[today]], col.TODAY
        if own is not None and (fixed or own >= today):
            base, columns.word[node] = own, col.PIN if fixed else col.OWN
        columns.base[node] = base
    elif task.state == "doing":
        _read_doing(columns, node, task, today, own, length, problems)
    elif task.pinned and own is not None:
        columns.mode[node] = col.PINNED
        columns.base[node], columns.word[node] = own, col.PIN
    else:
        columns.mode[node] = col.TODO
        place, columns.word[node] = before[today], col.TODAY
        if own is not None and before[own] >= place:
            place, columns.word[node] = before[own], col.OWN
        columns.base[node] = place


def _read_doing(
    columns: Columns, node: int, task: Task, today: int, own: int | None, length: int, problems: list[Problem]
) -> None:
    """Work in progress began on its own day, or today where that lies ahead, and ends today at the earliest."""
    before = columns.before[node]
    begun = own is not None and own <= today
    columns.mode[node] = col.DOING
    columns.word[node] = col.OWN if begun else col.TODAY
    place = before[own] if begun and own is not None else before[today]
    columns.base[node] = place
    left = _days_of(task.id, "remaining", task.remaining, task.hours, problems)
    columns.fixed_end[node] = before[today] + left if left else max(place + length, before[today] + 1)


def _read_done(
    columns: Columns,
    node: int,
    task: Task,
    today: int,
    start: int | None,
    due: int | None,
    problems: list[Problem],
) -> None:
    """What is done is where it was: its finish is known, its start by its own date or its length."""
    before, days, length = columns.before[node], columns.days[node], columns.duration[node]
    last = _day(task.id, "finished", task.finished, problems) or due or start or days[before[today] - 1]
    if task.milestone:
        first = last
        starts = ends = last if last == (start or due) else last + 1
    else:
        ends = last + 1
        first = starts = (
            start if start is not None and start <= last else min(days[before[ends] - length], last)
        )
        columns.duration[node] = max(1, before[ends] - before[starts])
    columns.mode[node] = col.DONE
    columns.why[node] = col.FINISHED
    columns.start[node], columns.finish[node] = starts, ends
    columns.shown_first[node], columns.shown_last[node] = first, last
    columns.late_first[node], columns.late_last[node] = first, last
    columns.open_finish[node] = columns.total_float[node] = columns.free_float[node] = 0


def _dates(task: Task, problems: list[Problem]) -> tuple[int | None, int | None]:
    start, due = task.start, task.due
    if start is not None:
        start = _day(task.id, "start", start, problems)
    if due is not None:
        due = _day(task.id, "due", due, problems)
        if due is not None and start is not None and due < start:
            problems.append(Problem(END_BEFORE_START, task.id))
    return start, due


def _day(ident: str, field: str, day: int | None, problems: list[Problem]) -> int | None:
    if day is None:
        return None
    if MIN_DAY <= day <= MAX_DAY:
        return day - ORIGIN
    problems.append(Problem(OUT_OF_RANGE, ident, field))
    return None


def _length(
    task: Task, start: int | None, due: int | None, before: array[int], problems: list[Problem]
) -> int:
    """Return how many working days a task takes: as said, as its dates have it, as its effort has it, or one."""
    if task.milestone:
        return 0
    if task.duration is not None:
        if type(task.duration) is int and 0 < task.duration <= MAX_DURATION:
            return task.duration
        return _days_of(task.id, "duration", task.duration, 1.0, problems) or 1
    if start is not None and due is not None and start <= due:
        return _bounded(task.id, "due", before[due + 1] - before[start], problems)
    if task.effort is not None:
        return _days_of(task.id, "effort", task.effort, task.hours, problems) or 1
    return 1


def _days_of(ident: str, field: str, amount: float | None, a_day: float, problems: list[Problem]) -> int:
    """Return the whole days an amount takes, one at least; 0 where none is given that can be counted."""
    if amount is None:
        return 0
    if not (isfinite(a_day) and a_day > 0):
        a_day = _HOURS
    days = amount / a_day
    if not isfinite(days):
        problems.append(Problem(OUT_OF_RANGE, ident, field))
        return 0
    return _bounded(ident, field, ceil(days - _DUST), problems)


def _bounded(ident: str, field: str, days: int, problems: list[Problem]) -> int:
    if days > MAX_DURATION:
        problems.append(Problem(OUT_OF_RANGE, ident, field))
        return MAX_DURATION
    return max(1, days)
