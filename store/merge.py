"""The merge rules, pure: what a cell shows and what counts as a divergence. They read no clock and no arrival order.

A cell is one field of one entity. Its *heads* are the ops that no other op of the cell names as parent. The scheme is a
multi-value register (M. Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types",
INRIA RR-7506, 2011, §3.2.2); a set is one boolean register per element in which a concurrent add wins.
"""

from __future__ import annotations

from store.clock import MAX_LAMPORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    # (wall time, Lamport time, device, incarnation, sequence): the total order of ops.
    Key = tuple[int, int, str, str, int]

# A dot as one integer: stream number in the high bits, sequence number in the low 32. Streams are numbered locally.
SEQ_BITS = 32
SEQ_MASK = (1 << SEQ_BITS) - 1


class Head:
    """An unreplaced op of a cell: its dot, wall and Lamport time, author and value (JSON text)."""

    __slots__ = ("by", "dot", "lam", "value", "wt")

    def __init__(self, dot: int, wt: int, lam: int, by: str, value: str) -> None:
        self.dot = dot
        self.wt = wt
        self.lam = lam
        self.by = by
        self.value = value

    def __repr__(self) -> str:
        return f"Head({self.dot >> SEQ_BITS}.{self.dot & SEQ_MASK} {self.value})"


def surviving(heads: Iterable[Head], superseded: Mapping[int, int], private: Collection[int]) -> list[Head]:
    """Return the heads that no op replaces; private ones vanish as soon as the cell has a public head.

    `superseded` maps the dots named as parents in this cell to the greatest Lamport time of an op that names them,
    `private` holds the numbers of streams that are never shared. Who has seen an op writes at a later Lamport time, so
    an op that names a later one as its parent lies: it cannot strike out edits in advance, nor make a circle of
    replacements in which every value vanishes.
    """
    left = [
        head for head in heads if (at := superseded.get(head.dot)) is None or not may_replace(at, head.lam)
    ]
    if private and len(left) > 1:
        public = [head for head in left if head.dot >> SEQ_BITS not in private]
        return public or left
    return left


def may_replace(lam: int, other: int) -> bool:
    """Return whether an op of Lamport time `lam` may have seen one of time `other`, which it names as its parent.

    Once the clock has run out there is no later time, and what was written then can be replaced all the same.
    """
    return lam > min(other, MAX_LAMPORT - 1)


def order_key(head: Head, names: Mapping[int, tuple[str, str]]) -> Key:
    """Return where the op stands in the total order that every replica shares; `names` maps stream to (dev, inc)."""
    dev, inc = names[head.dot >> SEQ_BITS]
    return (head.wt, head.lam, dev, inc, head.dot & SEQ_MASK)


def winner(heads: list[Head], names: Mapping[int, tuple[str, str]]) -> Head:
    """Return the head whose value is displayed: the greatest in the total order."""
    return heads[0] if len(heads) == 1 else max(heads, key=lambda head: order_key(head, names))


def diverges(heads: list[Head]) -> bool:
    """Return whether the heads hold different values, which a person should see and settle."""
    return len(heads) > 1 and any(head.value != heads[0].value for head in heads)


def present(heads: Iterable[Head]) -> bool:
    """Return whether a set element is in the set: any head that adds it wins over concurrent removals."""
    return any(head.value == "true" for head in heads)


def visibility(
    deletions: Iterable[Mapping[str, int] | None], others: Iterable[int], names: Mapping[int, tuple[str, str]]
) -> tuple[bool, bool]:
    """Return (hidden, banner) of an entity from its trash cell's heads and the dots of all its other heads.

    A deletion is the map {"dev.inc": seq} of what its author had seen. One restoring head (None) keeps the entity; an
    edit that no deleter had seen keeps it visible with a banner.
    """
    seen: dict[str, int] = {}
    any_deletion = False
    for deletion in deletions:
        if deletion is None:
            return False, False
        any_deletion = True
        for stream, seq in deletion.items():
            seen[stream] = max(seq, seen.get(stream, 0))
    if not any_deletion:
        return False, False
    for dot in others:
        if dot & SEQ_MASK > seen.get(".".join(names[dot >> SEQ_BITS]), 0):
            return False, True
    return True, False


def cut_edges(
    starts: Iterable[int], parent_of: Callable[[int], int | None], key_of: Callable[[int], tuple[bool, Key]]
) -> set[int]:
    """Return the nodes whose parent edges are cut because they lie on the cycles that are reached from `starts`.

    Every node has at most one parent, so cycles are disjoint; of each the latest move in the total order is skipped.
    `key_of` says of a node's move whether nobody else can see it, and where it stands in that order: a private draft's
    move is skipped before any other, for where a draft lies must not change what everybody has.
    This is what replaying all winning moves in total order gives (M. Kleppmann et al., "A highly-available move
    operation for replicated trees", IEEE TPDS 2021), without a replay. Each node is looked at once.
    """
    cuts: set[int] = set()
    visited: set[int] = set()
    for start in starts:
        path: dict[int, int] = {}
        node: int | None = start
        while node is not None and node not in visited:
            visited.add(node)
            path[node] = len(path)
            node = parent_of(node)
        if node is not None and node in path:
            cuts.add(max(list(path)[path[node] :], key=key_of))
    return cuts
