"""The screen one's day begins on: what presses, the plan of the day, and what teammates shared."""

from __future__ import annotations

from tui.actions import DAY
from tui.screens.tabbed import TabbedScreen
from tui.screens.today.day_plan import DayPlanTab
from tui.screens.today.morning import MorningTab
from tui.screens.today.standup import StandupTab
from tui.widgets.header import TODAY


class TodayScreen(TabbedScreen):
    """What presses, the plan of the day, the stand-up."""

    PLACE = TODAY
    GROUP = DAY
    HELD = "today_tab"
    TABS = (MorningTab, DayPlanTab, StandupTab)

    def begin_at(self, ent: str) -> None:
        """Put the cursor on what it was on where one came from, where the tab lists it."""
        if not self.is_mounted:
            self._sought = ent
        elif self.tab.seek(ent):
            self.show_details()

    def show_today(self) -> None:
        """Begin another day."""
        self.tab.show()
        self.show_tab_counts()
        super().show_today()
