"""Where a department, or a member, is named by others; and two departments that turn out to be one.

What names them is found from the declaration, so that a field added there is found here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.errors import StoreError
from store.layouts import decode
from store.reordering import LAST, move_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.change import Change
    from store.database import Store

_KEYED = ("position", "interest", "check", "answer", "objection")  # maps whose keys are departments


def uses(store: Store, ent: str, kind: str = "department") -> dict[str, int]:
    """Return how many entities of each kind name this one, those in the trash left out."""
    counted: dict[str, set[int]] = {}
    for declared, field in _naming(kind):
        for number, _id in _named_in(store, declared, field, ent):
            counted.setdefault(declared, set()).add(number)
    return {name: len(numbers) for name, numbers in counted.items()}


def merge_departments(change: Change, kept: str, gone: str) -> None:
    """Let everything that names one department name another, which is called by its names too; the one goes.

    Raises bad-value where both are one.
    """
    if kept == gone:
        raise StoreError("bad-value", field="department", value=gone, expected="another one than itself")
    change.flush()
    store = change.store
    for declared, field in _naming("department"):
        rows = [row for row in _named_in(store, declared, field, gone) if row[1] not in (gone, kept)]
        for number, ent in rows:
            if field.type == schema.SET:
                change.remove_from(ent, field.name, [gone])
                change.add_to(ent, field.name, [kept])
            elif field.type == schema.MAP:
                _move_entry(change, number, ent, field.name, kept, gone)
            else:
                change.set(ent, {field.name: kept})
    names = _names(store, gone)
    own = {name.casefold() for name in _names(store, kept)}
    more = [name for name in dict.fromkeys(names) if name.casefold() not in own]
    if more:
        change.add_to(kept, "aliases", more)
    change.trash(gone)


def move_department(change: Change, ent: str, by: int) -> bool:
    """Move a department by one place in the workspace's order; tells whether there was room."""
    change.flush()
    query = f"SELECT id, coalesce(rank, '{LAST}') FROM p_department WHERE trashed = 0 ORDER BY rank IS NULL, rank, id"
    rows: list[tuple[str, str]] = change.conn.execute(query).fetchall()
    order = [one for one, _rank in rows]
    if ent not in order or not 0 <= order.index(ent) + by < len(order):
        return False
    return move_by(change, rows, ent, by)


def _move_entry(change: Change, number: int, ent: str, field: str, kept: str, gone: str) -> None:
    query = "SELECT key, value FROM entry WHERE ent = ? AND field = ? AND key IN (?, ?)"
    held = {
        key: decode(value)
        for key, value in change.conn.execute(query, (number, field, kept, gone)).fetchall()
    }
    # What the department that stays has said itself is not overwritten; both of one text are one.
    said = held.get(kept)
    if said in (None, ""):
        change.set(ent, {field: {kept: held.get(gone), gone: None}})
    elif isinstance(said, str) and isinstance(held.get(gone), str) and said != held[gone]:
        change.set(ent, {field: {kept: f"{said} / {held[gone]}", gone: None}})
    else:
        change.set(ent, {field: {gone: None}})


def _names(store: Store, ent: str) -> list[str]:
    row = store.conn.execute(
        "SELECT n, title, title_en, code FROM p_department WHERE id = ?", (ent,)
    ).fetchone()
    if row is None:
        raise StoreError("not-found", what=ent)
    query = "SELECT value FROM element WHERE ent = ? AND field = 'aliases' ORDER BY value"
    aliases = [value for (value,) in store.conn.execute(query, (row[0],))]
    return [name for name in (*row[1:], *aliases) if name]


def _naming(kind: str) -> Iterator[tuple[str, schema.Field]]:
    """Yield the kinds and fields that may name an entity of a kind."""
    for declared in schema.KINDS.values():
        for field in declared.fields.values():
            keyed = kind == "department" and field.type == schema.MAP and field.name in _KEYED
            if field.to == kind or keyed:
                yield declared.name, field


def _named_in(store: Store, kind: str, field: schema.Field, ent: str) -> list[tuple[int, str]]:
    if field.type == schema.SET:
        where = "i.n IN (SELECT e.ent FROM element e WHERE e.field = ? AND e.value = ?)"
    elif field.type == schema.MAP:
        where = "i.n IN (SELECT e.ent FROM entry e WHERE e.field = ? AND e.key = ?)"
    else:
        query = f'SELECT i.n, i.id FROM p_{kind} i WHERE i.trashed = 0 AND i."{field.name}" = ? ORDER BY i.n'
        return list(store.conn.execute(query, (ent,)))
    query = f"SELECT i.n, i.id FROM p_{kind} i WHERE i.trashed = 0 AND {where} ORDER BY i.n"
    return list(store.conn.execute(query, (field.name, ent)))
