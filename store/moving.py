"""Giving ops other names: where a history forked, and where this home had numbered its ops like another one.

Everything here happens inside the caller's transaction, and what is shown is derived anew for the entities concerned.
"""

from __future__ import annotations

from store.batch import describe
from store.branches import Tree, note_link
from store.changes import ChangeSet
from store.cuts import note_cuts
from store.errors import StoreError
from store.incarnation import renew
from store.merge import SEQ_BITS, SEQ_MASK
from store.oplog import StreamTable, from_row
from store.ops import Op, content_id
from store.rederiving import rederive
from store.renaming import Path, branch_inc, seen_elsewhere
from store.schema import TRASH

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from store.branches import Node
    from store.database import Store

_PAGE = 10_000


def split(
    conn: sqlite3.Connection, tree: Tree, node: Node, keep: int, link: str, following: str
) -> ChangeSet:
    """End a stream after its first `keep` ops and make the rest a branch of its own; returns what was touched.

    `link` is the link after the last op kept, `following` the one after the next. Of an op that names its past by the
    name which the branch gets only now, and of what follows it, nothing stays: whoever knew of the fork refused it.
    """
    rest = _add(conn, tree, node, node.base + keep, following)
    ends = _foretelling(conn, tree, node, keep, following)
    gone = {ent for end in ends.items() for ent in _end(conn, *end)}
    changes = describe(conn, gone)  # while it is still known what they were
    conn.executemany("DELETE FROM branch WHERE stream = ?", [(n,) for n, end in ends.items() if not end])
    conn.execute("UPDATE branch SET parent = ? WHERE parent = ? AND stream <> ?", (rest, node.n, rest))
    below = [one.n for one in tree.below(node) if one is not node and ends.get(one.n, 1)]
    note_link(conn, rest, 0, link)
    touched = gone | _move(conn, node.n, keep, rest, below)
    conn.execute("UPDATE stream SET tail = ? WHERE n = ?", ("" if node.n in ends else node.tail, rest))
    conn.execute("UPDATE stream SET tail = ? WHERE n = ?", (link, node.n))
    for place, seq, tail in conn.execute(
        "SELECT place, seq, tail FROM pushed WHERE stream = ? AND seq > ?", (node.n, keep)
    ).fetchall():
        conn.execute("INSERT OR REPLACE INTO pushed VALUES (?,?,?,?)", (place, rest, seq - keep, tail))
        conn.execute(
            "UPDATE pushed SET seq = ?, tail = ? WHERE place = ? AND stream = ?", (keep, link, place, node.n)
        )
    rederive(conn, touched)
    changes |= describe(conn, touched)
    _forget_unheard(conn, gone)
    return changes


def _foretelling(
    conn: sqlite3.Connection, tree: Tree, node: Node, keep: int, following: str
) -> dict[int, int]:
    """Return after how many ops streams end because the next one names its past by the name of the branch to be made.

    That is of a stream split after its first `keep` ops, and of what branches off it. Nobody honest writes such an op:
    when it was written there was no such name.
    """
    table = StreamTable(conn)
    inc, base = branch_inc(node.dev, node.raw, following), node.base + keep
    rest = table.number(node.dev, inc)
    ends: dict[int, int] = {}
    for one in tree.below(node):
        if one.parent in ends:  # it goes on from what does not stay
            ends[one.n] = 0
            continue
        way = [(other.inc, other.base) for other in tree.way(one)]
        after = way.index((node.inc, node.base)) + 1
        before, now = tree.path(one), Path(node.dev, [*way[:after], (inc, base), *way[after:]])
        first = one.n << SEQ_BITS | (keep + 1 if one is node else 1)
        for rows in _pages(conn, first, one.n << SEQ_BITS | SEQ_MASK):
            for row in rows:
                named = [int(parent) >> SEQ_BITS for parent in (row[8] or "").split()]
                if rest not in named and (row[6] != TRASH or inc not in row[7]):
                    continue
                try:
                    now.called(before.written(_op(row, table)))
                except StoreError:
                    ends[one.n] = (row[0] & SEQ_MASK) - 1
                    break
            if one.n in ends:
                break
    return ends


def branch_off(conn: sqlite3.Connection, tree: Tree, node: Node, link: str, following: str) -> str:
    """Make a branch that begins where a stream ends, still without ops, and return its incarnation.

    `link` is the link after the stream's last op, `following` the one after the branch's first.
    """
    number = _add(conn, tree, node, node.end, following)
    note_link(conn, number, 0, link)
    return str(conn.execute("SELECT inc FROM stream WHERE n = ?", (number,)).fetchone()[0])


def renumber(store: Store, keep: int, why: str) -> ChangeSet:
    """Begin a new incarnation, with the own ops beyond the first `keep` as its first; returns what was touched.

    Nobody else may know those ops yet: others, under the names they had, may come in their place. A person is told why.
    """
    with store.transaction() as conn:
        query = "SELECT n, seq FROM stream WHERE dev = ? AND inc = ?"
        old, seq = conn.execute(query, (store.device, store.incarnation)).fetchone()
        fresh = renew(store, why)
        new, _ = conn.execute(query, (store.device, fresh)).fetchone()
        if seq <= keep:
            return ChangeSet()
        touched = _move(conn, old, keep, new, (), renumber=True)
        conn.execute("UPDATE stream SET tail = '' WHERE n = ?", (old,))
        note_cuts(store, {old: keep})
        store.reached = (fresh, seq - keep)
        store.written[new] = (0, seq - keep)
        rederive(conn, touched)
        return describe(conn, touched)


def become_device(store: Store, device: str, why: str) -> ChangeSet:
    """Go on as another device, with the own ops that no place has as its first; returns what was touched.

    The streams written so far end where they were sent to, and are another device's from now on. A person is told why.
    """
    with store.transaction() as conn:
        own = conn.execute("SELECT n, seq FROM stream WHERE mine = 1 AND private = 0 ORDER BY n").fetchall()
        sent = dict(conn.execute("SELECT stream, max(seq) FROM pushed GROUP BY stream").fetchall())
        fresh = renew(store, why, device=device)
        query = "SELECT n FROM stream WHERE dev = ? AND inc = ?"
        [new] = conn.execute(query, (store.device, fresh)).fetchone()
        touched: set[int] = set()
        cuts: dict[int, int] = {}
        for old, seq in own:
            keep = sent.get(old, 0)
            if seq > keep:
                others = [n for n, _ in own if n != old]
                touched |= _move(conn, old, keep, new, (*others, new), renumber=True)
                conn.execute("UPDATE stream SET tail = '' WHERE n = ?", (old,))
                cuts[old] = keep
            conn.execute("UPDATE stream SET mine = 0 WHERE n = ?", (old,))
            conn.execute("DELETE FROM pushed WHERE stream = ?", (old,))
        note_cuts(store, cuts)
        [moved] = conn.execute("SELECT seq FROM stream WHERE n = ?", (new,)).fetchone()
        store.reached = (fresh, moved)
        store.written[new] = (0, moved)
        rederive(conn, touched)
        return describe(conn, touched)


def take_out(store: Store, dev: str, inc: str, keep: int) -> ChangeSet:
    """Take another device's ops after the first `keep` of a stream out again; returns what was touched.

    They may come back the way they came: the stream's cursor is where it would be without them.
    """
    with store.transaction() as conn:
        n = StreamTable(conn).number(dev, inc)
        touched = _end(conn, n, keep)
        changes = describe(conn, touched)  # while it is still known what they were
        note_cuts(store, {n: keep}, changes)
        rederive(conn, touched)
        _forget_unheard(conn, touched)
        return changes


def _end(conn: sqlite3.Connection, n: int, keep: int) -> set[int]:
    """Take the ops after the first `keep` of a stream out of the log, and return the entities they were about."""
    span = (n << SEQ_BITS | keep + 1, n << SEQ_BITS | SEQ_MASK)
    touched = {ent for (ent,) in conn.execute("SELECT DISTINCT ent FROM op WHERE dot BETWEEN ? AND ?", span)}
    conn.execute("DELETE FROM op WHERE dot BETWEEN ? AND ?", span)
    conn.execute("DELETE FROM mark WHERE stream = ? AND seq > ?", (n, keep))
    conn.execute("UPDATE stream SET seq = ?, tail = '' WHERE n = ?", (keep, n))
    return touched


def _forget_unheard(conn: sqlite3.Connection, ents: Iterable[int]) -> None:
    """Forget entities of which no op tells any more: nor can anybody write to what is not there."""
    unheard = "DELETE FROM entity WHERE n = ? AND NOT EXISTS (SELECT 1 FROM op WHERE ent = n)"
    conn.executemany(unheard, [(ent,) for ent in ents])


def _add(conn: sqlite3.Connection, tree: Tree, node: Node, base: int, following: str) -> int:
    number = StreamTable(conn).number(node.dev, branch_inc(node.dev, node.raw, following))
    conn.execute("UPDATE stream SET mine = ? WHERE n = ?", (int(node.mine), number))
    conn.execute("INSERT INTO branch VALUES (?,?,?,?)", (number, tree.trunk.n, node.n, base))
    return number


def _move(
    conn: sqlite3.Connection,
    source: int,
    keep: int,
    target: int,
    also: Iterable[int],
    *,
    renumber: bool = False,
) -> set[int]:
    """Move ops to another stream, and let those of the streams `also` and of private drafts name them by it.

    `renumber` gives them change numbers of their new stream. Returns the entities of all ops that are others now.
    """
    table = StreamTable(conn)
    offset, last = table.seqs[target], table.seqs[source]
    first, limit = source << SEQ_BITS | keep + 1, source << SEQ_BITS | SEQ_MASK
    shift = (target << SEQ_BITS | offset + 1) - first
    old, new = (".".join(table.names[n]) for n in (source, target))
    touched: set[int] = set()

    def name(dot: int) -> int:
        return dot + shift if first <= dot <= limit else dot

    def rewrite(row: Any, dot: int) -> tuple[object, ...]:
        _, _, lam, wt, by, ent, field, value, parents, change, extra, kind, written = row
        named = " ".join([str(name(int(parent))) for parent in parents.split()]) if parents else None
        if field == TRASH:
            value = seen_elsewhere(value, old, keep, new, offset)
        if renumber and dot != row[0]:
            change = max(change - keep, 1) + offset
        dev, inc = table.names[dot >> SEQ_BITS]
        shown = tuple([table.text(int(parent)) for parent in named.split()]) if named else ()
        op = Op(
            dev, inc, dot & SEQ_MASK, lam, wt, by, kind, written, field, value, shown, change, extra or ""
        )  # fmt: skip
        touched.add(ent)
        return dot, content_id(op), lam, wt, by, ent, field, value, named, change, extra

    for rows in _pages(conn, first, limit):
        conn.executemany("DELETE FROM op WHERE dot = ?", [(row[0],) for row in rows])
        conn.executemany(
            "INSERT INTO op VALUES (?,?,?,?,?,?,?,?,?,?,?)", [rewrite(row, row[0] + shift) for row in rows]
        )
    for stream in (*also, *table.private):
        for rows in _pages(conn, stream << SEQ_BITS, stream << SEQ_BITS | SEQ_MASK):
            for row in rows:
                parents, deletes = row[8] or "", row[6] == TRASH and f'"{old}"' in row[7]
                if deletes or any(first <= int(parent) <= limit for parent in parents.split()):
                    changed = rewrite(row, row[0])
                    conn.execute(
                        "UPDATE op SET id = ?, value = ?, parents = ? WHERE dot = ?",
                        (changed[1], changed[7], changed[8], row[0]),
                    )
    touched.update(_naming(conn, first, limit))
    conn.execute("UPDATE stream SET seq = ? WHERE n = ?", (keep, source))
    conn.execute("UPDATE stream SET seq = ? WHERE n = ?", (offset + max(last - keep, 0), target))
    _move_local(conn, first, limit, shift)
    marks = conn.execute("SELECT seq, link FROM mark WHERE stream = ? AND seq > ?", (source, keep)).fetchall()
    conn.execute("DELETE FROM mark WHERE stream = ? AND seq > ?", (source, keep))
    if not renumber:
        for seq, link in marks:
            note_link(conn, target, seq - keep, link)
    return touched


def _naming(conn: sqlite3.Connection, first: int, limit: int) -> set[int]:
    """Return the entities of ops that name one of these dots: what they mean may be another op from now on."""
    found = set()
    for ent, parents in conn.execute("SELECT ent, parents FROM op WHERE parents IS NOT NULL"):
        if any(first <= int(parent) <= limit for parent in parents.split()):
            found.add(ent)
    return found


def _move_local(conn: sqlite3.Connection, first: int, limit: int, shift: int) -> None:
    """Let undo find what has moved."""
    span = (first, limit)
    conn.execute(f"UPDATE restored SET dot = dot + {shift} WHERE dot BETWEEN ? AND ?", span)
    conn.execute(f"UPDATE restored SET original = original + {shift} WHERE original BETWEEN ? AND ?", span)
    cut = conn.execute(
        "SELECT change, last FROM change_range WHERE first < ? AND last BETWEEN ? AND ?", (first, *span)
    ).fetchall()
    conn.execute(
        f"UPDATE change_range SET first = first + {shift}, last = last + {shift} WHERE first BETWEEN ? AND ?",
        span,
    )
    for change, last in cut:
        conn.execute(
            "UPDATE change_range SET last = ? WHERE change = ? AND last = ?", (first - 1, change, last)
        )
        conn.execute("INSERT INTO change_range VALUES (?,?,?)", (change, first + shift, last + shift))


def _op(row: Sequence[Any], table: StreamTable) -> Op:
    """Return the op of a row of `_pages`, under the name it has there."""
    dot, _, lam, wt, by, _, field, value, parents, change, extra, kind, ent = row
    return from_row((dot, lam, wt, by, kind, ent, field, value, parents, change, extra), table)


def _pages(conn: sqlite3.Connection, first: int, limit: int) -> Iterator[list[Any]]:
    """Yield a stream's rows in order, with kind and id of what they are about."""
    query = (
        "SELECT o.*, e.kind, e.id FROM op o JOIN entity e ON e.n = o.ent WHERE o.dot BETWEEN ? AND ? "
        "ORDER BY o.dot LIMIT ?"
    )
    while rows := conn.execute(query, (first, limit, _PAGE)).fetchall():
        yield rows
        first = rows[-1][0] + 1
