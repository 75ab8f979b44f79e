"""Small segments become large ones: what a device wrote edit by edit is joined, so that its stream stays a few files.

Only a stream's owner joins, after a push: the long file is written and read back before the short ones go. Whatever
stops it halfway leaves files that say the same thing twice, which readers do not mind and the next joining tidies.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sync import names
from sync.links import lines_after
from sync.places.transport import TransportError
from sync.segment import MAX_FILE, SegmentError, StreamId, chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from store.database import Store, Stream
    from store.places import Pushed
    from sync.names import SegmentName
    from sync.places.transport import Transport
    from sync.segment import Segment

    Key = tuple[str, str]

FAN = 8  # segments of one size that make one of the next


def plan(weights: Sequence[int], fan: int, limit: int) -> list[tuple[int, int]]:
    """Return which neighbours to join, as index ranges (start, end), so that files stay few and rewriting rare.

    A segment's tier is the power of `fan` its weight reaches. `fan` neighbours of a tier and below are joined once they
    reach the next one together; half as many do once a larger segment follows, after which they would wait for ever. So
    an op is rewritten at most twice a tier. Nothing grows past `limit`, and what weighs more than half of it is left
    alone.
    """
    groups = [(weight, index, index + 1) for index, weight in enumerate(weights)]
    tops = []
    top = fan
    while top * 2 <= limit * fan:
        tops.append(top)
        top *= fan
    level = 0
    while level < len(tops):
        joined = _join_run(groups, fan, tops[level], limit)
        level = 0 if joined else level + 1
    return [(start, end) for _, start, end in groups if end - start > 1]


def _join_run(groups: list[tuple[int, int, int]], fan: int, top: int, limit: int) -> bool:
    """Join the first run of groups lighter than `top` that is due, in place; returns whether there was one."""
    start = 0
    while start < len(groups):
        end, total = start, 0
        while end < len(groups) and groups[end][0] < top and groups[end][0] * 2 <= limit:
            total += groups[end][0]
            end += 1
        count = end - start
        if (
            (count >= fan and total >= top)
            or (count >= max(2, fan // 2) and end < len(groups))
            or (count > 1 and total * 2 > limit)
        ):
            while total > limit:
                end -= 1
                total -= groups[end][0]
            groups[start:end] = [(total, groups[start][1], groups[end - 1][2])]
            return True
        start = end + 1
    return False


class _Job(NamedTuple):
    """Ops `first` to `last` lie in `parts`, end to end; `doomed` lie inside them or become so once they are joined."""

    parts: list[SegmentName]
    doomed: list[SegmentName]

    @property
    def first(self) -> int:
        return self.parts[0].first

    @property
    def last(self) -> int:
        return self.parts[-1].last


class Compactor:
    """Keeps one place's copies of this device's streams to a few files each. Lives as long as the engine.

    `write` makes a segment of lines and brings it to the place, `read` opens one: both as pushing and pulling do it,
    signed and encrypted where the workspace is. `limit` is the weight of a full segment, in ops.
    """

    def __init__(
        self,
        store: Store,
        transport: Transport,
        *,
        write: Callable[[StreamId, int, str, list[bytes]], SegmentName],
        read: Callable[[bytes, SegmentName], Segment],
        limit: int,
        limit_raw: int,
    ) -> None:
        self._store = store
        self._transport = transport
        self._write = write
        self._open = read
        self._limit = limit
        self._limit_raw = limit_raw
        self._known: dict[Key, list[SegmentName]] = {}
        self._strange: set[str] = set()  # files that do not say what this device's log says
        self._weights: dict[tuple[Key, int, int], int] = {}

    def learn(self, key: Key, found: Sequence[SegmentName]) -> None:
        """Take note of what a listing of a stream's folder showed."""
        self._known[key] = list(found)

    def add(self, name: SegmentName) -> None:
        """Take note of a segment that was just written."""
        self._known.setdefault((name.dev, name.inc), []).append(name)

    def run(self, stream: Stream, cursor: Pushed, cancelled: Callable[[], bool]) -> None:
        """Join what is due of a stream that the place holds up to `cursor`.

        Whatever a place refuses or a crash cuts short is done by a later call. Raises TransportError.
        """
        key = (stream.dev, stream.inc)
        if not self._jobs(key, cursor.seq):
            return
        # Another process of this home may have joined meanwhile.
        listing = self._transport.list(names.stream_folder(*key)).files
        found = (names.parse_segment(*key, name) for name in listing)
        self.learn(key, [name for name in found if name is not None])
        end = anchor = (cursor.seq, cursor.tail)
        # Backwards: what one job has proven is where the one before it ends, unless a file carried there overlaps both.
        for job in reversed(self._jobs(key, cursor.seq)):
            if cancelled():
                return
            anchor = self._do(key, job, anchor if job.last <= anchor[0] else end) or anchor

    def _jobs(self, key: Key, last: int) -> list[_Job]:
        found = [
            name for name in self._known.get(key, ()) if name.last <= last and name.path not in self._strange
        ]
        tiles, spare = _tile(found)
        jobs = []
        for run in _unbroken(tiles):
            parts = dict(self._due(key, run))
            jobs += [_Job(run[start:end], run[start:end]) for start, end in parts.items()]
            joined = {index for start, end in parts.items() for index in range(start, end)}
            jobs += [_Job([name], []) for index, name in enumerate(run) if index not in joined]
        for job in jobs:
            job.doomed.extend(name for name in spare if job.first <= name.first and name.last <= job.last)
        return sorted((job for job in jobs if job.doomed), key=lambda job: job.first)

    def _due(self, key: Key, run: Sequence[SegmentName]) -> list[tuple[int, int]]:
        """Return what to join of segments that lie end to end, weighing only those that it depends on."""
        while True:
            due = plan([self._weight(key, name) for name in run], FAN, self._limit)
            unknown = [
                name for start, end in due for name in run[start:end] if not self._is_weighed(key, name)
            ]
            if not unknown:
                return due
            for name in unknown:
                self._weigh(key, name)

    def _weight(self, key: Key, name: SegmentName) -> int:
        return self._weights.get((key, name.first, name.last), name.last - name.first + 1)

    def _is_weighed(self, key: Key, name: SegmentName) -> bool:
        return (key, name.first, name.last) in self._weights

    def _weigh(self, key: Key, name: SegmentName) -> None:
        """Count a segment's ops, or its bytes as so many ops where its lines are long: both limits are one then."""
        count = name.last - name.first + 1
        lines = islice(lines_after(self._store, *key, name.first - 1), count)
        size = sum(len(line) + 1 for line in lines)
        self._weights[key, name.first, name.last] = max(count, -(-size * self._limit // self._limit_raw))

    def _do(self, key: Key, job: _Job, anchor: tuple[int, str]) -> tuple[int, str] | None:
        """Join or tidy one run of segments; returns where it begins and the link before it, None when nothing was done.

        A file goes only after it was read and found to hold this device's history, and only when a longer one, or one
        of the same ops whose hash is smaller, was read back: two homes that do this at once never remove both.
        """
        origin = StreamId(self._store.workspace, *key)
        read = {name: self._read(name) for name in {*job.parts, *job.doomed}}
        first = read[job.parts[0]]
        if first is None or any(read[name] is None for name in job.parts):
            return None
        links = self._links(origin, job.first, first.header.prev, anchor)
        if not links:
            self._strange.add(job.parts[0].path)
            return None
        ours = {
            name: segment.header.prev == links[name.first - 1] and segment.header.tail == links[name.last]
            for name, segment in read.items()
            if segment is not None
        }
        strangers = [name for name in job.parts if not ours[name]]
        self._strange.update(name.path for name in strangers)
        if strangers:
            return None
        if len(job.parts) > 1:
            lines = [line for name in job.parts for line in (read[name] or first).lines]
            self.add(self._write(origin, job.first, first.header.prev, lines))
        for name in job.doomed:
            if ours.get(name):
                self._transport.remove(name.path)
                self._known[key].remove(name)
        return job.first - 1, first.header.prev

    def _links(self, origin: StreamId, first: int, prev: str, anchor: tuple[int, str]) -> dict[int, str]:
        """Return the links from the one before op `first` to the anchor, by op; empty where they do not lead there."""
        seq, tail = anchor
        links = {first - 1: prev}
        at = prev
        lines = lines_after(self._store, origin.dev, origin.inc, first - 1)
        for number, line in enumerate(islice(lines, seq - first + 1), first):
            links[number] = at = chain(origin, at, (line,))
        return links if links.get(seq) == tail else {}

    def _read(self, name: SegmentName) -> Segment | None:
        """Return one's own segment, or None where it is gone or is not what its name says."""
        try:
            return self._open(self._transport.read(name.path, MAX_FILE), name)
        except SegmentError:
            self._strange.add(name.path)
        except TransportError as error:
            if error.code not in ("missing", "irregular", "too-large"):
                raise
            self._strange.add(name.path)
        return None


def _tile(found: Sequence[SegmentName]) -> tuple[list[SegmentName], list[SegmentName]]:
    """Return the segments that hold a stream end to end, the longest first, and those that repeat what these hold."""
    tiles: list[SegmentName] = []
    spare: list[SegmentName] = []
    for name in sorted(found, key=lambda name: (name.first, -name.last, name.hash16)):
        if tiles and name.last <= tiles[-1].last:
            spare.append(name)
        else:
            tiles.append(name)
    return tiles, spare


def _unbroken(tiles: Sequence[SegmentName]) -> Iterator[list[SegmentName]]:
    """Yield the runs of segments of which each begins where the one before it ends."""
    run: list[SegmentName] = []
    for name in tiles:
        if run and name.first != run[-1].last + 1:
            yield run
            run = []
        run.append(name)
    if run:
        yield run
