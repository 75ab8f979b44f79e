"""The entities that a filter's words find, looked up once and kept beside the connection.

A board under a filter asks a question a column; each would search the full-text index again. The hits lie in a
temporary table of the connection and are found anew after any write, here or by another process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.database import Store
    from store.filters import Filter

_AMONG_HITS = " AND i.n IN (SELECT n FROM temp.hit)"


def clause(store: Store, where: Filter, kind: str) -> tuple[str, tuple[object, ...]]:
    """Return a filter's condition on a kind's rows as (" AND …", parameters), its words looked up."""
    sql, parameters = where.clause(kind)
    if not where.match:
        return sql, parameters
    _find(store, where.match)
    return _AMONG_HITS + sql, parameters


def _find(store: Store, match: str) -> None:
    conn = store.conn
    state = (match, conn.total_changes, conn.execute("PRAGMA data_version").fetchone()[0])
    if store.hits_of == state:
        return
    conn.execute("PRAGMA temp_store = MEMORY")
    conn.execute("CREATE TABLE IF NOT EXISTS temp.hit (n INTEGER PRIMARY KEY)")
    conn.execute("DELETE FROM temp.hit")
    conn.execute("INSERT INTO temp.hit SELECT rowid FROM fts WHERE fts MATCH ?", (match,))
    # Filling the table counts as changes too: remembered after it, so that only later writes differ.
    store.hits_of = (match, conn.total_changes, state[2])
