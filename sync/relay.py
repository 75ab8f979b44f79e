"""Carrying other devices' files, verbatim, from the places that have them to the places that lack them.

Teammates need not share a place with everybody, only be joined by someone who shares one with each. What is carried is
what this home has itself verified and merged, byte for byte as its owner wrote it, so a reader checks it as if the
owner had put it there. That it is what was merged follows from its links, walked back from a head that is known here.
Heads tell what is lacking, too: where they do not differ, nothing is listed, read or written.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from store.branches import trees
from store.places import pins
from sync import names
from sync.branches.forks import FEW, MAX_RIVALS, History, holding
from sync.encryption import sealing
from sync.encryption.keyfiles import MAX_KEY_FILE, read_key_file
from sync.names import MAX_SEQ
from sync.places.transport import TransportError
from sync.segment import MAX_FILE, SegmentError, StreamId
from sync.trust.standing import read_trust
from sync.trust.statements import MAX_STATEMENT, StatementError, check_head, read_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from store.branches import Node, Tree
    from store.database import Store
    from store.places import Pin, Place
    from sync.encryption.sealing import FindKey
    from sync.names import HeadName, SegmentName
    from sync.places.transport import Transport
    from sync.trust.standing import Trust

    Key = tuple[str, str]

# Until what was tried in vain is tried again though no head has changed: a source that failed, one that has nothing.
SOON_SECONDS = 30.0
LATER_SECONDS = 600.0
MAX_IDENTITIES = 16  # carried of one stream: it needs one
MAX_VAIN = 256  # segments opened in vain for one that is carried: the next time it goes on with others


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


class _Trip(NamedTuple):
    """One head's way from a source to a place, which has the first `there` of the ops that lead to it."""

    history: History
    node: Node
    head: HeadName
    there: int
    source: Transport
    listed: Sequence[str]
    public: bytes


class Relay:
    """Brings places up to date with other devices' histories. Lives as long as the engine."""

    def __init__(self, store: Store, find: FindKey | None) -> None:
        self._store = store
        self._find = find
        # By place and history: until when not to look again, and at what it was looked.
        self._seen: dict[tuple[int, Key], tuple[float, object]] = {}
        self._proven: set[tuple[int, HeadName]] = set()  # heads that their devices signed, by place
        # Such as they did not, and until when that is so.
        self._doubted: dict[tuple[int, HeadName], float] = {}
        # Segments that were opened in vain, by their source's address.
        self._vain: set[tuple[str, SegmentName]] = set()

    def run(self, stops: Sequence[Stop], cancelled: Callable[[], bool]) -> dict[int, tuple[int, str]]:
        """Carry what is lacking; returns how many files each place got, by its number, and why not more of them.

        The reason is "" or the place's TransportError code. Places that may not be written only give.
        """
        done: dict[int, tuple[int, str]] = {}
        if len(stops) < 2:
            return done
        known = trees(self._store.conn)
        for target in stops:
            if not target.writable or cancelled():
                continue
            lacking = list(self._lacking(target, stops, known))
            if not lacking:
                continue
            van = _Van(self._store, target, self._find, cancelled, self._is_proven, self._vain)
            reason = ""
            try:
                van.bring_keys([source.transport for source in stops if source is not target])
                for key, offers, traces in lacking:
                    pause = self._carry(van, History(self._store, *key), offers)
                    self._seen[target.place.n, key] = time.monotonic() + pause, traces
            except TransportError as error:
                reason = error.code
            done[target.place.n] = van.count, reason
        return done

    def _lacking(
        self, target: Stop, stops: Sequence[Stop], known: Mapping[Key, Tree]
    ) -> Iterator[tuple[Key, list[tuple[Stop, HeadName]], object]]:
        """Yield the histories of which other places show heads that this one does not, and what that was seen from."""
        shown = _by_history(target.heads)
        offered: dict[Key, list[tuple[Stop, HeadName]]] = {}
        for source in stops:
            if source is target:
                continue
            for key, heads in _by_history(source.heads).items():
                new = heads - shown.get(key, set())
                offered.setdefault(key, []).extend((source, head) for head in new)
        for key, offers in sorted(offered.items()):
            tree = known.get(key)
            if tree is None or tree.trunk.mine:
                continue  # nothing of it is merged here, or it is brought by who writes it
            if not tree.is_forked:
                # A head beyond what is merged here is not this home's to vouch for.
                offers = [(one, head) for one, head in offers if head.seq <= tree.trunk.end]
                furthest = self._furthest(target, tree.trunk, shown.get(key, set()), offers)
                offers = [(one, head) for one, head in offers if furthest < head.seq]
            offers.sort(key=lambda offer: (-offer[1].seq, offer[1].hash32, offer[0].place.n))
            traces = (
                sorted((node.inc, node.end) for node in tree.nodes.values()),
                sorted(shown.get(key, ())),
                [(one.place.n, head) for one, head in offers],
            )
            until, before = self._seen.get((target.place.n, key), (0.0, None))
            if offers and (time.monotonic() >= until or traces != before):
                yield key, offers, traces

    def _furthest(
        self,
        target: Stop,
        trunk: Node,
        shown: Iterable[HeadName],
        offers: Sequence[tuple[Stop, HeadName]],
    ) -> int:
        """Return how far a place has a stream, by those of its heads that the stream's device signed.

        None is opened that is known here, nor where it would make no difference.
        """
        least = min((head.seq for _, head in offers), default=MAX_SEQ)
        for head in sorted(shown, key=lambda head: (-head.seq, head)):
            if head.seq < least:
                return head.seq
            if (head.seq == trunk.end and trunk.tail.startswith(head.hash32)) or self._is_proven(
                target, head
            ):
                return head.seq
        return 0

    def _is_proven(self, target: Stop, head: HeadName) -> bool:
        """Return whether a device signed a head of its own in a place; one that it did not says nothing there.

        Each is read once, and now and then again where it is not right.
        """
        at = target.place.n, head
        if at in self._proven:
            return True
        if time.monotonic() < self._doubted.get(at, 0.0):
            return False
        public = _public(read_trust(self._store), pins(self._store), head.dev)
        try:
            if public is not None:
                check_head(
                    _read(target.transport, head.path, MAX_STATEMENT), head, self._store.workspace, public
                )
        except (_Unfit, StatementError):
            self._doubted[at] = time.monotonic() + SOON_SECONDS
            return False
        self._proven.add(at)
        return True

    def _carry(self, van: _Van, history: History, offers: Iterable[tuple[Stop, HeadName]]) -> float:
        """Carry what leads to each head that is known here; returns seconds until to try again what was in vain."""
        pause = LATER_SECONDS
        for source, head in offers:
            try:
                van.bring(history, head, source.transport)
            except _Unfit as unfit:
                pause = SOON_SECONDS if unfit.passing else pause
        return pause


class _Van:
    """Brings one place what it lacks, and counts the files. Raises TransportError for the place's own troubles."""

    def __init__(
        self,
        store: Store,
        target: Stop,
        find: FindKey | None,
        cancelled: Callable[[], bool],
        is_proven: Callable[[Stop, HeadName], bool],
        vain: set[tuple[str, SegmentName]],
    ) -> None:
        self._store = store
        self._is_proven = partial(is_proven, target)
        self._vain = vain
        self._heads = target.heads
        self._target = target.transport
        self._find = find
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

    def bring(self, history: History, head: HeadName, source: Transport) -> None:
        """Bring what leads to a head and the place lacks: identities, segments, then the head. Raises _Unfit."""
        key = head.dev, head.inc
        node = history.holds(head.seq, head.hash32)
        if node is None:
            raise _Unfit
        passed = self._passed(history, node, head)
        there = max(passed.values(), default=0)
        if there >= head.seq:
            return
        folder = names.stream_folder(*key)
        listed = _list(source, folder)
        have = self._target.list(folder).files
        identities = {}
        public = self._public(head.dev)
        if public is None or not any(names.is_identity(name) for name in have):
            identities = self._identities(key, source, listed)
        if public is None:
            # Merged, and its device never met: its ops came another way. What they are is known all the same.
            claimed = {named for named, _ in identities.values()}
            if len(claimed) != 1:
                raise _Unfit
            public = claimed.pop()
        trip = _Trip(history, node, head, there, source, listed, public)
        self._bring_identities(trip, identities, have)
        self._bring_segments(trip)
        if not self._cancelled():
            self._bring_head(trip, [one for one, shared in passed.items() if shared == one.seq])

    def _passed(self, history: History, node: Node, head: HeadName) -> dict[HeadName, int]:
        """Return how much of the way to a head the place has already, by each of its own heads that is known here."""
        found = {}
        told = [one for one in self._heads if one[:2] == head[:2]]
        if len(told) > FEW:  # a link takes longer than a signature, and heads cost a stranger nothing
            told = list(filter(self._is_proven, told))
        for one in told:
            other = history.holds(one.seq, one.hash32)
            if other is not None:
                found[one] = _shared(history.tree, (node, head.seq), (other, one.seq))
        return found

    def _public(self, dev: str) -> bytes | None:
        return _public(self._trust, self._pins, dev)

    def _identities(
        self, key: Key, source: Transport, listed: Iterable[str]
    ) -> dict[str, tuple[bytes, bytes]]:
        """Return the key that each of a stream's identity files names, and the file's bytes, by path."""
        origin = StreamId(self._store.workspace, *key)
        found = {}
        for name in sorted(name for name in listed if names.is_identity(name))[:MAX_IDENTITIES]:
            path = f"{names.stream_folder(*key)}/{name}"
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
        """Bring the segments on the way to the head, walking back from it to what the place has."""
        seq, link = trip.head.seq, trip.history.link(trip.node, trip.head.seq)
        while seq > trip.there and not self._cancelled():
            name, data, link = self._leading_to(trip, seq, link)
            self._write(name.path, data)
            seq = name.first - 1

    def _leading_to(self, trip: _Trip, seq: int, link: str) -> tuple[SegmentName, bytes, str]:
        """Return the segment that holds the op with this link and reaches back furthest, and the link before it."""
        seen = vain = 0
        for name in self._holding(trip, seq):
            try:
                data = _read(trip.source, name.path, MAX_FILE)
                found = sealing.read(data, name, self._store.workspace, trip.public, self._find)
            except (_Unfit, SegmentError):
                self._vain.add((trip.source.url, name))
                vain += 1
                if vain == MAX_VAIN:
                    break
                continue
            # What it says beyond the op must be merged here, too.
            if found.link_at(seq) == link and (
                name.last == seq or trip.history.holds(name.last, found.header.tail) is not None
            ):
                return name, data, found.header.prev
            seen += 1
            if seen == MAX_RIVALS:
                break
        raise _Unfit

    def _holding(self, trip: _Trip, seq: int) -> list[SegmentName]:
        """Return the source's segments that hold an op, those last that were opened in vain before."""
        parsed = (names.parse_segment(trip.head.dev, trip.head.inc, name) for name in trip.listed)
        found = holding(seq, (name for name in parsed if name is not None))
        return sorted(found, key=lambda name: (trip.source.url, name) in self._vain)

    def _bring_head(self, trip: _Trip, outdated: Iterable[HeadName]) -> None:
        data = _read(trip.source, trip.head.path, MAX_STATEMENT)
        try:
            check_head(data, trip.head, self._store.workspace, trip.public)
        except StatementError as error:
            raise _Unfit from error
        self._write(trip.head.path, data)
        self._heads.append(trip.head)
        for head in outdated:
            # The one just read back says more of the same history, and its owner may never come here to tidy.
            self._target.remove(head.path)
            self._heads.remove(head)

    def _write(self, path: str, data: bytes) -> None:
        try:
            self._target.write(path, data)
        except TransportError as error:
            if error.code == "taken":  # what lies there is its owner's affair: it stays
                raise _Unfit from error
            raise
        self.count += 1


def _shared(tree: Tree, one: tuple[Node, int], other: tuple[Node, int]) -> int:
    """Return how many of the first ops two heads have in common, each given by its stream and its number as written."""
    common = None
    for left, right in zip(tree.way(one[0]), tree.way(other[0]), strict=False):
        if left is not right:
            break
        common = left
    if common is None:
        return 0
    return min(seq if node is common else common.end for node, seq in (one, other))


def _public(trust: Trust, met: Mapping[str, Pin], dev: str) -> bytes | None:
    """Return the key a device is known by, None when it was never met."""
    known = trust.key(dev) or (met[dev].key if dev in met else "")
    return bytes.fromhex(known) if known else None


def _by_history(heads: Iterable[HeadName]) -> dict[Key, set[HeadName]]:
    found: dict[Key, set[HeadName]] = {}
    for head in heads:
        found.setdefault((head.dev, head.inc), set()).add(head)
    return found


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
