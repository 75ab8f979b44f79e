"""Moving what was committed from the log into the database file in quiet moments, so that nobody waits for it.

SQLite appends a commit to a log beside the file, and by default every thousandth page makes the commit that writes it
carry the whole log over into the file: a key that takes ten times as long as the others. What stays in the log is as
safe and as visible there.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.database import Store

QUIET_SECONDS = 3.0
ROWS = 500  # written rows worth carrying over: fifty moved cards, not yet the default's thousand pages
LONG_LOG = 10_000  # pages, 40 MB: at this length a commit carries it over after all


class Checkpoints:
    """Takes the carrying over from a store's commits, and says when to do it."""

    def __init__(self, store: Store) -> None:
        self._conn = store.conn
        self._conn.execute(f"PRAGMA wal_autocheckpoint = {LONG_LOG}")
        self._carried = self._written = self._conn.total_changes
        self._since = 0.0

    def due(self, now: float) -> bool:
        """Tell whether `ROWS` were written since the last time, and for `QUIET_SECONDS` nothing more.

        `now` is in seconds of any clock that does not go back. The disk is busy for a moment then: an edit that came
        in it would wait, so it is not done for less.
        """
        written = self._conn.total_changes
        if written != self._written:
            self._written, self._since = written, now
        if written - self._carried < ROWS or now - self._since < QUIET_SECONDS:
            return False
        self._carried = written
        return True


def checkpoint(path: str) -> bool:
    """Carry over what nobody reads or writes just now, in whatever thread this is called; tell whether that is all.

    It waits for no one and keeps no one waiting. Where it fails nothing is lost: the log stays as it is, and the next
    commit meets the same disk and says what is wrong with it.
    """
    # mode=rw: a file that vanishes just now must not come back empty.
    name = f"{Path(path).absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(name, uri=True, isolation_level=None)) as conn:
            conn.execute("PRAGMA synchronous = FULL")
            busy, length, done = conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except sqlite3.Error:
        return False
    return not busy and bool(length == done)
