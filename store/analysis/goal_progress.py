"""How far a goal has come: its key result from where it began over where it is to where it shall be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

# Why there is nothing to measure: no number to reach, none reported yet, or a way of no length.
NO_TARGET, NO_CURRENT, NO_DISTANCE = "no-target", "no-current", "no-distance"


class Progress(NamedTuple):
    """`fraction` is 0 to 1, or None and `reason` says why; `done` is whether the target is reached or passed."""

    fraction: float | None
    reason: str = ""
    done: bool = False
    worse: bool = False  # further from the target than where it began

    @property
    def percent(self) -> int | None:
        """Return whole per cent; 100 only where the target is reached, and 0 only at the start."""
        if self.fraction is None:
            return None
        if self.done:
            return 100
        return min(max(round(self.fraction * 100), 1 if self.fraction > 0 else 0), 99)


def progress(baseline: float | None, current: float | None, target: float | None) -> Progress:
    """Return how far `current` is on the way from `baseline` to `target`, by linear interpolation.

    This is how objectives and key results are scored, from 0.0 to 1.0 (J. Doerr, "Measure What Matters", 2018):
    (current − baseline) ÷ (target − baseline), clamped. A target below the baseline turns the direction round by
    itself. A baseline that nobody gave is zero: what is counted from then on, such as sign-ups.
    """
    if target is None:
        return Progress(None, NO_TARGET)
    if current is None:
        return Progress(None, NO_CURRENT)
    start = 0.0 if baseline is None else baseline
    if target == start:
        return Progress(None, NO_DISTANCE, done=current == target)
    # Halved first: the difference of two huge numbers of both signs is beyond what a number holds.
    way = (current / 2 - start / 2) / (target / 2 - start / 2) if target / 2 != start / 2 else math.nan
    if math.isnan(way):
        return Progress(None, NO_DISTANCE, done=current == target)
    done = current >= target if target > start else current <= target
    return Progress(1.0 if done else min(max(way, 0.0), 1.0), done=done, worse=way < 0)


class Point(NamedTuple):
    """What the key result was at the end of a day."""

    day: date
    value: float


def sampled(points: Sequence[Point], count: int) -> list[float]:
    """Return the values at `count` moments from the first day to the last, each held until the next was given.

    Fewer days than that give a value a day. `points` are in order, one a day.
    """
    if not points or count <= 0:
        return []
    first, last = points[0].day.toordinal(), points[-1].day.toordinal()
    steps = min(count, last - first + 1)
    found: list[float] = []
    at = 0
    for step in range(steps):
        day = last if step == steps - 1 else first + round(step * (last - first) / max(steps - 1, 1))
        while at + 1 < len(points) and points[at + 1].day.toordinal() <= day:
            at += 1
        found.append(points[at].value)
    return found


def levels(values: Sequence[float], count: int = 8) -> list[int]:
    """Return each value's height, the least 0 and the greatest `count` − 1; where all are the same, the middle."""
    if not values:
        return []
    low, high = min(values), max(values)
    spread = high / 2 - low / 2
    if not spread > 0:
        return [(count - 1) // 2] * len(values)
    return [min(round((value / 2 - low / 2) / spread * (count - 1)), count - 1) for value in values]
