"""A screen with cards on one side and the details of the one under the cursor on the other."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, cast

from textual.containers import Horizontal

from store import queries, schema
from store.filters import EVERYTHING
from tui.bindings import bindings
from tui.screens.place import Place
from tui.widgets.detail import DetailView, Entry, Key, Page, detail_entries
from tui.widgets.repaint import Ground

if TYPE_CHECKING:
    from textual import events
    from textual.widget import Widget

    from store.filters import Filter
    from store.queries import Card, Detail
    from tui.app import SameboatApp

WIDE = 110  # columns from which the details have room beside the cards
HISTORY_MOST = 300
UNSHOWN = "-"  # stands for the id of the card in the pane while what it shows is out of date
# States in which a thing's work is over: a day in the past is not late.
OVER = frozenset(
    {"closed", "kept", "broken", "declined", "answered", "duplicate", "ended", "reached", "missed", "dropped"}
    | {"met", "granted", "refused", "withdrawn"}
)


class Workbench(Ground, Horizontal):
    """Cards and the details beside them: where the keys of cards work."""

    BINDINGS = bindings("desk", target="screen")


class Desk(Place):
    """Shows cards and the details of the one under the cursor; what the cards are is its subclass's."""

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat)
        self.where: Filter = EVERYTHING
        self.beside = boat.config.get("detail") != "hidden"  # the details stand beside where there is room
        self.reading = False  # the details have taken the cards' place on a narrow screen
        self.in_history = False
        self.expanded = False
        self._shown = UNSHOWN  # the id of the card in the pane

    # What a subclass has

    @property
    def cards_view(self) -> Widget:
        """What shows the cards and has the keys when the details do not."""
        raise NotImplementedError

    @property
    def details(self) -> DetailView:
        """The pane."""
        raise NotImplementedError

    @property
    def workbench(self) -> Widget:
        """What holds both."""
        raise NotImplementedError

    @property
    def card(self) -> Card | None:
        """The card under the cursor."""
        raise NotImplementedError

    def teaching(self) -> list[Entry]:
        """Say what to press while there is nothing to show."""
        return []

    def besides(self, detail: Detail, page: Page) -> list[Entry]:
        """Return what else the pane tells of a thing, after its fields."""
        return []

    def said_first(self, card: Card) -> list[Entry]:
        """Return what the pane says of a card before its fields."""
        return []

    # The pane

    def on_resize(self, event: events.Resize) -> None:
        """Put the details beside the cards, or in their place."""
        self.fit()

    def on_detail_view_resized(self, event: DetailView.Resized) -> None:
        """Wrap the details to their new width."""
        event.stop()
        self.show_details()

    @property
    def wide(self) -> bool:
        """Whether the details have room beside the cards."""
        return self.app.size.width >= WIDE

    @property
    def details_in_sight(self) -> bool:
        """Whether the details stand beside the cards, or in their place."""
        return self.beside if self.wide else self.reading

    def follow_cursor(self) -> None:
        """Show the card under the cursor in the pane, unless it is the one that is shown."""
        if self.boat.hurrying:
            return  # through a count: the last step shows where it ended
        if self._shown != UNSHOWN:
            card = self.card
            if (card.id if card else "") == self._shown:
                return
        self.in_history = False
        self.show_details()

    def show_details(self) -> None:
        """Show the card under the cursor in the pane, when the pane is in sight."""
        if not self.details_in_sight or not self.details.size.width:
            # Styles follow at the next refresh, so the pane itself may not know yet; without a width nothing wraps.
            self._shown = UNSHOWN
            return
        card = self.card
        self._shown = card.id if card else ""
        detail = queries.detail(self.boat.store, card.id) if card else None
        if detail is None:
            self.details.show("", self.teaching())
            return
        for field in schema.KINDS[detail.card.kind].fields.values():
            held = detail.fields.get(field.name)
            if field.to == "department" and isinstance(held, list):
                detail.fields[field.name] = self.directory.in_order(held)
        page = self._page(detail)
        page = page._replace(besides=self.besides(detail, page))
        said = self.said_first(detail.card)
        if self.in_history:
            from store.history import history
            from tui.widgets.detail.past import history_entries

            changes = history(self.boat.store, detail.card.id)
            entries = detail_entries(detail, page)[:2] + history_entries(islice(changes, HISTORY_MOST), page)
            self.details.show(f"{detail.card.id} history", [*said, *entries])
        else:
            self.details.show(detail.card.id, [*said, *detail_entries(detail, page)])

    def read_details(self, *, focus: bool = True) -> None:
        """Bring the details into sight and give them the keys."""
        if self.wide:
            self.beside = True
        else:
            self.reading = True
        self.fit()
        if focus:
            self.details.focus()
        self.show_details()

    def leave_details(self) -> None:
        """Give the keys back to the cards."""
        self.reading = False
        self.fit()
        self.cards_view.focus()

    def fit(self) -> None:
        """Lay out the cards and the pane for the width and for what is being read."""
        wide = self.wide
        self.workbench.set_class(not wide, "-narrow")
        self.workbench.set_class(self.reading, "-reading")
        self.workbench.set_class(wide and not self.beside, "-alone")
        if self._shown == UNSHOWN:
            self.show_details()

    def toggle_details(self) -> None:
        """Show the details, or give their room to the cards."""
        if not self.wide:
            self.reading = not self.reading
        else:
            self.beside = not self.beside
            self.remember_details()
        self.fit()
        if not self.details.display:
            self.cards_view.focus()

    def remember_details(self) -> None:
        """Keep for the next start whether the details are in sight."""
        self.boat.remember("detail", "shown" if self.beside else "hidden")

    def _page(self, detail: Detail) -> Page:
        store = self.boat.store
        card = detail.card
        return Page(
            self.directory,
            self.details.text_width,
            store.today(),
            store.now(),
            done=self.directory.category(card.status) == "done" or card.state in OVER,
            expanded=self.expanded,
            drafts={draft_key(about) for about in self.boat.drafts.beginning(f"{card.id}/")},
            facts=self._conflict_facts(detail),
            marks=[*self._conflict_marks(detail), *self.marks(detail)],
            notes=self._goal_notes(detail),
        )

    def marks(self, detail: Detail) -> list[str]:
        """Return what is odd about a thing."""
        return []

    def _goal_notes(self, detail: Detail) -> dict[str, str]:
        """Return what the departments answered to the goal that a thing serves."""
        goal = detail.fields.get("goal")
        if not isinstance(goal, str):
            return {}
        from tui.screens.goal_details import goal_notes

        return goal_notes(self.boat.store, self.directory, goal)

    def _conflict_facts(self, detail: Detail) -> list[str]:
        from store.conflicts import reopenings
        from tui.conflict_words import reopened_words

        if detail.card.kind != "conflict":
            return []
        times = reopenings(self.boat.store, detail.card.id).get(detail.card.id, 0)
        return [reopened_words(times)] if times else []

    def _conflict_marks(self, detail: Detail) -> list[str]:
        from store.analysis.conflict_steps import marks
        from store.conflicts import standing_of
        from tui.conflict_words import mark_words

        if detail.card.kind != "conflict":
            return []
        now = standing_of(detail.fields, detail.card.parties)
        found = marks(now, self.boat.store.today().isoformat(), self.directory.departments)
        return [mark_words(mark, self.directory) for mark in found]

    def relabel(self) -> None:
        """Show everything in another language."""
        super().relabel()
        self.show_details()

    def show_today(self) -> None:
        """Count days from another today."""
        self.show_details()

    def fetch(self, ids: tuple[str, ...]) -> list[Card]:
        """Return the cards with these ids that are still there."""
        return [card for ent in ids if (card := queries.card(self.boat.store, ent))]


def draft_name(ent: str, key: Key) -> str:
    """Return what a draft is kept under."""
    return "/".join((ent, *key))


def draft_key(about: str) -> Key:
    """Return the part of the details that a draft was typed for."""
    parts = about.split("/", 3)
    return Key(*cast("tuple[str, str, str]", tuple(parts[1:])))
