"""What all places have of one stream whose older ops a newcomer lacks, and which of it leads to what he began with.

Where a history forked, segments contradict each other, or say the same up to the fork and differ behind it. What counts
of them follows from the link that the snapshot gave, backwards: never from what they are called or listed after.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sync import names
from sync.branches.forks import Part, Untraced, leading_to
from sync.encryption import sealing
from sync.places.transport import TransportError
from sync.reading import RETRY_SECONDS, Stuck
from sync.segment import MAX_FILE, SegmentError
from sync.trust.acquaintance import Acquaintance, Distrusted
from sync.trust.standing import read_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.database import Store
    from store.gaps import Gap
    from sync.encryption.sealing import FindKey
    from sync.names import HeadName, SegmentName
    from sync.relay import Stop
    from sync.segment import Segment

MAX_HEADS = 32  # followed, of one stream


class Shelf:
    """The segments that all places have of one stream, as they are listed now; those that are right can be had.

    `vain` remembers for whoever makes shelves which were opened in vain, and until when that is enough.
    """

    def __init__(
        self,
        store: Store,
        gap: Gap,
        stops: Sequence[Stop],
        find: FindKey | None,
        vain: dict[tuple[int, SegmentName], float],
    ) -> None:
        self.gap = gap
        self._vain = vain
        self._store = store
        self._find = find
        self._found: dict[SegmentName, tuple[Stop, bytes]] = {}
        self._heads: dict[HeadName, Callable[[HeadName], bool]] = {}
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
            for head in stop.heads:
                if (head.dev, head.inc) == key and head.seq >= gap.floor:
                    self._heads.setdefault(head, acquaintance.is_forged)

    def get(self, name: SegmentName) -> Segment | None:
        """Return a segment, None where it is not whole or not right: pulling has its own word on such files."""
        if name not in self._found:
            return None
        stop, public = self._found[name]
        at = stop.place.n, name
        if time.monotonic() < self._vain.get(at, 0.0):
            return None
        try:
            data = stop.transport.read(name.path, MAX_FILE)
            return sealing.read(data, name, self._store.workspace, public, self._find)
        except (TransportError, SegmentError):
            self._vain[at] = time.monotonic() + RETRY_SECONDS
            return None

    def undisputed(self) -> Part | None:
        """Return what continues what is filled and no segment tells otherwise, the longest; None without such."""
        seq = self.gap.filled + 1
        holding = (name for name in self._found if name.first <= seq <= name.last)
        for name in sorted(holding, key=lambda name: (-name.last, name)):
            segment = self.get(name)
            if segment is None or segment.link_at(self.gap.filled) != self.gap.tail:
                continue
            if not self._is_disputed(name, segment):
                return Part(name, min(name.last, self.gap.floor))
        return None

    def way(self) -> list[Part]:
        """Return what leads to the snapshot's link from what is filled, or from before it, last first.

        None if something lacks.
        """
        parts: list[Part] = []
        try:
            self._trace(self.gap.floor, self.gap.link, parts)
        except Untraced:
            return []
        return parts

    def bears_out(self, seq: int, link: str) -> bool:
        """Return whether a segment gives this link for an op, so that the stream has been there in some branch."""
        try:
            return not seq or bool(leading_to(seq, link, list(self._found), self._open))
        except Untraced:
            return False

    def is_late(self) -> bool:
        """Return whether something is known to be missing that could lead to what the snapshot says."""
        if self.bears_out(self.gap.floor, self.gap.link):
            return True
        for head in sorted(self._heads)[:MAX_HEADS]:
            try:
                self._trace(head.seq, head.hash32, [])
            except Untraced:
                if not self._heads[head](head):
                    return True
        return False

    def _trace(self, seq: int, link: str, parts: list[Part]) -> None:
        """Add what leads to an op with this link from what is filled, last first. Raises Untraced."""
        while seq > self.gap.filled:
            name, link = leading_to(seq, link, list(self._found), self._open)
            parts.append(Part(name, seq))
            seq = name.first - 1

    def _is_disputed(self, name: SegmentName, segment: Segment) -> bool:
        """Return whether another segment tells another history of the same ops."""
        for other in self._found:
            if other == name or other.first > name.last or other.last < name.first:
                continue
            at = min(other.last, name.last)
            found = self.get(other)
            if found is not None and found.link_at(at) != segment.link_at(at):
                return True
        return False

    def _open(self, name: SegmentName) -> Segment:
        segment = self.get(name)
        if segment is None:
            raise Stuck("missing")
        return segment
