"""What became of a plan: the plan as it was against the plan as it is, item by item, by department, and why.

All differences are working days in the calendar of the item, positive when later. A department's figures are those of
items that were open then and are in both plans; parents are left out of them, since they span their parts.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.calendars import working_calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Slot, Task


class Plan(NamedTuple):
    """A plan at a moment: what its items said, when they were to happen, and when all is over."""

    tasks: Mapping[str, Task]
    slots: Mapping[str, Slot]
    finish: int | None


class Difference(NamedTuple):
    """An item of both plans: its days then and now, and by how many working days they differ."""

    id: str
    title: str
    department: str
    was_start: int
    was_finish: int
    start: int
    finish: int
    start_days: int
    finish_days: int
    is_parent: bool


class Drift(NamedTuple):
    """How far the work of a department has drifted: working days of its finishes, and the item that drifted most."""

    department: str
    items: int
    later: int
    earlier: int
    total: int
    median: float
    worst: int
    worst_item: str


class Variance(NamedTuple):
    """A plan against its baseline.

    `differences` has every item of both plans, the one that drifted latest first. `added` and `removed` are items of
    one of them only, `finished` those that were open then and are done. `finish_days` is the drift of the whole plan,
    None where one of the two has no finish.
    """

    differences: list[Difference]
    added: list[str]
    removed: list[str]
    finished: list[str]
    departments: list[Drift]
    was_finish: int | None
    finish: int | None
    finish_days: int | None


class Cause(NamedTuple):
    """A reason for change: how often it was given, the days it cost, its share, and that of all up to it."""

    reason: str
    times: int
    days: int
    share: float
    cumulative: float


def compare(before: Plan, now: Plan, calendars: Mapping[str, WorkingCalendar]) -> Variance:
    """Return what changed between two plans; of an item in both, what it says now is told."""
    fallback = calendars.get("") or working_calendar()
    differences = []
    finished = []
    drifted: dict[str, list[Difference]] = {}
    for ident in sorted(before.slots.keys() & now.slots.keys()):
        was, slot, task = before.slots[ident], now.slots[ident], now.tasks[ident]
        calendar = calendars.get(task.calendar) or fallback
        difference = Difference(
            ident,
            task.title,
            task.department,
            was.start,
            was.finish,
            slot.start,
            slot.finish,
            working_days_between(calendar, was.start - 1, slot.start - 1),
            working_days_between(calendar, was.finish, slot.finish),
            slot.is_parent,
        )
        differences.append(difference)
        if before.tasks[ident].state != "done":
            if task.state == "done":
                finished.append(ident)
            if not slot.is_parent:
                drifted.setdefault(task.department, []).append(difference)
    differences.sort(key=lambda one: (-one.finish_days, -one.start_days, one.id))
    finish_days = None
    if before.finish is not None and now.finish is not None:
        finish_days = working_days_between(fallback, before.finish, now.finish)
    return Variance(
        differences,
        sorted(now.slots.keys() - before.slots.keys()),
        sorted(before.slots.keys() - now.slots.keys()),
        finished,
        sorted((_drift(*each) for each in drifted.items()), key=lambda one: (-one.total, one.department)),
        before.finish,
        now.finish,
        finish_days,
    )


def working_days_between(calendar: WorkingCalendar, first: int, last: int) -> int:
    """Return how many working days come after the first day up to the last, negative where that one is earlier."""
    if last >= first:
        return calendar.count(first + 1, last)
    return -calendar.count(last + 1, first)


def pareto(reasons: Iterable[tuple[str, int]]) -> list[Cause]:
    """Return the reasons for change, those that cost most days first, given each with the days something moved.

    Days that were gained cost nothing. Where no days are known shares are those of how often a reason was given.
    """
    counts: dict[str, int] = {}
    costs: dict[str, int] = {}
    for reason, days in reasons:
        counts[reason] = counts.get(reason, 0) + 1
        costs[reason] = costs.get(reason, 0) + max(0, days)
    weights = costs if any(costs.values()) else counts
    total = sum(weights.values())
    order = sorted(counts, key=lambda reason: (-weights[reason], -counts[reason], reason))
    causes = []
    reached = 0
    for reason in order:
        reached += weights[reason]
        causes.append(Cause(reason, counts[reason], costs[reason], weights[reason] / total, reached / total))
    return causes


def _drift(department: str, differences: list[Difference]) -> Drift:
    days = [one.finish_days for one in differences]
    worst = min(differences, key=lambda one: (-one.finish_days, one.id))
    return Drift(
        department,
        len(days),
        sum(each > 0 for each in days),
        sum(each < 0 for each in days),
        sum(days),
        median(days),
        worst.finish_days,
        worst.id,
    )
