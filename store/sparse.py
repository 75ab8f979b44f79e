"""A log whose older part is not here yet: a newcomer's, who loaded a snapshot and works while the rest is fetched.

Of each stream in the table `gap` the log holds what counts of its first `floor` ops, everything after them, and
everything before `filled`, which grows until it reaches the floor. What has come since the snapshot and was replaced by
then is listed in `buried`; so is what the snapshot itself said was replaced. Nothing that is shown depends on what is
missing, only history does.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.batch import Batch, insert_rows
from store.branches import note_link
from store.changes import ChangeSet
from store.cuts import note_cuts
from store.errors import StoreError
from store.gaps import Gap, gaps
from store.merge import SEQ_BITS, SEQ_MASK, Head, surviving
from store.migrations import make_projections
from store.oplog import PAGES_KIB, StreamTable, intern, replay
from store.ops import content_id
from store.projections import project
from store.touched import Touched
from store.uncollected import uncollected
from store.wire import decode_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.database import Store
    from store.ops import Op
    from store.touched import OpRow

CHECK_STEP = 2_000  # entities compared in one go


class FalseSnapshot(Exception):
    """What a snapshot said of a stream is not what the stream says."""


class Block(NamedTuple):
    """Ops of a snapshot: for each the index of its stream and its number, `past` the indexes of those replaced."""

    dots: Sequence[int]
    past: Sequence[int]
    lines: list[bytes]


class Source(NamedTuple):
    """How far a snapshot holds a stream: device, incarnation, last op and the link after it."""

    dev: str
    inc: str
    seq: int
    link: str


# Loading


def load(store: Store, sources: Sequence[Source], blocks: Iterable[Block]) -> int:
    """Take over a snapshot's ops into a store that has none, in one transaction; returns how many: 0 where it has some.

    What the blocks raise on their way undoes everything. Raises StoreError("bad-op").
    """
    pages = store.conn.execute("PRAGMA cache_size").fetchone()[0]
    try:
        store.conn.execute(f"PRAGMA cache_size = {-PAGES_KIB}")
        with uncollected(), store.transaction() as conn:
            if conn.execute("SELECT 1 FROM op LIMIT 1").fetchone():
                return 0
            return _load(store, conn, sources, blocks)
    finally:
        store.conn.execute(f"PRAGMA cache_size = {pages}")


def everything(conn: sqlite3.Connection) -> ChangeSet:
    """Return all entities there are: what is touched where a whole workspace arrives at once."""
    changes = ChangeSet()
    for kind, ent in conn.execute("SELECT kind, id FROM entity"):
        changes.add(kind, ent)
    return changes


def _load(store: Store, conn: sqlite3.Connection, sources: Sequence[Source], blocks: Iterable[Block]) -> int:
    table = StreamTable(conn)
    before = dict(table.seqs)
    numbers = [table.number(source.dev, source.inc) for source in sources]
    for n, source in zip(numbers, sources, strict=True):
        if source.dev == store.device:
            raise StoreError("bad-op", why="ops of this device, which has written none")
        table.seqs[n] = source.seq
        conn.execute("UPDATE stream SET seq = ?, tail = ? WHERE n = ?", (source.seq, source.link, n))
        conn.execute("INSERT INTO gap VALUES (?,?,?,0,'')", (n, source.seq, source.link))
        note_link(conn, n, source.seq, source.link)
    named = [(source.dev, source.inc) for source in sources]
    bases = [n << SEQ_BITS for n in numbers]
    count = highest = 0
    for block in blocks:
        ops = decode_block(named, block.dots, block.lines)
        dots = [bases[owner] | seq for owner, seq in zip(block.dots[::2], block.dots[1::2], strict=True)]
        batch = Batch({}, set(), table.names, table.private, table.seqs)
        rows = _rows(dots, ops, intern(conn, ops, {}, batch), table)
        try:
            insert_rows(conn, "INSERT OR FAIL INTO op", rows)
        except sqlite3.IntegrityError as error:
            raise StoreError("bad-op", why="an op that came before") from error
        _project(conn, rows, set(block.past), batch)
        conn.executemany("INSERT INTO buried VALUES (?)", [(dots[index],) for index in block.past])
        highest = max(highest, max(op.lam for op in ops))
        count += len(ops)
    conn.execute(
        "UPDATE meta SET value = ? WHERE key = 'lamport' AND CAST(value AS INTEGER) < ?", (highest, highest)
    )
    store.written.update((n, (before.get(n, 0), seq)) for n, seq in table.seqs.items())
    return count


def _rows(dots: Iterable[int], ops: Iterable[Op], ents: Iterable[int], table: StreamTable) -> list[OpRow]:
    parse = table.parse
    return [
        (
            dot,
            bytearray(op.identity or content_id(op)),  # bound faster than bytes are
            op.lam,
            op.wt,
            op.by,
            ent,
            op.field,
            op.value,
            " ".join([str(parse(parent)) for parent in op.parents]) if op.parents else None,
            op.change,
            op.extra or None,
        )
        for dot, op, ent in zip(dots, ops, ents, strict=True)
    ]


def _project(conn: sqlite3.Connection, rows: list[OpRow], past: set[int], batch: Batch) -> None:
    touched = Touched(batch)
    touched.add(row for index, row in enumerate(rows) if index not in past) if past else touched.add(rows)
    touched.add_past(rows[index] for index in sorted(past))
    project(conn, touched, batch)


# Filling in


def fill(store: Store, gap: Gap, ops: Sequence[Op], tail: str) -> int:
    """Add older ops that continue what is filled of a stream, in one transaction; returns how many were not here.

    `tail` is the link after the last of them, which is at most the floor. Raises FalseSnapshot where they
    are not what the snapshot said: then nothing was written, and `forget` is what helps.
    """
    last = ops[-1].seq
    if last == gap.floor and tail != gap.link:
        raise FalseSnapshot(f"{gap.dev}.{gap.inc}")
    with store.transaction() as conn:
        table = StreamTable(conn)
        base = gap.stream << SEQ_BITS
        query = "SELECT dot, id FROM op WHERE dot > ? AND dot <= ?"
        held = dict(conn.execute(query, (base + gap.filled, base + last)).fetchall())
        for op in ops:
            known = held.get(base | op.seq)
            if known is not None and known != (op.identity or content_id(op)):
                raise FalseSnapshot(f"{gap.dev}.{gap.inc}")
        fresh = [op for op in ops if base | op.seq not in held]
        if fresh:
            dots = [base | op.seq for op in fresh]
            batch = Batch({}, set(), table.names, table.private, table.seqs)
            insert_rows(
                conn, "INSERT OR FAIL INTO op", _rows(dots, fresh, intern(conn, fresh, {}, batch), table)
            )
            insert_rows(conn, "INSERT OR FAIL INTO buried", [(dot,) for dot in dots])
        conn.execute("UPDATE gap SET filled = ?, tail = ? WHERE stream = ?", (last, tail, gap.stream))
        note_link(conn, gap.stream, last, tail)
    return len(fresh)


def agrees(store: Store, start: int) -> tuple[bool, int]:
    """Tell whether some entities, from number `start` on, are shown as the whole log gives them, once it is filled.

    Returns as well where to go on, 0 when that was all. Of the rest invariant 2 takes care: what is shown follows from
    the heads and the dates, and these are compared.
    """
    conn = store.conn
    floors = {gap.stream: gap.floor for gap in gaps(conn)}
    private = {stream.n for stream in store.streams() if stream.private}
    end = start + CHECK_STEP
    heads: dict[tuple[int, str], list[Head]] = {}
    named: dict[tuple[int, str], dict[int, int]] = {}
    shown: dict[tuple[int, str], set[int]] = {}
    dates: dict[int, list[tuple[int, str]]] = {}
    query = (
        "SELECT o.dot, o.wt, o.lam, o.by, o.ent, o.field, o.parents, b.dot FROM op o "
        "LEFT JOIN buried b ON b.dot = o.dot WHERE o.ent >= ? AND o.ent < ?"
    )
    for dot, wt, lam, by, ent, field, parents, buried in conn.execute(query, (start, end)):
        if dot >> SEQ_BITS in private:
            continue
        dates.setdefault(ent, []).append((wt, by))
        if dot & SEQ_MASK > floors.get(dot >> SEQ_BITS, 0):
            continue
        heads.setdefault((ent, field), []).append(Head(dot, wt, lam, by, ""))
        if buried is None:
            shown.setdefault((ent, field), set()).add(dot)
        at = named.setdefault((ent, field), {})
        for parent in map(int, (parents or "").split()):
            at[parent] = max(lam, at.get(parent, 0))
    same = all(
        {head.dot for head in surviving(found, named[cell], ())} == shown.get(cell, set())
        for cell, found in heads.items()
    )
    more = conn.execute("SELECT 1 FROM entity WHERE n >= ? LIMIT 1", (end,)).fetchone()
    return same and _dated(conn, start, end, dates), end if more else 0


def _dated(
    conn: sqlite3.Connection, start: int, end: int, dates: Mapping[int, list[tuple[int, str]]]
) -> bool:
    for kind in schema.KINDS:
        query = (
            f"SELECT n, created_at, created_by, updated_at, updated_by FROM p_{kind} "
            "WHERE n >= ? AND n < ? AND private = 0"
        )
        for n, created_at, created_by, updated_at, updated_by in conn.execute(query, (start, end)):
            found = dates.get(n)
            if not found or (created_at, created_by) != min(found) or (updated_at, updated_by) != max(found):
                return False
    return True


def finish(store: Store, *, agreed: bool) -> None:
    """Take the log for whole, which it is once everything is filled; what did not agree with it is derived again."""
    with store.transaction() as conn:
        conn.execute("DELETE FROM gap")
        conn.execute("DELETE FROM buried")
        if not agreed:
            make_projections(conn)
            replay(conn)


def forget(store: Store) -> None:
    """Take back what a snapshot brought and the log does not bear out, so that it is read from segments instead.

    What lies past the floor goes too, since it begins with a link the snapshot gave. Own ops and what was filled stay.
    """
    with store.transaction() as conn:
        cuts: dict[int, int] = {}
        for gap in gaps(conn):
            base = gap.stream << SEQ_BITS
            conn.execute("DELETE FROM op WHERE dot > ? AND dot <= ?", (base + gap.filled, base + SEQ_MASK))
            conn.execute("DELETE FROM mark WHERE stream = ? AND seq > ?", (gap.stream, gap.filled))
            conn.execute(
                "UPDATE stream SET seq = ?, tail = ? WHERE n = ?", (gap.filled, gap.tail, gap.stream)
            )
            cuts[gap.stream] = gap.filled
        note_cuts(store, cuts)
        conn.execute("DELETE FROM gap")
        conn.execute("DELETE FROM buried")
        conn.execute("DELETE FROM entity WHERE NOT EXISTS (SELECT 1 FROM op WHERE ent = n)")
        make_projections(conn)
        replay(conn)
