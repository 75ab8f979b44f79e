"""What a home does after a sync, when nobody waits: today's backup, a newcomer's past, a snapshot for newcomers."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from store.backup import back_up_daily
from sync.snapshots.backfill import Backfill
from sync.snapshots.taking import Photographer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.database import Store
    from sync.encryption.keyring import Keyring
    from sync.relay import Stop
    from sync.report import Taken
    from sync.trust.keys import Keys

BACKUP_EVERY = 3600.0  # seconds between two looks whether today's backup is due


class Upkeep:
    """Keeps one home in order, and its places fit for newcomers. Lives as long as the engine."""

    def __init__(self, store: Store, program: str) -> None:
        self._store = store
        self._backup_at = 0.0
        self._backfill = Backfill(store)
        self._photographer = Photographer(store, program)

    def run(
        self,
        stops: Sequence[Stop],
        keys: Callable[[], Keys],
        ring: Keyring | None,
        cancelled: Callable[[], bool],
        *,
        snapshots: bool = False,
    ) -> tuple[Taken, ...]:
        """Do what is due; returns the snapshots taken. What cannot be done now is no trouble of sync's: it comes again.

        `snapshots` asks for one in every place, due or not.
        """
        self._back_up()
        self._backfill.run(stops, None if ring is None else ring.key, cancelled)
        taken = []
        for stop in stops:
            if cancelled():
                break
            done = self._photographer.run(stop, keys, ring, cancelled, asked=snapshots)
            if done is not None:
                taken.append(done)
        return tuple(taken)

    def _back_up(self) -> None:
        if time.monotonic() < self._backup_at:
            return
        self._backup_at = time.monotonic() + BACKUP_EVERY
        with suppress(sqlite3.Error, OSError):
            back_up_daily(self._store)
