"""How sync stands: every place, every teammate's device, what is waited for since when, and what happened lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from store.errors import StoreError
from store.journal import read_notes
from store.review import device_names
from tui.bindings import bindings
from tui.i18n import _
from tui.live import strangers, sync_state_of
from tui.screens.hints import hints
from tui.screens.overlaid import Overlaid
from tui.screens.sync_entries import DIARY_MOST, sync_entries
from tui.sentences import sentence
from tui.widgets.detail import DetailView
from tui.widgets.header import SYNCING

if TYPE_CHECKING:
    from tui.app import SameboatApp
    from tui.widgets.header import SyncLine

SUBJECT = "sync"


class SyncList(DetailView, inherit_bindings=False):
    """The state of sync in lines, with the screen's own keys."""

    SCOPE = "exchange"
    BINDINGS = bindings(SCOPE, target="screen")


class SyncScreen(Overlaid[None]):
    """What a person may want to know of sync; shown anew whenever something of it changes."""

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat, SyncList())
        self._runs = False

    def show_line(self, line: SyncLine) -> None:
        """Show the header's words for how sync stands, a running sync's progress among them."""
        heading, words = _("Sync"), line.sentence(self._boat.store.now())
        self.title_line.update(Content(f"⇅ {heading} · {words}"))
        self._runs = line.phase == SYNCING
        self.show_hints()
        self.show_anew()

    def show_hints(self) -> None:
        """Show the key that begins a sync, or the one that ends it."""
        key = "exchange_stop" if self._runs else "sync"
        without = {"exchange_stop", "sync"} - {key}
        self.footer.show_hints(hints(self._boat.keymap, self.list.SCOPE, also=("sync",), without=without))

    def show_entries(self) -> None:
        """Read how sync stands and show it."""
        store = self._boat.store
        try:
            state = sync_state_of(store)
            entries = sync_entries(
                state, read_notes(store, DIARY_MOST), device_names(store), self.list.text_width, store.now(),
                strangers(store, state),
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
