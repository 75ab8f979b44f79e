"""The plan of a workspace: its items, dependencies and calendars, and the schedule that follows from them.

Dates are intent: what is written is when somebody means to begin, what they promised and how long it takes. Where the
work really lies follows from that, from what it waits for and from today, and is never written down, so it is never
out of date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store.analysis.schedule import Schedule, schedule
from store.database import open_store
from store.plan_rows import (
    first_tasks,
    have_parts,
    plan_links,
    plan_tasks,
    some_links,
    some_tasks,
    working_calendars,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Link, Slot, Task
    from store.analysis.shifting import Edit
    from store.changes import ChangeSet
    from store.database import Store

WHOLE = ("day", "absence", "member", "department", "status", "workspace")  # kinds that may move everything
MOST_LOCAL = 200  # rows touched up to which they are read one by one
MOST_COMING = 20  # and so many that were no part of the plan, each of which looks at all of it
SMALL = 500  # planned items up to which reading the whole plan keeps no key waiting; a larger one is read by a thread
WORKSPACE = ""  # the key of the workspace's own calendar


class Plan:
    """Tasks, links, calendars and the schedule, as of one moment."""

    def __init__(
        self,
        tasks: Mapping[str, Task],
        links: list[Link],
        calendars: Mapping[str, WorkingCalendar],
        today: int,
        reckoned: Schedule | None = None,
    ) -> None:
        self.tasks = tasks
        self.links = links
        self.calendars = calendars
        self.today = today
        self._linked: dict[str, list[Link]] | None = None
        self.schedule = reckoned or schedule(list(tasks.values()), links, calendars, today)

    @property
    def slots(self) -> Mapping[str, Slot]:
        """Where each task lies, by id."""
        return self.schedule.slots

    def calendar(self, task: Task | None) -> WorkingCalendar:
        """Return the calendar a task's days are counted in, the workspace's for none."""
        found = self.calendars.get(task.calendar) if task is not None else None
        return found or self.calendars[WORKSPACE]

    def edited(
        self, edits: Mapping[str, Edit], more: Iterable[Link] = (), fewer: Iterable[Link] = ()
    ) -> Plan:
        """Return the plan that edits by task and other links would make; this one stays as it is.

        Costs what the edits can reach, not the size of the plan.
        """
        tasks = {
            ent: self.tasks[ent]._replace(**_fields(edit)) for ent, edit in edits.items() if ent in self.tasks
        }
        links: dict[str, Link | None] = dict.fromkeys((link.id for link in fewer), None)
        links.update((link.id, link) for link in more)
        reckoned, _moved = self.schedule.rescheduled(tasks, links)
        kept = self.links
        if links:
            kept = [link for link in self.links if link.id not in links]
            kept += [link for link in links.values() if link is not None]
        made = Plan({**self.tasks, **tasks}, kept, self.calendars, self.today, reckoned)
        if not links:
            made._linked = self._by_item()
        return made

    def links_of(self, ent: str) -> Sequence[Link]:
        """Return the dependencies of an item, whichever end it is."""
        return self._by_item().get(ent, ())

    def _by_item(self) -> dict[str, list[Link]]:
        if self._linked is None:
            self._linked = {}
            for link in self.links:
                self._linked.setdefault(link.predecessor, []).append(link)
                self._linked.setdefault(link.successor, []).append(link)
        return self._linked


def _fields(edit: Edit) -> dict[str, Any]:
    return {name: bool(value) if name == "pinned" else value for name, value in edit.items()}


def read_plan(store: Store, today: int | None = None) -> Plan:
    """Return the plan as the store holds it now, reckoned from `today`, the store's own day when none is given."""
    links = plan_links(store)
    return _made(store, plan_tasks(store, links), links, today)


def read_plan_of(home: str, today: int) -> Plan:
    """Return the plan of a home, read on a connection of its own: for a thread beside an open app."""
    store = open_store(home)
    try:
        return read_plan(store, today)
    finally:
        store.close()


def first_plan(store: Store, limit: int) -> Plan:
    """Return a plan of the first items alone, by department and day, without what they wait for.

    It has what a screen shows at first of a large plan, at the price of a screen; where the work really lies is known
    when the whole is read.
    """
    return _made(store, first_tasks(store, limit), [], None)


def _made(store: Store, tasks: list[Task], links: list[Link], today: int | None) -> Plan:
    day = store.today().toordinal() if today is None else today
    return Plan({task.id: task for task in tasks}, links, working_calendars(store, tasks), day)


def every_calendar(store: Store, plan: Plan) -> dict[str, WorkingCalendar]:
    """Return the calendars of a plan, and of members who have no work in it."""
    return {**working_calendars(store), **plan.calendars}


def replanned(store: Store, plan: Plan, changes: ChangeSet) -> Plan | None:
    """Return the plan after a commit, at the price of what the commit touched; None where the whole is to be read.

    What comes out is what `read_plan` would give.
    """
    items, links = changes.ids("item"), changes.ids("dependency")
    if changes.touches(*WHOLE) or len(items) + len(links) > MOST_LOCAL:
        return None
    found = {link.id: link for link in some_links(store, links)}
    kept = plan.links
    ends = {end for link in found.values() for end in (link.predecessor, link.successor)}
    if links:
        gone = [link for link in plan.links if link.id in links]
        ends |= {end for link in gone for end in (link.predecessor, link.successor)}
        kept = sorted([*(link for link in plan.links if link.id not in links), *found.values()])
    tasks = _retold(store, plan, items)
    if tasks is None:
        return None
    for end in ends:  # a link may draw an item into the plan, or let it go
        task = tasks.get(end, plan.tasks.get(end))
        if task is None or not _dated(task):
            return None
    edited: dict[str, Link | None] = {ent: found.get(ent) for ent in links}
    reckoned, _moved = plan.schedule.rescheduled(tasks, edited)
    after = {**plan.tasks, **{ent: task for ent, task in tasks.items() if task is not None}}
    for ent, task in tasks.items():
        if task is None:
            after.pop(ent, None)
    return Plan(after, kept, plan.calendars, plan.today, reckoned)


class _Anything:
    """Has everything in it: the parents of items that are read against it are told as they are."""

    def __contains__(self, _ident: object) -> bool:
        return True


def _retold(store: Store, plan: Plan, items: Collection[str]) -> dict[str, Task | None] | None:
    """Return what a commit made of these items, None for one that left the plan; what was never in it is left out.

    Returns None where others come or go with them: a part draws what it is a part of into the plan, and what is part of
    something that leaves the plan stands by itself.
    """
    read = {task.id: task for task in some_tasks(store, items, _Anything())}
    unknown = {task.parent for task in read.values() if task.parent and task.parent not in plan.tasks}
    if unknown and some_tasks(store, unknown, ()):
        return None
    fresh = {ent for ent in items if ent not in plan.tasks}
    if len(fresh) > MOST_COMING:
        return None
    if fresh & read.keys() and have_parts(store, fresh & read.keys()):
        return None
    found: dict[str, Task | None] = {}
    for ent in items:
        task, was = read.get(ent), plan.tasks.get(ent)
        if task is not None and task.parent in unknown:
            task = task._replace(parent="")  # of something in the trash
        if task is not None and (task.calendar not in plan.calendars or (was and task.parent != was.parent)):
            return None
        if task is not None and _dated(task):
            found[ent] = task
        elif was is not None and (_dated(was) or task is None):
            if was.parent or plan.links_of(ent) or have_parts(store, [ent]):
                return None
            found[ent] = None
        elif task is not None and was is not None:
            found[ent] = task  # a link or a part keeps it in the plan, as before
        elif task is not None and plan.links_of(ent):
            return None
    return found


def _dated(task: Task) -> bool:
    return task.start is not None or task.due is not None or task.duration is not None
