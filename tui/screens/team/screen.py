"""The team screen: departments, needs and challenges, members, hand-offs and requests, a tab for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions import TEAMING
from tui.screens.tabbed import TabbedScreen
from tui.screens.team.departments import DepartmentsTab
from tui.screens.team.handoffs import HandoffsTab
from tui.screens.team.members import MembersTab
from tui.screens.team.needs import NeedsTab
from tui.screens.team.planned import Planned, PlanRead
from tui.screens.team.requests import RequestsTab
from tui.screens.team.team_tab import TeamTab
from tui.widgets.detail import plain_entries
from tui.widgets.header import TEAM

if TYPE_CHECKING:
    from store.changes import ChangeSet
    from store.rows import Card
    from tui.app import SameboatApp
    from tui.widgets.detail import Entry


class TeamScreen(TabbedScreen):
    """Who works together, what each needs, and what goes from one to the other."""

    PLACE = TEAM
    GROUP = TEAMING
    HELD = "team_tab"
    TABS = (DepartmentsTab, NeedsTab, MembersTab, HandoffsTab, RequestsTab)

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat)
        self.planned = Planned(self, boat)

    async def action_log_need(self) -> None:
        """Open the capture line for a need or challenge."""
        await self.open_capture("need")

    async def action_log_request(self) -> None:
        """Open the capture line for a request for hours."""
        await self.open_capture("request")

    def said_first(self, card: Card) -> list[Entry]:
        """Let the tab say what its card's fields do not."""
        tab = self.tab
        lines = list(tab.said_of(card)) if isinstance(tab, TeamTab) else []
        return plain_entries([*lines, ""], self.details.text_width) if lines else []

    def absorb(self, changes: ChangeSet) -> None:
        """Take in what changed in the plan before the tab reads it."""
        self.planned.absorb(changes)
        super().absorb(changes)

    def show_today(self) -> None:
        """Reckon from another today."""
        self.planned.forget()
        self.tab.show()
        super().show_today()

    def on_plan_read(self, event: PlanRead) -> None:
        """Show the loads of a large plan."""
        event.stop()

        def shown() -> None:
            self.tab.show()
            self.show_details()

        self.planned.arrived(event.plan, shown)
