"""How many hours a day people have, and how many a task wants of them: what levelling and workload both go by."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.analysis.plan import Task

HOURS_A_WEEK = 40.0  # of a member of whom nothing else is said
HOURS_A_DAY = 8.0  # that go into a task of which nothing sensible is said
_USUAL_DAYS = 5  # of a week, where a calendar has no usual week
_WEEKS = 26  # looked at before a day and after it


class Calendar(Protocol):
    """The working days of somebody, by ordinals."""

    def is_working(self, day: int) -> bool:
        """Return whether the day is worked on."""


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


def hours_a_day(owner: str, capacities: Mapping[str, float], calendar: Calendar, day: int) -> float:
    """Return the hours somebody has on a working day: those of a week, spread over the days of a normal one."""
    hours = capacities.get(owner, HOURS_A_WEEK)
    return hours / days_a_week(calendar, day) if isfinite(hours) and hours > 0 else 0.0


def hours_wanted(task: Task, days: int) -> float:
    """Return the hours a day that go into a task of so many working days: its effort over its days, else as it says."""
    if task.effort is not None and days > 0 and isfinite(task.effort):
        return max(0.0, task.effort) / days
    return task.hours if isfinite(task.hours) and task.hours > 0 else HOURS_A_DAY
