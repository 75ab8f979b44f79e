"""Resident memory of the open app at 100,000 items: after the first frame, and after fifty keys.

Measured as the kernel counts it, for the process and its children, with a share configured and sync under
way, as a person leaves it running. The floor is the resident memory of a Textual app with one Static after
its first frame.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.children import program
from tests.bench.keys import ROUNDS, press
from tests.bench.lab import Lab
from tests.bench.measure import Row, in_turns, paired
from tests.bench.opening import FullBoard, bare_shown, bare_words
from tests.bench.terminal import Terminal

NAME = "memory"
BAR = 3.0
KEYS = 50


def measure(lab: Lab) -> Iterator[Row]:
    """Yield the memory after the first frame and after keys."""
    workspace = lab.workspace(lab.largest)
    board = FullBoard(workspace)
    env = lab.env_of(workspace)
    later: list[float] = []

    def floor() -> float:
        with Terminal(bare_words(), lab.env) as terminal:
            terminal.wait_for(bare_shown)
            terminal.listen(time.monotonic() + lab.sizes.rest)
            return terminal.memory()

    def value() -> float:
        with Terminal(program(), env) as terminal:
            terminal.wait_for(board.begun)
            terminal.listen(time.monotonic() + lab.sizes.rest)
            first = terminal.memory()
            keys = [key for keys in ROUNDS for _, key in keys]
            for number in range(KEYS):
                press(terminal, keys[number % len(keys)])
            later.append(terminal.memory())
            return first

    pairs = in_turns(floor, value, max(1, lab.sizes.idles))
    what = f"resident memory, {workspace.items:,} items"
    yield paired(
        "memory", f"{what}, first frame", "MB", pairs, bar=BAR, note="floor: a Textual app with one Static"
    )
    after = [(bare, kept) for (bare, _), kept in zip(pairs, later, strict=True)]
    yield paired("memory-keys", f"{what}, after {KEYS} keys", "MB", after, bar=BAR)
