"""The app left open: processor time of ten seconds in which nobody types and nothing arrives.

With a share configured and its folder watched, at 100,000 items. The bar is one per cent of one core; the
bare app's own idling stands beside it. The kernel counts in hundredths of a second, which is a tenth of the
bar.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from tests.bench.children import program
from tests.bench.lab import Lab
from tests.bench.measure import Row, against, median
from tests.bench.opening import FullBoard, bare_shown, bare_words
from tests.bench.terminal import Terminal

NAME = "idle"
FLOOR = 1.0  # per cent of a core


def measure(lab: Lab) -> Iterator[Row]:
    """Yield the share of a core that the idle app takes."""
    workspace = lab.workspace(lab.largest)
    board = FullBoard(workspace)
    seconds = lab.sizes.idle
    bare: list[float] = []
    taken: list[float] = []

    def idle(words: Sequence[str], env: dict[str, str]) -> float:
        with Terminal(words, env) as terminal:
            terminal.wait_for(bare_shown if words == bare_words() else board.begun)
            terminal.listen(time.monotonic() + lab.sizes.rest)
            before, start = terminal.cpu(), time.monotonic()
            terminal.listen(start + seconds)
            return (terminal.cpu() - before) / (time.monotonic() - start) * 100

    for _ in range(lab.sizes.idles):
        bare.append(idle(bare_words(), lab.env))
        taken.append(idle(program(), lab.env_of(workspace)))
    yield against(
        "idle",
        f"idle app, {workspace.items:,} items, {seconds:.0f} s",
        "%",
        median(taken),
        FLOOR,
        values=taken,
        bar=1.0,
        note=f"of one core, folder watched; the bare app takes {median(bare):.2f} %",
    )
