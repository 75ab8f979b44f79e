"""The pool holds what should exist and is not done, ranked by a score or by who wants it."""

from __future__ import annotations

import pytest

from store import commands, feedback, queries
from store.analysis.scoring import Inputs
from store.database import Store
from store.feedback_rows import Support
from store.pool import ORDERS, PoolRow, inputs_of, pool, pool_count, ranked
from tests.conftest import add_item


def requirement(store: Store, title: str, **fields: object) -> str:
    return add_item(store, title, kind="requirement", **fields)


NOBODY = Support()


def row(title: str, *, support: Support = NOBODY, **inputs: object) -> PoolRow:
    return PoolRow(title, title, title, "", "", "", None, False, Inputs(**inputs), support)  # type: ignore[arg-type]


def test_requirements_that_are_not_done_and_not_in_the_trash(store: Store) -> None:
    kept = requirement(store, "导出发票", reach=500, confidence=80)
    add_item(store, "a task")
    done, gone = requirement(store, "done"), requirement(store, "gone")
    commands.move(store, [done], next(s.id for s in queries.statuses(store) if s.category == "done"))
    commands.trash(store, [gone])
    assert [one.id for one in pool(store)] == [kept]
    assert pool_count(store) == 1
    assert pool(store)[0].inputs == inputs_of(store, kept) == Inputs(reach=500, confidence=80)


def test_a_requirement_of_a_status_that_is_not_here_is_in_the_pool(store: Store) -> None:
    kept = requirement(store, "导出发票")
    with store.transaction() as conn:
        conn.execute("UPDATE p_item SET status = NULL WHERE id = ?", (kept,))
    assert [one.id for one in pool(store)] == [kept]
    assert pool_count(store) == 1


def test_who_wants_it_stands_beside_it(store: Store) -> None:
    kept = requirement(store, "导出发票")
    buyer = commands.create(store, "customer", {"title": "华宇集团", "size": 300}).ids[0]
    for _voice in range(2):
        said = commands.create(store, "feedback", {"title": "x", "customer": buyer, "voters": [store.member]})
        with commands.change(store, "link") as change:
            feedback.link(change, said.ids, [kept])
    assert pool(store)[0].support == ({store.member}, {buyer}, 300)


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("rice", ["b", "a", "c"]), ("value", ["a", "b", "c"]), ("people", ["c", "b", "a"]),
        ("customers", ["b", "c", "a"]), ("size", ["c", "b", "a"]), ("moscow", ["c", "b", "a"]),
    ],
)  # fmt: skip
def test_what_has_a_score_comes_first_and_ties_go_by_who_wants_it(by: str, wanted: list[str]) -> None:
    rows = [
        row("a", reach=100, impact=1, confidence=100, effort=160, value=9),
        row(
            "b",
            support=Support(frozenset("x"), frozenset("pq"), 10),
            reach=100,
            impact=1,
            confidence=100,
            effort=160,
        ),
        row("c", support=Support(frozenset("xy"), frozenset("p"), 20), reach=500, moscow="could"),
    ]
    assert [one.row.id for one in ranked(rows, by)] == wanted


def test_every_order_takes_an_empty_pool_and_empty_rows() -> None:
    for by in ORDERS:
        assert ranked([], by) == []
        assert [one.score.number for one in ranked([row("a")], by)] == [None]
