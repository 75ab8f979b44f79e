"""Stores in memory, for looks at a past moment, checks and trials: made from an empty database that is kept ready."""

from __future__ import annotations

import sqlite3
from _thread import allocate_lock

from store.database import Store, upgrade
from store.layouts import fingerprint

_EMPTY: dict[str, sqlite3.Connection] = {}  # an empty database, by the declaration it was made from
_COPYING = allocate_lock()


def memory_store(like: Store) -> Store:
    """Return an empty in-memory store with the same identity: as-of views and checks replay ops into it."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    copy_empty(conn)
    conn.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?,?)", list(like.conn.execute("SELECT key, value FROM meta"))
    )
    store = Store(conn, like.home, like.now, like.today)
    store.file = None
    store.displaced = ""
    return store


def copy_empty(conn: sqlite3.Connection) -> None:
    """Put every table and no row into a database that has none, without the migrations that made them."""
    with _COPYING:
        declared = fingerprint()
        if declared not in _EMPTY:
            made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            upgrade(made, ":memory:")
            _EMPTY[declared] = made
        _EMPTY[declared].backup(conn)
