"""The hand-offs tab: what departments wait for each other for, by pairs, what waits longest first."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store import queries
from store.analysis.handoffs import ASKED, LINK, PROMISED, pairs
from store.handoff_rows import handoffs
from tui.bindings import bindings
from tui.conflict_words import age_words
from tui.i18n import N_, _, ngettext
from tui.screens.team.team_tab import TeamTab
from tui.theme import glyph
from tui.widgets.days import day_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.analysis.handoffs import Handoff, Pair
    from store.database import Store
    from store.rows import Card

PAIR = "pair:"
ONE = "one:"


class HandoffsTab(TeamTab):
    """Lists pairs of departments, or what one of them hands to the other."""

    SCOPE = "handoffs"
    LABEL = N_("Hand-offs")
    KINDS = ("item", "dependency", "commitment", "status")
    NO_CARD = N_("Nothing is handed over here: {handoff_open} lists what a pair of departments has")
    BINDINGS = bindings(SCOPE)

    def __init__(self) -> None:
        super().__init__()
        self._pairs: dict[str, Pair] = {}
        self._open = ""  # the key of the pair that is listed

    @staticmethod
    def count(store: Store) -> int:
        """Count nothing: every item would have to be read for it."""
        return 0

    def read(self) -> Sequence[Row]:
        """Return the pairs, or what one of them hands over."""
        places = {key: place for place, key in enumerate(self.directory.departments)}

        def order(pair: Pair) -> tuple[str, int, int, int]:
            sides = (places.get(side, len(places)) for side in (pair.giver, pair.taker))
            return (pair.oldest, -len(pair.handoffs), *sides)  # type: ignore[return-value]

        found = sorted(pairs(handoffs(self.store)), key=order)
        self._pairs = {f"{PAIR}{pair.giver}|{pair.taker}": pair for pair in found}
        if self._open:
            pair = self._pairs.get(self._open)
            return [] if pair is None else self._listed(pair)
        if not self._pairs:
            return []
        return [self._row(key, pair) for key, pair in self._pairs.items()]

    def _row(self, key: str, pair: Pair) -> Row:
        late = (
            ngettext("{count} late", "{count} late", pair.late).format(count=pair.late) if pair.late else ""
        )
        facts = (
            Fact(age_words(self._days(pair.oldest))),
            Fact(late, "$text-error"),
            *(Fact(_counted(sort, pair.count(sort))) for sort in (LINK, ASKED, PROMISED)),
        )
        return Row(
            key, self._sides(pair), mark="▲" if pair.late else " ", mark_style="$text-error", facts=facts
        )

    def _sides(self, pair: Pair) -> str:
        return f"{self.directory.department(pair.giver)} → {self.directory.department(pair.taker)}"

    def _listed(self, pair: Pair) -> list[Row]:
        rows = [Row("", self._sides(pair), facts=(Fact(str(len(pair.handoffs))),))]
        today = self.store.today()
        for one in pair.handoffs:
            card = queries.card(self.store, one.about)
            if card is None:
                continue
            then = queries.card(self.store, one.then) if one.then else None
            facts = (
                Fact(age_words(self._days(one.since))),
                Fact(day_words(card.due, today) if card.due else "", "$text-error" if one.late else MUTED),
                Fact(f"→ {then.short} {then.title}" if then else _sort_words(one)),
            )
            mark, style = ("▲", "$text-error") if one.late else (_mark(one), MUTED)
            rows.append(Row(f"{ONE}{one.sort}:{one.id}", card.title, card.short, mark, style, facts))
        return rows

    def _days(self, since: str) -> int:
        return max((self.store.today() - datetime.date.fromisoformat(since)).days, 0)

    @property
    def _handoff(self) -> Handoff | None:
        pair = self._pairs.get(self._open)
        keyed = {f"{ONE}{one.sort}:{one.id}": one for one in pair.handoffs} if pair else {}
        return keyed.get(self.list.key)

    @property
    def card(self) -> Card | None:
        """What is waited for under the cursor."""
        one = self._handoff
        return queries.card(self.store, one.about) if one else None

    def targets(self) -> list[Card]:
        """Return what is waited for in the rows selected, else under the cursor."""
        pair = self._pairs.get(self._open)
        if pair is None:
            return []
        abouts = {f"{ONE}{one.sort}:{one.id}": one.about for one in pair.handoffs}
        return self.desk.fetch(
            tuple(dict.fromkeys(abouts[key] for key in self.list.targets if key in abouts))
        )

    def said_of(self, card: Card) -> Sequence[str]:
        """Say what waits for it."""
        one = self._handoff
        then = queries.card(self.store, one.then) if one and one.then else None
        if one is None:
            return ()
        waits = (
            _("{what} waits for it").format(what=f"{then.short} {then.title}") if then else _sort_words(one)
        )
        return (waits,)

    def seek(self, ent: str) -> bool:
        """Show nothing of what one comes from: a pair is no card."""
        return False

    def teaching(self) -> Sequence[str]:
        """Say what is counted here."""
        if self._open:
            return (_("Nothing is handed over any more. {leave} goes back.").format_map(self.key_names),)
        return (
            _("No department waits for another."),
            "",
            _(
                "Here stand links between items of two departments, items that one asked another for, and promises."
            ),
        )

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what does nothing here."""
        return ("handoff_open",) if self._open else ("open", "comment", "select")

    def action_handoff_open(self) -> None:
        """List what the pair here has; there, open the details."""
        if self._open:
            if self.card is not None:
                self.desk.action_open()
        elif self.list.key:
            self._open = self.list.key
            self.to_top()

    def leave(self) -> bool:
        """Go back to the pairs."""
        if not self._open:
            return False
        key, self._open = self._open, ""
        self.to_top()
        self.list.go_to(key)
        return True


def _counted(sort: str, count: int) -> str:
    words = {
        LINK: ngettext("{count} link", "{count} links", count),
        ASKED: ngettext("{count} asked for", "{count} asked for", count),
        PROMISED: ngettext("{count} promise", "{count} promises", count),
    }
    return words[sort].format(count=count) if count else ""


def _sort_words(one: Handoff) -> str:
    return _("promised") if one.sort == PROMISED else _("an item asked for")


def _mark(one: Handoff) -> str:
    return {LINK: "→", ASKED: glyph("requirement"), PROMISED: "·"}[one.sort]
