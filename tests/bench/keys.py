"""A key to the last byte of its repaint, through a real terminal at 100,000 items.

Keys come as a person types them, one after another with a pause between; the pause is long enough for the
board to be at rest and uneven, so that keys do not fall in step with timers. A key's time is from the write
of its byte to the last piece of output before the next key, whatever that output is: nothing is subtracted
and nothing late is overlooked. The home is taken off its share meanwhile, since the header then has no clock
of its own that repaints.

The floor is one frame of a 60 Hz screen. The bare app's echo of a key, a single short line, stands beside it
for scale.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

from tests.bench.children import program
from tests.bench.lab import Lab
from tests.bench.measure import FRAME_MS, Row, against, median, quantile
from tests.bench.opening import FullBoard, bare_shown, bare_words
from tests.bench.terminal import Terminal

NAME = "keys"
MEDIAN_BAR, P99_BAR = 1.2, 3.0
PAUSE = (0.16, 0.26)  # seconds between two keys
STILL = 0.08  # and so many without output, however long the repaint takes
PATIENCE = 5.0

PAGE_DOWN, PAGE_UP = "\x1b[6~", "\x1b[5~"
# What is pressed, by what it is called. A round goes there and back, so that every press has something to repaint.
ROUNDS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("j", "j"), ("j", "j"), ("j", "j"), ("j", "j")),
    (("l", "l"), ("h", "h"), ("l", "l"), ("h", "h")),
    (("page down", PAGE_DOWN), ("page up", PAGE_UP), ("page down", PAGE_DOWN), ("page up", PAGE_UP)),
    (
        ("L moves the card", "L"),
        ("H moves it back", "H"),
        ("L moves the card", "L"),
        ("H moves it back", "H"),
    ),
    (
        ("J moves it down", "J"),
        ("K moves it back up", "K"),
        ("J moves it down", "J"),
        ("K moves it back up", "K"),
    ),
    (("G, last card", "G"), ("g, first card", "g")),
)
GROUPS = {
    "j": ("j",),
    "l": ("l", "h"),
    "page": ("page down", "page up"),
    "move": ("L moves the card", "H moves it back"),
    "shift": ("J moves it down", "K moves it back up"),
    "ends": ("G, last card", "g, first card"),
}
LABELS = {
    "j": "j",
    "l": "l and h",
    "page": "page down and up",
    "move": "L and H, move a card to the next column",
    "shift": "J and K, move a card within its column",
    "ends": "G and g, ends of the column",
}


def measure(lab: Lab) -> Iterator[Row]:
    """Yield median and 99th percentile of every sort of key."""
    workspace = lab.workspace(lab.largest)
    count = lab.sizes.keys
    with workspace.without_place():
        board = FullBoard(workspace)
        with Terminal(program(), lab.env_of(workspace)) as terminal:
            terminal.wait_for(board.begun)
            terminal.settle(quiet=1.0)
            times = press_all(terminal, count)
    with Terminal(bare_words(), lab.env) as terminal:
        terminal.wait_for(bare_shown)
        terminal.settle(quiet=1.0)
        echoes = [press(terminal, "jk"[number % 2]) for number in range(count)]
    echo = f"the bare app's echo: median {median(echoes):.1f} ms, 99th percentile {quantile(echoes, 0.99):.1f} ms"
    for group, names in GROUPS.items():
        values = [value for name in names for value in times[name]]
        for which, bar, note in (("median", MEDIAN_BAR, ""), ("p99", P99_BAR, echo if group == "j" else "")):
            value = median(values) if which == "median" else quantile(values, 0.99)
            yield against(
                f"key-{group}-{which}",
                f"key to repaint, {workspace.items:,} items, {LABELS[group]}, {which}",
                "ms",
                value,
                FRAME_MS,
                values=values,
                bar=bar,
                note=note,
            )


def press_all(terminal: Terminal, count: int) -> dict[str, list[float]]:
    """Return the ms of at least `count` presses of every group, in mixed rounds."""
    times: dict[str, list[float]] = {name: [] for names in GROUPS.values() for name in names}
    mixed = random.Random(3)
    while any(_pressed(times, names) < count for names in GROUPS.values()):
        for keys in mixed.sample(ROUNDS, len(ROUNDS)):
            names = {name for name, _ in keys}
            group = next(members for members in GROUPS.values() if names.issubset(members))
            if _pressed(times, group) < count:
                for name, key in keys:
                    times[name].append(press(terminal, key))
    return times


def _pressed(times: dict[str, list[float]], names: Sequence[str]) -> int:
    return sum(len(times[name]) for name in names)


def press(terminal: Terminal, key: str) -> float:
    """Return the ms from a key to the last output before the next one may come."""
    start = len(terminal.pieces)
    at = terminal.press(key)
    terminal.listen(time.monotonic() + random.uniform(*PAUSE))
    if len(terminal.pieces) == start and not terminal.read(PATIENCE):
        raise RuntimeError(f"nothing was repainted after {key!r}")
    while time.monotonic() - terminal.pieces[-1].at < STILL:
        terminal.read(STILL)
    return (terminal.pieces[-1].at - at) * 1000
