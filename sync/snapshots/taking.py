"""Taking snapshots: when the share has grown enough since the newest one, some device writes the next.

Nobody says which: each waits for a little more growth than the one before it, by an order that changes from snapshot
to snapshot, and the workspace's first device goes ahead, since newcomers know it best. A device keeps one of its own.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING

from store.gaps import is_whole
from store.heads import collect, standings
from store.places import pushed, quarantined, release
from sync import names
from sync.links import link_from_log
from sync.places.transport import TransportError
from sync.report import Taken
from sync.segment import SegmentWrong, StreamId
from sync.snapshots import snapshot
from sync.trust.standing import read_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.database import Store
    from store.heads import Kept, Standing
    from sync.encryption.keyring import Keyring
    from sync.names import SnapshotName
    from sync.relay import Stop
    from sync.trust.keys import Keys

LEAST = 20_000  # ops after the newest snapshot before another is worth its bytes
SHARE = 4  # and a quarter of what that one stands for
_KNOWN = "snapshots"  # in `meta`: the ops of the newest snapshot by place, so that it need not be looked for


class _Stopped(Exception):
    pass


class Photographer:
    """Takes one home's snapshots. Lives as long as the engine."""

    def __init__(self, store: Store, program: str) -> None:
        self._store = store
        self._program = program

    def run(
        self,
        stop: Stop,
        keys: Callable[[], Keys],
        ring: Keyring | None,
        cancelled: Callable[[], bool],
        *,
        asked: bool = False,
    ) -> Taken | None:
        """Write a snapshot to a place if one is due or was `asked` for; returns None where none was due."""
        if not stop.writable:
            return None
        found = standings(self._store.conn)
        total = sum(stream.seq for stream in found)
        if not total or (not asked and not self._is_due(total, self._known(stop))):
            return None
        try:
            listed = stop.transport.list(names.SNAPSHOTS).files
            there = [name for name in map(names.parse_snapshot, listed) if name is not None]
            newest = max((name.ops for name in there), default=0)
            self._note(stop, newest)
            self._forget_gone(stop, listed)
            if not asked and not self._is_due(total, newest):
                return None
            why = self._hindrance(stop)
            if why:
                return Taken(stop.place, why=why)
            return self._take(stop, there, keys(), ring, cancelled)
        except SegmentWrong as error:
            return Taken(stop.place, why=error.reason)
        except TransportError as error:
            return Taken(stop.place, why=error.code)
        except _Stopped:
            return None

    def _is_due(self, total: int, newest: int) -> bool:
        tail = total - newest
        if tail < LEAST:
            return False
        return tail >= max(LEAST, newest // SHARE) * (1 + self._patience(newest))

    def _patience(self, newest: int) -> float:
        """Return how much longer than others this device waits, from 0 to 1; another each time."""
        trust = read_trust(self._store)
        if trust.root == self._store.device:
            return 0.0
        digest = blake2b(f"{self._store.device} {newest}".encode(), digest_size=2).digest()
        return 0.25 + 0.75 * int.from_bytes(digest, "big") / 0xFFFF

    def _hindrance(self, stop: Stop) -> str:
        """Return why this home cannot take a snapshot that others could begin with, or ""."""
        conn = self._store.conn
        if not is_whole(conn):
            return "older-history"
        if conn.execute("SELECT 1 FROM branch LIMIT 1").fetchone():
            return "forked"
        if not read_trust(self._store).is_trusted(self._store.device):
            return "untrusted"
        return ""

    def _take(
        self,
        stop: Stop,
        there: list[SnapshotName],
        keys: Keys,
        ring: Keyring | None,
        cancelled: Callable[[], bool],
    ) -> Taken:
        author = StreamId(self._store.workspace, self._store.device, self._store.incarnation)
        with self._reading():
            found = [self._linked(stream, stop) for stream in standings(self._store.conn)]
            if any(stream.tail == "" for stream in found):
                return Taken(stop.place, why="outbox")
            kept = _watched(collect(self._store.conn, found), cancelled)
            name, data = snapshot.encode(author, found, kept, keys=keys, program=self._program)
        if ring is not None:
            if ring.writing is None:
                return Taken(stop.place, why="no-key")
            name, data = snapshot.wrap(author, name, data, ring.writing.generation, keys)
        stop.transport.sweep(names.SNAPSHOTS)
        stop.transport.write(name.path, data)
        for old in there:
            if old.dev == author.dev and old != name:
                stop.transport.remove(old.path)
        self._note(stop, name.ops)
        return Taken(stop.place, name.ops, len(data))

    def _linked(self, stream: Standing, stop: Stop) -> Standing:
        """Return how far a stream is held with the link there, "" for an own stream that the place has not whole.

        Nobody may begin with ops that could be lost with this home: their numbers could be used again.
        """
        if not stream.mine:
            link = stream.tail or link_from_log(self._store, stream.dev, stream.inc, stream.seq)
            return stream._replace(tail=link)
        cursor = pushed(self._store, stop.place.n).get(stream.n)
        if cursor is not None and cursor.seq == stream.seq:
            return stream._replace(tail=cursor.tail)
        link = link_from_log(self._store, stream.dev, stream.inc, stream.seq)
        shown = any(
            (head.dev, head.inc) == (stream.dev, stream.inc) and head.seq >= stream.seq for head in stop.heads
        )
        return stream._replace(tail=link if shown else "")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """See one moment of the database for as long as it takes; others write on meanwhile."""
        self._store.conn.execute("BEGIN")
        try:
            yield
        finally:
            self._store.conn.execute("ROLLBACK")

    def _forget_gone(self, stop: Stop, listed: list[str]) -> None:
        """Let refused snapshots be forgotten that are not there any more."""
        there = {f"{names.SNAPSHOTS}/{name}" for name in listed}
        for file in quarantined(self._store):
            if file.place == stop.place.n and file.name not in there and names.snapshot_at(file.name):
                release(self._store, file.place, file.name)

    def _known(self, stop: Stop) -> int:
        found = json.loads(self._store.meta(_KNOWN, "{}"))
        return int(found.get(str(stop.place.n), 0))

    def _note(self, stop: Stop, ops: int) -> None:
        found = json.loads(self._store.meta(_KNOWN, "{}"))
        if found.get(str(stop.place.n)) != ops:
            found[str(stop.place.n)] = ops
            self._store.set_meta(_KNOWN, json.dumps(found))


def _watched(kept: Iterator[list[Kept]], cancelled: Callable[[], bool]) -> Iterator[list[Kept]]:
    for group in kept:
        if cancelled():
            raise _Stopped
        yield group
