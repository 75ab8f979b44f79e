"""Some entities derived from the log once more, without replaying everything.

Needed when ops got other names, or were taken out. Nothing then is as it came: an entity may be gone, or stand where
nothing leads from what it shows now. So whatever it bore on before is looked at as well.
"""

from __future__ import annotations

from store import schema
from store.batch import CHUNK, Batch, in_chunks
from store.crosswise import found_by_text, index_entities, owners_of, tell_apart
from store.oplog import StreamTable
from store.projections import project
from store.stands import shift, stood
from store.touched import Touched
from store.visibility import refresh_trees, refresh_visibility

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Set


def rederive(conn: sqlite3.Connection, ents: Set[int]) -> None:
    """Derive everything that is shown of these entities, and because of them, from the ops.

    The caller holds the transaction.
    """
    numbers = sorted(ents)
    query = "SELECT n, kind, id FROM entity WHERE n IN ({})"
    kinds = {n: (kind, ent) for n, kind, ent in in_chunks(conn, query, numbers)}
    before = _Bearing(conn, numbers, {kind for kind, _ in kinds.values()})
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
    before.settle(table)


class _Bearing:
    """What the rows of some entities bear on: all that shows something else once the rows are others, or gone."""

    def __init__(self, conn: sqlite3.Connection, numbers: list[int], kinds: Set[str]) -> None:
        self._conn = conn
        self._owners: set[str] = set()  # a comment keeps in sight what it is on, and is found with it
        for kind in kinds & set(schema.ATTACHED_KINDS):
            query = f'SELECT DISTINCT "on" FROM p_{kind} WHERE "on" IS NOT NULL AND n IN ({{}})'
            self._owners.update(ent for (ent,) in in_chunks(conn, query, numbers))
        query = "SELECT DISTINCT raw FROM handle WHERE ent IN ({})"  # of two with one short id, the other had a letter
        self._raws: set[str] = {raw for (raw,) in in_chunks(conn, query, numbers)}
        self._trees: list[str] = []  # what was under it may have been cut because of it
        for kind in sorted(kinds & schema.KINDS.keys()):
            if any(field.type == schema.PARENT for field in schema.KINDS[kind].fields.values()):
                query = f"SELECT 1 FROM p_{kind} WHERE parent IS NOT NULL AND n IN ({{}})"
                if any(in_chunks(conn, query, numbers)):
                    self._trees.append(kind)

    def settle(self, table: StreamTable) -> None:
        """Let all of it show what follows from the rows that there are now."""
        conn = self._conn
        tell_apart(conn, self._raws, table.names, table.private)
        for kind in self._trees:
            refresh_trees(conn, kind, (), table.names)
        owners = owners_of(conn, self._owners)
        refresh_visibility(conn, owners, table.names)
        index_entities(conn, found_by_text(owners), {ent: (kind, "") for ent, kind in owners.items()}, {})


def _take_out(conn: sqlite3.Connection, part: list[int], kinds: Set[str]) -> None:
    marks = ",".join("?" * len(part))
    standing = conn.execute(f"SELECT n, trashed, status FROM p_item WHERE n IN ({marks})", part).fetchall()
    shift(conn, [(n, stood(trashed, status), None) for n, trashed, status in standing])
    for kind in schema.KINDS.keys() & kinds:
        conn.execute(f"DELETE FROM p_{kind} WHERE n IN ({marks})", part)
    for derived in ("head", "early", "element", "entry", "handle", "divergence"):
        conn.execute(f"DELETE FROM {derived} WHERE ent IN ({marks})", part)
    conn.execute(f"DELETE FROM fts WHERE rowid IN ({marks})", part)
