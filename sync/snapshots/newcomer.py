"""A home without ops takes over a snapshot, where the place has one by a device that is trusted, instead of every op.

What the snapshot says of each stream must not contradict the heads; the segments that follow prove the rest, and all
that was replaced before it is fetched later (`sync.snapshots.backfill`). What is not right is kept aside, and the ops
are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import sparse
from store.errors import StoreError
from store.heads import WHOLE_KINDS
from store.memory import memory_store
from store.oplog import StreamTable, append
from store.places import Place, bulk, pins, quarantine, quarantined
from store.wire import decode_lines
from sync import names, segment
from sync.places.transport import TransportError
from sync.pull import Puller, Run
from sync.segment import SegmentError, SegmentWaiting, SegmentWrong
from sync.snapshots import snapshot
from sync.trust.acquaintance import Acquaintance, Distrusted
from sync.trust.standing import Trust, decides_on_trust, read_trust, root_device

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from store.database import Store
    from store.sparse import Block, Source
    from sync.encryption.keyring import Keyring
    from sync.names import HeadName, SegmentName, SnapshotName
    from sync.places.transport import Transport
    from sync.report import Progress
    from sync.segment import Segment
    from sync.snapshots.snapshot import Snapshot

    Key = tuple[str, str]

TRIES = 4  # snapshots looked at: after that the ops are read
LOADED = "snapshot"  # in `meta`: the snapshot that this home began with, as "place path"
FALSE = "false-snapshot"  # why one was taken back: the segments do not bear it out
_DECIDING = tuple(f'"kind":"{kind}"'.encode() for kind in WHOLE_KINDS)


def is_newcomer(store: Store) -> bool:
    """Return whether a home has no op yet, private ones included."""
    return store.conn.execute("SELECT 1 FROM op LIMIT 1").fetchone() is None


def welcome(
    store: Store,
    place: Place,
    transport: Transport,
    ring: Keyring | None,
    heads: Sequence[HeadName],
    tell: Progress,
    cancelled: Callable[[], bool],
) -> int:
    """Load the newest snapshot that is whole, right and by a trusted device; returns for how many ops it stands.

    0 where there is none, or where this home has ops already. Raises StoreError for troubles of this machine.
    """
    if not heads or not is_newcomer(store):
        return 0
    try:
        listed = transport.list(names.SNAPSHOTS).files
    except TransportError:
        return 0
    false = {file.name for file in quarantined(store) if file.reason == FALSE}
    parsed = (names.parse_snapshot(name) for name in listed)
    found = [name for name in parsed if name is not None and name.path not in false]
    host = _Host(store, place, transport, ring, heads, tell, cancelled)
    for name in sorted(found, key=lambda name: (-name.ops, name))[:TRIES]:
        if cancelled():
            break
        if host.load(name):
            return name.ops
    return 0


class _Host:
    """Looks at one place's snapshots for one newcomer."""

    def __init__(
        self,
        store: Store,
        place: Place,
        transport: Transport,
        ring: Keyring | None,
        heads: Sequence[HeadName],
        tell: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        self._store = store
        self._place = place
        self._transport = transport
        self._ring = ring
        self._heads = heads
        self._tell = tell
        self._cancelled = cancelled
        self._trust: Trust | None = None

    def load(self, name: SnapshotName) -> bool:
        """Load a snapshot if it is right; one that is wrong is kept aside."""
        data = b""
        try:
            data = self._transport.read(name.path, snapshot.MAX_FILE)
            found = self._open(data, name)
            sources, blocks = snapshot.read(found)
            self._compare(sources)
            with bulk(self._store):
                count = sparse.load(self._store, sources, self._watched(blocks, name.ops))
        except (SegmentWrong, StoreError) as error:
            reason = error.reason if isinstance(error, SegmentWrong) else error.code
            if isinstance(error, StoreError) and error.code != "bad-op":
                raise
            quarantine(self._store, self._place.n, name.path, reason, data)
            return False
        except (SegmentError, TransportError, Distrusted):
            return False  # not whole yet, newer, out of reach, or by somebody unknown: the ops will do
        if count:
            self._store.set_meta(LOADED, f"{self._place.n} {name.path}")
        return bool(count)

    def _open(self, data: bytes, name: SnapshotName) -> Snapshot:
        """Return the snapshot in a file, proven to be by a device that is trusted."""
        public = self._key(snapshot.author_of(data, name))
        find = None if self._ring is None else self._ring.key
        return snapshot.open_file(data, name, self._store.workspace, public, find)

    def _key(self, author: Key) -> bytes:
        """Return the key of the device that made a snapshot. Raises Distrusted where it is not trusted.

        The workspace's first device is; of others the streams tell, as far as they decide on devices.
        """
        dev = author[0]
        if dev != root_device(self._store):
            trust = self._scout()
            if not trust.is_trusted(dev):
                raise Distrusted("unapproved")
            if trust.key(dev):
                return bytes.fromhex(trust.key(dev))
        folder = names.stream_folder(*author)
        identities = [entry for entry in self._transport.list(folder).files if names.is_identity(entry)]
        acquaintance = Acquaintance(self._store, self._place, self._transport)
        return acquaintance.key_of(author, identities, new=True)

    def _scout(self) -> Trust:
        if self._trust is None:
            scout = Scout(self._store, self._place, self._transport, ring=self._ring)
            scout.run(self._heads, self._cancelled, lambda done, total: None)
            self._trust = scout.close()
        return self._trust

    def _watched(self, blocks: Iterable[Block], total: int) -> Iterator[Block]:
        """Pass blocks on, telling how far it is: the whole is what the snapshot stands for, and soon reached."""
        done = 0
        for block in blocks:
            if self._cancelled():
                raise SegmentWaiting("cancelled")
            done += len(block.lines)
            self._tell("pull", done, total)
            yield block

    def _compare(self, sources: Iterable[Source]) -> None:
        """Raise where a head that its device signed says of a stream's op what the snapshot does not."""
        links: dict[tuple[str, str, int], list[HeadName]] = {}
        for head in self._heads:
            links.setdefault(head[:3], []).append(head)
        for source in sources:
            for head in links.get((source.dev, source.inc, source.seq), ()):
                if not source.link.startswith(head.hash32) and self._is_proven(head):
                    raise SegmentWrong("vector", f"{source.dev}.{source.inc}")

    def _is_proven(self, head: HeadName) -> bool:
        """Return whether a head is its device's, whom this home may meet here for the first time."""
        key = (head.dev, head.inc)
        acquaintance = Acquaintance(self._store, self._place, self._transport)
        try:
            listed = self._transport.list(names.stream_folder(*key)).files
            acquaintance.key_of(key, [name for name in listed if names.is_identity(name)], new=True)
        except (Distrusted, TransportError):
            return False
        return not acquaintance.is_forged(head)


class Scout(Puller):
    """Reads what the streams of a place decide about devices and nothing else, into a store that is thrown away."""

    def __init__(self, store: Store, place: Place, transport: Transport, ring: Keyring | None = None) -> None:
        self._scratch = memory_store(store)
        with self._scratch.transaction() as conn:
            for dev, known in pins(store).items():
                conn.execute("INSERT INTO pin VALUES (?,?,?,?)", (dev, *known))
        super().__init__(self._scratch, place, transport, ring=ring)

    def close(self) -> Trust:
        """Return how every device stands by what was read."""
        trust = read_trust(self._scratch)
        self._scratch.close()
        return trust

    def _runs(
        self, key: Key, name: SegmentName, found: Segment, cursor: int, tail: str, target: int
    ) -> list[Run]:
        first, last = cursor + 1 - name.first, min(target + 1 - name.first, len(found.lines))
        lines = found.lines[first:last]
        wanted = [
            (cursor + 1 + index, line)
            for index, line in enumerate(lines)
            if index + 1 == len(lines) or any(part in line for part in _DECIDING)
        ]
        try:
            ops = [op for seq, line in wanted for op in decode_lines(*key, seq, line)]
        except StoreError as error:
            raise self.reader.refuse(name, error.code, b"") from error
        whole = last == len(found.lines)
        tail = found.header.tail if whole else segment.chain(found.header.stream, tail, lines)
        return [Run(key, name, ops, tail, decides_on_trust(found.body))]

    def _settle_alarms(self, passed_over: Collection[Key], cancelled: Callable[[], bool]) -> None:
        """Leave forks alone: what is read here is not the whole of any history."""

    def _merge(self, runs: list[Run]) -> None:
        with self._scratch.transaction() as conn:
            table = StreamTable(conn)
            ops = [op for run in runs for op in run.ops if op.kind in WHOLE_KINDS]
            if ops:
                append(conn, table, ops)
            for run in runs:
                number = table.number(*run.key)
                conn.execute(
                    "UPDATE stream SET seq = ?, tail = ? WHERE n = ?", (run.ops[-1].seq, run.tail, number)
                )
        self.count += len(runs)
