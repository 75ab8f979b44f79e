"""The clock of the point that is being talked about: kept on this machine, so that it outlives the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.running import LONGEST

if TYPE_CHECKING:
    from store.database import Store

_KEY = "meeting_point"


class Clock(NamedTuple):
    """A point and since when (ms) it is talked about."""

    point: str
    since: int


def clock(store: Store) -> Clock | None:
    """Return the clock that runs; one that runs for half a day was forgotten."""
    point, _space, since = store.meta(_KEY).partition(" ")
    if not point or not since.isdecimal() or not 0 <= store.now() - int(since) <= LONGEST:
        return None
    return Clock(point, int(since))


def start_clock(store: Store, point: str) -> None:
    """Let the clock of a point run from now on; '' stops it."""
    if point or store.meta(_KEY):
        store.set_meta(_KEY, f"{point} {store.now()}" if point else "")


def minutes_on(store: Store, point: str) -> float:
    """Return the minutes that the clock shows for a point, 0 where another one's runs."""
    running = clock(store)
    if running is None or running.point != point:
        return 0
    return round((store.now() - running.since) / 60_000, 1)
