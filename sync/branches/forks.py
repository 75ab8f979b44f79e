"""Where a history in a place leaves the one that is known here: found from its head backwards, by links alone.

Pure but for reading: it is given what is known and how to open a segment, and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.branches import Node, Tree, tree_of
from store.places import pushed
from sync.links import lines_after, link_from_log
from sync.reading import Stuck

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from store.database import Store
    from sync.names import HeadName, SegmentName
    from sync.segment import Segment

MAX_RIVALS = 64  # segments of the device that hold the same op, looked at for the one that leads to a head

FEW = 2  # heads of one history that are compared with what is held before anybody's signature is looked at


class Untraced(Exception):
    """What leads to a head is not all there; `reason` says what a person is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Part(NamedTuple):
    """A segment on the way to a head, and the last op in it that is: what follows may belong to another history."""

    name: SegmentName
    last: int


class Trail(NamedTuple):
    """How to get to a head: after op `at`, as written, of a known stream, by the ops in `parts`, oldest first."""

    node: Node
    at: int
    parts: list[Part]


class History:
    """What this home holds of one device's incarnation, every branch of it. Links are computed once."""

    def __init__(self, store: Store, dev: str, raw: str) -> None:
        self._store = store
        self._links: dict[tuple[int, int], str] = {}
        self.tree = tree_of(store.conn, dev, raw) or Tree([Node(-1, dev, raw, raw, 0, 0, 0, "", 0)])

    def link(self, node: Node, number: int) -> str:
        """Return the link after an op of a stream, by its number as written."""
        if number == node.end and node.tail:
            return node.tail
        key = (node.n, number)
        if key not in self._links:
            self._links[key] = link_from_log(self._store, node.dev, node.inc, number - node.base)
        return self._links[key]

    def holds(self, seq: int, link: str) -> Node | None:
        """Return the stream whose op of this number, as written, has a link that begins so; None without one."""
        for node in self.tree.nodes.values():
            if (node.base < seq <= node.end or not seq) and self.link(node, seq).startswith(link):
                return node
        return None

    def lines(self, node: Node, number: int) -> Iterator[bytes]:
        """Yield the lines of a stream after an op of it, as they were written."""
        return lines_after(self._store, node.dev, node.inc, number - node.base)


def trace(
    history: History,
    head: HeadName,
    found: Sequence[SegmentName],
    open_segment: Callable[[SegmentName], Segment],
    excuse: Callable[[SegmentName], None] | None = None,
) -> Trail | None:
    """Return how the history of a head continues or leaves the known one; None when all of it is known.

    `open_segment` returns a verified segment or raises Stuck, `excuse` is told which ones were of use. Raises Untraced.
    """
    parts: list[Part] = []
    seq, link = head.seq, head.hash32
    node = history.holds(seq, link)
    while node is None:
        name, link = leading_to(seq, link, found, open_segment)
        parts.append(Part(name, seq))
        if excuse is not None:
            excuse(name)
        seq = name.first - 1
        node = history.holds(seq, link)
    return _follow(history, node, seq, parts[::-1], open_segment)


def leading_to(
    seq: int, link: str, found: Sequence[SegmentName], open_segment: Callable[[SegmentName], Segment]
) -> tuple[SegmentName, str]:
    """Return a segment that holds the op with this link, the one that reaches back furthest, and the link before it.

    What follows that op in it may be of another history.
    """
    reason = "missing"
    seen = 0
    for name in holding(seq, found):
        try:
            segment = open_segment(name)
        except Stuck as stuck:
            reason = stuck.reason
            continue
        if segment.link_at(seq).startswith(link):
            return name, segment.header.prev
        seen += 1  # only what is the device's own takes room: names cost a stranger nothing
        if seen == MAX_RIVALS:
            break
    raise Untraced(reason)


def holding(seq: int, found: Iterable[SegmentName]) -> list[SegmentName]:
    """Return the segments that hold an op, those first that end with it, and of them what reaches back furthest.

    A head is written where a segment ends; what is said to go on behind it may be a stranger's word.
    """
    return sorted(
        (name for name in found if name.first <= seq <= name.last), key=lambda name: (name.last > seq, name)
    )


def _follow(
    history: History,
    node: Node,
    seq: int,
    parts: list[Part],
    open_segment: Callable[[SegmentName], Segment],
) -> Trail | None:
    """Walk from a known op along the segments for as long as what they say is known."""
    known = history.lines(node, seq)
    for index, (name, last) in enumerate(parts):
        try:
            segment = open_segment(name)
        except Stuck as stuck:
            raise Untraced(stuck.reason) from None
        for line in segment.lines[seq + 1 - name.first : last + 1 - name.first]:
            if seq == node.end:
                node, known = _next_stream(history, node, line)
            if seq == node.end or next(known, b"") != line:
                return Trail(node, seq, parts[index:])
            seq += 1
    return None


def _next_stream(history: History, node: Node, line: bytes) -> tuple[Node, Iterator[bytes]]:
    """Return the branch that goes on with this line, with its lines; the stream itself where none does."""
    for branch in history.tree.branches(node):
        if next(history.lines(branch, branch.base), b"") == line:
            return branch, history.lines(branch, branch.base)
    return node, iter(())


def published(store: Store, stream: int) -> int:
    """Return how many ops of an own stream some place has been given."""
    found = (pushed(store, n).get(stream) for (n,) in store.conn.execute("SELECT n FROM place").fetchall())
    return max((cursor.seq for cursor in found if cursor is not None), default=0)
