"""The cases and playbooks of a workspace, for lists and for search."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.tokens import match_expression

if TYPE_CHECKING:
    from store.database import Store


class CaseRow(NamedTuple):
    """A case: what it was about, who was in it, what was done and what came of it."""

    id: str
    short: str
    title: str
    root_cause: str
    action: str
    result: str
    private: bool
    departments: tuple[str, ...]


class PlaybookRow(NamedTuple):
    """A playbook and its number of steps."""

    id: str
    short: str
    title: str
    when: str
    private: bool
    steps: int


def cases(store: Store, words: str = "") -> list[CaseRow]:
    """Return the cases, the newest first; with `words`, those that have all of them."""
    sql, values = _found(words)
    query = (
        "SELECT i.n, i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.root_cause, ''), "
        "coalesce(i.action, ''), coalesce(i.result, ''), i.private FROM p_case i LEFT JOIN handle h ON h.ent = i.n "
        f"WHERE i.trashed = 0{sql} ORDER BY i.created_at DESC, i.id"
    )
    sides: dict[int, list[str]] = {}
    for number, department in store.conn.execute(
        "SELECT i.n, e.value FROM p_case i JOIN element e ON e.ent = i.n AND e.field = 'departments' "
        "LEFT JOIN p_department d ON d.id = e.value WHERE i.trashed = 0 ORDER BY d.rank, e.value"
    ):
        sides.setdefault(number, []).append(department)
    return [
        CaseRow._make((*row[1:7], bool(row[7]), tuple(sides.get(row[0], ()))))
        for row in store.conn.execute(query, values)
    ]


def playbooks(store: Store, words: str = "") -> list[PlaybookRow]:
    """Return the playbooks by title; with `words`, those that have all of them."""
    sql, values = _found(words)
    query = (
        "SELECT i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.description, ''), i.private, "
        '(SELECT count(*) FROM p_check c WHERE c."on" = i.id AND c.trashed = 0) '
        f"FROM p_playbook i LEFT JOIN handle h ON h.ent = i.n WHERE i.trashed = 0{sql} ORDER BY i.title, i.id"
    )
    return [
        PlaybookRow(ent, short, title, when, bool(private), steps)
        for ent, short, title, when, private, steps in store.conn.execute(query, values)
    ]


def _found(words: str) -> tuple[str, tuple[str, ...]]:
    expression = " AND ".join(filter(None, map(match_expression, words.split())))
    if not words.strip():
        return "", ()
    if not expression:
        return " AND 0", ()  # signs alone are not indexed
    return " AND i.n IN (SELECT rowid FROM fts WHERE fts MATCH ?)", (expression,)
