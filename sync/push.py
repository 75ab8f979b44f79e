"""Writing this device's ops to a place: segment, then head, then the cursor, each only after the one before is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.oplog import streams
from store.places import Place, Pushed, pushed, quarantine, set_pushed
from sync import names, sealing, segment
from sync.compaction import Compactor
from sync.links import lines_after, link_from_log
from sync.names import HeadName
from sync.segment import StreamId
from sync.statements import (
    MAX_STATEMENT,
    StatementError,
    check_head,
    head_line,
    identity_hash,
    identity_line,
)  # fmt: skip
from sync.transport import TransportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from store.database import Store, Stream
    from sync.keyring import Keyring
    from sync.keys import Keys
    from sync.names import SegmentName
    from sync.segment import Segment
    from sync.transport import Transport

# A segment is cut at whichever comes first; far below what readers refuse, large enough to compress well.
SEGMENT_RAW = 4 * 1024 * 1024
SEGMENT_OPS = 20_000


class Held(Exception):
    """Nothing is written, since this home's past and the share's disagree, or it has no key. `reason` says which.

    fork      the share holds other ops under sequence numbers this device used: its database was copied
    restored  the share holds ops of this device that its database lacks: an old backup was brought back
    no-key    the workspace is encrypted, and its key is not here
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pusher:
    """Brings one place up to date with this device's public streams. Lives as long as the engine."""

    def __init__(
        self,
        store: Store,
        place: Place,
        transport: Transport,
        program: str,
        keys: Keys,
        ring: Keyring | None = None,
    ) -> None:
        self._store = store
        self._place = place
        self._transport = transport
        self._program = program
        self._keys = keys
        self._ring = ring
        self._forged: set[str] = set()
        self._inspected: set[tuple[str, str]] = set()
        self._links: dict[tuple[str, str, int], str] = {}
        self._compactor = Compactor(
            store, transport, write=self._write_joined, read=self._read_own, limit=SEGMENT_OPS, limit_raw=SEGMENT_RAW
        )  # fmt: skip
        self._tidied: set[tuple[str, str]] = set()
        self.count = 0

    def run(
        self, heads: Sequence[HeadName], cancelled: Callable[[], bool], tell: Callable[[int], None]
    ) -> None:
        """Write what the place lacks; `count` says how many ops, also when it ends with an error.

        `heads` are those the place lists now. Raises Held, TransportError.
        """
        self.count = 0
        cursors = pushed(self._store, self._place.n)
        for stream in streams(self._store).values():
            if stream.mine and stream.seq:
                own = [
                    head
                    for head in heads
                    if (head.dev, head.inc) == (stream.dev, stream.inc) and head.path not in self._forged
                ]
                cursor = self._agree(stream, cursors.get(stream.n, Pushed(0, "")), own)
                stale = [head for head in own if head.seq < cursor.seq]
                while stream.seq > cursor.seq and not cancelled():
                    before, cursor = cursor, self._push_segment(stream, cursor)
                    if before.seq:
                        stale.append(_head(stream, before))
                    self.count += cursor.seq - before.seq
                    tell(self.count)
                for head in stale:
                    self._transport.remove(head.path)
        if not cancelled():
            self._compact(cancelled)

    def _compact(self, cancelled: Callable[[], bool]) -> None:
        """Join the small segments of the stream that is written now, where something was added or a crash left some."""
        key = (self._store.device, self._store.incarnation)
        stream = streams(self._store).get(key)
        cursor = None if stream is None else pushed(self._store, self._place.n).get(stream.n)
        if stream is None or cursor is None or (not self.count and key in self._tidied):
            return
        self._tidied.add(key)
        try:
            self._compactor.run(stream, cursor, cancelled)
        except TransportError:
            pass  # everything is sent; what could not be joined now is joined after a later push

    def _agree(self, stream: Stream, cursor: Pushed, own: list[HeadName]) -> Pushed:
        """Return how far the place really has this stream, after checking that what it has is ours."""
        furthest = cursor
        for head in list(own):
            beyond = head.seq > stream.seq
            link = cursor.tail if head.seq == cursor.seq or beyond else self._link(stream, head.seq)
            if (beyond or not link.startswith(head.hash8)) and self._is_forged(head):
                own.remove(head)
                continue
            if beyond:
                raise Held("restored")
            if not link.startswith(head.hash8):
                raise Held("fork")
            if head.seq > furthest.seq:  # written just before a crash, or by a process that lost its cursor
                furthest = Pushed(head.seq, link)
        shown = any(head.seq == furthest.seq for head in own)
        if furthest.seq and (not shown or (stream.dev, stream.inc) not in self._inspected):
            covered = self._inspect(stream)
            if covered < furthest.seq:  # somebody cleaned up: what is gone is written again
                furthest = Pushed(covered, self._link(stream, covered))
            elif not shown:
                self._write_head(stream, furthest)
        if furthest != cursor:
            set_pushed(self._store, self._place.n, stream.n, furthest)
        return furthest

    def _is_forged(self, head: HeadName) -> bool:
        """Return whether a head in this device's name is somebody else's doing; it is kept aside then."""
        try:
            data = self._transport.read(head.path, MAX_STATEMENT)
        except TransportError as error:
            if error.code not in ("irregular", "too-large"):
                return False
            data, reason = b"", error.code
        else:
            try:
                check_head(data, head, self._store.workspace, self._keys.public)
            except StatementError as error:
                if error.late:
                    return False
                reason = error.reason
            else:
                return False
        quarantine(self._store, self._place.n, head.path, reason, data)
        self._forged.add(head.path)
        return True

    def _inspect(self, stream: Stream) -> int:
        """Return how many ops of a stream its segments in the place hold without a gap; sweep what a crash left."""
        folder = names.stream_folder(stream.dev, stream.inc)
        self._transport.sweep(folder)
        self._transport.sweep(names.HEADS)
        self._inspected.add((stream.dev, stream.inc))
        listed = self._transport.list(folder).files
        if not any(names.is_identity(name) for name in listed):
            self._write_identity(stream)  # without it nobody can tell whose the segments are
        parsed = (names.parse_segment(stream.dev, stream.inc, name) for name in listed)
        found = [name for name in parsed if name is not None]
        self._compactor.learn((stream.dev, stream.inc), found)
        covered = 0
        for first, last in sorted((name.first, name.last) for name in found):
            if first <= covered + 1:
                covered = max(covered, last)
        return covered

    def _push_segment(self, stream: Stream, cursor: Pushed) -> Pushed:
        lines = _cut(lines_after(self._store, stream.dev, stream.inc, cursor.seq))
        origin = StreamId(self._store.workspace, stream.dev, stream.inc)
        name, header, data = self._encode(origin, cursor.seq + 1, cursor.tail, lines)
        if not cursor.seq:
            self._write_identity(stream)
        self._transport.write(name.path, data)
        self._compactor.add(name)
        cursor = Pushed(header.last, header.tail)
        self._write_head(stream, cursor)
        set_pushed(self._store, self._place.n, stream.n, cursor)
        self._links[stream.dev, stream.inc, cursor.seq] = cursor.tail
        return cursor

    def _encode(
        self, origin: StreamId, first: int, prev: str, lines: Sequence[bytes]
    ) -> tuple[SegmentName, segment.Header, bytes]:
        name, header, data = segment.encode(
            origin, first, prev, lines, keys=self._keys, program=self._program
        )
        if self._ring is not None:
            if self._ring.writing is None:
                raise Held("no-key")
            name, data = sealing.wrap(name, origin.ws, data, self._ring.writing.generation, self._keys)
        return name, header, data

    def _write_joined(self, origin: StreamId, first: int, prev: str, lines: Sequence[bytes]) -> SegmentName:
        name, _, data = self._encode(origin, first, prev, lines)
        self._transport.write(name.path, data)
        return name

    def _read_own(self, data: bytes, name: SegmentName) -> Segment:
        find = None if self._ring is None else self._ring.key
        return sealing.read(data, name, self._store.workspace, self._keys.public, find)

    def _write_head(self, stream: Stream, cursor: Pushed) -> None:
        origin = StreamId(self._store.workspace, stream.dev, stream.inc)
        # Where ops are encrypted, a whole link would let somebody try what he thinks they say.
        tail = cursor.tail if self._ring is None else cursor.tail[:8]
        self._transport.write(_head(stream, cursor).path, head_line(origin, cursor.seq, tail, self._keys))

    def _write_identity(self, stream: Stream) -> None:
        origin = StreamId(self._store.workspace, stream.dev, stream.inc)
        seal = "" if self._ring is None else self._ring.seal.recipient
        data = identity_line(
            origin, member=self._store.member, program=self._program, seal=seal, keys=self._keys
        )
        self._transport.write(names.identity_path(stream.dev, stream.inc, identity_hash(data)), data)

    def _link(self, stream: Stream, seq: int) -> str:
        """Return the link after own op `seq`, computed once: links of the past do not change."""
        key = (stream.dev, stream.inc, seq)
        if key not in self._links:
            self._links[key] = link_from_log(self._store, *key)
        return self._links[key]


def _cut(lines: Iterable[bytes]) -> list[bytes]:
    """Return as many lines as make one segment, at least one."""
    taken: list[bytes] = []
    size = 0
    for line in lines:
        if taken and (len(taken) == SEGMENT_OPS or size + len(line) > SEGMENT_RAW):
            break
        taken.append(line)
        size += len(line) + 1
    return taken


def _head(stream: Stream, cursor: Pushed) -> HeadName:
    return HeadName(stream.dev, stream.inc, cursor.seq, cursor.tail[:8])
