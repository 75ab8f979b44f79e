"""Who has how much to do in the weeks to come: every member or department, the weeks without work too.

The hours are those of `store.analysis.workload`, week by week, so that a list says what a chart says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from store.analysis.workload import monday, weekly_hours, workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Slot, Task
    from store.analysis.workload import Member

WEEKS = 8


class Load(NamedTuple):
    """One week of somebody: its Monday an ordinal, hours planned and had, what takes most of them first."""

    week: int
    planned: float
    capacity: float
    overloaded: bool
    tasks: tuple[tuple[str, float], ...] = ()

    @property
    def free(self) -> float:
        """The hours that are left, 0 where there are none."""
        return max(self.capacity - self.planned, 0.0)


def loads(
    tasks: Mapping[str, Task],
    slots: Mapping[str, Slot],
    members: Iterable[Member],
    calendars: Mapping[str, WorkingCalendar],
    today: int,
    *,
    by: Literal["member", "department"] = "member",
    first: int | None = None,
    weeks: int = WEEKS,
) -> dict[str, list[Load]]:
    """Return so many weeks from the one of a day on, today's if none is given, of everybody who has hours or work."""
    members = list(members)
    start = monday(max(today if first is None else first, today))
    span = [start + 7 * number for number in range(weeks)]
    found = workload(tasks, slots, members, calendars, today, by=by, until=span[-1] + 6)
    hours_of = weekly_hours(members, calendars, today)
    capacity: dict[tuple[str, int], float] = {}
    who: dict[str, None] = {}
    for member in members:
        name = member.id if by == "member" else member.department
        if not name:
            continue
        who.setdefault(name)
        for week in span:
            key = (name, week)
            capacity[key] = capacity.get(key, 0.0) + hours_of(member, week, None)
    planned = {(week.who, week.week): week for week in found.weeks if week.week >= start}
    who.update(dict.fromkeys(week.who for week in planned.values()))
    table: dict[str, list[Load]] = {}
    for name in who:
        row = table[name] = []
        for week in span:
            known = planned.get((name, week))
            if known is None:
                row.append(Load(week, 0.0, capacity.get((name, week), 0.0), False))
            else:
                row.append(Load(week, known.planned, known.capacity, known.overloaded, known.tasks))
    return table
