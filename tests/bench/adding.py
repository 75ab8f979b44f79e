"""`sameboat add` in a workspace of 100,000 items, from the shell's spawn to the process's end.

It is typed while people talk, so what counts is the whole process: interpreter, imports, opening the
database, reading the vocabulary, parsing the line, one durable transaction, and the answer on stdout. The
floor is `python -c "import sqlite3"`, which no Python program that keeps its data in SQLite can go below.
Both run with the same interpreter, environment and bytecode. The home is shared, so the command also starts
a sync and leaves it behind; that has ended before the next measurement begins.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator

from store import queries
from store.database import open_store
from tests.bench.children import program, run
from tests.bench.lab import Lab, Workspace
from tests.bench.measure import Row, in_turns, paired

NAME = "add"
BAR = 2.0
LINES = {
    "add": "定价页文案 {n} @王芳 #上线 !1 ^周五",
    "conflict": "yf>sc 发布日提前两周 {n} !2 #资源 @韩梅 ^周五",
}


def measure(lab: Lab) -> Iterator[Row]:
    """Yield both commands that write a line down, and the first once more in a home that does not send by itself."""
    workspace = lab.workspace(lab.largest)
    shared = lab.env_of(workspace)
    numbers = itertools.count(1)
    before = _count(workspace)

    def floor() -> float:
        return run([sys.executable, "-c", "import sqlite3"], lab.env) * 1000

    for name, command, env, bar, what in (
        ("add", "add", shared, BAR, "sameboat add"),
        ("conflict", "conflict", shared, None, "sameboat conflict"),
        ("add-manual", "add", shared | {"SAMEBOAT_SYNC": "manual"}, None, "sameboat add, sending off"),
    ):

        def value(command: str = command, env: dict[str, str] = env) -> float:
            return run([*program(), command, LINES[command].format(n=next(numbers))], env) * 1000

        floor()
        value()  # bytecode and the page cache, as after the first use of the day
        pairs = in_turns(floor, value, lab.sizes.commands)
        yield paired(name, f"{what}, {workspace.items:,} items", "ms", pairs, bar=bar)
    runs = next(numbers) - 1
    if _count(workspace) - before != runs:
        raise RuntimeError(f"{runs} lines were written down, {_count(workspace) - before} are there")


def _count(workspace: Workspace) -> int:
    store = open_store(workspace.home)
    try:
        return queries.item_count(store) + queries.conflict_count(store)
    finally:
        store.close()
