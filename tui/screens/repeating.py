"""One list for what comes again: how often, and what becomes of this one and of its series."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import recurrence
from store.analysis.rule_reader import parse_rule
from store.analysis.rules import first_day
from tui.i18n import _
from tui.rule_words import CAME, rule_words
from tui.screens.choices import Choice
from tui.screens.day_choices import day_choices
from tui.widgets.days import day_words, distance_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from store.commands import Change
    from store.database import Store
    from tui.screens.choices import Picked

SKIP, POSTPONE, SHIFT, END, HISTORY = "skip", "postpone", "shift", "end", "history"
RULES = (
    "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;INTERVAL=3", "FREQ=YEARLY",
)  # fmt: skip


class Repeating(NamedTuple):
    """Asks and writes with what the screen has for it; `go_to` leads to an occurrence."""

    store: Store
    ask: Callable[..., None]
    change: Callable[[str, Sequence[str], Callable[[Change], object], str], object]
    go_to: Callable[[str], None]

    def ask_what(self, ents: Sequence[str]) -> None:
        """Ask what is to become of items; of a series where there is one item that has one."""
        today = self.store.today()
        rule = recurrence.rule_of(self.store, ents[0])
        choices: list[Choice] = []
        if len(ents) == 1 and rule:
            choices += [
                Choice(SKIP, _("leave this one out")),
                Choice(POSTPONE, _("put off only this one")),
                Choice(SHIFT, _("put off this one and what follows")),
                Choice(END, _("let it not come again")),
            ]
        if len(ents) == 1 and recurrence.history(self.store, ents[0]):
            choices.append(Choice(HISTORY, _("what became of each")))
        choices += [
            Choice(one, rule_words(one)) for one in dict.fromkeys((*((rule,) if rule else ()), *RULES))
        ]

        def find(text: str) -> list[Choice]:
            typed = parse_rule(text, today)
            first = first_day(typed, today) if typed else None
            if typed is None:
                return []
            return [Choice(typed, rule_words(typed), day_words(first.isoformat(), today) if first else "")]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self._do(ents, answer.chosen[0])

        self.ask(
            _("How often does it come again?"), choices, picked, marked={rule} if rule else (), find=find
        )

    def _do(self, ents: Sequence[str], what: str) -> None:
        if what == SKIP:
            self.change(
                "repeat", ents, lambda change: recurrence.skip(change, ents[0]), _("this one left out")
            )
        elif what == END:
            self.change("repeat", ents, lambda change: recurrence.end(change, ents[0]), _("comes no more"))
        elif what == HISTORY:
            self._show_series(ents[0])
        elif what in (POSTPONE, SHIFT):
            self._ask_day(ents[0], later=what == SHIFT)
        else:

            def work(change: Change) -> None:
                for ent in ents:
                    change.set(ent, {"recurrence": what})

            self.change("repeat", ents, work, rule_words(what))

    def _ask_day(self, ent: str, *, later: bool) -> None:
        today = self.store.today()

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                day = answer.chosen[0]
                said = _("put off until {day}").format(day=day_words(day, today))
                self.change(
                    "repeat", [ent], lambda change: recurrence.postpone(change, ent, day, later=later), said
                )

        self.ask(_("Until when?"), day_choices("", today), picked, find=lambda text: day_choices(text, today))

    def _show_series(self, ent: str) -> None:
        today = self.store.today()
        choices = [
            Choice(one.id, f"{day_words(one.day, today)}  {came_words(one, today)}", one.short)
            for one in reversed(recurrence.history(self.store, ent))
        ]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self.go_to(answer.chosen[0])

        self.ask(_("What became of each"), choices, picked)


def came_words(one: recurrence.Occurrence, today: Any) -> str:
    """Return what became of an occurrence, with the day it was done or how far off its day is."""
    said = _(CAME[one.came])
    if one.done_on:
        return f"{said} · {day_words(one.done_on, today)}"
    return f"{said} · {distance_words(one.due, today)}" if one.due and one.came != "skipped" else said
