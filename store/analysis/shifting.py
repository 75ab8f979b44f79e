"""What a shift of an item on the timeline writes: the fewest fields, so that what somebody promised stays promised.

A due day that only says how long the work takes moves with it; beside a duration of its own it is a deadline and stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from store.analysis.plan import MAX_DAY, MIN_DAY

if TYPE_CHECKING:
    from store.analysis.plan import Slot, Task

# Fields of `Task` with their new values.
Edit = dict[str, int | None]


class Days(Protocol):
    """Which days count."""

    def first_from(self, day: int) -> int:
        """Return the first working day from a day on."""

    def last_until(self, day: int) -> int:
        """Return the last working day up to a day."""

    def shift(self, day: int, n: int) -> int:
        """Return the working day so many working days later."""

    def count(self, first: int, last: int) -> int:
        """Return how many working days lie between two days, both included."""


def stepped(day: int, by: int, days: Days) -> int:
    """Return the day some calendar days away that is worked on: the next such day in the direction of the step."""
    wanted = min(max(day + by, MIN_DAY), MAX_DAY)
    return days.first_from(wanted) if by > 0 else days.last_until(wanted)


def moved(task: Task, slot: Slot | None, days: Days, *, to: int) -> Edit:
    """Return the edit that begins an item on a day, with its length as it is.

    An item without a slot is placed there.
    """
    to = days.first_from(min(max(to, MIN_DAY), MAX_DAY))
    if task.milestone:
        # A milestone has one day, whichever field says it.
        return {"due": to} if task.start is None and task.due is not None else {"start": to}
    if slot is None:
        return (
            {"start": to}
            if task.due is None or task.due >= to or task.duration
            else {"start": to, "due": None}
        )
    last = days.shift(to, max(slot.duration, 1) - 1)
    if task.start is None and task.due is not None:
        return {"due": last}
    if task.duration is None and task.due is not None:
        return {"start": to, "due": last}
    return {"start": to}


def stretched(task: Task, slot: Slot, days: Days, *, to: int) -> Edit:
    """Return the edit that ends an item on a day, never before it begins; a milestone is moved there."""
    if task.milestone:
        return moved(task, slot, days, to=to)
    to = max(days.last_until(min(max(to, MIN_DAY), MAX_DAY)), slot.start)
    if task.duration is None and task.due is not None and task.start is not None:
        return {"due": to}
    return {
        "start": slot.start if task.start is None else task.start,
        "duration": max(days.count(slot.start, to), 1),
    }


def pinned(task: Task, slot: Slot) -> Edit:
    """Return the edit that fixes an item where it stands, or lets it go."""
    if task.pinned:
        return {"pinned": 0}
    return {"pinned": 1, "start": slot.start}
