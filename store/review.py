"""What replicas disagree on: every cell with several heads, who wrote which value when, and what all of them came from.

A divergence is derived from the heads alone, so it is the same on every replica, and settled everywhere once it is
settled anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.errors import StoreError
from store.layouts import decode
from store.oplog import StreamTable
from store.textmerge import Merged, Piece, merge_texts
from store.unseen import unseen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store


class Version(NamedTuple):
    """One of the values of a cell: who wrote it when (ms), on which device, and its dot."""

    value: object
    by: str
    at: int
    device: str
    dot: str


class Disagreement(NamedTuple):
    """A cell with several heads; `versions` has the shown one first, `base` is the last value all of them came from.

    `base` is None where nothing came before, or where that lies in history that is not here.
    """

    kind: str
    ent: str
    short: str
    title: str
    field: str
    versions: list[Version]
    base: object

    @property
    def is_text(self) -> bool:
        """Return whether the versions are texts, which can be compared and merged word by word."""
        return self.declared is not None and self.declared.type in (schema.TEXT, schema.LONGTEXT)

    @property
    def seen(self) -> tuple[str, ...]:
        """Return the dots of the versions: what somebody who settles it has looked at."""
        return tuple(version.dot for version in self.versions)

    @property
    def declared(self) -> schema.Field | None:
        """Return the declaration of the field, None where this program does not know it."""
        kind = schema.KINDS.get(self.kind)
        return kind.fields.get(self.field.partition("/")[0]) if kind else None


_SELECT = (
    "SELECT d.ent, e.kind, e.id, coalesce(n.short, ''), d.field, o.value, o.by, o.wt, s.dev, o.dot FROM divergence d "
    "JOIN entity e ON e.n = d.ent JOIN head h ON h.ent = d.ent AND h.field = d.field JOIN op o ON o.dot = h.dot "
    "JOIN stream s ON s.n = o.dot >> 32 LEFT JOIN handle n ON n.ent = d.ent {} "
    "ORDER BY d.ent, d.field, o.wt DESC, o.lam DESC, s.dev DESC, s.inc DESC, o.dot DESC"
)


def disagreements(store: Store, ent: str | None = None, field: str | None = None) -> list[Disagreement]:
    """Return the divergences of the workspace, of one entity, or of one cell; the one touched last comes first.

    What is not to be read here yet is left to its author.
    """
    hidden = unseen(store)
    conditions = [("e.id = ?", ent), ("d.field = ?", field)]
    where = " AND ".join(text for text, value in conditions if value is not None)
    values = [value for _, value in conditions if value is not None]
    table = StreamTable(store.conn)
    found: dict[tuple[int, str], Disagreement] = {}
    for row in store.conn.execute(_SELECT.format(f"WHERE {where}" if where else ""), values).fetchall():
        number, kind, ident, short, name, value, by, at, device, dot = row
        if ident in hidden:
            continue
        one = found.get((number, name))
        if one is None:
            base = _base(store, number, name)
            one = Disagreement(kind, ident, short, _title(store, kind, number), name, [], base)
            found[number, name] = one
        one.versions.append(Version(decode(value), by, at, device, table.text(dot)))
    return sorted(
        found.values(), key=lambda one: (-max(version.at for version in one.versions), one.ent, one.field)
    )


def heads_seen(store: Store, ent: str, field: str) -> tuple[str, ...]:
    """Return the dots of a cell's heads: what a person who opens an editor now has before them."""
    query = (
        "SELECT h.dot FROM entity e JOIN head h ON h.ent = e.n WHERE e.id = ? AND h.field = ? ORDER BY h.dot"
    )
    table = StreamTable(store.conn)
    return tuple(table.text(dot) for (dot,) in store.conn.execute(query, (ent, field)))


def device_names(store: Store) -> dict[str, str]:
    """Return what people call their devices, by id; those that have no name are left out."""
    return dict(store.conn.execute("SELECT id, title FROM p_device WHERE title IS NOT NULL"))


def merge_versions(one: Disagreement) -> Merged:
    """Return one text from all versions of a long text, clashes marked; raises only-texts-merge for what is no text."""
    if not one.is_text:
        raise StoreError("only-texts-merge", field=one.field)
    base, *texts = (str(value or "") for value in (one.base, *(version.value for version in one.versions)))
    merged = Merged([Piece("both", texts[0])])
    for other in texts[1:]:
        if merged.clashes:  # three people and no agreement: what is left of the last is a clash as a whole
            merged = Merged(
                [*merged.pieces, Piece("ours", "", clash=True), Piece("theirs", other, clash=True)]
            )
        else:
            merged = merge_texts(base, merged.text(), other)
    return merged


def _base(store: Store, ent: int, field: str) -> object:
    """Return the latest value of a cell that all its heads replace, however indirectly."""
    query = "SELECT dot, lam, parents, value FROM op WHERE ent = ? AND field = ?"
    rows = {
        dot: (lam, parents, value) for dot, lam, parents, value in store.conn.execute(query, (ent, field))
    }
    heads = [
        dot for (dot,) in store.conn.execute("SELECT dot FROM head WHERE ent = ? AND field = ?", (ent, field))
    ]
    common: set[int] | None = None
    for head in heads:
        above = _above(head, {dot: parents for dot, (_, parents, _) in rows.items()})
        common = above if common is None else common & above
    known = [dot for dot in common or () if dot in rows]
    return decode(rows[max(known, key=lambda dot: (rows[dot][0], dot))][2]) if known else None


def _above(dot: int, parents: dict[int, str | None]) -> set[int]:
    """Return the ops of a cell that `dot` replaces, however indirectly."""
    found: set[int] = set()
    waiting: Iterable[int] = [dot]
    while waiting:
        waiting = {int(text) for each in waiting for text in (parents.get(each) or "").split()} - found
        found |= waiting
    return found


def _title(store: Store, kind: str, number: int) -> str:
    if kind not in schema.KINDS:
        return ""
    if kind == "dependency":
        from store.links import pair_words

        query = "SELECT coalesce(predecessor, '?'), coalesce(successor, '?') FROM p_dependency WHERE n = ?"
        return pair_words(store, *store.conn.execute(query, (number,)).fetchone())
    fields = schema.KINDS[kind].fields
    column = next((name for name in ("title", "text") if name in fields), None)
    if column is None:
        return ""
    row = store.conn.execute(f"SELECT {column} FROM p_{kind} WHERE n = ?", (number,)).fetchone()
    return str(row[0] or "") if row else ""
