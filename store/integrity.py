"""Whether the database still says what was written: its pages, its log, and the tables derived from the log."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.asof import as_of
from store.clock import MAX_WALL
from store.database import translate
from store.gaps import gaps
from store.merge import SEQ_BITS
from store.oplog import ops_after
from store.ops import content_id
from store.projections import PROJECTION_TABLES

if TYPE_CHECKING:
    import sqlite3

    from store.database import Store

CHUNK = 10_000
MOST = 20  # findings of one kind: the first few tell what happened, ten thousand hide it


class Finding(NamedTuple):
    """Something that is not as it should be. `code` is one of

    pages      SQLite finds the file itself damaged
    log-gap    a stream holds fewer ops than its cursor says
    log-op     an op's bytes do not give the id under which it was received
    derived    a derived table differs from what the log gives; `rebuild` mends it
    """

    code: str
    detail: str


def check_pages(store: Store) -> list[Finding]:
    """Return what SQLite itself finds wrong with the file."""
    import sqlite3

    try:
        rows = store.conn.execute(f"PRAGMA integrity_check({MOST})").fetchall()
    except sqlite3.DatabaseError as error:
        return [Finding("pages", str(translate(error, store.path).params.get("why", "")))]
    return [Finding("pages", text) for (text,) in rows if text != "ok"]


def check_log(store: Store) -> list[Finding]:
    """Return the streams with missing ops and the ops whose bytes changed since they were received.

    Of what a snapshot stands for only some ops are here until the rest is fetched; these are looked at all the same.
    """
    found: list[Finding] = []
    older = {gap.stream: gap for gap in gaps(store.conn)}
    for stream in store.streams():
        gap = older.get(stream.n)
        spans = [(0, stream.seq)] if gap is None else [(0, gap.filled), (gap.floor, stream.seq)]
        expected = sum(end - start for start, end in spans)
        count = sum(_count(store.conn, stream.n, start, end) for start, end in spans)
        if count != expected:
            found.append(Finding("log-gap", f"{stream.dev}.{stream.inc}: {count} of {expected}"))
            continue
        # A private op may follow private ones, which nobody is told of: its canonical line is never written.
        seq = 0
        while not stream.private and (ops := ops_after(store, stream.dev, stream.inc, seq, CHUNK)):
            base, seq = stream.n << SEQ_BITS, ops[-1].seq
            ids = store.conn.execute(
                "SELECT id FROM op WHERE dot >= ? AND dot <= ? ORDER BY dot", (base + ops[0].seq, base + seq)
            ).fetchall()
            for op, (identity,) in zip(ops, ids, strict=True):
                if content_id(op) != identity and len(found) < MOST:
                    found.append(Finding("log-op", op.dot))
    return found


def _count(conn: sqlite3.Connection, stream: int, start: int, end: int) -> int:
    base = stream << SEQ_BITS
    query = "SELECT count(*) FROM op WHERE dot > ? AND dot <= ?"
    return int(conn.execute(query, (base + start, base + end)).fetchone()[0])


def check_derived(store: Store) -> list[Finding]:
    """Return the derived tables that differ from what the log gives when it is replayed.

    `early` is left out: it may remember what has arrived since, which a replay need not be told.
    """
    fresh = as_of(store, MAX_WALL)
    try:
        tables = [*(f"p_{kind}" for kind in schema.KINDS), *PROJECTION_TABLES]
        tables.remove("early")
        return [Finding("derived", table) for table in tables if _differs(store.conn, fresh.conn, table)]
    finally:
        fresh.close()


def _differs(here: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> bool:
    columns = "rowid, text" if table == "fts" else "*"
    query = f"SELECT {columns} FROM {table} ORDER BY 1, 2" + (
        ", 3" if table in ("head", "element", "entry") else ""
    )
    return any(old != new for old, new in zip_longest(here.execute(query), fresh.execute(query)))
