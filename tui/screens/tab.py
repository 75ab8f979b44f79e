"""A tab of a screen of tabs: a list, the details of what is under its cursor, and the keys that work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.message import Message

from store import queries
from store.errors import StoreError
from tui.actions import NO_CARD
from tui.i18n import _
from tui.palette import KeyNames
from tui.screens.choices import Choice
from tui.screens.desk import Workbench
from tui.widgets.detail import DetailView
from tui.widgets.listing import ListingView

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from textual.app import ComposeResult

    from store.changes import ChangeSet
    from store.commands import Change
    from store.database import Store
    from store.query_ast import Node
    from store.rows import Card
    from tui.screens.directory import Directory
    from tui.screens.tabbed import TabbedScreen
    from tui.widgets.listing import Row


class TabList(ListingView):
    """The list of a tab; it says when it is wider or narrower than before, as beside the details."""

    class Resized(Message):
        """The list has another width."""

    def __init__(self) -> None:
        super().__init__()
        self._wide = 0

    def on_resize(self) -> None:
        """Have what depends on the width made anew."""
        if self._wide != self.size.width:
            self._wide = self.size.width
            self.post_message(self.Resized())


class Tab(Workbench):
    """Reads rows, teaches what to press while there are none, and does what its keys say to the rows chosen.

    A subclass declares `SCOPE` (with `BINDINGS = bindings(SCOPE)`), `LABEL` (and `SHORT_LABEL` for a narrow line),
    `KINDS` (whose changes are read again), `SHOWS` (those one goes to it for), `WRITES` (the action that writes down
    what it lists) and `TELLS` (those of `hints.TOLD_BY_ONE` that its bottom line shows), and has `read` and `count`.
    """

    SCOPE: ClassVar[str] = ""
    NAME: ClassVar[str] = ""  # what the tab is remembered by where several have the same keys
    LABEL: ClassVar[str] = ""
    SHORT_LABEL: ClassVar[str] = ""
    KINDS: ClassVar[tuple[str, ...]] = ()
    SHOWS: ClassVar[tuple[str, ...]] = ()
    WRITES: ClassVar[str] = ""
    TELLS: ClassVar[tuple[str, ...]] = ()
    NO_CARD: ClassVar[str] = NO_CARD
    DEFAULT_CSS = """
    Tab { height: 1fr; }
    Tab.-narrow.-reading TabList { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.list = TabList()
        self.details = DetailView()
        self._asked: Node | None = None  # what the filter in force asks

    def compose(self) -> ComposeResult:
        """Lay out the list and the details."""
        yield self.list
        yield self.details

    def on_tab_list_resized(self, event: TabList.Resized) -> None:
        """Fit the rows to the list's width."""
        event.stop()
        self.refit()

    # What a subclass has

    def read(self) -> Sequence[Row]:
        """Return the rows as the store has them now."""
        raise NotImplementedError

    @staticmethod
    def count(store: Store) -> int:
        """Return what the tab counts beside its name: what waits for somebody. Asked of tabs out of sight too."""
        raise NotImplementedError

    def counted(self) -> int:
        """Return the same of the tab in sight, from what it has read where that tells."""
        return self.count(self.store)

    def teaching(self) -> Sequence[str]:
        """Return the lines that say what to press while there is nothing to show."""
        return ()

    def standing(self) -> str:
        """Return what the bottom line says all the while."""
        return ""

    def rename(self) -> bool:
        """Edit the title of what is under the cursor where it is no card, and tell whether it was none."""
        return False

    def trash(self) -> bool:
        """Take what is under the cursor away where it is no card, and tell whether it was none."""
        return False

    def leave(self) -> bool:
        """Go back to everything where only a part is shown; tells whether it was."""
        return False

    @property
    def no_card(self) -> str:
        """What to say where nothing is under the cursor, with ids of actions for their keys."""
        return self.NO_CARD

    def refit(self) -> None:
        """Make anew what depends on the width of the list."""

    def idle(self) -> Collection[str]:
        """Return the actions that do nothing as things stand: the bottom line has no room for them."""
        return ()

    def say_no_card(self) -> None:
        """Say that nothing is under the cursor."""
        self.say(_(self.no_card).format_map(self.key_names))

    def seek(self, ent: str) -> bool:
        """Put the cursor on a thing, unfolding what hides it; tells whether it shows."""
        return self.list.go_to(ent)

    def noted(self, note: Callable[[], object]) -> bool:
        """Write down how far one has looked; tells whether it was, and says why where not."""
        from tui.sentences import sentence

        try:
            note()
        except StoreError as error:
            self.say(sentence(error), error=True)
            return False
        return True

    # Where it stands

    @property
    def desk(self) -> TabbedScreen:
        """The screen, by its own type."""
        return cast("TabbedScreen", self.screen)

    @property
    def store(self) -> Store:
        """The workspace."""
        return self.desk.boat.store

    @property
    def directory(self) -> Directory:
        """The names of the workspace."""
        return self.desk.directory

    @property
    def key_names(self) -> KeyNames:
        """Fills `{action}` in a sentence with its key."""
        return KeyNames(self.desk.boat.keymap)

    @property
    def card(self) -> Card | None:
        """What is under the cursor."""
        return queries.card(self.store, self.list.key) if self.list.key else None

    def targets(self) -> list[Card]:
        """Return what is selected, else what is under the cursor."""
        return self.desk.fetch(tuple(self.list.targets))

    def show(self) -> None:
        """Read and show the rows anew, those that the filter leaves; the cursor stays."""
        rows = self.read()
        self.list.show(self._left(rows))
        if self._asked is not None and not self.list.rows and (elsewhere := self._elsewhere(self._asked)):
            self.list.hint = f"{self.desk.nothing_left}\n\n{elsewhere}"
        elif rows and not self.list.rows:
            self.list.hint = self.desk.nothing_left
        else:
            self.list.hint = "\n".join(self.teaching())

    def _elsewhere(self, asked: Node) -> str:
        from store.search import looks_into_trash

        if not looks_into_trash(asked):
            return ""
        return _("What was deleted is listed on the trash's tab of {show_changes}.").format_map(
            self.key_names
        )

    def to_top(self) -> None:
        """Show other rows, from their first."""
        self.show()
        self.list.home()
        self.desk.show_details()
        self.desk.show_hints()

    def narrow(self, asked: Node | None) -> None:
        """Show what matches a query's meaning, everything where there is none."""
        self._asked = asked
        self.show()

    def _left(self, rows: Sequence[Row]) -> Sequence[Row]:
        if self._asked is None:
            return rows
        from store.narrowing import matching_among
        from tui.screens.left_rows import left_rows

        keys = [row.key for row in rows if row.key]
        found, unknown = matching_among(self.store, self._asked, keys, self.store.today())
        return left_rows(rows, found, unknown, self._asked)

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed."""
        if changes.touches(*self.KINDS, "department", "member", "comment", "check"):
            self.show()

    def change(
        self, label: str, ids: Sequence[str], work: Callable[[Change], object], *, said: str = ""
    ) -> bool:
        """Do one change to the store, one undo; says what was done to what, and returns whether it was."""
        return self.desk.change(label, ids, work, said=said)

    def say(self, text: str, *, error: bool = False) -> None:
        """Say something on the bottom line for a few seconds."""
        self.desk.say(text, error=error)

    def ask_line(self, title: str, answered: Callable[[str], None], *, value: str = "") -> None:
        """Ask for one line; `answered` gets what was typed, and nothing is called where it was left."""
        from tui.screens.asking import Ask

        def done(text: str | None) -> None:
            if text is not None:
                answered(text)

        self.app.push_screen(Ask(title, value), done)

    def ask(self, title: str, choices: Sequence[Any], picked: Callable[[Any], None], **asked: Any) -> None:
        """Open a list to choose from; see `Picker`."""
        self.desk.ask(title, choices, picked, **asked)

    def card_choice(self, card: Card) -> Choice:
        """Return a card to choose: its title, found by its short id too, beside how far it has come."""
        detail = self.directory.status(card.status) if card.kind == "item" else _(card.state)
        return Choice(card.id, f"{card.short} {card.title}", detail, (card.short,))
