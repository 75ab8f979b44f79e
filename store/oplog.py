"""The op log: append what was done here, merge what was done elsewhere, replay everything.

An op that is appended or merged is in the log, in the projections and past its stream's cursor in one transaction.
"""

from __future__ import annotations

from collections import defaultdict

from store.batch import Batch, describe, in_chunks, insert_rows
from store.changes import ChangeSet
from store.clock import MAX_LAMPORT
from store.database import HELD
from store.errors import StoreError
from store.merge import SEQ_BITS, SEQ_MASK
from store.ops import Op, content_id
from store.projections import project
from store.touched import Touched
from store.uncollected import uncollected

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from store.database import Store, Stream
    from store.touched import OpRow

# To bind a NULL takes four times as long as to bind a text; most ops have neither parents nor unknown keys.
_OP = "(?,?,?,?,?,?,?,?,nullif(?,''),?,nullif(?,''))"
REPLAY_BATCH = 50_000
BLOCK = 2_000  # ops written at once: they stay in the processor's cache until they are
ARRIVALS = 5_000  # batches of ops whose order is kept
MANY_OPS = 5_000  # from here on a batch touches more pages than SQLite keeps by itself
MAX_NAMED = 5_000  # streams that have not come and that the ops of one device mention: no team has as many
_NAMED = "named"  # in `meta`: which these are, by device
_TOO_MANY = "more streams mentioned than have come"
PAGES_KIB = 64 * 1024  # kept for such a batch: fewer are written to the disk and read again before it is done


class _Names(dict[int, tuple[str, str]]):
    """The streams' names by number; of those without ops only what is asked for."""

    __slots__ = ("_conn",)

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def __missing__(self, n: int) -> tuple[str, str]:
        found = self._conn.execute("SELECT dev, inc FROM stream WHERE n = ?", (n,)).fetchone()
        if found is None:
            raise KeyError(n)
        self[n] = name = (found[0], found[1])
        return name


class StreamTable:
    """The streams by name and by number, growing as ops mention new ones; lives for one transaction.

    Of streams that were mentioned and have not come only those are read that are asked for: anybody can mention many.
    `namer` is the device whose ops are being taken in, and `named` what it was the first to mention.
    """

    __slots__ = ("_by_name", "_conn", "named", "namer", "names", "private", "seqs")

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._by_name: dict[tuple[str, str], int] = {}
        self.names: dict[int, tuple[str, str]] = _Names(conn)
        self.seqs: dict[int, int] = defaultdict(int)
        self.private: set[int] = set()
        self.namer = ""
        self.named: dict[str, list[int]] = {}
        for n, dev, inc, seq, private in conn.execute(
            f"SELECT n, dev, inc, seq, private FROM stream WHERE {HELD}"
        ):
            self._by_name[dev, inc] = n
            self.names[n] = (dev, inc)
            self.seqs[n] = seq
            if private:
                self.private.add(n)

    def knows(self, dev: str, inc: str) -> bool:
        """Return whether anything of this stream has been heard of."""
        return (dev, inc) in self._by_name or self._look_up(dev, inc) is not None

    def number(self, dev: str, inc: str) -> int:
        """Return the stream's local number, recording a stream first heard of."""
        n = self._by_name.get((dev, inc)) or self._look_up(dev, inc)
        if n is None:
            n = self._conn.execute("INSERT INTO stream (dev, inc) VALUES (?,?)", (dev, inc)).lastrowid or 0
            self._add(n, dev, inc)
            if self.namer:
                named = self.named.setdefault(self.namer, [])
                named.append(n)
                if len(named) > MAX_NAMED:
                    raise StoreError("bad-op", dot=self.namer, why=_TOO_MANY)
        return n

    def _look_up(self, dev: str, inc: str) -> int | None:
        """Return the number of a stream that was mentioned and has no ops, None where it was not."""
        found = self._conn.execute("SELECT n FROM stream WHERE dev = ? AND inc = ?", (dev, inc)).fetchone()
        if found is None:
            return None
        self._add(found[0], dev, inc)
        return int(found[0])

    def _add(self, n: int, dev: str, inc: str) -> None:
        self._by_name[dev, inc] = n
        self.names[n] = (dev, inc)
        self.seqs[n] = 0

    def parse(self, dot: str) -> int:
        """Return the integer form of a dot "dev.inc.seq"."""
        dev, inc, seq = dot.split(".")
        return self.number(dev, inc) << SEQ_BITS | int(seq)

    def text(self, dot: int) -> str:
        """Return the written form of an integer dot."""
        dev, inc = self.names[dot >> SEQ_BITS]
        return f"{dev}.{inc}.{dot & SEQ_MASK}"


def streams(store: Store) -> dict[tuple[str, str], Stream]:
    """Return every public stream of which there are ops, and one's own, by (device, incarnation)."""
    return {(stream.dev, stream.inc): stream for stream in store.streams(held=True) if not stream.private}


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
        from_row(row, table)
        for row in store.conn.execute(query, (base + seq, base + SEQ_MASK, limit)).fetchall()
    ]


def from_row(row: Sequence[Any], table: StreamTable) -> Op:
    """Return the op of a row: dot, lam, wt, by, kind, id, field, value, parents, change, extra."""
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
    runs = _runs(ops)
    cursors = {table.number(ops[start].dev, ops[start].inc): ops[end - 1].seq for start, end in runs}
    table.seqs.update(cursors)
    numbers: dict[tuple[str, str], int] = {}
    batch = Batch({}, set(), table.names, table.private, table.seqs)
    touched = Touched(batch)
    parse = table.parse
    for start, end in runs:
        base = table.number(ops[start].dev, ops[start].inc) << SEQ_BITS
        table.namer = ops[start].dev
        for at in range(start, end, BLOCK):
            block = ops[at : min(at + BLOCK, end)]
            rows: list[OpRow] = [
                (
                    base | op.seq,
                    bytearray(op.identity or content_id(op)),  # bound in a third of the time that bytes take
                    op.lam,
                    op.wt,
                    op.by,
                    ent,
                    op.field,
                    op.value,
                    " ".join([str(parse(parent)) for parent in op.parents]) if op.parents else "",
                    op.change,
                    op.extra,
                )
                for op, ent in zip(block, intern(conn, block, numbers, batch), strict=True)
            ]
            insert_rows(conn, "INSERT OR FAIL INTO op", rows, _OP)
            touched.add(rows)
    table.namer = ""
    conn.executemany("UPDATE stream SET seq = ? WHERE n = ?", [(seq, n) for n, seq in cursors.items()])
    highest = max([op.lam for op in ops])
    conn.execute(
        "UPDATE meta SET value = ? WHERE key = 'lamport' AND CAST(value AS INTEGER) < ?", (highest, highest)
    )
    return describe(conn, project(conn, touched, batch), batch.kinds)


def _runs(ops: Sequence[Op]) -> list[tuple[int, int]]:
    """Return from where to where ops of one stream follow one another."""
    starts = []
    dev = inc = ""
    for index, op in enumerate(ops):
        if op.inc != inc or op.dev != dev:
            dev, inc = op.dev, op.inc
            starts.append(index)
    return list(zip(starts, [*starts[1:], len(ops)], strict=True))


def intern(
    conn: sqlite3.Connection, ops: Sequence[Op], numbers: dict[tuple[str, str], int], batch: Batch
) -> list[int]:
    """Return the numbers of the ops' entities; adds what the batch had not named to `numbers`, by (id, kind)."""
    spans: list[tuple[tuple[str, str], int]] = []  # mostly the ops of one entity come together
    ent = kind = ""
    for index, op in enumerate(ops):
        if op.ent != ent or op.kind != kind:
            ent, kind = op.ent, op.kind
            spans.append(((ent, kind), index))
    wanted = [pair for pair in dict.fromkeys([pair for pair, _ in spans]) if pair not in numbers]
    query = "SELECT id, kind, n FROM entity WHERE id IN ({})"
    known = {(ent, kind): n for ent, kind, n in in_chunks(conn, query, [ent for ent, _ in wanted])}
    first = (conn.execute("SELECT max(n) FROM entity").fetchone()[0] or 0) + 1
    added = [(n, *pair) for n, pair in enumerate([pair for pair in wanted if pair not in known], first)]
    insert_rows(conn, "INSERT OR FAIL INTO entity (n, id, kind)", added)
    known.update(((ent, kind), n) for n, ent, kind in added)
    batch.fresh.update([n for n, _, _ in added])
    for pair in wanted:
        numbers[pair] = n = known[pair]
        batch.kinds[n] = (pair[1], pair[0])
    found: list[int] = []
    ends = [start for _, start in spans[1:]] + [len(ops)]
    for (pair, start), end in zip(spans, ends, strict=True):
        found += [numbers[pair]] * (end - start)
    return found


def merge(store: Store, ops: Sequence[Op], tails: Mapping[tuple[str, str], str] | None = None) -> ChangeSet:
    """Apply ops of other devices and move their streams' cursors, in one transaction; returns what was touched.

    Each stream's ops must continue its cursor; ones already applied are skipped, so a repeated call changes nothing.
    `tails` are the hashes of the last segments applied, by (device, incarnation).
    Raises StoreError: gap (dev, inc, expected, found), bad-op (dot, why).
    """
    pages = store.conn.execute("PRAGMA cache_size").fetchone()[0]
    try:
        if len(ops) > MANY_OPS:
            store.conn.execute(f"PRAGMA cache_size = {-PAGES_KIB}")
        with uncollected(), store.transaction() as conn:
            table = StreamTable(conn)
            before = dict(table.seqs)
            fresh = _contiguous(ops, table)
            changes = append(conn, table, fresh) if fresh else ChangeSet()
            _bound_named(store, table)
            _note_arrival(conn, before, table.seqs)
            store.written.update((n, (before.get(n, 0), seq)) for n, seq in table.seqs.items())
            if tails:
                from store.branches import note_link

                for (dev, inc), tail in tails.items():
                    stream = table.number(dev, inc)
                    conn.execute("UPDATE stream SET tail = ? WHERE n = ?", (tail, stream))
                    if table.seqs[stream] != before.get(stream, 0):
                        note_link(conn, stream, table.seqs[stream], tail)
            return changes
    finally:
        store.conn.execute(f"PRAGMA cache_size = {pages}")


def _bound_named(store: Store, table: StreamTable) -> None:
    """Refuse ops of a device that has mentioned too many streams which have not come: each is a row for ever.

    While ops arrive out of order, some are mentioned before they come.
    """
    if not table.named:
        return
    import json

    known: dict[str, list[int]] = json.loads(store.meta(_NAMED, "{}"))
    for dev, named in table.named.items():
        left = [n for n in {*known.get(dev, ()), *named} if not table.seqs.get(n)]
        if len(left) > MAX_NAMED:
            raise StoreError("bad-op", dot=dev, why=_TOO_MANY)
        known[dev] = sorted(left)
    store.set_meta(_NAMED, json.dumps({dev: left for dev, left in known.items() if left}))


def _note_arrival(conn: sqlite3.Connection, before: Mapping[int, int], after: Mapping[int, int]) -> None:
    """Keep in what order teammates' ops came: their clocks do not say it. Of what came long ago nobody asks."""
    came = [(n, before.get(n, 0) + 1, seq) for n, seq in after.items() if seq > before.get(n, 0)]
    if came:
        conn.executemany("INSERT INTO arrival (stream, first, last) VALUES (?,?,?)", came)
        conn.execute("DELETE FROM arrival WHERE n <= (SELECT max(n) FROM arrival) - ?", (ARRIVALS,))


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
    floors: dict[int, int] = dict(conn.execute("SELECT stream, floor FROM gap"))
    horizon = {n: floors.get(n, 0) for n in table.names}
    projected: set[int] = set()
    kinds_query = "SELECT n, kind, id FROM entity WHERE n IN ({})"
    for rows, past in _in_order(conn, bool(floors)):
        ents = list({row[5] for row in rows} | {row[5] for row in past})
        kinds = {n: (kind, ent) for n, kind, ent in in_chunks(conn, kinds_query, ents)}
        for row in rows:
            horizon[row[0] >> SEQ_BITS] = max(horizon[row[0] >> SEQ_BITS], row[0] & SEQ_MASK)
        fresh = set(ents) - projected
        batch = Batch(kinds, fresh, table.names, table.private, horizon)
        touched = Touched(batch)
        touched.add(rows)
        touched.add_past(past)
        project(conn, touched, batch)
        projected.update(ents)


def _in_order(conn: sqlite3.Connection, sparse: bool) -> Iterator[tuple[list[OpRow], list[OpRow]]]:
    """Yield the log in batches: ops, and ops that are known to be replaced by others which may not be here.

    Where older ops are missing, what is here of them comes first: of everything after it, it is the past.
    """
    if not sparse:
        cursor = conn.execute("SELECT * FROM op ORDER BY dot")
        while rows := cursor.fetchmany(REPLAY_BATCH):
            yield rows, []
        return
    cursor = conn.execute(
        "SELECT o.*, b.dot FROM op o JOIN gap g ON g.stream = o.dot >> 32 LEFT JOIN buried b ON b.dot = o.dot "
        "WHERE o.dot & 4294967295 <= g.floor ORDER BY o.dot"
    )
    while rows := cursor.fetchmany(REPLAY_BATCH):
        yield [row[:-1] for row in rows if row[-1] is None], [row[:-1] for row in rows if row[-1] is not None]
    cursor = conn.execute(
        "SELECT o.* FROM op o LEFT JOIN gap g ON g.stream = o.dot >> 32 "
        "WHERE o.dot & 4294967295 > coalesce(g.floor, 0) ORDER BY o.dot"
    )
    while rows := cursor.fetchmany(REPLAY_BATCH):
        yield rows, []


def rebuild(store: Store) -> None:
    """Throw the projections away and derive them again: what an upgrade and `doctor` do."""
    from store.migrations import make_projections

    with store.transaction() as conn:
        make_projections(conn)
        replay(conn)
