"""How sync stands: every place, every teammate's device, what is waited for since when, and what happened lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from store.errors import StoreError
from store.journal import read_notes
from store.review import device_names
from tui.bindings import bindings
from tui.i18n import _
from tui.live import sync_state_of
from tui.screens.hints import hints
from tui.screens.sync_entries import DIARY_MOST, sync_entries
from tui.screens.terminal_size import FitsTerminal
from tui.sentences import sentence
from tui.widgets.detail import DetailView
from tui.widgets.footer import Footer

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from store.changes import ChangeSet
    from tui.app import SameboatApp
    from tui.widgets.header import SyncLine

SUBJECT = "sync"


class SyncList(DetailView, inherit_bindings=False):
    """The state of sync in lines, with the screen's own keys."""

    SCOPE = "exchange"
    BINDINGS = bindings(SCOPE, target="screen")


class SyncScreen(FitsTerminal, Screen[None]):
    """What a person may want to know of sync; shown anew whenever something of it changes."""

    CSS = """
    SyncScreen { background: $background; }
    SyncScreen #title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    SyncScreen SyncList { width: 100%; max-width: 100%; height: 1fr; border-left: none; }
    SyncScreen SyncList:focus { border-left: none; }
    """

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__()
        self._boat = boat
        self.title_line = Static(markup=False, id="title")
        self.list = SyncList()
        self.footer = Footer()

    def compose(self) -> ComposeResult:
        """Lay out the heading, the lines and the keys."""
        yield self.title_line
        yield self.list
        yield self.footer

    def on_mount(self) -> None:
        """Take the keys and show how things stand."""
        self.list.focus()
        self.footer.show_hints(hints(self._boat.keymap, "exchange"))
        self.refresh_state()

    def on_detail_view_resized(self, event: DetailView.Resized) -> None:
        """Wrap to the new width."""
        event.stop()
        self.refresh_state()

    def absorb(self, changes: ChangeSet) -> None:
        """Show what came."""
        self.refresh_state()

    def show_line(self, line: SyncLine) -> None:
        """Show the header's words for how sync stands, a running sync's progress among them."""
        words = line.sentence(self._boat.store.now())
        self.title_line.update(Content(f"⇅ {_('Sync')} · {words}"))
        self.refresh_state()

    def say(self, text: str, *, error: bool = False) -> None:
        """Say something on the bottom line for a few seconds."""
        self.footer.show_note(text, error=error)

    def refresh_state(self) -> None:
        """Read how sync stands and show it."""
        if not self.list.size.width:
            return
        store = self._boat.store
        try:
            entries = sync_entries(
                sync_state_of(store), read_notes(store, DIARY_MOST), device_names(store),
                self.list.text_width, store.now(),
            )  # fmt: skip
        except StoreError as error:
            self.say(sentence(error), error=True)
            return
        self.list.show(SUBJECT, entries)

    # Keys

    def action_exchange_down(self) -> None:
        """Go a line down."""
        self.list.step(1)

    def action_exchange_up(self) -> None:
        """Go a line up."""
        self.list.step(-1)

    def action_exchange_page_down(self) -> None:
        """Go a page down."""
        self.list.page(1)

    def action_exchange_page_up(self) -> None:
        """Go a page up."""
        self.list.page(-1)

    def action_exchange_stop(self) -> None:
        """Stop the sync that is running; what it has done is safe, and the next one goes on from there."""
        self._boat.stop_sync()

    def action_exchange_close(self) -> None:
        """Go back to the board."""
        self.dismiss(None)
