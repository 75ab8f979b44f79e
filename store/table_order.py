"""The order of a table of items: whole, as entity numbers in memory, so that scrolling costs what is in sight.

The database sorts once a column; a filter leaves a part of that order, and an edit moves only what was edited.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.hits import find, narrowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from store.database import Store
    from store.filters import Filter

FIELDS = schema.KINDS["item"].fields
GROUPS = ("status", "owner", "department", "priority", "kind", "goal", "requested_by", "due")
# What a row has besides its declared fields, each a column of its table.
STAMPS = ("created_at", "created_by", "updated_at", "updated_by")
_NAMED = {
    "owner": "member", "created_by": "member", "updated_by": "member", "department": "department",
    "requested_by": "department", "goal": "goal", "status": "status",
}  # fmt: skip
_ORDERS = {
    "member": "SELECT id FROM p_member ORDER BY title IS NULL, title, id",
    "department": "SELECT id FROM p_department ORDER BY rank IS NULL, rank, id",
    "status": "SELECT id FROM p_status ORDER BY rank IS NULL, rank, id",
    "goal": "SELECT id FROM p_goal ORDER BY title IS NULL, title, id",
}
_NOWHERE = -1
# To put a match in its place takes as long as passing eight items by.
_SPARSE = 8
_MANY = 50  # changed rows from which sorting anew is less work than placing each


class Spec(NamedTuple):
    """What a table is sorted by, which way, and what it is divided by; '' for the order of the board, for nothing."""

    sort: str = ""
    descending: bool = False
    group: str = ""


class Section(NamedTuple):
    """A part of a table with one value of what it is divided by, and the numbers of its items in order."""

    key: str
    numbers: Sequence[int]


def sortable(name: str) -> bool:
    """Tell whether a table can be sorted by a field."""
    field = FIELDS.get(name)
    return name in ("", "status", *STAMPS) or (
        field is not None and field.type in schema.SCALARS and field.type != schema.LONGTEXT
    )


class TableOrder:
    """All items under one sort and one division, kept in step with edits by `moved`."""

    def __init__(self, store: Store, spec: Spec) -> None:
        self._store = store
        self.spec = spec if sortable(spec.sort) and spec.group in ("", *GROUPS) else Spec()
        self._sections: list[Section] = []
        self._narrowed: tuple[Filter, list[Section]] | None = None
        self._places: array[int] | None = None  # where each number stands in all of it, once that was asked
        self.read()

    def read(self) -> None:
        """Sort anew."""
        keys, source = self._terms()
        order = ", ".join(keys)
        listed = self._listed(f"SELECT i.n FROM {source} WHERE i.trashed = 0 ORDER BY {order}")
        self._narrowed = self._places = None
        if not self.spec.group:
            self._sections = [Section("", listed)]
            return
        group = _group_expression(self.spec.group)
        self._sections = []
        at = 0
        query = (
            f"SELECT {group}, count(*) FROM {source} WHERE i.trashed = 0 "
            f"GROUP BY 1 ORDER BY min({keys[0]}), min({keys[1]}), 1"
        )
        for key, count in self._store.conn.execute(query):
            self._sections.append(Section("" if key is None else str(key), listed[at : at + count]))
            at += count

    def sections(self, where: Filter) -> list[Section]:
        """Return the sections that a filter leaves something of; asked again without a write, they are the same."""
        if not where.text.strip():
            return self._sections
        if self._narrowed is None or self._narrowed[0] != where:
            self._narrowed = (where, self._narrow(where))
        return self._narrowed[1]

    def moved(self, ids: Iterable[str]) -> None:
        """Put items where they belong now: what was edited, made, deleted or restored."""
        ids = list(ids)
        self._narrowed = self._places = None
        if len(ids) > _MANY or not self._placed(ids):
            self.read()

    # Within

    def _placed(self, ids: Sequence[str]) -> bool:
        query = "SELECT n FROM entity WHERE kind = 'item' AND id IN (SELECT value FROM json_each(?))"
        numbers = {n for (n,) in self._store.conn.execute(query, (json.dumps(ids),))}
        if not numbers:
            return True
        for index, section in enumerate(self._sections):
            if not numbers.isdisjoint(section.numbers):
                left = array("q", [number for number in section.numbers if number not in numbers])
                self._sections[index] = section._replace(numbers=left)
        for number in sorted(numbers):
            key = self._key(number)
            if key is None:
                continue
            found = next(
                (
                    i
                    for i, section in enumerate(self._sections)
                    if not self.spec.group or section.key == key[0]
                ),
                None,
            )
            if found is None:
                return False  # the first of its section
            listed = array("q", self._sections[found].numbers)
            low, high = 0, len(listed)
            while low < high:
                middle = (low + high) // 2
                other = self._key(listed[middle])
                if other is None:
                    return False
                if other[1] < key[1]:
                    low = middle + 1
                else:
                    high = middle
            listed.insert(low, number)
            self._sections[found] = self._sections[found]._replace(numbers=listed)
        self._sections = [part for part in self._sections if part.numbers or not self.spec.group]
        return True

    def _key(self, number: int) -> tuple[str, tuple[_Ordered, ...]] | None:
        """Return the section in which an item belongs and its place there, None where it does not show."""
        terms, source = self._terms()
        names = [term.removesuffix(" DESC") for term in terms]
        group = _group_expression(self.spec.group) if self.spec.group else "NULL"
        query = f"SELECT {group}, {', '.join(names)} FROM {source} WHERE i.n = ? AND i.trashed = 0"
        row = self._store.conn.execute(query, (number,)).fetchone()
        if row is None:
            return None
        values = [
            _Ordered(value, descending=term.endswith(" DESC"))
            for term, value in zip(terms, row[1:], strict=True)
        ]
        return "" if row[0] is None else str(row[0]), tuple(values)

    def _narrow(self, where: Filter) -> list[Section]:
        if where.trashed:
            table, sql, parameters = narrowed(self._store, where, "item")
            query = f"SELECT i.n FROM {table} WHERE i.trashed = 1{sql} ORDER BY i.updated_at DESC, i.n"
            return [Section("", self._listed(query, parameters))]
        numbers = self._matching(where)
        few = len(numbers) * _SPARSE < sum(len(section.numbers) for section in self._sections)
        lefts = self._few_left(numbers) if few else self._many_left(numbers)
        return [
            section._replace(numbers=left)
            for section, left in zip(self._sections, lefts, strict=True)
            if left or not self.spec.group
        ]

    def _matching(self, where: Filter) -> Sequence[int]:
        """Return the numbers of the items that match, in any order; others may be among them."""
        if where.match and where.item == "":
            return find(self._store, where.match).numbers
        table, sql, parameters = narrowed(self._store, where, "item")
        return self._listed(f"SELECT i.n FROM {table} WHERE {where.shown}{sql}", parameters)

    def _few_left(self, numbers: Sequence[int]) -> Iterator[array[int]]:
        """Yield what is left of each section, put in order by where each item stands."""
        if self._places is None:
            self._places = _places(self._sections)
        known, size = self._places, len(self._places)
        places = sorted(place for number in numbers if number < size and (place := known[number]) != _NOWHERE)
        start = low = 0
        for section in self._sections:
            end = start + len(section.numbers)
            high = bisect_left(places, end, low)
            yield array("q", [section.numbers[place - start] for place in places[low:high]])
            start, low = end, high

    def _many_left(self, numbers: Sequence[int]) -> Iterator[array[int]]:
        """Yield what is left of each section, found by walking along all of it."""
        last = self._store.conn.execute("SELECT max(n) FROM entity").fetchone()[0] or 0
        marks = bytearray(last + 1)
        for number in numbers:
            marks[number] = 1
        for section in self._sections:
            yield array("q", [number for number in section.numbers if marks[number]])

    def _listed(self, query: str, parameters: Sequence[object] = ()) -> array[int]:
        """Return the numbers that a query yields, handed over as one text: a row for each takes longer to make."""
        from msgspec.json import decode

        whole = f"SELECT '[' || coalesce(group_concat(n), '') || ']' FROM ({query})"
        text = self._store.conn.execute(whole, tuple(parameters)).fetchone()[0]
        return array("q", decode(text, type=list[int]))

    def _terms(self) -> tuple[list[str], str]:
        """Return what is ordered by, the last of it different for each item, and the tables that this takes."""
        terms: list[str] = []
        source = "p_item i" if self._by_board else "p_item i NOT INDEXED"
        if self.spec.group:
            expression = _group_expression(self.spec.group)
            source, rank = _ranked(self.spec.group, expression, source, "g")
            terms += [f"({rank}) IS NULL", f"({rank})", f"({expression})"]
            terms = terms[:2] if rank == expression else terms
        way = " DESC" if self.spec.descending else ""
        if self.spec.sort in ("", "status"):
            source, rank = _ranked("status", "i.status", source, "s")
            terms += [f"({rank}) IS NULL", f"({rank}){way}", "i.rank", "i.n"]
            return terms, source
        column = f'i."{self.spec.sort}"'
        if self.spec.sort == "short":
            source += " LEFT JOIN handle h ON h.ent = i.n"
            stem = "substr(h.short, 1, instr(h.short, '-'))"
            number = "CAST(substr(h.short, instr(h.short, '-') + 1) AS INTEGER)"
            return [*terms, "h.short IS NULL", f"{stem}{way}", f"{number}{way}", "i.n"], source
        field = FIELDS.get(self.spec.sort)
        rank = column
        if self.spec.sort in _NAMED:
            source, rank = _ranked(self.spec.sort, column, source, "s")
        elif self.spec.sort == "kind":
            rank = _choice_rank(column, schema.ITEM_KINDS)
        elif field is not None and field.choices:
            rank = _choice_rank(column, field.choices)
        elif field is not None and field.type == schema.TEXT:
            rank = f"lower({column})"
        return [*terms, f"({rank}) IS NULL", f"({rank}){way}", "i.n"], source

    @property
    def _by_board(self) -> bool:
        return not self.spec.group and self.spec.sort in ("", "status")


class _Ordered:
    """A value as the database orders it: nothing first, then numbers, then text by its letters' numbers."""

    __slots__ = ("_key", "_turned")

    def __init__(self, value: object, *, descending: bool) -> None:
        self._key = (0, 0) if value is None else (2, value) if isinstance(value, str) else (1, value)
        self._turned = descending

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ordered) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __lt__(self, other: _Ordered) -> bool:
        if self._turned:
            return other._key < self._key
        return self._key < other._key


def _places(sections: Sequence[Section]) -> array[int]:
    """Return of each entity number its place in the sections, one behind the other, `_NOWHERE` where it has none."""
    numbers = [number for section in sections for number in section.numbers]
    found = array("l", [_NOWHERE]) * (max(numbers, default=0) + 1)
    for place, number in enumerate(numbers):
        found[number] = place
    return found


def _group_expression(name: str) -> str:
    return "substr(i.due, 1, 7)" if name == "due" else f'i."{name}"'


def _ranked(name: str, column: str, source: str, alias: str) -> tuple[str, str]:
    """Return the tables with the order of what a field refers to joined, and the place in it."""
    kind = _NAMED.get(name)
    if kind is None:
        if name == "kind":
            return source, _choice_rank(column, schema.ITEM_KINDS)
        return source, column
    order = f"SELECT id, row_number() OVER () AS place FROM ({_ORDERS[kind]})"
    return f"{source} LEFT JOIN ({order}) {alias} ON {alias}.id = {column}", f"{alias}.place"


def _choice_rank(column: str, choices: Sequence[str]) -> str:
    quoted = [choice.replace("'", "''") for choice in choices]
    cases = " ".join(f"WHEN '{choice}' THEN {place}" for place, choice in enumerate(quoted))
    return f"CASE {column} {cases} WHEN NULL THEN NULL ELSE {len(choices)} END"
