"""What waits for what: dependencies between items, made, changed and undone like any other edit.

A dependency's id is derived from its two items, so replicas that link one pair make one entity, whose type and lag may
diverge as cells do. A circle that two replicas close between them stands as written, and the schedule leaves its latest
link out; here only a link that closes one knowingly is refused.
"""

from __future__ import annotations

from functools import partial

from store import lookup
from store.change import Change
from store.errors import StoreError
from store.lookup import short_of
from store.ops import derived_id
from store.schema import TRASH

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from store.database import Store

FINISH_TYPES = ("FF", "SF")  # what they decide is the successor's finish
_NAMED = 9  # items of a circle that are named, those in the middle left out

# Whatever moves when an item moves: what waits for it, its parts, and the whole it is a part of. A whole that moves
# because of a part does not move its other parts, hence the third column. Read the other way round, from what waits to
# what it waits for, the same steps lead to whatever moves an item.
_MOVED = """
WITH RECURSIVE moved (n, id, parts_too) AS (
  SELECT n, id, 1 FROM entity WHERE id = ? AND kind = 'item'
  UNION
  SELECT i.n, i.id, 1 FROM moved m JOIN p_dependency d ON d.{start} = m.id AND d.trashed = 0
    JOIN entity e ON e.id = d.{end} AND e.kind = 'item' JOIN p_item i ON i.n = e.n AND i.trashed = 0
  UNION
  SELECT i.n, i.id, 1 FROM moved m JOIN p_item i ON i.parent = m.id AND i.trashed = 0
    WHERE m.parts_too AND i.parent_cut = 0
  UNION
  SELECT w.n, w.id, 0 FROM moved m JOIN p_item i ON i.n = m.n AND i.parent_cut = 0
    JOIN entity e ON e.id = i.parent AND e.kind = 'item' JOIN p_item w ON w.n = e.n AND w.trashed = 0
)
SELECT count(*), max(id = ?) FROM (SELECT id FROM moved LIMIT ?)
"""
_AFTER = _MOVED.format(start="predecessor", end="successor")
_BEFORE = _MOVED.format(start="successor", end="predecessor")
_LIMITS = (
    100,
    2_000,
    -1,
)  # items looked at from either end in turn: mostly one of them is near the plan's edge


def dependency_id(predecessor: str, successor: str) -> str:
    """Return the id of the dependency between two items, the same on every replica."""
    return derived_id("dependency", predecessor, successor)


def link(
    store: Store,
    predecessor: str,
    successor: str,
    type: str = "FS",  # noqa: A002 - the field's name
    lag: int = 0,
) -> Change:
    """Let `successor` wait for `predecessor`; a pair that is linked gets this type and lag, and leaves the trash.

    The returned change's `ids[0]` is the dependency's id. Raises what `link_within` does.
    """
    with Change(store, "link", pair_words(store, predecessor, successor)) as made:
        link_within(made, predecessor, successor, type, lag)
    return made


def link_within(
    change: Change,
    predecessor: str,
    successor: str,
    type: str = "FS",  # noqa: A002
    lag: int = 0,
) -> str:
    """Link two items inside a change and return the dependency's id.

    Raises StoreError: not-found, bad-value, link-self, link-own-part, link-circle, link-on-parent, link-in-trash.
    """
    change.flush()
    check_link(change.store, predecessor, successor, type, kind_of=change.kind_of)
    ent = dependency_id(predecessor, successor)
    private = any(change.is_private("item", item) for item in (predecessor, successor))
    fields = {"predecessor": predecessor, "successor": successor, "type": type, "lag": lag}
    change.create("dependency", fields, private=private, ent=ent)
    if change.heads("dependency", ent, TRASH):
        change.restore(ent)
    return ent


def unlink(store: Store, predecessor: str, successor: str) -> Change:
    """Let `successor` wait for `predecessor` no longer. Raises not-linked."""
    with Change(store, "unlink", pair_words(store, predecessor, successor)) as made:
        unlink_within(made, predecessor, successor)
    return made


def unlink_within(change: Change, predecessor: str, successor: str) -> str:
    """Put the dependency between two items in the trash, inside a change, and return its id. Raises not-linked."""
    change.flush()
    ent = dependency_id(predecessor, successor)
    row = change.conn.execute(
        "SELECT d.trashed FROM entity e JOIN p_dependency d ON d.n = e.n WHERE e.id = ? AND e.kind = 'dependency'",
        (ent,),
    ).fetchone()
    if row is None or row[0]:
        store = change.store
        raise StoreError(
            "not-linked", predecessor=short_of(store, predecessor), successor=short_of(store, successor)
        )
    change.trash(ent)
    return ent


def pair_words(store: Store, predecessor: str, successor: str) -> str:
    """Return what history calls a link: the short ids of its two ends."""
    return f"{short_of(store, predecessor)} → {short_of(store, successor)}"


def check_link(
    store: Store,
    predecessor: str,
    successor: str,
    type: str = "FS",  # noqa: A002
    *,
    kind_of: Callable[[str], str] | None = None,
) -> None:
    """Refuse a link that means nothing, or that closes a circle; raises what `link_within` does."""
    conn = store.conn
    kind_of = kind_of or partial(lookup.kind_of, store)
    for name, item in (("predecessor", predecessor), ("successor", successor)):
        if kind_of(item) != "item":
            raise StoreError("bad-value", field=name, value=short_of(store, item), expected="an item")
        if _trashed(conn, item):
            raise StoreError("link-in-trash", item=short_of(store, item))
    if predecessor == successor:
        raise StoreError("link-self", item=short_of(store, predecessor))
    for part, whole in ((predecessor, successor), (successor, predecessor)):
        if whole in _wholes(conn, part):
            raise StoreError("link-own-part", part=short_of(store, part), whole=short_of(store, whole))
    if type in FINISH_TYPES and _has_parts(conn, successor):
        raise StoreError("link-on-parent", item=short_of(store, successor))
    if _moves(conn, successor, predecessor):
        circle = [short_of(store, item) for item in _way(conn, successor, predecessor)]
        if len(circle) > _NAMED:
            circle = [*circle[: _NAMED // 2], "…", *circle[-(_NAMED // 2) :]]
        raise StoreError("link-circle", circle=" → ".join([*circle, circle[0]]))


def _moves(conn: sqlite3.Connection, first: str, second: str) -> bool:
    """Return whether the second item moves when the first one does."""
    for limit in _LIMITS:
        for query, start, end in ((_AFTER, first, second), (_BEFORE, second, first)):
            seen, found = conn.execute(query, (start, end, limit)).fetchone()
            if found or seen < limit or limit < 0:
                return bool(found)
    return False


def _trashed(conn: sqlite3.Connection, item: str) -> bool:
    query = "SELECT i.trashed FROM entity e JOIN p_item i ON i.n = e.n WHERE e.id = ? AND e.kind = 'item'"
    return bool(conn.execute(query, (item,)).fetchone()[0])


def _has_parts(conn: sqlite3.Connection, item: str) -> bool:
    query = "SELECT 1 FROM p_item WHERE parent = ? AND trashed = 0 AND parent_cut = 0 LIMIT 1"
    return conn.execute(query, (item,)).fetchone() is not None


def _wholes(conn: sqlite3.Connection, item: str) -> list[str]:
    """Return what an item is a part of, the nearest first."""
    query = (
        "SELECT i.parent FROM entity e JOIN p_item i ON i.n = e.n "
        "WHERE e.id = ? AND e.kind = 'item' AND i.parent_cut = 0 AND i.parent IS NOT NULL"
    )
    found: list[str] = []
    while (row := conn.execute(query, (item,)).fetchone()) and row[0] not in found:
        item = str(row[0])
        found.append(item)
    return found


def _way(conn: sqlite3.Connection, start: str, end: str) -> list[str]:
    """Return the items on the shortest way from `start`, which moves, to `end`, which then moves too."""
    came: dict[tuple[str, bool], tuple[str, bool] | None] = {(start, True): None}
    level = [(start, True)]
    while level:
        following: list[tuple[str, bool]] = []
        for node in level:
            for step in _steps(conn, *node):
                if step not in came:
                    came[step] = node
                    following.append(step)
                    if step[0] == end:
                        return _back(came, step)
        level = following
    return [start, end]


def _steps(conn: sqlite3.Connection, item: str, parts_too: bool) -> list[tuple[str, bool]]:
    query = (
        "SELECT i.id FROM p_dependency d JOIN entity e ON e.id = d.successor AND e.kind = 'item' "
        "JOIN p_item i ON i.n = e.n AND i.trashed = 0 WHERE d.predecessor = ? AND d.trashed = 0 ORDER BY i.id"
    )
    found = [(str(row[0]), True) for row in conn.execute(query, (item,))]
    if parts_too:
        query = "SELECT id FROM p_item WHERE parent = ? AND trashed = 0 AND parent_cut = 0 ORDER BY id"
        found += [(str(row[0]), True) for row in conn.execute(query, (item,))]
    return found + [(whole, False) for whole in _wholes(conn, item)[:1]]


def _back(came: Mapping[tuple[str, bool], tuple[str, bool] | None], end: tuple[str, bool]) -> list[str]:
    way: list[str] = []
    node: tuple[str, bool] | None = end
    while node is not None:
        way.append(node[0])
        node = came[node]
    return way[::-1]
