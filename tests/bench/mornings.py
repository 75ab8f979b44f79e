"""Opening the app on Today: from exec to the lists of the morning, in a real terminal.

The member measured owns a fifth of the workspace's items, so that every list is longer than the screen. The moment is
the end of the frame in which the first things of the first list that has some have been written; the floor is a Textual
app with one Static, run the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from store.database import open_store
from store.today_rows import today_lists
from tests.bench.children import program
from tests.bench.lab import Lab, Workspace
from tests.bench.measure import Row, in_turns, paired
from tests.bench.opening import bare_shown, bare_words
from tests.bench.phrases import OWNER, TEAM
from tests.bench.terminal import Terminal

NAME = "today"
BARS = {10_000: 1.6, 100_000: 2.0}
SHOWN = 10  # things of the first list that has so many: as many as fit into the lowest terminal

_SHORT = re.compile(rf"\b(?:{'|'.join(code for _, code in (*TEAM, OWNER))})-\d+\b")


def measure(lab: Lab) -> Iterator[Row]:
    """Yield one row a size."""
    for items in lab.sizes.items:
        workspace = lab.workspace(items)
        wanted = _made_mine(workspace)
        env = lab.env_of(workspace) | {"SAMEBOAT_CONFIG": lab.config("today")}

        def floor() -> float:
            with Terminal(bare_words(), lab.env) as terminal:
                terminal.wait_for(bare_shown)
                terminal.settle()
                return terminal.painted(bare_shown) * 1000

        def value(wanted: set[str] = wanted, env: dict[str, str] = env) -> float:
            def shown(text: str) -> bool:
                return wanted.issubset(_SHORT.findall(text))

            with Terminal(program(), env) as terminal:
                terminal.wait_for(shown)
                terminal.settle()
                return terminal.painted(shown) * 1000

        floor()
        value()
        yield paired(
            f"today-{items}",
            f"open the app on Today, {items:,} items",
            "ms",
            in_turns(floor, value, lab.sizes.frames),
            bar=BARS.get(items),
            note="floor: a Textual app with one Static",
        )


def _made_mine(workspace: Workspace) -> set[str]:
    """Make a teammate's items the measured member's, in the tables alone, and return what Today begins with."""
    store = open_store(workspace.home)
    try:
        with store.transaction() as conn:
            conn.execute(
                "UPDATE p_item SET owner = ? WHERE owner = (SELECT owner FROM p_item WHERE owner IS NOT NULL "
                "AND owner <> ? GROUP BY owner ORDER BY count(*) DESC, owner LIMIT 1)",
                (store.member, store.member),
            )
        found = today_lists(store)
        first = next((part for part in found if len(part) >= SHOWN), max(found, key=len))
        return {thing.short for thing in first[:SHOWN]}
    finally:
        store.close()
