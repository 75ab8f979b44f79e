"""Short ids and the full-text index: tables that look across entities of several kinds."""

from __future__ import annotations

from store.batch import in_chunks, insert_rows, load_heads
from store.layouts import LAYOUTS
from store.merge import SEQ_BITS, order_key, winner

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

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
    clashing = (
        "SELECT raw FROM handle WHERE raw IN ({}) GROUP BY raw HAVING count(*) > 1 OR raw <> max(short)"
    )
    for (raw,) in list(in_chunks(conn, clashing, sorted(raws))):
        ents = [ent for (ent,) in conn.execute("SELECT ent FROM handle WHERE raw = ?", (raw,))]
        heads = load_heads(conn, ents)

        def first(ent: int, heads: dict[int, Cells] = heads) -> tuple[bool, Key]:
            head = winner(heads[ent]["short"], batch.names)
            # Drafts come last: what is private here must not change what everybody else is shown.
            return head.dot >> SEQ_BITS in batch.private, order_key(head, batch.names)

        for index, ent in enumerate(sorted(ents, key=first)):
            conn.execute("UPDATE handle SET short = ? WHERE ent = ?", (raw + _suffix(index), ent))


def _suffix(index: int) -> str:
    """Return '' for the first, then b, c, … z, ba, bb, …"""
    letters = ""
    while index > 0:
        index, rest = divmod(index, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


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
