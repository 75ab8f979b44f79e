"""A plan as a project whose owners are resources: what levelling may move, what it has to leave, and who is in demand.

Tasks to do are activities on the working days of their calendar. Milestones, and the beginning and the end of parents,
are activities that take no time. What is done, in progress or fixed by hand is none: it takes hours of its owner, and
what waits for it may begin so much later. Where something waits for a parent's start, the parent's own date is waited
for and not the first of its parts: `levelling` looks again at what the schedule makes of it.

Hours are counted in whole seconds. What is left of a task (`capacity.hours_left`) is wanted of its owner in equal parts
on all its days; where owners do one task at a time it wants everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.analysis.capacity import HOURS_A_WEEK, hours_a_day, hours_left
from store.analysis.outline import in_range, related, sound_parents
from store.analysis.plan import LINK_TYPES, MAX_DAY, MAX_DURATION, MAX_LAG
from store.analysis.projects import EVERY_PERIOD, Activity, Project, Wait, topological_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Link, Slot, Task

_SECONDS = 3_600
_DUST = 1e-6  # what floating point leaves of a whole second


class Resourcing(NamedTuple):
    """The project of a plan, period 0 being today; `ids` names the activities that are tasks, which come first."""

    project: Project
    ids: list[str]


class Demand:
    """Who has how many seconds a day, and what every task takes of them where it stands."""

    def __init__(
        self,
        tasks: Mapping[str, Task],
        slots: Mapping[str, Slot],
        calendar: Callable[[str], WorkingCalendar],
        capacities: Mapping[str, float],
        today: int,
        *,
        one_at_a_time: bool,
    ) -> None:
        self.tasks = tasks
        self.calendar = calendar
        self.today = today
        self.seconds: dict[str, int] = {}  # that an owner has on a working day
        self.wanted: dict[str, int] = {}  # by a task, no more than its owner has
        self.short: list[str] = []  # tasks that want more of a day than their owner has of it
        for ident in sorted(slots):
            task, slot = tasks[ident], slots[ident]
            if not task.owner or slot.is_parent or task.milestone or task.state == "done":
                continue
            days = calendar(task.calendar)
            if task.owner not in self.seconds:
                hours = hours_a_day(capacities.get(task.owner, HOURS_A_WEEK), days, today)
                self.seconds[task.owner] = int(hours * _SECONDS + _DUST)
            offered = self.seconds[task.owner]
            hours = hours_left(task, slot, days, today) / max(
                1, days.count(max(slot.start, today), slot.finish)
            )
            wanted = offered if one_at_a_time else int(hours * _SECONDS + _DUST)
            if wanted > offered or not offered:
                self.short.append(ident)
            self.wanted[ident] = min(wanted, offered)

    def overloaded(self, slots: Mapping[str, Slot]) -> dict[str, list[int]]:
        """Return the days from today on, ascending, on which owners have more to do than hours, by owner."""
        load: dict[str, dict[int, int]] = {}
        for ident, seconds in self.wanted.items():
            if not seconds:
                continue
            task, slot = self.tasks[ident], slots[ident]
            days = load.setdefault(task.owner, {})
            for day in working_days(self.calendar(task.calendar), max(slot.start, self.today), slot.finish):
                days[day] = days.get(day, 0) + seconds
        found = {
            owner: sorted(day for day, seconds in days.items() if seconds > self.seconds[owner])
            for owner, days in load.items()
        }
        return {owner: days for owner, days in sorted(found.items()) if days}


def working_days(calendar: WorkingCalendar, first: int, last: int) -> Iterable[int]:
    """Yield the working days from the first to the last day."""
    day = calendar.first_from(first)
    while day <= last:
        yield day
        following = calendar.shift(day, 1)
        if following <= day:  # the end of all days
            return
        day = following


def is_movable(task: Task, slot: Slot) -> bool:
    """Return whether levelling may choose the days of an item: a task that is to do and not fixed by hand."""
    return not (
        slot.is_parent
        or task.milestone
        or _is_pinned(task)
        or task.state in ("done", "doing")
        or slot.finish >= MAX_DAY
    )


def _is_pinned(task: Task) -> bool:
    return task.pinned and (in_range(task.start) or in_range(task.due))


def resourcing(
    demand: Demand,
    slots: Mapping[str, Slot],
    links: Iterable[Link],
    horizon: int,
    releases: Mapping[str, int],
) -> Resourcing:
    """Return the project of a plan whose slots are known, up to so many days from today.

    `releases` are days that tasks were found unable to start before. `links` are those that hold, none of which closes
    a circle. Who has a single task to do and nothing else is no resource: they are never asked for more than they have.
    """
    return _Builder(demand, slots, horizon, releases).build(links)


class _Builder:
    def __init__(
        self, demand: Demand, slots: Mapping[str, Slot], horizon: int, releases: Mapping[str, int]
    ) -> None:
        self.demand = demand
        self.tasks = demand.tasks
        self.slots = slots
        self.origin = demand.today
        self.horizon = horizon
        self.held = releases
        self.ids = sorted(ident for ident in slots if is_movable(self.tasks[ident], slots[ident]))
        self.activities: list[Activity] = []
        self.begins: dict[str, int] = {}  # activity by item: where it starts, and where it finishes
        self.ends: dict[str, int] = {}
        self.waits: list[Wait] = []
        self.axes: dict[str, int] = {}
        self.parents = sound_parents(
            {ident: task.parent for ident, task in self.tasks.items() if task.parent in self.tasks}
        )

    def build(self, links: Iterable[Link]) -> Resourcing:
        resources, capacities = self.resources()
        for ident in self.ids:
            self.add_task(ident, resources)
        for ident in sorted(self.slots):
            slot, task = self.slots[ident], self.tasks[ident]
            if slot.is_parent:
                release = self.period(task.start) if in_range(task.start) else 0
                self.begins[ident] = self.add_point(release, None)
                self.ends[ident] = self.add_point(0, self.due(task))
            elif task.milestone and task.state != "done" and not _is_pinned(task):
                own = task.start if in_range(task.start) else task.due if in_range(task.due) else None
                self.begins[ident] = self.ends[ident] = self.add_point(self.period(own), self.due(task))
        for part, parent in sorted(self.parents.items()):
            if parent in self.begins:
                self.connect(parent, part, "SS", 0)
                self.connect(part, parent, "FF", 0)
        for link in sorted(links, key=lambda link: link.id):
            self.link(link)
        ordered = set(topological_order(len(self.activities), self.waits))
        waits = [wait for wait in self.waits if wait.predecessor in ordered and wait.successor in ordered]
        return Resourcing(
            Project(
                self.activities, waits, capacities, [self.axis(name) for name in self.axes], self.horizon
            ),
            self.ids,
        )

    def resources(self) -> tuple[dict[str, int], list[list[int]]]:
        """Return the number of every owner who is in demand, and their seconds left day by day."""
        moving: dict[str, int] = {}
        fixed: dict[str, list[str]] = {}
        for ident, seconds in self.demand.wanted.items():
            owner = self.tasks[ident].owner
            if ident in self.slots and seconds:
                if is_movable(self.tasks[ident], self.slots[ident]):
                    moving[owner] = moving.get(owner, 0) + 1
                else:
                    fixed.setdefault(owner, []).append(ident)
        scarce = [owner for owner, count in sorted(moving.items()) if count > 1 or owner in fixed]
        capacities = []
        for owner in scarce:
            most = self.demand.seconds[owner]
            taken: dict[int, int] = {}
            for ident in fixed.get(owner, ()):
                slot, calendar = self.slots[ident], self.demand.calendar(self.tasks[ident].calendar)
                for day in working_days(calendar, max(slot.start, self.origin), slot.finish):
                    period = day - self.origin
                    taken[period] = taken.get(period, 0) + self.demand.wanted[ident]
            length = max(taken, default=-1) + 1
            left = [max(0, most - taken.get(period, 0)) for period in range(length)]
            capacities.append([*left, most])
        return {owner: number for number, owner in enumerate(scarce)}, capacities

    def add_task(self, ident: str, resources: Mapping[str, int]) -> None:
        task, slot = self.tasks[ident], self.slots[ident]
        demands: tuple[tuple[int, int], ...] = ()
        if task.owner in resources and self.demand.wanted.get(ident):
            demands = ((resources[task.owner], self.demand.wanted[ident]),)
        # A day that merely follows from the one it is due may come earlier.
        own = task.start if in_range(task.start) else None
        release = max(self.period(own), self.period(self.held.get(ident)))
        axis = self.axes.setdefault(task.calendar, len(self.axes))
        planned = slot.start - self.origin
        number = self.add(Activity(slot.duration, demands, release, self.due(task), axis, max(0, planned)))
        self.begins[ident] = self.ends[ident] = number

    def add_point(self, release: int, due: int | None) -> int:
        # It moves with what it is a moment of, which is counted there.
        return self.add(Activity(0, release=release, due=due, planned=self.horizon))

    def add(self, activity: Activity) -> int:
        self.activities.append(activity)
        return len(self.activities) - 1

    def period(self, day: int | None) -> int:
        return min(max(0, (day or 0) - self.origin), self.horizon)

    def due(self, task: Task) -> int | None:
        """Return the boundary a task was promised for; one that is past counts its lateness from today."""
        if task.due is None or not in_range(task.due):
            return None
        return max(0, task.due + 1 - self.origin)

    def axis(self, name: str) -> list[int]:
        days = working_days(self.demand.calendar(name), self.origin, self.origin + self.horizon - 1)
        return [day - self.origin for day in days]

    def link(self, link: Link) -> None:
        first, then = link.predecessor, link.successor
        if first not in self.slots or then not in self.slots or related(first, then, self.parents):
            return
        kind = link.type if link.type in LINK_TYPES else "FS"
        if self.slots[then].is_parent and kind in ("FF", "SF"):
            return  # a parent's parts decide its finish
        self.connect(first, then, kind, max(-MAX_LAG, min(link.lag, MAX_LAG)))

    def connect(self, first: str, then: str, kind: str, lag: int) -> None:
        """Let one item wait for another; for what has its place already, by a date."""
        target = (self.begins if kind[1] == "S" else self.ends).get(then)
        if target is None:
            return
        source = (self.begins if kind[0] == "S" else self.ends).get(first)
        activity = self.activities[target]
        if lag and activity.axis == EVERY_PERIOD:  # a lag needs days that count
            axis = self.axes.setdefault(self.tasks[then].calendar, len(self.axes))
            activity = self.activities[target] = activity._replace(axis=axis)
        if source is not None:
            self.waits.append(Wait(source, target, kind, lag))
            return
        slot = self.slots[first]
        boundary = slot.start if kind[0] == "S" else slot.finish + 1 - (self.tasks[first].milestone)
        steps = max(-MAX_DURATION, lag - (activity.duration if kind[1] == "F" else 0))
        calendar = self.demand.calendar(self.tasks[then].calendar)
        # The schedule lets nothing lie in the past, so what is waited for before today holds nobody back.
        day = calendar.shift(boundary, steps) if steps or activity.axis != EVERY_PERIOD else boundary
        if day > self.origin:
            self.activities[target] = activity._replace(release=max(activity.release, self.period(day)))
