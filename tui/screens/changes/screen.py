"""The inbox of changes: what teammates did that is for oneself, all that they did, and what was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions import FOLLOWING
from tui.screens.changes.tabs import EverythingTab, ForMeTab, NewsTab
from tui.screens.changes.trash import TrashTab
from tui.screens.tabbed import TabbedScreen
from tui.widgets.detail import Entry, plain_entries
from tui.widgets.header import CHANGES

if TYPE_CHECKING:
    from store.rows import Card


class ChangesScreen(TabbedScreen):
    """Leads from each change to what it is about, and remembers how far one has looked."""

    PLACE = CHANGES
    GROUP = FOLLOWING
    HELD = "changes_tab"
    TABS = (ForMeTab, EverythingTab, TrashTab)

    def said_first(self, card: Card) -> list[Entry]:
        """Say in full why the line is here before the details of what it is about."""
        tab = self.tab
        text = tab.told() if isinstance(tab, NewsTab) else ""
        return plain_entries([text, ""], self.details.text_width) if text else []

    def begin_at(self, ent: str) -> None:
        """Begin where it was left: one comes here for what is new, not for what is under the cursor."""

    def follow_cursor(self) -> None:
        """Show what is under the cursor: of one thing several lines may tell something else."""
        self.in_history = False
        self.show_details()

    def show_today(self) -> None:
        """Show what has come due overnight."""
        self.tab.show()
        super().show_today()
