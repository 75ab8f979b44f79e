"""How many hours are planned week by week, on every member or department, against the hours they have.

The hours of a task are those that remain, where somebody said so; else its effort, else its days times the hours a day
that go into it, and of work in progress the share of the days that are left. They are spread evenly over the working
days of its slot from today on; what should be over already is work for the first working day. Members have the hours of
a week spread over the working days of a normal week of their calendar, so that a holiday or an absence takes its share
and a make-up workday adds one. A department has the hours of its members, and their work wherever it belongs; work that
nobody owns is the department's it belongs to. Weeks begin on Monday, and the present one today.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from store.analysis.calendars import working_calendar
from store.analysis.capacity import HOURS_A_WEEK, hours_a_day, hours_left

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Slot, Task

_MINUTE = 1 / 60  # hours; no more than that too much is none


class Member(NamedTuple):
    """Somebody who has hours: how many a week, in which calendar, in which department."""

    id: str
    hours: float = HOURS_A_WEEK
    calendar: str = ""
    department: str = ""


class Week(NamedTuple):
    """The hours of one member or department in one week, its Monday an ordinal; tasks with most hours come first."""

    who: str
    week: int
    planned: float
    capacity: float
    overloaded: bool
    tasks: tuple[tuple[str, float], ...]


class Workload(NamedTuple):
    """All weeks in which anybody has work, by who and week, and what the figures are blind to.

    `no_effort` are tasks whose hours are but guessed from their days, `no_owner` those that nobody does.
    """

    weeks: list[Week]
    no_effort: list[str]
    no_owner: list[str]


def workload(
    tasks: Mapping[str, Task],
    slots: Mapping[str, Slot],
    members: Iterable[Member],
    calendars: Mapping[str, WorkingCalendar],
    today: int,
    *,
    by: Literal["member", "department"] = "member",
    until: int | None = None,
) -> Workload:
    """Return the hours planned from today on, up to and including a day if one is given.

    Time goes with the weeks that tasks touch. Owners who are no members have forty hours, in the calendar of a task of
    theirs.
    """
    fallback = calendars.get("") or working_calendar()
    people = {member.id: member for member in members}
    no_effort: list[str] = []
    no_owner: list[str] = []
    planned: dict[tuple[str, int], dict[str, float]] = {}
    for ident in sorted(slots):
        task, slot = tasks[ident], slots[ident]
        if slot.is_parent or task.milestone or task.state == "done":
            continue
        if task.effort is None and task.remaining is None:
            no_effort.append(ident)
        if not task.owner:
            no_owner.append(ident)
        elif task.owner not in people:
            people[task.owner] = Member(task.owner, calendar=task.calendar, department=task.department)
        who = people[task.owner].department if task.owner else task.department
        if by == "member":
            who = task.owner
        if not who:
            continue
        calendar = calendars.get(task.calendar) or fallback
        for week, hours in _weekly(task, slot, calendar, today, until):
            planned.setdefault((who, week), {})[ident] = hours
    staff: dict[str, list[Member]] = {}
    for member in people.values():
        staff.setdefault(member.id if by == "member" else member.department, []).append(member)
    hours_of = weekly_hours(people.values(), calendars, today)
    weeks = []
    for (who, week), parts in sorted(planned.items()):
        total = sum(parts.values())
        capacity = sum(hours_of(member, week, until) for member in staff.get(who, ()))
        largest = tuple(sorted(parts.items(), key=lambda part: (-part[1], part[0])))
        weeks.append(Week(who, week, total, capacity, total > capacity + _MINUTE, largest))
    return Workload(weeks, no_effort, no_owner)


def weekly_hours(
    members: Iterable[Member], calendars: Mapping[str, WorkingCalendar], today: int
) -> Callable[[Member, int, int | None], float]:
    """Return what tells the hours a member has in a week, from today on, up to and including a day if one is given."""
    fallback = calendars.get("") or working_calendar()
    daily = {
        member.id: hours_a_day(member.hours, calendars.get(member.calendar) or fallback, today)
        for member in members
    }

    def hours(member: Member, week: int, until: int | None = None) -> float:
        calendar = calendars.get(member.calendar) or fallback
        last = week + 6 if until is None else min(week + 6, until)
        return daily[member.id] * calendar.count(max(week, today), last)

    return hours


def monday(day: int) -> int:
    """Return the Monday of a day's week."""
    return day - (day - 1) % 7


def _weekly(
    task: Task, slot: Slot, calendar: WorkingCalendar, today: int, until: int | None
) -> Iterable[tuple[int, float]]:
    """Yield the weeks a task has hours in, and these."""
    first = max(slot.start, today)
    last = max(slot.finish, calendar.first_from(first))
    hours = hours_left(task, slot, calendar, today)
    a_day = hours / max(1, calendar.count(first, last))
    end = last if until is None else min(last, until)
    for week in range(monday(first), end + 1, 7):
        days = calendar.count(max(week, first), min(week + 6, end))
        if days and a_day:
            yield week, a_day * days
