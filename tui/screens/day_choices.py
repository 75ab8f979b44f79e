"""Days to choose from: the usual ones, or what a typed day means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.dates import parse_day
from tui.i18n import N_, _
from tui.screens.choices import Choice
from tui.widgets.days import day_words, distance_words

if TYPE_CHECKING:
    from datetime import date

# What a person says, and how the date grammar writes it.
_USUAL = (
    (N_("today"), "today"),
    (N_("tomorrow"), "tomorrow"),
    (N_("this Friday"), "fri"),
    (N_("next Monday"), "next mon"),
    (N_("next Friday"), "next fri"),
    (N_("in two weeks"), "+2w"),
    (N_("end of the month"), "eom"),
)


def day_choices(text: str, today: date) -> list[Choice]:
    """Return the usual days for no text, else the one day that the text means, if it means one."""
    if text.strip():
        day = parse_day(text.strip(), today)
        if day is None:
            return []
        iso = day.isoformat()
        return [Choice(iso, day_words(iso, today), distance_words(iso, today))]
    choices = []
    for label, written in _USUAL:
        day = parse_day(written, today)
        if day is not None:
            choices.append(Choice(day.isoformat(), _(label), day_words(day.isoformat(), today)))
    return choices
