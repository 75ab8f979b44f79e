"""Some entities derived from the log once more: what ops that got other names need, without replaying everything."""

from __future__ import annotations

from store import schema
from store.batch import CHUNK, Batch, in_chunks
from store.oplog import StreamTable
from store.projections import project
from store.stands import shift, stood
from store.touched import Touched

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection


def rederive(conn: sqlite3.Connection, ents: Collection[int]) -> None:
    """Derive everything that is shown of these entities from their ops. The caller holds the transaction."""
    numbers = sorted(ents)
    query = "SELECT n, kind, id FROM entity WHERE n IN ({})"
    kinds = {n: (kind, ent) for n, kind, ent in in_chunks(conn, query, numbers)}
    # All are taken out first: what is derived anew looks across entities, and must not meet what is out of date.
    for start in range(0, len(numbers), CHUNK):
        _take_out(conn, numbers[start : start + CHUNK], {kind for kind, _ in kinds.values()})
    table = StreamTable(conn)
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        query = "SELECT o.*, b.dot FROM op o LEFT JOIN buried b ON b.dot = o.dot WHERE o.ent IN ({}) ORDER BY o.dot"
        rows = list(in_chunks(conn, query, part))
        batch = Batch(kinds, set(part), table.names, table.private, table.seqs)
        touched = Touched(batch)
        touched.add([row[:-1] for row in rows if row[-1] is None])
        touched.add_past([row[:-1] for row in rows if row[-1] is not None])
        project(conn, touched, batch)


def _take_out(conn: sqlite3.Connection, part: list[int], kinds: Collection[str]) -> None:
    marks = ",".join("?" * len(part))
    standing = conn.execute(f"SELECT n, trashed, status FROM p_item WHERE n IN ({marks})", part).fetchall()
    shift(conn, [(n, stood(trashed, status), None) for n, trashed, status in standing])
    for kind in schema.KINDS.keys() & kinds:
        conn.execute(f"DELETE FROM p_{kind} WHERE n IN ({marks})", part)
    for derived in ("head", "early", "element", "entry", "handle", "divergence"):
        conn.execute(f"DELETE FROM {derived} WHERE ent IN ({marks})", part)
    conn.execute(f"DELETE FROM fts WHERE rowid IN ({marks})", part)
