"""From what a person types (lp-12, the start of an id) to the one entity meant."""

from __future__ import annotations

from store.errors import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.database import Store

MAX_SHOWN = 6


def resolve(store: Store, text: str) -> str:
    """Return the id of the entity that `text` names: its short id, its full id, or an unambiguous start of either.

    Raises not-found or ambiguous (what, matches).
    """
    wanted = text.strip().lower()
    # Ids are ASCII; what is not has no place in a search for their beginnings.
    if not wanted or not wanted.isascii():
        raise StoreError("not-found", what=text)
    exact = store.conn.execute(
        "SELECT e.id FROM handle h JOIN entity e ON e.n = h.ent WHERE h.short = ?", (wanted,)
    ).fetchall()
    exact = exact or store.conn.execute("SELECT id FROM entity WHERE id = ?", (wanted,)).fetchall()
    if exact:
        return str(exact[0][0])
    upper = wanted[:-1] + chr(ord(wanted[-1]) + 1)
    found = store.conn.execute(
        "SELECT DISTINCT e.id, h.short FROM handle h JOIN entity e ON e.n = h.ent WHERE h.short >= ? AND h.short < ? "
        "UNION SELECT e.id, coalesce(h.short, e.id) FROM entity e LEFT JOIN handle h ON h.ent = e.n "
        "WHERE e.id >= ? AND e.id < ? ORDER BY 2 LIMIT ?",
        (wanted, upper, wanted, upper, MAX_SHOWN + 1),
    ).fetchall()
    ids = {ent for ent, _ in found}
    if len(ids) == 1:
        return str(found[0][0])
    if not ids:
        raise StoreError("not-found", what=text)
    raise StoreError("ambiguous", what=text, matches=sorted({short for _, short in found})[:MAX_SHOWN])


def short_of(store: Store, ent: str) -> str:
    """Return the short id people say for an entity, or its full id where it has none."""
    row = store.conn.execute(
        "SELECT h.short FROM entity e JOIN handle h ON h.ent = e.n WHERE e.id = ?", (ent,)
    ).fetchone()
    return ent if row is None else str(row[0])


def department_of(store: Store, member: str) -> str:
    """Return the department of a member, '' where none is known."""
    row = store.conn.execute(
        "SELECT m.department FROM entity e JOIN p_member m ON m.n = e.n WHERE e.id = ? AND e.kind = 'member'",
        (member,),
    ).fetchone()
    return str(row[0]) if row and row[0] else ""


def kind_of(store: Store, ent: str) -> str:
    """Return the kind of an entity, or '' when there is none of this id."""
    row = store.conn.execute("SELECT kind FROM entity WHERE id = ?", (ent,)).fetchone()
    return "" if row is None else str(row[0])
