"""The plan behind loads: read once for all tabs, a large one in a thread, and kept as the store changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.message import Message

from store.errors import StoreError
from store.plan import SMALL, Plan, every_calendar, read_plan, read_plan_of, replanned

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.loads import Load
    from store.analysis.workload import Member
    from store.changes import ChangeSet
    from tui.app import SameboatApp
    from tui.screens.tabbed import TabbedScreen

KINDS = ("item", "dependency", "day", "absence", "member", "department", "status", "workspace")


class PlanRead(Message):
    """A large plan has been read, in a thread; None where that failed."""

    def __init__(self, plan: Plan | None) -> None:
        super().__init__()
        self.plan = plan


class Planned:
    """Reads the plan when a tab first asks for it."""

    def __init__(self, screen: TabbedScreen, boat: SameboatApp) -> None:
        self._screen = screen
        self._boat = boat
        self._plan: Plan | None = None
        self._reading = False
        self._missed: list[ChangeSet] = []  # what changed while it was being read
        self._calendars: dict[str, WorkingCalendar] = {}
        self._people: list[Member] = []

    def plan(self) -> Plan | None:
        """Return the plan, None while a large one is being read: the screen shows itself again when it is there."""
        from store.chart_rows import people
        from store.plan_rows import planned_count

        if self._plan is None and not self._reading:
            if planned_count(self._boat.store) <= SMALL:
                self._take(read_plan(self._boat.store))
            else:
                self._reading = True
                self._screen.run_worker(self._read, name="plan", group="plan", exclusive=True, thread=True)
        self._people = people(self._boat.store)
        return self._plan

    @property
    def people(self) -> list[Member]:
        """The members whose hours are counted, as `plan` has last read them."""
        return self._people

    @property
    def calendars(self) -> dict[str, WorkingCalendar]:
        """The calendars of the plan, and of members who have no work in it."""
        return self._calendars

    def loads(self, by: Literal["member", "department"] = "member") -> dict[str, list[Load]] | None:
        """Return the weeks to come of everybody, None while the plan is being read."""
        from store.analysis.loads import loads

        plan = self.plan()
        if plan is None:
            return None
        return loads(plan.tasks, plan.slots, self._people, self._calendars, plan.today, by=by)

    def absorb(self, changes: ChangeSet) -> None:
        """Take in what changed."""
        if not changes.touches(*KINDS):
            return
        if self._reading:
            self._missed.append(changes)
        elif self._plan is not None and self._plan.today != self._boat.store.today().toordinal():
            self._plan = None
        elif self._plan is not None:
            plan = replanned(self._boat.store, self._plan, changes)
            if plan is not None:
                self._take(plan)
            else:
                self._plan = None  # read again when it is next asked for, a large one by a thread

    def forget(self) -> None:
        """Read it again when it is next asked for: it is another day."""
        self._plan = None

    def arrived(self, plan: Plan | None, then: Callable[[], None]) -> None:
        """Take the plan that a thread has read; what changed meanwhile is followed, or has it read once more."""
        self._reading = False
        missed, self._missed = self._missed, []
        self._take(read_plan(self._boat.store) if plan is None else plan)
        for changes in missed if plan is not None else ():
            self.absorb(changes)
        then()

    def _take(self, plan: Plan) -> None:
        self._plan = plan
        self._calendars = every_calendar(self._boat.store, plan)

    def _read(self) -> None:
        """Read the whole plan beside the open screen, on a connection of its own."""
        store = self._boat.store
        try:
            plan = read_plan_of(store.home, store.today().toordinal())
        except StoreError:
            self._screen.post_message(PlanRead(None))
        else:
            self._screen.post_message(PlanRead(plan))
