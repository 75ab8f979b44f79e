"""A newcomer's past, fetched in the background: older segments, a few at a time, below what a snapshot brought.

Each must lead to the next and the last to the link that the snapshot gave, so what came by the snapshot is proven op by
op. Once everything is here, what is shown is compared with what all of it gives. A snapshot that turns out to be false
is taken back, and the ops are read instead.
"""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from store import sparse
from store.backup import SNAPSHOT, back_up
from store.errors import StoreError
from store.gaps import Gap, gaps, is_whole
from store.oplog import ops_after
from store.ops import encode_line
from store.places import bulk, quarantine
from store.sparse import FalseSnapshot
from store.wire import decode_lines
from sync import names
from sync.branches.forks import Untraced, leading_to
from sync.encryption import sealing
from sync.places.transport import TransportError
from sync.reading import Stuck
from sync.segment import MAX_FILE, SegmentError, StreamId, chain
from sync.snapshots.newcomer import FALSE, LOADED
from sync.trust.acquaintance import Acquaintance, Distrusted
from sync.trust.standing import read_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.database import Store
    from store.ops import Op
    from sync.encryption.sealing import FindKey
    from sync.names import SegmentName
    from sync.relay import Stop
    from sync.segment import Segment

    Key = tuple[str, str]

STEP_OPS = 40_000  # fetched in one sync, beyond the segment that reaches it
STEP_ENTITIES = 40_000  # compared in one sync
RETRY_SECONDS = 60.0  # until a stream is asked for again of which no place has the next op
_COMPARED = "compared"  # in `meta`: the entity to go on with, and whether all before it agreed


class Backfill:
    """Brings one home's log to completeness. Lives as long as the engine."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._vain: dict[Key, float] = {}
        self._ways: dict[
            Key, list[SegmentName]
        ] = {}  # of histories that fork: what is still to be read, last first

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
                    with bulk(self._store):
                        sparse.fill(self._store, gap, ops, tail)
                    count += len(ops)
                    gap = gap._replace(filled=ops[-1].seq, tail=tail)
                left += gap.floor - gap.filled
        except FalseSnapshot:
            disown(self._store)
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
        shelf = _Shelf(self._store, gap, stops, find)
        name = self._next(shelf, gap)
        segment = None if name is None else shelf.get(name)
        if segment is None:
            self._vain[key] = time.monotonic() + RETRY_SECONDS
            return None
        if segment.link_at(gap.filled) != gap.tail:
            raise FalseSnapshot(f"{gap.dev}.{gap.inc}")  # what was filled in is of another branch
        first, last = segment.header.first, min(segment.header.last, gap.floor)
        try:
            ops = decode_lines(gap.dev, gap.inc, first, segment.body)
        except StoreError:
            return None  # pulling has its own word on such files
        return ops[gap.filled + 1 - first : last + 1 - first], segment.link_at(last)

    def _next(self, shelf: _Shelf, gap: Gap) -> SegmentName | None:
        """Return the segment to go on with: where the history forks, the one that leads to what the snapshot held."""
        key = (gap.dev, gap.inc)
        if (way := self._ways.get(key)) and way[-1].first <= gap.filled + 1:
            return way.pop()
        for name in shelf.holding(gap.filled + 1):
            segment = shelf.get(name)
            if segment is None or segment.link_at(gap.filled) != gap.tail:
                continue
            if not shelf.is_disputed(name, segment):
                return name
            self._ways[key] = shelf.way()
            return self._ways[key].pop() if self._ways[key] else None
        return None

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


class _Shelf:
    """The segments that all places have of one stream, as they are listed now; those that are right can be had."""

    def __init__(self, store: Store, gap: Gap, stops: Sequence[Stop], find: FindKey | None) -> None:
        self._store = store
        self._gap = gap
        self._find = find
        self._found: dict[SegmentName, tuple[Stop, bytes]] = {}
        key = (gap.dev, gap.inc)
        approved = read_trust(store).key(gap.dev)
        for stop in stops:
            try:
                listed = stop.transport.list(names.stream_folder(*key)).files
                identities = [name for name in listed if names.is_identity(name)]
                acquaintance = Acquaintance(store, stop.place, stop.transport)
                public = acquaintance.key_of(key, identities, new=False, approved=approved)
            except (TransportError, Distrusted):
                continue
            for name in listed:
                if parsed := names.parse_segment(*key, name):
                    self._found.setdefault(parsed, (stop, public))

    def holding(self, seq: int) -> list[SegmentName]:
        """Return the segments that hold an op, the longest first."""
        return sorted((name for name in self._found if name.first <= seq <= name.last), key=lambda n: -n.last)

    def get(self, name: SegmentName) -> Segment | None:
        """Return a segment, None where it is not whole or not right: pulling has its own word on such files."""
        if name not in self._found:
            return None
        stop, public = self._found[name]
        try:
            data = stop.transport.read(name.path, MAX_FILE)
            return sealing.read(data, name, self._store.workspace, public, self._find)
        except (TransportError, SegmentError):
            return None

    def is_disputed(self, name: SegmentName, segment: Segment) -> bool:
        """Return whether another segment tells another history of the same ops."""
        for other in self._found:
            if other == name or other.first > name.last or other.last < name.first:
                continue
            at = min(other.last, name.last)
            found = self.get(other)
            if found is not None and found.link_at(at) != segment.link_at(at):
                return True
        return False

    def way(self) -> list[SegmentName]:
        """Return the segments that lead from what is filled to the snapshot's link, last first; none if one lacks."""
        parts: list[SegmentName] = []
        seq, link = self._gap.floor, self._gap.link
        try:
            while seq > self._gap.filled:
                name, link = leading_to(seq, link, list(self._found), self._open)
                parts.append(name)
                seq = name.first - 1
        except Untraced:
            return []
        return parts

    def _open(self, name: SegmentName) -> Segment:
        segment = self.get(name)
        if segment is None:
            raise Stuck("missing")
        return segment


def disown(store: Store) -> None:
    """Take back a snapshot that turned out to be false, after a backup; the file is named for a person."""
    try:
        back_up(store.path, SNAPSHOT, at=store.now())
    except (sqlite3.Error, OSError):
        pass  # it was false, and every op can be read again
    with store.transaction() as conn:
        _refuse(store)
        sparse.forget(store)
        conn.execute("DELETE FROM meta WHERE key = ?", (_COMPARED,))


def _refuse(store: Store) -> None:
    place, _, path = store.meta(LOADED).partition(" ")
    if place.isdecimal():
        quarantine(store, int(place), path, FALSE, b"")
