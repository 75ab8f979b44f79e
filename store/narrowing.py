"""Which of the things that a list shows match a query, whatever kinds they are of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from store import schema
from store.batch import in_chunks
from store.hits import narrowed
from store.search import filter_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from store.database import Store
    from store.query_ast import Node


def matching_among(
    store: Store, node: Node, ids: Collection[str], today: datetime.date
) -> tuple[set[str], set[str]]:
    """Return those of some ids that match a query's meaning, and those that name nothing of a kind known here."""
    numbers: dict[str, list[int]] = {}
    known: set[str] = set()
    query = "SELECT id, n, kind FROM entity WHERE id IN ({})"
    for ent, number, kind in in_chunks(store.conn, query, [ent for ent in ids if ent.isascii()]):
        if kind in schema.KINDS:
            known.add(ent)
            numbers.setdefault(kind, []).append(number)
    found: set[str] = set()
    for kind, listed in numbers.items():
        where = filter_of(kind, node, today)
        if where.sql is None:
            continue
        table, sql, parameters = narrowed(store, where, kind)
        query = f"SELECT i.id FROM {table} WHERE i.n IN (SELECT value FROM json_each(?)){sql}"
        found.update(ent for (ent,) in store.conn.execute(query, (json.dumps(listed), *parameters)))
    return found, {*ids} - known
