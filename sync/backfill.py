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
from sync import names, sealing
from sync.acquaintance import Acquaintance, Distrusted
from sync.newcomer import FALSE, LOADED
from sync.segment import MAX_FILE, SegmentError, StreamId, chain
from sync.transport import TransportError
from sync.trust import read_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.database import Store
    from store.ops import Op
    from sync.names import SegmentName
    from sync.relay import Stop
    from sync.sealing import FindKey

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
        approved = read_trust(self._store).key(gap.dev)
        for stop in stops:
            try:
                listed = stop.transport.list(names.stream_folder(*key)).files
                found = (names.parse_segment(*key, name) for name in listed)
                next_ones = [name for name in found if name and name.first <= gap.filled + 1 <= name.last]
                acquaintance = Acquaintance(self._store, stop.place, stop.transport)
                identities = [name for name in listed if names.is_identity(name)]
                public = acquaintance.key_of(key, identities, new=False, approved=approved)
                for name in sorted(next_ones, key=lambda name: -name.last):
                    if taken := self._take(gap, name, stop, public, find):
                        return taken
            except (TransportError, Distrusted):
                continue
        self._vain[key] = time.monotonic() + RETRY_SECONDS
        return None

    def _take(
        self, gap: Gap, name: SegmentName, stop: Stop, public: bytes, find: FindKey | None
    ) -> tuple[list[Op], str] | None:
        """Return what a segment adds, None where it is not right: pulling has its own word on such files."""
        try:
            data = stop.transport.read(name.path, MAX_FILE)
            found = sealing.read(data, name, self._store.workspace, public, find)
            if found.link_at(gap.filled) != gap.tail:
                return None
            ops = decode_lines(gap.dev, gap.inc, name.first, found.body)
        except (SegmentError, StoreError):
            return None
        last = min(name.last, gap.floor)
        return ops[gap.filled + 1 - name.first : last + 1 - name.first], found.link_at(last)

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
