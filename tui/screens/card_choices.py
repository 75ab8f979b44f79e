"""The keys that choose one field of items and conflicts from a list, on the board and in the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.bindings import bindings
from tui.i18n import _
from tui.screens.desk import Workbench
from tui.screens.filtering import Filtering

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.commands import Change


class CardBench(Workbench):
    """Items, or conflicts, and the details beside them: where the keys that choose a field of them work."""

    BINDINGS = bindings("cards", target="screen")


class CardChoices(Filtering):
    """Moves, assigns, labels and dates the selected cards, else the one under the cursor, each time as one undo."""

    def action_set_status(self) -> None:
        """Move to a status; a conflict, to a state."""
        cards = self.targets()
        fields = {"item": "place"} if any(card.kind == "item" for card in cards) else {"conflict": "state"}
        self.choose(cards, fields)

    def action_assign(self) -> None:
        """Assign to somebody, or to nobody."""
        self.choose(self.targets(), {"item": "owner", "conflict": "decider"})

    def action_department(self) -> None:
        """Set the department of items, the parties of conflicts."""
        cards = self.targets()
        fields = (
            {"item": "department"} if any(card.kind == "item" for card in cards) else {"conflict": "parties"}
        )
        self.choose(cards, fields)

    def action_priority(self) -> None:
        """Set the priority of items, the severity of conflicts."""
        cards = self.targets()
        fields = (
            {"item": "priority"} if any(card.kind == "item" for card in cards) else {"conflict": "severity"}
        )
        self.choose(cards, fields)

    def action_label(self) -> None:
        """Put labels on, or take them off."""
        self.choose(self.targets(), {"item": "labels", "conflict": "labels"})

    def action_due(self) -> None:
        """Set the due day of items, the follow-up of conflicts."""
        self.choose(self.targets(), {"item": "due", "conflict": "follow_up"})

    def action_recur(self) -> None:
        """Let items come again, or choose what becomes of one of a series."""
        from tui.screens.repeating import Repeating

        ids = [card.id for card in self.targets() if card.kind == "item"]
        if not ids:
            self.say(_("This is nothing for a conflict."))
            return

        def change(label: str, ents: Sequence[str], work: Callable[[Change], object], said: str) -> bool:
            return self.change(label, ents, work, said=said)

        Repeating(self.boat.store, self.ask, change, self.boat.show_board).ask_what(ids)

    def action_set_goal(self) -> None:
        """Choose the goal that items serve, or that conflicts are about."""
        self.choose_goal(self.targets())
