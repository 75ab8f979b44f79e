"""Rolling local backups, taken before anything rewrites the database as a whole. Loaded only then."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime

FOLDER = "backups"
KEPT = 3
_PREFIX, _SUFFIX = "sameboat-", ".db"


def back_up(path: str) -> str:
    """Copy the database at `path` into `backups/` beside it and return the copy's path; only the newest few are kept.

    The copy is one file, complete under its final name or absent. Raises sqlite3.Error or OSError.
    """
    folder = os.path.join(os.path.dirname(path), FOLDER)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    copy = os.path.join(folder, _PREFIX + stamp + _SUFFIX)
    part = copy + ".part"
    try:
        # A connection of its own: the caller's may hold a write transaction, from which SQLite copies nothing.
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        os.replace(part, copy)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)
    for old in backups(path)[KEPT:]:
        os.unlink(old)
    return copy


def backups(path: str) -> list[str]:
    """Return the backups of the database at `path`, newest first."""
    folder = os.path.join(os.path.dirname(path), FOLDER)
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    found = (name for name in names if name.startswith(_PREFIX) and name.endswith(_SUFFIX))
    return [os.path.join(folder, name) for name in sorted(found, reverse=True)]
