"""A log that a snapshot began: what is refused, what is found out later, and what a person is told meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from store import commands, sparse
from store.asof import as_of
from store.database import Store, create_store
from store.export import export_lines, state_hash
from store.gaps import Gap, gaps, is_whole, missing_ops, whole_since
from store.history import history
from store.integrity import check_derived, check_log
from store.oplog import merge, ops_after, rebuild, streams
from store.ops import Op, content_id, encode_line
from store.sparse import Block, FalseSnapshot, Source
from tests.conftest import Clock, add_item
from tests.property.test_sparse import newcomer, snapshot

Join = Callable[[str], Store]


@pytest.fixture
def source(store: Store) -> Store:
    """A workspace with something replaced in it."""
    ent = add_item(store, "first title")
    for title in ("second", "third", "定价页"):
        commands.set_fields(store, [ent], {"title": title, "priority": 2})
    commands.create(store, "item", {"title": "my draft"}, private=True)
    return store


@pytest.fixture
def made(source: Store, tmp_path: Path) -> Store:
    return newcomer(str(tmp_path), "newcomer", source)


def rest_of(source: Store, gap: Gap) -> list[Op]:
    return ops_after(source, gap.dev, gap.inc, gap.filled, gap.floor - gap.filled)


def test_a_newcomer_has_the_state_and_not_the_past(source: Store, made: Store) -> None:
    assert list(export_lines(made)) == list(export_lines(source))
    assert 0 < missing_ops(made.conn) < 10
    assert not is_whole(made.conn)
    assert check_log(made) == check_derived(made) == []


def test_nothing_is_loaded_over_what_is_here(source: Store, made: Store) -> None:
    before = state_hash(made)
    assert sparse.load(made, *snapshot(source)) == 0
    assert state_hash(made) == before


def test_what_breaks_on_the_way_leaves_nothing(source: Store, tmp_path: Path) -> None:
    sources, blocks = snapshot(source)
    bad = Block(blocks[0].dots[:2], [], [b'{"no":"op"}'])
    store = create_store(str(tmp_path / "bad"), workspace=source.workspace, now=Clock())
    with pytest.raises(Exception, match="bad-op"):
        sparse.load(store, sources, [*blocks, bad])
    assert store.conn.execute("SELECT count(*) FROM op").fetchone() == (0,)
    assert is_whole(store.conn)
    assert streams(store).keys() == {(store.device, store.incarnation)}
    store.close()


def test_an_op_that_comes_twice_is_refused(source: Store, tmp_path: Path) -> None:
    sources, blocks = snapshot(source)
    again = Block(blocks[0].dots[:2], [], blocks[0].lines[:1])
    twice = Block([*again.dots, *again.dots], [], again.lines * 2)
    for number, bad in enumerate(([*blocks, again], [twice])):
        store = create_store(str(tmp_path / f"bad-{number}"), workspace=source.workspace, now=Clock())
        with pytest.raises(Exception, match="bad-op"):
            sparse.load(store, sources, bad)
        assert store.conn.execute("SELECT count(*) FROM op").fetchone() == (0,)
        store.close()


def test_ops_in_the_name_of_this_device_are_refused(source: Store, tmp_path: Path) -> None:
    store = create_store(str(tmp_path / "own"), workspace=source.workspace, now=Clock())
    sources, blocks = snapshot(source)
    with pytest.raises(Exception, match="bad-op"):
        sparse.load(store, [Source(store.device, "0000", 1, ""), *sources[1:]], blocks)
    store.close()


def test_work_goes_on_while_the_past_is_missing(source: Store, made: Store) -> None:
    [ent] = [row[0] for row in made.conn.execute("SELECT id FROM p_item")]
    commands.set_fields(made, [ent], {"title": "by the newcomer"})
    commands.comment(made, ent, "hello")
    mine = [
        op
        for (dev, inc), stream in streams(made).items()
        if stream.mine
        for op in ops_after(made, dev, inc, 0)
    ]
    merge(source, mine)
    commands.set_fields(source, [ent], {"title": "and back"})
    [gap] = gaps(made.conn)
    merge(made, ops_after(source, gap.dev, gap.inc, gap.floor))
    assert list(export_lines(made)) == list(export_lines(source))
    rebuild(made)
    assert list(export_lines(made)) == list(export_lines(source))


def test_a_changed_op_is_found_out_when_the_true_one_comes(source: Store, tmp_path: Path) -> None:
    sources, blocks = snapshot(source)
    lied = [
        block._replace(lines=[line.replace("定价页".encode(), "假的".encode()) for line in block.lines])
        for block in blocks
    ]
    made = create_store(str(tmp_path / "deceived"), workspace=source.workspace, now=Clock())
    sparse.load(made, sources, lied)
    add_item(made, "own work")
    [gap] = gaps(made.conn)
    with pytest.raises(FalseSnapshot):
        sparse.fill(made, gap, rest_of(source, gap), gap.link)
    sparse.forget(made)
    assert is_whole(made.conn)
    assert check_log(made) == check_derived(made) == []
    assert (gap.dev, gap.inc) not in streams(made)
    merge(made, ops_after(source, gap.dev, gap.inc, 0))
    merge(source, [op for op in ops_after(made, made.device, made.incarnation, 0)])
    assert list(export_lines(made)) == list(export_lines(source))
    made.close()


def test_another_link_at_the_floor_is_found_out(source: Store, made: Store) -> None:
    [gap] = gaps(made.conn)
    with pytest.raises(FalseSnapshot):
        sparse.fill(made, gap, rest_of(source, gap), "ab" * 32)
    assert [one.filled for one in gaps(made.conn)] == [0]


def test_a_value_that_was_kept_back_is_found_out_when_all_is_here(source: Store, tmp_path: Path) -> None:
    """A snapshot that shows an older value as the one that stands is wrong although each of its ops is true."""
    sources, blocks = snapshot(source)
    [gap_source] = sources
    ops = ops_after(source, gap_source.dev, gap_source.inc, 0)
    older = next(op for op in ops if op.value == '"second"')
    newest = next(op for op in ops if op.value == '"定价页"')
    swapped = []
    for block in blocks:
        dots, lines = list(block.dots), list(block.lines)
        if encode_line(newest) in lines:
            at = lines.index(encode_line(newest))
            dots[2 * at + 1], lines[at] = older.seq, encode_line(older)
        swapped.append(Block(dots, block.past, lines))
    made = create_store(str(tmp_path / "deceived"), workspace=source.workspace, now=Clock())
    sparse.load(made, sources, swapped)
    assert list(export_lines(made)) != list(export_lines(source))
    [gap] = gaps(made.conn)
    sparse.fill(made, gap, rest_of(source, gap), gap.link)
    assert sparse.agrees(made, 1) == (False, 0)
    sparse.finish(made, agreed=False)
    assert list(export_lines(made)) == list(export_lines(source))
    made.close()


def test_an_older_program_hands_on_what_it_does_not_know(source: Store, tmp_path: Path) -> None:
    """New kinds, fields and choices go into a snapshot as they came, replaced values that matter included."""
    ent = source.conn.execute("SELECT id FROM p_item WHERE private = 0").fetchone()[0]
    lam = 1_000
    rows = [
        ("portfolio", "0000000000000001", "title", '"Q4"', ()),
        ("portfolio", "0000000000000001", "title", '"Q4 重点"', ("newer.aaaa.1",)),
        ("item", ent, "mood", '"sunny"', ()),
        ("item", ent, "kind", '"experiment"', ()),
    ]
    ops = [
        Op(
            "newer", "aaaa", seq, lam + seq, 1_795_500_000_000 - seq, "", kind, who, field, value, parents, seq,
            '{"sig2":"x"}',
        )
        for seq, (kind, who, field, value, parents) in enumerate(rows, 1)
    ]  # fmt: skip
    merge(source, ops)
    made = newcomer(str(tmp_path), "newcomer", source)
    assert list(export_lines(made)) == list(export_lines(source))
    assert [content_id(op) for op in ops_after(made, "newer", "aaaa", 0)] == [content_id(op) for op in ops]
    assert '"Q4 重点"' in "".join(export_lines(made))
    made.close()


def test_no_draft_is_in_a_snapshot(source: Store) -> None:
    _, blocks = snapshot(source)
    text = b"".join(line for block in blocks for line in block.lines)
    assert b"my draft" not in text
    assert "定价页".encode() in text


def test_the_past_says_from_when_on_it_is_whole(source: Store, made: Store) -> None:
    [gap] = gaps(made.conn)
    since = whole_since(made.conn)
    assert list(export_lines(as_of(made, since))) == list(export_lines(made))
    with pytest.raises(Exception, match="older-history"):
        as_of(made, since - 1)
    shown = [write.new for entry in history(made) for write in entry.writes if write.field == "title"]
    assert shown == ["Apollo", *shown[1:-1], "定价页"]
    sparse.fill(made, gap, rest_of(source, gap), gap.link)
    sparse.finish(made, agreed=True)
    as_of(made, since - 1).close()
    titles = [write.new for entry in history(made) for write in entry.writes if write.field == "title"]
    assert [title for title in titles if title in ("first title", "second", "third")]
