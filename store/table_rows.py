"""The rows of a table of items that are in sight: the fields that it shows by their names, read for these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.batch import in_chunks
from store.layouts import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.database import Store


# What the sign before a row tells of, whatever columns it has.
_SIGNED = ("status", "private", "banner", "divergences")
_STAMPED = ("status", "created_at", "created_by", "updated_at", "updated_by")


class TableRow(NamedTuple):
    """One item of a table; `values` are what was asked for of its fields, its status and its stamps by name.

    What is not set is left out.
    """

    number: int
    id: str
    short: str
    values: dict[str, object]
    private: bool = False
    banner: bool = False
    divergences: int = 0


def table_rows(store: Store, numbers: Sequence[int], names: Collection[str]) -> list[TableRow]:
    """Return the items with these entity numbers, in this order; one that is gone is left out.

    Of each are read the columns in `names`, what blocks it and what its sign tells.
    """
    layout = LAYOUTS["item"]
    fields = [field for field in layout.fields.values() if field.name in names or field.name == "blocked"]
    fields = [field for field in fields if field.type != schema.PLACE]
    sets: dict[int, dict[str, list[str]]] = {}
    if any(field.type == schema.SET for field in fields):
        query = "SELECT ent, field, value FROM element WHERE ent IN ({}) ORDER BY ent, field, value"
        for ent, field, value in in_chunks(store.conn, query, list(numbers)):
            sets.setdefault(ent, {}).setdefault(field, []).append(value)
    shorts = dict(in_chunks(store.conn, "SELECT ent, short FROM handle WHERE ent IN ({})", list(numbers)))
    stamps = [name for name in _STAMPED if name in names or name in _SIGNED]
    own = {name for field in fields for name in (field.name, f"{field.name}_cut")}
    columns = [name for name in layout.columns if name in {"n", "id", *_SIGNED, *stamps, *own}]
    found: dict[int, TableRow] = {}
    listed = ", ".join(f'"{column}"' for column in columns)
    for row in in_chunks(store.conn, f"SELECT {listed} FROM p_item WHERE n IN ({{}})", list(numbers)):
        values = dict(zip(columns, row, strict=True))
        number = values["n"]
        said = layout.read(values, sets.get(number, {}), {}, fields)
        said |= {name: values[name] for name in stamps if values[name] is not None}
        found[number] = TableRow(
            number, values["id"], shorts.get(number) or values["id"], said,
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
