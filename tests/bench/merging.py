"""Merging what a team did while this home was away: 200,000 ops and a million into a home that has just joined.

The floor decodes the same lines with msgspec and inserts the rows that the op log ends up with, by plain
sqlite3, into a table of the same definition and index, in WAL mode and one transaction. Nothing else can be
taken away from a merge that keeps its log: the floor computes no content hash, interns no id and checks
nothing; those parts of its rows are ready before the clock starts. What lies above it is the price of the
merge itself: verifying canonical lines, heads, typed tables, short ids, visibility and the full-text index.

Ops come as they do from a share: one stream after the other, segments of 20,000, merged in the batches that
`sync.pull` makes.
"""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import msgspec

from store.database import database_path
from store.oplog import merge, ops_after, streams
from store.ops import Op, encode_line
from store.places import add_place, bulk
from store.setup import init_workspace, join_workspace
from store.wire import decode_lines
from sync.engine import create_share, sync_once
from sync.pull import BATCH_OPS
from sync.push import SEGMENT_OPS
from tests.bench.history import History
from tests.bench.lab import Lab, ShareStream, ground
from tests.bench.measure import Row, in_turns, paired, seconds
from tests.bench.phrases import OWNER

NAME = "merge"
BAR = 4.0
AIM = 2.5


class Run(NamedTuple):
    """The ops of one segment as they lie in its body."""

    dev: str
    inc: str
    first: int
    body: bytes


class _Line(msgspec.Struct):
    lam: int
    wt: int
    by: str
    kind: str
    ent: str
    field: str
    value: msgspec.Raw
    parents: list[str]
    change: int


class Sample:
    """One history as segments' bodies, and the rows it becomes in the log."""

    def __init__(self, lab: Lab, ops: int) -> None:
        self._lab = lab
        store = init_workspace(lab.path("origin"), name="结账改版", member=OWNER[0], code=OWNER[1])
        try:
            self.workspace = store.workspace
            history = History(ground(store), seed=2, now=store.now(), expected=ops)
            while history.ops < ops:
                history.act()
            own = [encode_line(op) for op in ops_after(store, store.device, store.incarnation, 0)]
            written = [(store.device, store.incarnation, own)]
            written += [(author.dev, author.inc, author.lines) for author in history.authors]
            self.share = lab.path("merge-share")
            os.mkdir(self.share)
            create_share(self.share, store)
            sync_once(store)
            for author in history.authors:
                ShareStream(store, self.share, author).write_all()
        finally:
            store.close()
        self.count = sum(len(lines) for _, _, lines in written)
        self.runs = [
            Run(dev, inc, first + 1, b"".join(line + b"\n" for line in lines[first : first + SEGMENT_OPS]))
            for dev, inc, lines in sorted(written)
            for first in range(0, len(lines), SEGMENT_OPS)
        ]
        self._learn_rows()

    def _learn_rows(self) -> None:
        """Merge once, untimed: what the rows are, and that nothing was lost."""
        home = self._lab.path("learn")
        self.merge_into(home)
        conn = sqlite3.connect(database_path(home))
        query = "SELECT sql FROM sqlite_master WHERE tbl_name = 'op' AND sql IS NOT NULL ORDER BY rowid"
        self.tables = [sql for (sql,) in conn.execute(query)]
        query = (
            "SELECT o.dot, o.id, o.ent, o.parents FROM op o JOIN stream s ON s.n = o.dot >> 32 "
            "ORDER BY s.dev, s.inc, o.dot"
        )
        self.parts = conn.execute(query).fetchall()
        conn.close()
        shutil.rmtree(home)
        if len(self.parts) != self.count:
            raise RuntimeError(f"of {self.count} ops {len(self.parts)} were merged")

    def merge_into(self, home: str) -> float:
        """Return the seconds that decoding and merging everything takes in a home that has just joined."""
        store = join_workspace(home, self.workspace)

        def work() -> None:
            gc.disable()  # as sync.pull does
            batch: list[Op] = []
            for run in self.runs:
                batch += decode_lines(run.dev, run.inc, run.first, run.body)
                if len(batch) >= BATCH_OPS:
                    with bulk(store):
                        merge(store, batch)
                    batch = []
            with bulk(store):
                merge(store, batch)
            gc.enable()

        taken = seconds(work)
        arrived = sum(stream.seq for stream in streams(store).values())
        store.close()
        if arrived != self.count:
            raise RuntimeError(f"of {self.count} ops {arrived} were merged")
        return taken

    def decode(self) -> float:
        """Return the seconds that decoding everything takes."""
        gc.disable()
        taken = seconds(lambda: [decode_lines(run.dev, run.inc, run.first, run.body) for run in self.runs])
        gc.enable()
        return taken

    def insert_into(self, home: str) -> float:
        """Return the seconds of the floor: msgspec and one INSERT a row."""
        os.mkdir(home)
        conn = sqlite3.connect(os.path.join(home, "floor.db"), isolation_level=None)
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = NORMAL")
        for sql in self.tables:
            conn.execute(sql)

        def work() -> None:
            conn.execute("BEGIN IMMEDIATE")
            conn.executemany("INSERT INTO op VALUES (?,?,?,?,?,?,?,?,?,?,?)", self._rows())
            conn.execute("COMMIT")

        taken = seconds(work)
        conn.close()
        return taken

    def _rows(self) -> Iterator[tuple[object, ...]]:
        decode = msgspec.json.Decoder(_Line).decode
        parts = iter(self.parts)
        for run in self.runs:
            for text in run.body.splitlines():
                line = decode(text)
                dot, identity, ent, parents = next(parts)
                value = bytes(line.value).decode()
                yield (
                    dot,
                    identity,
                    line.lam,
                    line.wt,
                    line.by,
                    ent,
                    line.field,
                    value,
                    parents,
                    line.change,
                    None,
                )

    def sync_into(self, home: str) -> float:
        """Return the seconds of the whole way from a share: read, verify, decode, merge."""
        store = join_workspace(home, self.workspace)
        add_place(store, self.share)
        start = time.perf_counter()
        report = sync_once(store)
        taken = time.perf_counter() - start
        store.close()
        if report.pulled < self.count:
            raise RuntimeError(f"of {self.count} ops {report.pulled} came through the share")
        return taken


def measure(lab: Lab) -> Iterator[Row]:
    """Yield the merge of each number of ops against its bar, and the whole way of the least from a share."""
    for ops in lab.sizes.ops:
        sample = Sample(lab, ops)
        least = ops == min(lab.sizes.ops)
        runs = lab.sizes.merges if least else max(1, lab.sizes.merges // 2)
        floor = partial(_discarding, lab, sample.insert_into)
        pairs = in_turns(floor, partial(_discarding, lab, sample.merge_into), runs)
        decoding = sample.decode()
        yield paired(
            "merge" if least else f"merge-{ops}",
            f"merge {sample.count:,} ops",
            "s",
            pairs,
            bar=BAR,
            note=f"aim {AIM:g}×; of it decoding and checking {decoding:.2f} s; "
            f"floor: msgspec + INSERT of the same rows, {min(f for f, _ in pairs) / sample.count * 1e6:.1f} µs an op",
        )
        if least:
            pairs = in_turns(floor, partial(_discarding, lab, sample.sync_into), max(1, lab.sizes.merges - 1))
            what = f"sync {sample.count:,} ops from a share"
            yield paired("merge-share", what, "s", pairs, note="the whole way from files")


def _discarding(lab: Lab, work: Callable[[str], float]) -> float:
    home = lab.path("merged")
    try:
        return work(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
