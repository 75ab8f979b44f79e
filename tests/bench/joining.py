"""Joining a workspace by its snapshot: how long a newcomer waits until everything is shown.

The floor inserts the rows that the newcomer's home holds then (the ops that still count, and what is shown of them)
by plain sqlite3 into tables of the same definitions and indexes, full text left out, in WAL mode and one transaction.
What it does not do is the price of joining: reading and unpacking the file, verifying canonical lines and their hashes,
heads, visibility, and the full-text index. The past is fetched afterwards, a part with each sync; what all of it takes
is told beside.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from functools import partial
from unittest import mock

from store.database import database_path
from store.setup import init_workspace, join_workspace
from sync.engine import Engine, create_share
from sync.snapshots import backfill
from tests.bench.history import History
from tests.bench.lab import Lab, ShareStream, ground
from tests.bench.measure import Row, in_turns, paired, seconds
from tests.bench.phrases import OWNER

NAME = "join"
BAR = 3.0
FULL_TEXT = "fts"


class Joined:
    """A share with a snapshot, and what a home holds that has begun with it."""

    def __init__(self, lab: Lab, ops: int) -> None:
        self._lab = lab
        self.share = lab.path("join-share")
        os.mkdir(self.share)
        store = init_workspace(lab.path("host"), name="结账改版", member=OWNER[0], code=OWNER[1])
        try:
            self.workspace = store.workspace
            create_share(self.share, store)
            history = History(ground(store), seed=3, now=store.now(), expected=ops)
            while history.ops < ops:
                history.act()
            for author in history.authors:
                ShareStream(store, self.share, author).write_all()
            [taken] = Engine(store).sync(snapshots=True).snapshots
            if taken.why:
                raise RuntimeError(f"no snapshot was taken: {taken.why}")
            self.count, self.size = taken.ops, taken.size
        finally:
            store.close()
        self._learn()

    def _learn(self) -> None:
        """Join once, untimed: what the tables and rows are."""
        home = self._lab.path("learn")
        self.join(home)
        conn = sqlite3.connect(database_path(home))
        query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        made = [row for row in conn.execute(query).fetchall() if not row[1].startswith(FULL_TEXT)]
        self.tables = [sql for _, _, sql in made]
        self.rows: dict[str, list[tuple[object, ...]]] = {}
        for name in dict.fromkeys(table for name, table, _ in made if name == table):
            if rows := conn.execute(f'SELECT * FROM "{name}"').fetchall():
                self.rows[name] = rows
        self.live = len(self.rows["op"])
        conn.close()
        shutil.rmtree(home)

    def join(self, home: str, *, past: bool = False) -> float:
        """Return the seconds until everything is shown in a home that has just joined, or until its past is there."""
        store = join_workspace(home, self.workspace)
        create_share(self.share, store)  # it is there: this only meets it
        engine = Engine(store)
        start = time.perf_counter()
        with mock.patch.object(backfill, "STEP_OPS", 0):
            report = engine.sync()
        if report.pulled != self.count or not report.missing:
            raise RuntimeError(f"of {self.count} ops {report.pulled} came, and not by the snapshot")
        if past:
            start = time.perf_counter()
            while report.missing:
                report = engine.sync()
        taken = time.perf_counter() - start
        store.close()
        return taken

    def insert_into(self, home: str) -> float:
        """Return the seconds of the floor."""
        os.mkdir(home)
        conn = sqlite3.connect(os.path.join(home, "floor.db"), isolation_level=None)
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = NORMAL")
        for sql in self.tables:
            conn.execute(sql)

        def work() -> None:
            conn.execute("BEGIN IMMEDIATE")
            for name, rows in self.rows.items():
                conn.executemany(f'INSERT INTO "{name}" VALUES ({",".join("?" * len(rows[0]))})', rows)
            conn.execute("COMMIT")

        taken = seconds(work)
        conn.close()
        return taken


def measure(lab: Lab) -> Iterator[Row]:
    """Yield how long joining takes with the longest history, and how long its past takes to come."""
    joined = Joined(lab, max(lab.sizes.ops))
    runs = max(1, lab.sizes.merges // 2)
    floor = partial(_discarding, lab, joined.insert_into)
    pairs = in_turns(floor, partial(_discarding, lab, joined.join), runs)
    yield paired(
        "join",
        f"join by the snapshot of {joined.count:,} ops",
        "s",
        pairs,
        bar=BAR,
        note=f"{joined.live:,} ops that count, {joined.size / 1e6:.1f} MB; floor: INSERT of every row shown then",
    )
    yield Row(
        "join-past", "its past, fetched afterwards", "s", _discarding(lab, partial(joined.join, past=True))
    )


def _discarding(lab: Lab, work: Callable[[str], float]) -> float:
    home = lab.path("joined")
    try:
        return work(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
