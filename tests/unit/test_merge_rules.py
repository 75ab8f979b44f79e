"""The merge rules, one by one, on bare ops."""

from __future__ import annotations

import itertools

import pytest

from store import commands, queries
from store.clock import MAX_LAMPORT
from store.database import Store
from store.export import export_lines
from store.integrity import check_derived
from store.merge import Head, cut_edges, diverges, present, surviving, visibility, winner
from store.oplog import merge, rebuild
from store.ops import Op
from store.search import compile_filter
from store.vocabulary import load_vocabulary
from tests.conftest import START, TODAY, add_item

NAMES = {1: ("a", "1"), 2: ("b", "1"), 3: ("c", "1")}


def head(stream: int, seq: int, *, wt: int = 0, lam: int = 1, value: str = '"x"') -> Head:
    return Head(stream << 32 | seq, wt, lam, "", value)


def op(
    dev: str,
    seq: int,
    field: str,
    value: str,
    *parents: str,
    ent: str = "e1",
    wt: int = 0,
    lam: int = 0,
    kind: str = "item",
) -> Op:
    return Op(dev, "1", seq, lam or seq + len(parents), START + wt, "", kind, ent, field, value, parents, seq)


@pytest.mark.parametrize(
    ("heads", "wins"),
    [
        ([head(1, 1, wt=5), head(2, 1, wt=6)], 1),
        ([head(1, 1, wt=5, lam=9), head(2, 1, wt=5, lam=3)], 0),
        ([head(1, 1), head(2, 1)], 1),
        ([head(1, 7), head(1, 9)], 1),
    ],
)
def test_wall_time_then_lamport_then_device_decide_between_heads(heads: list[Head], wins: int) -> None:
    for order in itertools.permutations(heads):
        assert winner(list(order), NAMES) is heads[wins]


def test_equal_values_are_no_divergence() -> None:
    assert not diverges([head(1, 1), head(2, 1)])
    assert diverges([head(1, 1), head(2, 1, value='"y"')])


def test_a_concurrent_add_wins_over_a_remove() -> None:
    assert present([head(1, 1, value="false"), head(2, 1, value="true")])
    assert not present([head(1, 1, value="false")])


def test_an_op_replaces_only_what_its_author_can_have_seen() -> None:
    later = head(1, 1, lam=7)
    assert surviving([later], {later.dot: 7}, ()) == [later]
    assert surviving([later], {later.dot: 8}, ()) == []
    exhausted = head(1, 1, lam=MAX_LAMPORT)
    assert surviving([exhausted], {exhausted.dot: MAX_LAMPORT}, ()) == []


def test_private_heads_vanish_beside_public_ones() -> None:
    public, private = head(1, 1), head(2, 1)
    assert surviving([public, private], {}, {2}) == [public]
    assert surviving([private], {}, {2}) == [private]


@pytest.mark.parametrize(
    ("deletions", "others", "expected"),
    [
        ([], [1 << 32 | 1], (False, False)),
        ([{"a.1": 5}], [1 << 32 | 5], (True, False)),
        ([{"a.1": 5}], [1 << 32 | 6], (False, True)),
        ([{"a.1": 5}], [2 << 32 | 1], (False, True)),
        ([{"a.1": 5}, {"b.1": 1}], [1 << 32 | 5, 2 << 32 | 1], (True, False)),
        ([{"a.1": 5}, None], [1 << 32 | 5], (False, False)),
    ],
)
def test_a_deletion_hides_what_its_author_had_seen(
    deletions: list[dict[str, int] | None], others: list[int], expected: tuple[bool, bool]
) -> None:
    assert visibility(deletions, others, NAMES) == expected


def test_of_a_cycle_the_latest_move_is_cut() -> None:
    parents = {1: 2, 2: 3, 3: 1, 4: 1}
    keys = {node: (False, (node, 0, "", "", 0)) for node in parents}
    for start in (1, 2, 3, 4):
        assert cut_edges([start], parents.get, keys.__getitem__) == {3}
    assert cut_edges([1, 2, 3, 4], parents.get, keys.__getitem__) == {3}
    del parents[3]
    assert cut_edges([1, 2, 3, 4], parents.get, keys.__getitem__) == set()


def test_of_a_cycle_that_only_one_replica_can_see_the_drafts_move_is_cut() -> None:
    parents = {1: 2, 2: 3, 3: 1}
    keys = {node: (node < 3, (node, 0, "", "", 0)) for node in parents}
    for start in parents:
        assert cut_edges([start], parents.get, keys.__getitem__) == {2}


def test_a_deep_tree_is_walked_once() -> None:
    steps: list[int] = []

    def parent_of(node: int) -> int | None:
        steps.append(node)
        return node - 1 if node else None

    assert cut_edges(range(2_000), parent_of, lambda node: (False, (node, 0, "", "", 0))) == set()
    assert len(steps) == 2_000


def test_an_informed_edit_wins_over_a_clock_from_next_year(store: Store) -> None:
    year = 365 * 86_400_000
    merge(store, [op("aa", 1, "title", '"ahead"', wt=year)])
    merge(store, [op("bb", 1, "title", '"informed"', "aa.1.1")])
    assert queries.card(store, "e1").title == "informed"  # type: ignore[union-attr]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_parent_that_arrives_late_is_already_replaced(store: Store, order: tuple[int, ...]) -> None:
    ops = [
        op("aa", 1, "title", '"first"'),
        op("bb", 1, "title", '"second"', "aa.1.1"),
        op("cc", 1, "title", '"third"', "bb.1.1", lam=3),
    ]
    for index in order:
        merge(store, [ops[index]])
    card = queries.card(store, "e1")
    assert card is not None
    assert (card.title, card.divergences) == ("third", 0)


def test_edits_cannot_be_struck_out_before_they_are_made(store: Store) -> None:
    ent = add_item(store, "x")
    mine = next(stream for stream in store.streams() if stream.mine and not stream.private)
    dots = [f"{mine.dev}.{mine.inc}.{seq}" for seq in range(mine.seq + 1, mine.seq + 50)]
    merge(store, [op("aa", 1, "title", '"hostile"', *dots, ent=ent)])
    commands.set_fields(store, [ent], {"title": "mine"})
    assert queries.card(store, ent).title == "mine"  # type: ignore[union-attr]


@pytest.mark.parametrize("lam", [5, MAX_LAMPORT])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize(
    ("field", "value"),
    [("title", '"x"'), ("labels/a", "true"), ("custom/k", "1"), ("trash", '{"aa.1":9}'), ("short", '"aa-1"'),
     ("parent", '"e2"'), ("place", '{"rank":"a1","status":"s"}')],
)  # fmt: skip
def test_ops_that_replace_each_other_in_a_circle_give_every_replica_the_same(
    store: Store, field: str, value: str, order: tuple[int, ...], lam: int
) -> None:
    ops = [
        op("aa", 1, field, value, lam=lam),
        op("bb", 1, field, value, "aa.1.1", "cc.1.1", "bb.1.1", lam=lam),
        op("cc", 1, field, value, "bb.1.1", lam=lam),
    ]
    for index in order:
        merge(store, [ops[index]])
    assert check_derived(store) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_two_moves_that_make_a_cycle_are_cut_the_same_way(store: Store, order: tuple[int, ...]) -> None:
    g1, g2 = add_item(store, "g1"), add_item(store, "g2")
    moves = [
        op("aa", 1, "parent", f'"{g2}"', ent=g1, wt=10),
        op("bb", 1, "parent", f'"{g1}"', ent=g2, wt=20),
    ]
    for index in order:
        merge(store, [moves[index]])
    shown = {ent: (queries.entity_fields(store, "item", ent) or {}).get("parent") for ent in (g1, g2)}
    assert shown == {g1: g2, g2: None}
    merge(store, [op("aa", 2, "parent", "null", "aa.1.1", ent=g1, wt=30)])
    shown = {ent: (queries.entity_fields(store, "item", ent) or {}).get("parent") for ent in (g1, g2)}
    assert shown == {g1: None, g2: g1}, "the skipped move counts again once the cycle is open"


@pytest.mark.parametrize("created", ['"then"', '"0001-01-01T00:00:00"', '"9999-12-31T23:59:59-23:59"', "7"])
def test_a_comment_of_no_readable_time_is_shown_at_the_time_it_was_written(
    store: Store, created: str
) -> None:
    ent = add_item(store, "x")
    ops = [("on", f'"{ent}"'), ("text", '"hm"'), ("created", created)]
    merge(store, [op("aa", n + 1, *cell, ent="c1", kind="comment") for n, cell in enumerate(ops)])
    [comment] = queries.comments(store, ent)
    assert comment.text == "hm"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_what_is_said_about_an_item_is_found_in_whatever_order_it_arrives(
    store: Store, order: tuple[int, ...]
) -> None:
    ops = [
        op("aa", 1, "owner", '"m"', ent="i1"),
        op("bb", 1, "text", '"发布"', ent="c1", kind="comment"),
        op("cc", 1, "on", '"i1"', ent="c1", kind="comment"),
        op("dd", 1, "on", '"c1"', ent="c2", kind="comment"),
    ]
    for index in order:
        merge(store, [ops[index]])
    assert check_derived(store) == []
    where = compile_filter("发布", load_vocabulary(store), TODAY)
    assert [card.id for card in queries.matching(store, "item", where)] == ["i1"]
    merge(store, [op("cc", 2, "on", '"i2"', "cc.1.1", ent="c1", kind="comment")])
    assert queries.matching(store, "item", where) == [], "the comment was moved to another item"
    assert check_derived(store) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "7"), ("title", "[1]"), ("due", "20261201"), ("priority", '"high"'), ("priority", "true"),
        ("priority", str(10**30)), ("place", '"here"'), ("place", '{"status":1,"rank":2}'), ("place", "[]"),
        ("trash", '"gone"'), ("trash", '{"a.1":"x"}'), ("labels/", "true"), ("labels/x", "7"), ("custom/k", "{}"),
        ("due", '"2026-W01-1"'), ("due", '"99999999999999"'), ("start", '"2026-02-30"'), ("created", '"then"'),
        ("created", '"0001-01-01T00:00:00"'), ("place", '{"rank":"a0","status":""}'), ("custom/", "1"), ("on", '"x"'),
        ("short", "7"), ("parent", "{}"), ("description", "null"), ("blocked", '"\\u0000"'), ("title", '"\\ud800"'),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_shape_is_kept_and_harms_nothing(store: Store, field: str, value: str) -> None:
    ent = add_item(store, "x")
    merge(store, [op("aa", 1, field, value, ent=ent, wt=10**9)])
    assert queries.detail(store, ent) is not None
    card = queries.card(store, ent)
    assert card is not None
    assert card.due == ""
    assert ent in [shown.id for shown in queries.cards(store, card.status)], "no card vanishes from the board"
    assert queries.position(store, ent) is not None
    assert card.status in [column.id for column in queries.columns(store)]
    assert list(export_lines(store))
    assert check_derived(store) == []
    rebuild(store)
    kept = store.conn.execute("SELECT value FROM op WHERE field = ? ORDER BY dot DESC", (field,)).fetchone()
    assert kept == (value,)
