"""What a forecast says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.forecast import FEW_DAYS, FEW_ITEMS, MIN_DAYS, MIN_ITEMS
from tui.i18n import _, ngettext

if TYPE_CHECKING:
    from store.analysis.forecast import Forecast


def refusal_words(found: Forecast) -> str:
    """Return why nothing is forecast."""
    if found.reason == FEW_DAYS:
        text = ngettext(
            "There is {days} day of history; a forecast wants {least}.",
            "There are {days} days of history; a forecast wants {least}.",
            found.history,
        )
        return text.format(days=found.history, least=MIN_DAYS)
    if found.reason == FEW_ITEMS:
        text = ngettext(
            "{items} item was finished so far; a forecast wants {least}.",
            "{items} items were finished so far; a forecast wants {least}.",
            found.items,
        )
        return text.format(items=found.items, least=MIN_ITEMS)
    return _("At the pace of the past it would take longer than ten years.")
