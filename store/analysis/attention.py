"""Which items a check-in walks, each once and for its weightiest reason: what is late, at risk, or silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from store.analysis.plan import Slot, Task

# Why an item is looked at, the weightiest first.
LATE = "late"  # planned to end after the day it was promised for; days: how much later
BLOCKED = "blocked"  # somebody said what holds it up
OVERDUE_START = "overdue-start"  # its beginning has passed and nobody has begun; days: since when
SLIPPED = "slipped"  # it ends later than it did at the last review; days: how much later
SILENT = "silent"  # in progress, and nothing was written of it for a while; days: how long
CODES = (LATE, BLOCKED, OVERDUE_START, SLIPPED, SILENT)

SILENT_DAYS = 7  # calendar days without a word after which work in progress is asked about


class Attention(NamedTuple):
    """One item to ask about: why, and by how many days (calendar days for SILENT, working days otherwise)."""

    id: str
    code: str
    days: int = 0


class Days(Protocol):
    """Counts working days."""

    def count(self, first: int, last: int) -> int:
        """Return how many working days lie between two days, both included."""


def attention(
    tasks: Iterable[Task],
    slots: Mapping[str, Slot],
    today: int,
    *,
    days_of: Callable[[Task], Days],
    touched: Mapping[str, int],
    blocked: Collection[str] = (),
    before: Mapping[str, Slot] | None = None,
) -> list[Attention]:
    """Return what to ask about, the weightiest first.

    `touched` has the day on which anything of an item was written last, `before` where items lay at the last review.
    Parents are left out: their parts are asked about. So is what is done, and what has no place in the plan.
    """
    found = []
    for task in tasks:
        slot = slots.get(task.id)
        if slot is not None and task.state != "done" and not slot.is_parent:
            code, days = _why(task, slot, today, days_of(task), touched, blocked, (before or {}).get(task.id))
            if code:
                found.append(Attention(task.id, code, days))
    return sorted(found, key=lambda one: (CODES.index(one.code), -one.days, one.id))


def _why(
    task: Task,
    slot: Slot,
    today: int,
    days: Days,
    touched: Mapping[str, int],
    blocked: Collection[str],
    before: Slot | None,
) -> tuple[str, int]:
    if task.due is not None and slot.finish > task.due:
        return LATE, max(days.count(task.due + 1, slot.finish), 1)
    if task.id in blocked:
        return BLOCKED, 0
    if task.state == "todo" and slot.driver == "today" and task.start is not None and task.start < today:
        return OVERDUE_START, days.count(task.start, today - 1)
    if before is not None and slot.finish > before.finish:
        slipped = days.count(before.finish + 1, slot.finish)
        if slipped:
            return SLIPPED, slipped
    if task.state == "doing" and today - touched.get(task.id, today) >= SILENT_DAYS:
        return SILENT, today - touched[task.id]
    return "", 0
