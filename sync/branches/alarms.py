"""Heads that what is known of a history does not lead to: it forked, and another branch of it has to be brought in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from store.branches import forked
from store.changes import ChangeSet
from store.errors import StoreError
from store.oplog import streams
from store.places import Place, release
from sync import names
from sync.branches.forks import FEW, History, Untraced, trace
from sync.branches.grafting import Graft, TooManyBranches
from sync.places.transport import TransportError
from sync.reading import BRANCHES, RETRY_SECONDS, UNREADABLE, Refused, Stuck
from sync.trust.acquaintance import Distrusted
from sync.trust.standing import REVOKED, read_trust

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store
    from sync.names import HeadName, SegmentName
    from sync.reading import Reader
    from sync.segment import Segment
    from sync.trust.standing import Trust

    Key = tuple[str, str]

MAX_HEADS = 32  # of one history, looked into at once
UNAPPROVED = "unapproved"
# What the store says of ops that cannot be applied, as against troubles of this machine.
REFUSALS = ("bad-op", "gap")


class Alarms:
    """Looks into what one place's heads say of histories that may have forked. Lives as long as the engine.

    `count`, `changes` and `stuck` are as `Puller.run` has them, since the last `sort`.
    """

    def __init__(self, store: Store, place: Place, reader: Reader, batch_ops: int) -> None:
        self._store = store
        self._place = place
        self._reader = reader
        self._batch_ops = batch_ops
        self._explained: set[str] = set()  # heads that what is held here leads to
        self._raised: dict[Key, list[HeadName]] = {}
        # By history: until when not to try again in vain, what was seen there, and what it waits for.
        self._vain: dict[Key, tuple[float, object, tuple[int, str]]] = {}
        self.count = 0
        self.changes = ChangeSet()
        self.stuck: dict[Key, tuple[int, str]] = {}

    def sort(self, heads: Iterable[HeadName]) -> dict[Key, HeadName]:
        """Return the head to follow of each stream that goes on in the usual way; others may raise an alarm.

        What this home writes itself is left out.
        """
        self.count, self.changes, self.stuck, self._raised = 0, ChangeSet(), {}, {}
        known = streams(self._store)
        branched = forked(self._store.conn)
        behind: dict[Key, HeadName] = {}
        for head in heads:
            key = (head.dev, head.inc)
            stream = known.get(key)
            cursor = stream.seq if stream is not None else 0
            if key == (self._store.device, self._store.incarnation) or head.path in self._explained:
                continue
            if stream is not None and head.seq == cursor and stream.tail.startswith(head.hash32):
                continue
            if key in branched or head.seq <= cursor:
                self.raise_alarm(head)
            elif key not in behind or head.seq > behind[key].seq:
                if key in behind:
                    self.raise_alarm(behind[key])
                behind[key] = head
            else:
                self.raise_alarm(head)
        return behind

    def raise_alarm(self, head: HeadName) -> None:
        """Have a head looked into with the next `settle`."""
        self._raised.setdefault((head.dev, head.inc), []).append(head)

    @property
    def raised(self) -> list[Key]:
        """Return the histories about which there is an alarm."""
        return list(self._raised)

    def about(self, key: Key) -> list[HeadName]:
        """Return a history's heads that raised an alarm."""
        return self._raised.get(key, [])

    def settle(self, key: Key) -> None:
        """Bring in what leads to a history's alarming heads."""
        history = History(self._store, *key)
        told = sorted(set(self.about(key)), key=lambda head: (head.seq, head.hash32))
        if len(told) > FEW:  # a link takes longer than a signature, and heads cost a stranger nothing
            told = self._reader.proven(told)
        left = [head for head in told if history.holds(head.seq, head.hash32) is None]
        self._explained.update(head.path for head in told if head not in left)
        left = self._reader.proven(left)
        if not left:
            return
        try:
            trust = read_trust(self._store)
            found, identities = self._reader.segments(key)
            public = self._reader.key_of(key, identities, new=False, approved=trust.key(key[0]))
        except (Distrusted, TransportError) as error:
            self.stuck[key] = (
                left[-1].seq,
                error.code if isinstance(error, TransportError) else error.reason,
            )
            return
        seen = frozenset(left), frozenset(found)
        until, before, stuck = self._vain.pop(key, (0.0, seen, (0, "")))
        if before == seen and time.monotonic() < until:  # nothing has changed since it was tried in vain
            self._vain[key] = until, seen, stuck
            self.stuck[key] = stuck
            return
        for head in left[:MAX_HEADS]:
            if self._reader.is_worn_out:
                self.stuck.setdefault(key, (head.seq, "missing"))
                break
            if not self._bring(key, head, found, public, trust):
                break
        if key in self.stuck and self.stuck[key][1] != UNAPPROVED:
            self._vain[key] = time.monotonic() + RETRY_SECONDS, seen, self.stuck[key]

    def _bring(self, key: Key, head: HeadName, found: list[SegmentName], public: bytes, trust: Trust) -> bool:
        """Merge what leads to a head, up to where everybody takes it; returns whether to go on with other heads."""
        at = names.SegmentName(*key, head.seq, head.seq, "")

        def opened(name: SegmentName) -> Segment:
            nonlocal at
            at = name
            return self._reader.open(name, public)

        def sought(name: SegmentName) -> Segment:
            if self._reader.is_worn_out:
                raise Refused("missing")
            return opened(name)

        try:
            history = History(self._store, *key)
            trail = trace(history, head, found, sought, self._reader.excuse)
            if trail is None:
                return True
            graft = Graft(self._store, self._place, history, trail, trust, self._batch_ops)
            try:
                done = graft.run(opened)
            finally:
                self.count += graft.count
                self.changes |= graft.changes
            for name, _ in trail.parts:
                release(self._store, self._place.n, name.path)
            if done < head.seq:
                self._leave_out(key, head, done, trust)
        except (Untraced, Stuck) as stuck:
            self.stuck[key] = (head.seq, stuck.reason)
        except TooManyBranches:
            self.stuck[key] = (head.seq, self._reader.refuse(at, BRANCHES).reason)
            return False
        except StoreError as error:
            if error.code not in REFUSALS:
                raise
            self.stuck[key] = (head.seq, self._reader.refuse(at, error.code).reason)
        except UNREADABLE:
            self.stuck[key] = (head.seq, self._reader.refuse(at, "bad-op").reason)
        return True

    def _leave_out(self, key: Key, head: HeadName, done: int, trust: Trust) -> None:
        """Say what is not taken of a branch, or keep it aside where its device is revoked."""
        if trust.standing(key[0]) == REVOKED:
            self._reader.set_aside(head)
        else:
            self.stuck[key] = (done + 1, UNAPPROVED)
