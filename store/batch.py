"""Reading heads set-wise, and what a batch of ops carries with it."""

from __future__ import annotations

from itertools import chain

from store.changes import ChangeSet
from store.merge import Head
from store.schema import ATTACHED_KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    Cells = dict[str, list[Head]]

CHUNK = 500  # bound parameters of one IN (…)
ROWS = 100  # of one INSERT


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
        fresh: set[int],
        names: Mapping[int, tuple[str, str]],
        private: Collection[int],
        horizon: Mapping[int, int],
    ) -> None:
        self.kinds = kinds
        self.fresh = fresh
        self.names = names
        self.private = private
        self.horizon = horizon


def load_heads(conn: sqlite3.Connection, ents: list[int]) -> dict[int, Cells]:
    """Return the current heads of every cell of these entities."""
    found: dict[int, Cells] = {}
    query = (
        "SELECT h.ent, h.field, h.dot, o.wt, o.lam, o.by, o.value FROM head h JOIN op o ON o.dot = h.dot "
        "WHERE h.ent IN ({})"
    )
    for ent, field, dot, wt, lam, by, value in in_chunks(conn, query, ents):
        found.setdefault(ent, {}).setdefault(field, []).append(Head(dot, wt, lam, by, value))
    return found


def in_chunks(
    conn: sqlite3.Connection, query: str, values: list[int] | list[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query with one `IN ({})` for any number of values."""
    for start in range(0, len(values), CHUNK):
        part = values[start : start + CHUNK]
        yield from conn.execute(query.format(",".join("?" * len(part))), part)


def insert_rows(conn: sqlite3.Connection, into: str, rows: Sequence[Sequence[object]], row: str = "") -> None:
    """Insert rows of one width, many a statement: a narrow row costs half of what it does in one of its own.

    `into` begins the statement and says what becomes of rows that clash: INSERT OR FAIL, for one, without whose OR
    SQLite would copy pages aside so that it could take back a statement alone. `row` is what VALUES says of one row,
    where that is more than a mark a value.
    """
    if not rows:
        return
    row = row or f"({','.join('?' * len(rows[0]))})"
    whole = len(rows) - len(rows) % ROWS
    if whole:
        conn.executemany(
            f"{into} VALUES {','.join([row] * ROWS)}",
            (list(chain.from_iterable(rows[start : start + ROWS])) for start in range(0, whole, ROWS)),
        )
    conn.executemany(f"{into} VALUES {row}", rows[whole:])


def describe(
    conn: sqlite3.Connection, numbers: Iterable[int], known: Mapping[int, tuple[str, str]] | None = None
) -> ChangeSet:
    """Return entities by kind and id, with those that show them: what they are attached to, and whose short id changes.

    Of two entities with one short id the second gets a letter behind it, so touching the first touches both. `known`
    adds entities whose (kind, id) the caller has at hand.
    """
    changes = ChangeSet()
    names = dict(known or {})
    rest = [number for number in numbers if number not in names]
    for n, kind, ent in in_chunks(conn, "SELECT n, kind, id FROM entity WHERE n IN ({})", rest):
        names[n] = (kind, ent)
    wanted = list(names)
    attached: dict[str, list[int]] = {}
    for n, (kind, ent) in names.items():
        changes.add(kind, ent)
        if kind in ATTACHED_KINDS:
            attached.setdefault(kind, []).append(n)
    for kind, members in attached.items():
        query = (
            f'SELECT DISTINCT e.kind, e.id FROM p_{kind} c JOIN entity e ON e.id = c."on" WHERE c.n IN ({{}})'
        )
        for owner_kind, owner in in_chunks(conn, query, members):
            changes.add(owner_kind, owner)
    clashing = (
        "SELECT e.kind, e.id FROM handle h JOIN handle o ON o.raw = h.raw AND o.short <> o.raw "
        "JOIN entity e ON e.n = o.ent WHERE h.ent IN ({})"
    )
    for kind, ent in in_chunks(conn, clashing, wanted):
        changes.add(kind, ent)
    return changes
