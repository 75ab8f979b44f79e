"""A screen laid over a place: a heading, a list of entries that has the keys, and the bottom line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen, ScreenResultType
from textual.widgets import Static

from tui.screens.hints import hints
from tui.screens.terminal_size import FitsTerminal
from tui.widgets.footer import Footer

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from store.changes import ChangeSet
    from tui.app import SameboatApp
    from tui.widgets.detail import DetailView


class Overlaid(FitsTerminal, Screen[ScreenResultType]):
    """Lays out its list and shows it again when its width or the store changes.

    A subclass gives its list, whose `SCOPE` has its keys, and has `read`, where it keeps what it read, and
    `show_entries`.
    """

    SCOPED_CSS = False  # else the rules would be looked for below the subclass, which is the screen itself
    CSS = """
    Overlaid { background: $background; layers: base over; }
    Overlaid #title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    Overlaid DetailView { width: 100%; max-width: 100%; height: 1fr; border-left: none; }
    Overlaid DetailView:focus { border-left: none; }
    """

    def __init__(self, boat: SameboatApp, entries: DetailView) -> None:
        super().__init__()
        self._boat = boat
        self.title_line = Static(markup=False, id="title")
        self.list = entries
        self.footer = Footer()

    def compose(self) -> ComposeResult:
        """Lay out the heading, the list and the keys."""
        yield self.title_line
        yield self.list
        yield self.footer

    # What a subclass has

    def read(self) -> None:
        """Read what is shown."""

    def show_entries(self) -> None:
        """Show the heading and the entries; asked only while the list has a width."""
        raise NotImplementedError

    # What happens to it

    def on_mount(self) -> None:
        """Take the keys."""
        self.list.focus()
        self.show_anew()

    def on_descendant_focus(self) -> None:
        """Show the keys that work now."""
        self.show_hints()

    def show_hints(self) -> None:
        """Show the keys of what has the focus."""
        scope = getattr(self.focused, "SCOPE", self.list.SCOPE)
        self.footer.show_hints(hints(self._boat.keymap, scope))

    def on_detail_view_resized(self, event: DetailView.Resized) -> None:
        """Wrap to the new width."""
        event.stop()
        self.show_anew()

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed, here or elsewhere."""
        self.read()
        self.show_anew()

    def show_anew(self) -> None:
        """Show the entries, once there is room for them."""
        if self.list.size.width:
            self.show_entries()

    def say(self, text: str, *, error: bool = False) -> None:
        """Say something on the bottom line for a few seconds."""
        self.footer.show_note(text, error=error)
