"""Bringing in a history that forked: the stream ends where it did, and each branch becomes one of its own.

The same on every replica, in whatever order the branches come, since links alone say where a history forks and what its
branches are called (`store.renaming`). What was merged before under the stream's own name is moved, in the transaction
in which the second branch begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.branches import Tree, tree_of
from store.changes import ChangeSet
from store.errors import StoreError
from store.moving import branch_off, split
from store.notices import notify
from store.oplog import merge
from store.places import Place, Pushed, set_pushed
from store.renaming import branch_inc
from store.wire import decode_lines
from sync.segment import chain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.database import Store
    from store.ops import Op
    from store.renaming import Path
    from sync.branches.forks import History, Trail
    from sync.names import SegmentName
    from sync.segment import Segment
    from sync.trust.standing import Trust

MAX_BRANCHES = 16  # of one device: more than any accident makes
FORKED = "forked"


class TooManyBranches(Exception):
    """A device's history has forked more often than any accident explains."""


class Graft:
    """One trail being merged into the histories of a place's device; `count` and `changes` say what came of it."""

    def __init__(
        self, store: Store, place: Place, history: History, trail: Trail, trust: Trust, batch_ops: int
    ) -> None:
        self._store = store
        self._place = place
        self._history = history
        self._trail = trail
        self._trust = trust
        self._batch_ops = batch_ops
        self._node = trail.node
        self._tree: Tree = history.tree
        self._forks = trail.at < trail.node.end or bool(history.tree.branches(trail.node))
        self.count = 0
        self.changes = ChangeSet()

    def run(self, open_segment: Callable[[SegmentName], Segment]) -> int:
        """Merge the trail's ops where they belong; returns the last, by its number as written, that everybody takes.

        `open_segment` returns a verified segment or raises Stuck. Raises StoreError for an op that cannot be applied,
        TooManyBranches before anything of a branch too many is merged.
        """
        done = self._trail.at
        for name, last in self._trail.parts:
            found = open_segment(name)
            ops = decode_lines(self._node.dev, self._node.raw, name.first, found.body)
            lines = found.lines
            limit = self._limit(found, done)
            while done < min(last, limit):
                end = min(done + self._batch_ops, last, limit)
                part = slice(done + 1 - name.first, end + 1 - name.first)
                before = found.link_at(done)
                extend = self._fork if self._forks else self._extend
                count, refusal = extend(ops[part], before, lines[part], found)
                self.count += count
                done += count
                if refusal is not None:
                    raise refusal
            if done < last:
                return limit
        return done

    def _limit(self, found: Segment, done: int) -> int:
        """Return the last op that everybody takes of the branch that follows.

        What was taken before a fork was known was noted under the number it had, and counts in every branch.
        """
        node = self._node
        general = self._trust.limit(node.dev, node.raw)
        if general is None:
            return found.header.last
        inc, base = node.inc, node.base
        if self._forks:
            inc, base = branch_inc(node.dev, node.raw, found.link_at(done + 1)), done
        return max(general, base + (self._trust.limit(node.dev, inc) or 0))

    def _extend(
        self, ops: Sequence[Op], link: str, lines: Sequence[bytes], found: Segment
    ) -> tuple[int, StoreError | None]:
        """Merge ops that go on from `link`, up to one that cannot be; return how many, and why that one cannot."""
        node = self._node
        called, refusal = (list(ops), None) if not node.parent else _called(self._tree.path(node), ops)
        if called:
            tail = chain(found.header.stream, link, lines[: len(called)])
            self.changes |= merge(self._store, called, {(node.dev, node.inc): tail})
            self._note_pushed(node.inc, called[-1].seq, tail)
        return len(called), refusal

    def _fork(
        self, ops: Sequence[Op], link: str, lines: Sequence[bytes], found: Segment
    ) -> tuple[int, StoreError | None]:
        """Begin a branch with its first ops; where the stream went on as if there were none, that becomes one too."""
        node, at = self._node, self._trail.at
        with self._store.transaction() as conn:
            if at < node.end:
                self._check_room(2)
                following = self._history.link(node, at + 1)
                self.changes |= split(conn, self._tree, node, at - node.base, link, following)
                self._reload(node.inc)
            else:
                self._check_room(1)
            inc = branch_off(conn, self._tree, self._node, link, chain(found.header.stream, link, lines[:1]))
            self._reload(inc)
            self._forks = False
            if node.dev != self._store.device:
                notify(self._store, FORKED, node.dev)
            count, refusal = self._extend(ops, link, lines, found)
            if refusal is not None and not count:
                raise refusal  # a branch without ops would be none
            return count, refusal

    def _check_room(self, wanted: int) -> None:
        query = "SELECT count(*) FROM branch b JOIN stream s ON s.n = b.stream WHERE s.dev = ?"
        (count,) = self._store.conn.execute(query, (self._node.dev,)).fetchone()
        if count + wanted > MAX_BRANCHES:
            raise TooManyBranches

    def _reload(self, inc: str) -> None:
        tree = tree_of(self._store.conn, self._node.dev, self._node.raw)
        assert tree is not None
        self._tree = tree
        self._node = next(node for node in tree.nodes.values() if node.inc == inc)

    def _note_pushed(self, inc: str, seq: int, tail: str) -> None:
        """Remember of an own stream that this place has it: it was read there."""
        node = self._node
        if node.mine:
            set_pushed(self._store, self._place.n, node.n, Pushed(seq, tail))


def _called(path: Path, ops: Sequence[Op]) -> tuple[list[Op], StoreError | None]:
    """Return ops under the names they have here, up to one that has none, and why it has not.

    Those before it everybody takes, in whatever files and batches they come.
    """
    found = []
    for op in ops:
        try:
            found.append(path.called(op))
        except StoreError as error:
            return found, error
    return found, None
