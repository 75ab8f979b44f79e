"""The board screen's frame: what stands where, what is shown of the store, and what is asked again when it changes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

from textual.containers import Horizontal
from textual.screen import Screen

from store import queries
from store.errors import StoreError
from store.filters import EVERYTHING
from tui.bindings import bindings
from tui.i18n import _, ngettext
from tui.live import current_line
from tui.palette import KeyNames
from tui.screens.board_source import LANE_KINDS, StoreSource
from tui.screens.directory import Directory
from tui.screens.hints import hints, place_keys
from tui.screens.terminal_size import FitsTerminal
from tui.widgets.banners import Banners
from tui.widgets.board import BoardView
from tui.widgets.detail import DetailView, Entry, Key, Page, detail_entries, plain_entries
from tui.widgets.footer import Footer
from tui.widgets.header import Header

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from store.changes import ChangeSet
    from store.filters import Filter
    from store.queries import Card, Detail
    from tui.app import SameboatApp

WIDE = 110  # columns from which the details have room beside the board
HISTORY_MOST = 300
UNSHOWN = "-"  # stands for the id of the card in the pane while what it shows is out of date


class Workbench(Horizontal):
    """The board and the details beside it: where the board's keys work."""

    BINDINGS = bindings("board", target="screen")


class BoardFrame(FitsTerminal, Screen[None]):
    """Shows the board and the details of the card under its cursor."""

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__()
        self._boat = boat
        config = boat.config
        self.directory = Directory(boat.store)
        self.filter_text = ""
        self.where: Filter = EVERYTHING
        self.lane_by = config.get("swimlanes") if config.get("swimlanes") in LANE_KINDS else ""
        self.with_conflicts = config.get("conflicts") != "hidden"
        self.beside = (
            config.get("detail") != "hidden"
        )  # the details stand beside the board where there is room
        self.reading = False  # the details have taken the board's place on a narrow screen
        self.in_history = False
        self.expanded = False
        self._shown = UNSHOWN  # the id of the card in the pane
        self.header = Header(queries.workspace_title(boat.store))
        self.banners = Banners()
        self.board = BoardView(
            self._source(), names=self.directory.names(), today=boat.store.today(), id="board"
        )
        self.board.density = config.get("density") or "auto"
        self.details = DetailView()
        self.workbench = Workbench(self.board, self.details)
        self.footer = Footer()

    @property
    def boat(self) -> SameboatApp:
        """The app, by its own type."""
        return self._boat

    def compose(self) -> ComposeResult:
        """Lay out the lines; what opens only on a key is mounted by that key."""
        yield self.header
        yield self.banners
        yield self.workbench
        yield self.footer

    def on_mount(self) -> None:
        """Give the keys to the board."""
        self.board.focus()
        self._show_counts()
        self.header.show_keys(place_keys(self.boat.keymap))
        # The first frame tells how sync stands; what it would have to tell in a banner comes a moment later.
        self.header.show_sync(current_line(self.boat.store), self.boat.store.now())
        self._fit(self.app.size.width)
        self.show_hints()

    def on_screen_suspend(self) -> None:
        """Show no keys that do not work under what has opened."""
        self.footer.show_hints(())

    def on_screen_resume(self) -> None:
        """Show the keys of where one comes back to."""
        self.show_hints()

    def on_resize(self, event: events.Resize) -> None:
        """Put the details beside the board, or in its place."""
        self._fit(self.app.size.width)

    def on_detail_view_resized(self, event: DetailView.Resized) -> None:
        """Wrap the details to their new width."""
        event.stop()
        self.show_details()

    def on_descendant_focus(self) -> None:
        """Show the keys that work now."""
        self.show_hints()

    # What is shown

    @property
    def wide(self) -> bool:
        """Whether the details have room beside the board."""
        return self.app.size.width >= WIDE

    @property
    def details_in_sight(self) -> bool:
        """Whether the details stand beside the board, or in its place."""
        return self.beside if self.wide else self.reading

    @property
    def card(self) -> Card | None:
        """The card under the cursor."""
        return self.board.card

    @property
    def scope(self) -> str:
        """The scope of actions whose keys work now."""
        focused = self.focused
        if focused is self.details:
            return "detail"
        found = getattr(focused, "SCOPE", "")
        return found or "board"

    def show_hints(self) -> None:
        """Show the keys of the scope in which one is, and how many cards are selected."""
        count = len(self.board.selected)
        standing = (
            ngettext("{count} selected", "{count} selected", count).format(count=count) if count else ""
        )
        self.footer.show_hints(hints(self.boat.keymap, self.scope), standing)

    def follow_cursor(self) -> None:
        """Show the card under the cursor in the pane, unless it is the one that is shown."""
        card = self.card
        if (card.id if card else "") != self._shown:
            self.in_history = False
            self.show_details()

    def show_details(self) -> None:
        """Show the card under the cursor in the pane, when the pane is in sight."""
        if not self.details_in_sight or not self.details.size.width:
            # Styles follow at the next refresh, so the pane itself may not know yet; without a width nothing wraps.
            self._shown = UNSHOWN
            return
        card = self.card
        self._shown = card.id if card else ""
        detail = queries.detail(self.boat.store, card.id) if card else None
        if detail is None:
            self.details.show("", self._teaching())
            return
        if card and card.parties:
            detail.fields["parties"] = self.directory.in_order(card.parties)
        page = self._page(detail)
        if self.in_history:
            from store.history import history
            from tui.widgets.detail.past import history_entries

            changes = history(self.boat.store, detail.card.id)
            entries = detail_entries(detail, page)[:2] + history_entries(islice(changes, HISTORY_MOST), page)
            self.details.show(f"{detail.card.id} history", entries)
        else:
            self.details.show(detail.card.id, detail_entries(detail, page))

    def refresh_source(self) -> None:
        """Ask the board's questions anew, under another filter, other lanes or other names."""
        self.board.source = self._source()
        self.show_details()

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed, and only that; the cursor stays on its card."""
        if changes.touches("department", "member", "status", "workspace"):
            self.directory = Directory(self.boat.store)
            self.board.names = self.directory.names()
            self.header.show_workspace(queries.workspace_title(self.boat.store))
            self.board.source = self._source()
        else:
            self.directory.forget_titles(goals=changes.touches("goal"))
            self.board.refresh_rows(changes.ids("item", "conflict"))
        self._show_counts()
        card = self.card
        if (
            card is None
            or card.id in changes.ids()
            or changes.touches("department", "member", "status", "goal")
        ):
            self.show_details()

    def _show_counts(self) -> None:
        """Show in the header how many conflicts are open, and how many divergences nobody has settled."""
        self.header.show_conflicts(queries.conflict_count(self.boat.store))
        self.header.show_divergences(queries.divergence_count(self.boat.store))

    def relabel(self) -> None:
        """Show everything in another language."""
        self.directory = Directory(self.boat.store)
        self.board.names = self.directory.names()
        self.refresh_source()
        self.show_hints()
        self.header.refresh()

    def follow(self, ent: str) -> None:
        """Put the cursor on a card, wherever it has gone."""
        self.board.go_to(ent)
        self.show_details()

    def show_today(self) -> None:
        """Count days from another today."""
        self.board.today = self.boat.store.today()
        self.show_details()

    def say(self, text: str, *, error: bool = False) -> None:
        """Say something on the bottom line for a few seconds."""
        self.footer.show_note(text, error=error)

    def read_details(self, *, focus: bool = True) -> None:
        """Bring the details into sight and give them the keys."""
        if self.wide:
            self.beside = True
        else:
            self.reading = True
        self._fit(self.app.size.width)
        if focus:
            self.details.focus()
        self.show_details()

    def leave_details(self) -> None:
        """Give the keys back to the board."""
        self.reading = False
        self._fit(self.app.size.width)
        self.board.focus()

    def _fit(self, width: int) -> None:
        self.workbench.set_class(width < WIDE, "-narrow")
        self.workbench.set_class(self.reading, "-reading")
        self.workbench.set_class(width >= WIDE and not self.beside, "-alone")
        if self._shown == UNSHOWN:
            self.show_details()

    def _source(self) -> StoreSource:
        return StoreSource(
            self._boat.store, self.directory, self.where, lane_by=self.lane_by, conflicts=self.with_conflicts
        )

    def _page(self, detail: Detail) -> Page:
        store = self.boat.store
        card = detail.card
        return Page(
            self.directory,
            self.details.text_width,
            store.today(),
            store.now(),
            done=self.directory.category(card.status) == "done" or card.state == "closed",
            expanded=self.expanded,
            drafts={draft_key(about) for about in self.boat.drafts.beginning(f"{card.id}/")},
        )

    def _teaching(self) -> list[Entry]:
        """Say what to press while there is nothing to show."""
        keys = KeyNames(self.boat.keymap)
        if self.filter_text:
            lines = [_("No card matches the filter."), "", _("{clear_filter} clears it.").format_map(keys)]
        else:
            lines = [
                _("Nothing here yet."),
                "",
                _("{add} adds an item in one line: what, @owner, ^due, !priority, #label.").format_map(keys),
                _("{log_conflict} logs a conflict between departments: dept>dept what about.").format_map(
                    keys
                ),
                _("{help} shows all keys, {palette} all commands.").format_map(keys),
            ]
        return plain_entries(lines, self.details.text_width)

    def attempt(self, text: str) -> Filter:
        """Return the filter a query means. Raises StoreError: bad-query, unfinished-query."""
        from store.search import compile_filter

        store = self.boat.store
        return compile_filter(text, self.directory.vocabulary, store.today(), store.member)

    def fetch(self, ids: tuple[str, ...]) -> list[Card]:
        """Return the cards with these ids that are still there."""
        return [card for ent in ids if (card := queries.card(self.boat.store, ent))]

    def filter_by(self, text: str) -> str:
        """Show only what a query matches; returns what is wrong with it, or an empty string.

        Of a query that is wrong or not finished, the words before the last hold: while `due:fri` is being typed the
        board is not empty.
        """
        wrong = ""
        text = text.strip()
        wanted = text
        while True:
            try:
                self.where = self.attempt(wanted) if wanted else EVERYTHING
                break
            except StoreError as error:
                from tui.sentences import sentence

                if wanted == text and error.code != "unfinished-query":
                    wrong = sentence(error)
                wanted = "".join(wanted.rsplit(None, 1)[:-1])
        self.filter_text = text
        self.refresh_source()
        return wrong


def draft_name(ent: str, key: Key) -> str:
    """Return what a draft is kept under."""
    return "/".join((ent, *key))


def draft_key(about: str) -> Key:
    """Return the part of the details that a draft was typed for."""
    parts = about.split("/", 3)
    return Key(*cast("tuple[str, str, str]", tuple(parts[1:])))
