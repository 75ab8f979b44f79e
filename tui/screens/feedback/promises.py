"""The promises tab: what is past its day, what comes due, what waits for the receiver's word, and what is over."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store.analysis.saydo import say_do
from store.commitment_rows import pressing_count, promises, sections, words
from store.commitments import break_promise, confirm, keep, renegotiate
from store.lookup import short_of
from store.schema import OPEN_COMMITMENT_STATES
from tui.bindings import bindings
from tui.i18n import N_, _, ngettext
from tui.promise_words import PERIOD, ratio_words, sides_words
from tui.screens.tab import Tab
from tui.widgets.days import day_words, distance_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.analysis.saydo import Ratio
    from store.commands import Change
    from store.commitment_rows import Promise
    from store.database import Store
    from store.rows import Card
    from tui.screens.choices import Picked

MARKS = {
    "kept": ("✓", "$text-success"), "broken": ("✗", "$text-error"), "renegotiated": ("→", "$text-warning"),
}  # fmt: skip


class PromisesTab(Tab):
    """Lists promises by how they stand, each with what its pair of departments kept lately."""

    SCOPE = "promises"
    LABEL = N_("Promises")
    KINDS = ("commitment", "meeting")
    SHOWS = ("commitment",)
    WRITES = "log_promise"
    NO_CARD = N_("There is no promise here: {log_promise} writes one down")
    BINDINGS = bindings(SCOPE)

    @staticmethod
    def count(store: Store) -> int:
        """Return how many are past their day, or wait for the receiver's word."""
        return pressing_count(store)

    def read(self) -> Sequence[Row]:
        """Return the promises by how they stand, then what each pair kept."""
        today = self.store.today()
        found = promises(self.store)
        ratios = {
            (one.giver, one.taker): one
            for one in say_do(words(found), today, since=today - datetime.timedelta(days=PERIOD))
        }
        parts = sections(found, today)
        headings = (_("overdue"), _("to come"), _("waiting for the receiver's word"), _("over"))
        rows: list[Row] = []
        for heading, part in zip(headings, parts, strict=True):
            if part:
                rows.append(Row("", heading, facts=(Fact(str(len(part))),)))
                rows += [self._row(one, ratios.get((one.giver, one.taker)), today) for one in part]
        if ratios:
            days = ngettext("last {count} day", "last {count} days", PERIOD).format(count=PERIOD)
            rows.append(Row("", _("say-do ratio, kept of what came due"), facts=(Fact(days),)))
            order = self.directory.in_order({side for pair in ratios for side in pair})
            for pair in sorted(ratios, key=lambda pair: [order.index(side) for side in pair]):
                facts = (Fact(ratio_words(ratios[pair])),)
                rows.append(Row("", f"  {self._sides(*pair)}", facts=facts, style=MUTED))
        return rows

    def teaching(self) -> Sequence[str]:
        """Say how a promise is written down."""
        return (
            _("No promise is written down."),
            "",
            _("{log_promise} writes one down in a line: giver>receiver what @who ^when.").format_map(
                self.key_names
            ),
        )

    def _row(self, row: Promise, ratio: Ratio | None, today: datetime.date) -> Row:
        day, style = "", MUTED
        if row.open and row.due:
            late = row.due < today.isoformat()
            day, style = distance_words(row.due, today), "$text-error" if late else MUTED
        elif row.ended:
            day = day_words(row.ended, today)
        facts = (
            Fact(self._sides(row.giver, row.taker)),
            Fact(day, style),
            Fact(self.directory.member(row.owner) if row.owner else ""),
            Fact(_("kept {percent}%").format(percent=ratio.percent) if ratio else ""),
        )
        mark, mark_style = MARKS.get(row.state, ("·", MUTED))
        return Row(row.id, row.title, row.short, mark, mark_style, facts)

    def _sides(self, giver: str, taker: str) -> str:
        return sides_words(*(self.directory.department(side) if side else "" for side in (giver, taker)))

    # What its keys do

    def action_promise_kept(self) -> None:
        """Mark the promises chosen as kept."""
        self._each(keep, _("kept"))

    def action_promise_confirm(self) -> None:
        """Give the receiver's word that it is so."""
        self._each(confirm, _("confirmed"))

    def action_promise_broken(self) -> None:
        """Mark the promises chosen as broken, once it is said why."""
        cards = self._promises()
        if cards:
            self.ask_line(
                _("Why was it broken? It may stay empty."),
                lambda why: self._each(
                    lambda change, ent: break_promise(change, ent, why), _("broken"), cards
                ),
            )

    def action_promise_day(self) -> None:
        """Choose another day, and say why; a promise whose day is over is broken thereby, and made anew."""
        cards = self._promises()
        if not cards:
            return
        from tui.screens.day_choices import day_choices

        today = self.store.today()
        over = any(
            card.state in OPEN_COMMITMENT_STATES and "" < card.due < today.isoformat() for card in cards
        )
        title = (
            _("Its day is over: that stays, and a new promise is made for") if over else _("Promise it for")
        )

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self.ask_line(
                    _("Why? It may stay empty."), lambda why: self._move(cards, answer.chosen[0], why)
                )

        self.ask(title, day_choices("", today), picked, find=lambda text: day_choices(text, today))

    def _move(self, cards: Sequence[Card], day: str, why: str) -> None:
        stands: list[str] = []

        def work(change: Change) -> None:
            stands.extend(renegotiate(change, card.id, day, why) for card in cards)

        said = day_words(day, self.store.today())
        if not self.change("promise", [card.id for card in cards], work, said=said):
            return
        self.desk.clear_selection()
        if len(cards) == 1 and stands[0] != cards[0].id:
            new = short_of(self.store, stands[0])
            self.desk.say_done(
                _("{id} is broken; {new} is promised for {day}").format(id=cards[0].short, new=new, day=said)
            )
            self.desk.show_made(stands[0])

    def _each(
        self, work: Callable[[Change, str], None], said: str, cards: Sequence[Card] | None = None
    ) -> None:
        cards = self._promises() if cards is None else cards

        def do(change: Change) -> None:
            for card in cards:
                work(change, card.id)

        if cards and self.change("promise", [card.id for card in cards], do, said=said):
            self.desk.clear_selection()

    def _promises(self) -> list[Card]:
        return [card for card in self.targets() if card.kind == "commitment"]
