"""Opening one place's segments: only what is whole, right and its device's own gets past here.

What is wrong is kept aside, and not read again; what is late is left for the next look. Anybody who can write into the
folder can put any number of files there under any names. So what one look spends on files that turn out to be nothing
is bounded, and what was looked at is remembered: the next look goes on with others.
"""

from __future__ import annotations

import math
import time
from itertools import islice
from typing import TYPE_CHECKING

from store.places import Place, pins, quarantine
from sync import names
from sync.encryption import sealing
from sync.places.transport import TransportError
from sync.report import Odd
from sync.segment import MAX_FILE, Segment, SegmentError, SegmentNewer, SegmentWrong
from sync.trust.acquaintance import Acquaintance
from sync.trust.admission import set_aside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store
    from sync.encryption.keyring import Keyring
    from sync.names import HeadName, SegmentName
    from sync.places.transport import Transport

    Key = tuple[str, str]

RETRY_SECONDS = 60.0  # until a file is read again that was refused and may yet become another
MAX_VAIN = 256  # files of one stream that one look opens in vain
MAX_LATE = 64  # and those of them that were opened before and may be whole by now
MAX_DOUBTS = 32  # heads of one history that one look opens in vain, and as many that were opened before
# What one look spends on nothing before it leaves those for the next one of whom it came before: bytes read and
# unpacked; an opened file and a folder listed count for as many more.
LOOK_COST = 64 * 1024 * 1024
OPEN_COST = 64 * 1024
LIST_COST = 256 * 1024
# What reading may raise though nobody thought of it: such a file stops its own stream, as any that is damaged does, and
# never the sync of all others. Anything else, a full disk or a broken database, is this machine's trouble.
UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
BRANCHES = "branches"  # a history that has forked too often


class Stuck(Exception):
    """The stream cannot go on now; `reason` is what a person is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Stuck):
    """A segment was not read: it was refused before, or there is no room for it in this look."""


class Unread(Stuck):
    """The place does not let itself be read now."""


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
        # By stream, the files that may be whole another time, and why they are not: those first that were tried first.
        self._late: dict[Key, dict[str, str]] = {}
        self._again: set[str] = set()  # of these, the ones whose turn it is in this look
        self._vain: dict[Key, int] = {}  # files opened in vain in this look
        self._costs: dict[str, int] = {}  # of what was opened and found right in this look
        self._spent = 0
        self._proven: set[str] = set()  # heads that their devices signed
        # And such as seem not to be, those first that were read first.
        self._doubted: dict[Key, dict[str, None]] = {}
        self._doubts: dict[Key, int] = {}  # of these, how many are new in this look
        self._publics: dict[Key, bytes] = {}
        # Heads of revoked devices, and until when not to look behind them.
        self._aside: dict[HeadName, float] = {}
        self._last: SegmentName | None = None  # the segment opened last, of the stream listed last
        self.acquaintance = Acquaintance(store, place, transport)
        self.odd: list[Odd] = []

    def begin(self) -> None:
        """Begin a look: there is room again for files that turn out to be nothing."""
        self.odd = []
        self._vain = {}
        self._doubts = {}
        self._again = {path for late in self._late.values() for path in islice(late, MAX_LATE)}
        self._again |= {path for found in self._doubted.values() for path in islice(found, MAX_DOUBTS)}
        self.recover()

    def recover(self) -> None:
        """Let what is looked at next be looked at, whatever was spent on something else."""
        self._spent = 0
        self._costs = {}

    @property
    def is_worn_out(self) -> bool:
        """Return whether this look has spent on nothing as much as it may."""
        return self._spent > LOOK_COST

    def excuse(self, name: SegmentName) -> None:
        """Take back what a segment has cost: it was what was looked for."""
        self._spent -= self._costs.pop(name.path, 0)

    def excuse_listing(self) -> None:
        """Take back what a listing has cost: there was something of use."""
        self._spent -= LIST_COST

    def is_doubted(self, head: HeadName) -> bool:
        """Return whether a head was opened and is not known to be its device's."""
        return head.path in self._doubted.get(head[:2], {})

    def proven(self, heads: Iterable[HeadName], *, most: float = MAX_DOUBTS) -> list[HeadName]:
        """Return the heads that their devices signed: others say nothing, whoever put them there.

        Of a device that was never met nobody can tell; its heads count. Each is read once, of each history up to `most`
        in vain; what is not right then, or not whole, is read again a few at a time.
        """
        met = pins(self._store)
        return [head for head in heads if head.dev not in met or self._is_proven(head, most)]

    def _is_proven(self, head: HeadName, most: float) -> bool:
        if head.path in self._proven:
            return True
        doubted = self._doubted.setdefault(head[:2], {})
        if head.path in doubted:
            if head.path not in self._again:
                return False
        elif self._doubts.get(head[:2], 0) >= most:
            return False
        known = head.path in doubted
        self._again.discard(head.path)
        doubted.pop(head.path, None)
        if not self.acquaintance.is_forged(head):
            self._proven.add(head.path)
            return True
        doubted[head.path] = None
        if not known:
            self._doubts[head[:2]] = self._doubts.get(head[:2], 0) + 1
        return False

    def segments(self, key: Key) -> tuple[list[SegmentName], list[str]]:
        """Return a stream's segments and the names of its identity files, as the place lists them."""
        folder = names.stream_folder(*key)
        self._spent += LIST_COST
        self._last = None
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
            stream = ".".join(key)
            self._refused = {path: row for path, row in self._refused.items() if stream not in path}
            self._proven = {path for path in self._proven if stream not in path}
            self._doubted.pop(key, None)
        return public

    def open(self, name: SegmentName, public: bytes, *, keep: bool = True) -> Segment:
        """Return a segment that is whole, right, and signed with a key; raises Stuck.

        Of one that is wrong the bytes are kept aside, unless they are not to be.
        """
        self._check_room(name)
        self._last = name
        data = self._read(name)
        self._spend(name, len(data) + OPEN_COST)
        try:
            segment = sealing.read(data, name, self._store.workspace, public, self._find)
        except SegmentWrong as error:
            # Bytes that have the hash in the name are what they are for good.
            seconds = RETRY_SECONDS if error.reason in ("hash", "too-large") else math.inf
            self._note_vain(name, "quarantined", seconds if keep else 0.0)
            if keep:
                quarantine(self._store, self._place.n, name.path, error.reason, data)
            raise Stuck("quarantined") from error
        except SegmentError as error:
            reason = (
                "newer" if isinstance(error, SegmentNewer) and error.reason != "encrypted" else error.reason
            )
            self._note_vain(name, reason)
            raise Stuck(reason) from error
        self._late.get(name[:2], {}).pop(name.path, None)
        self._spend(name, segment.header.raw)
        return segment

    def _check_room(self, name: SegmentName) -> None:
        """Raise Refused for a file that was refused, or is not to be looked at in this look."""
        refused = self._refused.get(name.path)
        if refused is not None and time.monotonic() < refused[0]:
            raise Refused(refused[1])
        late = self._late.get(name[:2], {})
        if name.path in late:
            if name.path not in self._again:
                raise Refused(late[name.path])
        elif self._vain.get(name[:2], 0) >= MAX_VAIN:
            raise Refused(next(reversed(late.values()), "quarantined"))

    def _spend(self, name: SegmentName, cost: int) -> None:
        self._spent += cost
        self._costs[name.path] = self._costs.get(name.path, 0) + cost

    def _note_vain(self, name: SegmentName, reason: str, seconds: float = 0.0) -> None:
        """Remember that a file was opened in vain, and for how long at least it is not to be opened again."""
        self._costs.pop(name.path, None)
        self._again.discard(name.path)
        late = self._late.setdefault(name[:2], {})
        if late.pop(name.path, None) is None:
            self._vain[name[:2]] = self._vain.get(name[:2], 0) + 1
        if seconds < math.inf:
            late[name.path] = reason
        if seconds:
            self._refused[name.path] = (time.monotonic() + seconds, reason)

    def refuse(self, name: SegmentName, reason: str, data: bytes | None = None) -> Stuck:
        """Keep a segment aside, as far as its bytes can be had, and return what its stream waits for."""
        if data is None:
            try:
                data = self._transport.read(name.path, MAX_FILE)
            except TransportError:
                data = b""
        quarantine(self._store, self._place.n, name.path, reason, data)
        told = BRANCHES if reason == BRANCHES else "quarantined"
        self._note_vain(name, told, RETRY_SECONDS)
        return Stuck(told)

    def set_aside(self, head: HeadName) -> None:
        """Keep what a revoked device wrote after it was revoked; where there is no room, that is not tried at once."""
        if time.monotonic() >= self._aside.get(head, 0.0):
            self._aside[head] = time.monotonic() + RETRY_SECONDS
            set_aside(self._store, self._place, self._transport, head)

    def give_up(self) -> Stuck:
        """Return what a stream waits for of which something could not be read; the file is kept aside if known."""
        return Stuck("quarantined") if self._last is None else self.refuse(self._last, "bad-op")

    def _read(self, name: SegmentName) -> bytes:
        try:
            return self._transport.read(name.path, MAX_FILE)
        except TransportError as error:
            self._spent += OPEN_COST
            if error.code in ("irregular", "too-large"):
                raise self.refuse(name, error.code, b"") from error
            if error.code == "missing":
                raise Gone(error.code) from error
            self._note_vain(name, error.code)
            raise (Stuck if error.code == "denied" else Unread)(error.code) from error
