"""Histories that forked: which streams they gave, and what a name means that was written before anyone knew.

A stream ends where it forks; every branch from there on is a stream of its own (`store.renaming`). So the ops under one
device and incarnation are a tree of streams here, with one path from the first op to each. Almost always it is a single
stream, the trunk, and nothing of this is looked at.
"""

from __future__ import annotations

from store.merge import SEQ_BITS, SEQ_MASK, Head
from store.renaming import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from store.batch import Cells

_MARK_BITS = 12
_SELECT = (
    "SELECT s.n, s.dev, s.inc, coalesce(t.inc, s.inc), coalesce(b.parent, 0), coalesce(b.base, 0), s.seq, s.tail, "
    "s.mine FROM stream s LEFT JOIN branch b ON b.stream = s.n LEFT JOIN stream t ON t.n = b.trunk "
    "WHERE s.private = 0 AND (s.seq > 0 OR s.mine OR b.stream IS NOT NULL OR "
    "EXISTS (SELECT 1 FROM branch c WHERE c.parent = s.n))"
)


class Node:
    """One stream of a history. `raw` is the incarnation under which its ops were written, `base` how many lie before.

    `parent` is the number of the stream it branches from, 0 for a trunk; `tail` is the link after its last op, or "".
    """

    __slots__ = ("base", "dev", "inc", "mine", "n", "parent", "raw", "seq", "tail")

    def __init__(
        self, n: int, dev: str, inc: str, raw: str, parent: int, base: int, seq: int, tail: str, mine: int
    ) -> None:
        self.n = n
        self.dev = dev
        self.inc = inc
        self.raw = raw
        self.parent = parent
        self.base = base
        self.seq = seq
        self.tail = tail
        self.mine = bool(mine)

    @property
    def end(self) -> int:
        """Return the number, as written, of the last op."""
        return self.base + self.seq


class Tree:
    """All streams of one history, the trunk first, parents before their branches."""

    __slots__ = ("_children", "nodes")

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.n: node for node in sorted(nodes, key=lambda node: (node.base, node.parent))}
        self._children: dict[int, list[Node]] = {}
        for node in self.nodes.values():
            self._children.setdefault(node.parent, []).append(node)

    @property
    def trunk(self) -> Node:
        """Return the stream that holds the first op."""
        return self._children[0][0]

    @property
    def is_forked(self) -> bool:
        """Return whether there are branches."""
        return len(self.nodes) > 1

    def branches(self, node: Node) -> list[Node]:
        """Return the streams that branch off where this one ends."""
        return self._children.get(node.n, [])

    def leaves(self) -> list[Node]:
        """Return the streams that may still grow."""
        return [node for node in self.nodes.values() if not self.branches(node)]

    def way(self, node: Node) -> list[Node]:
        """Return the streams from the trunk to this one."""
        found = [node]
        while found[-1].parent:
            found.append(self.nodes[found[-1].parent])
        return found[::-1]

    def path(self, node: Node) -> Path:
        """Return how ops on the way to this stream are called."""
        return Path(node.dev, [(one.inc, one.base) for one in self.way(node)])

    def below(self, node: Node) -> list[Node]:
        """Return this stream and everything that branches off it, directly or not."""
        found = [node]
        for one in found:
            found += self.branches(one)
        return found


def trees(conn: sqlite3.Connection, where: str = "", *values: object) -> dict[tuple[str, str], Tree]:
    """Return every history known here by device and incarnation, as they were written."""
    found: dict[tuple[str, str], list[Node]] = {}
    for row in conn.execute(_SELECT + where, values):
        node = Node(*row)
        found.setdefault((node.dev, node.raw), []).append(node)
    return {key: Tree(nodes) for key, nodes in found.items() if any(not node.parent for node in nodes)}


def tree_of(conn: sqlite3.Connection, dev: str, inc: str) -> Tree | None:
    """Return the history written under this device and incarnation, None when nothing of it has been heard of."""
    return trees(conn, " AND s.dev = ? AND coalesce(t.inc, s.inc) = ?", dev, inc).get((dev, inc))


def forked(conn: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return the histories that have branches, by device and incarnation."""
    query = "SELECT DISTINCT t.dev, t.inc FROM branch b JOIN stream t ON t.n = b.trunk"
    return set(conn.execute(query))


def node_of(conn: sqlite3.Connection, dev: str, inc: str) -> tuple[Tree, Node] | None:
    """Return the stream of this name and the history it belongs to."""
    row = conn.execute(
        "SELECT t.inc FROM stream s JOIN branch b ON b.stream = s.n JOIN stream t ON t.n = b.trunk "
        "WHERE s.dev = ? AND s.inc = ?",
        (dev, inc),
    ).fetchone()
    tree = tree_of(conn, dev, row[0] if row else inc)
    if tree is None:
        return None
    return next(((tree, node) for node in tree.nodes.values() if node.inc == inc), None)


def note_link(conn: sqlite3.Connection, stream: int, seq: int, link: str) -> None:
    """Remember a link of a stream's chain: one for every few thousand ops, so that any other is soon computed."""
    conn.execute("INSERT OR IGNORE INTO mark VALUES (?,?,?,?)", (stream, seq >> _MARK_BITS, seq, link))


def noted_link(conn: sqlite3.Connection, stream: int, seq: int) -> tuple[int, str]:
    """Return the last link remembered of a stream up to op `seq`, and after which op it stands; (0, "") without one."""
    row = conn.execute(
        "SELECT seq, link FROM mark WHERE stream = ? AND seq <= ? ORDER BY block DESC LIMIT 1", (stream, seq)
    ).fetchone()
    return (0, "") if row is None else (row[0], row[1])


class Forks:
    """What names mean that point beyond a fork: written by somebody who knew one branch, as if there were no other.

    Such a name means the op of the one branch that fits where it is used. Where several fit, it means none: then a
    value is shown beside its replacement, and a deleted entity again, for a person to see: nothing is struck out
    unseen.
    """

    __slots__ = ("_forked", "_names")

    def __init__(self, forked: Iterable[Tree]) -> None:
        self._forked: dict[int, Tree] = {}
        self._names: dict[str, int] = {}
        for tree in forked:
            for node in tree.nodes.values():
                if tree.branches(node):
                    self._forked[node.n] = tree
                    self._names[f"{node.dev}.{node.inc}"] = node.n

    def is_beyond(self, dot: int) -> bool:
        """Return whether a dot lies after the end of a stream that forked."""
        tree = self._forked.get(dot >> SEQ_BITS)
        return tree is not None and dot & SEQ_MASK > tree.nodes[dot >> SEQ_BITS].seq

    def candidates(self, dot: int) -> dict[int, list[Node]]:
        """Return the dots that may be meant, each with the streams from where the name begins to where it leads."""
        tree = self._forked[dot >> SEQ_BITS]
        start = tree.nodes[dot >> SEQ_BITS]
        number = start.base + (dot & SEQ_MASK)
        return {
            node.n << SEQ_BITS | number - node.base: [one for one in tree.way(node) if one.base >= start.base]
            for node in tree.below(start)
            if node.base < number <= node.end
        }

    def weigh_again(
        self, conn: sqlite3.Connection, ent: int, field: str, known: Iterable[Head]
    ) -> tuple[list[Head], dict[int, int]]:
        """Return a cell's ops besides the `known` heads, and which dots are replaced at which Lamport time.

        What a name beyond a fork means may change with every op of a branch, so the whole cell is looked at.
        """
        rows = conn.execute(
            "SELECT dot, wt, lam, by, value, parents FROM op WHERE ent = ? AND field = ?", (ent, field)
        ).fetchall()
        lams = {row[0]: row[2] for row in rows}
        replaced: dict[int, int] = {}
        for row in rows:
            lam = row[2]
            for parent in map(int, (row[5] or "").split()):
                if self.is_beyond(parent):
                    fitting = [dot for dot in self.candidates(parent) if lams.get(dot, lam) < lam]
                    parent = fitting[0] if len(fitting) == 1 else parent
                replaced[parent] = max(lam, replaced.get(parent, 0))
        had = {head.dot for head in known}
        return [Head(*row[:5]) for row in rows if row[0] not in had], replaced

    def seen_of(
        self, conn: sqlite3.Connection, seen: Mapping[str, int], ents: Iterable[int]
    ) -> dict[str, int]:
        """Return what a deleter had seen, by the streams that there are now; `ents` is what was deleted."""
        found = dict(seen)
        for name, upto in seen.items():
            n = self._names.get(name)
            if n is None or not 0 < upto <= SEQ_MASK or not self.is_beyond(dot := n << SEQ_BITS | upto):
                continue
            fitting = {other: way for other, way in self.candidates(dot).items() if _is_of(conn, other, ents)}
            if len(fitting) == 1:
                ((other, way),) = fitting.items()
                for node in way:
                    stream = f"{node.dev}.{node.inc}"
                    reached = other & SEQ_MASK if node.n == other >> SEQ_BITS else node.seq
                    found[stream] = max(reached, found.get(stream, 0))
        return found


def forks(conn: sqlite3.Connection) -> Forks | None:
    """Return what is needed to understand names beyond forks, None where nothing forked."""
    if conn.execute("SELECT 1 FROM branch LIMIT 1").fetchone() is None:
        return None
    return Forks(tree for tree in trees(conn).values() if tree.is_forked)


def reconsider(
    conn: sqlite3.Connection,
    touched: Mapping[int, Cells],
    superseded: dict[int, dict[str, dict[int, int]]],
    known: Mapping[int, Cells],
) -> None:
    """Let cells in which a name points beyond a fork be derived from all their ops: see `Forks`."""
    found = forks(conn)
    if found is None:
        return
    for ent, cells in touched.items():
        query = "SELECT DISTINCT field, dot FROM early WHERE ent = ?"
        torn = {field for field, dot in conn.execute(query, (ent,)).fetchall() if found.is_beyond(dot)}
        for field in torn & cells.keys():
            heads = known.get(ent, {}).get(field, [])
            cells[field][:], superseded.setdefault(ent, {})[field] = found.weigh_again(
                conn, ent, field, heads
            )


def _is_of(conn: sqlite3.Connection, dot: int, ents: Iterable[int]) -> bool:
    row = conn.execute("SELECT ent FROM op WHERE dot = ?", (dot,)).fetchone()
    return row is not None and row[0] in ents
