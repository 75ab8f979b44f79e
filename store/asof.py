"""The workspace as it stood at a past moment, derived from the op log: nobody has to save a baseline."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store.errors import StoreError
from store.gaps import missing_ops, whole_since
from store.memory import memory_store
from store.oplog import replay

if TYPE_CHECKING:
    from store.database import Store


def as_of(store: Store, at: int) -> Store:
    """Return an in-memory store that holds every op written up to `at` (ms since the epoch); all queries work on it.

    Costs a replay of the log up to then, so run it in a worker. Close it after use. Raises StoreError("older-history",
    day, missing) where ops of that time are still to come.
    """
    since = whole_since(store.conn)
    if at < since:
        day = datetime.datetime.fromtimestamp(since / 1000).astimezone().date().isoformat()
        raise StoreError("older-history", day=day, missing=missing_ops(store.conn))
    past = memory_store(store)
    with past.transaction() as conn:
        conn.execute("DELETE FROM stream")
        # Ops before what they name: another process may commit between these reads, and none may be left dangling.
        conn.executemany(
            "INSERT INTO op VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            store.conn.execute("SELECT * FROM op WHERE wt <= ? ORDER BY dot", (at,)),
        )
        conn.executemany(
            "INSERT INTO entity VALUES (?,?,?)", store.conn.execute("SELECT n, kind, id FROM entity")
        )
        conn.executemany(
            "INSERT INTO stream (n, dev, inc, seq, tail, mine, private) VALUES (?,?,?,?,?,?,?)",
            store.conn.execute("SELECT n, dev, inc, seq, tail, mine, private FROM stream"),
        )
        conn.executemany("INSERT INTO branch VALUES (?,?,?,?)", store.conn.execute("SELECT * FROM branch"))
        conn.executemany("INSERT INTO gap VALUES (?,?,?,?,?)", store.conn.execute("SELECT * FROM gap"))
        conn.executemany("INSERT INTO buried VALUES (?)", store.conn.execute("SELECT dot FROM buried"))
        replay(conn)
    return past
