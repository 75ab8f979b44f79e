"""One writer a home: the app, `sync --watch` and `sync` of one home take turns at the places.

The lock is the operating system's, on a file in the home, which is never on a share: it is gone when its
holder is, however that ended.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_NAME = "sync.lock"
_PAUSE = 0.02


@contextmanager
def home_lock(home: str, patience: float) -> Iterator[bool]:
    """Hold the home's sync lock for the block; yields False when another kept it for `patience` seconds."""
    path = os.path.join(home, FILE_NAME)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError as error:
        raise StoreError("read-only", path=path, why=error.strerror or str(error)) from error
    try:
        deadline = time.monotonic() + patience
        while not (held := _try(descriptor)) and time.monotonic() < deadline:
            time.sleep(_PAUSE)
        yield held
    finally:
        os.close(descriptor)  # which releases the lock


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
