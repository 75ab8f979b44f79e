"""What a snapshot takes from the log: every shared op that still counts, and the few replaced ones that do as well.

Of the replaced ones an entity's first and last matter, since they date it; each stream's newest, which tells when its
device was last heard of; those that name parents not yet here; and everything about devices, from which follows who is
trusted. What this gives, loaded into an empty store, behaves from then on as the whole log would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.batch import in_chunks
from store.merge import SEQ_BITS, SEQ_MASK
from store.ops import Op, encode_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

WHOLE_KINDS = ("device", "workspace")  # of which every op is taken
STEP = 2_000  # entities read at once

_COLUMNS = "o.ent, o.dot, o.lam, o.wt, o.by, e.kind, e.id, o.field, o.value, o.parents, o.change, o.extra"


class Standing(NamedTuple):
    """How far a shared stream is held: its local number, device, incarnation, last op and the link after it."""

    n: int
    dev: str
    inc: str
    seq: int
    tail: str
    mine: bool


class Kept(NamedTuple):
    """An op that a snapshot holds: stream number, sequence number, whether it is replaced already, canonical line."""

    stream: int
    seq: int
    past: bool
    line: bytes


def standings(conn: sqlite3.Connection) -> list[Standing]:
    """Return every shared stream that ops are held of, by device and incarnation."""
    rows = conn.execute(
        "SELECT n, dev, inc, seq, tail, mine FROM stream WHERE private = 0 AND seq > 0 ORDER BY dev, inc"
    )
    return [Standing(n, dev, inc, seq, tail, bool(mine)) for n, dev, inc, seq, tail, mine in rows]


def collect(conn: sqlite3.Connection, found: Sequence[Standing]) -> Iterator[list[Kept]]:
    """Yield the ops of a snapshot of these streams, those of one entity together; nothing of private drafts.

    The caller holds a read transaction, so that all of it is of one moment.
    """
    shared = {stream.n for stream in found}
    names = {n: (dev, inc) for n, dev, inc in conn.execute("SELECT n, dev, inc FROM stream")}
    ends = {stream.n << SEQ_BITS | stream.seq for stream in found}
    horizon = {stream.n: stream.seq for stream in found}
    last = conn.execute("SELECT coalesce(max(n), 0) FROM entity").fetchone()[0]
    for start in range(1, last + 1, STEP):
        rows = list(_heads(conn, start, shared))
        taken = {row[1] for row in rows}
        wanted = (
            _dating(conn, start, rows, shared) | _naming(conn, start, horizon) | _of_whole_kinds(conn, start)
        )
        ends -= taken | wanted
        rows += _rows(conn, wanted - taken, shared)
        rows.sort(key=lambda row: row[0])  # by entity, and stable within
        yield [_kept(row, row[1] not in taken, names) for row in rows]
    yield [_kept(row, True, names) for row in _rows(conn, ends, shared)]


def _heads(conn: sqlite3.Connection, start: int, shared: Collection[int]) -> Iterator[tuple[Any, ...]]:
    query = (
        f"SELECT {_COLUMNS} FROM head h CROSS JOIN op o ON o.dot = h.dot CROSS JOIN entity e ON e.n = h.ent "
        "WHERE h.ent >= ? AND h.ent < ? ORDER BY h.ent, h.field, h.dot"
    )
    return (row for row in conn.execute(query, (start, start + STEP)) if row[1] >> SEQ_BITS in shared)


def _rows(
    conn: sqlite3.Connection, dots: Iterable[int], shared: Collection[int]
) -> Iterator[tuple[Any, ...]]:
    query = f"SELECT {_COLUMNS} FROM op o CROSS JOIN entity e ON e.n = o.ent WHERE o.dot IN ({{}})"
    return in_chunks(conn, query, sorted(dot for dot in dots if dot >> SEQ_BITS in shared))


def _dating(
    conn: sqlite3.Connection,
    start: int,
    heads: Iterable[tuple[Any, ...]],
    shared: Collection[int],
) -> set[int]:
    """Return the first and the last op of each entity, unless a head is as old or as new."""
    stamps: dict[int, set[tuple[int, str]]] = {}
    for row in heads:
        stamps.setdefault(row[0], set()).add((row[3], row[4]))
    first: dict[int, tuple[int, str, int]] = {}
    last: dict[int, tuple[int, str, int]] = {}
    query = "SELECT ent, wt, by, dot FROM op WHERE ent >= ? AND ent < ?"
    for ent, wt, by, dot in conn.execute(query, (start, start + STEP)):
        if dot >> SEQ_BITS not in shared:
            continue
        stamp = (wt, by, dot)
        if ent not in first:
            first[ent] = last[ent] = stamp
        elif stamp < first[ent]:
            first[ent] = stamp
        elif stamp > last[ent]:
            last[ent] = stamp
    return {
        dot
        for end in (first, last)
        for ent, (wt, by, dot) in end.items()
        if (wt, by) not in stamps.get(ent, ())
    }


def _naming(conn: sqlite3.Connection, start: int, horizon: Mapping[int, int]) -> set[int]:
    """Return an op for each parent that is named and not here: the one that will replace it when it comes."""
    found = set()
    query = "SELECT ent, field, dot, lam FROM early WHERE ent >= ? AND ent < ?"
    for ent, field, missing, lam in conn.execute(query, (start, start + STEP)).fetchall():
        if missing & SEQ_MASK > horizon.get(missing >> SEQ_BITS, 0):
            namers = (
                "SELECT dot, parents FROM op WHERE ent = ? AND field = ? AND lam = ? AND parents IS NOT NULL"
            )
            for dot, parents in conn.execute(namers, (ent, field, lam)):
                if str(missing) in parents.split():
                    found.add(dot)
    return found


def _of_whole_kinds(conn: sqlite3.Connection, start: int) -> set[int]:
    marks = ",".join("?" * len(WHOLE_KINDS))
    query = f"SELECT o.dot FROM entity e JOIN op o ON o.ent = e.n WHERE e.n >= ? AND e.n < ? AND e.kind IN ({marks})"
    return {dot for (dot,) in conn.execute(query, (start, start + STEP, *WHOLE_KINDS))}


def _kept(row: tuple[Any, ...], past: bool, names: Mapping[int, tuple[str, str]]) -> Kept:
    _, dot, lam, wt, by, kind, ent, field, value, parents, change, extra = row
    stream, seq = dot >> SEQ_BITS, dot & SEQ_MASK
    shown = tuple([_written(int(parent), names) for parent in parents.split()]) if parents else ()
    op = Op(*names[stream], seq, lam, wt, by, kind, ent, field, value, shown, change, extra or "")
    return Kept(stream, seq, past, encode_line(op))


def _written(dot: int, names: Mapping[int, tuple[str, str]]) -> str:
    dev, inc = names[dot >> SEQ_BITS]
    return f"{dev}.{inc}.{dot & SEQ_MASK}"
