"""The trash: what anybody deleted, of every kind, and the way back out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.trash_rows import MOST, TRASHABLE, trash_count, trash_rows
from tui.bindings import bindings
from tui.i18n import N_, _
from tui.screens.tab import Tab
from tui.theme import glyph
from tui.widgets.days import moment_words
from tui.widgets.listing import Fact, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.database import Store
    from store.trash_rows import Trashed

NO_TITLE = "—"  # an absence need not say why


class TrashTab(Tab):
    """Lists what was deleted last first; whatever is taken out of it is where it was before."""

    SCOPE = "trash"
    LABEL = N_("Trash")
    KINDS = TRASHABLE
    TELLS = ("restore",)
    NO_CARD = N_("The trash is empty")
    BINDINGS = bindings(SCOPE)

    @staticmethod
    def count(store: Store) -> int:
        """Return nothing: the trash waits for nobody."""
        return 0

    def read(self) -> Sequence[Row]:
        """Return what is in the trash, as much of it as is listed."""
        now = self.store.now()
        return [self._row(one, now) for one in trash_rows(self.store)]

    def _row(self, one: Trashed, now: int) -> Row:
        kind, when = _(schema.KINDS[one.kind].label), moment_words(one.at, now)
        facts = (Fact(kind), Fact(when), Fact(self.directory.member(one.by)))
        mark = glyph("private") if one.private else " "
        return Row(one.id, one.title or NO_TITLE, one.short, mark, facts=facts)

    def teaching(self) -> Sequence[str]:
        """Say what comes here, and that it stays."""
        return (
            _("The trash is empty."),
            "",
            _("{trash} puts here what is under the cursor, of whatever kind.").format_map(self.key_names),
            _("It stays until somebody takes it out again: nothing is ever deleted for good."),
        )

    def standing(self) -> str:
        """Say that not all of it is listed."""
        if len(self.list.rows) < MOST:
            return ""
        count = trash_count(self.store)
        return _("the last {shown} of {count}").format(shown=MOST, count=count) if count > MOST else ""

    def idle(self) -> Collection[str]:
        """Return what there is no use for here."""
        return ("pick_today",)

    # What its keys do

    def action_trash_go(self) -> None:
        """Take it out and go to where it has its place."""
        card = self.card
        if card is None:
            self.say_no_card()
        elif self.change("restore", [card.id], lambda change: change.restore(card.id), said=_("restored")):
            self.desk.boat.show_at_home(card.id)

    def action_trash_show(self) -> None:
        """Show the trash from its top: for who comes here by name."""
        self.to_top()
