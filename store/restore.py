"""Bringing a backup back: looked at first, put in place whole, and what it replaces is itself kept as a backup.

The device goes on in a new incarnation, since others may hold ops that the backup has not. What it had synced after
the backup was taken comes back by itself with the next sync.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from store import incarnation
from store.backup import REPLACED, backup_name, copy_database, flush, thin
from store.clock import wall_ms
from store.database import APPLICATION_ID, FORMAT, database_path, open_store, remove_files, told, translate
from store.errors import StoreError
from store.ops import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

_ALONE_SECONDS = 1.0  # to wait for whoever has the database open


class Content(NamedTuple):
    """What a backup holds: whose workspace and which, how many ops, private ones included, and when the last was made.

    `at` is in ms since the epoch, 0 where there is no op; `version` is the format of its tables.
    """

    path: str
    workspace: str
    name: str
    ops: int
    at: int
    version: int


class Restored(NamedTuple):
    """A backup that was brought back, and where the database lies that it replaced, "" where there was none."""

    content: Content
    replaced: str


def examine(path: str) -> Content:
    """Return what the backup at `path` holds, after looking whether it is whole; nothing is written.

    Raises StoreError: no-backup, not-a-backup, damaged-backup, newer-database, cannot-open.
    """
    if not os.path.isfile(path):
        raise StoreError("no-backup", path=path)
    try:
        with closing(_read_only(path)) as conn:
            return _examined(conn, path)
    except sqlite3.Error as error:
        found = translate(error, path)
        if found.code != "corrupt":
            raise found from error
        code = "not-a-backup" if "not a database" in str(error) else "damaged-backup"
        raise StoreError(code, path=path, why=str(error)) from error


def restore(home: str, path: str, *, now: Callable[[], int] = wall_ms) -> Restored:
    """Put the backup at `path` in the place of the database of `home`, in a new incarnation.

    Whatever stops it leaves the old database or the new one, whole. The caller keeps syncs of this home away.
    Raises StoreError: what `examine` raises, other-backup, in-use, read-only, disk-full, cannot-open.
    """
    content = examine(path)
    target = database_path(home)
    _refuse_other(target, content)
    stage = os.path.join(home, f"restore-{new_id()}")
    try:
        os.makedirs(stage, mode=0o700)
        _prepare(path, stage, now)
        replaced = _keep(target, now()) if os.path.exists(target) else ""
        os.replace(database_path(stage), target)
        flush(home)
        thin(target)
        incarnation.remove_highwater(home)
    except (sqlite3.Error, OSError) as error:
        raise told(error, target) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return Restored(content, replaced)


def _read_only(path: str) -> sqlite3.Connection:
    name = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    # What has no log beside it is read as it lies, so that nothing is made beside a file on a read-only disk.
    immutable = "" if os.path.exists(f"{path}-wal") else "&immutable=1"
    return sqlite3.connect(f"file:{name}?mode=ro{immutable}", uri=True, isolation_level=None)


def _examined(conn: sqlite3.Connection, path: str) -> Content:
    if conn.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError("not-a-backup", path=path, why="not a database of Sameboat")
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT:
        raise StoreError("newer-database", found=version, known=FORMAT, path=path)
    [(found,), *_] = conn.execute("PRAGMA integrity_check(1)").fetchall()
    if found != "ok":
        raise StoreError("damaged-backup", path=path, why=found)
    meta = dict(conn.execute("SELECT key, value FROM meta"))
    ops, at = conn.execute("SELECT count(*), coalesce(max(wt), 0) FROM op").fetchone()
    row = conn.execute("SELECT title FROM p_workspace WHERE id = ?", (meta.get("workspace", ""),)).fetchone()
    return Content(path, meta.get("workspace", ""), row[0] if row and row[0] else "", ops, at, version)


def _refuse_other(target: str, content: Content) -> None:
    """Raise where the database in place is another workspace's: that one must not vanish by a slip."""
    if not os.path.exists(target):
        return
    try:
        with closing(_read_only(target)) as conn:
            row = conn.execute("SELECT value FROM meta WHERE key = 'workspace'").fetchone()
    except sqlite3.Error:
        return  # damaged, which is what backups are for
    if row is not None and row[0] != content.workspace:
        raise StoreError("other-backup", path=content.path, name=content.name or content.workspace)


def _prepare(path: str, stage: str, now: Callable[[], int]) -> None:
    """Make the database that will be put in place: brought up to date, in a new incarnation."""
    with closing(_read_only(path)) as source:
        copy_database(source, database_path(stage))
    store = open_store(stage, now=now)
    try:
        store.displaced = incarnation.RESTORED
        with store.transaction():
            pass  # whose beginning makes the incarnation
    finally:
        store.close()


def _keep(target: str, now: int) -> str:
    """Make a backup of the database in place, which nobody else has open; returns the backup's path."""
    copy = backup_name(target, REPLACED, now)
    try:
        with closing(sqlite3.connect(target, timeout=_ALONE_SECONDS, isolation_level=None)) as conn:
            conn.execute("PRAGMA locking_mode = EXCLUSIVE")
            conn.execute("BEGIN IMMEDIATE")
            conn.execute("ROLLBACK")
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        code = translate(error, target).code
        if code == "busy":
            raise StoreError("in-use", path=target) from error
        if code != "corrupt":
            raise
        # Beyond SQLite's help. It is kept as it is, with what lies beside it: somebody may save something from it.
        with suppress(FileNotFoundError):
            os.replace(f"{target}-wal", f"{copy}-wal")
        os.replace(target, copy)
        remove_files(target)
        return copy
    if os.path.exists(f"{target}-wal"):
        raise StoreError("in-use", path=target)
    try:
        os.link(target, copy)
    except OSError:  # a file system without links
        shutil.copy2(target, copy)
    return copy
