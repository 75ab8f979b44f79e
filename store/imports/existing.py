"""What the workspace already holds of a file's items, statuses and people: the SELECTs of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.batch import in_chunks
from store.imports.statuses import Status
from store.layouts import decode

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


class Ranked(NamedTuple):
    """A status of the workspace with its place in the workflow."""

    status: Status
    rank: str


def item_sources(conn: sqlite3.Connection) -> dict[str, str]:
    """Return the `source` field of every item that has one, by id."""
    return dict(conn.execute("SELECT id, source FROM p_item WHERE source IS NOT NULL"))


def trashed(conn: sqlite3.Connection, kind: str, ids: Iterable[str]) -> dict[str, bool]:
    """Return which of these entities exist and whether they are in the trash."""
    query = (
        f"SELECT e.id, p.trashed FROM entity e JOIN p_{kind} p ON p.n = e.n "
        f"WHERE e.kind = '{kind}' AND e.id IN ({{}})"
    )
    return {ent: bool(hidden) for ent, hidden in in_chunks(conn, query, list(ids))}


def undone(conn: sqlite3.Connection, kind: str, ent: str) -> bool:
    """Return whether an entity is in the trash because this device undid its creation, not because it was deleted."""
    row = conn.execute(
        "SELECT 1 FROM entity e JOIN head h ON h.ent = e.n AND h.field = 'trash' "
        "JOIN change_range r ON h.dot BETWEEN r.first AND r.last JOIN change c ON c.n = r.change "
        "WHERE e.id = ? AND e.kind = ? AND c.undoes IS NOT NULL LIMIT 1",
        (ent, kind),
    ).fetchone()
    return row is not None


def item_fields(conn: sqlite3.Connection, ids: list[str]) -> dict[str, dict[str, object]]:
    """Return the present values of items by id and field; sets are lists, maps dicts, and what is empty is absent."""
    names = [field.name for field in schema.KINDS["item"].scalars()]
    flags = {field.name for field in schema.KINDS["item"].scalars() if field.type == schema.FLAG}
    query = (
        f"SELECT e.id, e.n, {', '.join(f'p.{name}' for name in names)} FROM entity e JOIN p_item p ON p.n = e.n "
        "WHERE e.kind = 'item' AND e.id IN ({})"
    )
    found: dict[str, dict[str, object]] = {}
    numbers: dict[int, dict[str, object]] = {}
    for ent, number, *values in in_chunks(conn, query, ids):
        present = {
            name: bool(value) if name in flags else value
            for name, value in zip(names, values, strict=True)
            if value is not None
        }
        found[ent] = numbers[number] = present
    for number, name, value in in_chunks(
        conn, "SELECT ent, field, value FROM element WHERE ent IN ({})", list(numbers)
    ):
        elements = numbers[number].setdefault(name, [])
        assert isinstance(elements, list)
        elements.append(value)
    for number, name, key, value in in_chunks(
        conn, "SELECT ent, field, key, value FROM entry WHERE ent IN ({})", list(numbers)
    ):
        entries = numbers[number].setdefault(name, {})
        assert isinstance(entries, dict)
        entries[key] = decode(value)
    return found


def imported_links(conn: sqlite3.Connection, item: str) -> list[tuple[str, str, str, int]]:
    """Return (id, source field of the predecessor, type, lag) of what an item waits for that an import brought."""
    query = (
        "SELECT d.id, i.source, coalesce(d.type, 'FS'), coalesce(d.lag, 0) FROM p_dependency d "
        "JOIN entity e ON e.id = d.predecessor AND e.kind = 'item' JOIN p_item i ON i.n = e.n "
        "WHERE d.successor = ? AND d.trashed = 0 AND i.source IS NOT NULL ORDER BY d.id"
    )
    return conn.execute(query, (item,)).fetchall()


def plan_graph(conn: sqlite3.Connection) -> tuple[set[str], list[tuple[str, str]], dict[str, str]]:
    """Return the items that are not in the trash, the links between such, and what each is a part of."""
    alive = {ent for (ent,) in conn.execute("SELECT id FROM p_item WHERE trashed = 0")}
    query = "SELECT predecessor, successor FROM p_dependency WHERE trashed = 0"
    links = [(first, second) for first, second in conn.execute(query) if first in alive and second in alive]
    query = "SELECT id, parent FROM p_item WHERE trashed = 0 AND parent IS NOT NULL AND parent_cut = 0"
    return alive, links, {part: whole for part, whole in conn.execute(query) if whole in alive}


def ranked_statuses(conn: sqlite3.Connection) -> list[Ranked]:
    """Return the workflow in order."""
    query = (
        "SELECT id, coalesce(title, ''), coalesce(title_en, ''), coalesce(category, 'todo'), coalesce(rank, '') "
        "FROM p_status WHERE trashed = 0 ORDER BY rank, id"
    )
    return [Ranked(Status(*row[:4]), row[4]) for row in conn.execute(query)]


def member_codes(conn: sqlite3.Connection) -> set[str]:
    """Return every code that members and devices have: short ids start with one."""
    query = "SELECT code FROM p_member WHERE code IS NOT NULL UNION SELECT code FROM p_device WHERE code IS NOT NULL"
    return {code for (code,) in conn.execute(query)}
