"""Going from one screen to another at 100,000 items: from the key to the last byte of the other screen.

Through a real terminal, by the keys in the header. Each screen is gone to once before, for it is made then; those
first times stand in a row of their own. Afterwards every screen is gone to from different ones, in mixed order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bench.children import program
from tests.bench.keys import press
from tests.bench.lab import Lab
from tests.bench.measure import Row, against, median, quantile
from tests.bench.opening import FullBoard
from tests.bench.terminal import Terminal
from tui.keymap import Keymap
from tui.widgets.header import BOARD, PLACES

NAME = "switch"
AT_ONCE_MS = 50.0


def measure(lab: Lab) -> Iterator[Row]:
    """Yield the median and the 95th percentile of going back to a screen, and the worst of the first times."""
    workspace = lab.workspace(lab.largest)
    keymap = Keymap()
    keys = {place: keymap.shown(place) for place in PLACES}
    mixed = random.Random(5)
    first: dict[str, float] = {}
    again: dict[str, list[float]] = {place: [] for place in PLACES}
    with workspace.without_place():
        board = FullBoard(workspace)
        with Terminal(program(), lab.env_of(workspace)) as terminal:
            terminal.wait_for(board.begun)
            terminal.settle(quiet=1.0)
            for place in PLACES:
                if place != BOARD:
                    first[place] = press(terminal, keys[place])
                    terminal.settle(quiet=0.5)
            here = place
            while min(len(values) for values in again.values()) < lab.sizes.commands:
                there = mixed.choice([place for place in PLACES if place != here])
                again[there].append(press(terminal, keys[there]))
                here = there
    values = [value for times in again.values() for value in times]
    slowest = max(again, key=lambda place: median(again[place]))
    note = f"slowest: {PLACES[slowest]}, median {median(again[slowest]):.1f} ms"
    for which, value in (("median", median(values)), ("p95", quantile(values, 0.95))):
        yield against(
            f"switch-{which}",
            f"go back to another screen, {workspace.items:,} items, {which}",
            "ms",
            value,
            AT_ONCE_MS,
            values=values,
            bar=1.0,
            note=note if which == "median" else "",
        )
    made = max(first, key=lambda place: first[place])
    yield against(
        "switch-first",
        f"go to a screen for the first time, {workspace.items:,} items, the slowest: {PLACES[made]}",
        "ms",
        first[made],
        AT_ONCE_MS,
        values=list(first.values()),
        bar=None,
    )
