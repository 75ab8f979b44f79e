"""Everything the workspace shares as text: replicas that have the same ops write the same bytes."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from store import schema
from store.layouts import LAYOUTS, decode
from store.ops import encode_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.database import Store

VERSION = 1


def export_lines(store: Store, *, private: bool = False) -> Iterator[str]:
    """Yield JSON lines: a header, then one entity a line, by kind and id. Trashed ones are included and marked.

    Drafts are left out unless `private`. Fields and kinds of a newer program appear under `other`.
    """
    yield encode_value({"format": "sameboat-export", "version": VERSION, "workspace": store.workspace})
    for kind in schema.KINDS:
        yield from _kind_lines(store, kind, private=private)
    yield from _unknown_kinds(store)


def _kind_lines(store: Store, kind: str, *, private: bool) -> Iterator[str]:
    layout = LAYOUTS[kind]
    condition = "" if private else "WHERE t.private = 0"
    sets = _grouped(
        store, f"SELECT t.n, x.field, x.value FROM p_{kind} t JOIN element x ON x.ent = t.n {condition}"
    )
    maps: dict[int, dict[str, dict[str, object]]] = {}
    query = f"SELECT t.n, x.field, x.key, x.value FROM p_{kind} t JOIN entry x ON x.ent = t.n {condition}"
    for n, name, key, text in store.conn.execute(query):
        maps.setdefault(n, {}).setdefault(name, {})[key] = decode(text)
    shorts = dict(store.conn.execute(f"SELECT t.n, h.short FROM p_{kind} t JOIN handle h ON h.ent = t.n"))
    others = _undeclared(store, kind)
    split = _divergent(store, kind)
    for row in store.conn.execute(f"SELECT * FROM p_{kind} t {condition} ORDER BY t.id"):
        values = dict(zip(layout.columns, row, strict=True))
        n = values["n"]
        fields = layout.read(values, sets.get(n, {}), maps.get(n, {}))
        if n in shorts:
            fields["short"] = shorts[n]
        line: dict[str, object] = {
            "kind": kind,
            "id": values["id"],
            "fields": fields,
            "created": [values["created_at"], values["created_by"]],
            "updated": [values["updated_at"], values["updated_by"]],
        }
        line.update({flag: True for flag in ("trashed", "banner", "private") if values[flag]})
        if n in split:
            line["divergences"] = split[n]
        if n in others:
            line["other"] = others[n]
        yield encode_value(line)


def _grouped(store: Store, query: str) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = {}
    for n, field, value in store.conn.execute(query):
        found.setdefault(n, {}).setdefault(field, []).append(value)
    return found


def _divergent(store: Store, kind: str) -> dict[int, dict[str, list[object]]]:
    query = (
        f"SELECT d.ent, d.field, o.value FROM p_{kind} t JOIN divergence d ON d.ent = t.n "
        "JOIN head h ON h.ent = d.ent AND h.field = d.field JOIN op o ON o.dot = h.dot ORDER BY o.value"
    )
    found: dict[int, dict[str, list[object]]] = {}
    for n, field, value in store.conn.execute(query):
        found.setdefault(n, {}).setdefault(field, []).append(decode(value))
    return found


def _undeclared(store: Store, kind: str) -> dict[int, dict[str, list[object]]]:
    """Return the heads of cells that the declaration does not know: a newer program wrote them."""
    known = [*LAYOUTS[kind].cells, schema.TRASH]
    marks = ",".join("?" * len(known))
    query = (
        "SELECT h.ent, h.field, o.value FROM entity e JOIN head h ON h.ent = e.n JOIN op o ON o.dot = h.dot "
        "JOIN stream s ON s.n = o.dot >> 32 "
        f"WHERE e.kind = ? AND s.private = 0 AND h.field NOT IN ({marks}) ORDER BY h.ent, h.field, o.value"
    )
    found: dict[int, dict[str, list[object]]] = {}
    for n, field, value in store.conn.execute(query, (kind, *known)):
        base, slash, _ = field.partition("/")
        declared = LAYOUTS[kind].fields.get(base)
        if slash and declared is not None and declared.type in (schema.SET, schema.MAP):
            continue
        found.setdefault(n, {}).setdefault(field, []).append(decode(value))
    return found


def _unknown_kinds(store: Store) -> Iterator[str]:
    marks = ",".join("?" * len(schema.KINDS))
    query = (
        "SELECT e.kind, e.id, h.field, o.value FROM entity e JOIN head h ON h.ent = e.n JOIN op o ON o.dot = h.dot "
        "JOIN stream s ON s.n = o.dot >> 32 "
        f"WHERE s.private = 0 AND e.kind NOT IN ({marks}) ORDER BY e.kind, e.id, h.field, o.value"
    )
    cells: dict[tuple[str, str], dict[str, list[object]]] = {}
    for kind, ent, field, value in store.conn.execute(query, tuple(schema.KINDS)):
        cells.setdefault((kind, ent), {}).setdefault(field, []).append(decode(value))
    for (kind, ent), other in cells.items():
        yield encode_value({"kind": kind, "id": ent, "other": other})


def state_hash(store: Store) -> str:
    """Return one hash over all shared heads: equal on replicas that hold the same state, whatever way it came."""
    digest = blake2b(digest_size=16)
    query = (
        "SELECT o.id FROM head h JOIN op o ON o.dot = h.dot JOIN stream s ON s.n = o.dot >> 32 "
        "WHERE s.private = 0 ORDER BY o.id"
    )
    for (identity,) in store.conn.execute(query):
        digest.update(identity)
    return digest.hexdigest()


def op_count(store: Store) -> int:
    """Return how many shared ops this replica holds."""
    return int(store.conn.execute("SELECT coalesce(sum(seq), 0) FROM stream WHERE private = 0").fetchone()[0])
