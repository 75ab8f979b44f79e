"""Opening one place's segments: only what is whole, right and its device's own gets past here.

What is wrong is kept aside, and not read again for a while; what is late is left for the next look.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from store.places import Place, quarantine
from sync import names
from sync.encryption import sealing
from sync.places.transport import TransportError
from sync.report import Odd
from sync.segment import MAX_FILE, Segment, SegmentError, SegmentNewer, SegmentWrong
from sync.trust.acquaintance import Acquaintance

if TYPE_CHECKING:
    from store.database import Store
    from sync.encryption.keyring import Keyring
    from sync.names import SegmentName
    from sync.places.transport import Transport

    Key = tuple[str, str]

RETRY_SECONDS = 60.0  # until a refused file is read again
BRANCHES = "branches"  # a history that has forked too often


class Stuck(Exception):
    """The stream cannot go on now; `reason` is what a person is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Gone(Stuck):
    """A segment that was listed is not there any more: its owner has joined it with others since."""


class Reader:
    """Lists and opens the segments that a place holds. Lives as long as the engine."""

    def __init__(self, store: Store, place: Place, transport: Transport, ring: Keyring | None = None) -> None:
        self._store = store
        self._place = place
        self._transport = transport
        self._find = None if ring is None else ring.key
        self._refused: dict[str, tuple[float, str]] = {}
        self._publics: dict[Key, bytes] = {}
        self.acquaintance = Acquaintance(store, place, transport)
        self.odd: list[Odd] = []

    def segments(self, key: Key) -> tuple[list[SegmentName], list[str]]:
        """Return a stream's segments and the names of its identity files, as the place lists them."""
        folder = names.stream_folder(*key)
        listing = self._transport.list(folder)
        found = []
        identities = []
        for name in listing.files:
            parsed = names.parse_segment(*key, name)
            if parsed is not None:
                found.append(parsed)
            elif names.is_identity(name):
                identities.append(name)
            elif what := names.oddity(name):
                self.odd.append(Odd(f"{folder}/{name}", what))
        self.odd.extend(Odd(f"{folder}/{name}", "irregular") for name in listing.odd)
        return found, identities

    def key_of(self, key: Key, identities: list[str], *, new: bool, approved: str) -> bytes:
        """Return the public key that a stream's files are to be signed with; raises Distrusted."""
        public = self.acquaintance.key_of(key, identities, new=new, approved=approved)
        if self._publics.setdefault(key, public) != public:  # what was refused may be right by this key
            self._publics[key] = public
            self._refused = {path: row for path, row in self._refused.items() if ".".join(key) not in path}
        return public

    def open(self, name: SegmentName, public: bytes) -> Segment:
        """Return a segment that is whole, right, and signed with a key; raises Stuck."""
        refused = self._refused.get(name.path)
        if refused is not None and time.monotonic() < refused[0]:
            raise Stuck(refused[1])
        data = self._read(name)
        try:
            return sealing.read(data, name, self._store.workspace, public, self._find)
        except SegmentWrong as error:
            raise self.refuse(name, error.reason, data) from error
        except SegmentNewer as error:
            raise Stuck("newer" if error.reason != "encrypted" else "encrypted") from error
        except SegmentError as error:
            raise Stuck(error.reason) from error

    def refuse(self, name: SegmentName, reason: str, data: bytes | None = None) -> Stuck:
        """Keep a segment aside, as far as its bytes can be had, and return what its stream waits for."""
        if data is None:
            try:
                data = self._transport.read(name.path, MAX_FILE)
            except TransportError:
                data = b""
        quarantine(self._store, self._place.n, name.path, reason, data)
        told = BRANCHES if reason == BRANCHES else "quarantined"
        self._refused[name.path] = (time.monotonic() + RETRY_SECONDS, told)
        return Stuck(told)

    def _read(self, name: SegmentName) -> bytes:
        try:
            return self._transport.read(name.path, MAX_FILE)
        except TransportError as error:
            if error.code in ("irregular", "too-large"):
                raise self.refuse(name, error.code, b"") from error
            raise (Gone if error.code == "missing" else Stuck)(error.code) from error
