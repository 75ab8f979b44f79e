"""The conflicts tab: every disagreement between departments, the open ones first, the longest unsettled on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries, schema
from tui.bindings import bindings
from tui.i18n import N_, _
from tui.screens.feedback.tab import Tab
from tui.theme import glyph
from tui.widgets.days import distance_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.database import Store
    from store.rows import Card


class ConflictsTab(Tab):
    """Lists conflicts by state and age."""

    SCOPE = "conflicts"
    LABEL = N_("Conflicts")
    KINDS = ("conflict",)
    BINDINGS = bindings(SCOPE)

    @staticmethod
    def count(store: Store) -> int:
        """Return how many are open."""
        return queries.conflict_count(store)

    def read(self) -> Sequence[Row]:
        """Return the open conflicts by severity, then those that are closed."""
        found = queries.matching(self.store, "conflict")
        waiting = [card for card in found if card.state in schema.OPEN_CONFLICT_STATES]
        over = [card for card in found if card.state not in schema.OPEN_CONFLICT_STATES]
        rows = [self._row(card) for card in waiting]
        if over:
            rows += [Row("", _("closed")), *(self._row(card) for card in over)]
        return rows

    def teaching(self) -> Sequence[str]:
        """Say how a conflict is logged."""
        return (
            _("No conflict is logged."),
            "",
            _("{log_conflict} logs one in a line: dept>dept what about.").format_map(self.key_names),
        )

    def _row(self, card: Card) -> Row:
        sides = f" {glyph('conflict')} ".join(
            self.directory.department(side) for side in self.directory.in_order(card.parties)
        )
        today = self.store.today()
        day = distance_words(card.follow_up, today) if card.follow_up and card.state != "closed" else ""
        late = bool(card.follow_up) and card.follow_up < today.isoformat() and card.state != "closed"
        facts = (
            Fact(sides), Fact(_(card.state) if card.state else ""), Fact(day, "$text-error" if late else MUTED)
        )  # fmt: skip
        mark = f"▲{card.severity}" if card.severity else "  "
        return Row(card.id, card.title, card.short, mark, "$text-warning", facts)

    def action_conflict_state(self) -> None:
        """Move the conflicts chosen to a state."""
        self.desk.choose(self.targets(), {"conflict": "state"})
