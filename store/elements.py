"""What a set field of many entities holds, read at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.batch import in_chunks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


def element_sets(conn: sqlite3.Connection, numbers: Iterable[int], field: str) -> dict[int, list[str]]:
    """Return the elements of one declared set field by entity number, in an order that is the same everywhere.

    Entities whose set is empty are left out.
    """
    found: dict[int, list[str]] = {}
    query = f"SELECT ent, value FROM element WHERE ent IN ({{}}) AND field = '{field}' ORDER BY ent, value"
    for ent, value in in_chunks(conn, query, list(numbers)):
        found.setdefault(ent, []).append(value)
    return found
