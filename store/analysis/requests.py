"""What granting a request for hours would do: to the one who gives them, and what each department has left then.

A request is work like any other: its hours are spread evenly over the working days of its span, as
`store.analysis.workload` spreads those of a task. One without an end takes the week of its first day, one without
either begins today.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.analysis.calendars import calendar_called
from store.analysis.loads import Load, loads
from store.analysis.plan import MAX_DAY, MIN_DAY, Slot, Task
from store.analysis.workload import monday

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.workload import Member

MOST_WEEKS = 12
_LAST = 6  # days after the first, where no last one is said
_MARK = "request "  # begins the ids of requests among those of tasks


class Asked(NamedTuple):
    """A request as far as it is reckoned with: days are ordinals, `item` what the hours are for."""

    id: str
    hours: float | None
    first: int | None = None
    last: int | None = None
    item: str = ""
    member: str = ""


class Preview(NamedTuple):
    """The weeks of a request for one member: as they are, with it, and with the whole item it is for.

    `with_item` is None where there is no such item in the plan, or it is the member's already. `free` are the hours
    left by department, week by week, before it is granted.
    """

    now: list[Load]
    granted: list[Load]
    with_item: list[Load] | None
    free: dict[str, list[float]]

    @property
    def overloaded(self) -> list[int]:
        """The weeks that are too much with it and were not without."""
        return [
            after.week
            for before, after in zip(self.now, self.granted, strict=True)
            if after.overloaded and not before.overloaded
        ]


def span_of(asked: Asked, today: int) -> tuple[int, int]:
    """Return the first and the last day of a request, whatever of them was said; the last is not before the first."""
    first = asked.first if asked.first is not None else min(today, asked.last or today)
    first = min(max(first, MIN_DAY), MAX_DAY - _LAST)
    last = asked.last if asked.last is not None else first + _LAST
    return first, min(max(last, first), MAX_DAY)


def weeks_of(asked: Asked, today: int, calendar: WorkingCalendar) -> list[int]:
    """Return the Mondays a request touches from today on, at most a quarter of them.

    Hours that are asked for free days alone, or for days that are over, are work for the next working day: its week is
    among them.
    """
    first, last = span_of(asked, today)
    first = max(first, today)
    last = max(last, calendar.first_from(first))
    return list(range(monday(first), last + 1, 7))[:MOST_WEEKS]


def as_work(
    asked: Asked, who: str, calendar: str, calendars: Mapping[str, WorkingCalendar], today: int
) -> tuple[Task, Slot] | None:
    """Return the task that a request would be for a member, and where it lies; None for one without hours."""
    if not asked.hours or asked.hours <= 0:
        return None
    first, last = span_of(asked, today)
    counted = calendars.get(calendar) or calendars.get("")
    days = counted.count(first, last) if counted is not None else last - first + 1
    task = Task(_MARK + asked.id, first, last, effort=asked.hours, owner=who, calendar=calendar)
    return task, Slot(first, last, first, last, 0, 0, critical=False, driver="own", duration=days)


def preview(
    tasks: Mapping[str, Task],
    slots: Mapping[str, Slot],
    members: Iterable[Member],
    calendars: Mapping[str, WorkingCalendar],
    today: int,
    asked: Asked,
    who: str,
    others: Iterable[Asked] = (),
) -> Preview:
    """Return what granting a request to a member does; `others` were granted already, and count before and after."""
    members = list(members)
    calendar_of = {member.id: member.calendar for member in members}
    weeks = weeks_of(asked, today, calendar_called(calendars, calendar_of.get(who, "")))
    tasks, slots = dict(tasks), dict(slots)
    for other in others:
        giver = other.member
        # Hours for an item of one's own are in the item already.
        if other.id == asked.id or not giver or (other.item in tasks and tasks[other.item].owner == giver):
            continue
        _add(tasks, slots, as_work(other, giver, calendar_of.get(giver, ""), calendars, today))

    def of_member(tasks: Mapping[str, Task], slots: Mapping[str, Slot]) -> list[Load]:
        table = loads(tasks, slots, members, calendars, today, first=weeks[0], weeks=len(weeks))
        return table.get(who) or [Load(week, 0.0, 0.0, overloaded=False) for week in weeks]

    left = loads(tasks, slots, members, calendars, today, by="department", first=weeks[0], weeks=len(weeks))
    free = {department: [load.free for load in row] for department, row in left.items()}
    now = of_member(tasks, slots)
    work = as_work(asked, who, calendar_of.get(who, ""), calendars, today)
    more, at = dict(tasks), dict(slots)
    _add(more, at, work)
    granted = of_member(more, at)
    with_item = None
    item = tasks.get(asked.item)
    if item is not None and item.owner != who and asked.item in slots and item.state != "done":
        with_item = of_member({**tasks, item.id: item._replace(owner=who)}, slots)
    return Preview(now, granted, with_item, free)


def _add(tasks: dict[str, Task], slots: dict[str, Slot], work: tuple[Task, Slot] | None) -> None:
    if work is not None:
        tasks[work[0].id], slots[work[0].id] = work
