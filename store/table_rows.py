"""The rows of a table of items that are in sight: every field by its name, read for these and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.batch import in_chunks
from store.layouts import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.database import Store


class TableRow(NamedTuple):
    """One item of a table; `values` are its fields, its status and its stamps by name, what is not set left out."""

    number: int
    id: str
    short: str
    values: dict[str, object]
    private: bool = False
    banner: bool = False
    divergences: int = 0


def table_rows(store: Store, numbers: Sequence[int]) -> list[TableRow]:
    """Return the items with these entity numbers, in this order; one that is gone is left out."""
    layout = LAYOUTS["item"]
    sets: dict[int, dict[str, list[str]]] = {}
    query = "SELECT ent, field, value FROM element WHERE ent IN ({}) ORDER BY ent, field, value"
    for ent, field, value in in_chunks(store.conn, query, list(numbers)):
        sets.setdefault(ent, {}).setdefault(field, []).append(value)
    shorts = dict(in_chunks(store.conn, "SELECT ent, short FROM handle WHERE ent IN ({})", list(numbers)))
    found: dict[int, TableRow] = {}
    columns = ", ".join(f'"{column}"' for column in layout.columns)
    for row in in_chunks(store.conn, f"SELECT {columns} FROM p_item WHERE n IN ({{}})", list(numbers)):
        values = dict(zip(layout.columns, row, strict=True))
        number = values["n"]
        fields = layout.read(values, sets.get(number, {}), {})
        fields.pop("place", None)
        for name in ("status", "created_at", "created_by", "updated_at", "updated_by"):
            if values[name] is not None:
                fields[name] = values[name]
        found[number] = TableRow(
            number, values["id"], shorts.get(number) or values["id"], fields,
            bool(values["private"]), bool(values["banner"]), values["divergences"],
        )  # fmt: skip
    return [found[number] for number in numbers if number in found]


def ids_of(store: Store, numbers: Sequence[int]) -> list[str]:
    """Return the ids of entities by their numbers, in this order."""
    found = dict(in_chunks(store.conn, "SELECT n, id FROM entity WHERE n IN ({})", list(numbers)))
    return [found[number] for number in numbers if number in found]


def number_of(store: Store, ent: str) -> int | None:
    """Return the entity number of an item, None where there is none of this id."""
    row = store.conn.execute("SELECT n FROM entity WHERE id = ? AND kind = 'item'", (ent,)).fetchone()
    return None if row is None else int(row[0])
