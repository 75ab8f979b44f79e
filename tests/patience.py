"""How long tests wait for what comes when it comes: what threads, other processes and servers do."""

from __future__ import annotations

import time
from collections.abc import Callable

# Seconds that a machine with other things to do may take for what takes a tenth of one. Only a failure waits so long.
PATIENCE = 60.0


def becomes(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until something is true; tells whether it became so in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True
