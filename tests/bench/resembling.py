"""What was settled before, looked for at every key while a conflict is typed.

Timed is the whole question for a line with its parties, its cause and a dozen words, in a workspace with thousands of
conflicts. It must not be felt between two keys, so the floor is an absolute 20 ms.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

from store import commands, queries
from store.conflict_rows import conflict_rows
from store.database import Store, open_store
from store.schema import CONFLICT_STATES, ROOT_CAUSES
from store.similar import similar
from tests.bench.lab import Lab
from tests.bench.measure import Row, against, median, milliseconds
from tests.bench.phrases import ACTIONS, OBJECTS, SCOPES

NAME = "similar"
FLOOR_MS = 20.0
LIST_FLOOR_MS = 50.0
CONFLICTS = 5_000  # of a workspace of the largest size; of a smaller one as many as one item in twenty
TYPED = (
    "支付接口联调",
    "移动端支付接口上线后回滚，渠道审核和压测都压缩不了",
    "发布日提前两周，压测环境被演示占着",
    "launch mail for everybody",
)


def measure(lab: Lab) -> Iterator[Row]:
    """Yield the question about each line against 20 ms, and reading the whole list of conflicts against 50 ms."""
    workspace = lab.workspace(lab.largest)
    store = open_store(workspace.home)
    try:
        sides = [row.id for row in queries.departments(store)]
        _fill(store, sides, min(CONFLICTS, workspace.items // 20))
        times = [
            milliseconds(partial(similar, store, text, parties=sides[:2], root_cause="resources"))
            for _ in range(lab.sizes.searches)
            for text in TYPED
        ]
        lists = [milliseconds(partial(conflict_rows, store)) for _ in range(lab.sizes.searches)]
        count = len(conflict_rows(store))
    finally:
        store.close()
    what = f"{workspace.items:,} items and {count:,} conflicts"
    yield against(NAME, f"what is similar, {what}", "ms", median(times), FLOOR_MS, values=times, bar=1.0)
    yield against(
        "conflicts",
        f"the list of conflicts, {what}",
        "ms",
        median(lists),
        LIST_FLOOR_MS,
        values=lists,
        bar=1.0,
    )


def _fill(store: Store, sides: list[str], count: int) -> None:
    """Write conflicts in all states between all pairs, in the words of the sample team."""
    chance = random.Random(7)
    with commands.change(store, "import") as change:
        for _ in range(count):
            state = chance.choice((*CONFLICT_STATES, "closed", "closed"))
            pair = chance.sample(sides, 2)
            settled = state in ("decided", "checking", "closed", "reopened")
            change.create(
                "conflict",
                {
                    "title": chance.choice(SCOPES) + chance.choice(OBJECTS) + chance.choice(ACTIONS),
                    "parties": pair,
                    "severity": chance.randint(1, 4),
                    "root_cause": chance.choice(ROOT_CAUSES),
                    "state": state,
                    "decision": f"先{chance.choice(OBJECTS)}再{chance.choice(ACTIONS)}" if settled else None,
                    "check": dict.fromkeys(pair, chance.randint(1, 5)) if state == "closed" else {},
                },
            )
