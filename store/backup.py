"""Rolling local backups: copies of the database in `backups/` beside it, few and on different days.

One is taken every day that something is written, and before anything rewrites the database as a whole. Backups never
leave the machine by themselves, and hold no key. Loaded only when one is made or looked for.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from store.clock import wall_ms

if TYPE_CHECKING:
    from store.database import Store

FOLDER = "backups"
KEPT = 3  # of each kind, and of daily ones as many days
WEEKS = 2  # before those days, of which the last one is kept
DAY = 86_400_000  # ms
ROOM = 3  # times the database must still be free on the disk for a backup nobody asked for

# Why a backup was taken: every day (daily), because a person asked (asked), before the tables are made anew (upgrade),
# before what a refused snapshot brought is undone (snapshot), as what `restore` replaced (replaced).
DAILY, ASKED, UPGRADE, SNAPSHOT, REPLACED = "daily", "asked", "upgrade", "snapshot", "replaced"

_NAME = re.compile(r"sameboat-(?P<stamp>\d{8}T\d{12})-(?P<why>[a-z]+)\.db", re.ASCII)
_COVERED = "backup"  # the key in `meta`: how many ops the last daily backup holds
_STAMP = "%Y%m%dT%H%M%S%f"


class Backup(NamedTuple):
    """A backup in `backups/`: its file, when (ms since the epoch) and why it was taken, and its bytes."""

    path: str
    at: int
    why: str
    size: int


def back_up(path: str, why: str = UPGRADE, *, at: int | None = None) -> str:
    """Copy the database at `path` into `backups/` beside it and return the copy's path; only the newest few are kept.

    The copy is one file, complete under its final name or absent. Raises sqlite3.Error or OSError.
    """
    copy = backup_name(path, why, wall_ms() if at is None else at)
    # A connection of its own: the caller's may hold a write transaction, from which SQLite copies nothing.
    with closing(sqlite3.connect(path)) as source:
        copy_database(source, copy)
    thin(path)
    return copy


def backup_name(path: str, why: str, at: int) -> str:
    """Return a path that no backup of a database has yet, for one taken at `at` (ms); its folder is made."""
    folder = os.path.join(os.path.dirname(path), FOLDER)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    moment = datetime.fromtimestamp(at / 1000, UTC)
    while os.path.exists(name := os.path.join(folder, f"sameboat-{moment.strftime(_STAMP)}-{why}.db")):
        moment += timedelta(microseconds=1)
    return name


def copy_database(source: sqlite3.Connection, copy: str) -> None:
    """Copy a database, as it stands for readers now, to one file that appears when it is whole.

    Raises sqlite3.Error, OSError.
    """
    part = copy + ".part"
    try:
        with closing(sqlite3.connect(part)) as target:
            target.execute("PRAGMA synchronous = OFF")  # flushed once, below
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        os.chmod(part, 0o600)
        flush(part)
        os.replace(part, copy)
        flush(os.path.dirname(copy) or ".")
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.unlink(part + suffix)


def back_up_daily(store: Store) -> str:
    """Take today's backup unless there is one, nothing was written since, or the disk is nearly full; "" then.

    Raises sqlite3.Error, OSError.
    """
    now = store.now()
    taken = backups(store.path)
    # A clock that was set back must not keep backups from being taken.
    if any(backup.why == DAILY and abs(now - backup.at) < DAY for backup in taken):
        return ""
    ops = str(store.conn.execute("SELECT coalesce(sum(seq), 0) FROM stream").fetchone()[0])
    if taken and store.meta(_COVERED) == ops:
        return ""  # else copies of one state would drive out those of older ones
    if shutil.disk_usage(store.home).free < ROOM * os.path.getsize(store.path):
        return ""
    copy = back_up(store.path, DAILY, at=now)
    store.set_meta(_COVERED, ops)
    return copy


def backups(path: str) -> list[Backup]:
    """Return the backups of the database at `path`, newest first."""
    folder = os.path.join(os.path.dirname(path), FOLDER)
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    found = []
    for name in names:
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        with suppress(ValueError, OSError):
            moment = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
            file = os.path.join(folder, name)
            at = round(moment.timestamp() * 1000)
            found.append(Backup(file, at, match["why"], os.path.getsize(file)))
    return sorted(found, key=lambda backup: os.path.basename(backup.path), reverse=True)


def thin(path: str) -> None:
    """Remove the backups of the database at `path` that newer ones make dispensable."""
    found = backups(path)
    for why in {backup.why for backup in found}:
        of_kind = [backup for backup in found if backup.why == why]
        kept = set(of_kind[:KEPT])
        if why == DAILY:
            weeks: dict[tuple[int, int], Backup] = {}
            for backup in of_kind[KEPT:]:
                year, week, _ = datetime.fromtimestamp(backup.at / 1000, UTC).isocalendar()
                weeks.setdefault((year, week), backup)
            kept.update(list(weeks.values())[:WEEKS])
        for backup in of_kind:
            if backup not in kept:
                with suppress(FileNotFoundError):
                    os.unlink(backup.path)


def flush(path: str) -> None:
    """Bring a file, or a folder where the system can, to the disk. Raises OSError."""
    is_folder = os.path.isdir(path)
    if is_folder and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY if is_folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
