"""Which streams a pull may read, up to where, and in which order: who is trusted may change while it reads.

The workspace's first device comes first, since all trust begins with it; then whoever is trusted by what has been
merged so far, until nothing more comes of it. So a newcomer never takes a stranger's word before a member's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.oplog import streams
from store.places import Place, is_quarantined, quarantine
from sync import names
from sync.places.transport import TransportError
from sync.segment import MAX_FILE
from sync.trust.standing import REVOKED, Trust, read_trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.database import Store
    from sync.names import HeadName
    from sync.places.transport import Transport

    Key = tuple[str, str]

MAX_ASIDE = 16  # segments of a revoked stream whose bytes are kept as evidence


class Admission:
    """What one pull may read. `behind` are the furthest heads of the streams that have something new, by stream."""

    def __init__(self, store: Store, behind: Mapping[Key, HeadName]) -> None:
        self._store = store
        self._behind = behind
        self._tried: dict[Key, tuple[int, str]] = {}
        self._rounds = 0
        self.trust: Trust = read_trust(store) if behind else Trust("", "", False, {}, {}, {}, {})

    def due(self) -> list[tuple[Key, int]]:
        """Return the streams to read now and the last op to read of each; nothing when no more can come of it."""
        if not self._behind:
            return []
        if self._rounds:
            self.reconsider()
        self._rounds += 1
        first_only = self._lacks_root()
        held = {key: stream.seq for key, stream in streams(self._store).items()}
        found = []
        # Then those known longest: what somebody new decides comes after what members did.
        for key in sorted(self._behind, key=lambda key: (key[0] != self.trust.root, key not in held, key)):
            attempt = self._upto(key), self.trust.key(key[0])
            if first_only and key[0] != self.trust.root:
                continue
            if attempt[0] > held.get(key, 0) and self._tried.get(key) != attempt:
                self._tried[key] = attempt
                found.append((key, attempt[0]))
        return found

    def reconsider(self) -> None:
        """Take in what has been decided about devices in the ops merged meanwhile."""
        self.trust = read_trust(self._store)

    def allows(self, key: Key, seq: int) -> bool:
        """Return whether a stream's ops up to `seq` may be merged; one that may not is due again as far as it may."""
        limit = self.trust.limit(*key)
        if limit is None or seq <= limit:
            return True
        self._tried.pop(key, None)
        return False

    def left_out(self) -> dict[Key, str]:
        """Return the streams that wait for a person or for the workspace's first device, and which of the two."""
        reasons = {}
        first_only = self._lacks_root()
        for key, head in self._behind.items():
            if first_only and key[0] != self.trust.root:
                reasons[key] = "root"
            elif self._upto(key) < head.seq and self.trust.standing(key[0]) != REVOKED:
                reasons[key] = "unapproved"
        return reasons

    def revoked(self) -> Iterable[HeadName]:
        """Yield the heads of revoked devices' streams that go on after what is taken of them."""
        for key, head in self._behind.items():
            if self._upto(key) < head.seq and self.trust.standing(key[0]) == REVOKED:
                yield head

    def _upto(self, key: Key) -> int:
        limit = self.trust.limit(*key)
        target = self._behind[key].seq
        return target if limit is None else min(target, limit)

    def _lacks_root(self) -> bool:
        """Return whether this home has nothing yet of the device with which all trust begins."""
        root = self.trust.root
        if not root or root == self._store.device:
            return False
        return not any(stream.dev == root and stream.seq for stream in streams(self._store).values())


def set_aside(store: Store, place: Place, transport: Transport, head: HeadName) -> None:
    """Keep what a revoked device wrote after it was revoked, with the reason, once for each head it shows."""
    if is_quarantined(store, place.n, head.path):
        return
    limit = read_trust(store).limit(head.dev, head.inc) or 0
    folder = names.stream_folder(head.dev, head.inc)
    try:
        found = [names.parse_segment(head.dev, head.inc, name) for name in transport.list(folder).files]
        later = sorted(
            (name for name in found if name is not None and name.last > limit), key=lambda n: n.first
        )
        for name in later[:MAX_ASIDE]:
            quarantine(store, place.n, name.path, REVOKED, transport.read(name.path, MAX_FILE))
    except TransportError:
        return  # it may not be whole yet; the next look tries again
    quarantine(store, place.n, head.path, REVOKED, b"")
