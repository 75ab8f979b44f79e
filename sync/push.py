"""Writing this device's ops to a place: segment, then head, then the cursor, each only after the one before is safe."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from store.oplog import streams
from store.places import Place, Pushed, pushed, set_pushed
from sync import names, segment
from sync.links import lines_after, link_from_log
from sync.names import HeadName
from sync.segment import StreamId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from store.database import Store, Stream
    from sync.transport import Transport

# A segment is cut at whichever comes first; far below what readers refuse, large enough to compress well.
SEGMENT_RAW = 4 * 1024 * 1024
SEGMENT_OPS = 20_000


class Held(Exception):
    """This home's past and the share's disagree, so nothing is written. `reason` is "fork" or "restored".

    fork      the share holds other ops under sequence numbers this device used: its database was copied
    restored  the share holds ops of this device that its database lacks: an old backup was brought back
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pusher:
    """Brings one place up to date with this device's public streams. Lives as long as the engine."""

    def __init__(self, store: Store, place: Place, transport: Transport, program: str) -> None:
        self._store = store
        self._place = place
        self._transport = transport
        self._program = program
        self._inspected: set[tuple[str, str]] = set()
        self._links: dict[tuple[str, str, int], str] = {}
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
                own = [head for head in heads if (head.dev, head.inc) == (stream.dev, stream.inc)]
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

    def _agree(self, stream: Stream, cursor: Pushed, own: list[HeadName]) -> Pushed:
        """Return how far the place really has this stream, after checking that what it has is ours."""
        furthest = cursor
        for head in own:
            if head.seq > stream.seq:
                raise Held("restored")
            link = cursor.tail if head.seq == cursor.seq else self._link(stream, head.seq)
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

    def _inspect(self, stream: Stream) -> int:
        """Return how many ops of a stream its segments in the place hold without a gap; sweep what a crash left."""
        folder = names.stream_folder(stream.dev, stream.inc)
        self._transport.sweep(folder)
        self._transport.sweep(names.HEADS)
        self._inspected.add((stream.dev, stream.inc))
        found = (
            names.parse_segment(stream.dev, stream.inc, name) for name in self._transport.list(folder).files
        )
        covered = 0
        for first, last in sorted((name.first, name.last) for name in found if name is not None):
            if first <= covered + 1:
                covered = max(covered, last)
        return covered

    def _push_segment(self, stream: Stream, cursor: Pushed) -> Pushed:
        lines = _cut(lines_after(self._store, stream.dev, stream.inc, cursor.seq))
        origin = StreamId(self._store.workspace, stream.dev, stream.inc)
        name, header, data = segment.encode(origin, cursor.seq + 1, cursor.tail, lines, program=self._program)
        if not cursor.seq:
            self._write_identity(stream)
        self._transport.write(name.path, data)
        cursor = Pushed(header.last, header.tail)
        self._write_head(stream, cursor)
        set_pushed(self._store, self._place.n, stream.n, cursor)
        self._links[stream.dev, stream.inc, cursor.seq] = cursor.tail
        return cursor

    def _write_head(self, stream: Stream, cursor: Pushed) -> None:
        fields = {
            "format": segment.FORMAT, "ws": self._store.workspace, "dev": stream.dev, "inc": stream.inc,
            "seq": cursor.seq, "tail": cursor.tail, "sig": "",
        }  # fmt: skip
        self._transport.write(_head(stream, cursor).path, _json_line(fields))

    def _write_identity(self, stream: Stream) -> None:
        data = _json_line(
            {
                "format": segment.FORMAT, "ws": self._store.workspace, "dev": stream.dev, "inc": stream.inc,
                "member": self._store.member, "program": self._program, "key": "",
            }
        )  # fmt: skip
        self._transport.write(names.identity_path(stream.dev, stream.inc, sha256(data).hexdigest()[:8]), data)

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


def _json_line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode("ascii") + b"\n"
