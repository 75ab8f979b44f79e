"""How many hours a day people have, and how many a task wants of them: what levelling and workload both go by."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from store.analysis.plan import Slot, Task

HOURS_A_WEEK = 40.0  # of a member of whom nothing else is said
HOURS_A_DAY = 8.0  # that go into a task of which nothing sensible is said
_USUAL_DAYS = 5  # of a week, where a calendar has no usual week
_WEEKS = 26  # looked at before a day and after it


class Calendar(Protocol):
    """The working days of somebody, by ordinals."""

    def is_working(self, day: int) -> bool:
        """Return whether the day is worked on."""

    def count(self, first: int, last: int) -> int:
        """Return how many working days there are from the first to the last day, both included."""


def days_a_week(calendar: Calendar, day: int) -> int:
    """Return how many days a normal week has around a day: weekdays worked on in most weeks of the year.

    Holidays, make-up workdays and shorter absences do not change what is normal. Who works on no weekday most weeks
    has five.
    """
    first = day - day % 7 - 7 * _WEEKS
    weeks = range(first, first + 7 * (2 * _WEEKS + 1), 7)
    usual = sum(
        2 * sum(calendar.is_working(week + weekday) for week in weeks) > len(weeks) for weekday in range(7)
    )
    return usual or _USUAL_DAYS


def hours_a_day(hours_a_week: float, calendar: Calendar, day: int) -> float:
    """Return the hours of a working day: those of a week, spread over the days of a normal one around a day."""
    known = isfinite(hours_a_week) and hours_a_week > 0
    return hours_a_week / days_a_week(calendar, day) if known else 0.0


def hours_left(task: Task, slot: Slot, calendar: Calendar, today: int) -> float:
    """Return the hours still to be done of a task that is not done: what remains of it, if somebody said so.

    Else it is its effort, or its days times the hours a day that go into it; and of work in progress the share of its
    days that are left.
    """
    if task.remaining is not None and isfinite(task.remaining):
        return max(0.0, task.remaining)
    if task.effort is not None and isfinite(task.effort):
        hours = max(0.0, task.effort)
    else:
        hours = slot.duration * (task.hours if isfinite(task.hours) and task.hours > 0 else HOURS_A_DAY)
    if task.state != "doing":
        return hours
    left = calendar.count(max(slot.start, today), slot.finish)
    return hours * min(1.0, left / max(1, calendar.count(slot.start, slot.finish)))
