"""Days in words, for the screens and for the command line: `Fri 27 Nov`, `11月27日 周五`, `2 days late`."""

from __future__ import annotations

from datetime import date

from tui.i18n import N_, _, ngettext

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


def parse_iso(text: str) -> date | None:
    """Return the day of an ISO date, None for what is none: a newer program's value is shown as it is."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_words(text: str, today: date) -> str:
    """Return an ISO day with its weekday, the year only when it is not this one."""
    day = parse_iso(text)
    if day is None:
        return text
    words = {
        "weekday": _(WEEKDAYS[day.weekday()]),
        "day": day.day,
        "month": _(MONTHS[day.month - 1]),
        "number": day.month,
        "year": day.year,
    }
    if day.year == today.year:
        return _("{weekday} {day} {month}").format_map(words)
    return _("{weekday} {day} {month} {year}").format_map(words)


def distance_words(text: str, today: date) -> str:
    """Return how far an ISO day is from today, an empty string for what is no day."""
    day = parse_iso(text)
    if day is None:
        return ""
    days = (day - today).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 0:
        return ngettext("in {count} day", "in {count} days", days).format(count=days)
    return ngettext("{count} day late", "{count} days late", -days).format(count=-days)
