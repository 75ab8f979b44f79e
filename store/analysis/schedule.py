"""When everything happens, how far it may slip, and what is wrong with the plan: the critical path method.

Kelley and Walker (1959) with Fondahl's four types of links (1961), on working calendars; `forward` and `backward` are
its passes, `plan` has its words. What a person has to know of it:

- A task stays on its own date until something pushes it later; nothing pulls it earlier. A task with none begins today,
  or as soon as what it waits for lets it. What is not begun cannot lie in the past.
- Work in progress began on its own date, today where it has none or a later one, whatever it should have waited for. It
  takes what remains of it from today on, or else its length, and ends today at the earliest.
- What is done is where it was, and what follows sees its real end.
- A date fixed by hand holds, and is a problem when what it waits for is not finished by then.
- A milestone is shown on its own day when nothing pushes it past the beginning of that day, and what follows may begin
  on that same day; else on the last day of what it waits for.
- A parent spans its parts. What it waits for its parts wait for, and what waits for it waits for the last of them. A
  parent's own date is the earliest for all of them, its due date a promise.
- Late days and floats are measured against the latest finish of all unfinished tasks. What could not slip without
  delaying that is critical.
"""

from __future__ import annotations

from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar
from weakref import ref

from store.analysis.backward import backward
from store.analysis.calendars import ORIGIN
from store.analysis.complaints import complaint_count, complaints
from store.analysis.forward import forward
from store.analysis.layout import Layout
from store.analysis.plan import MAX_DAY, MIN_DAY, Link, Slot, Task
from store.analysis.reading import read
from store.analysis.rescheduling import Edit, NotLocal, spread
from store.analysis.slots import last_day, moved_among, plan_finish, slots_of
from store.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Problem

Row = TypeVar("Row", Task, Link)
_ID = itemgetter(0)


class Schedule:
    """A plan that was reckoned. Two schedules of the same items share nothing that changes: each stays as it was."""

    def __init__(self, layout: Layout, slots: dict[str, Slot], today: int) -> None:
        self.slots = slots  # of every item in the plan, parents included
        self.today = today
        self._layout = layout
        self._before: ref[Schedule] | None = None  # the schedule that an edit made this one of,
        self._reached: Collection[str] = ()  # and the items which that edit could reach

    @cached_property
    def finish(self) -> int | None:
        """The last day of the plan: of what is not done, or of everything when all is done; None without any item."""
        return last_day(self._layout.columns)

    @property
    def unplaced(self) -> list[str]:
        """The items with no date, no length and no link, by id: nothing says where they belong."""
        return sorted(self._layout.unplaced)

    @property
    def cut(self) -> list[Link]:
        """The links left out because each closes a circle of earlier ones."""
        return self._layout.cut

    def calendar(self, ident: str = "") -> WorkingCalendar:
        """Return the calendar an item's days are counted in, or that of the plan."""
        task = self._layout.tasks.get(ident)
        return self._layout.calendar(task.calendar if task else "")

    @cached_property
    def drivers(self) -> dict[str, str]:
        """Of every item that starts when it does because of a link, that link."""
        links = self._layout.links
        return {ident: slot.driver for ident, slot in self.slots.items() if slot.driver in links}

    @cached_property
    def problems(self) -> list[Problem]:
        """What a person should look at, sorted."""
        return complaints(self._layout)

    @cached_property
    def problem_count(self) -> int:
        """How many things a person should look at."""
        return complaint_count(self._layout)

    def is_late(self, ident: str) -> bool:
        """Return whether an item is planned to finish after the day it was promised for."""
        layout, columns = self._layout, self._layout.columns
        if ident not in layout.nodes and ident not in layout.gates:
            return False
        _, node = layout.ends_of(ident)
        return columns.shown_last[node] > columns.due[node] and not columns.over[node]

    def reached_from(self, before: Schedule) -> Collection[str]:
        """Return the items that may stand elsewhere than in another schedule: those one edit reached, else all."""
        if self._before is not None and self._before() is before:
            return self._reached
        return before.slots.keys() | self.slots.keys()

    def rescheduled(
        self, tasks: Mapping[str, Task | None], links: Mapping[str, Link | None] | None = None
    ) -> tuple[Schedule, set[str]]:
        """Return the schedule after an edit, and the items whose first or last day it moved, put in or took out.

        `tasks` and `links` are those that are new or changed, by id; None is one that is gone. What comes out is what
        `schedule` would give, at the price of what the edit touches; slots it leaves alone are the same objects.
        """
        links = links or {}
        try:
            edit = Edit(self._layout, tasks, links)
        except NotLocal:
            known, linked = dict(self._layout.tasks), dict(self._layout.links)
            calendars = self._layout.calendars
            after = schedule(
                _changed(known, tasks).values(), _changed(linked, links).values(), calendars, self.today
            )
            return after, moved_among(self.slots, after.slots, self.slots.keys() | after.slots.keys())
        slots, reached = spread(edit, self.slots, plan_finish(self._layout.columns), self.today - ORIGIN)
        after = Schedule(edit.layout, slots, self.today)
        after._before, after._reached = ref(self), reached
        return after, moved_among(self.slots, slots, reached)


def schedule(
    tasks: Iterable[Task], links: Iterable[Link], calendars: Mapping[str, WorkingCalendar], today: int
) -> Schedule:
    """Return when every item happens, `today` being an ordinal.

    `calendars` has the working days by the name that tasks give theirs; a name it lacks means that of "", and where
    that is missing too, weekdays. The order in which items and links come makes no difference.
    """
    with uncollected():
        return _schedule(_by_id(tasks), _by_id(links), calendars, min(max(today, MIN_DAY), MAX_DAY))


def _schedule(
    tasks: dict[str, Task], links: dict[str, Link], calendars: Mapping[str, WorkingCalendar], today: int
) -> Schedule:
    layout = Layout(tasks, links, calendars)
    columns = layout.columns
    read(columns, ((node, layout.tasks[ident]) for node, ident in enumerate(columns.ids)), today - ORIGIN)
    order = layout.order()
    forward(columns, order)
    backward(columns, reversed(order), plan_finish(columns))
    return Schedule(layout, slots_of(columns), today)


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    rows = list(rows)
    found = dict(zip(map(_ID, rows), rows, strict=True))
    if len(found) < len(rows):  # of several with one id the same one, however they come
        found = {row.id: row for row in sorted(rows, key=repr)}
    return found


def _changed(rows: dict[str, Row], changes: Mapping[str, Row | None]) -> dict[str, Row]:
    for ident, row in changes.items():
        if row is None:
            rows.pop(ident, None)
        else:
            rows[ident] = row
    return rows
