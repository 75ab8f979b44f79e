"""The list's frame: what stands where, what is shown of the store, and what is asked again when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.table_order import GROUPS, Spec, TableOrder, sortable
from tui.actions import LISTING
from tui.bindings import bindings
from tui.i18n import _, ngettext
from tui.palette import KeyNames
from tui.screens.card_choices import CardBench, CardChoices
from tui.screens.hints import hints
from tui.screens.table_columns import column, read_columns
from tui.screens.table_source import StoreTable
from tui.widgets.detail import DetailView, Entry, plain_entries
from tui.widgets.header import LIST
from tui.widgets.table import TableView

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from textual.app import ComposeResult

    from store.changes import ChangeSet
    from store.rows import Card
    from tui.app import SameboatApp
    from tui.widgets.footer import Hint

# Kinds whose changes may put rows elsewhere: what columns refer to is ordered by its name or its place.
ORDERING = ("department", "member", "status", "goal", "workspace")


class ListTable(TableView):
    """The table of the list, with its keys."""

    SCOPE = "list"
    BINDINGS = bindings(SCOPE, target="screen")


class ListBench(CardBench):
    """The table and the details beside it."""

    DEFAULT_CSS = "ListBench.-narrow.-reading ListTable { display: none; }"


class ListFrame(CardChoices):
    """Shows items in rows and columns, and the details of the one under the cursor."""

    SCOPE = "list"
    PLACE = LIST
    GROUP = LISTING
    DEFAULT_CSS = "ListFrame { layers: base over; background: $background; }"

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat)
        config = boat.config
        self.beside = False  # the columns keep their width until the details are asked for
        self.columns, _unknown = read_columns(config.get("list_columns"))
        self.spec = read_spec(config.get("list_sort"), config.get("list_group"))
        self.folded: set[str] = set()
        self.order = TableOrder(boat.store, self.spec)
        self.table = ListTable()
        self._details = DetailView()
        self._bench = ListBench(self.table, self._details)
        self._source = self._made_source()

    def compose(self) -> ComposeResult:
        """Lay out the table and the details between the lines."""
        yield self.header
        yield self.banners
        yield self._bench
        yield self.footer

    def on_mount(self) -> None:
        """Give the keys to the table."""
        self.refresh_table()
        if self.table.line is not None and self.table.line.heading:
            self.table.home()
        self.table.focus()
        self.fit()

    # What the details and capture ask

    @property
    def cards_view(self) -> ListTable:
        """The table."""
        return self.table

    @property
    def details(self) -> DetailView:
        """The pane."""
        return self._details

    @property
    def workbench(self) -> ListBench:
        """The table and the pane."""
        return self._bench

    @property
    def card(self) -> Card | None:
        """The item under the cursor."""
        return queries.card(self.boat.store, self.table.key) if self.table.key else None

    @property
    def target_ids(self) -> Collection[str]:
        """The selected items, else the one under the cursor."""
        return self.table.targets

    def targets(self) -> list[Card]:
        """Return the selected items, else the one under the cursor."""
        return self.fetch(tuple(self.table.targets))

    def hints_now(self) -> Sequence[Hint]:
        """Return the keys worth their room: enter edits the cell, and does not open the details as elsewhere."""
        without = ("open",) if self.scope == self.SCOPE else ()
        return hints(self.boat.keymap, self.scope, without=without)

    def standing(self) -> str:
        """Say how many are selected, else how many there are."""
        count = len(self.table.selected)
        if count:
            return ngettext("{count} selected", "{count} selected", count).format(count=count)
        return self.left_words()

    def remember_details(self) -> None:
        """Keep nothing: the next list has its full width again."""

    def teaching(self) -> list[Entry]:
        """Say nothing beside the table: while it is empty, it teaches by itself."""
        return plain_entries([], self.details.text_width)

    def _hint(self) -> str:
        if self.filter_text:
            return self.nothing_left
        return _(
            "Nothing here yet.\n\n{add} adds an item in one line: what, @owner, ^due, !priority, #label.\n"
            "{help} shows all keys."
        ).format_map(KeyNames(self.boat.keymap))

    # What is shown

    def _made_source(self) -> StoreTable:
        return StoreTable(
            self.boat.store,
            self.directory,
            self.order.sections(self.where),
            group=self.spec.group,
            names=self.columns,
            folded=self.folded,
        )

    def refresh_table(self, *, key: str = "") -> None:
        """Show the table as it is now; the cursor stays on its item, or goes to one that is named."""
        self._source = self._made_source()
        self.table.hint = self._hint()
        self.table.show(self._source, [column(name, self.spec) for name in self.columns], key=key)
        self.show_hints()

    def sort_by(self, spec: Spec) -> None:
        """Sort and divide another way."""
        if spec != self.spec:
            if spec.group != self.spec.group:
                self.folded = set()
            self.spec = spec
            self.order = TableOrder(self.boat.store, spec)
            self.boat.remember("list_sort", written_sort(spec))
            self.boat.remember("list_group", spec.group)
        self.refresh_table()

    def show_columns(self, names: tuple[str, ...]) -> None:
        """Show other columns, or the same in another order."""
        self.columns = names
        self.boat.remember("list_columns", " ".join(names))
        self.refresh_table()

    def narrow(self, text: str) -> None:
        """Show the items that a query leaves."""
        self.where = self.attempt(text)
        self.refresh_table()
        self.follow_cursor()

    def left_words(self) -> str:
        """Return how many items the filter leaves."""
        count = self._source.count
        return ngettext("{count} item", "{count} items", count).format(count=count)

    def kept_layout(self) -> dict[str, str]:
        """Return the query, the order, what divides the list and its columns."""
        held = {"query": self.filter_text, "group": self.spec.group, "sort": written_sort(self.spec)}
        held["columns"] = " ".join(self.columns)
        return {"kind": "list", **{name: value for name, value in held.items() if value}}

    def apply_layout(self, layout: Mapping[str, str]) -> list[str]:
        """Show what a view keeps; a field that no longer exists is passed over and said."""
        self.columns, unknown = read_columns(layout.get("columns", ""))
        sort, group = layout.get("sort", ""), layout.get("group", "")
        spec = read_spec(sort, group)
        wrong = [_("There is no column “{column}” any more.").format(column=name) for name in unknown]
        if written_sort(spec) != sort:
            wrong.append(_("The list cannot be sorted by {column}.").format(column=sort))
        if spec.group != group:
            wrong.append(_("There are no groups by “{name}”.").format(name=group))
        self.spec, self.folded = spec, set()
        self.order = TableOrder(self.boat.store, spec)
        return [*self.apply_query(layout.get("query", "")), *wrong]

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed; the cursor stays on its item."""
        if changes.touches(*ORDERING):
            self.order.read()
        elif changes.touches("item"):
            self.order.moved(changes.ids("item"))
        if changes.touches("item", "comment", *ORDERING):
            self.refresh_table()
        super().absorb(changes)
        self.show_details()

    def relabel(self) -> None:
        """Show everything in another language."""
        self.refresh_table()
        super().relabel()

    def show_today(self) -> None:
        """Count days from another today."""
        self.refresh_table()
        super().show_today()

    def begin_at(self, ent: str) -> None:
        """Put the cursor on what it was on where one came from, unfolding what hides it."""
        if self.is_mounted:
            self.seek(ent)
        else:
            self.call_after_refresh(self.seek, ent)

    def seek(self, ent: str) -> bool:
        """Put the cursor on an item; tells whether it shows."""
        if self.table.go_to(ent):
            self.follow_cursor()
            return True
        if self.folded:
            self.folded.clear()
            self.refresh_table()
            return self.table.go_to(ent)
        return False

    def show_reversed(self, changes: ChangeSet) -> None:
        """Put the cursor on the one item that was undone or redone."""
        found = changes.ids("item")
        if len(found) == 1:
            self.seek(next(iter(found)))

    def show_made(self, ent: str) -> bool:
        """Put the cursor on what was just made; tells whether it shows here."""
        shown = self.seek(ent)
        self.show_details()
        return shown

    def hidden_words(self) -> str:
        """Return the sentence for something that was made and does not show here."""
        return "{what}"


def read_spec(sort: str, group: str) -> Spec:
    """Return what a setting or a view says of the order; what it names that is no field counts for nothing."""
    name = sort.removeprefix("-")
    known = sortable(name) and bool(name)
    return Spec(name if known else "", sort.startswith("-") and known, group if group in GROUPS else "")


def written_sort(spec: Spec) -> str:
    """Return the sort as a setting or a view holds it."""
    return f"-{spec.sort}" if spec.descending and spec.sort else spec.sort
