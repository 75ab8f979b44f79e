"""The engine: one call brings this home and its places up to date with each other, and says what it found.

    push  own new ops → segment → head → cursor          (sync.push)
    pull  heads → segments → verify → merge → cursor      (sync.pull)

A place that cannot be used is paused with a reason and nothing there is touched; the others go on. Absence is
never deletion: nothing in this package removes an op, and of files only what its owner has replaced.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from store import places
from store.branches import trees
from store.changes import ChangeSet
from store.errors import StoreError
from store.gaps import missing_ops
from store.journal import write_notes
from store.sparse import everything
from sync import names
from sync.branches.recovery import Past
from sync.diary import notes
from sync.encryption.custody import Custodian
from sync.encryption.keyring import Keyring
from sync.encryption.setting import is_encrypted
from sync.lock import home_lock
from sync.places.grounds import place_transport
from sync.places.share import create_share, open_share, trouble
from sync.places.transport import Transport, TransportError
from sync.places.turns import Turns
from sync.pull import BATCH_OPS, Puller
from sync.push import Held, Pusher
from sync.reading import BRANCHES
from sync.relay import Relay, Stop
from sync.releasing import Releaser
from sync.report import DISPUTED, Odd, PlaceReport, SyncReport
from sync.snapshots.newcomer import FALSE, welcome
from sync.state import SyncState, sync_state
from sync.trust.own_device import own_keys
from sync.trust.roster import note_own
from sync.trust.standing import REVOKED, read_trust
from sync.upkeep import Upkeep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from store.database import Store
    from store.places import Place, Quarantined
    from sync.names import HeadName
    from sync.report import Progress
    from sync.trust.keys import Keys

__all__ = [
    "Engine", "SyncReport", "SyncState", "create_share", "open_share", "sync_once", "sync_state",
]  # fmt: skip

PATIENCE = 5.0  # seconds to wait for another process of this home that is syncing
_LAST_EVERY = 60_000  # ms between two notes of an uneventful sync: an idle home does not write
_ODD_AT_MOST = 100


class _Desk(NamedTuple):
    """Everything that is kept between two syncs with one place."""

    transport: Transport
    pusher: Pusher
    puller: Puller
    past: Past
    releaser: Releaser
    custodian: Custodian | None  # of an encrypted workspace
    heads: list[HeadName]  # as they were listed last
    turns: Turns | None  # where requests are counted

    def hurry(self, urgent: bool) -> None:
        """Let the reserve of requests be used, which is for a person's own edits, or not."""
        if self.turns is not None:
            self.turns.budget.urgent = urgent

    def count_requests(self) -> None:
        """Let other processes know of the requests made here."""
        if self.turns is not None:
            self.turns.budget.flush()


class Engine:
    """Syncs one open store with its places; keep it for repeated syncs, since it remembers what it has checked.

    `batch_ops` bounds how many ops are merged in one transaction, that is how long others wait to write.
    """

    def __init__(
        self,
        store: Store,
        *,
        transports: Callable[[str, Store], Transport] = place_transport,
        batch_ops: int = BATCH_OPS,
    ) -> None:
        self._store = store
        self._batch_ops = batch_ops
        self._transports = transports
        self._desks: dict[Place, _Desk] = {}
        self._writing = ""  # the incarnation that the desks know
        self._keys: Keys | None = None
        self._ring: Keyring | None = None
        self._relay: Relay | None = None
        self._stops: list[Stop] = []
        self._upkeep = Upkeep(store, program())

    def sync(
        self,
        *,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        patience: float = PATIENCE,
        asked: bool = True,
        snapshots: bool = False,
    ) -> SyncReport:
        """Bring home and places up to date; a cancelled sync stops between files and leaves everything consistent.

        When nobody `asked`, places that count requests are passed over until it is their turn. `snapshots` has one
        taken for newcomers now, in every place. Raises StoreError for troubles of this machine's database; a place's
        troubles are in the report.
        """
        stop = cancelled or _never
        with home_lock(self._store.home, patience) as held:
            if not held:
                return SyncReport(self._store.now(), ChangeSet(), busy=True)
            changes = ChangeSet()
            reports: list[PlaceReport] = []
            refused = {(file.place, file.name) for file in places.quarantined(self._store)}
            if self._store.displaced:  # a copy gets an incarnation of its own before anything is sent
                with self._store.transaction():
                    pass
            self._look_for_keys()
            self._stops = []
            if found := places.places(self._store):
                seal = "" if self._ring is None else self._ring.seal.recipient
                note_own(self._store, self._own_keys().public, seal)
            for place in found:
                report, changed = self._visit(place, progress or _silent, stop, asked=asked)
                reports.append(report)
                changes |= changed
            reports = self._carry(reports, stop)
            self._settle()
            taken = self._upkeep.run(self._stops, self._own_keys, self._ring, stop, snapshots=snapshots)
            for desk in self._desks.values():
                desk.count_requests()
            self._note(reports, refused, stopped=stop())
            return SyncReport(
                self._store.now(),
                changes,
                tuple(reports),
                tuple(places.waiting(self._store)),
                tuple(places.quarantined(self._store)),
                cancelled=stop(),
                snapshots=taken,
                missing=missing_ops(self._store.conn),
            )

    def _visit(
        self, place: Place, progress: Progress, cancelled: Callable[[], bool], *, asked: bool
    ) -> tuple[PlaceReport, ChangeSet]:
        """Sync with a place, if it is its turn."""
        desk = self._desk(place)
        turns = desk.turns
        if turns is None:
            return self._sync_place(place, progress, cancelled)
        edits = not place.readonly and places.outbox(self._store, place.n) > 0
        if not turns.is_due(asked=asked, edits=edits):
            known = places.sync_status(self._store).get("places", {}).get(str(place.n), {})
            report = PlaceReport(place, paused=str(known.get("paused", "")), held=str(known.get("held", "")))
            if not report.paused and not report.held:
                self._stops.append(Stop(place, desk.transport, desk.heads, writable=not place.readonly))
            return report, ChangeSet()
        desk.hurry(asked or edits)
        report, changed = self._sync_place(place, progress, cancelled)
        desk.hurry(False)
        turns.taken(
            eventful=bool(report.pushed or report.pulled),
            sent=report.pushed > 0,
            failed=bool(report.paused or report.held),
        )
        return report, changed

    def _sync_place(
        self, place: Place, progress: Progress, cancelled: Callable[[], bool]
    ) -> tuple[PlaceReport, ChangeSet]:
        desk = self._desk(place)
        reason = trouble(desk.transport, self._store)
        if not reason and self._ring is not None and self._ring.writing is None:
            reason = "no-key"
        if reason:
            return PlaceReport(place, paused=reason), ChangeSet()
        try:
            heads, odd = _heads(desk.transport)
        except TransportError as error:
            return PlaceReport(place, paused=error.code), ChangeSet()
        desk.releaser.run(heads)
        moved, held = self._settle_past(desk, place, heads)
        desk = self._desk(place)
        desk.heads[:] = heads
        loaded = welcome(self._store, place, desk.transport, self._ring, heads, progress, cancelled)
        if desk.custodian is None:
            held = held if held or place.readonly else self._push(desk, heads, progress, cancelled)
            count, changed, _ = self._pull(desk, heads, progress, cancelled)
        else:  # what has been decided about devices and keys comes before anything is written
            count, changed, reason = self._pull(desk, heads, progress, cancelled)
            held = held or reason
            held = held if held or place.readonly else self._push(desk, heads, progress, cancelled)
        if loaded:
            count, changed = count + loaded, everything(self._store.conn)
        changed |= moved
        if not cancelled():
            places.set_waiting(self._store, place.n, desk.puller.stuck)
        self._stops.append(
            Stop(place, desk.transport, desk.heads, writable=not place.readonly and held not in DISPUTED)
        )
        report = PlaceReport(
            place,
            held=held,
            pushed=0 if place.readonly else desk.pusher.count,
            pulled=count,
            odd=tuple((odd + desk.puller.odd)[:_ODD_AT_MOST]),
        )
        return report, changed

    def _settle_past(self, desk: _Desk, place: Place, heads: list[HeadName]) -> tuple[ChangeSet, str]:
        """Go on in a new incarnation where somebody else writes in this one; returns what changed, and what is held.

        Heads of this home's own that were missing are added to `heads`.
        """
        desk.pusher.count = 0
        try:
            if not place.readonly:
                heads += desk.pusher.vouch(heads)
            return desk.past.settle(heads), ""
        except Held as held:
            return ChangeSet(), held.reason
        except TransportError as error:
            return ChangeSet(), error.code

    def _pull(
        self, desk: _Desk, heads: list[HeadName], progress: Progress, cancelled: Callable[[], bool]
    ) -> tuple[int, ChangeSet, str]:
        """Pull, once more as long as keys come with it; return what came, and why keys could not be looked for."""
        count, changes, again = 0, ChangeSet(), False
        desk.hurry(False)
        while True:
            desk.puller.run(heads, cancelled, lambda done, total: progress("pull", done, total), again=again)
            again = True
            count += desk.puller.count
            changes |= desk.puller.changes
            waits = any(reason == "no-key" for _, reason in desk.puller.stuck.values())
            if desk.custodian is None or cancelled():
                return count, changes, ""
            if not desk.custodian.is_due(waits=waits, moved=desk.puller.count > 0):
                return count, changes, ""
            try:
                if not desk.custodian.collect():
                    return count, changes, ""
            except TransportError as error:
                return count, changes, error.code

    def _push(
        self, desk: _Desk, heads: list[HeadName], progress: Progress, cancelled: Callable[[], bool]
    ) -> str:
        """Push, and return why it was held back, or ""."""
        desk.pusher.count = 0
        desk.hurry(True)
        if read_trust(self._store).standing(self._store.device) == REVOKED:
            return "shut-out"
        total = places.outbox(self._store)
        try:
            if desk.custodian is not None:
                desk.custodian.prepare()
            desk.pusher.run(heads, cancelled, lambda done: progress("push", done, max(done, total)))
        except Held as held:
            return held.reason
        except TransportError as error:
            return error.code
        except StoreError as error:
            if error.code != "too-many-keys":
                raise
            return error.code
        return ""

    def _carry(self, reports: list[PlaceReport], cancelled: Callable[[], bool]) -> list[PlaceReport]:
        """Carry other devices' files between the places that were read, and return the reports with what came of it."""
        if self._relay is None:
            self._relay = Relay(self._store, None if self._ring is None else self._ring.key)
        carried = self._relay.run(self._stops, cancelled)
        done = []
        for report in reports:
            count, reason = carried.get(report.place.n, (0, ""))
            done.append(self._metered(report._replace(relayed=count, held=report.held or reason)))
        return done

    def _metered(self, report: PlaceReport) -> PlaceReport:
        """Return a place's report with when its next turn is and how many requests it has had, where that counts."""
        turns = self._desk(report.place).turns
        if turns is None:
            return report
        budget = turns.budget
        return report._replace(
            next_at=round(turns.next_at * 1000), requests=budget.used, allowed=budget.limit
        )

    def _desk(self, place: Place) -> _Desk:
        if self._store.incarnation != self._writing:  # what was checked was checked of another stream
            self._desks.clear()
            self._writing = self._store.incarnation
        desk = self._desks.get(place)
        if desk is None:
            transport = self._transports(place.url, self._store)
            keys, ring = self._own_keys(), self._ring
            puller = Puller(self._store, place, transport, self._batch_ops, ring)
            desk = self._desks[place] = _Desk(
                transport,
                Pusher(self._store, place, transport, program(), keys, ring),
                puller,
                Past(self._store, puller.reader, keys.public),
                Releaser(self._store, place, transport),
                None if ring is None else Custodian(self._store, place, transport, ring, keys),
                [],
                None if transport.meter is None else Turns(transport.meter),
            )
        return desk

    def _own_keys(self) -> Keys:
        """Return this device's keys, which are its own from the first sync on."""
        if self._keys is None:
            self._keys = own_keys(self._store)
        return self._keys

    def _look_for_keys(self) -> None:
        """Hold the keys of an encrypted workspace as they are now: another process may have been given one."""
        if self._ring is not None:
            self._ring.refresh()
        elif is_encrypted(self._store):
            self._ring = Keyring(self._store.home)

    def _settle(self) -> None:
        """Forget troubles that are over: what one place lacked or had damaged has come, from another or anew."""
        known = trees(self._store.conn)
        cursors = {key: max(node.end for node in tree.nodes.values()) for key, tree in known.items()}
        for file in places.quarantined(self._store):
            if _is_over(file, cursors):
                places.release(self._store, file.place, file.name)
        # Of a history that forked one branch may have come and another not: only a look at its place can tell.
        for key, tree in known.items():
            if tree.is_forked:
                cursors[key] = 0
        rows = places.waiting(self._store)
        for n in {row.place for row in rows}:
            left = {
                (row.dev, row.inc): (row.seq, row.reason)
                for row in rows
                if row.place == n and cursors.get((row.dev, row.inc), 0) < row.seq
            }
            places.set_waiting(self._store, n, left)

    def _note(self, reports: list[PlaceReport], refused: set[tuple[int, str]], *, stopped: bool) -> None:
        """Write down for other processes when this was and which places are in trouble, when that is news.

        `refused` are the files that were refused before; who `stopped` a sync is not up to date.
        """
        now = self._store.now()
        before = places.sync_status(self._store)
        known = before.get("places", {})
        write_notes(self._store, notes(now, reports, known, refused, places.quarantined(self._store)))
        troubles: dict[str, Any] = {}
        for report in reports:
            if report.paused or report.held:
                old = known.get(str(report.place.n), {})
                troubles[str(report.place.n)] = {
                    "paused": report.paused, "held": report.held, "since": old.get("since", now),
                }  # fmt: skip
        moved = any(report.pushed or report.pulled or report.relayed for report in reports)
        # A clock that was set back must not keep the note from being renewed.
        due = abs(now - int(before.get("last", 0))) >= _LAST_EVERY
        if moved or due or troubles != known:
            well = not stopped and any(not report.paused for report in reports)
            last = now if well else before.get("last", 0)
            places.set_sync_status(self._store, {"last": last, "places": troubles})


def sync_once(
    store: Store,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    patience: float = PATIENCE,
) -> SyncReport:
    """Bring this home and its places up to date with each other once, and return what happened."""
    return Engine(store).sync(progress=progress, cancelled=cancelled, patience=patience)


@cache
def program() -> str:
    """Return this program's name and version, as segments carry it."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"sameboat {version('sameboat')}"
    except PackageNotFoundError:
        return "sameboat"


def _is_over(file: Quarantined, cursors: Mapping[tuple[str, str], int]) -> bool:
    """Return whether what a refused file stood for is here by now."""
    if file.reason == BRANCHES:  # never over: there are ops that nobody has but the one who wrote them
        return False
    if name := names.parse_path(file.name):
        return cursors.get(name[:2], 0) >= name.last
    if (taken := names.snapshot_at(file.name)) and file.reason != FALSE:
        return sum(cursors.values()) >= taken.ops
    head = names.parse_head(file.name.removeprefix(f"{names.HEADS}/")) if file.reason == REVOKED else None
    return head is not None and cursors.get(head[:2], 0) >= head.seq


def _heads(transport: Transport) -> tuple[list[HeadName], list[Odd]]:
    listing = transport.list(names.HEADS)
    heads = []
    odd = [Odd(f"{names.HEADS}/{name}", "irregular") for name in listing.odd]
    for name in listing.files:
        head = names.parse_head(name)
        if head is not None:
            heads.append(head)
        elif what := names.oddity(name):
            odd.append(Odd(f"{names.HEADS}/{name}", what))
    return heads, odd


def _never() -> bool:
    return False


def _silent(stage: str, done: int, total: int) -> None:
    pass
