"""The pool tab: requirements that are not done, ranked by a score, its inputs and who wants them beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store import pool, schema
from store.analysis.scoring import MODELS
from tui.bindings import bindings
from tui.i18n import N_, _, ngettext
from tui.score_words import asked_words, customer_words, input_words, order_words, people_words, score_words
from tui.screens.choices import Choice
from tui.screens.tab import Tab
from tui.screens.typed_values import read_value, written_value
from tui.widgets.listing import Fact, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.database import Store
    from store.pool import Ranked
    from store.rows import Card
    from tui.screens.choices import Picked

NOTHING = "-"  # the choice that clears an input
SETTING = "pool_order"
MOST = 500  # lines shown
LEAST_UNSCORED = 100  # of those without a score, however many have one


class PoolTab(Tab):
    """Ranks requirements by what a person chose, and asks for what a score lacks."""

    SCOPE = "pool"
    LABEL = N_("Requirement pool")
    SHORT_LABEL = N_("Pool")
    KINDS = ("feedback", "item", "customer", "status")
    WRITES = "add"
    NO_CARD = N_("There is no requirement here: {add} adds one with “requirement:” before it")
    BINDINGS = bindings(SCOPE)

    @staticmethod
    def count(store: Store) -> int:
        """Return how many requirements are not done."""
        return pool.pool_count(store)

    @property
    def by(self) -> str:
        """What the pool is ranked by."""
        held = self.desk.boat.config.get(SETTING)
        return held if held in pool.ORDERS else pool.ORDERS[0]

    def read(self) -> Sequence[Row]:
        """Return the requirements that have a score, the highest first, then those that lack something for one."""
        by = self.by
        found = pool.ranked(pool.pool(self.store), by)
        if not found:
            return []
        scored = [one for one in found if one.score.number is not None]
        rest = found[len(scored) :]
        lines: list[Row] = []
        shown, unscored = scored[:MOST], rest[: max(MOST - len(scored), LEAST_UNSCORED)]
        if scored:
            lines.append(
                Row(
                    "",
                    f"{order_words(by)}  {len(scored)}",
                    facts=_said(_formula(by), len(scored), len(shown)),
                )
            )
            lines += [self._row(one, by, f"{place:>2}") for place, one in enumerate(shown, 1)]
        if rest:
            asks = (
                _("{pool_inputs} asks for what is missing").format_map(self.key_names) if by in MODELS else ""
            )
            words = _("No {score} score  {count}") if by in MODELS else _("Nobody asked for it  {count}")
            title = words.format(score=order_words(by), count=len(rest))
            lines.append(Row("", title, facts=_said(asks, len(rest), len(unscored))))
        return lines + [self._row(one, by, "  ") for one in unscored]

    def _row(self, one: Ranked, by: str, mark: str) -> Row:
        row = one.row
        facts = [Fact(customer_words(row.support)), Fact(people_words(row.support))]
        if by in MODELS:
            score = Fact(score_words(one.score), "bold" if one.score.number is not None else "$text-muted")
            facts = [score, Fact(input_words(by, row.inputs)), *facts]
        return Row(row.id, row.title, row.short, mark, "$text-muted", tuple(facts))

    def teaching(self) -> Sequence[str]:
        """Say how a requirement gets here."""
        return (
            _("No requirement is open."),
            "",
            _(
                "{add} adds one with “requirement:” before it; {feedback_item} in the inbox makes one of feedback."
            ).format_map(self.key_names),
        )

    def action_pool_order(self) -> None:
        """Choose what the pool is ranked by."""
        choices = [Choice(by, order_words(by), _formula(by), (by,)) for by in pool.ORDERS]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self.desk.boat.remember(SETTING, answer.chosen[0])
                self.show()
                self.list.home()
                self.desk.show_details()

        self.ask(_("Rank by"), choices, picked, marked=(self.by,))

    def action_pool_inputs(self) -> None:
        """Ask for the inputs of the score, one after the other, of each requirement that is selected."""
        if self.by not in MODELS:
            self.say(_("Choose a score first: {pool_order}").format_map(self.key_names))
            return
        _Questions(self, self.targets(), self.by).ask()


def _said(text: str, there: int, shown: int) -> tuple[Fact, ...]:
    """Return what a heading says on its right: with it how many of its lines are not shown."""
    hidden = there - shown
    more = ngettext("{count} more", "{count} more", hidden).format(count=hidden) if hidden else ""
    return tuple(Fact(part) for part in (text, more) if part)


def _formula(by: str) -> str:
    return _(MODELS[by].formula) if by in MODELS else ""


class _Questions:
    """Asks for a model's inputs of some requirements in turn; what is answered is kept, one undo for each of them."""

    def __init__(self, tab: PoolTab, cards: Sequence[Card], by: str) -> None:
        self._tab = tab
        self._cards = list(cards)
        self._model = MODELS[by]
        self._place = 0
        self._answers: dict[str, object] = {}

    def ask(self, text: str | None = None) -> None:
        """Ask the next question, with a text that meant nothing to correct."""
        if not self._cards:
            return
        if self._place == len(self._model.inputs):
            self._keep()
            self._cards.pop(0)
            self._place = 0
            self.ask()
            return
        card = self._cards[0]
        name = self._model.inputs[self._place]
        field = schema.KINDS["item"].fields[name]
        held = getattr(pool.inputs_of(self._tab.store, card.id), name)
        place = f"{self._place + 1}/{len(self._model.inputs)}"
        title = f"{card.short} {card.title} · {place} {_(field.label)}"
        if field.choices:
            choices = [Choice(choice, _(choice), search=(choice,)) for choice in field.choices]
            choices.append(Choice(NOTHING, _("nothing")))
            self._tab.ask(title, choices, self._chosen(name), marked=(held or NOTHING,))
        else:
            from tui.screens.asking import Ask

            hint = asked_words(self._model.name, name)
            asked = f"{title}: {hint}" if hint else title
            value = written_value(self._tab.store, field, held) if text is None else text
            self._tab.app.push_screen(Ask(asked, value), self._typed(name, field))

    def _chosen(self, name: str) -> Callable[[Picked | None], None]:
        def done(answer: Picked | None) -> None:
            if answer and answer.chosen:
                chosen = answer.chosen[0]
                self._go_on(name, None if chosen == NOTHING else chosen)
            else:
                self._keep()

        return done

    def _typed(self, name: str, field: schema.Field) -> Callable[[str | None], None]:
        def done(text: str | None) -> None:
            if text is None:
                self._keep()
                return
            try:
                value = read_value(self._tab.store, field, text)
            except ValueError as error:
                self._tab.say(str(error), error=True)
                self.ask(text)
            else:
                self._go_on(name, value)

        return done

    def _go_on(self, name: str, value: object) -> None:
        self._answers[name] = value
        self._place += 1
        self.ask()

    def _keep(self) -> None:
        """Write what was answered so far; leaving the questions early keeps that too."""
        answers, card = self._answers, self._cards[0]
        self._answers = {}
        held = pool.inputs_of(self._tab.store, card.id)
        fresh = {name: value for name, value in answers.items() if getattr(held, name) != value}
        if fresh:
            said = score_words(pool.score_of(held._replace(**dict[str, Any](fresh)), self._model.name))
            self._tab.change(
                "score",
                [card.id],
                lambda change: change.set(card.id, fresh),
                said=f"{order_words(self._model.name)} {said}",
            )
