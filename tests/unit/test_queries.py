"""What the board asks: windows, counts, lanes and positions agree with each other."""

from __future__ import annotations

import random

import pytest

from store import commands, queries
from store.database import Store, open_store
from store.errors import StoreError
from store.hits import find
from store.lookup import resolve
from store.oplog import rebuild
from store.ops import encode_value
from store.queries import CONFLICTS, Card, Lane
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


# By what is typed: what a title must have, and whether so few are found that each is looked up.
FILTERS = {
    "结账": (lambda title: "结账" in title, False),
    "01": (lambda title: title.startswith("01"), True),
    "结账 19": (lambda title: title.startswith("19") and "结账" in title, True),
    "退款": (lambda title: "退款" in title, True),
}


def columns_by_hand(store: Store, text: str) -> dict[str, list[Card]]:
    """Return what each column shows under a filter, from all the cards of the board."""
    fits = FILTERS[text][0]
    whole = {column.id: queries.cards(store, column.id, limit=1_000) for column in queries.columns(store)}
    return {column: [card for card in cards if fits(card.title)] for column, cards in whole.items()}


def columns_shown(store: Store, text: str) -> dict[str, list[Card]]:
    """Return what each column shows under a filter, page by page, and check it against its count."""
    where = compile_filter(text, load_vocabulary(store), store.today(), store.member)
    shown = {}
    for column in queries.columns(store, where):
        pages = range(0, column.count + 1, 5)
        shown[column.id] = [
            card
            for offset in pages
            for card in queries.cards(store, column.id, where=where, offset=offset, limit=5)
        ]
        assert column.count == len(shown[column.id])
    assert queries.item_count(store, where) == sum(map(len, shown.values()))
    return shown


@pytest.mark.parametrize("text", FILTERS)
def test_a_filtered_column_is_the_whole_one_without_the_rest(board: Store, text: str) -> None:
    where = compile_filter(text, load_vocabulary(board), board.today(), board.member)
    assert find(board, where.match).few == FILTERS[text][1]
    assert columns_shown(board, text) == columns_by_hand(board, text)
    for cards in columns_by_hand(board, text).values():
        for index, card in enumerate(cards):
            assert queries.position(board, card.id, where=where) == (card.status, index, "")


def test_a_filter_follows_what_this_and_another_process_write_between_two_questions(board: Store) -> None:
    statuses = [status.id for status in queries.statuses(board)]
    other = open_store(board.home)
    chance = random.Random(3)
    try:
        for store in (other, board, other, other, board):
            cards = chance.sample(queries.matching(store, "item"), 40)
            commands.move(store, [card.id for card in cards[:15]], chance.choice(statuses))
            commands.trash(store, [card.id for card in cards[10:20]])
            commands.set_fields(store, [card.id for card in cards[20:30]], {"title": "01 退款"})
            commands.comment(store, cards[30].id, "再议")
            add_item(store, "19 结账退款", status=statuses[1])
            for text in FILTERS:
                for reader in (board, other):
                    assert columns_shown(reader, text) == columns_by_hand(reader, text)
        undo(other)
        assert columns_shown(board, "退款") == columns_by_hand(board, "退款")
        rebuild(board)
        assert columns_shown(other, "结账") == columns_by_hand(other, "结账")
    finally:
        other.close()


def test_what_was_asked_within_a_change_that_failed_is_forgotten(board: Store) -> None:
    where = compile_filter("结账", load_vocabulary(board), board.today(), board.member)
    before = (queries.columns(board), columns_shown(board, "结账"))
    count = queries.item_count(board, where)

    def fail() -> None:
        with commands.change(board, "add") as made:
            made.create("item", {"title": "结账又来"})
            made.flush()
            assert (queries.item_count(board), queries.item_count(board, where)) == (201, count + 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (queries.columns(board), columns_shown(board, "结账")) == before


def test_the_trash_is_counted_and_shown_apart(board: Store) -> None:
    gone = [card for card in queries.matching(board, "item") if "结账" in card.title][::2]
    commands.trash(board, [card.id for card in gone])
    where = compile_filter("结账 is:trashed", load_vocabulary(board), board.today(), board.member)
    shown = [
        card.id
        for column in queries.columns(board, where)
        for card in queries.cards(board, column.id, where=where, limit=1_000)
    ]
    assert sorted(shown) == sorted(card.id for card in gone)
    assert queries.item_count(board, where) == len(gone)


def test_many_statuses_that_are_not_here_are_counted_one_by_one(board: Store) -> None:
    ids = [card.id for card in queries.matching(board, "item") if "结账" in card.title]
    with commands.change(board, "move") as made:
        for number, ent in enumerate(ids):
            made.write("item", ent, "place", encode_value({"rank": "a0", "status": f"lost {number:03}"}))
    where = compile_filter("结账", load_vocabulary(board), board.today(), board.member)
    assert [
        (column.id, column.count) for column in queries.columns(board, where) if column.id[:4] == "lost"
    ] == [(f"lost {number:03}", 1) for number in range(len(ids))]


@pytest.mark.parametrize("by", queries.LANES)
@pytest.mark.parametrize("text", ["", "结账", "01"])
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
    assert "" not in [lane.key for lane in lanes[:-1]], "the lane of cards without a value comes last"
    assert lanes[-1].key == "" or text == "01", "where there is any such card"


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
