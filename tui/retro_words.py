"""What the parts and columns of a retrospective are called, and how a team's mood is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.retros import COLUMNS, FORMAT_NAMES
from tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

BARS = "▁▂▃▄▅▆▇█"
UNSHOWN = "·"


def state_name(state: str) -> str:
    """Return what a part of a retrospective is called."""
    return _(state)


def column_name(label: str) -> str:
    """Return what a column is called, by its label, or by its code where a newer program made it."""
    return _(label)


def coded_name(code: str) -> str:
    """Return what a format or a column is called that is kept as a code."""
    labels = {code: label for known in COLUMNS.values() for code, label in known}
    return _((FORMAT_NAMES | labels).get(code, code))


def sparkline(means: Iterable[float | None]) -> str:
    """Return scores from 1 to 5 as bars, with a dot where there is nothing to show."""
    signs = []
    for mean in means:
        if mean is None:
            signs.append(UNSHOWN)
        else:
            signs.append(BARS[min(max(round((mean - 1) / 4 * (len(BARS) - 1)), 0), len(BARS) - 1)])
    return "".join(signs)
