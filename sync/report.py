"""What one sync did and found: the engine fills it in, screens and the command line show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.errors import NEEDS_PERSON, WAITING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from store.changes import ChangeSet
    from store.places import Place, Quarantined, Waiting

    # Called with "push" or "pull", ops done so far, and how many there are in all.
    Progress = Callable[[str, int, int], None]

# Reasons a push is held back that time does not heal: this device has been revoked, or whoever was holds the last key
# that there can be.
DISPUTED = frozenset({"shut-out", "too-many-keys"})
# Reasons a file was refused that ask nothing of anyone: a person has decided already.
DECIDED = frozenset({"revoked"})


def needs_person(quarantined: Iterable[Quarantined]) -> bool:
    """Return whether any refused file asks a person to look."""
    return any(file.reason not in DECIDED for file in quarantined)


class Odd(NamedTuple):
    """A file that is no part of the share and was left alone: "copy", "temporary", "stranger" or "irregular"."""

    name: str
    what: str


class PlaceReport(NamedTuple):
    """How one place fared. `paused`: nothing could be done there. `held`: reading worked, writing did not.

    `pushed` and `pulled` count ops, `relayed` files of other devices that were carried here from other places. Of
    places that count requests: `next_at` is when they are looked at next, in ms since the epoch, `requests` how many
    were made in the time in which `allowed` may be, 0 for any number.
    """

    place: Place
    paused: str = ""
    held: str = ""
    pushed: int = 0
    pulled: int = 0
    odd: tuple[Odd, ...] = ()
    relayed: int = 0
    next_at: int = 0
    requests: int = 0
    allowed: int = 0


class Taken(NamedTuple):
    """A snapshot that was written to a place: the ops it stands for and its bytes; or why none was, `why`.

    That is "older-history" (this home has none itself yet), "forked", "untrusted", "outbox" (not everything of this
    home is there), "no-key", "too-large", or the place's own trouble.
    """

    place: Place
    ops: int = 0
    size: int = 0
    why: str = ""


class SyncReport(NamedTuple):
    """How a sync went. `busy`: another process of this home was syncing, so this one left it to that.

    `missing` counts the older ops of a newcomer that are still to come.
    """

    at: int
    changes: ChangeSet
    places: tuple[PlaceReport, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    busy: bool = False
    cancelled: bool = False
    error: str = ""
    snapshots: tuple[Taken, ...] = ()
    missing: int = 0

    @property
    def pushed(self) -> int:
        """Return how many own ops were written to places."""
        return sum(place.pushed for place in self.places)

    @property
    def pulled(self) -> int:
        """Return how many of other devices' ops were merged."""
        return sum(place.pulled for place in self.places)

    @property
    def paused_reason(self) -> str:
        """Return why the first troubled place is paused or held, or ""."""
        return next((reason for place in self.places if (reason := place.paused or place.held)), "")

    @property
    def exit_code(self) -> int:
        """Return 4 when a person must look, 3 when something is waited for, 0 when all is well."""
        if needs_person(self.quarantined) or any(place.held in DISPUTED for place in self.places):
            return NEEDS_PERSON
        if self.waiting or self.error or any(place.paused or place.held for place in self.places):
            return WAITING
        return 0
