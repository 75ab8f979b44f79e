"""Cards of every kind: what a board, a list and a detail pane show of one thing at a glance."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from store import schema
from store.batch import in_chunks
from store.rows import Card

if TYPE_CHECKING:
    from store.database import Store

ITEM = (
    "i.id, h.short, 'item', coalesce(i.title, ''), coalesce(i.kind, ''), coalesce(i.status, ''), "
    "coalesce(i.rank, ''), coalesce(i.department, ''), coalesce(i.owner, ''), i.priority, coalesce(i.due, ''), "
    "coalesce(i.blocked, ''), "
    '(SELECT count(*) FROM p_comment c WHERE c."on" = i.id AND c.trashed = 0), '
    '(SELECT count(*) FROM p_check c WHERE c."on" = i.id AND c.trashed = 0), '
    '(SELECT count(*) FROM p_check c WHERE c."on" = i.id AND c.trashed = 0 AND c.done = 1), '
    "i.divergences, i.banner, i.private, coalesce(i.moved_at, 0), i.n, i.trashed"
)
CONFLICT = (
    "i.id, h.short, 'conflict', coalesce(i.title, ''), '', '', '', '', coalesce(i.decider, ''), NULL, "
    "coalesce(i.follow_up, ''), '', "
    '(SELECT count(*) FROM p_comment c WHERE c."on" = i.id AND c.trashed = 0), '
    '(SELECT count(*) FROM p_check c WHERE c."on" = i.id AND c.trashed = 0), '
    '(SELECT count(*) FROM p_check c WHERE c."on" = i.id AND c.trashed = 0 AND c.done = 1), '
    "i.divergences, i.banner, i.private, coalesce(i.updated_at, 0), i.n, i.trashed, "
    "i.severity, coalesce(i.state, ''), coalesce(i.follow_up, ''), coalesce(i.root_cause, '')"
)
_NO_CONFLICT: tuple[object, ...] = (None, "", (), "", "")
# Which field of another kind stands where a card has its type, department, owner and day; the first that it declares.
_STANDS_FOR = {
    "type": ("kind", "format", "origin", "sort"),
    "department": ("department", "from_department"),
    "owner": ("owner", "decider", "member"),
    "due": ("due", "follow_up", "until", "date", "last"),
    "state": ("state",),
    "root_cause": ("root_cause",),
}
# Kinds without a short id that are looked at and edited one by one, and what they are spoken of by.
_SPOKEN_OF = {
    "department": "coalesce(nullif(i.code, ''), i.title)",
    "member": "coalesce(nullif(i.code, ''), i.title)",
    "key_date": "i.title",
    "absence": "i.title",
}
# Kinds with short ids are what people speak of: each has a card. So has what is written on a retrospective's wall, and
# the workspace, which has the vision.
_WITHOUT = ("retro_card", "workspace", *_SPOKEN_OF)
CARD_KINDS = (*(kind.name for kind in schema.KINDS.values() if kind.short), *_WITHOUT)
BEGINNING = 6  # letters of a full id that stand for a short one


def row_number(kind: str) -> str:
    """Return SQL for the number of the entity whose id is bound: ids are looked up in one place, rows by number."""
    return f"(SELECT n FROM entity WHERE id = ? AND kind = '{kind}')"


@cache
def selection(kind: str) -> str:
    """Return the columns of a card for one kind: from `p_<kind> i LEFT JOIN handle h ON h.ent = i.n`."""
    if kind in ("item", "conflict"):
        return ITEM if kind == "item" else CONFLICT
    declared = schema.KINDS[kind].fields

    def column(place: str) -> str:
        name = next((name for name in _STANDS_FOR[place] if name in declared), "")
        return f"coalesce(i.{name}, '')" if name else "''"

    short = _SPOKEN_OF.get(kind, "h.short")
    return (
        f"i.id, {short}, '{kind}', coalesce(i.title, ''), {column('type')}, '', '', {column('department')}, "
        f"{column('owner')}, NULL, {column('due')}, '', "
        '(SELECT count(*) FROM p_comment c WHERE c."on" = i.id AND c.trashed = 0), '
        '(SELECT count(*) FROM p_check c WHERE c."on" = i.id AND c.trashed = 0), '
        '(SELECT count(*) FROM p_check c WHERE c."on" = i.id AND c.trashed = 0 AND c.done = 1), '
        "i.divergences, i.banner, i.private, coalesce(i.updated_at, 0), i.n, i.trashed, "
        f"NULL, {column('state')}, '', {column('root_cause')}"
    )


def card(store: Store, ent: str) -> Card | None:
    """Return one card, trashed or not, or None when there is nothing of this id that people speak of."""
    rows = store.conn.execute("SELECT kind FROM entity WHERE id = ?", (ent,)).fetchall()
    kinds = {kind for (kind,) in rows}
    for kind in CARD_KINDS:
        if kind in kinds:
            query = (
                f"SELECT {selection(kind)} FROM p_{kind} i LEFT JOIN handle h ON h.ent = i.n "
                f"WHERE i.n = {row_number(kind)}"
            )
            if found := cards_of(store, store.conn.execute(query, (ent,)).fetchall()):
                return found[0]
    return None


def derived_items(store: Store, ent: str) -> list[Card]:
    """Return the items that came from something, the oldest first."""
    query = (
        f"SELECT {selection('item')} FROM p_item i LEFT JOIN handle h ON h.ent = i.n "
        "WHERE i.came_from = ? AND i.trashed = 0 ORDER BY i.created_at, i.rank, i.id"
    )
    return cards_of(store, store.conn.execute(query, (ent,)).fetchall())


def _called(ent: str, short: object, kind: str, title: str) -> str:
    """Return what stands for the short id of a thing that has none."""
    return title if kind == "workspace" else ent[:BEGINNING] if kind in _WITHOUT else ent


def cards_of(store: Store, rows: list[tuple[Any, ...]]) -> list[Card]:
    """Make cards of rows that end with the entity number, conflicts with four more columns behind it."""
    if not rows:
        return []
    elements: dict[int, dict[str, list[str]]] = {}
    query = (
        "SELECT e.ent, e.field, e.value FROM element e LEFT JOIN p_department d ON d.id = e.value "
        "WHERE e.ent IN ({}) AND e.field IN ('labels', 'parties') ORDER BY d.rank, e.value"
    )
    for ent, field, value in in_chunks(store.conn, query, [row[19] for row in rows]):
        elements.setdefault(ent, {}).setdefault(field, []).append(value)
    found = []
    for row in rows:
        sets = elements.get(row[19], {})
        conflict = _NO_CONFLICT
        if len(row) > 21:
            severity, state, follow_up, root_cause = row[21:]
            conflict = (severity, state, tuple(sets.get("parties", ())), follow_up, root_cause)
        found.append(
            Card._make(
                (
                    row[0],
                    row[1] or _called(*row[:4]),
                    *row[2:16],
                    bool(row[16]),
                    bool(row[17]),
                    row[18],
                    tuple(sets.get("labels", ())),
                    *conflict,
                    bool(row[20]),
                )
            )
        )
    return found
