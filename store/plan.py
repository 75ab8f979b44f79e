"""The plan of a workspace: its items, dependencies and calendars, and the schedule that follows from them.

Dates are intent: what is written is when somebody means to begin, what they promised and how long it takes. Where the
work really lies follows from that, from what it waits for and from today, and is never written down, so it is never
out of date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store.analysis.schedule import Schedule, schedule
from store.plan_rows import plan_links, plan_tasks, working_calendars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Link, Slot, Task
    from store.analysis.shifting import Edit
    from store.database import Store

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
        return Plan({**self.tasks, **tasks}, kept, self.calendars, self.today, reckoned)

    def links_of(self, ent: str) -> Sequence[Link]:
        """Return the dependencies of an item, whichever end it is."""
        if self._linked is None:
            self._linked = {}
            for link in self.links:
                self._linked.setdefault(link.predecessor, []).append(link)
                self._linked.setdefault(link.successor, []).append(link)
        return self._linked.get(ent, ())


def _fields(edit: Edit) -> dict[str, Any]:
    return {name: bool(value) if name == "pinned" else value for name, value in edit.items()}


def read_plan(store: Store, today: int | None = None) -> Plan:
    """Return the plan as the store holds it now, reckoned from `today`, the store's own day when none is given."""
    tasks = plan_tasks(store)
    day = store.today().toordinal() if today is None else today
    return Plan({task.id: task for task in tasks}, plan_links(store), working_calendars(store, tasks), day)
