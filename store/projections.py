"""Ops become tables: one typed table a kind, sets, maps, short ids, divergences and the full-text index.

`project` is incremental and set-wise: it reads the heads of the touched entities once, applies the merge rules in
memory and writes whole rows back. Everything here can be thrown away and derived again from the op log.
"""

from __future__ import annotations

import json

from store import rank, schema
from store.merge import SEQ_BITS, SEQ_MASK, Head, diverges, order_key, present, surviving, winner
from store.visibility import refresh_trees, refresh_visibility

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from store.merge import Key

    # dot, wall time, Lamport time, author, entity number, field, value (JSON text), parent dots
    OpRow = tuple[int, int, int, str, int, str, str, tuple[int, ...]]
    Cells = dict[str, list[Head]]
    # first wall time, its author, last wall time, its author
    _Stamp = list[Any]

PROJECTION_TABLES = ("head", "element", "entry", "handle", "divergence", "fts")
CHUNK = 500  # bound parameters of one IN (…)

_STORAGE = {schema.INTEGER: int, schema.NUMBER: float, schema.FLAG: int}
_TAIL = {
    "created_at": int, "created_by": str, "updated_at": int, "updated_by": str,
    "trashed": int, "banner": int, "private": int, "divergences": int,
}  # fmt: skip
INITIALS_KINDS = ("department", "member")


class Layout:
    """Where each field of a kind lands in its table's row."""

    __slots__ = ("columns", "defaults", "fields", "insert", "kind", "position", "searchable", "types")

    def __init__(self, kind: schema.Kind) -> None:
        self.kind = kind.name
        self.types: dict[str, type] = {"n": int, "id": str}
        for field in kind.fields.values():
            if field.type == schema.PLACE:
                self.types.update(status=str, rank=str, moved_at=int)
            elif field.type in schema.SCALARS:
                self.types[field.name] = _STORAGE.get(field.type, str)
                if field.type == schema.PARENT:
                    self.types[f"{field.name}_cut"] = int
        if kind.name in INITIALS_KINDS:
            self.types["initials"] = str
        self.types.update(_TAIL)
        self.columns = list(self.types)
        self.position = {name: index for index, name in enumerate(self.columns)}
        self.fields = kind.fields
        self.searchable = [field.name for field in kind.fields.values() if field.searchable]
        self.defaults: list[Any] = [None] * len(self.columns)
        for field in kind.fields.values():
            if field.default is not None:
                self.defaults[self.position[field.name]] = field.default
        for name in ("trashed", "banner", "private", "divergences"):
            self.defaults[self.position[name]] = 0
        marks = ",".join("?" * len(self.columns))
        self.insert = f"INSERT OR REPLACE INTO p_{kind.name} VALUES ({marks})"


LAYOUTS = {name: Layout(kind) for name, kind in schema.KINDS.items()}


def table_columns(kind: schema.Kind) -> dict[str, type]:
    """Return the columns of a kind's table in order, for sqlite-utils to create."""
    return LAYOUTS[kind.name].types


def fingerprint() -> str:
    """Return a text that changes whenever the derived tables must be made anew."""
    return "1;" + ";".join(f"{layout.kind}:{','.join(layout.columns)}" for layout in LAYOUTS.values())


class Batch:
    """What `project` needs to know of the ops it is given.

    `kinds` maps the touched entities' numbers to (kind, id); `fresh` are those without any earlier op; `names` maps
    streams to (dev, inc); `private` are the streams never shared; `horizon` is the last sequence number projected in
    each stream, this batch included.
    """

    __slots__ = ("fresh", "horizon", "kinds", "names", "private")

    def __init__(
        self,
        kinds: dict[int, tuple[str, str]],
        fresh: Collection[int],
        names: Mapping[int, tuple[str, str]],
        private: Collection[int],
        horizon: Mapping[int, int],
    ) -> None:
        self.kinds = kinds
        self.fresh = fresh
        self.names = names
        self.private = private
        self.horizon = horizon


def project(conn: sqlite3.Connection, rows: Iterable[OpRow], batch: Batch) -> set[int]:
    """Apply ops to the derived tables inside the caller's transaction.

    Returns the numbers of entities touched through something attached to them (a comment, a checklist entry).
    """
    touched, superseded, early = _group(rows, batch.horizon)
    old = load_heads(conn, [ent for ent in touched if ent not in batch.fresh])
    if early:
        conn.executemany("INSERT OR IGNORE INTO early VALUES (?,?,?)", early)
    if conn.execute("SELECT 1 FROM early LIMIT 1").fetchone():
        for ent, field, dot in _in_chunks(
            conn, "SELECT ent, field, dot FROM early WHERE ent IN ({})", list(touched)
        ):
            superseded.setdefault((ent, field), set()).add(dot)

    gone: list[tuple[int, str, int]] = []
    born: list[tuple[int, str, int]] = []
    nobody: set[int] = set()
    for ent, cells in touched.items():
        known = old.get(ent)
        for field, incoming in cells.items():
            before = known.get(field) if known else None
            replaced = superseded.get((ent, field), nobody)
            if before is None and not replaced and len(incoming) == 1:
                born.append((ent, field, incoming[0].dot))  # the usual case: a new cell
                continue
            left = surviving((before or []) + incoming, replaced, batch.private)
            kept = {head.dot for head in left}
            had = {head.dot for head in before or ()}
            gone += [(ent, field, dot) for dot in had - kept]
            born += [(ent, field, dot) for dot in kept - had]
            cells[field] = left
    conn.executemany("DELETE FROM head WHERE ent = ? AND field = ? AND dot = ?", gone)
    born.sort()
    conn.executemany("INSERT OR IGNORE INTO head VALUES (?,?,?)", born)
    return _write_rows(conn, touched, rows, batch)


def _group(
    rows: Iterable[OpRow], horizon: Mapping[int, int]
) -> tuple[dict[int, Cells], dict[tuple[int, str], set[int]], list[tuple[int, str, int]]]:
    touched: dict[int, Cells] = {}
    superseded: dict[tuple[int, str], set[int]] = {}
    early: list[tuple[int, str, int]] = []
    for dot, wt, lam, by, ent, field, value, parents in rows:
        cells = touched.get(ent)
        if cells is None:
            cells = touched[ent] = {}
        head = Head(dot, wt, lam, by, value)
        if field in cells:
            cells[field].append(head)
        else:
            cells[field] = [head]
        if parents:
            superseded.setdefault((ent, field), set()).update(parents)
            for parent in parents:
                if parent & SEQ_MASK > horizon.get(parent >> SEQ_BITS, 0):
                    early.append((ent, field, parent))
    return touched, superseded, early


def load_heads(conn: sqlite3.Connection, ents: list[int]) -> dict[int, Cells]:
    """Return the current heads of every cell of these entities."""
    found: dict[int, Cells] = {}
    query = (
        "SELECT h.ent, h.field, h.dot, o.wt, o.lam, o.by, o.value FROM head h JOIN op o ON o.dot = h.dot "
        "WHERE h.ent IN ({})"
    )
    for ent, field, dot, wt, lam, by, value in _in_chunks(conn, query, ents):
        found.setdefault(ent, {}).setdefault(field, []).append(Head(dot, wt, lam, by, value))
    return found


def _in_chunks(conn: sqlite3.Connection, query: str, values: list[int] | list[str]) -> Iterator[tuple]:  # type: ignore[type-arg]
    for start in range(0, len(values), CHUNK):
        part = values[start : start + CHUNK]
        yield from conn.execute(query.format(",".join("?" * len(part))), part)


class _Pending:
    """Rows of the side tables, gathered so that each table is written once."""

    __slots__ = ("absent", "attached", "elements", "entries", "handles", "moved_trees", "reindex", "trash")

    def __init__(self) -> None:
        self.absent: list[tuple[int, str, str]] = []
        self.elements: list[tuple[int, str, str]] = []
        self.entries: list[tuple[int, str, str, str | None]] = []
        self.handles: list[tuple[int, str | None]] = []
        self.moved_trees: dict[str, set[int]] = {}
        self.attached: set[str] = set()
        self.reindex: set[int] = set()
        self.trash: set[int] = set()


def _write_rows(
    conn: sqlite3.Connection, touched: dict[int, Cells], ops: Iterable[OpRow], batch: Batch
) -> set[int]:
    by_kind: dict[str, list[int]] = {}
    for ent in touched:
        by_kind.setdefault(batch.kinds[ent][0], []).append(ent)
    stamps = _stamps(ops, batch.private)
    pending = _Pending()
    split: set[int] = set()
    for kind, ents in by_kind.items():
        layout = LAYOUTS.get(kind)
        if layout is None:
            continue  # a newer program's kind: its ops are kept, an upgrade replays them
        existing = {
            row[0]: list(row)
            for row in _in_chunks(
                conn,
                f"SELECT * FROM p_{kind} WHERE n IN ({{}})",
                [ent for ent in ents if ent not in batch.fresh],
            )
        }
        rows = []
        for ent in ents:
            row = existing.get(ent)
            if row is None:
                row = layout.defaults.copy()
                row[0], row[1] = ent, batch.kinds[ent][1]
            if row[layout.position["trashed"]] or row[layout.position["banner"]]:
                pending.trash.add(ent)
            _apply_cells(layout, row, ent, touched[ent], batch, pending, split)
            _stamp(layout, row, stamps[ent])
            rows.append(row)
        conn.executemany(layout.insert, rows)
    _write_side_tables(conn, pending)
    if split:
        _write_divergences(conn, split, touched, batch)
    return _finish(conn, pending, batch)


def _apply_cells(
    layout: Layout,
    row: list[Any],
    ent: int,
    cells: Cells,
    batch: Batch,
    pending: _Pending,
    split: set[int],
) -> None:
    position = layout.position
    for name, heads in cells.items():
        if not heads:
            continue  # everything that arrived was already replaced
        field = layout.fields.get(name)
        if field is None:
            if name == schema.TRASH:
                pending.trash.add(ent)
            elif "/" in name:
                _apply_member(layout, ent, name, heads, batch, pending)
                if len(heads) > 1 or row[position["divergences"]]:
                    split.add(ent)
            continue
        top = heads[0] if len(heads) == 1 else winner(heads, batch.names)
        if len(heads) > 1 or row[position["divergences"]]:
            split.add(ent)
        if field.type == schema.PLACE:
            status, key = place_value(top.value)
            row[position["status"]], row[position["rank"]], row[position["moved_at"]] = status, key, top.wt
            continue
        stored = coerce(field, decode(top.value))
        row[position[name]] = field.default if stored is None else stored
        if field.searchable and layout.kind not in schema.ATTACHED_KINDS:
            pending.reindex.add(ent)  # what is attached is found through the entity it belongs to
        if field.type == schema.PARENT:
            pending.moved_trees.setdefault(layout.kind, set()).add(ent)
        elif name == "short":
            pending.handles.append((ent, stored if isinstance(stored, str) else None))
        elif name == "title" and layout.kind in INITIALS_KINDS:
            row[position["initials"]] = _initials(stored)
    if layout.kind in schema.ATTACHED_KINDS:
        target = row[position["on"]]
        if isinstance(target, str):
            pending.attached.add(target)


def _apply_member(
    layout: Layout, ent: int, name: str, heads: list[Head], batch: Batch, pending: _Pending
) -> None:
    base, key = name.split("/", 1)
    field = layout.fields.get(base)
    if field is None or not key:
        return
    if field.type == schema.SET:
        (pending.elements if present(heads) else pending.absent).append((ent, base, key))
    elif field.type == schema.MAP:
        value = winner(heads, batch.names).value
        pending.entries.append((ent, base, key, None if value == "null" else value))


def _stamps(ops: Iterable[OpRow], private: Collection[int]) -> dict[int, tuple[_Stamp | None, _Stamp | None]]:
    """Return per entity when and by whom it was first and last written: in public ops, and in private ones."""
    public_stamps: dict[int, _Stamp] = {}
    private_stamps: dict[int, _Stamp] = {}
    for dot, wt, _lam, by, ent, _field, _value, _parents in ops:
        stamps = private_stamps if private and dot >> SEQ_BITS in private else public_stamps
        stamp = stamps.get(ent)
        if stamp is None:
            stamps[ent] = [wt, by, wt, by]
        elif wt < stamp[0] or (wt == stamp[0] and by < stamp[1]):
            stamp[0], stamp[1] = wt, by
        elif wt > stamp[2] or (wt == stamp[2] and by > stamp[3]):
            stamp[2], stamp[3] = wt, by
    return {
        ent: (public_stamps.get(ent), private_stamps.get(ent))
        for ent in public_stamps.keys() | private_stamps.keys()
    }


def _stamp(layout: Layout, row: list[Any], stamps: tuple[_Stamp | None, _Stamp | None]) -> None:
    """Widen the row's created and updated stamps. Once shared, an entity's private past no longer counts."""
    public, private = stamps
    start, flag = layout.position["created_at"], layout.position["private"]
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
    conn.executemany("DELETE FROM element WHERE ent = ? AND field = ? AND value = ?", pending.absent)
    conn.executemany("INSERT OR IGNORE INTO element VALUES (?,?,?)", pending.elements)
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
    if field is None or field.type == schema.SET or not diverges(heads):
        return False
    if field.type == schema.PLACE:
        return len({place_value(head.value)[0] for head in heads}) > 1
    return True


def _finish(conn: sqlite3.Connection, pending: _Pending, batch: Batch) -> set[int]:
    """Do what depends on more than one row: short ids, trees, the trash and the full-text index."""
    if pending.handles:
        write_handles(conn, pending.handles, batch)
    for kind, ents in pending.moved_trees.items():
        refresh_trees(conn, kind, ents, batch.names)
    owners: dict[int, str] = {}
    if pending.attached:
        for ent, kind in _in_chunks(
            conn, "SELECT n, kind FROM entity WHERE id IN ({})", sorted(pending.attached)
        ):
            if kind in LAYOUTS:
                owners[ent] = kind
        pending.reindex.update(ent for ent, kind in owners.items() if LAYOUTS[kind].searchable)
    refresh_visibility(conn, pending.trash | set(owners), batch.names)
    if pending.reindex:
        index_entities(conn, pending.reindex, batch.kinds | {ent: (kind, "") for ent, kind in owners.items()})
    return set(owners)


def write_handles(conn: sqlite3.Connection, handles: Sequence[tuple[int, str | None]], batch: Batch) -> None:
    """Record short ids. Of entities given the same one, the first in the total order keeps it, others get a letter."""
    raws = {raw for _, raw in handles if raw is not None}
    known = "SELECT raw FROM handle WHERE ent IN ({})"
    raws.update(
        raw for (raw,) in _in_chunks(conn, known, [ent for ent, _ in handles if ent not in batch.fresh])
    )
    conn.executemany("DELETE FROM handle WHERE ent = ?", [(ent,) for ent, raw in handles if raw is None])
    conn.executemany(
        "INSERT OR REPLACE INTO handle VALUES (?,?,?)",
        [(ent, raw, raw) for ent, raw in handles if raw is not None],
    )
    clashing = (
        "SELECT raw FROM handle WHERE raw IN ({}) GROUP BY raw HAVING count(*) > 1 OR raw <> max(short)"
    )
    for (raw,) in list(_in_chunks(conn, clashing, sorted(raws))):
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
    conn: sqlite3.Connection, ents: Iterable[int], kinds: Mapping[int, tuple[str, str]]
) -> None:
    """Write the full-text index of these entities from their rows and their comments."""
    from store.tokens import index_text

    texts: dict[int, list[str]] = {}
    by_kind: dict[str, list[int]] = {}
    for ent in sorted(ents):
        by_kind.setdefault(kinds[ent][0], []).append(ent)
    for kind, members in by_kind.items():
        columns = ", ".join(f"i.{name}" for name in LAYOUTS[kind].searchable)
        for row in _in_chunks(conn, f"SELECT i.n, {columns} FROM p_{kind} i WHERE i.n IN ({{}})", members):
            texts[row[0]] = [text for text in row[1:] if text]
        # A joined lookup by the attached side's index; most entities have no comment.
        comments = (
            f'SELECT i.n, c.text FROM p_{kind} i JOIN p_comment c ON c."on" = i.id AND c.trashed = 0 '
            "WHERE i.n IN ({}) ORDER BY c.n"
        )
        for ent, text in _in_chunks(conn, comments, members):
            if text and ent in texts:
                texts[ent].append(text)
    conn.executemany(
        "INSERT OR REPLACE INTO fts (rowid, text) VALUES (?,?)",
        [(ent, index_text("\n".join(parts))) for ent, parts in texts.items()],
    )


def decode(text: str) -> object:
    """Return the value of a JSON text; what cannot be read counts as no value."""
    if text == "null":
        return None
    if len(text) > 1 and text[0] == '"' and "\\" not in text:
        return text[1:-1]
    try:
        value = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
        return value
    except (ValueError, RecursionError):
        return None


def place_value(text: str) -> tuple[str | None, str | None]:
    """Return (status, rank) of a place cell's JSON text, or Nones where a peer wrote something else."""
    parts = text.split('"')
    if len(parts) == 9 and parts[1] == "rank" and parts[5] == "status" and "\\" not in text:
        status, key = parts[7], parts[3]  # the canonical form, which is what everybody writes
    else:
        value = decode(text)
        if not isinstance(value, dict):
            return None, None
        status, key = value.get("status", ""), value.get("rank", "")
    return (status, key) if isinstance(status, str) and rank.is_rank(key) else (None, None)


def coerce(field: schema.Field, value: object) -> object:
    """Return `value` as the field's column stores it, or None where its type is not the field's.

    A choice this program does not know is kept: a newer program wrote it.
    """
    expected = _EXPECTED[field.type]
    if value is None or not isinstance(value, expected):
        return None
    if field.type == schema.FLAG:
        return int(value)  # type: ignore[call-overload]
    if isinstance(value, bool):
        return None
    if field.type == schema.NUMBER:
        return float(value)  # type: ignore[arg-type]
    if field.type == schema.INTEGER:
        return value if -(2**53) < value < 2**53 else None  # type: ignore[operator]
    return value


_EXPECTED: dict[str, type | tuple[type, ...]] = {
    schema.TEXT: str, schema.LONGTEXT: str, schema.CHOICE: str, schema.DATE: str, schema.DATETIME: str,
    schema.REF: str, schema.PARENT: str, schema.INTEGER: int, schema.NUMBER: (int, float), schema.FLAG: bool,
}  # fmt: skip


def _initials(title: object) -> str:
    if not isinstance(title, str) or not title:
        return ""
    if title.isascii():
        return "".join(word[0] for word in title.lower().split() if word[0].isalnum())
    from store.pinyin import variants

    return " ".join(variants(title))
