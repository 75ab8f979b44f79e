"""What the board asks: windows, counts, lanes and positions agree with each other."""

from __future__ import annotations

import random

import pytest

from store import commands, queries
from store.database import Store
from store.errors import StoreError
from store.lookup import resolve
from store.queries import CONFLICTS, Lane
from store.search import compile_filter
from store.undo import undo
from store.vocabulary import load_vocabulary
from tests.conftest import add_item


@pytest.fixture
def board(store: Store) -> Store:
    """200 items and 12 conflicts over every status, department and owner, some with none."""
    chance = random.Random(7)
    statuses = [status.id for status in queries.statuses(store)]
    departments = [department.id for department in queries.departments(store)]
    with commands.change(store, "import") as change:
        people = [store.member, change.create("member", {"title": "李雷"}), None]
        for number in range(200):
            change.create(
                "item",
                {
                    "title": f"{number:03} 结账" if number % 3 else f"{number:03}",
                    "status": chance.choice(statuses), "department": chance.choice([*departments, None]),
                    "owner": chance.choice(people), "priority": chance.choice([0, 1, 2, None]),
                },
            )  # fmt: skip
        for number in range(12):
            change.create(
                "conflict",
                {
                    "title": f"冲突 {number}", "severity": chance.choice([1, 2, None]),
                    "decider": chance.choice(people),
                    "parties": chance.sample(departments, chance.randint(0, 3)),
                    "state": "closed" if number == 0 else "logged",
                },
            )  # fmt: skip
    return store


@pytest.mark.parametrize("text", ["", "结账", "priority<=1", "owner:@me"])
def test_windows_put_together_are_the_column(board: Store, text: str) -> None:
    where = compile_filter(text, load_vocabulary(board), board.today(), board.member)
    for column in [*queries.columns(board, where), None]:
        key, count = (
            (column.id, column.count) if column else (CONFLICTS, queries.conflict_count(board, where))
        )
        whole = queries.cards(board, key, where=where, limit=1_000)
        windows = []
        for offset in range(0, count, 7):
            windows += queries.cards(board, key, where=where, offset=offset, limit=7)
        assert len(whole) == count
        assert windows == whole
        for index, card in enumerate(whole):
            assert queries.position(board, card.id, where=where) == (key, index, "")


@pytest.mark.parametrize("by", queries.LANES)
@pytest.mark.parametrize("text", ["", "结账"])
def test_lanes_divide_the_board(board: Store, by: str, text: str) -> None:
    where = compile_filter(text, load_vocabulary(board), board.today(), board.member)
    lanes = queries.lanes(board, by, where)
    columns = queries.columns(board, where)
    for column in columns:
        assert sum(lane.counts.get(column.id, 0) for lane in lanes) == column.count
    for lane in lanes:
        for column, count in lane.counts.items():
            cards = queries.cards(board, column, where=where, lane=Lane(by, lane.key), limit=1_000)
            assert len(cards) == count
            if column != CONFLICTS or by != "department":
                for index, card in enumerate(cards):
                    assert queries.position(board, card.id, where=where, lane_by=by) == (
                        column,
                        index,
                        lane.key,
                    )
    assert lanes[-1].key == "", "the lane of cards without a value comes last"


def test_a_conflict_lies_in_the_lane_of_each_party(board: Store) -> None:
    departments = [department.id for department in queries.departments(board)]
    ent = commands.create(board, "conflict", {"title": "x", "parties": departments[:2]}).ids[0]
    for department in departments[:3]:
        ids = [card.id for card in queries.cards(board, CONFLICTS, lane=Lane("department", department))]
        assert (ent in ids) == (department in departments[:2])


def test_parties_are_shown_in_the_order_of_departments(board: Store) -> None:
    departments = [department.id for department in queries.departments(board)]
    ent = commands.create(board, "conflict", {"title": "x", "parties": [departments[3], departments[0]]}).ids[
        0
    ]
    assert queries.card(board, ent).parties == (departments[0], departments[3])  # type: ignore[union-attr]


def test_closed_conflicts_leave_the_board_and_stay_in_the_list(board: Store) -> None:
    on_board = {card.title for card in queries.cards(board, CONFLICTS, limit=100)}
    listed = {card.title for card in queries.matching(board, "conflict")}
    assert listed - on_board == {"冲突 0"}


def test_what_is_trashed_has_no_position(board: Store) -> None:
    card = queries.matching(board, "item")[0]
    commands.trash(board, [card.id])
    assert queries.position(board, card.id) is None
    assert queries.detail(board, card.id).trashed  # type: ignore[union-attr]


def test_counts_follow_every_kind_of_change(board: Store) -> None:
    statuses = [status.id for status in queries.statuses(board)]
    cards = queries.matching(board, "item")
    commands.move(board, [card.id for card in cards[:30]], statuses[3])
    commands.trash(board, [card.id for card in cards[20:50]])
    commands.restore(board, [cards[25].id])
    undo(board)
    commands.trash(board, [statuses[2]])
    counted = {column.id: column.count for column in queries.columns(board)}
    assert counted == {status: len(queries.cards(board, status, limit=1_000)) for status in statuses}
    assert counted[statuses[2]] > 0, "cards of a deleted status stay on the board"
    assert queries.item_count(board) == len(queries.matching(board, "item"))


def test_an_entity_is_found_by_short_id_full_id_or_the_beginning_of_either(store: Store) -> None:
    ids = [add_item(store) for _ in range(12)]
    for text in ("lp-12", " LP-12 ", ids[11], ids[11].upper(), ids[11][:15]):
        assert resolve(store, text) == ids[11]
    assert resolve(store, "lp-1") == ids[0], "a whole short id is not the beginning of another"


@pytest.mark.parametrize(
    "text", ["", " ", "lp-99", "lp-1b", "研发", "lp-\U0010ffff", "lp\ud7ff", "\udcff", "l\0", "'", "%", "~"]
)
def test_what_names_nothing_is_not_found(store: Store, text: str) -> None:
    add_item(store)
    with pytest.raises(StoreError) as refused:
        resolve(store, text)
    assert refused.value.code == "not-found"


def test_a_beginning_of_several_names_them(store: Store) -> None:
    for _ in range(9):
        add_item(store)
    with pytest.raises(StoreError) as refused:
        resolve(store, "lp-")
    assert refused.value.code == "ambiguous"
    assert refused.value.params["matches"] == [f"lp-{n}" for n in range(1, 7)]
