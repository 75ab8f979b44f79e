"""How long the searching tests search: all tests together look at some cases, `SAMEBOAT_DEPTH=5` at five times as many.

What has no end to search is searched by command: `python -m tests.simulation`.
"""

from __future__ import annotations

import os

DEPTH = float(os.environ.get("SAMEBOAT_DEPTH") or 1)


def deep(cases: int) -> int:
    """Return how many cases to look at, where all tests together have time for so many."""
    return max(round(cases * DEPTH), 1)
