"""The order of a list: its windows together are the whole, whatever it is sorted, divided and filtered by."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import commands, queries
from store.completion import complete
from store.database import Store
from store.filters import EVERYTHING
from store.search import compile_filter
from store.table_order import GROUPS, Spec, TableOrder, sortable
from store.table_rows import table_rows
from store.vocabulary import load_vocabulary
from tests.sample_vocabulary import VOCABULARY
from tui.screens.directory import Directory
from tui.screens.table_columns import known_columns
from tui.screens.table_source import StoreTable

COLUMNS = [name for name in known_columns() if sortable(name)]
QUERIES = [
    "", "定价", "kind:bug", "due<today", "-定价 kind:task", "priority<=1 | no:owner", "zzz", "定价页3", "页3 kind:bug",
    "压测1 | 压测2", "due<today priority<=1 has:owner",
]  # fmt: skip


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Store:
    from store.setup import init_workspace

    store = init_workspace(str(tmp_path_factory.mktemp("t") / "home"), name="A", member="林平", code="lp")
    mixed = random.Random(7)
    statuses = [status.id for status in queries.statuses(store)]
    departments = [row.id for row in queries.departments(store)]
    with commands.change(store, "add") as change:
        goal = change.create("goal", {"title": "付费"})
        for number in range(60):
            fields: dict[str, object] = {
                "title": mixed.choice(["定价页", "压测", "Checkout", "checkout b"]) + str(number % 7),
                "status": mixed.choice(statuses), "kind": mixed.choice(["bug", "task", "risk"]),
            }  # fmt: skip
            for name, values in (
                ("due", ["2026-01-05", "2027-03-01"]), ("priority", [0, 1, 4]), ("owner", [store.member]),
                ("department", departments), ("goal", [goal]), ("effort", [1.5, 8]),
            ):  # fmt: skip
                if mixed.random() < 0.6:
                    fields[name] = mixed.choice(values)
            change.create("item", fields)
        change.create("conflict", {"title": "定价页3", "parties": departments[:2]})
        gone = change.create("item", {"title": "定价页3", "status": statuses[0]})
    commands.trash(store, [gone])
    return store


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["", *COLUMNS]), st.booleans(), st.sampled_from(["", *GROUPS]), st.sampled_from(QUERIES),
    st.integers(1, 25),
)  # fmt: skip
def test_windows_together_are_the_whole(
    board: Store, sort: str, descending: bool, group: str, query: str, window: int
) -> None:
    where = (
        compile_filter(query, load_vocabulary(board), board.today(), board.member) if query else EVERYTHING
    )
    order = TableOrder(board, Spec(sort, descending, group))
    sections = order.sections(where)
    numbers = [number for section in sections for number in section.numbers]
    assert len(numbers) == len(set(numbers)) == queries.item_count(board, where)
    assert [s.numbers for s in TableOrder(board, Spec(sort, descending, group)).sections(where)] == [
        s.numbers for s in sections
    ]
    left, all_of_it = set(numbers), order.sections(EVERYTHING)
    assert numbers == [number for section in all_of_it for number in section.numbers if number in left]
    source = StoreTable(board, Directory(board), sections, group=group, names=("title", "due"), folded=())
    lines = [
        line
        for at in range(0, source.total, window)
        for line in source.lines(at, min(at + window, source.total))
    ]
    whole = source.lines(0, source.total)
    assert [(line.key, line.heading) for line in lines] == [(line.key, line.heading) for line in whole]
    rows = [line.key for line in lines if not line.heading]
    assert rows == [row.id for row in table_rows(board, numbers, ())]
    for at, line in enumerate(lines):
        if not line.heading:
            assert source.index_of(line.key) == at


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["", *COLUMNS]),
    st.booleans(),
    st.sampled_from(["", *GROUPS]),
    st.integers(0, 59),
    st.data(),
)
def test_an_edit_puts_an_item_where_sorting_anew_does(
    board: Store, sort: str, descending: bool, group: str, index: int, data: st.DataObject
) -> None:
    order = TableOrder(board, Spec(sort, descending, group))
    card = queries.matching(board, "item")[index]
    value = data.draw(
        st.sampled_from(
            [
                {"title": "aa"},
                {"due": "2025-01-01"},
                {"due": None},
                {"priority": 2},
                {"owner": None},
                {"effort": 3},
            ]
        )
    )
    commands.set_fields(board, [card.id], value)
    order.moved([card.id])
    anew = TableOrder(board, Spec(sort, descending, group))
    assert [(s.key, list(s.numbers)) for s in order.sections(EVERYTHING)] == [
        (s.key, list(s.numbers)) for s in anew.sections(EVERYTHING)
    ]


@given(
    st.sampled_from(
        ["status:Doing", "owner:李雷", "dept:市场", "kind:bug", "is:overdue", "has:due", "due:today", "label:Backend",
         "goal:留存提升", "state:closed", "customer:AT&T", "状态:进行中", "priority:1"]
    ),
    st.data(),
)  # fmt: skip
def test_a_beginning_is_completed_to_the_word(query: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(query)))
    before = data.draw(st.sampled_from(["", "定价 ", "-", "(", "a | "]))
    text = before + query[:cut]
    found = [one.text.casefold().strip('"') for one in complete(text, len(text), VOCABULARY).suggestions]
    field, _colon, value = query.partition(":")
    if query[:cut].endswith(":"):
        assert found
    elif ":" in query[:cut]:
        assert value.casefold() in found
    else:
        assert f"{field}:" in found
