"""Undo and redo: a new change that brings the old heads back, never touching what a teammate did since."""

from __future__ import annotations

from store import schema
from store.change import Change
from store.errors import StoreError
from store.hiding import keep_hidden, original_of, seen_by_both
from store.merge import SEQ_BITS, Head, order_key
from store.ops import encode_value
from store.visibility import deletions_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store
    from store.merge import Key


def undo(store: Store) -> Change:
    """Undo this device's last change; the returned change's `detail` says what. Raises nothing-to-undo."""
    return _reverse(store, "done", "undone", "undo", "nothing-to-undo")


def redo(store: Store) -> Change:
    """Redo what was undone last. Raises nothing-to-redo."""
    return _reverse(store, "undo", "spent", "redo", "nothing-to-redo")


def _reverse(store: Store, state: str, becomes: str, label: str, nothing: str) -> Change:
    with store.transaction() as conn:
        row = conn.execute(
            "SELECT n, label, detail, undoes FROM change WHERE state = ? ORDER BY n DESC LIMIT 1", (state,)
        ).fetchone()
        if row is None:
            raise StoreError(nothing)
        number, what, detail, undoes = row
        if label == "redo":
            what, detail = conn.execute("SELECT label, detail FROM change WHERE n = ?", (undoes,)).fetchone()
        with Change(store, label, f"{what} {detail}".strip(), undoes=number) as reverse:
            spans = conn.execute(
                "SELECT first, last FROM change_range WHERE change = ?", (number,)
            ).fetchall()
            touched: dict[int, tuple[str, str]] = {}
            brought: dict[int, int] = {}
            for first, last in spans:
                touched |= _bring_back(reverse, first, last, brought)
            reverse.flush()
            keep_hidden(reverse, touched, brought, [first for first, _ in spans])
        conn.execute("UPDATE change SET state = ? WHERE n = ?", (becomes, number))
        if label == "redo":
            # What was redone can be undone again: the redo's own ops are what an undo has to reverse.
            conn.execute("UPDATE change SET state = 'redone' WHERE n = ?", (undoes,))
            conn.execute(
                "UPDATE change SET state = 'done', label = ?, detail = ? WHERE state = 'undo' AND undoes = ?",
                (what, detail, number),
            )
    return reverse


def _bring_back(
    reverse: Change, first: int, last: int, brought: dict[int, int]
) -> dict[int, tuple[str, str]]:
    """Reverse one range of ops; returns the (kind, id) of entities with cells that were brought back, by number.

    `brought` is given, by the dots of the ops written, those of the ones that they bring back, 0 for an empty cell.
    """
    conn = reverse.conn
    created = _created(reverse, first, last)
    draft = first >> SEQ_BITS in reverse.table.private
    for ent, kind, number in created:
        if draft and not reverse.is_private(kind, ent):
            reverse.skipped += 1  # shared since: what has been sent cannot be taken back
            continue
        # Everything this device wrote counts as seen; what a teammate added keeps it visible, with a banner.
        own = (n for (n,) in conn.execute("SELECT n FROM stream WHERE mine = 1 AND seq > 0"))
        seen = {".".join(reverse.table.names[n]): reverse.table.seqs[n] for n in own}
        if conn.execute(f"SELECT trashed FROM p_{kind} WHERE n = ?", (number,)).fetchone() == (1,):
            for _, known in deletions_of(conn, number):  # who has deleted it before had seen that
                seen = seen_by_both(seen, known or {})
        reverse.write(kind, ent, schema.TRASH, encode_value(seen), force=True)
    skip = {number for _, _, number in created}
    query = (
        "SELECT o.dot, e.kind, e.id, o.field, o.parents, e.n FROM op o JOIN entity e ON e.n = o.ent "
        "WHERE o.dot BETWEEN ? AND ? ORDER BY o.dot"
    )
    cells: dict[tuple[int, str], list[tuple[int, str | None, str, str]]] = {}
    for dot, kind, ent, field, parents, number in conn.execute(query, (first, last)).fetchall():
        if number not in skip:
            cells.setdefault((number, field), []).append((dot, parents, kind, ent))
    for (number, field), written in cells.items():
        _bring_cell_back(reverse, number, field, written, brought)
    return {number: written[0][2:] for (number, _), written in cells.items()}


def _bring_cell_back(
    reverse: Change,
    number: int,
    field: str,
    written: list[tuple[int, str | None, str, str]],
    brought: dict[int, int],
) -> None:
    """Put a cell's old heads back in the place of what the change wrote there, once or several times."""
    own = {dot for dot, *_ in written}
    wanted = {original_of(reverse, dot) for dot in own}
    query = "SELECT dot FROM head WHERE ent = ? AND field = ?"
    # A head still shows the change when it is one of its ops, or an undo's op that stands for one.
    heads = [dot for (dot,) in reverse.conn.execute(query, (number, field)).fetchall()]
    standing = [dot for dot in heads if dot in own or original_of(reverse, dot) in wanted]
    if not standing:
        reverse.skipped += 1  # somebody changed it since: their work stays
        return
    olds = dict.fromkeys(
        int(parent)
        for _, parents, *_ in written
        for parent in (parents or "").split()
        if int(parent) not in own
    )
    _, _, kind, ent = written[0]
    replaced = [reverse.table.text(dot) for dot in standing]
    others = [dot for dot in heads if dot not in standing]
    # A redo takes an undo back as it was; an undo means what was there before this device undid and redid anything.
    meant = olds.keys() if reverse.label == "redo" else {original_of(reverse, old) for old in olds} - {0}
    if others and meant <= _replaced_by_others(reverse, number, field, wanted):
        # A teammate replaced the same values meanwhile: theirs is what stands when this change never was.
        olds = dict.fromkeys(others)
    elif others and _shown(reverse, heads) in others:
        reverse.skipped += (
            1  # a teammate's version is shown: written anew, an older value would be shown in its place
        )
        return
    for old, value in _in_order(reverse, olds) or [(0, _nothing(kind, field))]:
        also = [reverse.table.text(old)] if old in others else []
        again = reverse.write(kind, ent, field, value, parents=replaced + also)
        reverse.stands_for(again, original_of(reverse, old))
        brought[reverse.table.parse(again)] = old


def _shown(reverse: Change, dots: Iterable[int]) -> int:
    """Return which of a cell's heads is the one that is shown."""
    return _in_order(reverse, dots)[-1][0]


def _in_order(reverse: Change, dots: Iterable[int]) -> list[tuple[int, str]]:
    """Return ops of a cell with their values in the total order, so that written again the same one is shown."""
    found: list[tuple[Key, int, str]] = []
    for dot in dots:
        row = reverse.conn.execute("SELECT wt, lam, by, value FROM op WHERE dot = ?", (dot,)).fetchone()
        if row is not None:
            found.append((order_key(Head(dot, *row), reverse.table.names), dot, row[3]))
    return [(dot, value) for _, dot, value in sorted(found)]


def _replaced_by_others(reverse: Change, number: int, field: str, wanted: set[int]) -> set[int]:
    """Return the dots of a cell that ops replace which are none of `wanted` and stand for none of them."""
    query = "SELECT dot, parents FROM op WHERE ent = ? AND field = ? AND parents IS NOT NULL"
    rows = reverse.conn.execute(query, (number, field)).fetchall()
    return {
        int(parent)
        for dot, parents in rows
        if original_of(reverse, dot) not in wanted
        for parent in parents.split()
    }


def _nothing(kind: str, field: str) -> str:
    """Return what a cell holds that was never written: an element is not in its set, anything else has no value."""
    declared = schema.KINDS[kind].fields.get(field.split("/", 1)[0]) if kind in schema.KINDS else None
    return "false" if declared is not None and declared.type == schema.SET else "null"


def _created(reverse: Change, first: int, last: int) -> list[tuple[str, str, int]]:
    """Return (id, kind, number) of the entities whose first op is in this range: undoing them is the trash."""
    query = (
        "SELECT DISTINCT e.id, e.kind, e.n FROM op o JOIN entity e ON e.n = o.ent WHERE o.dot BETWEEN ? AND ? "
        "AND o.parents IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM op earlier WHERE earlier.ent = o.ent AND earlier.dot >= ? AND earlier.dot < ?)"
    )
    base = first >> SEQ_BITS << SEQ_BITS
    found = []
    for ent, kind, number in reverse.conn.execute(query, (first, last, base, first)).fetchall():
        if kind in schema.KINDS and _born_here(reverse, number, first, last):
            found.append((ent, kind, number))
    return found


def _born_here(reverse: Change, number: int, first: int, last: int) -> bool:
    """Return whether this range holds the entity's first writing: nobody had written it when the change was made."""
    lowest = reverse.conn.execute(
        "SELECT min(lam) FROM op WHERE ent = ? AND dot BETWEEN ? AND ?", (number, first, last)
    ).fetchone()[0]
    return (
        reverse.conn.execute(
            "SELECT 1 FROM op WHERE ent = ? AND lam < ? LIMIT 1", (number, lowest)
        ).fetchone()
        is None
    )
