"""The floor of everything that has to do with the screen: a Textual app with one Static, which echoes keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Key


class BareApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        self.line = Static("bare-app")
        yield self.line

    def on_key(self, event: Key) -> None:
        """Show which key was pressed."""
        self.line.update(f"bare-app {event.key}")


if __name__ == "__main__":
    BareApp().run()
