"""A quarter's report over a large workspace, which a person waits for who asks for it on the command line.

Over all items and thousands of conflicts that went through their states for three quarters, with promises and
feedback beside them: everything the store does, from the question to figures with the titles of what is behind them.
The floor is absolute: a second, within which a person's thought is not broken off (J. Nielsen, "Usability
Engineering", 1993, 5.5).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from store import commands, queries
from store.database import Store
from store.quarter_rows import called, read_report
from store.schema import ROOT_CAUSES
from store.setup import init_workspace
from tests.bench.lab import Lab
from tests.bench.measure import Row, against, median, seconds
from tests.bench.report import narrate
from tui.reports.quarter import ids_behind

NAME = "report"
FLOOR_MS = 1_000.0
ITEMS_A_CONFLICT = 20  # of the workspace, for each conflict: 5,000 conflicts in 100,000 items
DAYS = 270
_STEPS = ("confirmed", "negotiating", "decided", "checking", "closed")


def measure(lab: Lab) -> Iterator[Row]:
    """Yield the report of a running quarter against a second."""
    size = lab.largest
    count = max(size // ITEMS_A_CONFLICT, DAYS // 9)
    narrate(f"building a workspace of {size:,} items and {count:,} conflicts …")
    first = date(2026, 10, 1)
    store = build(lab.path("report"), size, count, first)

    def whole() -> int:
        report = read_report(store, first)
        return len(called(store, ids_behind(report)))

    try:
        behind = whole()
        times = [seconds(whole) * 1000 for _ in range(lab.sizes.schedules)]
    finally:
        store.close()
    yield against(
        "report",
        f"a quarter's report, {size:,} items, {count:,} conflicts",
        "ms",
        median(times),
        FLOOR_MS,
        values=times,
        bar=1.0,
        note=f"{behind:,} things behind its figures; floor: what does not break off a thought",
    )


def build(home: str, size: int, count: int, first: date) -> Store:
    """Live through three quarters, the last one running: conflicts go on and items move meanwhile."""
    draw = random.Random(13)
    clock = [_moment(first - timedelta(DAYS - 60))]
    store = init_workspace(
        home, name="Quarter", member="林平", code="lp", device_name="bench", now=lambda: clock[0]
    )
    departments = [row.id for row in queries.departments(store)]
    with commands.change(store, "import") as change:
        items = [
            change.create(
                "item",
                {"title": f"第 {number} 项", "department": draw.choice(departments), "due": "2026-11-20"},
                bottom=True,
            )
            for number in range(size)
        ]
    going: list[list[object]] = []
    for day in range(DAYS):
        clock[0] += 86_400_000
        share = count * (day + 1) // DAYS - count * day // DAYS
        with commands.change(store, "set") as change:
            for _ in range(share):
                ent = change.create("conflict", _conflict(draw, departments, items))
                going.append([ent, 0])
                change.create("feedback", {"title": "太慢", "state": "answered", "answered": "2026-11-02"})
                one, other = draw.sample(departments, 2)
                state = draw.choice(("promised", "kept", "broken"))
                promise = {"title": "接口", "from_department": one, "to_department": other, "state": state}
                change.create(
                    "commitment", promise | {"due": (first + timedelta(draw.randrange(60))).isoformat()}
                )
            for pair in draw.sample(going, min(4 * share, len(going))):
                if pair[1] == len(_STEPS):
                    going.remove(pair)
                    continue
                change.set(str(pair[0]), {"state": _STEPS[int(str(pair[1]))]})
                pair[1] = int(str(pair[1])) + 1
            for item in draw.sample(items, min(len(items) // 100, 200)):
                change.set(item, {"due": (first + timedelta(draw.randrange(120))).isoformat()})
    return store


def _conflict(draw: random.Random, departments: list[str], items: list[str]) -> dict[str, object]:
    return {
        "title": "发布日提前两周",
        "parties": draw.sample(departments, 2),
        "root_cause": draw.choice(ROOT_CAUSES),
        "items": draw.sample(items, 2),
        "follow_up": "2026-11-20",
    }


def _moment(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000
