"""What every tab of the team screen has besides what tabs have: more to say of a card, and the plan behind loads."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from store import queries
from tui.bindings import bindings
from tui.screens.tab import Tab

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.commands import Change
    from store.rows import Card
    from tui.screens.team.planned import Planned
    from tui.screens.team.screen import TeamScreen


class TeamTab(Tab):
    """A tab of the team screen."""

    BINDINGS = bindings("team", target="screen")

    def __init__(self) -> None:
        super().__init__()
        self.list.fills = True

    def said_of(self, card: Card) -> Sequence[str]:
        """Return the lines that stand above the fields of a card."""
        return ()

    @property
    def planned(self) -> Planned:
        """The plan behind loads."""
        return cast("TeamScreen", self.screen).planned

    @property
    def list_width(self) -> int:
        """How many cells the list has, as far as that is known yet."""
        return self.list.size.width or 78

    def of_kind(self, kind: str) -> list[Card]:
        """Return the targets of one kind."""
        return [card for card in self.targets() if card.kind == kind]

    def make(self, work: Callable[[Change], str], *, said: str) -> bool:
        """Make something that has no card yet, say so, and put the cursor on it; tells whether it was made."""
        made: list[str] = []
        if self.desk.boat.perform("add", lambda change: made.append(work(change)), detail=said) is None:
            return False
        self.show()
        if made and queries.card(self.store, made[0]):
            self.list.go_to(made[0])
            self.desk.show_details()
        self.desk.say_done(said)
        return True
