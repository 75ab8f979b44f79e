"""What granting a request does to somebody's weeks, shown before it is done: enter grants it, escape leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.bindings import bindings
from tui.celltext import clean
from tui.screens.hints import hints
from tui.screens.terminal_size import FitsTerminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.keymap import Keymap


class GrantPanel(Vertical, can_focus=True):
    """What is shown; it has the keys."""

    SCOPE = "granting"
    BINDINGS = bindings(SCOPE, target="screen")


class GrantScreen(FitsTerminal, ModalScreen[bool | None]):
    """Shows the weeks with and without a request; answers True where it is to be granted."""

    DEFAULT_CSS = """
    GrantScreen { align: center middle; background: transparent; }
    GrantScreen GrantPanel {
        width: 66; max-width: 95%; height: auto; max-height: 95%; background: $surface; border: round $accent;
        padding: 0 1; overflow-y: auto;
    }
    GrantScreen Static { height: auto; }
    GrantScreen #title { text-style: bold; }
    GrantScreen #keys { color: $text-muted; }
    """

    def __init__(self, title: str, lines: Sequence[str], keymap: Keymap) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Lay out the weeks."""
        with GrantPanel():
            yield Static(Content(clean(self._title)), markup=False, id="title")
            yield Static(
                Content("\n".join(clean(line) for line in ("", *self._lines, ""))), markup=False, id="weeks"
            )
            yield Static(
                Content("   ".join(f"{hint.keys} {hint.label}" for hint in hints(self._keymap, "granting"))),
                markup=False,
                id="keys",
            )

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(GrantPanel).focus()

    def action_grant_keep(self) -> None:
        """Grant it."""
        self.dismiss(True)

    def action_grant_close(self) -> None:
        """Leave it as it is."""
        self.dismiss(None)
