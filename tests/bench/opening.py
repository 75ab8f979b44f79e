"""Opening the app: from exec to a full board, in a real terminal.

The moment is the end of the frame in which the last card that the board shows has been written. That frame is
not trusted for being the first: the program is read until it is at rest, what then stands there is compared
with the store (in every status the first cards of the column, in order, as many as fit), and only then is the
moment looked up at which all of it had been written. The floor is a Textual app with one Static, run the same
way, to the end of the frame that shows it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from store import queries
from store.database import open_store
from tests.bench.children import program
from tests.bench.lab import Lab, Workspace
from tests.bench.measure import Row, in_turns, paired
from tests.bench.phrases import OWNER, TEAM
from tests.bench.terminal import Terminal

NAME = "open"
BARS = {10_000: 1.6, 100_000: 2.0}
LEAST_CARDS = 8  # of each status that has more: fewer would not be a full board at this height

_SHORT = re.compile(rf"\b(?:{'|'.join(code for _, code in (*TEAM, OWNER))})-\d+\b")


def bare_words() -> list[str]:
    """Return the words that start the floor's app."""
    return [sys.executable, str(Path(__file__).with_name("bare_app.py"))]


def bare_shown(text: str) -> bool:
    """Tell whether the floor's app has painted."""
    return "bare-app" in text


class FullBoard:
    """What a full board of a workspace shows: the first cards of every status."""

    def __init__(self, workspace: Workspace) -> None:
        store = open_store(workspace.home)
        try:
            self.columns = [
                [card.short for card in queries.cards(store, status.id, limit=60)]
                for status in queries.statuses(store)
            ]
        finally:
            store.close()

    def begun(self, text: str) -> bool:
        """Tell whether every column shows its first cards, so that the rest cannot be far."""
        shown = set(_SHORT.findall(text))
        return all(shown.issuperset(column[:LEAST_CARDS]) for column in self.columns)

    def visible(self, text: str) -> set[str]:
        """Return the cards that a program at rest has written; raises where they are not a full board."""
        shown = set(_SHORT.findall(text))
        wanted: set[str] = set()
        for column in self.columns:
            count = next((at for at, short in enumerate(column) if short not in shown), len(column))
            if count < min(LEAST_CARDS, len(column)) or shown.intersection(column[count:]):
                raise RuntimeError(f"not the board of the store: {column[:10]} against {sorted(shown)}")
            wanted.update(column[:count])
        return wanted


def measure(lab: Lab) -> Iterator[Row]:
    """Yield one row a size."""
    for items in lab.sizes.items:
        workspace = lab.workspace(items)
        board = FullBoard(workspace)
        env = lab.env_of(workspace)

        def floor() -> float:
            with Terminal(bare_words(), lab.env) as terminal:
                terminal.wait_for(bare_shown)
                terminal.settle()
                return terminal.painted(bare_shown) * 1000

        def value(board: FullBoard = board, env: dict[str, str] = env) -> float:
            with Terminal(program(), env) as terminal:
                terminal.wait_for(board.begun)
                terminal.settle()
                wanted = board.visible(terminal.text())
                return terminal.painted(lambda text: wanted.issubset(_SHORT.findall(text))) * 1000

        floor()
        value()  # bytecode and the page cache, as after the first start of the day
        yield paired(
            f"open-{items}",
            f"open the app to a full board, {items:,} items",
            "ms",
            in_turns(floor, value, lab.sizes.frames),
            bar=BARS.get(items),
            note="floor: a Textual app with one Static",
        )
