"""Days in the few cells a card has for them: “due Fri”, “3d late”, “周五到期”, against a given today."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from tui.celltext import clean
from tui.day_names import MONTHS as MONTHS
from tui.day_names import WEEKDAYS as WEEKDAYS
from tui.i18n import _, ngettext
from tui.theme import glyph

SOON = 2  # days


class Saying(NamedTuple):
    """A day in words: in full, in as few cells as can be understood, and the tone it is said in."""

    full: str
    short: str
    tone: str


def day_name(day: date, today: date) -> str:
    """Return a day as people say it: today, tomorrow, a weekday within the week, else the date."""
    ahead = (day - today).days
    if ahead == 0:
        return _("today")
    if ahead == 1:
        return _("tomorrow")
    if 1 < ahead < 7:
        return _(WEEKDAYS[day.weekday()])
    pattern = _("{day} {month}") if day.year == today.year else _("{day} {month} {year}")
    return pattern.format(month=_(MONTHS[day.month - 1]), day=day.day, year=day.year)


def due_saying(due: str, today: date) -> Saying | None:
    """Return how a due day is said, or None when there is none; an unreadable one is said as it is."""
    if not due:
        return None
    try:
        day = date.fromisoformat(due)
    except ValueError:
        shown = clean(due)
        return Saying(shown, shown, "muted")
    ahead = (day - today).days
    if ahead < 0:
        full = ngettext("{count}d late", "{count}d late", -ahead).format(count=-ahead)
        short = ngettext("{count}d", "{count}d", -ahead).format(count=-ahead)
        return Saying(full, glyph("late") + short, "danger")
    name = day_name(day, today)
    full = name if ahead == 0 else _("due {day}").format(day=name)
    return Saying(full, name, "warning" if ahead <= SOON else "muted")


def done_saying(at: int, today: date) -> Saying | None:
    """Return how long ago something was finished (ms since the epoch), or None when that is not known."""
    if not at:
        return None
    days = (today - datetime.fromtimestamp(at / 1000).date()).days
    if days <= 0:
        return Saying(_("done today"), _("today"), "muted")
    short = ngettext("{count}d ago", "{count}d ago", days).format(count=days)
    return Saying(_("done {when}").format(when=short), short, "muted")
