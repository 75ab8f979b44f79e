"""Who changed what, when, from what: the op log read back as changes, superseded values included."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.layouts import decode
from store.merge import SEQ_BITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.database import Store


class Write(NamedTuple):
    """One cell write of a change: the values it replaced, the value it wrote, and what became of it.

    `standing` is "shown" while this is the displayed value, "diverging" while it is a head that is not shown, and
    "superseded" once another write replaced it.
    """

    kind: str
    ent: str
    short: str
    field: str
    old: list[object]
    new: object
    standing: str


class Entry(NamedTuple):
    """One change: everything one person did in one go.

    `by` and `name` are what the ops say; only the device has signed them. `owner` names the member whose device it was
    where that is somebody else, and is "" otherwise.
    """

    change: str
    at: int
    by: str
    name: str
    device: str
    writes: list[Write]
    owner: str = ""


_SELECT = (
    "SELECT o.dot, o.change, o.wt, o.by, coalesce(m.title, ''), s.dev, s.inc, e.kind, e.id, coalesce(n.short, ''), "
    "o.field, o.value, o.parents, h.dot IS NOT NULL, o.ent "
    "FROM op o JOIN entity e ON e.n = o.ent JOIN stream s ON s.n = o.dot >> 32 "
    "LEFT JOIN p_member m ON m.id = o.by LEFT JOIN handle n ON n.ent = o.ent "
    "LEFT JOIN head h ON h.ent = o.ent AND h.field = o.field AND h.dot = o.dot "
)
_ORDER = "ORDER BY o.wt, o.lam, s.dev, s.inc, o.dot"


def history(store: Store, ent: str | None = None) -> Iterator[Entry]:
    """Yield changes oldest first: of one entity with its comments and checklist, or of the whole workspace."""
    if ent is None:
        rows = store.conn.execute(f"{_SELECT}{_ORDER}")
    else:
        query = (
            f"{_SELECT} WHERE o.ent IN (SELECT n FROM entity WHERE id = ?1 "
            'UNION SELECT n FROM p_comment WHERE "on" = ?1 UNION SELECT n FROM p_check WHERE "on" = ?1) '
            f"{_ORDER}"
        )
        rows = store.conn.execute(query, (ent,))
    owners = _owners(store)
    current: tuple[int, int] | None = None
    entry: Entry | None = None
    for row in rows:
        dot, change, at, by, name, dev, inc, kind, written, short, field, value, parents, is_head, number = (
            row
        )
        group = (dot >> SEQ_BITS, change)
        if group != current or entry is None:
            if entry is not None:
                yield entry
            current = group
            member, owner = owners.get(dev, (by, ""))
            entry = Entry(f"{dev}.{inc}.{change}", at, by, name, dev, [], owner if member != by else "")
        standing = _standing(store, number, field, dot) if is_head else "superseded"
        entry.writes.append(
            Write(kind, written, short, field, _values(store, parents), decode(value), standing)
        )
    if entry is not None:
        yield entry


def _owners(store: Store) -> dict[str, tuple[str, str]]:
    """Return the member a device belongs to, id and name, by device."""
    query = (
        "SELECT d.id, d.member, coalesce(m.title, d.id) FROM p_device d LEFT JOIN p_member m ON m.id = d.member "
        "WHERE d.member IS NOT NULL"
    )
    return {dev: (member, name) for dev, member, name in store.conn.execute(query)}


def _values(store: Store, parents: str | None) -> list[object]:
    if not parents:
        return []
    found = []
    for parent in parents.split():
        row = store.conn.execute("SELECT value FROM op WHERE dot = ?", (int(parent),)).fetchone()
        if row is not None:
            found.append(decode(row[0]))
    return found


def _standing(store: Store, ent: int, field: str, dot: int) -> str:
    row = store.conn.execute(
        "SELECT h.dot FROM head h JOIN op o ON o.dot = h.dot JOIN stream s ON s.n = o.dot >> 32 "
        "WHERE h.ent = ? AND h.field = ? ORDER BY o.wt DESC, o.lam DESC, s.dev DESC, s.inc DESC, o.dot DESC LIMIT 1",
        (ent, field),
    ).fetchone()
    return "shown" if row is not None and row[0] == dot else "diverging"
