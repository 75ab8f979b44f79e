"""The timeline of a large plan: from exec to bars on the screen, and from a key to the last byte of its repaint.

The app is told to open on the timeline. The moment that counts is the end of the frame in which the first rows stand
with their bars; the rest of a large plan is read meanwhile, and keys are timed once it is there. Floors are those of
opening the board and of its keys.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from store import commands, queries
from store.links import dependency_id
from store.plan import first_plan
from store.setup import init_workspace
from tests.bench.children import program
from tests.bench.keys import MEDIAN_BAR, P99_BAR, press
from tests.bench.lab import Lab
from tests.bench.measure import FRAME_MS, Row, against, in_turns, median, paired, quantile
from tests.bench.opening import bare_shown, bare_words
from tests.bench.report import narrate
from tests.bench.terminal import Terminal

NAME = "timeline"
MOST = 10_000  # items of one plan
BAR = 1.6
ROWS = 12  # that stand in the first frame
AHEAD = 200  # items: how far what waits is from what it waits for
KEYS: dict[str, tuple[str, str]] = {
    "move": ("j and k", "jk"),
    "days": ("[ and ], a week", "[]"),
    "zoom": ("+ and -, zoom", "+-"),
    "edit": ("L and H, move an item and what waits for it", "LH"),
}


def measure(lab: Lab) -> Iterator[Row]:
    """Yield the first frame, and median and 99th percentile of every sort of key."""
    size = min(MOST, lab.largest)
    narrate(f"building a plan of {size:,} items …")
    home = lab.path("plan")
    first = build(home, size)
    Path(home, "config.toml").write_text('start = "timeline"\n', encoding="utf-8")
    env = lab.env | {"SAMEBOAT_HOME": home, "SAMEBOAT_CONFIG": os.path.join(home, "config.toml")}

    def charted(text: str) -> bool:
        return all(f" {short} " in text for short in first) and ("▒" in text or "█" in text)

    def floor() -> float:
        with Terminal(bare_words(), lab.env) as terminal:
            terminal.wait_for(bare_shown)
            terminal.settle()
            return terminal.painted(bare_shown) * 1000

    def value() -> float:
        with Terminal(program(), env) as terminal:
            terminal.wait_for(charted)
            terminal.settle()
            return terminal.painted(charted) * 1000

    floor()
    value()
    yield paired(
        "timeline",
        f"open the timeline to bars, {size:,} items, {2 * size:,} dependencies",
        "ms",
        in_turns(floor, value, lab.sizes.frames),
        bar=BAR,
        note="floor: a Textual app with one Static",
    )
    with Terminal(program(), env) as terminal:
        terminal.wait_for(charted)
        terminal.settle(quiet=2.0)
        terminal.press("jj")
        terminal.settle(quiet=0.5)
        for name, (what, keys) in KEYS.items():
            if name == "edit":  # work that has not begun is what can be moved either way
                for typed in ("/", "status:backlog\r"):
                    terminal.press(typed)
                    time.sleep(1.0)  # the line's cursor blinks: the terminal comes to no rest meanwhile
                terminal.settle(quiet=1.0)
                terminal.press("jjjjj")
                terminal.settle(quiet=0.5)
            values = [press(terminal, keys[number % 2]) for number in range(lab.sizes.keys)]
            for which, bar in (("median", MEDIAN_BAR), ("p99", P99_BAR)):
                taken = median(values) if which == "median" else quantile(values, 0.99)
                yield against(
                    f"timeline-{name}-{which}", f"key to repaint on the timeline, {size:,} items, {what}, {which}",
                    "ms", taken, FRAME_MS, values=values, bar=None if name == "edit" else bar,
                )  # fmt: skip


def build(home: str, size: int) -> list[str]:
    """Make a plan in a new home; returns the short ids of the rows that its chart begins with."""
    draw = random.Random(5)
    store = init_workspace(home, name="Programme", member="林平", code="lp", device_name="bench")
    try:
        statuses = {row.category: row.id for row in reversed(queries.statuses(store))}
        departments = [row.id for row in queries.departments(store)]
        today: date = store.today()
        with commands.change(store, "import") as change:
            people = [
                change.create(
                    "member", {"title": f"成员{n}", "code": f"m{n}", "department": draw.choice(departments)}
                )
                for n in range(40)
            ]
            items = []
            for number in range(size):
                start = today + timedelta(days=draw.randrange(-40, 200))
                state = "todo" if start > today else draw.choice(("doing", "done"))
                fields = {
                    "title": f"第 {number} 项 work package", "department": draw.choice(departments),
                    "owner": draw.choice(people), "start": start.isoformat(), "duration": draw.randrange(1, 15),
                    "effort": draw.randrange(4, 60), "status": statuses[state],
                }  # fmt: skip
                items.append(change.create("item", fields, bottom=True))
            for _ in range(2 * size):
                before = draw.randrange(size - 1)
                after = min(before + draw.randrange(1, AHEAD), size - 1)
                pair = items[before], items[after]
                fields = {"predecessor": pair[0], "successor": pair[1], "type": "FS", "lag": 0}
                change.create("dependency", fields, ent=dependency_id(*pair))
        plan = first_plan(store, 60)
        order = sorted(plan.slots, key=lambda ent: (plan.slots[ent].start, plan.slots[ent].finish, ent))
        first = next(task.department for task in plan.tasks.values() if task.department == departments[0])
        shown = [ent for ent in order if plan.tasks[ent].department == first][:ROWS]
        cards = [queries.card(store, ent) for ent in shown]
        return [card.short for card in cards if card is not None]
    finally:
        store.close()
