"""The goals screen: the tree, the alignment of departments and goals, and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.goal_rows import goal_row
from tui.actions import AIMING
from tui.screens.goal_details import ANSWER, CONFLICT, cut_words, goal_entries
from tui.screens.goals.alignment import AlignmentTab
from tui.screens.goals.answering import ask_answer
from tui.screens.goals.questions import QuestionsTab
from tui.screens.goals.reading import Goals
from tui.screens.goals.tree import GoalsTab
from tui.screens.tabbed import TabbedScreen
from tui.widgets.header import GOALS

if TYPE_CHECKING:
    from collections.abc import Collection

    from store.capture import Capture
    from store.queries import Detail
    from tui.widgets.detail import Entry, Page


class GoalsScreen(TabbedScreen):
    """Goals, who stands behind them, and what is open about them."""

    PLACE = GOALS
    GROUP = AIMING
    HELD = "goals_tab"
    TABS = (GoalsTab, AlignmentTab, QuestionsTab)

    beneath = ""  # the goal that one being written down is to lie beneath
    _idle: Collection[str] = ()

    def follow_cursor(self) -> None:
        """Show what the cursor has come to, and the keys that do something there."""
        super().follow_cursor()
        idle = self.tab.idle()
        if idle != self._idle:
            self._idle = idle
            self.show_hints()

    def preset(self, capture: Capture) -> dict[str, object]:
        """Let what is written down on a goal serve it, and a goal lie beneath the one it was begun on."""
        if capture.kind == "goal":
            return {"parent": self.beneath} if self.beneath else {}
        card = self.card
        if card is None or card.kind != "goal" or card.private or capture.kind not in ("item", "conflict"):
            return {}
        return {"goal": card.id}

    def show_made(self, ent: str) -> bool:
        """Put the cursor on what was just made, unfolding what hides it."""
        shown = self.tab.seek(ent)
        self.show_details()
        return shown

    def besides(self, detail: Detail, page: Page) -> list[Entry]:
        """Tell of a goal what stands behind it."""
        row = goal_row(self.boat.store, detail.card.id) if detail.card.kind == "goal" else None
        if row is None:
            return []
        tab = self.tab
        found = (
            tab.goals if isinstance(tab, (GoalsTab, AlignmentTab)) else Goals(self.boat.store, self.directory)
        )
        expected = found.expected(row.id) if row.open else ()
        return list(goal_entries(self.boat.store, self.directory, row, found.parents, page, expected))

    def marks(self, detail: Detail) -> list[str]:
        """Tell where a goal lies elsewhere than somebody put it."""
        row = goal_row(self.boat.store, detail.card.id) if detail.card.kind == "goal" else None
        return [cut_words(row, self.directory)] if row and row.cut else []

    def action_detail_edit(self) -> None:
        """Answer for the department here, go to the conflict, or edit what stands here."""
        key, card = self.details.key, self.card
        if key is None or card is None or card.kind != "goal":
            super().action_detail_edit()
        elif key.part == ANSWER:
            ask_answer(self.tab, [card], key.name)
        elif key.part == CONFLICT:
            self.boat.show_feedback(key.name)
        elif key.name == "parent":
            tab = self.tab
            if isinstance(tab, GoalsTab):
                tab.ask_parent([card])
        else:
            super().action_detail_edit()
