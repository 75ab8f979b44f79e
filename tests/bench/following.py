"""What is new for one, of a thousand ops that teammates sent since one last looked, in a large workspace.

A person who opens the inbox of changes, or the day's screen that shows its first lines, notices nothing below 10 ms, so
that is the floor, and it is absolute. Half of the ops are comments, every other one of which names the reader.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator

from store.database import open_store
from store.news import mark_all, news, unseen_count
from store.oplog import merge
from store.ops import Op, new_id
from tests.bench.lab import Lab
from tests.bench.measure import Row, against, median

NAME = "news"
FLOOR_MS = 10.0
OPS = 1_000
TIMES = 15


def measure(lab: Lab) -> Iterator[Row]:
    """Yield how long it takes to read what is new."""
    workspace = lab.workspace(lab.largest)
    home = lab.path("news")
    shutil.copytree(workspace.home, home)
    store = open_store(home)
    try:
        mark_all(store)
        query = "SELECT id FROM p_item WHERE trashed = 0 ORDER BY id LIMIT ?"
        items = [ent for (ent,) in store.conn.execute(query, (OPS // 2,))]
        (name,) = store.conn.execute(
            "SELECT title FROM p_member WHERE n = (SELECT n FROM entity WHERE id = ? AND kind = 'member')",
            (store.member,),
        ).fetchone()
        merge(store, list(_ops(items, str(name), store.now(), int(store.meta("lamport", "0")))))
        values = []
        for _ in range(TIMES):
            store.unseen = None
            start = time.perf_counter()
            found = news(store)
            values.append((time.perf_counter() - start) * 1000)
        if len(found) < min(OPS, len(items)) // 20 or unseen_count(store) < len(found):
            raise RuntimeError(f"of what came only {len(found)} lines are news")
    finally:
        store.close()
    yield against(
        "news",
        f"read what is new of {OPS:,} ops, {workspace.items:,} items",
        "ms",
        median(values),
        FLOOR_MS,
        values=values,
        bar=1.0,
        note=f"{len(found)} lines for one",
    )


def _ops(items: list[str], name: str, now: int, lamport: int) -> Iterator[Op]:
    """Yield a comment on each other item, every other one of which names the reader, and a label on each."""
    device, incarnation, author = new_id()[:12], new_id()[:8], new_id()
    seq = 0
    for place, item in enumerate(items):
        written = [("item", item, "labels/发布", "true")]
        if place % 2 == 0:
            comment = new_id()
            text = f"@{name} 看一下" if place % 4 == 0 else "看一下"
            written += [
                ("comment", comment, "on", f'"{item}"'),
                ("comment", comment, "text", json.dumps(text, ensure_ascii=False)),
            ]
        first = seq + 1
        for kind, ent, field, value in written:
            seq += 1
            yield Op(device, incarnation, seq, lamport + seq, now, author, kind, ent, field, value, (), first)
