"""Carrying other devices' files, verbatim, from the places that have them to the places that lack them.

Teammates need not share a place with everybody, only be joined by someone who shares one with each. What is carried is
what this home has itself verified and merged, byte for byte as its owner wrote it, so a reader checks it as if the
owner had put it there. Heads tell what is lacking: where they do not differ, nothing is listed, read or written.
"""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from store.gaps import gaps
from store.oplog import streams
from store.places import pins
from sync import names, sealing
from sync.keyfiles import MAX_KEY_FILE, read_key_file
from sync.links import lines_after, link_from_log
from sync.segment import MAX_FILE, SegmentError, StreamId
from sync.statements import MAX_STATEMENT, StatementError, check_head, read_identity
from sync.transport import TransportError
from sync.trust import read_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from store.database import Store, Stream
    from store.places import Place
    from sync.names import HeadName, SegmentName
    from sync.sealing import FindKey
    from sync.segment import Segment
    from sync.transport import Transport

    Key = tuple[str, str]

# Until what was tried in vain is tried again though no head has changed: a source that failed, one that has nothing.
SOON_SECONDS = 30.0
LATER_SECONDS = 600.0
MAX_IDENTITIES = 16  # carried of one stream: it needs one


class Stop(NamedTuple):
    """A place that can be used now, its heads as they were listed last, and whether this device may write there."""

    place: Place
    transport: Transport
    heads: list[HeadName]
    writable: bool


class _Unfit(Exception):
    """A source has no file here that is right; `passing` when only because it cannot be read just now."""

    def __init__(self, *, passing: bool = False) -> None:
        super().__init__()
        self.passing = passing


class _Load(NamedTuple):
    """A verified segment on its way, and its bytes."""

    name: SegmentName
    data: bytes
    found: Segment


class _Trip(NamedTuple):
    """One stream's way from a source to a place: from the op after the place's head to the source's head."""

    stream: Stream
    public: bytes
    source: Transport
    listed: Sequence[str]
    there: HeadName | None
    head: HeadName

    @property
    def key(self) -> Key:
        """Return which stream it is."""
        return self.stream.dev, self.stream.inc

    @property
    def after(self) -> int:
        """Return the op after which the place lacks all."""
        return self.there.seq if self.there is not None else 0


class Relay:
    """Brings places up to date with other devices' streams. Lives as long as the engine."""

    def __init__(self, store: Store, find: FindKey | None) -> None:
        self._store = store
        self._find = find
        self._links: dict[tuple[Key, int], str] = {}
        self._vain: dict[tuple[int, Key], tuple[float, object]] = {}

    def run(self, stops: Sequence[Stop], cancelled: Callable[[], bool]) -> dict[int, tuple[int, str]]:
        """Carry what is lacking; returns how many files each place got, by its number, and why not more of them.

        The reason is "" or the place's TransportError code. Places that may not be written only give.
        """
        done: dict[int, tuple[int, str]] = {}
        if len(stops) < 2:
            return done
        # Streams whose files cannot be compared with the log yet.
        older = {gap.stream for gap in gaps(self._store.conn)}
        foreign = {
            key: stream
            for key, stream in streams(self._store).items()
            if stream.seq and not stream.mine and not stream.private and stream.n not in older
        }
        for target in stops:
            if not target.writable or cancelled():
                continue
            lacking = list(self._lacking(target, stops, foreign))
            if not lacking:
                continue
            van = _Van(self._store, target, self._find, self._links, cancelled)
            reason = ""
            try:
                van.bring_keys([source.transport for source in stops if source is not target])
                for key, there, sources in lacking:
                    if pause := self._carry(van, foreign[key], there, sources):
                        traces = _traces(foreign[key], there, sources)
                        self._vain[target.place.n, key] = time.monotonic() + pause, traces
            except TransportError as error:
                reason = error.code
            done[target.place.n] = van.count, reason
        return done

    def _lacking(
        self, target: Stop, stops: Sequence[Stop], foreign: dict[Key, Stream]
    ) -> Iterator[tuple[Key, HeadName | None, list[tuple[Stop, HeadName]]]]:
        """Yield the streams a place is behind with, its own furthest head, and the sources that are further."""
        shown = _furthest(target.heads)
        offers = [(source, _furthest(source.heads)) for source in stops if source is not target]
        for key, stream in sorted(foreign.items()):
            there = shown.get(key)
            after = there.seq if there is not None else 0
            # A head beyond what is merged here is not this home's to vouch for.
            sources = [
                (source, heads[key])
                for source, heads in offers
                if key in heads and after < heads[key].seq <= stream.seq
            ]
            sources.sort(key=lambda offer: -offer[1].seq)
            until, traces = self._vain.get((target.place.n, key), (0.0, None))
            if sources and (time.monotonic() >= until or traces != _traces(stream, there, sources)):
                yield key, there, sources

    def _carry(
        self, van: _Van, stream: Stream, there: HeadName | None, sources: Iterable[tuple[Stop, HeadName]]
    ) -> float:
        """Carry one stream from the first source that has it right; returns seconds until to try again, 0 when done."""
        pause = LATER_SECONDS
        for source, head in sources:
            try:
                van.bring(stream, there, source.transport, head)
            except _Unfit as unfit:
                pause = SOON_SECONDS if unfit.passing else pause
            else:
                return 0.0
        return pause


class _Van:
    """Brings one place what it lacks, and counts the files. Raises TransportError for the place's own troubles."""

    def __init__(
        self,
        store: Store,
        target: Stop,
        find: FindKey | None,
        links: dict[tuple[Key, int], str],
        cancelled: Callable[[], bool],
    ) -> None:
        self._store = store
        self._heads = target.heads
        self._target = target.transport
        self._find = find
        self._links = links
        self._cancelled = cancelled
        self._trust = read_trust(store)
        self._pins = pins(store)
        self.count = 0

    def bring_keys(self, sources: Iterable[Transport]) -> None:
        """Bring other devices' key files, before the ops that can be read with them only."""
        if self._find is None:
            return
        have = set(self._target.list(names.KEYS).files)
        for source in sources:
            try:
                offered = _list(source, names.KEYS)
            except _Unfit:
                continue
            for name in sorted(set(offered) - have):
                parsed = names.parse_key(name)
                public = None if parsed is None else self._public(parsed.dev)
                if parsed is None or public is None or parsed.dev == self._store.device:
                    continue
                try:
                    data = _read(source, parsed.path, MAX_KEY_FILE)
                    if read_key_file(data, parsed, self._store.workspace).is_proven(public):
                        self._write(parsed.path, data)
                        have.add(name)
                except (_Unfit, StatementError):
                    continue

    def bring(self, stream: Stream, there: HeadName | None, source: Transport, head: HeadName) -> None:
        """Bring a stream from where the place has it to `head`: identities, segments, then the head. Raises _Unfit."""
        if not self._link(stream, head.seq).startswith(head.hash8):
            raise _Unfit
        folder = names.stream_folder(stream.dev, stream.inc)
        listed = _list(source, folder)
        have = set(self._target.list(folder).files)
        identities = {}
        public = self._public(stream.dev)
        if public is None or not any(names.is_identity(name) for name in have):
            identities = self._identities(stream, source, listed)
        if public is None:
            # Merged, and its device never met: its ops came another way. What they are is known all the same.
            claimed = {key for key, _ in identities.values()}
            if len(claimed) != 1:
                raise _Unfit
            public = claimed.pop()
        trip = _Trip(stream, public, source, listed, there, head)
        self._bring_identities(trip, identities, have)
        self._bring_segments(trip)
        if not self._cancelled():
            self._bring_head(trip)

    def _public(self, dev: str) -> bytes | None:
        """Return the key a device is known by, None when it was never met."""
        known = self._trust.key(dev) or (self._pins[dev].key if dev in self._pins else "")
        return bytes.fromhex(known) if known else None

    def _identities(
        self, stream: Stream, source: Transport, listed: Iterable[str]
    ) -> dict[str, tuple[bytes, bytes]]:
        """Return the key that each of a stream's identity files names, and the file's bytes, by path."""
        origin = StreamId(self._store.workspace, stream.dev, stream.inc)
        found = {}
        for name in sorted(name for name in listed if names.is_identity(name))[:MAX_IDENTITIES]:
            path = f"{names.stream_folder(stream.dev, stream.inc)}/{name}"
            try:
                data = _read(source, path, MAX_STATEMENT)
                identity = read_identity(data, names.identity_hash8(name), origin)
            except (_Unfit, StatementError):
                continue
            found[path] = bytes.fromhex(identity.key), data
        return found

    def _bring_identities(
        self, trip: _Trip, identities: dict[str, tuple[bytes, bytes]], have: Iterable[str]
    ) -> None:
        known = any(names.is_identity(name) for name in have)
        for path, (key, data) in identities.items():
            if key == trip.public and not known:
                self._write(path, data)
        if not known and not any(key == trip.public for key, _ in identities.values()):
            raise _Unfit  # nobody there could tell whose the segments are

    def _bring_segments(self, trip: _Trip) -> None:
        """Bring the segments between the two heads, each after it was found to hold the very ops merged here."""
        seq, link = trip.after, ""
        while seq < trip.head.seq and not self._cancelled():
            load = self._next(trip, seq, link)
            self._write(load.name.path, load.data)
            seq, link = load.name.last, load.found.header.tail

    def _next(self, trip: _Trip, seq: int, link: str) -> _Load:
        """Return the longest verified segment that goes on from op `seq`, after `link` where that is known."""
        for name in _going_on(trip, seq):
            try:
                data = _read(trip.source, name.path, MAX_FILE)
                found = sealing.read(data, name, self._store.workspace, trip.public, self._find)
            except (_Unfit, SegmentError):
                continue
            before = found.link_at(seq)
            if link and before != link:
                continue
            if not link and trip.there is not None and not before.startswith(trip.there.hash8):
                continue  # the place holds another history of this stream
            held = islice(lines_after(self._store, *trip.key, name.first - 1), name.last - name.first + 1)
            if found.lines == list(held):
                return _Load(name, data, found)
        raise _Unfit

    def _bring_head(self, trip: _Trip) -> None:
        data = _read(trip.source, trip.head.path, MAX_STATEMENT)
        try:
            check_head(data, trip.head, self._store.workspace, trip.public)
        except StatementError as error:
            raise _Unfit from error
        self._write(trip.head.path, data)
        self._heads.append(trip.head)
        if trip.there is not None:
            # The one just read back says more of the same history, and its owner may never come here to tidy.
            self._target.remove(trip.there.path)

    def _write(self, path: str, data: bytes) -> None:
        try:
            self._target.write(path, data)
        except TransportError as error:
            if error.code == "taken":  # what lies there is its owner's affair: it stays
                raise _Unfit from error
            raise
        self.count += 1

    def _link(self, stream: Stream, seq: int) -> str:
        """Return the link after an op that is merged here."""
        if seq == stream.seq and stream.tail:
            return stream.tail
        key = stream.dev, stream.inc
        if (key, seq) not in self._links:
            self._links[key, seq] = link_from_log(self._store, *key, seq)
        return self._links[key, seq]


def _going_on(trip: _Trip, seq: int) -> list[SegmentName]:
    """Return the source's segments that hold the op after `seq` and none that is not merged here, longest first."""
    parsed = (names.parse_segment(*trip.key, name) for name in trip.listed)
    found = [
        name for name in parsed if name is not None and name.first <= seq + 1 <= name.last <= trip.stream.seq
    ]
    return sorted(found, key=lambda name: -name.last)


def _furthest(heads: Iterable[HeadName]) -> dict[Key, HeadName]:
    """Return each stream's head with the greatest sequence number."""
    found: dict[Key, HeadName] = {}
    for head in heads:
        key = head.dev, head.inc
        if key not in found or head.seq > found[key].seq:
            found[key] = head
    return found


def _traces(stream: Stream, there: HeadName | None, sources: Iterable[tuple[Stop, HeadName]]) -> object:
    """Return what must differ before carrying a stream is tried again."""
    return stream.seq, there, [(source.place.n, head) for source, head in sources]


def _list(source: Transport, folder: str) -> list[str]:
    try:
        return source.list(folder).files
    except TransportError as error:
        raise _Unfit(passing=True) from error


def _read(source: Transport, path: str, limit: int) -> bytes:
    try:
        return source.read(path, limit)
    except TransportError as error:
        raise _Unfit(passing=error.code not in ("irregular", "too-large")) from error
