"""Writing a conflict down in the open app at 100,000 items: from the key that keeps the line to all of its repaint.

Through a real terminal: `x` opens the line, it is typed, enter keeps it and closes it. What is timed is enter: reading
the line, one durable transaction, the card on the board, the board and the details shown anew. The floor is what people
take for at once in a conversation.
"""

from __future__ import annotations

from collections.abc import Iterator

from store import queries
from store.database import open_store
from tests.bench.children import program
from tests.bench.keys import press
from tests.bench.lab import Lab, Workspace
from tests.bench.measure import Row, against, median, quantile
from tests.bench.opening import FullBoard
from tests.bench.terminal import Terminal

NAME = "capture"
AT_ONCE_MS = 50.0
LINE = "yf>sc 发布日提前两周 {n} !2 #资源 ^周五"


def measure(lab: Lab) -> Iterator[Row]:
    """Yield the median and the 95th percentile of keeping a line."""
    workspace = lab.workspace(lab.largest)
    values = []
    before = _count(workspace)
    with workspace.without_place():
        board = FullBoard(workspace)
        with Terminal(program(), lab.env_of(workspace)) as terminal:
            terminal.wait_for(board.begun)
            terminal.settle(quiet=1.0)
            for number in range(lab.sizes.commands + 1):
                press(terminal, "x")
                press(terminal, LINE.format(n=number))
                values.append(press(terminal, "\r"))
            terminal.settle(quiet=1.0)
    if (kept := _count(workspace) - before) != len(values):
        raise RuntimeError(f"{len(values)} lines were typed, {kept} are there")
    values = values[1:]  # the first loads what every later one has
    for which, value in (("median", median(values)), ("p95", quantile(values, 0.95))):
        yield against(
            f"capture-{which}",
            f"keep a line with enter, {workspace.items:,} items, {which}",
            "ms",
            value,
            AT_ONCE_MS,
            values=values,
            bar=1.0,
        )


def _count(workspace: Workspace) -> int:
    store = open_store(workspace.home)
    try:
        return queries.conflict_count(store)
    finally:
        store.close()
