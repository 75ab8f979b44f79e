"""How something similar was settled, in words: on the path of `sameboat conflict`, so it imports little."""

from __future__ import annotations

from tui.i18n import _


def similar_words(short: str, settled: str) -> str:
    """Return how something similar was settled, as one line: the first of a longer decision."""
    first = next((line.strip() for line in settled.splitlines() if line.strip()), "")
    return _("similar: {what}, settled by: {decision}").format(what=short, decision=first)
