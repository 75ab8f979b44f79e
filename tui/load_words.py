"""How loads of weeks are drawn: a bar a week, its hours where there is room, and a sign where it is too much."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from tui.celltext import cell_width, pad, truncate
from tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.analysis.loads import Load
    from store.analysis.requests import Preview
    from tui.screens.directory import Directory

BARS = "▁▂▃▄▅▆▇█"
OVER = "▲"
NOTHING, AWAY = "·", "–"
NAME_MOST = 22  # cells of the names before a row of weeks
WEEK = 7  # cells of a week in such a row


def bar(load: Load) -> str:
    """Return one cell that says how full a week is: a dot where nothing is planned, a dash where nobody is there."""
    if load.overloaded:
        return OVER
    if load.planned <= 0:
        return NOTHING if load.capacity > 0 else AWAY
    return (
        BARS[min(int(load.planned / load.capacity * len(BARS)), len(BARS) - 1)] if load.capacity > 0 else OVER
    )


def bar_style(load: Load) -> str:
    """Return the style of a week."""
    return "$text-error" if load.overloaded else "" if load.planned > 0 else "$text-muted"


def hours(amount: float) -> str:
    """Return hours as people say them: whole, unless that would be none."""
    return f"{amount:.0f}" if amount >= 1 or not amount else f"{amount:.1f}"


def week_name(week: int) -> str:
    """Return the name of a week: its Monday."""
    return f"{datetime.date.fromordinal(week):%m-%d}"


def load_lines(rows: Iterable[tuple[str, Sequence[str]]], width: int) -> list[str]:
    """Return rows of a name and a text for each week, as many weeks as fit."""
    rows = list(rows)
    names = min(max((cell_width(name) for name, _texts in rows), default=0), NAME_MOST)
    most = max((width - names - 1) // (WEEK + 1), 1)
    return [
        " ".join(
            (pad(truncate(name, names), names), *(pad(truncate(text, WEEK), WEEK) for text in texts[:most]))
        ).rstrip()
        for name, texts in rows
    ]


def planned_words(load: Load) -> str:
    """Return the hours planned and had of a week, and a sign where that is too much."""
    return f"{hours(load.planned)}/{hours(load.capacity)}{OVER if load.overloaded else ''}"


def preview_lines(found: Preview, directory: Directory, item: str, width: int, *, who: str) -> list[str]:
    """Return what granting a request would do: to whoever gives the hours, and what departments have left before."""
    rows: list[tuple[str, Sequence[str]]] = [("", [week_name(load.week) for load in found.now])]
    if who:
        rows.append((_("as it is"), [planned_words(load) for load in found.now]))
        rows.append((_("with it"), [planned_words(load) for load in found.granted]))
        if found.with_item is not None:
            rows.append(
                (_("with all of {item}").format(item=item), [planned_words(load) for load in found.with_item])
            )
    left = [
        (directory.department(department), [hours(amount) for amount in found.free[department]])
        for department in directory.in_order(found.free)
    ]
    lines = load_lines([*rows], width)
    if who:
        lines += _too_much(found)
    if left:
        lines += ["", _("hours free by department, before it"), *load_lines(left, width)]
    return lines


def _too_much(found: Preview) -> list[str]:
    """Return which weeks are too much with it, those that are so already apart."""
    already = [week_name(load.week) for load in found.now if load.overloaded]
    new = [week_name(week) for week in found.overloaded]
    lines = [_("too much already in: {weeks}").format(weeks=", ".join(already))] if already else []
    if new:
        return [*lines, _("too much in: {weeks}").format(weeks=", ".join(new))]
    return lines or [_("no week becomes too much by it")]
