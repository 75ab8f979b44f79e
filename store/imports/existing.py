"""What the workspace already holds of a file's items, statuses and people: the SELECTs of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.imports.statuses import Status

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

_CHUNK = 500


class Ranked(NamedTuple):
    """A status of the workspace with its place in the workflow."""

    status: Status
    rank: str


def item_sources(conn: sqlite3.Connection) -> dict[str, str]:
    """Return the `source` field of every item that has one, by id."""
    return dict(conn.execute("SELECT id, source FROM p_item WHERE source IS NOT NULL"))


def trashed(conn: sqlite3.Connection, kind: str, ids: Iterable[str]) -> dict[str, bool]:
    """Return which of these entities exist and whether they are in the trash."""
    query = f"SELECT id, trashed FROM p_{kind} WHERE id IN ({{}})"
    return {ent: bool(hidden) for ent, hidden in _in_chunks(conn, query, ids)}


def undone(conn: sqlite3.Connection, kind: str, ent: str) -> bool:
    """Return whether an entity is in the trash because this device undid its creation, not because it was deleted."""
    row = conn.execute(
        "SELECT 1 FROM entity e JOIN head h ON h.ent = e.n AND h.field = 'trash' "
        "JOIN change_range r ON h.dot BETWEEN r.first AND r.last JOIN change c ON c.n = r.change "
        "WHERE e.id = ? AND e.kind = ? AND c.undoes IS NOT NULL LIMIT 1",
        (ent, kind),
    ).fetchone()
    return row is not None


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


def _in_chunks(conn: sqlite3.Connection, query: str, ids: Iterable[str]) -> Iterator[tuple[str, int]]:
    wanted = list(ids)
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        yield from conn.execute(query.format(",".join("?" * len(part))), part)
