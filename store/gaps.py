"""Which streams begin with a snapshot here, so that older ops of theirs are still to come; see `store.sparse`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.merge import SEQ_BITS

if TYPE_CHECKING:
    import sqlite3


class Gap(NamedTuple):
    """A stream whose first ops are not all here: everything up to `filled` is, with the link `tail` after it.

    `link` is the one that the snapshot gives for the op `floor`.
    """

    stream: int
    dev: str
    inc: str
    floor: int
    link: str
    filled: int
    tail: str


def is_whole(conn: sqlite3.Connection) -> bool:
    """Return whether every op of every stream is here up to its cursor."""
    return conn.execute("SELECT 1 FROM gap LIMIT 1").fetchone() is None


def gaps(conn: sqlite3.Connection) -> list[Gap]:
    """Return the streams whose first ops are not all here, by device and incarnation."""
    rows = conn.execute(
        "SELECT g.stream, s.dev, s.inc, g.floor, g.link, g.filled, g.tail FROM gap g "
        "JOIN stream s ON s.n = g.stream ORDER BY s.dev, s.inc"
    )
    return [Gap(*row) for row in rows]


def missing_ops(conn: sqlite3.Connection) -> int:
    """Return how many older ops are still to come; 0 where the log is whole."""
    return sum(gap.floor - gap.filled - _held(conn, gap) for gap in gaps(conn))


def whole_since(conn: sqlite3.Connection) -> int:
    """Return the moment (ms) from which on nothing of the past is missing; 0 where nothing is."""
    latest = 0
    for gap in gaps(conn):
        base = gap.stream << SEQ_BITS
        query = "SELECT coalesce(max(wt), 0) FROM op WHERE dot > ? AND dot <= ?"
        latest = max(latest, conn.execute(query, (base, base + gap.floor)).fetchone()[0])
    return int(latest)


def _held(conn: sqlite3.Connection, gap: Gap) -> int:
    """Return how many ops between what is filled and the floor are here all the same."""
    base = gap.stream << SEQ_BITS
    query = "SELECT count(*) FROM op WHERE dot > ? AND dot <= ?"
    return int(conn.execute(query, (base + gap.filled, base + gap.floor)).fetchone()[0])
