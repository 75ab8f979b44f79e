"""The keys that every screen of rows has: the cursor, the selection, and whether the details are in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.screens.filtering import Filtering

if TYPE_CHECKING:
    from tui.widgets.cursor_lines import CursorLines


class RowKeys(Filtering):
    """Moves over rows and selects them; a subclass has the rows as its `cards_view`."""

    @property
    def cards_view(self) -> CursorLines[Any]:
        """The rows."""
        raise NotImplementedError

    def on_cursor_lines_highlighted(self) -> None:
        """Show what the cursor has come to."""
        self.follow_cursor()

    def action_cursor_down(self) -> None:
        """Go to the row below."""
        self.cards_view.step(1)
        self.follow_cursor()

    def action_cursor_up(self) -> None:
        """Go to the row above."""
        self.cards_view.step(-1)
        self.follow_cursor()

    def action_cursor_top(self) -> None:
        """Go to the first row."""
        self.cards_view.home()
        self.follow_cursor()

    def action_cursor_bottom(self) -> None:
        """Go to the last row."""
        self.cards_view.end()
        self.follow_cursor()

    def action_page_down(self) -> None:
        """Go a page down."""
        self.cards_view.page(1)
        self.follow_cursor()

    def action_page_up(self) -> None:
        """Go a page up."""
        self.cards_view.page(-1)
        self.follow_cursor()

    def action_select(self) -> None:
        """Select the row, or deselect it."""
        self.cards_view.toggle_selected()
        self.show_hints()

    def action_select_range(self) -> None:
        """Select from the last selected row to here."""
        self.cards_view.select_range()
        self.show_hints()

    def clear_selection(self) -> None:
        """Deselect everything."""
        self.cards_view.clear_selection()
        self.show_hints()

    def action_toggle_detail(self) -> None:
        """Show the details, or give their room to the rows."""
        self.toggle_details()
