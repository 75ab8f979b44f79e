"""What is wrong with a plan, in words, and the row to go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis import plan as codes
from tui.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from store.analysis.plan import Problem
    from store.plan import Plan
    from store.rows import Card

SENTENCES = {
    codes.CYCLE: N_("closes a circle with {other}: left out of the schedule"),
    codes.SELF_LINK: N_("waits for itself, or for a part of itself: left out"),
    codes.NO_SUCH_TASK: N_("is linked to something that is deleted or has not arrived: left out"),
    codes.ON_PARENT: N_("its parts decide when it ends: this link is left out"),
    codes.END_BEFORE_START: N_("is due before it begins: the beginning stands"),
    codes.OUT_OF_RANGE: N_("has a date, a duration or a lag beyond what a plan can hold"),
    codes.NO_DATA: N_("public holidays of {other} are not published yet: weekends alone are free there"),
    codes.PIN_TOO_EARLY: N_("is fixed before what it waits for is finished"),
    codes.LATE: N_("ends after the day it was promised for"),
}


def problem_words(
    problem: Problem, plan: Plan, cards: Callable[[Iterable[str]], Mapping[str, Card]]
) -> tuple[str, str, str]:
    """Return a problem's sentence, the short id it is about, and the id of the item to go to."""
    link = next((link for link in plan.links if link.id == problem.about), None)
    ent = link.successor if link is not None else problem.about
    known = cards([ent, problem.other])
    card, other = known.get(ent), known.get(problem.other)
    about = card.short if card is not None else ""
    template = _(SENTENCES.get(problem.code, problem.code))
    return template.format(other=other.short if other else problem.other), about, ent
