"""The entities that a filter's words find, looked up once and kept in memory until something is written.

A board under a filter asks a question a column; each would search the full-text index again. How a question is
narrowed down to the hits depends on how many there are: few are looked up one after the other, of many a walk along
the board soon meets a page full.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from store.stands import read_bits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.database import Store
    from store.filters import Filter, KindFilter

_LISTED = " AND i.n IN (SELECT value FROM json_each(?))"
_MARKED = " AND substr(?, i.n + 1, 1) = x'31'"
_MARK, _NO_MARK = ord("1"), b"0"
_LONG = 10_000  # characters of a list that msgspec reads in a third of the time; a short one is not worth loading it


class Hits:
    """The numbers of the entities that were found, in the forms in which SQL and counting want them."""

    def __init__(self, listed: str, size: int) -> None:
        self.listed = listed  # JSON, in any order
        self.numbers = _numbers(listed)
        self._size = size
        # To look a hit up takes as long as twenty steps of a walk, which meets one every size / hits steps. So the walk
        # to a page full, of some thirty, costs less than all hits from about the root of the size on.
        self.few = len(self.numbers) ** 2 < 2 * size

    @cached_property
    def marks(self) -> bytes:
        """One digit an entity number, 1 for a hit; made where somebody asks: a list asks for the numbers alone."""
        marks = bytearray(_NO_MARK) * self._size
        for number in self.numbers:
            marks[number] = _MARK
        return bytes(marks)

    def count(self, groups: Mapping[str, int]) -> dict[str, int]:
        """Return how many hits are in each group that has any; its members' numbers are the bits of an integer."""
        bits = int(self.marks[::-1], 2)
        counts = {name: (bits & group).bit_count() for name, group in groups.items()}
        return {name: count for name, count in counts.items() if count}


def _numbers(listed: str) -> list[int]:
    if len(listed) < _LONG:
        found: list[int] = json.loads(listed)
        return found
    from msgspec.json import decode

    return decode(listed, type=list[int])


def narrowed(
    store: Store, where: Filter | KindFilter, kind: str, *, walks: bool = False
) -> tuple[str, str, tuple[object, ...]]:
    """Return (table, " AND …", parameters) of the rows `i` of a kind that match, the filter's words looked up.

    `walks` says that the question walks along an index in order and ends early, or that its table is small; otherwise
    it visits all that match in whatever order. The trash is small.
    """
    table = f"p_{kind} i"
    sql, parameters = where.clause(kind)
    if not where.match:
        return table, sql, parameters
    hits = find(store, where.match)
    if (walks or where.trashed) and not hits.few:
        return table, _MARKED + sql, (hits.marks, *parameters)
    return f"{table} NOT INDEXED", _LISTED + sql, (hits.listed, *parameters)


def find(store: Store, match: str) -> Hits:
    """Return what a full-text expression finds; asked again without a write in between, it is not searched again."""
    moment = store.moment()
    if moment is None or store.hits is None or store.hits[0] != (match, moment):
        # One text for all, since to hand over a row for each hit would take longer than to find it.
        last = store.conn.execute("SELECT max(n) FROM entity").fetchone()[0] or 0
        query = (
            "SELECT '[' || coalesce(group_concat(rowid), '') || ']' FROM fts WHERE fts MATCH ? AND rowid <= ?"
        )
        store.hits = ((match, moment), Hits(store.conn.execute(query, (match, last)).fetchone()[0], last + 1))
    return store.hits[1]


def count_by_status(store: Store, match: str) -> dict[str, int]:
    """Return how many of the items that show and are found stand in each status that has any."""
    hits = find(store, match)
    moment = store.moment()
    if moment is None or store.stands is None or store.stands[0] != moment:
        store.stands = (moment, read_bits(store.conn))
    return hits.count(store.stands[1])
