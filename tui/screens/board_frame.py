"""The board screen's frame: what stands where, what is shown of the store, and what is asked again when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.bindings import bindings
from tui.i18n import _, ngettext
from tui.left_off import number_of, text_of, texts_of
from tui.palette import KeyNames
from tui.screens.board_source import LANE_KINDS, StoreSource
from tui.screens.card_choices import CardBench, CardChoices
from tui.screens.directory import Directory
from tui.widgets.board import BoardView
from tui.widgets.detail import DetailView, Entry, plain_entries
from tui.widgets.header import BOARD

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from textual.app import ComposeResult
    from textual.widget import Widget

    from store.changes import ChangeSet
    from store.queries import Card
    from tui.app import SameboatApp
    from tui.left_off import Spot

FOLDED_MOST = 100  # lanes whose fold is remembered


class BoardBench(CardBench):
    """The board and the details beside it: where the board's keys work."""

    BINDINGS = bindings("board", target="screen")


class BoardFrame(CardChoices):
    """Shows the board and the details of the card under its cursor."""

    SCOPE = "board"
    PLACE = BOARD

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat)
        self._directory = Directory(boat.store)
        config = boat.config
        self.lane_by = config.get("swimlanes") if config.get("swimlanes") in LANE_KINDS else ""
        self.with_conflicts = config.get("conflicts") != "hidden"
        self.board = BoardView(
            self._source(), names=self.directory.names(), today=boat.store.today(), id="board"
        )
        self.board.density = config.get("density") or "auto"
        self._details = DetailView()
        self._workbench = BoardBench(self.board, self._details)
        # Where one starts elsewhere, no card is asked for before the board is gone to.
        self._laid_out = not boat.starts_elsewhere

    @property
    def directory(self) -> Directory:
        """The names of the workspace."""
        return self._directory

    @property
    def cards_view(self) -> BoardView:
        """The board."""
        return self.board

    @property
    def details(self) -> DetailView:
        """The pane."""
        return self._details

    @property
    def workbench(self) -> BoardBench:
        """The board and the pane."""
        return self._workbench

    @property
    def card(self) -> Card | None:
        """The card under the cursor."""
        return self.board.card

    @property
    def target_ids(self) -> Collection[str]:
        """The selected cards, else the card under the cursor."""
        return self.board.targets

    def compose(self) -> ComposeResult:
        """Lay out the lines; what opens only on a key is mounted by that key."""
        if self._laid_out:
            yield from self._lines()

    def _lines(self) -> tuple[Widget, ...]:
        return self.header, self.banners, self._workbench, self.footer

    def on_mount(self) -> None:
        """Give the keys to the board."""
        if self._laid_out:
            self.board.focus()
            self.fit()

    def lay_out(self) -> None:
        """Put the board in its place, if it is gone to for the first time."""
        if not self._laid_out:
            self._laid_out = True
            self.mount(*self._lines())
            self.board.focus()
            self.fit()
            self.call_after_refresh(self.boat.come_back)

    def standing(self) -> str:
        """Say how many cards are selected."""
        count = len(self.board.selected)
        return ngettext("{count} selected", "{count} selected", count).format(count=count) if count else ""

    def refresh_source(self) -> None:
        """Ask the board's questions anew, under another filter, other lanes or other names."""
        self.board.source = self._source()
        self.show_details()

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed, and only that; the cursor stays on its card."""
        if changes.touches("department", "member", "status", "workspace"):
            self._directory = Directory(self.boat.store)
            self.board.names = self.directory.names()
            self.board.source = self._source()
        else:
            self.directory.forget_titles(vocabulary=changes.touches("goal", "customer"))
            if self._laid_out:
                self.board.refresh_rows(changes.ids("item", "conflict"))
        super().absorb(changes)
        card = self.card
        if (
            card is None
            or card.id in changes.ids()
            or changes.touches("department", "member", "status", "goal")
        ):
            self.show_details()

    def relabel(self) -> None:
        """Show everything in another language."""
        self._directory = Directory(self.boat.store)
        self.board.names = self.directory.names()
        self.board.source = self._source()
        super().relabel()

    def follow(self, ent: str) -> None:
        """Put the cursor on a card, wherever it has gone."""
        if self._laid_out and not self.board.is_mounted:
            self.call_after_refresh(self.follow, ent)
        elif self._laid_out:
            self.board.go_to(ent)
            self.show_details()

    def show_made(self, ent: str) -> bool:
        """Put the cursor on a card that was just made; tells whether the board shows it."""
        shown = self._source().position(ent) is not None
        if shown:
            self.board.go_to(ent)
        self.show_details()
        return shown

    def spot(self) -> Spot:
        """Return the card under the cursor, where it stands, what its column begins with, and the folded lanes."""
        if not self._laid_out or not self.board.is_mounted or self.filter_text:
            return self.boat.left_off.spot(self.PLACE)
        column, row, top = self.board.standing()
        spot: Spot = {"card": self.card.id if self.card else "", "column": column, "row": row, "top": top}
        if self.lane_by:
            spot |= {"lanes": self.lane_by, "folded": list(self.board.folded)[:FOLDED_MOST]}
        return spot

    def come_back(self, spot: Spot) -> None:
        """Take the cursor to its card, or to where that stood; a person who has moved already is left alone."""
        if not spot or not self._laid_out or not self.board.is_mounted or not self.board.untouched:
            return
        if self.lane_by and text_of(spot, "lanes") == self.lane_by:
            self.board.fold(texts_of(spot, "folded"))
        card = text_of(spot, "card")
        self.board.come_back(card, text_of(spot, "column"), number_of(spot, "row"), number_of(spot, "top"))
        self.follow_cursor()

    def show_today(self) -> None:
        """Count days from another today."""
        self.board.today = self.boat.store.today()
        super().show_today()

    def _source(self) -> StoreSource:
        return StoreSource(
            self._boat.store, self.directory, self.where, lane_by=self.lane_by, conflicts=self.with_conflicts
        )

    def teaching(self) -> list[Entry]:
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

    # The filter

    def narrow(self, text: str) -> None:
        """Show the cards that a query leaves."""
        self.where = self.attempt(text)
        self.refresh_source()

    def left_words(self) -> str:
        """Return how many cards the filter leaves."""
        total = self._source().total()
        return ngettext("{count} card", "{count} cards", total).format(count=total)

    # Saved views

    def kept_layout(self) -> dict[str, str]:
        """Return the query and the swimlanes."""
        held = {"query": self.filter_text, "lanes": self.lane_by}
        return {"kind": "board", **{name: value for name, value in held.items() if value}}

    def apply_layout(self, layout: Mapping[str, str]) -> list[str]:
        """Show the query and the swimlanes that a view keeps."""
        lanes = layout.get("lanes", "")
        known = lanes in LANE_KINDS
        self.lane_by = lanes if known else ""
        wrong = self.apply_query(layout.get("query", ""))
        return wrong if known else [*wrong, _("There are no swimlanes “{name}”.").format(name=lanes)]
