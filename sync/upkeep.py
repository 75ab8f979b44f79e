"""What a home does after a sync, when nobody waits: today's backup."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from store.backup import back_up_daily

if TYPE_CHECKING:
    from store.database import Store

BACKUP_EVERY = 3600.0  # seconds between two looks whether today's backup is due


class Upkeep:
    """Keeps one home in order. Lives as long as the engine."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._backup_at = 0.0

    def run(self) -> None:
        """Do what is due. What cannot be done now is no trouble of sync's: it is tried again."""
        self._back_up()

    def _back_up(self) -> None:
        if time.monotonic() < self._backup_at:
            return
        self._backup_at = time.monotonic() + BACKUP_EVERY
        try:
            back_up_daily(self._store)
        except (sqlite3.Error, OSError):
            pass  # `doctor` looks at the disk and at the age of backups
