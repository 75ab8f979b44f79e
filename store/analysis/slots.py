"""From a plan's columns to what everybody else reads: each item's slot, and when the plan ends."""

from __future__ import annotations

from functools import partial
from itertools import compress, repeat
from typing import TYPE_CHECKING

from store.analysis.calendars import ORIGIN
from store.analysis.columns import DONE, GATE, GONE, SPAN
from store.analysis.plan import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.analysis.columns import Columns

_slot = partial(tuple.__new__, Slot)  # half the time of Slot(...), and there are many


def plan_finish(columns: Columns) -> int:
    """Return the boundary that late days are measured against: the latest finish of what is not done."""
    return max(columns.open_finish, default=0)


def slots_of(columns: Columns) -> dict[str, Slot]:
    """Return the slots of all tasks and parents."""
    # As long as tasks come first, which they do where nothing was added later, their columns go in at one stroke.
    count = next((node for node, mode in enumerate(columns.mode) if mode >= SPAN), len(columns.mode))
    totals = columns.total_float[:count]
    rows = zip(
        _days(columns.shown_first[:count]),
        _days(columns.shown_last[:count]),
        _days(columns.late_first[:count]),
        _days(columns.late_last[:count]),
        totals,
        columns.free_float,
        [total <= 0 and not over for total, over in zip(totals, columns.over, strict=False)],
        columns.why,
        columns.duration,
        repeat(False),
        strict=False,
    )
    slots = dict(zip(columns.ids, map(_slot, rows), strict=False))
    for node in range(count, len(columns.mode)):
        if columns.mode[node] not in (SPAN, GONE):
            slots[columns.ids[node]] = slot_of(columns, node)
    return slots


def _days(numbers: list[int]) -> list[int]:
    return [ORIGIN + number for number in numbers]


def slot_of(columns: Columns, node: int) -> Slot:
    """Return the slot of a task by its node, or of a parent by its gate."""
    is_parent = columns.mode[node] == GATE
    shown = node + is_parent  # a parent's days are those of its span
    total = columns.total_float[node]
    return Slot(
        ORIGIN + columns.shown_first[shown],
        ORIGIN + columns.shown_last[shown],
        ORIGIN + columns.late_first[node],
        ORIGIN + columns.late_last[node],
        total,
        columns.free_float[node],
        total <= 0 and not columns.over[node],
        columns.why[shown],
        columns.duration[shown],
        is_parent,
    )


def moved_among(was: dict[str, Slot], now: dict[str, Slot], idents: Iterable[str]) -> set[str]:
    """Return which of these items have other days, or came or went; slots that are equal become the same again."""
    moved = set()
    for ident in idents:
        old, new = was.get(ident), now.get(ident)
        if old is None or new is None:
            if old is not new:
                moved.add(ident)
        elif old == new:
            now[ident] = old
        elif old[:2] != new[:2]:
            moved.add(ident)
    return moved


def last_day(columns: Columns) -> int | None:
    """Return the last day of what is not done, or of everything when all is."""
    last = max(compress(columns.shown_last, columns.open_finish), default=None)
    if last is None:
        done = (day for day, mode in zip(columns.shown_last, columns.mode, strict=True) if mode == DONE)
        last = max(done, default=None)
    return None if last is None else ORIGIN + last
