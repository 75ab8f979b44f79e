"""The board's keys that change cards: the selected ones, else the one under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries, schema
from tui.i18n import _
from tui.screens.board_frame import BoardFrame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.commands import Change
    from store.queries import Card


class CardEdits(BoardFrame):
    """Moves, assigns, labels, dates and deletes cards, one or many, each time as one undo."""

    def targets(self) -> list[Card]:
        """Return the selected cards, else the one under the cursor."""
        if not self.board.selected and self.card:
            return [self.card]
        return self.fetch(self.board.targets)

    # Moving

    def action_move_left(self) -> None:
        """Move to the column on the left."""
        self._move_across(-1)

    def action_move_right(self) -> None:
        """Move to the column on the right."""
        self._move_across(1)

    def action_move_up(self) -> None:
        """Move above the card above."""
        self._move_along(-1)

    def action_move_down(self) -> None:
        """Move below the card below."""
        self._move_along(1)

    def _move_across(self, by: int) -> None:
        cards = self.targets()
        conflicts = [card for card in cards if card.kind == "conflict"]
        items = [card.id for card in cards if card.kind == "item"]
        if items:
            column = self.board.column_at(by) if not conflicts else None
            statuses = list(self.directory.statuses)
            here = cards[0].status
            if column is None or column.id not in statuses:
                place = statuses.index(here) + by if here in statuses else 0
                if not 0 <= place < len(statuses):
                    self.say(_("There is no column on that side."))
                    return
                to = statuses[place]
            else:
                to = column.id
            self._to_status(items, to)
        if conflicts:
            self._step_state(conflicts, by)

    def _to_status(self, ids: Sequence[str], status: str) -> None:
        def work(change: Change) -> None:
            for ent in reversed(ids):
                change.move(ent, status)

        self.change("move", ids, work, said="→ " + self.directory.status(status))

    def _step_state(self, cards: Sequence[Card], by: int) -> None:
        order = list(schema.CONFLICT_STATES)
        changes = {}
        for card in cards:
            place = order.index(card.state) + by if card.state in order else 0
            if 0 <= place < len(order):
                changes[card.id] = order[place]
        if not changes:
            self.say(_("There is no state on that side."))
            return

        def work(change: Change) -> None:
            for ent, state in changes.items():
                change.set(ent, {"state": state})

        states = {_(state) for state in changes.values()}
        self.change("set", list(changes), work, said="→ " + ", ".join(sorted(states)))

    def _move_along(self, by: int) -> None:
        column = self.board.column
        if column is None or column.id == queries.CONFLICTS:
            self.say(_("Conflicts are ordered by their severity and age."))
            return
        ids = [card.id for card in self.targets() if card.kind == "item"]
        step = by
        anchor = self.board.card_at(step)
        while anchor is not None and anchor.id in ids:
            step += by
            anchor = self.board.card_at(step)
        if anchor is None or not ids:
            return

        def work(change: Change) -> None:
            before, after = (anchor.id, None) if by < 0 else (None, anchor.id)
            for ent in ids:
                change.move(ent, column.id, before=before, after=after)
                before, after = None, ent

        self.change("move", ids, work)

    # Without a question

    def clear_selection(self) -> None:
        """Deselect everything."""
        self.board.clear_selection()
