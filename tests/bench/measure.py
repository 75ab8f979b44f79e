"""Ratios taken in pairs: program and floor in turns, so that a busy moment of the machine weighs on both."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

FRAME_MS = 1000 / 60


class Row(NamedTuple):
    """One line of the table. Without a bar it informs; without a floor its value stands alone.

    `ratio` is the median over the pairs, `low` and `high` the least and the greatest; `runs` says how many there were.
    """

    name: str
    what: str
    unit: str
    value: float
    floor: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    runs: int = 1
    bar: float | None = None
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the bar, if there is one, holds."""
        return self.bar is None or self.ratio is None or self.ratio <= self.bar


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed; nothing is interpolated."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def in_turns(floor: Callable[[], float], value: Callable[[], float], pairs: int) -> list[tuple[float, float]]:
    """Return `pairs` measurements of both, floor first in one pair and second in the next."""
    found = []
    for turn in range(pairs):
        if turn % 2:
            measured = value()
            found.append((floor(), measured))
        else:
            measured = floor()
            found.append((measured, value()))
    return found


def paired(
    name: str,
    what: str,
    unit: str,
    pairs: Sequence[tuple[float, float]],
    *,
    bar: float | None = None,
    note: str = "",
) -> Row:
    """Return the row of (floor, value) pairs: medians of each, and the ratios' median and spread."""
    ratios = [value / floor for floor, value in pairs]
    return Row(
        name,
        what,
        unit,
        median([value for _, value in pairs]),
        median([floor for floor, _ in pairs]),
        median(ratios),
        min(ratios),
        max(ratios),
        len(pairs),
        bar,
        note,
    )


def against(
    name: str,
    what: str,
    unit: str,
    value: float,
    floor: float,
    *,
    values: Sequence[float] = (),
    bar: float | None = None,
    note: str = "",
) -> Row:
    """Return the row of a value against a fixed floor, such as one frame of a 60 Hz screen."""
    spread = values or (value,)
    return Row(
        name, what, unit, value, floor, value / floor, min(spread) / floor, max(spread) / floor, len(spread), bar, note
    )  # fmt: skip


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes as it comes, garbage of what went before included."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes, garbage of what went before not included."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
