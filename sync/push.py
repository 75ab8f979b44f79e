"""Writing this device's ops to a place: segment, then head, then the cursor, each only after the one before is safe."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from secrets import choice, token_hex
from typing import TYPE_CHECKING

from store.branches import trees
from store.oplog import streams
from store.places import Place, Pushed, pushed, set_pushed
from sync import names, segment
from sync.branches.vouching import Voucher, doubtful
from sync.compaction import Compactor
from sync.encryption import sealing
from sync.links import lines_after, link_from_log
from sync.names import HeadName
from sync.places.transport import TransportError
from sync.segment import MAX_FILE, SegmentError, StreamId
from sync.trust.statements import head_line, identity_hash, identity_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from store.branches import Node, Tree
    from store.database import Store
    from sync.encryption.keyring import Keyring
    from sync.names import SegmentName
    from sync.places.transport import Transport
    from sync.segment import Segment
    from sync.trust.keys import Keys

# A segment is cut at whichever comes first; far below what readers refuse, large enough to compress well.
SEGMENT_RAW = 4 * 1024 * 1024
SEGMENT_OPS = 20_000


class Held(Exception):
    """Nothing is written for now; `reason` says why.

    fork      the share holds other ops under sequence numbers this home used, and not yet all that leads to them
    restored  the share holds ops of this home that it lacks, and not yet all that leads to them
    no-key    the workspace is encrypted, and its key is not here
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pusher:
    """Brings one place up to date with this device's public streams, those of former incarnations included.

    Lives as long as the engine.
    """

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
        self._inspected: set[tuple[str, str]] = set()
        self._own: set[SegmentName] = set()  # segments that this process wrote, or found to be this device's
        self._links: dict[tuple[str, str, int], str] = {}
        self._compactor = Compactor(
            store, transport, write=self._write_joined, read=self._read_own, limit=SEGMENT_OPS, limit_raw=SEGMENT_RAW
        )  # fmt: skip
        self._voucher = Voucher(store, place, transport, read=self._read_own, write=self._write_head)
        self._tidied: set[tuple[str, str]] = set()
        self.count = 0

    def vouch(self, heads: Sequence[HeadName]) -> list[HeadName]:
        """Write the heads of own segments that a crash left without one, and return them.

        `heads` are those the place lists now. Raises TransportError.
        """
        return self._voucher.run(heads)

    def run(
        self, heads: Sequence[HeadName], cancelled: Callable[[], bool], tell: Callable[[int], None]
    ) -> None:
        """Write what the place lacks; `count` says how many ops, also when it ends with an error.

        `heads` are those the place lists now. Raises Held, TransportError.
        """
        self.count = 0
        cursors = pushed(self._store, self._place.n)
        for tree in trees(self._store.conn, " AND s.mine = 1").values():
            for node in tree.nodes.values():
                if node.seq:
                    self._bring(tree, node, cursors.get(node.n, Pushed(0, "")), heads, cancelled, tell)
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

    def _bring(
        self,
        tree: Tree,
        node: Node,
        cursor: Pushed,
        heads: Sequence[HeadName],
        cancelled: Callable[[], bool],
        tell: Callable[[int], None],
    ) -> None:
        """Write what the place lacks of one stream."""
        told = [head for head in heads if (head.dev, head.inc) == (node.dev, node.raw)]
        ours = [head for head in told if self._is_of(node, cursor, head)]
        cursor = self._agree(tree, node, cursor, ours, told)
        stale = [head for head in ours if head.seq < node.base + cursor.seq]
        while node.seq > cursor.seq and not cancelled():
            before, cursor = cursor, self._push_segment(node, cursor)
            if before.seq:
                stale.append(_head(node, before))
            self.count += cursor.seq - before.seq
            tell(self.count)
        for head in stale:
            self._transport.remove(head.path)

    def _is_of(self, node: Node, cursor: Pushed, head: HeadName) -> bool:
        """Return whether a head speaks of an op of this stream: others may be of branches, or a stranger's."""
        if not node.base < head.seq <= node.end:
            return False
        seq = head.seq - node.base
        link = cursor.tail if seq == cursor.seq else self._link(node, seq)
        return link.startswith(head.hash32)

    def _agree(
        self, tree: Tree, node: Node, cursor: Pushed, ours: list[HeadName], told: list[HeadName]
    ) -> Pushed:
        """Return how far the place really has this stream.

        `ours` are the heads that speak of it, `told` all under its name. A stream that this home has closed may go on
        elsewhere, and one that forked goes on in its branches: a place that is further needs no head of what is before.
        """
        furthest = cursor
        for head in ours:  # written just before a crash, or by a process that lost its cursor
            if head.seq - node.base > furthest.seq:
                furthest = Pushed(head.seq - node.base, self._link(node, head.seq - node.base))
        beyond = node.inc != self._store.incarnation and any(
            head.seq > node.end and self._goes_on(tree, node, head) for head in told
        )
        shown = beyond or any(head.seq == node.base + furthest.seq for head in ours)
        if (furthest.seq or beyond) and (not shown or (node.dev, node.inc) not in self._inspected):
            # Ranges do not tell branches apart: where one has no head, all of it is written again.
            covered = self._inspect(node) if shown or not tree.is_forked else 0
            if covered < furthest.seq or beyond:  # somebody cleaned up: what is gone is written again
                covered = min(covered, node.seq)
                furthest = Pushed(covered, self._link(node, covered))
            elif not shown:
                self._write_head(_head(node, furthest), furthest.tail)
        if furthest != cursor:
            set_pushed(self._store, self._place.n, node.n, furthest)
        return furthest

    def _goes_on(self, tree: Tree, node: Node, head: HeadName) -> bool:
        """Return whether a head further on is, as far as is known here, of what follows a stream."""
        if not tree.is_forked:
            return True
        return any(self._is_of(after, Pushed(0, ""), head) for after in tree.below(node) if after is not node)

    def _inspect(self, node: Node) -> int:
        """Return how many ops of a stream its segments in the place hold without a gap; sweep what a crash left."""
        folder = names.stream_folder(node.dev, node.raw)
        self._transport.sweep(folder)
        self._transport.sweep(names.HEADS)
        self._inspected.add((node.dev, node.inc))
        listed = self._voucher.listed.pop((node.dev, node.raw), None)
        if listed is None:
            listed = self._transport.list(folder).files
        if not any(names.is_identity(name) for name in listed):
            self._write_identity(node)  # without it nobody can tell whose the segments are
        parsed = (names.parse_segment(node.dev, node.raw, name) for name in listed)
        found = [name for name in parsed if name is not None]
        if not node.parent:
            self._compactor.learn((node.dev, node.inc), found)
        return self._covered(node, found) - node.base

    def _covered(self, node: Node, found: Iterable[SegmentName]) -> int:
        """Return up to which op of a stream there are segments without a gap that this device has written.

        Names alone tell nothing: anybody can put an empty file there. Where requests are counted, those that fit are
        believed but for one in turn, and those that do not are read.
        """
        covered = node.base
        waiting = deque(sorted(found))
        believed: set[SegmentName] = set()
        if self._transport.meter is not None and waiting:
            believed = set(waiting) - {choice(waiting), *doubtful(list(waiting), node.end, forked=False)}
        # Those first that end no further than the stream, the longest first.
        holding: list[tuple[bool, int, SegmentName]] = []
        while True:
            while waiting and waiting[0].first <= covered + 1:
                name = waiting.popleft()
                heappush(holding, (name.last > node.end, -name.last, name))
            if not holding:
                return covered
            _, _, name = heappop(holding)
            if name.last > covered and (name in believed or self._is_own(name)):
                covered = name.last

    def _is_own(self, name: SegmentName) -> bool:
        """Return whether a segment is this device's, as far as its place lets itself be read."""
        if name not in self._own:
            try:
                data = self._transport.read(name.path, MAX_FILE)
                sealing.prove(
                    data, name, self._store.workspace, self._keys.public, sealed=self._ring is not None
                )
            except SegmentError:
                return False
            except TransportError as error:
                if error.code in ("missing", "irregular", "too-large", "denied"):
                    return False
                raise
            self._own.add(name)
        return True

    def _push_segment(self, node: Node, cursor: Pushed) -> Pushed:
        lines = _cut(lines_after(self._store, node.dev, node.inc, cursor.seq))
        origin = StreamId(self._store.workspace, node.dev, node.raw)
        first = node.base + cursor.seq + 1
        name, header, data = self._encode(origin, first, cursor.tail or self._link(node, 0), lines)
        if first == 1:
            self._write_identity(node)
        try:
            self._transport.write(name.path, data)
        except TransportError as error:
            if error.code != "taken":
                raise
            # What lies under the name was damaged, or put there when it was taken away: it stays.
            name, header, data = self._encode(
                origin, first, cursor.tail or self._link(node, 0), lines, again=True
            )
            self._transport.write(name.path, data)
        self._own.add(name)
        if not node.parent:
            self._compactor.add(name)
        cursor = Pushed(header.last - node.base, header.tail)
        self._write_head(_head(node, cursor), cursor.tail)
        set_pushed(self._store, self._place.n, node.n, cursor)
        self._links[node.dev, node.inc, cursor.seq] = cursor.tail
        return cursor

    def _encode(
        self, origin: StreamId, first: int, prev: str, lines: Sequence[bytes], *, again: bool = False
    ) -> tuple[SegmentName, segment.Header, bytes]:
        """Return a segment to be written; `again` gives it another name than the same had before."""
        name, header, data = segment.encode(
            origin,
            first,
            prev,
            lines,
            keys=self._keys,
            program=self._program,
            extra={"again": token_hex(8)} if again else None,
        )
        if self._ring is not None:
            if self._ring.writing is None:
                raise Held("no-key")
            name, data = sealing.wrap(name, origin.ws, data, self._ring.writing.generation, self._keys)
        return name, header, data

    def _write_joined(self, origin: StreamId, first: int, prev: str, lines: Sequence[bytes]) -> SegmentName:
        name, _, data = self._encode(origin, first, prev, lines)
        self._transport.write(name.path, data)
        self._own.add(name)
        return name

    def _read_own(self, data: bytes, name: SegmentName) -> Segment:
        find = None if self._ring is None else self._ring.key
        return sealing.read(data, name, self._store.workspace, self._keys.public, find)

    def _write_head(self, head: HeadName, tail: str) -> None:
        origin = StreamId(self._store.workspace, head.dev, head.inc)
        # Where ops are encrypted, no more of a link than the name needs: it lets somebody try what he thinks they say.
        told = tail if self._ring is None else head.hash32
        self._transport.write(head.path, head_line(origin, head.seq, told, self._keys))

    def _write_identity(self, node: Node) -> None:
        origin = StreamId(self._store.workspace, node.dev, node.raw)
        seal = "" if self._ring is None else self._ring.seal.recipient
        data = identity_line(
            origin, member=self._store.member, program=self._program, seal=seal, keys=self._keys
        )
        self._transport.write(names.identity_path(node.dev, node.raw, identity_hash(data)), data)

    def _link(self, node: Node, seq: int) -> str:
        """Return the link after op `seq` of an own stream, computed once: links of the past do not change."""
        key = (node.dev, node.inc, seq)
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


def _head(node: Node, cursor: Pushed) -> HeadName:
    return HeadName.of(node.dev, node.raw, node.base + cursor.seq, cursor.tail)
