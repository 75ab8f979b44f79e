"""Wall and Lamport clocks: wall time is for people and ties, Lamport time says what was known.

L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978.
"""

from __future__ import annotations

import time

# A peer that jumps the Lamport clock cannot exhaust it: 2**53 - 1 is also what every JSON reader holds exactly.
MAX_LAMPORT = 2**53 - 1
MAX_WALL = 253_402_300_799_999  # 9999-12-31, the last millisecond datetime can show


def wall_ms() -> int:
    """Return the wall clock in milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


def next_lamport(highest_seen: int) -> int:
    """Return the Lamport time of an event that knows of everything up to `highest_seen`."""
    return min(highest_seen + 1, MAX_LAMPORT)
