"""The board: the workflow's columns, the cards, and what is known of the card under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.i18n import _
from tui.screens.board_source import LANE_KINDS
from tui.screens.card_edits import CardEdits

if TYPE_CHECKING:
    from tui.widgets.board import BoardView

# What `density` steps through; `auto` fits the height of the terminal.
DENSITIES = ("auto", "comfortable", "compact")


class BoardScreen(CardEdits):
    """Moves the cursor, chooses cards, and changes what the board shows."""

    # The cursor

    def action_cursor_left(self) -> None:
        """Go to the column on the left."""
        self.board.move_cursor(-1, 0)
        self.follow_cursor()

    def action_cursor_right(self) -> None:
        """Go to the column on the right."""
        self.board.move_cursor(1, 0)
        self.follow_cursor()

    def action_cursor_up(self) -> None:
        """Go to the card above."""
        self.board.move_cursor(0, -1)
        self.follow_cursor()

    def action_cursor_down(self) -> None:
        """Go to the card below."""
        self.board.move_cursor(0, 1)
        self.follow_cursor()

    def action_cursor_top(self) -> None:
        """Go to the first card of the column."""
        self.board.home()
        self.follow_cursor()

    def action_cursor_bottom(self) -> None:
        """Go to the last card of the column."""
        self.board.end()
        self.follow_cursor()

    def action_page_up(self) -> None:
        """Go a page up."""
        self.board.page(-1)
        self.follow_cursor()

    def action_page_down(self) -> None:
        """Go a page down."""
        self.board.page(1)
        self.follow_cursor()

    # Selecting

    def action_select(self) -> None:
        """Select the card, or deselect it."""
        self.board.toggle_selected()
        self.show_hints()

    def action_select_range(self) -> None:
        """Select from the last selected card to here."""
        self.board.select_range()
        self.show_hints()

    def action_select_column(self) -> None:
        """Select the whole column."""
        self.board.select_column()
        self.show_hints()

    async def action_leave(self) -> None:
        """Deselect, then leave the details, then clear the filter."""
        if self.board.selected:
            self.board.clear_selection()
        elif self.reading:
            self.leave_details()
        elif self.filter_text:
            await self.action_clear_filter()

    # What is shown

    def action_swimlanes(self) -> None:
        """Divide the board another way."""
        self.lane_by = LANE_KINDS[(LANE_KINDS.index(self.lane_by) + 1) % len(LANE_KINDS)]
        self.boat.remember("swimlanes", self.lane_by)
        self.refresh_source()
        names = {"": _("none"), "department": _("Department"), "owner": _("Owner"), "priority": _("Priority")}
        self.say(_("Swimlanes: {by}").format(by=names[self.lane_by]))

    def action_fold_lane(self) -> None:
        """Fold the swimlane the cursor is in, or unfold it."""
        if self.lane_by and self.board.lane:
            self.board.toggle_lane(self.board.lane.key)

    def action_density(self) -> None:
        """Show more of each card, or more cards."""
        place = DENSITIES.index(self.board.density) if self.board.density in DENSITIES else 0
        self.board.density = DENSITIES[(place + 1) % len(DENSITIES)]
        self.boat.remember("density", self.board.density)
        names = {"auto": _("by the height"), "comfortable": _("comfortable"), "compact": _("compact")}
        self.say(_("Cards: {density}").format(density=names[self.board.density]))

    def action_conflicts(self) -> None:
        """Show the column of open conflicts, or hide it."""
        self.with_conflicts = not self.with_conflicts
        self.boat.remember("conflicts", "shown" if self.with_conflicts else "hidden")
        self.refresh_source()

    def action_toggle_detail(self) -> None:
        """Show the details, or give their room to the board."""
        self.toggle_details()

    # What the board says

    def on_board_view_card_highlighted(self, event: BoardView.CardHighlighted) -> None:
        """Show the card in the details."""
        event.stop()
        self.follow_cursor()

    def on_board_view_card_opened(self, event: BoardView.CardOpened) -> None:
        """Go into the details."""
        event.stop()
        self.read_details()

    def on_board_view_selection_changed(self, event: BoardView.SelectionChanged) -> None:
        """Say how many are selected."""
        event.stop()
        self.show_hints()
