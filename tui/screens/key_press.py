"""Waits for the key that an action is to have, and says who has it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.actions import ACTIONS
from tui.celltext import clean
from tui.i18n import _
from tui.keymap import key_label, key_name
from tui.screens.terminal_size import FitsTerminal

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from tui.keymap import Keymap


class KeyPress(FitsTerminal, ModalScreen[str | None]):
    """Asks for a key; answers its name after enter confirms it, or None when escape leaves it."""

    DEFAULT_CSS = """
    KeyPress { align: center middle; background: transparent; }
    KeyPress #panel {
        width: 64; max-width: 90%; height: auto; background: $surface; border: round $accent; padding: 0 1;
    }
    KeyPress Static { height: auto; }
    KeyPress #title { color: $text-muted; }
    KeyPress #keys { color: $text-muted; }
    """

    def __init__(self, action: str, keymap: Keymap) -> None:
        super().__init__()
        self._action = action
        self._keymap = keymap
        self._pressed = ""

    def compose(self) -> ComposeResult:
        """Lay out the question, the key and what it means."""
        with Vertical(id="panel"):
            yield Static(Content(clean(_(ACTIONS[self._action].label))), markup=False, id="title")
            yield Static(_("Press the key for it."), markup=False, id="said")
            yield Static(_("esc leaves it as it is"), markup=False, id="keys")

    def on_key(self, event: events.Key) -> None:
        """Take the key; a second press of enter, or another key, decides."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
        elif event.key == "enter" and self._pressed:
            self.dismiss(self._pressed)
        else:
            self._pressed = key_name(event.key)
            self._say()

    def _say(self) -> None:
        if not self._pressed:
            said = _("That key cannot be written down: try another.")
        else:
            said = "\n".join([key_label(self._pressed), *self._clashes()])
        self.query_one("#said", Static).update(Content(said))
        keys = _("enter takes it · another key takes that · esc leaves it")
        self.query_one("#keys", Static).update(Content(keys))

    def _clashes(self) -> list[str]:
        lines = []
        for other in self._keymap.holders(self._action, self._pressed):
            left = [key_label(key) for key in self._keymap.keys(other) if key != self._pressed]
            label = _(ACTIONS[other].label)
            if left:
                lines.append(
                    _("“{other}” loses it and keeps {keys}.").format(other=label, keys=" ".join(left))
                )
            else:
                lines.append(_("“{other}” loses it and has no key left.").format(other=label))
        return lines or [_("No other action has it here.")]
