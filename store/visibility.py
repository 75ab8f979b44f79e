"""What depends on more than one cell: whether a deleted entity stays visible, and where a tree is cut."""

from __future__ import annotations

from store import schema
from store.batch import in_chunks
from store.layouts import decode
from store.merge import SEQ_BITS, Head, cut_edges, order_key, visibility, winner
from store.stands import shift, stood

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping

    from store.merge import Key
    from store.stands import Move


def refresh_visibility(
    conn: sqlite3.Connection, ents: Collection[int], names: Mapping[int, tuple[str, str]]
) -> None:
    """Set `trashed` and `banner` of these entities; costs one query for those that have no trash cell."""
    deletions: dict[int, tuple[str, list[dict[str, int] | None]]] = {}
    query = (
        "SELECT h.ent, e.kind, o.value FROM head h JOIN op o ON o.dot = h.dot JOIN entity e ON e.n = h.ent "
        f"WHERE h.field = '{schema.TRASH}' AND h.ent IN ({{}})"
    )
    for ent, kind, value in in_chunks(conn, query, list(ents)):
        deletions.setdefault(ent, (kind, []))[1].append(_seen(value))
    if deletions:
        _follow_forks(conn, deletions)
    drafts = {n for (n,) in conn.execute("SELECT n FROM stream WHERE private = 1")} if deletions else set()
    moves: list[Move] = []
    for ent, (kind, seen) in deletions.items():
        heads = other_heads(conn, ent)
        if any(dot >> SEQ_BITS in drafts for dot in heads):
            [private] = conn.execute(f"SELECT private FROM p_{kind} WHERE n = ?", (ent,)).fetchone()
            if not private:  # what nobody else can see keeps nothing in sight that is shared
                heads = [dot for dot in heads if dot >> SEQ_BITS not in drafts]
        hidden, banner = visibility(seen, heads, names)
        if kind == "item":
            query = "SELECT trashed, status FROM p_item WHERE n = ?"
            for trashed, status in conn.execute(query, (ent,)):
                moves.append((ent, stood(trashed, status), stood(hidden, status)))
        conn.execute(
            f"UPDATE p_{kind} SET trashed = ?, banner = ? WHERE n = ?", (int(hidden), int(banner), ent)
        )
    shift(conn, moves)


def _follow_forks(
    conn: sqlite3.Connection, deletions: Mapping[int, tuple[str, list[dict[str, int] | None]]]
) -> None:
    """Let what a deleter had seen of a stream that has forked since be what was meant."""
    if conn.execute("SELECT 1 FROM branch LIMIT 1").fetchone() is None:
        return
    from store.branches import forks

    known = forks(conn)
    for ent, (_, deleted) in deletions.items():
        if known is not None:
            about = _with_attached(conn, ent)
            deleted[:] = [seen and known.seen_of(conn, seen, about) for seen in deleted]


def _with_attached(conn: sqlite3.Connection, ent: int) -> set[int]:
    found = {ent}
    for kind in schema.ATTACHED_KINDS:
        query = f'SELECT n FROM p_{kind} WHERE "on" = (SELECT id FROM entity WHERE n = ?)'
        found.update(n for (n,) in conn.execute(query, (ent,)))
    return found


def other_heads(conn: sqlite3.Connection, ent: int) -> list[int]:
    """Return the dots of every head of an entity but its trash cell's, those of its comments and checklist included."""
    dots = [
        dot
        for (dot,) in conn.execute("SELECT dot FROM head WHERE ent = ? AND field <> ?", (ent, schema.TRASH))
    ]
    for kind in schema.ATTACHED_KINDS:
        query = (
            f"SELECT h.dot FROM p_{kind} c JOIN head h ON h.ent = c.n "
            'WHERE c."on" = (SELECT id FROM entity WHERE n = ?) AND h.field <> ?'
        )
        dots += [dot for (dot,) in conn.execute(query, (ent, schema.TRASH))]
    return dots


def deletions_of(conn: sqlite3.Connection, ent: int) -> list[tuple[int, dict[str, int] | None]]:
    """Return the dots of an entity's trash cell's heads, with what their authors had seen, None for a restoring one."""
    query = (
        "SELECT o.dot, o.value FROM head h JOIN op o ON o.dot = h.dot WHERE h.ent = ? AND h.field = ? "
        "ORDER BY o.dot"
    )
    rows = conn.execute(query, (ent, schema.TRASH)).fetchall()
    seen = [_seen(value) for _, value in rows]
    _follow_forks(conn, {ent: ("", seen)})
    return [(dot, known) for (dot, _), known in zip(rows, seen, strict=True)]


def _seen(value: str) -> dict[str, int] | None:
    if value == "null":
        return None
    seen = decode(value)
    if not isinstance(seen, dict):
        return {}
    return {stream: seq for stream, seq in seen.items() if type(seq) is int}


def refresh_trees(
    conn: sqlite3.Connection, kind: str, moved: Iterable[int], names: Mapping[int, tuple[str, str]]
) -> None:
    """Cut each cycle that the moved entities are on, and heal those that a move has opened."""
    table = f"p_{kind}"

    def parent_of(ent: int) -> int | None:
        found = conn.execute(
            f"SELECT e.n FROM {table} c JOIN entity e ON e.id = c.parent AND e.kind = ? WHERE c.n = ?",
            (kind, ent),
        ).fetchone()
        return None if found is None else int(found[0])

    def key_of(ent: int) -> tuple[bool, Key]:
        heads = [
            Head(*row)
            for row in conn.execute(
                "SELECT o.dot, o.wt, o.lam, o.by, o.value FROM head h JOIN op o ON o.dot = h.dot "
                "WHERE h.ent = ? AND h.field = 'parent'",
                (ent,),
            )
        ]
        move = winner(heads, names)
        stream = conn.execute("SELECT private FROM stream WHERE n = ?", (move.dot >> SEQ_BITS,)).fetchone()
        return bool(stream[0]), order_key(move, names)

    was_cut = {ent for (ent,) in conn.execute(f"SELECT n FROM {table} WHERE parent_cut = 1")}
    now_cut = cut_edges(was_cut.union(moved), parent_of, key_of)
    conn.executemany(f"UPDATE {table} SET parent_cut = 0 WHERE n = ?", [(ent,) for ent in was_cut - now_cut])
    conn.executemany(f"UPDATE {table} SET parent_cut = 1 WHERE n = ?", [(ent,) for ent in now_cut - was_cut])
