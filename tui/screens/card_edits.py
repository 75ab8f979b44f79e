"""The board's keys that change cards: the selected ones, else the one under the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from store import queries, schema
from tui.actions import ACTIONS
from tui.i18n import _
from tui.screens.board_frame import BoardFrame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.commands import Change
    from store.queries import Card


def _move_to(desk: CardEdits, cards: Sequence[Card], *, status: str) -> None:
    desk.write(cards, {"item": "place"}, status)


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
        self.move_across(self.targets(), -self.boat.count)

    def action_move_right(self) -> None:
        """Move to the column on the right."""
        self.move_across(self.targets(), self.boat.count)

    def action_move_up(self) -> None:
        """Move above the card above."""
        self.move_along(self.targets(), -self.boat.count)

    def action_move_down(self) -> None:
        """Move below the card below."""
        self.move_along(self.targets(), self.boat.count)

    def move_across(self, cards: Sequence[Card], by: int) -> None:
        """Move by columns, at most to the last one; conflicts by states."""
        conflicts = [card for card in cards if card.kind == "conflict"]
        items = [card.id for card in cards if card.kind == "item"]
        if items:
            statuses = list(self.directory.statuses)
            here = next(card.status for card in cards if card.kind == "item")
            column = self.board.column_at(by) if not conflicts else None
            if column is None or column.id not in statuses:
                place = statuses.index(here) + by if here in statuses else 0
                if abs(by) > 1:
                    place = min(max(place, 0), len(statuses) - 1)
                if not 0 <= place < len(statuses) or statuses[place] == here:
                    self.say(_("There is no column on that side."))
                    return
                to = statuses[place]
            else:
                to = column.id
            if self._to_status(items, to):
                self.note_change(_(ACTIONS["set_status"].label), ("item",), partial(_move_to, status=to))
        if conflicts:
            self._step_state(conflicts, by)

    def _to_status(self, ids: Sequence[str], status: str) -> bool:
        def work(change: Change) -> None:
            for ent in reversed(ids):
                change.move(ent, status)

        return self.change("move", ids, work, said="→ " + self.directory.status(status))

    def _step_state(self, cards: Sequence[Card], by: int) -> None:
        order = list(schema.CONFLICT_STATES)
        changes = {}
        for card in cards:
            place = order.index(card.state) + by if card.state in order else 0
            if abs(by) > 1:
                place = min(max(place, 0), len(order) - 1)
            if 0 <= place < len(order) and order[place] != card.state:
                changes[card.id] = order[place]
        if not changes:
            self.say(_("There is no state on that side."))
            return

        def work(change: Change) -> None:
            for ent, state in changes.items():
                change.set(ent, {"state": state})

        states = {_(state) for state in changes.values()}
        self.change("set", list(changes), work, said="→ " + ", ".join(sorted(states)))

    def move_along(self, cards: Sequence[Card], by: int) -> None:
        """Move up or down by so many cards, at most to the end of the column."""
        column = self.board.column
        if column is None or column.id == queries.CONFLICTS:
            self.say(_("Conflicts are ordered by their severity and age."))
            return
        ids = [card.id for card in cards if card.kind == "item"]
        anchor = self._beyond(ids, by)
        if anchor is None or not ids:
            return

        def work(change: Change) -> None:
            before, after = (anchor.id, None) if by < 0 else (None, anchor.id)
            for ent in ids:
                change.move(ent, column.id, before=before, after=after)
                before, after = None, ent

        self.change("move", ids, work)

    def _beyond(self, ids: Sequence[str], by: int) -> Card | None:
        """Return the card to move past: so many places on, those that move left out, else the last there is."""
        way, left = (1 if by > 0 else -1), abs(by)
        anchor, step = None, way
        while left and (card := self.board.card_at(step)) is not None:
            if card.id not in ids:
                anchor, left = card, left - 1
            step += way
        return anchor

    # Without a question

    def clear_selection(self) -> None:
        """Deselect everything."""
        self.board.clear_selection()
