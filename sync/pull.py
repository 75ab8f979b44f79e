"""Reading other devices' ops from a place: nothing unverified is applied, and no stream waits for another's trouble."""

from __future__ import annotations

import gc
import random
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from store.changes import ChangeSet
from store.errors import StoreError
from store.gaps import gaps
from store.moving import take_out
from store.oplog import merge, streams
from store.places import Place, Pushed, bulk, pins, release, set_pushed
from store.wire import decode_lines
from sync import reading, segment
from sync.branches.alarms import REFUSALS, Alarms
from sync.links import link_from_log
from sync.names import MAX_SEQ
from sync.places.transport import TransportError
from sync.reading import UNREADABLE, Gone, Reader, Stuck, Unread
from sync.trust.acquaintance import Distrusted
from sync.trust.admission import Admission
from sync.trust.claims import claim_in, claims, note_claim
from sync.trust.standing import decides_on_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from store.database import Store, Stream
    from store.ops import Op
    from sync.encryption.keyring import Keyring
    from sync.names import HeadName, SegmentName
    from sync.places.transport import Transport
    from sync.report import Odd
    from sync.segment import Segment

    Key = tuple[str, str]

BATCH_OPS = 100_000  # merged in one transaction: bounds memory, and is large enough for set-wise work
MAX_RIVALS = 16  # segments of the device that hold the same op, compared with each other
# As many as joining and copies explain: of more, those come first that end no further than a proven head says.
PLAIN_RIVALS = 4
TO_COME = ("newer", "encrypted")  # why what cannot be read now is nobody's fault


class Run(NamedTuple):
    """Ops of one segment, ready to merge, the link after them, where from, and whether they decide on trust."""

    key: Key
    name: SegmentName
    ops: list[Op]
    tail: str
    decides: bool


class Puller:
    """Merges what one place has and this home has not. Lives as long as the engine."""

    def __init__(
        self,
        store: Store,
        place: Place,
        transport: Transport,
        batch_ops: int = BATCH_OPS,
        ring: Keyring | None = None,
    ) -> None:
        self._store = store
        self._batch_ops = batch_ops
        self._place = place
        self._transport = transport
        self._batch: list[Run] = []
        self._batched = 0
        self._dead: dict[Key, tuple[int, str]] = {}
        self._cut_off: set[Key] = set()  # streams of which the place does not let anything be read now
        self._behind: dict[Key, HeadName] = {}
        self._dropped: set[Key] = set()  # queued, and not to be merged after all
        self._before: dict[Key, int] = {}  # how far streams were held when this look began
        # Segments that were found to be of another branch than the one followed, and of which state that is true.
        self._off: dict[Key, tuple[int, str, set[SegmentName]]] = {}
        # Segments that agree with what is followed and not with each other, and where.
        self._split: dict[Key, tuple[int, str, list[SegmentName]]] = {}
        # Streams that could not go on, in the order in which they were tried, and why.
        self._troubled: dict[Key, str] = {}
        self._met: set[Key] = set()  # streams whose device has said who it is
        self._greeted: set[Key] = set()  # streams whose device was asked for its key
        self._mute: set[SegmentName] = set()  # first segments of others, which do not say it
        self.count = 0
        self.changes = ChangeSet()
        self.stuck: dict[Key, tuple[int, str]] = {}
        self.reader = Reader(store, place, transport, ring)
        self._alarms = Alarms(store, place, self.reader, batch_ops)

    @property
    def odd(self) -> list[Odd]:
        """Return the files met that are no part of the share."""
        return self.reader.odd

    def run(
        self,
        heads: Iterable[HeadName],
        cancelled: Callable[[], bool],
        tell: Callable[[int, int], None],
        *,
        again: bool = False,
    ) -> None:
        """Merge everything new that is whole and right; `again` within one look, since keys have come meanwhile.

        Afterwards `count` and `changes` say what was merged, `stuck` which streams cannot go on: (device,
        incarnation) → (the next op, why). Raises StoreError only for troubles of this machine.
        """
        self.count = 0
        self.changes = ChangeSet()
        self.stuck = {}
        self.reader.begin()
        self._batch = []
        self._batched = 0
        self._dead = {}
        self._cut_off = set()
        self._total = 0
        self._tell = tell
        # Heads that were found to be nobody's say nothing until they turn out to be somebody's.
        self._behind = self._alarms.sort(
            [head for head in heads if not self.reader.is_doubted(head) or self.reader.proven([head])]
        )
        known = streams(self._store)
        self._admission = admission = Admission(self._store, self._behind)
        if not again:
            self._before = {}
        for key in self._behind:
            self._before.setdefault(key, known[key].seq if key in known else 0)
        with _uncollected():
            while not cancelled() and (due := admission.due()):
                self._dropped = set()
                known = streams(self._store)
                for key, upto in self._in_turn(due, known):
                    if cancelled():
                        break
                    cursor = known[key].seq if key in known else 0
                    self._total += upto - cursor
                    # A cursor without its link: the ops came another way than through segments.
                    tail = (known[key].tail if cursor else "") or link_from_log(self._store, *key, cursor)
                    self._follow(key, cursor, tail, upto, cancelled)
                self._flush()
            self.stuck.update(self._dead)
            left_out = admission.left_out()
            self._settle_alarms({*left_out, *self._dead}, cancelled)
        self._give_back(self._before)
        known = streams(self._store)
        self.reader.recover()
        for key, reason in left_out.items():
            self.stuck.setdefault(key, ((known[key].seq if key in known else 0) + 1, reason))
            self._meet(key)
        self._greet(known)
        for key in self._unpromised():
            self.stuck.pop(key, None)
        for head in admission.revoked():
            if self.reader.proven([head]):
                self.reader.set_aside(head)

    def _greet(self, known: Iterable[Key]) -> None:
        """Learn the keys of devices whose ops came by a snapshot: it may be long until a segment of theirs is read."""
        pinned = pins(self._store)
        for key in known:
            if key[0] == self._store.device or key[0] in pinned or key in self._greeted:
                continue
            self._greeted.add(key)
            with suppress(Distrusted, TransportError):  # then they are met with their next segment
                _, identities = self.reader.segments(key)
                approved = self._admission.trust.key(key[0])
                self.reader.acquaintance.key_of(key, identities, new=True, approved=approved)

    def _in_turn(self, due: list[tuple[Key, int]], known: Mapping[Key, Stream]) -> Iterator[tuple[Key, int]]:
        """Yield the streams that are due, each group of them in the order in which they could not go on before.

        So whoever is looked into in vain does not stand before others for ever. Those of whom nothing is held, or who
        were in trouble, are left for another look once this one has spent enough on nothing.
        """
        tried = {key: at for at, key in enumerate(self._troubled, 1)}
        root = self._admission.trust.root
        for key, upto in sorted(
            due, key=lambda one: (one[0][0] != root, one[0] not in known, tried.get(one[0], 0))
        ):
            cursor = known[key].seq if key in known else 0
            doubtful = key in tried or not cursor
            if doubtful and key[0] != root and self.reader.is_worn_out:
                self.stuck[key] = (cursor + 1, self._troubled.get(key, "missing"))
                continue
            yield key, upto
            self._troubled.pop(key, None)
            if key in self.stuck:
                self._troubled[key] = self.stuck[key][1]

    def _unpromised(self) -> list[Key]:
        """Return the streams that seem to lack something, and of which no head says so that its device signed.

        What is in a format to come may be signed in a way to come, and what cannot be read now may be right.
        """
        known = streams(self._store)
        found = []
        for key, (_, reason) in self.stuck.items():
            cursor = known[key].seq if key in known else 0
            if key not in self._behind or key in self._cut_off or reason in TO_COME:
                continue
            if not self.reader.proven(self._beyond(key, cursor)):
                found.append(key)
        return found

    def _beyond(self, key: Key, cursor: int) -> list[HeadName]:
        """Return a stream's heads that speak of more than what is held, the furthest first."""
        told = {*self._alarms.about(key), self._behind[key]}
        return sorted((head for head in told if head.seq > cursor), key=lambda head: (-head.seq, head))

    def _give_back(self, behind: Iterable[Key]) -> None:
        """Take out again what this very look has merged of devices that, as it then turned out, are not trusted."""
        if not self.count:
            return
        known = streams(self._store)
        self._admission.reconsider()
        for key in behind:
            limit = self._admission.trust.limit(*key)
            keep = self._before.get(key, 0)
            if limit is not None and key in known and known[key].seq > max(limit, keep):
                self.changes |= take_out(self._store, *key, max(limit, keep))

    def _settle_alarms(self, passed_over: Collection[Key], cancelled: Callable[[], bool]) -> None:
        """Bring in other branches of what was followed, but for histories that are not to be read, or are refused."""
        older = {(gap.dev, gap.inc) for gap in gaps(self._store.conn)}
        self.reader.recover()
        for key in self._alarms.raised:
            if key in older:  # until its past is here, nobody can tell a fork from a snapshot that is false
                if key in self.stuck:
                    self.stuck[key] = (self.stuck[key][0], "older-history")
            elif not cancelled() and key not in passed_over:
                if self._behind.get(key) in self._alarms.about(key):
                    self.stuck.pop(key, None)
                self._alarms.settle(key)
        self.stuck.update(self._alarms.stuck)
        self.count += self._alarms.count
        self.changes |= self._alarms.changes

    def _follow(self, key: Key, cursor: int, tail: str, target: int, cancelled: Callable[[], bool]) -> None:
        """Queue a stream's segments from its cursor on, until op `target` or until it is stuck."""
        self.stuck.pop(key, None)
        start = cursor
        try:
            found, identities = self.reader.segments(key)
            approved = self._admission.trust.key(key[0])
            public = self.reader.key_of(key, identities, new=not cursor, approved=approved)
            again = True
            while cursor < target and not cancelled() and key not in self._dead and key not in self._dropped:
                try:
                    runs = self._next(key, found, cursor, tail, target, public)
                except Gone:
                    if not again:
                        raise
                    again = False
                    found, _ = self.reader.segments(key)
                    continue
                again = True
                for run in runs:
                    self._batch.append(run)
                    self._batched += len(run.ops)
                    cursor, tail = run.ops[-1].seq, run.tail
                    if self._batched >= self._batch_ops:
                        self._flush()
        except (Stuck, Distrusted) as stuck:
            self.stuck[key] = (cursor + 1, stuck.reason)
            if isinstance(stuck, Unread):
                self._cut_off.add(key)
        except TransportError as error:
            self.stuck[key] = (cursor + 1, error.code)
            self._cut_off.add(key)
        except UNREADABLE:
            self.stuck[key] = (cursor + 1, self.reader.give_up().reason)
        if cursor > start or key not in self.stuck:
            self.reader.excuse_listing()

    def _meet(self, key: Key) -> None:
        """Get to know the device of a stream that is not read yet, for the person who decides on it."""
        if key[0] in pins(self._store) and key[0] in claims(self._store):
            return
        if key in self._met or self.reader.is_worn_out:
            return
        try:
            self._introduce(key)
        except (Distrusted, TransportError):
            return  # it may not have arrived
        except (StoreError, *UNREADABLE) as error:
            _refusal(error)  # what is wrong with it is said once it is to be read

    def _introduce(self, key: Key) -> None:
        """Note what a device says of itself in its first ops; raises what reading them may."""
        found, identities = self.reader.segments(key)
        public = self.reader.acquaintance.key_of(key, identities, new=True)
        for name in sorted(name for name in found if name.first == 1 and name not in self._mute):
            try:
                first = self.reader.open(name, public, keep=False)
            except Stuck:
                continue
            self._mute.add(name)
            note_claim(self._store, key[0], claim_in(decode_lines(*key, 1, first.body), key[0]))
            self._met.add(key)
            return

    def _next(
        self, key: Key, found: list[SegmentName], cursor: int, tail: str, target: int, public: bytes
    ) -> list[Run]:
        """Return the verified ops that continue a stream up to `target`, from the longest segment that holds them.

        They come in runs no longer than a batch: a cursor may stand inside a segment, since links are taken over ops.
        """
        rivals = self._rivals(key, found, cursor)
        if not rivals:
            raise Stuck("missing")
        if self._split.get(key) == (cursor, tail, rivals):
            self._alarms.raise_alarm(self._behind[key])
            raise Stuck("missing")
        off = self._of_others(key, cursor)
        reasons: list[Stuck] = []
        chosen: tuple[SegmentName, Segment] | None = None
        seen = 0
        for name in rivals:
            if name in off:
                self._alarms.raise_alarm(self._behind[key])
                reasons.append(Stuck("missing"))
                continue
            if seen == MAX_RIVALS:  # only what is the device's own takes room: names cost a stranger nothing
                break
            try:
                rival = self.reader.open(name, public)
            except Stuck as stuck:
                reasons.append(stuck)
                continue
            seen += 1
            if rival.link_at(cursor) != tail:
                off.add(name)
                self._alarms.raise_alarm(
                    self._behind[key]
                )  # it is of another branch of a history that forked
                reasons.append(Stuck("missing"))
            elif chosen is None:
                chosen = (name, rival)
            elif chosen[1].link_at(rival.header.last) != rival.header.tail:
                self._split[key] = (cursor, tail, rivals)
                self._alarms.raise_alarm(
                    self._behind[key]
                )  # it forks further on: where the heads lead decides
                raise Stuck("missing")
        if chosen is None:
            raise next((stuck for stuck in reasons if isinstance(stuck, Gone)), reasons[0])
        self.reader.excuse(chosen[0])
        return self._runs(key, *chosen, cursor, tail, target)

    def _rivals(self, key: Key, found: list[SegmentName], cursor: int) -> list[SegmentName]:
        """Return the segments that hold the next op, the longest first.

        Where there are many, those come before the others that end no further than heads say that the device signed;
        where there are more than one look may open, in another order each time: the next one may be by a new process.
        """
        rivals = [name for name in found if name.first <= cursor + 1 <= name.last]
        reach = MAX_SEQ
        if len(rivals) > PLAIN_RIVALS:
            heads = self._beyond(key, cursor)
            reach = next((head.seq for head in heads if self.reader.proven([head])), MAX_SEQ)
        rivals.sort(key=lambda name: (name.last > reach, -name.last, name))
        if len(rivals) > reading.MAX_VAIN:
            random.shuffle(rivals)
            rivals.sort(key=lambda name: name.last > reach)
        return rivals

    def _of_others(self, key: Key, cursor: int) -> set[SegmentName]:
        """Return the segments that were found to be of another branch than what is held up to `cursor`."""
        cuts = self._store.meta("cuts")
        before = self._off.get(key)
        off = before[2] if before is not None and before[0] <= cursor and before[1] == cuts else set()
        self._off[key] = (cursor, cuts, off)
        return off

    def _runs(
        self, key: Key, name: SegmentName, found: Segment, cursor: int, tail: str, target: int
    ) -> list[Run]:
        """Return a segment's ops after the cursor and up to `target` as runs no longer than a batch."""
        try:
            ops = decode_lines(*key, name.first, found.body)
        except StoreError as error:
            raise self.reader.refuse(name, error.code) from error
        release(self._store, self._place.n, name.path)
        fresh, last = cursor + 1 - name.first, min(target + 1 - name.first, len(ops))
        decides = decides_on_trust(found.body)
        if last == len(ops) and last - fresh <= self._batch_ops:
            return [Run(key, name, ops[fresh:], found.header.tail, decides)]
        runs = []
        lines = found.lines
        for start in range(fresh, last, self._batch_ops):
            end = min(start + self._batch_ops, last)
            tail = segment.chain(found.header.stream, tail, lines[start:end])
            runs.append(Run(key, name, ops[start:end], tail, decides))
        return runs

    def _note_own(self, run: Run) -> None:
        stream = streams(self._store)[run.key]
        if stream.mine:
            set_pushed(self._store, self._place.n, stream.n, Pushed(run.ops[-1].seq, run.tail))

    def _flush(self) -> None:
        """Merge what is queued; what it decides about devices holds for the rest of the queue already."""
        batch, self._batch, self._batched = self._batch, [], 0
        deciding = dict.fromkeys(run.key for run in batch if run.decides)
        for key in deciding:
            self._merge_allowed([run for run in batch if run.key == key])
            self._admission.reconsider()
        self._merge_allowed([run for run in batch if run.key not in deciding])

    def _merge_allowed(self, batch: list[Run]) -> None:
        """Merge runs in one transaction with their cursors; a refused stream does not hold up the others."""
        for run in batch:
            if run.key not in self._dropped and not self._admission.allows(run.key, run.ops[-1].seq):
                self._dropped.add(run.key)
        batch = [run for run in batch if run.key not in self._dropped]
        if not batch:
            return
        try:
            self._merge(batch)
        except (StoreError, *UNREADABLE) as error:
            _refusal(error)
            for run in batch:
                if run.key in self._dead:
                    continue
                try:
                    self._merge([run])
                except (StoreError, *UNREADABLE) as refusal:
                    self.reader.refuse(run.name, _refusal(refusal))
                    self._dead[run.key] = (run.ops[0].seq, "quarantined")

    def _merge(self, runs: list[Run]) -> None:
        ops = [op for run in runs for op in run.ops]
        with bulk(self._store):
            self.changes |= merge(self._store, ops, {run.key: run.tail for run in runs})
        for run in runs:
            if run.key[0] == self._store.device:  # what was read here need not be brought here
                self._note_own(run)
        self.count += len(ops)
        self._tell(self.count, self._total)


def _refusal(error: Exception) -> str:
    """Return why ops are refused that could not be taken; raises what is this machine's trouble and not theirs."""
    if not isinstance(error, StoreError):
        return "bad-op"
    if error.code not in REFUSALS:
        raise error
    return error.code


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the garbage collector: a batch of ops is alive until it is merged, so it would only be scanned."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
