"""The op log: append what was done here, merge what was done elsewhere, replay everything.

An op that is appended or merged is in the log, in the projections and past its stream's cursor in one transaction.
"""

from __future__ import annotations

import gc

from store.batch import CHUNK, Batch, describe, in_chunks
from store.changes import ChangeSet
from store.clock import MAX_LAMPORT
from store.errors import StoreError
from store.merge import SEQ_BITS, SEQ_MASK
from store.ops import Op, content_id
from store.projections import project

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from store.database import Store, Stream
    from store.projections import OpRow

_INSERT_OP = "INSERT INTO op VALUES (?,?,?,?,?,?,?,?,?,?,?)"
REPLAY_BATCH = 50_000


class StreamTable:
    """The streams by name and by number, growing as ops mention new ones; lives for one transaction."""

    __slots__ = ("_by_name", "_conn", "names", "private", "seqs")

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._by_name: dict[tuple[str, str], int] = {}
        self.names: dict[int, tuple[str, str]] = {}
        self.seqs: dict[int, int] = {}
        self.private: set[int] = set()
        for n, dev, inc, seq, private in conn.execute("SELECT n, dev, inc, seq, private FROM stream"):
            self._by_name[dev, inc] = n
            self.names[n] = (dev, inc)
            self.seqs[n] = seq
            if private:
                self.private.add(n)

    def knows(self, dev: str, inc: str) -> bool:
        """Return whether anything of this stream has been heard of."""
        return (dev, inc) in self._by_name

    def number(self, dev: str, inc: str) -> int:
        """Return the stream's local number, recording a stream first heard of."""
        n = self._by_name.get((dev, inc))
        if n is None:
            n = self._conn.execute("INSERT INTO stream (dev, inc) VALUES (?,?)", (dev, inc)).lastrowid or 0
            self._by_name[dev, inc] = n
            self.names[n] = (dev, inc)
            self.seqs[n] = 0
        return n

    def parse(self, dot: str) -> int:
        """Return the integer form of a dot "dev.inc.seq"."""
        dev, inc, seq = dot.split(".")
        return self.number(dev, inc) << SEQ_BITS | int(seq)

    def text(self, dot: int) -> str:
        """Return the written form of an integer dot."""
        dev, inc = self.names[dot >> SEQ_BITS]
        return f"{dev}.{inc}.{dot & SEQ_MASK}"


def streams(store: Store) -> dict[tuple[str, str], Stream]:
    """Return every public stream known here by (device, incarnation)."""
    return {(stream.dev, stream.inc): stream for stream in store.streams() if not stream.private}


def ops_after(store: Store, dev: str, inc: str, seq: int, limit: int = 10_000) -> list[Op]:
    """Return up to `limit` ops of a stream after `seq`, in order: what push has to write."""
    table = StreamTable(store.conn)
    if not table.knows(dev, inc):
        return []
    base = table.number(dev, inc) << SEQ_BITS
    query = (
        "SELECT o.dot, o.lam, o.wt, o.by, e.kind, e.id, o.field, o.value, o.parents, o.change, o.extra "
        "FROM op o JOIN entity e ON e.n = o.ent WHERE o.dot > ? AND o.dot <= ? ORDER BY o.dot LIMIT ?"
    )
    return [
        _from_row(row, table)
        for row in store.conn.execute(query, (base + seq, base + SEQ_MASK, limit)).fetchall()
    ]


def _from_row(row: Sequence[Any], table: StreamTable) -> Op:
    dot, lam, wt, by, kind, ent, field, value, parents, change, extra = row
    dev, inc = table.names[dot >> SEQ_BITS]
    shown = tuple(table.text(int(parent)) for parent in str(parents).split()) if parents else ()
    return Op(
        dev,
        inc,
        dot & SEQ_MASK,
        lam,
        wt,
        by,
        kind,
        ent,
        field,
        value,
        shown,
        change,
        extra or "",
    )


def append(conn: sqlite3.Connection, table: StreamTable, ops: Sequence[Op]) -> ChangeSet:
    """Write ops that follow their streams' last ones into the log and the projections.

    The caller holds the transaction and guarantees that sequence numbers are contiguous.
    """
    numbers, fresh = _intern(conn, dict.fromkeys([(op.ent, op.kind) for op in ops]))
    log: list[OpRow] = []
    parse = table.parse
    dev = inc = ""
    base = highest = last = 0
    lasts: dict[int, int] = {}
    for op in ops:
        if op.inc != inc or op.dev != dev:
            if base:
                lasts[base] = last
            dev, inc = op.dev, op.inc
            base = table.number(dev, inc) << SEQ_BITS
        last = seq = op.seq
        lam = op.lam
        highest = max(highest, lam)
        parents = op.parents
        joined = None if not parents else " ".join([str(parse(parent)) for parent in parents])
        identity = op.identity or content_id(op)
        ent = numbers[op.ent, op.kind]
        row = (
            base | seq,
            identity,
            lam,
            op.wt,
            op.by,
            ent,
            op.field,
            op.value,
            joined,
            op.change,
            op.extra or None,
        )
        log.append(row)
    lasts[base] = last
    cursors = [(seq, base >> SEQ_BITS) for base, seq in lasts.items()]
    table.seqs.update((stream, seq) for seq, stream in cursors)
    conn.executemany(_INSERT_OP, log)
    conn.executemany("UPDATE stream SET seq = ? WHERE n = ?", cursors)
    conn.execute(
        "UPDATE meta SET value = ? WHERE key = 'lamport' AND CAST(value AS INTEGER) < ?", (highest, highest)
    )
    kinds = {n: (kind, ent) for (ent, kind), n in numbers.items()}
    owners = project(conn, log, Batch(kinds, fresh, table.names, table.private, table.seqs))
    return describe(conn, owners, kinds)


def _intern(
    conn: sqlite3.Connection, wanted: Iterable[tuple[str, str]]
) -> tuple[dict[tuple[str, str], int], set[int]]:
    """Return numbers for (id, kind) pairs and which of them are new here, numbered in the order given."""
    wanted = list(wanted)
    numbers: dict[tuple[str, str], int] = {}
    for start in range(0, len(wanted), CHUNK):
        part = [ent for ent, _ in wanted[start : start + CHUNK]]
        query = f"SELECT id, kind, n FROM entity WHERE id IN ({','.join('?' * len(part))})"
        for ent, kind, n in conn.execute(query, part):
            numbers[ent, kind] = n
    first = (conn.execute("SELECT max(n) FROM entity").fetchone()[0] or 0) + 1
    added = [pair for pair in wanted if pair not in numbers]
    conn.executemany(
        "INSERT INTO entity (n, id, kind) VALUES (?,?,?)",
        [(first + i, *pair) for i, pair in enumerate(added)],
    )
    numbers.update((pair, first + i) for i, pair in enumerate(added))
    return numbers, set(range(first, first + len(added)))


def merge(store: Store, ops: Sequence[Op], tails: Mapping[tuple[str, str], str] | None = None) -> ChangeSet:
    """Apply ops of other devices and move their streams' cursors, in one transaction; returns what was touched.

    Each stream's ops must continue its cursor; ones already applied are skipped, so a repeated call changes nothing.
    `tails` are the hashes of the last segments applied, by (device, incarnation).
    Raises StoreError: gap (dev, inc, expected, found), bad-op (dot, why).
    """
    collecting = gc.isenabled()
    gc.disable()  # hundreds of thousands of small objects, all live until the end: collecting would only scan them
    try:
        with store.transaction() as conn:
            table = StreamTable(conn)
            before = dict(table.seqs)
            fresh = _contiguous(ops, table)
            changes = append(conn, table, fresh) if fresh else ChangeSet()
            store.written.update((n, (before.get(n, 0), seq)) for n, seq in table.seqs.items())
            for (dev, inc), tail in (tails or {}).items():
                conn.execute("UPDATE stream SET tail = ? WHERE n = ?", (tail, table.number(dev, inc)))
            return changes
    finally:
        if collecting:
            gc.enable()


def _contiguous(ops: Iterable[Op], table: StreamTable) -> list[Op]:
    cursors: dict[tuple[str, str], int] = {}
    fresh = []
    dev = inc = ""
    cursor: int | None = 0
    for op in ops:
        if op.inc != inc or op.dev != dev:
            cursors[dev, inc] = cursor or 0
            dev, inc = op.dev, op.inc
            cursor = cursors.get((dev, inc))
        if cursor is None:
            stream = table.number(op.dev, op.inc)
            if stream in table.private:
                raise StoreError("bad-op", dot=op.dot, why="the stream of private drafts, which nobody sends")
            cursor = table.seqs[stream]
        if op.seq == cursor + 1:
            if not 0 < op.lam <= MAX_LAMPORT:
                raise StoreError("bad-op", dot=op.dot, why="Lamport time out of range")
            fresh.append(op)
            cursor = op.seq
        elif op.seq > cursor:
            raise StoreError("gap", dev=op.dev, inc=op.inc, expected=cursor + 1, found=op.seq)
    return fresh


def replay(conn: sqlite3.Connection) -> None:
    """Derive every projection from the log; the tables are empty and the caller holds the transaction."""
    table = StreamTable(conn)
    horizon = dict.fromkeys(table.names, 0)
    projected: set[int] = set()
    kinds_query = "SELECT n, kind, id FROM entity WHERE n IN ({})"
    cursor = conn.execute("SELECT * FROM op ORDER BY dot")
    while True:
        rows: list[OpRow] = cursor.fetchmany(REPLAY_BATCH)
        if not rows:
            return
        ents = list({row[5] for row in rows})
        kinds = {n: (kind, ent) for n, kind, ent in in_chunks(conn, kinds_query, ents)}
        for row in rows:
            horizon[row[0] >> SEQ_BITS] = row[0] & SEQ_MASK
        fresh = set(ents) - projected
        project(conn, rows, Batch(kinds, fresh, table.names, table.private, horizon))
        projected.update(ents)


def rebuild(store: Store) -> None:
    """Throw the projections away and derive them again: what an upgrade and `doctor` do."""
    from store.migrations import make_projections

    with store.transaction() as conn:
        make_projections(conn)
        replay(conn)
