"""A newcomer's past, fetched in the background: older segments, a few at a time, below what a snapshot brought.

Each must lead to the next and the last to the link that the snapshot gave, so what came by the snapshot is proven op by
op. Once everything is here, what is shown is compared with what all of it gives. A snapshot that turns out to be false
is taken back, and the ops are read instead. Where the history forks, only what leads to that link proves anything.
"""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, NoReturn

from store import sparse
from store.backup import SNAPSHOT, back_up
from store.errors import StoreError
from store.gaps import Gap, gaps, is_whole
from store.oplog import ops_after
from store.ops import encode_line
from store.places import bulk, quarantine
from store.sparse import FalseSnapshot
from store.wire import decode_lines
from sync.segment import StreamId, chain
from sync.snapshots.newcomer import FALSE, LOADED
from sync.snapshots.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.database import Store
    from store.ops import Op
    from sync.branches.forks import Part
    from sync.encryption.sealing import FindKey
    from sync.names import SegmentName
    from sync.relay import Stop

    Key = tuple[str, str]

STEP_OPS = 40_000  # fetched in one sync, beyond the segment that reaches it
STEP_ENTITIES = 40_000  # compared in one sync
RETRY_SECONDS = 60.0  # until a stream is asked for again of which no place has the next op
_COMPARED = "compared"  # in `meta`: the entity to go on with, and whether all before it agreed


class _Strayed(Exception):
    """What was filled in is of another branch than the one that the snapshot stands for, which has come since."""


class Backfill:
    """Brings one home's log to completeness. Lives as long as the engine."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._vain: dict[Key, float] = {}
        self._opened: dict[tuple[int, SegmentName], float] = {}  # in vain, and until when not again
        # Of histories that fork: what is still to be read, last first.
        self._ways: dict[Key, list[Part]] = {}

    def run(self, stops: Sequence[Stop], find: FindKey | None, cancelled: Callable[[], bool]) -> int:
        """Fetch some of what is missing; returns how many ops came. Trouble with a place is met again later."""
        if is_whole(self._store.conn):
            return 0
        count = left = 0
        try:
            for gap in gaps(self._store.conn):
                while gap.filled < gap.floor and count < STEP_OPS and not cancelled():
                    fetched = self._fetch(gap, stops, find)
                    if not fetched:
                        break
                    ops, tail = fetched
                    try:
                        with bulk(self._store):
                            sparse.fill(self._store, gap, ops, tail)
                    except FalseSnapshot:
                        if self._doubt(Shelf(self._store, gap, stops, find, self._opened)):
                            continue
                        break
                    count += len(ops)
                    gap = gap._replace(filled=ops[-1].seq, tail=tail)
                left += gap.floor - gap.filled
        except FalseSnapshot:
            disown(self._store, false=True)
            return count
        except _Strayed:
            disown(self._store, false=False)
            return count
        if not left and not cancelled():
            self._compare()
        return count

    def _fetch(self, gap: Gap, stops: Sequence[Stop], find: FindKey | None) -> tuple[list[Op], str] | None:
        """Return the next ops of a stream and the link after them, None where nobody has them now."""
        origin = StreamId(self._store.workspace, gap.dev, gap.inc)
        held = ops_after(self._store, gap.dev, gap.inc, gap.filled, min(gap.floor - gap.filled, STEP_OPS))
        if held and held[-1].seq - gap.filled == len(held):  # the snapshot held all of it
            return held, chain(origin, gap.tail, map(encode_line, held))
        key = (gap.dev, gap.inc)
        if time.monotonic() < self._vain.get(key, 0.0):
            return None
        shelf = Shelf(self._store, gap, stops, find, self._opened)
        part = self._next(shelf, gap)
        segment = None if part is None else shelf.get(part.name)
        if part is None or segment is None:
            self._ways.pop(key, None)  # what it led through may have been joined
            self._vain[key] = time.monotonic() + RETRY_SECONDS
            return None
        if segment.link_at(gap.filled) != gap.tail:
            _off(shelf)
        # Beyond the part's last op the segment may go on into another branch.
        first, last = segment.header.first, part.last
        try:
            ops = decode_lines(gap.dev, gap.inc, first, segment.body)
        except StoreError:
            return None  # pulling has its own word on such files
        return ops[gap.filled + 1 - first : last + 1 - first], segment.link_at(last)

    def _next(self, shelf: Shelf, gap: Gap) -> Part | None:
        """Return what to go on with: where the history forks, what leads to the op that the snapshot ended with."""
        way = self._ways.setdefault((gap.dev, gap.inc), [])
        while way and way[-1].last <= gap.filled:
            way.pop()
        if not way:
            part = shelf.undisputed()
            if part is not None:
                return part
            way[:] = shelf.way()
        return way[-1] if way else None

    def _doubt(self, shelf: Shelf) -> bool:
        """Judge what contradicts the snapshot; returns whether to go on, by the way that leads to it, or to wait.

        Other branches contradict a true snapshot as well, so it is false only by what leads to its own end, or where
        nothing does and nothing more is to come. Raises FalseSnapshot, _Strayed.
        """
        gap = shelf.gap
        key = (gap.dev, gap.inc)
        way = shelf.way()
        if not way:
            if not shelf.is_late():
                raise FalseSnapshot(f"{gap.dev}.{gap.inc}")
            self._vain[key] = time.monotonic() + RETRY_SECONDS
            return False
        first = shelf.get(way[-1].name)
        if first is not None and first.link_at(gap.filled) != gap.tail:
            _off(shelf)
        if self._ways.get(key):
            raise FalseSnapshot(f"{gap.dev}.{gap.inc}")
        self._ways[key] = way
        return True

    def _compare(self) -> None:
        """Compare some entities with what the log gives now; when all are done the log is whole."""
        start, _, told = self._store.meta(_COMPARED, "1").partition(" ")
        at, agreed = int(start), told != "differ"
        for _ in range(STEP_ENTITIES // sparse.CHECK_STEP):
            same, at = sparse.agrees(self._store, at)
            agreed = agreed and same
            if not at:
                break
        else:
            self._store.set_meta(_COMPARED, f"{at} {'' if agreed else 'differ'}".strip())
            return
        with self._store.transaction() as conn:
            if not agreed:
                _refuse(self._store)
            sparse.finish(self._store, agreed=agreed)
            conn.execute("DELETE FROM meta WHERE key = ?", (_COMPARED,))


def _off(shelf: Shelf) -> NoReturn:
    """Raise what is wrong where what is filled in is not on the way to the snapshot's end, nor can be led there."""
    gap = shelf.gap
    if shelf.bears_out(gap.filled, gap.tail):
        raise _Strayed
    raise FalseSnapshot(f"{gap.dev}.{gap.inc}")  # only the snapshot says so


def disown(store: Store, *, false: bool) -> None:
    """Take back what a snapshot brought, after a backup; where it is `false`, the file is named for a person."""
    try:
        back_up(store.path, SNAPSHOT, at=store.now())
    except (sqlite3.Error, OSError):
        pass  # every op can be read again
    with store.transaction() as conn:
        if false:
            _refuse(store)
        sparse.forget(store)
        conn.execute("DELETE FROM meta WHERE key = ?", (_COMPARED,))


def _refuse(store: Store) -> None:
    place, _, path = store.meta(LOADED).partition(" ")
    if place.isdecimal():
        quarantine(store, int(place), path, FALSE, b"")
