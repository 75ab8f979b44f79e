"""What the meetings tab asks in several steps: which conflict a joint meeting is about, how often departments meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.meeting_rows import gaps, set_cadence
from tui.i18n import _, ngettext
from tui.screens.choices import Choice
from tui.screens.feedback.meeting_list import names_of
from tui.screens.tab import Tab

if TYPE_CHECKING:
    from tui.screens.choices import Picked

OPEN = 200  # conflicts offered for a joint meeting
LONGEST_CADENCE = 1_000  # days


class AskingMeetings(Tab):
    """Asks, and does what was answered."""

    def action_meeting_joint(self) -> None:
        """Choose a conflict, and start a meeting of its sides."""
        card = self.card
        if card is not None and card.kind == "conflict":
            self.desk.ask_meeting_line("joint", card)
            return
        found = queries.cards(self.store, queries.CONFLICTS, limit=OPEN)
        if not found:
            self.say(_("No conflict is open."))
            return
        sides = names_of(self.directory).sides
        choices = [Choice(one.id, f"{one.short} {one.title}", sides(one.parties)) for one in found]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen:
                about = next(one for one in found if one.id == answer.chosen[0])
                self.desk.ask_meeting_line("joint", about)

        self.ask(_("A joint meeting about which conflict?"), choices, picked)

    def action_meeting_cadence(self) -> None:
        """Say how many days two departments let pass between meetings."""
        departments = self.directory.department_choices()

        def first(answer: Picked | None) -> None:
            if answer and answer.chosen:
                one = answer.chosen[0]
                others = [choice for choice in departments if choice.key != one]
                self.ask(_("And which other?"), others, lambda answer: second(one, answer))

        def second(one: str, answer: Picked | None) -> None:
            if answer and answer.chosen:
                other = answer.chosen[0]
                held = {frozenset(gap[:2]): gap.every for gap in gaps(self.store)}
                days = held.get(frozenset((one, other)))
                self.ask_line(
                    _("At most how many days between their meetings? Nothing for no matter."),
                    lambda text: self._set_cadence(one, other, text),
                    value=str(days or ""),
                )

        self.ask(_("How often do two departments meet? The first"), departments, first)

    def _set_cadence(self, one: str, other: str, text: str) -> None:
        if text and not (
            text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= LONGEST_CADENCE
        ):
            self.say(_("“{text}” is no number of days.").format(text=text), error=True)
            return
        days = int(text or 0) or None
        pair = names_of(self.directory).sides((one, other))
        every = ngettext("every {count} day", "every {count} days", days or 0).format(count=days)
        made = self.desk.boat.perform(
            "set", lambda change: set_cadence(change, one, other, days), detail=pair
        )
        if made is not None:
            how_often = every if days else _("no matter how often")
            self.desk.say_done(f"{pair}: {how_often}")
