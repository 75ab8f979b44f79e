"""A screen of tabs: one at a time in sight, each with its list and the details of what is under its cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical

from store.lookup import kind_of
from tui.bindings import bindings
from tui.i18n import ngettext
from tui.left_off import number_of, text_of
from tui.screens.hints import hints
from tui.screens.row_keys import RowKeys
from tui.widgets.detail import Entry, plain_entries
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.dom import DOMNode
    from textual.widget import Widget

    from store.changes import ChangeSet
    from store.rows import Card
    from tui.app import SameboatApp
    from tui.left_off import Spot
    from tui.screens.tab import Tab
    from tui.widgets.detail import DetailView
    from tui.widgets.footer import Hint
    from tui.widgets.listing import ListingView


class TabbedScreen(RowKeys):
    """Goes from tab to tab; what a tab's keys do is the tab's.

    A subclass declares `PLACE`, `GROUP`, `TABS` and `HELD`, the setting that remembers which tab was shown last.
    """

    TABS: ClassVar[Sequence[type[Tab]]] = ()
    HELD: ClassVar[str] = ""
    BINDINGS = bindings("tabs")
    DEFAULT_CSS = """
    TabbedScreen { layers: base over; background: $background; }
    TabbedScreen #tabs { height: 1fr; }
    """

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat)
        self._tabs: list[Tab | None] = [None] * len(self.TABS)
        names = [tab.NAME or tab.SCOPE for tab in self.TABS]
        held = boat.config.get(self.HELD)
        self._here = names.index(held) if held in names else 0
        self._left: Spot = {}  # where tabs were left that were not gone to yet
        self._sought = ""  # what the cursor is to begin at
        self.bar = TabBar([(tab.LABEL, tab.SHORT_LABEL or tab.LABEL) for tab in self.TABS])
        self.body = Vertical(id="tabs")

    @property
    def SCOPE(self) -> str:  # type: ignore[override]
        """The scope of the tab shown."""
        return self.TABS[self._here].SCOPE

    def compose(self) -> ComposeResult:
        """Lay out the tabs' line above the tab."""
        yield self.header
        yield self.bar
        yield self.banners
        with self.body:
            yield self.tab
        yield self.footer

    def on_mount(self) -> None:
        """Show the tab that was shown last, or the one that shows what one came for."""
        self._show_tab()
        if self._sought and self.tab.seek(self._sought):
            self.show_details()

    def spot(self) -> Spot:
        """Return the row under the cursor and the first in sight of every tab that was gone to."""
        spot = dict(self._left)
        for tab in self._tabs:
            if tab is not None and tab.is_attached and tab.list.rows:
                spot[tab.SCOPE] = list(tab.list.standing())
        return spot

    def come_back(self, spot: Spot) -> None:
        """Take each tab's cursor to where it was left, when the tab is gone to."""
        self._left = {name: held for name, held in spot.items() if isinstance(held, list) and len(held) == 3}

    def _come_back_to_tab(self) -> None:
        held = self._left.pop(self.tab.SCOPE, None)
        if held is not None and self.tab.list.rows:
            row = {"key": held[0], "index": held[1], "top": held[2]}
            self.tab.list.come_back(text_of(row, "key"), number_of(row, "index"), number_of(row, "top"))

    # The tabs

    @property
    def tab(self) -> Tab:
        """The tab shown, made when it is first gone to."""
        tab = self._tabs[self._here]
        if tab is None:
            tab = self._tabs[self._here] = self.TABS[self._here]()
        return tab

    async def action_next_tab(self) -> None:
        """Go to the tab on the right."""
        await self.go_to_tab((self._here + 1) % len(self.TABS))

    async def action_previous_tab(self) -> None:
        """Go to the tab on the left."""
        await self.go_to_tab((self._here - 1) % len(self.TABS))

    async def show_tab(self, scope: str) -> None:
        """Show the tab that has these keys, or this name; keys of every tab leave the one that is shown."""
        for index, tab in enumerate(self.TABS):
            if scope in (tab.NAME, tab.SCOPE):
                await self.go_to_tab(index)
                return

    async def go_to_tab(self, index: int) -> None:
        """Show a tab."""
        if index == self._here:
            return
        self.tab.display = False
        self._here = index
        self.boat.remember(self.HELD, self.TABS[index].NAME or self.TABS[index].SCOPE)
        tab = self.tab
        tab.display = True
        if not tab.is_attached:
            await self.body.mount(tab)
        if self.filter_text:
            await self.action_clear_filter()
        self._show_tab()

    async def on_tab_bar_pressed(self, event: TabBar.Pressed) -> None:
        """Go to the clicked tab."""
        event.stop()
        await self.go_to_tab(event.index)

    def _show_tab(self) -> None:
        self.in_history = False
        self.reading = False
        self.tab.show()
        self._come_back_to_tab()
        self.show_tab_counts()
        self.fit()
        self.tab.list.focus()
        self.show_details()
        self.show_hints()

    def show_tab_counts(self) -> None:
        """Show beside each tab's name what it counts."""
        counts = [
            self.tab.counted() if index == self._here else tab.count(self.boat.store)
            for index, tab in enumerate(self.TABS)
        ]
        self.bar.show(self._here, counts)

    # The filter

    def narrow(self, text: str) -> None:
        """Show the rows of the tab that a query leaves."""
        self.tab.narrow(self.meaning(text) if text else None)
        self.show_details()

    def left_words(self) -> str:
        """Return how many rows the filter leaves."""
        count = sum(1 for row in self.tab.list.rows if row.key)
        return ngettext("{count} row", "{count} rows", count).format(count=count)

    # What the details and capture ask

    @property
    def cards_view(self) -> ListingView:
        """The list of the tab."""
        return self.tab.list

    @property
    def details(self) -> DetailView:
        """The pane of the tab."""
        return self.tab.details

    @property
    def workbench(self) -> Widget:
        """The tab."""
        return self.tab

    @property
    def card(self) -> Card | None:
        """What is under the cursor."""
        return self.tab.card

    def targets(self) -> list[Card]:
        """Return what is selected, else what is under the cursor."""
        return self.tab.targets()

    @property
    def no_card(self) -> str:
        """What the tab says where nothing is under the cursor."""
        return self.tab.no_card

    def owner_of(self, scope: str) -> DOMNode:
        """Return the tab for its own keys, the screen for the others."""
        return self.tab if scope == self.tab.SCOPE else self

    def hints_now(self) -> Sequence[Hint]:
        """Return the keys worth their room: in the details those of the tab too."""
        tab = self.tab
        besides = tab.SCOPE if self.scope == "detail" else ""
        return hints(
            self.boat.keymap,
            self.scope,
            besides=besides,
            writes=(tab.WRITES,),
            also=tab.TELLS,
            without=tab.idle(),
        )

    def standing(self) -> str:
        """Say how many are selected, else what the tab has to say."""
        count = len(self.tab.list.selected)
        if not count:
            return self.tab.standing()
        return ngettext("{count} selected", "{count} selected", count).format(count=count)

    def teaching(self) -> list[Entry]:
        """Say what the list has no room to say: while it is empty, it teaches by itself."""
        if not self.tab.list.rows:
            return []
        return plain_entries(list(self.tab.teaching()), self.details.text_width)

    def begin_at(self, ent: str) -> None:
        """Put the cursor on what it was on where one came from, in the tab one goes to for things of its kind."""
        kind = kind_of(self.boat.store, ent)
        index = next((index for index, tab in enumerate(self.TABS) if kind in tab.SHOWS), self._here)
        if not self.is_mounted:
            self._here, self._sought = index, ent
        elif index != self._here:
            self.call_later(self._go_and_seek, index, ent)
        elif self.tab.seek(ent):
            self.show_details()

    async def _go_and_seek(self, index: int, ent: str) -> None:
        await self.go_to_tab(index)
        if self.tab.seek(ent):
            self.show_details()

    def show_reversed(self, changes: ChangeSet) -> None:
        """Put the cursor on the one thing that was undone or redone, where the tab lists it."""
        listed = {row.key for row in self.tab.list.rows if row.key}
        found = changes.ids() & listed
        if len(found) == 1:
            self.show_made(found.pop())

    def show_made(self, ent: str) -> bool:
        """Put the cursor on what was just made; tells whether the tab shows it."""
        shown = self.tab.list.go_to(ent)
        self.show_details()
        return shown

    def hidden_words(self) -> str:
        """Return the sentence for something that another tab, or the board, shows."""
        return "{what}"

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed; tabs out of sight are read when they are gone to."""
        super().absorb(changes)
        self.tab.absorb(changes)
        self.show_tab_counts()
        self.show_details()
        self.show_hints()

    def relabel(self) -> None:
        """Show everything in another language."""
        self.bar.refresh()
        self.tab.show()
        super().relabel()

    def on_cursor_lines_opened(self) -> None:
        """Go into the details of what was clicked."""
        self.read_details()

    # Keys that every tab has

    def action_edit_title(self) -> None:
        """Edit the title, unless the tab has something under its cursor that is no card."""
        if not self.tab.rename():
            super().action_edit_title()

    def action_trash(self) -> None:
        """Move to the trash, unless the tab has something under its cursor that is no card."""
        if not self.tab.trash():
            super().action_trash()

    async def action_leave(self) -> None:
        """Deselect, then leave the details, then clear the filter."""
        if self.tab.list.selected:
            self.clear_selection()
        elif self.reading:
            self.leave_details()
        elif self.filter_text:
            await self.action_clear_filter()
        else:
            self.tab.leave()
