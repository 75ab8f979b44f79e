"""How sync stands, from what is already known here: no place is touched, so headers and `status` may ask any time.

Imports neither the engine nor what it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import places
from store.errors import NEEDS_PERSON, WAITING
from sync.report import DISPUTED, needs_person
from sync.trust.standing import SEEN, read_trust
from sync.trust.standing import WAITING as UNDECIDED

if TYPE_CHECKING:
    from store.database import Store
    from store.places import Quarantined, Waiting


class PlaceState(NamedTuple):
    """A place and how the last sync found it; `since` is when its trouble began.

    Of a place that counts requests: `next_at` is when the process that keeps it in sync, if there is one, looks again,
    `requests` how many were made in the time in which `allowed` may be, 0 for any number.
    """

    n: int
    url: str
    readonly: bool
    paused: str
    held: str
    since: int
    next_at: int = 0
    requests: int = 0
    allowed: int = 0


class Peer(NamedTuple):
    """Another device: how many of its ops we hold, and the newest one's time and author."""

    device: str
    member: str
    name: str
    ops: int
    last_at: int
    waiting: str


class SyncState(NamedTuple):
    """Everything a person may want to know of sync at once. Times are ms since the epoch, 0 for never.

    `standing` is how this device stands with the others: "seen", "approved", "waiting" or "revoked".
    """

    places: tuple[PlaceState, ...]
    peers: tuple[Peer, ...]
    waiting: tuple[Waiting, ...]
    quarantined: tuple[Quarantined, ...]
    outbox: int
    last_sync: int
    standing: str = SEEN

    @property
    def unapproved(self) -> tuple[str, ...]:
        """Return the devices that wait for somebody's approval."""
        return tuple(dict.fromkeys(row.dev for row in self.waiting if row.reason == "unapproved"))

    @property
    def undecided(self) -> bool:
        """Return whether this device waits until somebody approves it."""
        return self.standing == UNDECIDED

    @property
    def is_readonly(self) -> bool:
        """Return whether what is written here reaches nobody, since every place may only be read."""
        return bool(self.places) and all(place.readonly for place in self.places)

    @property
    def paused_reason(self) -> str:
        """Return why the first troubled place is paused or held, or ""."""
        return next((reason for place in self.places if (reason := place.paused or place.held)), "")

    @property
    def exit_code(self) -> int:
        """Return 4 when a person must look, 3 when something is waited for, 0 when all is well."""
        if needs_person(self.quarantined) or any(place.held in DISPUTED for place in self.places):
            return NEEDS_PERSON
        return WAITING if self.waiting or self.paused_reason or self.undecided else 0


def sync_state(store: Store) -> SyncState:
    """Return how sync stands as of the last sync that any process of this home made."""
    status = places.sync_status(store)
    troubles = status.get("places", {})
    waiting = places.waiting(store)
    return SyncState(
        places=tuple(_place(store, place, troubles.get(str(place.n), {})) for place in places.places(store)),
        peers=_peers(store, {(row.dev, row.inc): row.reason for row in waiting}),
        waiting=tuple(waiting),
        quarantined=tuple(places.quarantined(store)),
        outbox=places.outbox(store),
        last_sync=int(status.get("last", 0)),
        standing=read_trust(store).standing(store.device),
    )


def _place(store: Store, place: places.Place, trouble: dict[str, object]) -> PlaceState:
    since = trouble.get("since", 0)
    state = PlaceState(
        place.n,
        place.url,
        place.readonly,
        str(trouble.get("paused", "")),
        str(trouble.get("held", "")),
        since if isinstance(since, int) else 0,
    )
    if "://" not in place.url:  # which spares whoever has folders only the modules about servers
        return state
    from sync.places.grounds import place_budget

    budget = place_budget(place.url, store.home)
    if budget is None:
        return state
    at = max(budget.planned, budget.next_at)
    return state._replace(
        next_at=round(at * 1000) if at > budget.now() else 0, requests=budget.used, allowed=budget.limit
    )


def _peers(store: Store, waiting: dict[tuple[str, str], str]) -> tuple[Peer, ...]:
    """Return a peer a device: a device that began a new incarnation is still one device."""
    peers: dict[str, Peer] = {}
    for row in places.other_streams(store):
        reason = waiting.get((row.dev, row.inc), "")
        known = peers.get(row.dev)
        if known is None:
            peers[row.dev] = Peer(row.dev, row.member, row.name, row.seq, row.at, reason)
            continue
        newest = (row.member, row.name, row.at) if row.at > known.last_at else (*known[1:3], known.last_at)
        member, name, at = newest
        peers[row.dev] = Peer(row.dev, member, name, known.ops + row.seq, at, known.waiting or reason)
    return tuple(sorted(peers.values(), key=lambda peer: (-peer.last_at, peer.device)))
