"""Ops become tables: one typed table a kind, sets, maps, short ids, divergences and the full-text index.

`project` is incremental and set-wise: it reads the heads of the touched entities once, applies the merge rules in
memory and writes changed columns back. Everything here can be thrown away and derived again from the op log.
"""

from __future__ import annotations

from operator import itemgetter

from store import schema
from store.batch import in_chunks, insert_rows, load_heads
from store.crosswise import found_by_text, index_entities, owners_of, write_handles
from store.layouts import LAYOUTS, coerce, decode, initials, is_short, place_value, stored
from store.merge import SEQ_BITS, SEQ_MASK, Head, diverges, present, surviving, winner
from store.stands import shift, stood

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping
    from typing import Any

    from store.batch import Batch, Cells
    from store.layouts import Layout
    from store.stands import Move
    from store.touched import Stamp, Touched

# What the program writes for itself; people have nothing to settle there.
UNSETTLED = ("short", "source", "created", "rank")
PROJECTION_TABLES = ("head", "early", "element", "entry", "handle", "divergence", "stand", "fts")
# What a cell shows whose ops all replace each other, which takes Lamport clocks that a hostile peer has exhausted.
_NOTHING = Head(0, 0, 0, "", "null")
_SHORT = 64  # characters of a JSON text that is worth remembering
_INSERT_EARLY = (
    "INSERT INTO early VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET lam = excluded.lam WHERE excluded.lam > lam"
)


def project(conn: sqlite3.Connection, found: Touched, batch: Batch) -> set[int]:
    """Apply a batch of ops to the derived tables inside the caller's transaction.

    Returns the numbers of entities touched through something attached to them (a comment, a checklist entry).
    """
    touched, superseded = found.cells, found.superseded
    old = load_heads(conn, [ent for ent in touched if ent not in batch.fresh])
    if found.early:
        conn.executemany(_INSERT_EARLY, found.early)
    if conn.execute("SELECT 1 FROM early LIMIT 1").fetchone():
        arrived: list[tuple[int, str, int]] = []
        for ent, field, dot, lam in in_chunks(
            conn, "SELECT ent, field, dot, lam FROM early WHERE ent IN ({})", list(touched)
        ):
            named = superseded.setdefault(ent, {}).setdefault(field, {})
            named[dot] = max(lam, named.get(dot, 0))
            if dot & SEQ_MASK <= batch.horizon.get(dot >> SEQ_BITS, 0):
                arrived.append((ent, field, dot))
        conn.executemany("DELETE FROM early WHERE ent = ? AND field = ? AND dot = ?", arrived)
        from store.branches import reconsider

        reconsider(conn, touched, superseded, old)
    return _write_rows(conn, found, old, batch)


class _Pending:
    """Rows of the side tables, gathered so that each table is written once."""

    __slots__ = (
        "absent",
        "attached",
        "born",
        "elements",
        "entries",
        "gone",
        "handles",
        "moved_trees",
        "moves",
        "reindex",
        "texts",
        "trash",
    )

    def __init__(self) -> None:
        self.born: list[tuple[int, str, int]] = []  # heads
        self.gone: list[tuple[int, str, int]] = []
        self.absent: list[tuple[int, str, str]] = []
        self.elements: list[tuple[int, str, str]] = []
        self.entries: list[tuple[int, str, str, str | None]] = []
        self.handles: list[tuple[int, str | None]] = []
        self.moved_trees: dict[str, set[int]] = {}
        self.moves: list[Move] = []
        self.attached: set[str] = set()
        self.reindex: set[int] = set()
        self.texts: dict[int, list[str]] = {}  # of those to be indexed whose rows were at hand
        self.trash: set[int] = set()


def _settle(
    ent: int,
    cells: Cells,
    known: Cells,
    struck: dict[str, dict[int, int]],
    batch: Batch,
    pending: _Pending,
    *,
    shared: bool = False,
) -> None:
    """Let `cells` hold the heads that are left of those that were known and those that came.

    In an entity that is `shared` no draft counts: not what another copy of this home wrote before it heard of that.
    """
    if shared:
        for field, held in known.items():
            if any(head.dot >> SEQ_BITS in batch.private for head in held):
                cells.setdefault(field, [])
    for field, incoming in cells.items():
        before = known.get(field)
        replaced = struck.get(field)
        if before is None and replaced is None and len(incoming) == 1 and not shared:
            pending.born.append((ent, field, incoming[0].dot))
            continue
        before = before or []
        left = surviving(before + incoming, replaced or {}, batch.private)
        if shared:
            left = [head for head in left if head.dot >> SEQ_BITS not in batch.private]
        kept = {head.dot for head in left}
        had = {head.dot for head in before}
        pending.gone += [(ent, field, dot) for dot in had - kept]
        pending.born += [(ent, field, dot) for dot in kept - had]
        cells[field] = left


def _write_rows(
    conn: sqlite3.Connection, found: Touched, heads: Mapping[int, Cells], batch: Batch
) -> set[int]:
    touched = found.cells
    by_kind: dict[str, list[int]] = {}
    for ent in sorted(touched):  # in the order of the tables
        by_kind.setdefault(batch.kinds[ent][0], []).append(ent)
    pending = _Pending()
    split: set[int] = set()
    drafts = any(batch.horizon.get(stream) for stream in batch.private)
    for kind, ents in by_kind.items():
        layout = LAYOUTS[kind] if kind in schema.KINDS else None
        if layout is None:
            # A newer program's kind: its ops are kept, an upgrade replays them.
            for ent in ents:
                _settle(ent, touched[ent], heads.get(ent, {}), found.superseded.get(ent, {}), batch, pending)
            continue
        existing = {
            row[0]: row
            for row in in_chunks(
                conn,
                f"SELECT * FROM p_{kind} WHERE n IN ({{}})",
                [ent for ent in ents if ent not in batch.fresh],
            )
        }
        added: list[list[Any]] = []
        changed: dict[tuple[int, ...], list[list[Any]]] = {}
        for ent in ents:
            cells, known, struck = touched[ent], heads.get(ent), found.superseded.get(ent)
            old = existing.get(ent)
            shared = drafts and (ent in found.public_stamps or (old is not None and not old[layout.private]))
            if known or struck or shared or ent in found.crowded:
                _settle(ent, cells, known or {}, struck or {}, batch, pending, shared=shared)
            else:  # the usual case: all is new
                pending.born += [(ent, field, came[0].dot) for field, came in cells.items()]
            if old is None:
                row = layout.defaults.copy()
                row[0], row[1] = ent, batch.kinds[ent][1]
                added.append(row)
                if layout.searchable and not layout.is_attached:
                    pending.reindex.add(ent)  # its comments may have come before it
            else:
                row = list(old)
                if row[layout.trashed] or row[layout.banner]:
                    pending.trash.add(ent)
            if layout.is_attached and isinstance(row[layout.position["on"]], str):
                pending.attached.add(row[layout.position["on"]])  # what it may now be taken away from
            _apply_cells(layout, row, ent, cells, batch, pending, split)
            if ent in pending.reindex:
                pending.texts[ent] = [row[column] for column in layout.searchable.values() if row[column]]
            _stamp(layout, row, found.public_stamps.get(ent), found.private_stamps.get(ent))
            _note_move(layout, ent, old, row, pending)
            if old is not None:
                columns = tuple([index for index, value in enumerate(old) if value != row[index]])
                changed.setdefault(columns, []).append([*(row[index] for index in columns), ent])
        _write_table(conn, layout, added, changed)
    _write_side_tables(conn, pending)
    if split:
        _write_divergences(conn, split, touched, batch)
    return _finish(conn, pending, batch)


def _write_table(
    conn: sqlite3.Connection,
    layout: Layout,
    added: list[list[Any]],
    changed: dict[tuple[int, ...], list[list[Any]]],
) -> None:
    """Insert new rows and write changed columns alone, which leaves the indexes of all others untouched."""
    # To bind a NULL takes four times as long as to bind a number, and many columns are empty in all rows.
    filled = [index for index in range(len(layout.columns)) if any(row[index] is not None for row in added)]
    if added:
        names = ", ".join(f'"{layout.columns[index]}"' for index in filled)
        into = f"INSERT OR FAIL INTO p_{layout.kind} ({names})"
        insert_rows(conn, into, list(map(itemgetter(*filled), added)))
    for columns, rows in changed.items():
        if columns:
            sets = ", ".join(f'"{layout.columns[index]}" = ?' for index in columns)
            conn.executemany(f"UPDATE p_{layout.kind} SET {sets} WHERE n = ?", rows)


def _apply_cells(
    layout: Layout,
    row: list[Any],
    ent: int,
    cells: Cells,
    batch: Batch,
    pending: _Pending,
    split: set[int],
) -> None:
    get = layout.cells.get
    if row[layout.divergences]:
        split.add(ent)
    for name, heads in cells.items():
        if len(heads) == 1:
            top = heads[0]
        else:
            top = winner(heads, batch.names) if heads else _NOTHING
            split.add(ent)
        known = get(name)
        if known is None:
            if name == schema.TRASH:
                pending.trash.add(ent)
                if not heads:
                    row[layout.trashed] = row[layout.banner] = 0
            elif "/" in name:
                _apply_member(layout, ent, name, heads, top, pending)
            continue
        column, field, is_text, is_found, has_more = known
        text = top.value
        if is_text and text[0] == '"' and "\\" not in text:
            value: object = text[1:-1]
        elif field.type == schema.PLACE:
            row[column], row[column + 1] = place_value(text)
            row[column + 2] = top.wt if heads else None
            continue
        else:
            value = stored(field.type, text) if len(text) <= _SHORT else coerce(field.type, decode(text))
        row[column] = field.default if value is None else value
        if is_found:
            pending.reindex.add(ent)
        if has_more:
            _note(layout, row, ent, field, pending)
    if layout.is_attached:
        target = row[layout.position["on"]]
        if isinstance(target, str):
            pending.attached.add(target)


def _note_move(
    layout: Layout, ent: int, old: tuple[Any, ...] | None, row: list[Any], pending: _Pending
) -> None:
    """Remember where an item showed before and where it shows now."""
    if layout.kind == "item":
        status = layout.position["status"]
        before = None if old is None else stood(old[layout.trashed], old[status])
        after = stood(row[layout.trashed], row[status])
        if before != after:
            pending.moves.append((ent, before, after))


def _note(layout: Layout, row: list[Any], ent: int, field: schema.Field, pending: _Pending) -> None:
    """Remember what else must follow from a field's new value."""
    if field.type == schema.PARENT:
        pending.moved_trees.setdefault(layout.kind, set()).add(ent)
    elif field.name == "short":
        raw = row[layout.position["short"]]
        pending.handles.append((ent, raw if is_short(raw) else None))
    else:
        row[layout.position["initials"]] = initials(row[layout.position["title"]]) or None


def _apply_member(
    layout: Layout, ent: int, name: str, heads: list[Head], top: Head, pending: _Pending
) -> None:
    base, key = name.split("/", 1)
    field = layout.fields.get(base)
    if field is None or not key:
        return
    if field.type == schema.SET:
        (pending.elements if present(heads) else pending.absent).append((ent, base, key))
    elif field.type == schema.MAP:
        pending.entries.append((ent, base, key, None if top.value == "null" else top.value))


def _stamp(layout: Layout, row: list[Any], public: Stamp | None, private: Stamp | None) -> None:
    """Widen the row's created and updated stamps. Once shared, an entity's private past no longer counts."""
    start, flag = layout.created, layout.private
    if row[start] is None and public is not None:
        row[start : start + 4] = public
        return
    if public is not None and row[flag]:
        row[start : start + 4] = [None] * 4
        row[flag] = 0
    stamp = public
    if stamp is None:
        if row[start] is not None and not row[flag]:
            return
        stamp = private
        row[flag] = 1
    if stamp is None:
        return
    if row[start] is None or (stamp[0], stamp[1]) < (row[start], row[start + 1]):
        row[start], row[start + 1] = stamp[0], stamp[1]
    if row[start + 2] is None or (stamp[2], stamp[3]) > (row[start + 2], row[start + 3]):
        row[start + 2], row[start + 3] = stamp[2], stamp[3]


def _write_side_tables(conn: sqlite3.Connection, pending: _Pending) -> None:
    shift(conn, pending.moves)
    conn.executemany("DELETE FROM head WHERE ent = ? AND field = ? AND dot = ?", pending.gone)
    insert_rows(conn, "INSERT OR IGNORE INTO head", pending.born)
    conn.executemany("DELETE FROM element WHERE ent = ? AND field = ? AND value = ?", pending.absent)
    insert_rows(conn, "INSERT OR IGNORE INTO element", pending.elements)
    cleared = [(ent, field, key) for ent, field, key, value in pending.entries if value is None]
    conn.executemany("DELETE FROM entry WHERE ent = ? AND field = ? AND key = ?", cleared)
    conn.executemany(
        "INSERT OR REPLACE INTO entry VALUES (?,?,?,?)", [e for e in pending.entries if e[3] is not None]
    )


def _write_divergences(
    conn: sqlite3.Connection, split: Iterable[int], touched: dict[int, Cells], batch: Batch
) -> None:
    """Bring the divergence list of these entities, and the count in their row, up to date."""
    for ent in split:
        layout = LAYOUTS[batch.kinds[ent][0]]
        for name, heads in touched[ent].items():
            if cell_diverges(layout, name, heads):
                conn.execute("INSERT OR IGNORE INTO divergence VALUES (?,?)", (ent, name))
            else:
                conn.execute("DELETE FROM divergence WHERE ent = ? AND field = ?", (ent, name))
        conn.execute(
            f"UPDATE p_{layout.kind} SET divergences = (SELECT count(*) FROM divergence WHERE ent = n) WHERE n = ?",
            (ent,),
        )


def cell_diverges(layout: Layout, name: str, heads: list[Head]) -> bool:
    """Return whether a cell's heads are something for a person to settle.

    Sets settle themselves; two moves within one status differ in order alone, which nobody wants to be asked about.
    """
    field = layout.fields.get(name.split("/", 1)[0])
    if field is None or field.type == schema.SET or name in UNSETTLED or not diverges(heads):
        return False
    if field.type == schema.PLACE:
        return len({place_value(head.value)[0] for head in heads}) > 1
    return True


def _finish(conn: sqlite3.Connection, pending: _Pending, batch: Batch) -> set[int]:
    """Do what depends on more than one row: short ids, trees, the trash and the full-text index."""
    if pending.handles:
        write_handles(conn, pending.handles, batch)
    for kind, ents in pending.moved_trees.items():
        from store.visibility import refresh_trees

        refresh_trees(conn, kind, ents, batch.names)
    owners = owners_of(conn, pending.attached)
    pending.reindex |= found_by_text(owners)
    if pending.trash or owners:
        from store.visibility import refresh_visibility

        refresh_visibility(conn, pending.trash | set(owners), batch.names)
    if pending.reindex:
        kinds = batch.kinds | {ent: (kind, "") for ent, kind in owners.items()}
        index_entities(conn, pending.reindex, kinds, pending.texts)
    return set(owners)
