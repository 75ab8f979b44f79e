"""What becomes of picks: done, carried over, let go; asked why where a thing has been carried over twice already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.today import asks_why
from store.day_plan import finish, let_go, push
from store.day_plan_rows import next_working_day
from store.schema import REASONS
from tui.i18n import _
from tui.screens.choices import Choice
from tui.screens.day_choices import day_choices
from tui.today_words import picks_words
from tui.widgets.days import day_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.commands import Change
    from store.day_plan_rows import Pick
    from tui.app import SameboatApp
    from tui.screens.choices import Picked

NO_REASON = "-"


class DayAnswers:
    """Answers for picks, each answer one undo; `said` is told what was done."""

    def __init__(self, boat: SameboatApp, said: Callable[[str], None]) -> None:
        self._boat = boat
        self._said = said

    def finish(self, picks: Sequence[Pick]) -> None:
        """Mark picks as done, and what they are about with them."""
        self._do(picks, finish, _("done"))

    def push_on(self, picks: Sequence[Pick]) -> None:
        """Carry picks over to the next working day."""
        store = self._boat.store
        self.push_to(picks, next_working_day(store, store.today()).isoformat())

    def push_to_some_day(self, picks: Sequence[Pick]) -> None:
        """Carry picks over to a day that is asked for."""
        today = self._boat.store.today()

        def later(text: str) -> list[Choice]:
            return [choice for choice in day_choices(text, today) if choice.key > today.isoformat()]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                self.push_to(picks, answer.chosen[0])

        from tui.screens.picker import Picker

        self._boat.push_screen(Picker(_("Carry it over to which day?"), later(""), find=later), picked)

    def push_to(self, picks: Sequence[Pick], day: str) -> None:
        """Carry picks over to a day; the third time and every time after it, a reason is asked for."""
        often = max((pick.moved + 1 for pick in picks if asks_why(pick.moved)), default=0)

        def push_all(why: str) -> None:
            said = _("carried over to {day}").format(day=day_words(day, self._boat.store.today()))
            self._do(picks, lambda change, pick: push(change, pick, day, why), said)

        if often:
            title = _("This makes {count} times that it is carried over: why?").format(count=often)
            self._ask_why(title, push_all)
        else:
            push_all("")

    def let_go(self, picks: Sequence[Pick]) -> None:
        """Let picks go, and say why."""

        def go(why: str) -> None:
            self._do(picks, lambda change, pick: let_go(change, pick.id, why), _("let go"))

        self._ask_why(_("Let it go: why?"), go, may_be_none=True)

    def _ask_why(self, title: str, answered: Callable[[str], None], *, may_be_none: bool = False) -> None:
        def picked(answer: Picked | None) -> None:
            if answer is not None and (answer.new or answer.chosen):
                chosen = answer.new or answer.chosen[0]
                answered("" if chosen == NO_REASON else chosen)

        from tui.screens.picker import Picker

        other = _("other: {text}")
        choices = [Choice(reason, _(reason), search=(reason,)) for reason in REASONS]
        if may_be_none:
            choices.insert(0, Choice(NO_REASON, _("no reason")))
        self._boat.push_screen(Picker(title, choices, create=lambda text: other.format(text=text)), picked)

    def _do(self, picks: Sequence[Pick], work: Callable[[Change, Pick], object], said: str) -> None:
        def all_of_them(change: Change) -> None:
            for pick in picks:
                work(change, pick)

        what = picks_words(picks)
        if self._boat.perform("pick", all_of_them, detail=what) is not None:
            self._said(f"{what}: {said}")
