"""What every screen one goes to with a key has: the top line, banners, the bottom line, and what actions ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import Reactive
from textual.screen import Screen

from store import queries
from store.news import unseen_count
from store.running import running
from tui.actions import NO_CARD
from tui.screens.hints import hints, place_keys
from tui.screens.terminal_size import FitsTerminal
from tui.widgets.banners import Banners
from tui.widgets.footer import Footer
from tui.widgets.header import Header

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from textual.dom import DOMNode
    from textual.widget import Widget

    from store.changes import ChangeSet
    from store.rows import Card
    from tui.app import SameboatApp
    from tui.left_off import Spot
    from tui.screens.directory import Directory
    from tui.widgets.footer import Hint


class Place(FitsTerminal, Screen[None]):
    """A screen one works at: `SCOPE` has its keys, `PLACE` is the action that leads to it, `GROUP` heads its help."""

    SCOPE = ""
    PLACE = ""
    GROUP = ""

    # A widget that gains or loses the keys paints itself; a screen's own `focused` would have all of it painted anew.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__()
        self._boat = boat
        self.filter_text = ""
        self.header = Header(queries.workspace_title(boat.store), place=self.PLACE)
        self.banners = Banners()
        self.footer = Footer()

    @property
    def boat(self) -> SameboatApp:
        """The app, by its own type."""
        return self._boat

    @property
    def directory(self) -> Directory:
        """The names of the workspace, which the board reads for all screens."""
        return self.boat.board_screen.directory

    def on_mount(self) -> None:
        """Say where one is and how sync stands."""
        self.header.show_keys(place_keys(self.boat.keymap))
        # The first frame tells how sync stands; what it would have to tell in a banner comes a moment later.
        self.header.show_sync(self.boat.sync_line(), self.boat.store.now())
        self.show_counts()
        self.show_hints()

    def on_screen_suspend(self) -> None:
        """Show no keys that do not work under what has opened."""
        self.footer.show_hints(())

    def on_screen_resume(self) -> None:
        """Show the keys of where one comes back to."""
        self.show_hints()

    def on_descendant_focus(self) -> None:
        """Show the keys that work now."""
        self.show_hints()

    # What actions ask

    @property
    def scope(self) -> str:
        """The scope of actions whose keys work now."""
        return getattr(self.focused, "SCOPE", "") or self.SCOPE

    def targets(self) -> list[Card]:
        """Return the selected cards, else the one under the cursor."""
        return []

    @property
    def target_ids(self) -> Collection[str]:
        """The ids of the targets."""
        return [card.id for card in self.targets()]

    @property
    def no_card(self) -> str:
        """What to say where there is no target, with ids of actions for their keys."""
        return NO_CARD

    def owner_of(self, scope: str) -> DOMNode:
        """Return what has the actions of a scope."""
        return self

    # What is shown

    def show_hints(self) -> None:
        """Show the keys of the scope in which one is."""
        self.footer.show_hints(self.hints_now(), self.standing_words())

    def hints_now(self) -> Sequence[Hint]:
        """Return the keys worth their room on the bottom line as things stand."""
        return hints(self.boat.keymap, self.scope)

    def standing(self) -> str:
        """Return what the bottom line says all the while, such as how many cards are selected."""
        return ""

    def standing_words(self) -> str:
        """Return that, and the clock that runs for something of one's day plan."""
        return " · ".join(part for part in (self.standing(), self.boat.clock_line()) if part)

    def show_counts(self) -> None:
        """Show in the header the open conflicts, divergences nobody has settled, and the meeting that runs."""
        self.header.show_conflicts(queries.conflict_count(self.boat.store))
        self.header.show_divergences(queries.divergence_count(self.boat.store))
        self.header.show_news(unseen_count(self.boat.store))
        meeting = running(self.boat.store)
        self.header.show_meeting(meeting[1] if meeting else None)

    def absorb(self, changes: ChangeSet) -> None:
        """Show what changed, whoever did it."""
        if changes.touches("workspace"):
            self.header.show_workspace(queries.workspace_title(self.boat.store))
        self.show_counts()

    def show_today(self) -> None:
        """Count days from another today."""

    def say(self, text: str, *, error: bool = False) -> None:
        """Say something on the bottom line for a few seconds."""
        self.footer.show_note(text, error=error)

    def relabel(self) -> None:
        """Show everything in another language."""
        self.show_hints()
        self.header.refresh()

    async def keep_everything_typed(self) -> None:
        """Keep what stands in open lines as drafts, for the app is about to close."""

    def begin_at(self, ent: str) -> None:
        """Put the cursor on what it was on where one came from, if it shows here."""

    def spot(self) -> Spot:
        """Return where one is here, as JSON, for the next start; nothing where there is nothing to come back to."""
        return {}

    def come_back(self, spot: Spot) -> None:
        """Take the cursor and the scroll to where they were left, or near where that is no more."""

    def show_reversed(self, changes: ChangeSet) -> None:
        """Put the cursor on what was just undone or redone, if it shows here."""

    def may_leave(self) -> bool:
        """Tell whether one may go elsewhere now; says why where not."""
        return True
