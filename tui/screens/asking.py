"""One line asked for over whatever is open: a name, a number, a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.celltext import clean
from tui.screens.terminal_size import FitsTerminal
from tui.widgets.line_input import FieldInput, LineInput

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Ask(FitsTerminal, ModalScreen[str | None]):
    """Asks for a line; answers what was typed, or None when it was left."""

    DEFAULT_CSS = """
    Ask { align: center middle; background: transparent; }
    Ask #panel { width: 64; max-width: 90%; height: auto; background: $surface; border: round $accent; padding: 0 1; }
    Ask #title { color: $text-muted; height: auto; }
    """

    def __init__(self, title: str, value: str = "") -> None:
        super().__init__()
        self._title = title
        self._value = value

    def compose(self) -> ComposeResult:
        """Lay out the question and the line."""
        with Vertical(id="panel"):
            yield Static(Content(clean(self._title)), markup=False, id="title")
            yield FieldInput(self._value)

    def on_mount(self) -> None:
        """Be ready to type."""
        self.query_one(FieldInput).focus()

    def on_line_input_kept(self, event: LineInput.Kept) -> None:
        """Answer with what was typed."""
        event.stop()
        self.dismiss(event.value.strip())

    def on_line_input_closed(self, event: LineInput.Closed) -> None:
        """Answer with nothing."""
        event.stop()
        self.dismiss(None)
