"""The pulse tab: how departments are, week by week, of which only what several said is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.pulse import EVERYBODY, LEAST
from store.pulses import answer, is_used, own_answer, period_of, read_moods
from tui.bindings import bindings
from tui.i18n import N_, _, ngettext
from tui.retro_words import sparkline
from tui.screens.choices import Choice
from tui.screens.tab import Tab
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.analysis.pulse import Mood
    from store.database import Store
    from store.rows import Card
    from tui.screens.choices import Picked

LOW = 2.5  # a mean below is something to talk about


class PulseTab(Tab):
    """Shows departments with their trend, and takes one's own answer."""

    SCOPE = "pulse"
    LABEL = N_("Pulse")
    KINDS = ("pulse",)
    NO_CARD = N_("There is nothing to do this with here: {pulse_answer} says how you are")
    BINDINGS = bindings(SCOPE)

    @staticmethod
    def count(store: Store) -> int:
        """Return 1 while one has not answered this week in a team that does."""
        return int(is_used(store) and own_answer(store, period_of(store.today())) is None)

    def read(self) -> Sequence[Row]:
        """Return departments in the workspace's order with their lines of this week, everybody first."""
        period = period_of(self.store.today())
        found = read_moods(self.store, period)
        if not found:
            return ()
        own = own_answer(self.store, period)
        said = _("you: {score}").format(score=own[0]) if own else _("you have not answered yet")
        rows = [Row("", period, facts=(Fact(said),), style="bold $text-primary")]
        for who in (
            EVERYBODY,
            *self.directory.in_order(ent for ent in found if ent not in (EVERYBODY, "")),
            "",
        ):
            if who in found:
                rows += self._rows(who, found[who])
        return rows

    def _rows(self, who: str, moods: Sequence[Mood]) -> list[Row]:
        last = moods[-1]
        name = (
            _("everybody")
            if who == EVERYBODY
            else self.directory.department(who)
            if who
            else _("no department")
        )
        trend = Fact(sparkline(mood.mean for mood in moods), "$text-accent")
        if last.mean is None:
            needed = _("{answered} of {least} needed").format(answered=last.answered, least=LEAST)
            return [Row(f"*{who}", name, facts=(trend, Fact(needed)))]
        style = "$text-warning" if last.mean < LOW else ""
        count = ngettext("{count} answer", "{count} answers", last.answered).format(count=last.answered)
        row = Row(f"*{who}", name, facts=(trend, Fact(f"{last.mean:.1f}", style), Fact(count)))
        lines = last.notes if who != EVERYBODY else ()
        return [row, *(Row("", f"“{note}”", style=MUTED) for note in lines)]

    def idle(self) -> Collection[str]:
        """Leave out of the bottom line what cards are needed for."""
        return ("open", "comment", "select")

    def teaching(self) -> Sequence[str]:
        """Say what a pulse is."""
        how = _(
            "{pulse_answer} says it: 1 to 5, and a line. It shows by department, once three have answered."
        )
        said = how.format_map(self.key_names)
        return (said,) if self.list.rows else (_("Nobody has said yet how the week is."), "", said)

    @property
    def card(self) -> Card | None:
        """Nothing here has details."""
        return None

    def targets(self) -> list[Card]:
        """Nothing here is a card."""
        return []

    def action_pulse_answer(self) -> None:
        """Say how one is this week, from 1 to 5, and in a line."""
        words = (_("very bad"), _("bad"), _("so-so"), _("good"), _("very good"))
        choices = [
            Choice(str(score), f"{score}  {word}", search=(str(score),))
            for score, word in enumerate(words, 1)
        ]

        def picked(picked: Picked | None) -> None:
            if picked and picked.chosen:
                score = int(picked.chosen[0])
                own = own_answer(self.store, period_of(self.store.today()))
                self.ask_line(
                    _("In a line, or nothing"),
                    lambda text: self._answer(score, text),
                    value=own[1] if own else "",
                )

        self.ask(_("How are you this week?"), choices, picked)

    def _answer(self, score: int, note: str) -> None:
        store = self.store
        if self.desk.boat.write(lambda: answer(store, score, note)) is not None:
            self.desk.say_done(_("Noted for {period}.").format(period=period_of(store.today())))
