"""What a promise says in a line, and the say-do ratio of a pair: the same in lists and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.i18n import _, ngettext

if TYPE_CHECKING:
    from store.analysis.saydo import Ratio

PERIOD = 90  # days that the ratio looks back on, unless asked for others


def sides_words(giver: str, taker: str) -> str:
    """Return who promised whom, from the names of the departments; a side that is not known is a dash."""
    return f"{giver or '—'} → {taker or '—'}"


def ratio_words(ratio: Ratio) -> str:
    """Return what a pair kept of what it promised: the ratio, then what does not count as kept."""
    kept = _("kept {kept} of {made}").format(kept=ratio.kept, made=ratio.made)
    parts = [f"{ratio.percent or 0}% · {kept}"]
    if ratio.late:
        parts.append(
            ngettext("{count} of them late", "{count} of them late", ratio.late).format(count=ratio.late)
        )
    if ratio.unconfirmed:
        unsaid = ngettext("{count} of them unconfirmed", "{count} of them unconfirmed", ratio.unconfirmed)
        parts.append(unsaid.format(count=ratio.unconfirmed))
    for count, text in (
        (ratio.renegotiated, _("{count} renegotiated")),
        (ratio.broken, _("{count} broken")),
        (ratio.overdue, _("{count} overdue")),
    ):
        if count:
            parts.append(text.format(count=count))
    return " · ".join(parts)
