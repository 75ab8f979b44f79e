"""The list and finding, as a person uses them at 100,000 items: scrolling, a letter in the filter line, a find.

Keys go through a real terminal as in `keys`; a find is timed in the store alone. Floors are one frame of a 60 Hz
screen, and 20 ms for a find.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store.database import open_store
from store.finding_anything import find_anything, find_in_history
from store.table_order import Spec, TableOrder
from tests.bench.children import program
from tests.bench.keys import PAGE_DOWN, PAGE_UP, press
from tests.bench.lab import Lab, Workspace
from tests.bench.measure import FRAME_MS, Row, against, median, milliseconds
from tests.bench.opening import FullBoard
from tests.bench.searching import COMMONEST, USUAL
from tests.bench.terminal import Terminal

ESCAPE = "\x1b"
NAME = "list"
FIND_MS = 20.0


def measure(lab: Lab) -> Iterator[Row]:
    """Yield what keys cost in the list, and what finding does."""
    workspace = lab.workspace(lab.largest)
    scrolls, letters = _pressed(lab, workspace, lab.sizes.keys)
    items = f"{workspace.items:,} items"
    yield against(
        "list-scroll", f"list, a page down, {items}", "ms", median(scrolls), FRAME_MS, values=scrolls, bar=1.2
    )
    yield against(
        "filter",
        f"list, a letter of a filter, {items}",
        "ms",
        median(letters),
        FRAME_MS,
        values=letters,
        bar=1.0,
    )
    store = open_store(workspace.home)
    try:
        found, past, sorts = [], [], []
        for _ in range(lab.sizes.searches):
            for word in (*USUAL, COMMONEST, "zq-12", "p"):
                found.append(milliseconds(partial(find_anything, store, word)))
                past.append(milliseconds(partial(find_in_history, store, word)))
            sorts.append(milliseconds(partial(TableOrder, store, Spec("due"))))
    finally:
        store.close()
    note = f"history, in a thread: {median(past):.0f} ms; sorting by another column: {median(sorts):.0f} ms"
    yield against(
        "find", f"find anything, {items}", "ms", median(found), FIND_MS, values=found, bar=1.0, note=note
    )


def _pressed(lab: Lab, workspace: Workspace, count: int) -> tuple[list[float], list[float]]:
    """Return the ms of pages of the list, and of letters of its filter, to the last byte of their repaint."""
    scrolls, letters = [], []
    with workspace.without_place(), Terminal(program(), lab.env_of(workspace)) as terminal:
        terminal.wait_for(FullBoard(workspace).begun)
        terminal.settle(quiet=1.0)
        press(terminal, "8")
        terminal.settle(quiet=1.0)
        for number in range(count):
            scrolls.append(press(terminal, PAGE_DOWN if number % 20 < 10 else PAGE_UP))
        for word in USUAL[: max(count // 10, 1)]:
            press(terminal, "/")
            letters += [press(terminal, letter) for letter in f"{word} status:do"]
            press(terminal, ESCAPE)
    return scrolls, letters
