"""Short ids, what belongs to what, and the full-text index: what looks across entities of several kinds."""

from __future__ import annotations

from store import schema
from store.batch import in_chunks, insert_rows, load_heads
from store.layouts import LAYOUTS
from store.merge import SEQ_BITS, order_key, winner

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from store.batch import Batch, Cells
    from store.merge import Key


def write_handles(conn: sqlite3.Connection, handles: Sequence[tuple[int, str | None]], batch: Batch) -> None:
    """Record short ids. Of entities given the same one, the first in the total order keeps it, others get a letter."""
    raws = {raw for _, raw in handles if raw is not None}
    known = "SELECT raw FROM handle WHERE ent IN ({})"
    raws.update(
        raw for (raw,) in in_chunks(conn, known, [ent for ent, _ in handles if ent not in batch.fresh])
    )
    conn.executemany("DELETE FROM handle WHERE ent = ?", [(ent,) for ent, raw in handles if raw is None])
    given = [(ent, raw, raw) for ent, raw in handles if raw is not None]
    insert_rows(conn, "INSERT OR REPLACE INTO handle", given)
    tell_apart(conn, raws, batch.names, batch.private)


def tell_apart(
    conn: sqlite3.Connection,
    raws: Collection[str],
    names: Mapping[int, tuple[str, str]],
    private: Collection[int],
) -> None:
    """Show each of the entities that were given one of these short ids under one of its own."""
    clashing = (
        "SELECT raw FROM handle WHERE raw IN ({}) GROUP BY raw HAVING count(*) > 1 OR raw <> max(short)"
    )
    for (raw,) in list(in_chunks(conn, clashing, sorted(raws))):
        ents = [ent for (ent,) in conn.execute("SELECT ent FROM handle WHERE raw = ?", (raw,))]
        heads = load_heads(conn, ents)

        def first(ent: int, heads: dict[int, Cells] = heads) -> tuple[bool, Key]:
            head = winner(heads[ent]["short"], names)
            # Drafts come last: what is private here must not change what everybody else is shown.
            return head.dot >> SEQ_BITS in private, order_key(head, names)

        for index, ent in enumerate(sorted(ents, key=first)):
            conn.execute("UPDATE handle SET short = ? WHERE ent = ?", (raw + _suffix(index), ent))


def _suffix(index: int) -> str:
    """Return '' for the first, then b, c, … z, ba, bb, …"""
    letters = ""
    while index > 0:
        index, rest = divmod(index, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def owners_of(conn: sqlite3.Connection, named: Iterable[str]) -> dict[int, str]:
    """Return the kinds, by number, of the entities with these ids, to which something is attached, and of theirs.

    A comment on a comment belongs to what that one is on.
    """
    owners: dict[int, str] = {}
    todo = set(named)
    while todo:
        found = dict(in_chunks(conn, "SELECT n, kind FROM entity WHERE id IN ({})", sorted(todo)))
        todo = set()
        for ent, kind in found.items():
            if kind not in schema.KINDS or ent in owners:
                continue
            owners[ent] = kind
            if LAYOUTS[kind].is_attached:
                row = conn.execute(f'SELECT "on" FROM p_{kind} WHERE n = ?', (ent,)).fetchone()
                if row is not None and row[0] is not None:
                    todo.add(row[0])
    return owners


def found_by_text(owners: Mapping[int, str]) -> set[int]:
    """Return those of some entities, given with their kinds, that the full-text index finds."""
    layouts = ((ent, LAYOUTS[kind]) for ent, kind in owners.items())
    return {ent for ent, layout in layouts if layout.searchable and not layout.is_attached}


def index_entities(
    conn: sqlite3.Connection,
    ents: Iterable[int],
    kinds: Mapping[int, tuple[str, str]],
    known: Mapping[int, list[str]],
) -> None:
    """Write the full-text index of these entities from their rows and their comments.

    `known` holds the texts of rows that the caller has at hand.
    """
    from store.tokens import index_text

    texts: dict[int, list[str]] = {}
    by_kind: dict[str, list[int]] = {}
    for ent in sorted(ents):
        by_kind.setdefault(kinds[ent][0], []).append(ent)
    for kind, members in by_kind.items():
        texts.update((ent, known[ent]) for ent in members if ent in known)
        columns = ", ".join(f"i.{name}" for name in LAYOUTS[kind].searchable)
        unread = [ent for ent in members if ent not in known]
        for row in in_chunks(conn, f"SELECT i.n, {columns} FROM p_{kind} i WHERE i.n IN ({{}})", unread):
            texts[row[0]] = [text for text in row[1:] if text]
        # A joined lookup by the attached side's index; most entities have no comment.
        comments = (
            f'SELECT i.n, c.text FROM p_{kind} i JOIN p_comment c ON c."on" = i.id AND c.trashed = 0 '
            "WHERE i.n IN ({}) ORDER BY c.n"
        )
        for ent, text in in_chunks(conn, comments, members):
            if text and ent in texts:
                texts[ent].append(text)
    conn.executemany(
        "INSERT OR REPLACE INTO fts (rowid, text) VALUES (?,?)",
        [(ent, index_text("\n".join(parts))) for ent, parts in sorted(texts.items())],
    )
