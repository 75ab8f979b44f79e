"""One writer a home: the app, `sync --watch` and `sync` of one home take turns at the places.

The lock is the operating system's, on a file in the home, which is never on a share: it is gone when its
holder is, however that ended.
"""

from __future__ import annotations

import os
import sys
import time

from store.database import LOCK_NAME
from store.errors import StoreError

_PAUSE = 0.02


class home_lock:
    """Hold the home's sync lock for the block; gives False when another kept it for `patience` seconds.

    A class, since a generator would need contextlib, and every `sameboat add` imports this module.
    """

    def __init__(self, home: str, patience: float) -> None:
        self._path = os.path.join(home, LOCK_NAME)
        self._patience = patience

    def __enter__(self) -> bool:
        try:
            self._descriptor = os.open(
                self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600
            )
        except OSError as error:
            raise StoreError("read-only", path=self._path, why=error.strerror or str(error)) from error
        deadline = time.monotonic() + self._patience
        while not (held := _try(self._descriptor)) and time.monotonic() < deadline:
            time.sleep(_PAUSE)
        return held

    def __exit__(self, *_error: object) -> None:
        os.close(self._descriptor)  # which releases the lock


def _try(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
