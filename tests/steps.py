"""How much work SQLite does for a question: what is small in a test shows by its steps, not by its time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable


def steps(conn: sqlite3.Connection, ask: Callable[[], object]) -> int:
    """Return how many steps the queries of a question take."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    conn.set_progress_handler(count, 1)
    try:
        ask()
    finally:
        conn.set_progress_handler(None, 1)
    return taken
