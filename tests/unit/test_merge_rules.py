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
from tests.conftest import START, add_item

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
    keys = {node: (node, 0, "", "", 0) for node in parents}
    for start in (1, 2, 3, 4):
        assert cut_edges([start], parents.get, keys.__getitem__) == {3}
    assert cut_edges([1, 2, 3, 4], parents.get, keys.__getitem__) == {3}
    del parents[3]
    assert cut_edges([1, 2, 3, 4], parents.get, keys.__getitem__) == set()


def test_a_deep_tree_is_walked_once() -> None:
    steps: list[int] = []

    def parent_of(node: int) -> int | None:
        steps.append(node)
        return node - 1 if node else None

    assert cut_edges(range(2_000), parent_of, lambda node: (node, 0, "", "", 0)) == set()
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


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "7"), ("title", "[1]"), ("due", "20261201"), ("priority", '"high"'), ("priority", "true"),
        ("priority", str(10**30)), ("place", '"here"'), ("place", '{"status":1,"rank":2}'), ("place", "[]"),
        ("trash", '"gone"'), ("trash", '{"a.1":"x"}'), ("labels/", "true"), ("labels/x", "7"), ("custom/k", "{}"),
        ("short", "7"), ("parent", "{}"), ("description", "null"), ("blocked", '"\\u0000"'), ("title", '"\\ud800"'),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_shape_is_kept_and_harms_nothing(store: Store, field: str, value: str) -> None:
    ent = add_item(store, "x")
    merge(store, [op("aa", 1, field, value, ent=ent, wt=10**9)])
    assert queries.detail(store, ent) is not None
    assert queries.columns(store)
    assert list(export_lines(store))
    rebuild(store)
    kept = store.conn.execute("SELECT value FROM op WHERE field = ? ORDER BY dot DESC", (field,)).fetchone()
    assert kept == (value,)
