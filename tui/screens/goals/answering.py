"""A department's answer to goals: it acknowledges them, or objects and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import goals
from store.goal_rows import goal_row
from store.lookup import department_of
from tui.i18n import _
from tui.screens.choices import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.commands import Change
    from store.rows import Card
    from tui.screens.choices import Picked
    from tui.screens.tab import Tab

NONE = "-"  # the choice that takes an answer back: the picker takes an empty key for something new


def acknowledge(tab: Tab, cards: Sequence[Card], side: str = "") -> None:
    """Let a department, one's own where none is named, acknowledge goals."""
    side = side or department_of(tab.store, tab.store.member)
    if not side:
        ask_side(tab, cards, lambda chosen: acknowledge(tab, cards, chosen))
        return
    _write(tab, cards, side, goals.ACKNOWLEDGED)


def object_to(tab: Tab, cards: Sequence[Card], side: str = "") -> None:
    """Let a department, one's own where none is named, object to goals and say why."""
    side = side or department_of(tab.store, tab.store.member)
    if not cards:
        return
    if not side:
        ask_side(tab, cards, lambda chosen: object_to(tab, cards, chosen))
        return
    held = goal_row(tab.store, cards[0].id) if len(cards) == 1 else None
    title = _("Why does {department} object?").format(department=tab.directory.department(side))
    value = held.objections.get(side, "") if held else ""
    tab.ask_line(title, lambda why: _write(tab, cards, side, goals.OBJECTED, why), value=value)


def ask_answer(tab: Tab, cards: Sequence[Card], side: str = "") -> None:
    """Ask which department answers where none is named, then what it says."""
    if not cards:
        return
    if not side:
        ask_side(tab, cards, lambda chosen: ask_answer(tab, cards, chosen))
        return
    choices = [
        Choice(goals.ACKNOWLEDGED, _("acknowledge"), search=("acknowledge",)),
        Choice(goals.OBJECTED, _("object, and say why"), search=("object",)),
        Choice(NONE, _("take the answer back"), search=("nothing",)),
    ]
    held = goal_row(tab.store, cards[0].id) if len(cards) == 1 else None

    def picked(answer: Picked | None) -> None:
        if not answer or not answer.chosen:
            return
        said = answer.chosen[0]
        if said == goals.OBJECTED:
            object_to(tab, cards, side)
        else:
            _write(tab, cards, side, "" if said == NONE else said)

    marked = {held.answers.get(side, NONE)} if held else set()
    title = _("What does {department} say?").format(department=tab.directory.department(side))
    tab.ask(title, choices, picked, marked=marked)


def ask_side(tab: Tab, cards: Sequence[Card], chosen: Callable[[str], None]) -> None:
    """Ask which department answers."""
    choices = tab.directory.department_choices()
    if not cards:
        return
    if not choices:
        tab.say(_("There is no department that could answer."))
        return

    def picked(answer: Picked | None) -> None:
        if answer and answer.chosen:
            chosen(answer.chosen[0])

    tab.ask(_("For which department?"), choices, picked)


def _write(tab: Tab, cards: Sequence[Card], side: str, said: str, why: str = "") -> None:
    ids = [card.id for card in cards]

    def work(change: Change) -> None:
        for ent in ids:
            goals.answer(change, ent, side, said, why)

    words = {goals.ACKNOWLEDGED: _("acknowledged"), goals.OBJECTED: _("objected")}.get(
        said, _("answer taken back")
    )
    name = tab.directory.department(side)
    if ids and tab.change("answer", ids, work, said=f"{name}: {words}" + (f" – {why}" if why else "")):
        tab.desk.clear_selection()
