"""A snapshot and what came after it give the state that the whole log gives, before and after the rest is filled in.

Invariant 18 of store/DESIGN.md.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from store import sparse
from store.database import Store, create_store
from store.export import export_lines, state_hash
from store.gaps import gaps, is_whole
from store.heads import collect, standings
from store.integrity import check_derived, check_log
from store.oplog import merge, ops_after, rebuild, streams
from store.ops import Op
from store.sparse import Block, Source
from sync.trust.standing import read_trust
from tests.conftest import Clock
from tests.depth import deep
from tests.property.test_hostile import streams as hostile_streams
from tests.property.test_merge import Replicas, tables


def snapshot(store: Store) -> tuple[list[Source], list[Block]]:
    """What a snapshot of a store holds, links of no meaning."""
    found = standings(store.conn)
    index = {stream.n: at for at, stream in enumerate(found)}
    blocks = []
    for kept in collect(store.conn, found):
        if kept:
            dots = [part for op in kept for part in (index[op.stream], op.seq)]
            past = [at for at, op in enumerate(kept) if op.past]
            blocks.append(Block(dots, past, [op.line for op in kept]))
    return [Source(one.dev, one.inc, one.seq, f"{one.dev}.{one.inc}.{one.seq}") for one in found], blocks


def newcomer(folder: str, name: str, store: Store) -> Store:
    """A home that loaded a snapshot of a store and nothing else."""
    made = create_store(str(Path(folder, name)), workspace=store.workspace, now=Clock())
    sparse.load(made, *snapshot(store))
    return made


def give(store: Store, ops: Iterable[Op], chance: random.Random) -> None:
    """Merge ops in batches, streams in turns."""
    left: dict[tuple[str, str], list[Op]] = {}
    for op in ops:
        left.setdefault((op.dev, op.inc), []).append(op)
    while any(left.values()):
        batch: list[Op] = []
        for key in chance.sample(sorted(left), len(left)):
            count = chance.randint(0, len(left[key]))
            batch += left[key][:count]
            del left[key][:count]
        merge(store, batch)


def fill_all(store: Store, source: Store, chance: random.Random) -> None:
    """Fetch everything older, in steps, streams in turns; then take the log for whole."""
    while left := [gap for gap in gaps(store.conn) if gap.filled < gap.floor]:
        gap = chance.choice(left)
        count = chance.randint(1, gap.floor - gap.filled)
        ops = ops_after(source, gap.dev, gap.inc, gap.filled, count)
        if chance.random() < 0.2:
            rebuild(store)
        sparse.fill(store, gap, ops, f"{gap.dev}.{gap.inc}.{ops[-1].seq}")
    start, agreed = 1, True
    while start:
        same, start = sparse.agrees(store, start)
        agreed = agreed and same
    assert agreed
    sparse.finish(store, agreed=agreed)


def assert_same(store: Store, whole: Store) -> None:
    assert list(export_lines(store)) == list(export_lines(whole))
    assert state_hash(store) == state_hash(whole)
    assert check_derived(store) == []
    assert check_log(store) == []
    mine, theirs = read_trust(store), read_trust(whole)
    assert mine._replace(own="") == theirs._replace(own="")


@settings(max_examples=deep(8))
@given(
    hostile_streams(), st.lists(st.integers(0, 8), min_size=3, max_size=3), st.randoms(use_true_random=False)
)
def test_a_snapshot_and_the_tail_are_the_whole(
    found: list[list[Op]], cuts: list[int], chance: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = create_store(str(Path(folder, "whole")), workspace="w" * 26, now=Clock())
        give(whole, [op for ops, cut in zip(found, cuts, strict=True) for op in ops[:cut]], chance)
        made = newcomer(folder, "newcomer", whole)
        assert_same(made, whole)
        again = newcomer(folder, "from a newcomer", made)
        assert_same(again, whole)
        tail = [op for ops, cut in zip(found, cuts, strict=True) for op in ops[cut:]]
        for store in (whole, made, again):
            give(store, tail, chance)
        assert_same(made, whole)
        assert_same(again, whole)
        rebuild(made)
        assert_same(made, whole)
        fill_all(made, whole, chance)
        assert is_whole(made.conn)
        assert_same(made, whole)
        rebuild(made)
        assert_same(made, whole)
        assert [op.dot for key in sorted(streams(made)) for op in ops_after(made, *key, 0)] == [
            op.dot for key in sorted(streams(whole)) for op in ops_after(whole, *key, 0)
        ]
        for store in (whole, made, again):
            store.close()


class Newcomers(Replicas):
    """The same people, and somebody who joins by a snapshot whenever they are done."""

    def teardown(self) -> None:
        chance = random.Random(len(self.written))
        taker, other = self.stores[0], self.stores[1]
        made = newcomer(self.folder, "newcomer", taker)
        drafts = {
            value
            for (value,) in taker.conn.execute(
                "SELECT value FROM op JOIN stream ON n = dot >> 32 WHERE private"
            )
        }
        shared = {
            value
            for (value,) in taker.conn.execute(
                "SELECT value FROM op JOIN stream ON n = dot >> 32 WHERE NOT private"
            )
        }
        held = {value for (value,) in made.conn.execute("SELECT value FROM op")}
        assert not held & (drafts - shared), "a draft is in the snapshot"
        assert_same(made, taker)
        have = {key: stream.seq for key, stream in streams(taker).items()}
        news = [op for key, s in streams(other).items() for op in ops_after(other, *key, have.get(key, 0))]
        for store in (taker, made):
            give(store, news, chance)
        assert_same(made, taker)
        fill_all(made, taker, chance)
        assert_same(made, taker)
        before = tables(made)
        rebuild(made)
        assert tables(made) == before
        made.close()
        super().teardown()


Newcomers.TestCase.settings = settings(Replicas.TestCase.settings, max_examples=deep(3))
TestNewcomers = Newcomers.TestCase
