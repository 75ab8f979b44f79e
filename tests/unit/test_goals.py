"""Goals in the store: their order, answers of departments on several machines, history, and the work behind them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store import commands, queries
from store.analysis.alignment import NO_DEPARTMENT, alignment
from store.analysis.goal_questions import IDLE, LATE, OBJECTION, UNANSWERED, UNMEASURED, questions
from store.database import Store
from store.errors import StoreError
from store.goal_rows import (
    aimless,
    aimless_items,
    conflicts_about,
    efforts,
    goal_count,
    goal_history,
    goal_items,
    goal_row,
    goal_rows,
    objection_count,
    vision,
    work,
)
from store.goals import ACKNOWLEDGED, OBJECTED, answer, link, move, parents, put_under
from store.lookup import department_of
from tests.conftest import TODAY, Clock, add_item, exchange


def new_goal(store: Store, title: str = "付费转化", **fields: object) -> str:
    return commands.create(store, "goal", {"title": title, **fields}).ids[0]


def sides(store: Store) -> dict[str, str]:
    return {row.code: row.id for row in queries.departments(store)}


def say(store: Store, goal: str, department: str, said: str, reason: str = "") -> None:
    with commands.change(store, "answer") as change:
        answer(change, goal, department, said, reason)


def titles(store: Store) -> list[str]:
    return [row.title for row in goal_rows(store)]


def test_goals_are_shown_in_the_order_they_were_put_in(store: Store) -> None:
    ids = [new_goal(store, title) for title in "abcd"]
    with commands.change(store, "move") as change:
        assert move(change, ids[3], -2)
    assert titles(store) == ["a", "d", "b", "c"]
    with commands.change(store, "move") as change:
        assert move(change, ids[0], 1)
        assert not move(change, ids[2], 9)
    assert titles(store) == ["d", "a", "b", "c"]
    new_goal(store, "e")
    assert titles(store)[-1] == "e"
    with commands.change(store, "move") as change:
        put_under(change, ids[1], ids[3])
        put_under(change, ids[0], ids[3])
    assert parents(store) | {} == parents(store)
    assert [goal for goal, parent in parents(store).items() if parent == ids[3]] == [ids[1], ids[0]]


def test_goals_of_one_moment_are_shown_as_they_were_written_down(store: Store) -> None:
    names = [str(number) for number in range(12)]
    with commands.change(store, "import") as change:
        for name in names:
            change.create("goal", {"title": name})
    assert titles(store) == names


def test_a_goal_cannot_lie_beneath_what_lies_beneath_it(store: Store) -> None:
    top = new_goal(store, "a")
    part = new_goal(store, "b", parent=top)
    leaf = new_goal(store, "c", parent=part)
    for parent in (top, part, leaf):
        with pytest.raises(StoreError) as failed, commands.change(store, "move") as change:
            put_under(change, top, parent)
        assert failed.value.code == "goal-circle"
    assert parents(store) == {top: "", part: top, leaf: part}


def test_an_answer_replaces_the_one_before_with_its_reason(store: Store) -> None:
    goal, yf = new_goal(store), sides(store)["yf"]
    say(store, goal, yf, OBJECTED, "  没有\n人手 [bold] ")
    row = goal_row(store, goal)
    assert row is not None
    assert (row.answers, row.objections) == ({yf: OBJECTED}, {yf: "没有 人手 [bold]"})
    assert objection_count(store) == 1
    say(store, goal, yf, ACKNOWLEDGED, "ignored")
    row = goal_row(store, goal)
    assert row is not None
    assert (row.answers, row.objections) == ({yf: ACKNOWLEDGED}, {})
    say(store, goal, yf, "")
    assert goal_rows(store)[0].answers == {}
    assert objection_count(store) == 0


def test_what_is_no_answer_or_no_goal_is_refused_before_anything_is_written(store: Store) -> None:
    goal, item, yf = new_goal(store), add_item(store), sides(store)["yf"]
    for work_, code in (
        (lambda change: answer(change, goal, yf, "maybe"), "bad-value"),
        (lambda change: answer(change, item, yf, ACKNOWLEDGED), "wrong-kind"),
        (lambda change: answer(change, goal, item, ACKNOWLEDGED), "wrong-kind"),
        (lambda change: answer(change, goal, "nowhere", ACKNOWLEDGED), "not-found"),
        (lambda change: link(change, [goal], goal), "wrong-kind"),
        (lambda change: link(change, [item], item), "wrong-kind"),
    ):
        with pytest.raises(StoreError) as failed, commands.change(store, "answer") as change:
            work_(change)
        assert failed.value.code == code
    assert goal_rows(store)[0].answers == {}


def test_two_departments_answer_at_once_and_both_stand(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    goal, departments = new_goal(store), sides(store)
    other = teammate("Mei")
    exchange(store, other)
    say(store, goal, departments["yf"], ACKNOWLEDGED)
    say(other, goal, departments["sc"], OBJECTED, "展会撞期")
    exchange(store, other)
    for replica in (store, other):
        [row] = goal_rows(replica)
        assert row.answers == {departments["yf"]: ACKNOWLEDGED, departments["sc"]: OBJECTED}
        assert row.objections == {departments["sc"]: "展会撞期"}
        assert row.divergences == 0


def test_one_department_that_answers_twice_at_once_diverges(
    store: Store, teammate: Callable[[str], Store], clock: Clock
) -> None:
    goal, yf = new_goal(store), sides(store)["yf"]
    other = teammate("Mei")
    exchange(store, other)
    say(store, goal, yf, ACKNOWLEDGED)
    clock.advance(seconds=5)
    say(other, goal, yf, OBJECTED, "人手不够")
    exchange(store, other)
    for replica in (store, other):
        [row] = goal_rows(replica)
        assert row.answers == {yf: OBJECTED}
        assert row.divergences
        assert [one.field for one in queries.divergences(replica, goal)] == [f"answer/{yf}"]
    with commands.change(store, "settle") as change:
        change.settle(goal, f"answer/{yf}", ACKNOWLEDGED)
    exchange(store, other)
    assert [goal_rows(replica)[0].answers for replica in (store, other)] == [{yf: ACKNOWLEDGED}] * 2


def test_a_circle_made_by_merging_is_cut_the_same_everywhere_and_said(
    store: Store, teammate: Callable[[str], Store], clock: Clock
) -> None:
    one, two = new_goal(store, "one"), new_goal(store, "two")
    other = teammate("Mei")
    exchange(store, other)
    with commands.change(store, "move") as change:
        put_under(change, one, two)
    clock.advance(seconds=5)
    with commands.change(other, "move") as change:
        put_under(change, two, one)
    exchange(store, other)
    for replica in (store, other):
        rows = {row.id: row for row in goal_rows(replica)}
        assert (rows[one].parent, rows[one].cut) == (two, "")
        assert (rows[two].parent, rows[two].cut) == ("", one)
        assert parents(replica)[two] == ""


def test_the_history_has_a_day_for_each_value_that_was_displayed(
    store: Store, teammate: Callable[[str], Store], clock: Clock
) -> None:
    goal = new_goal(store, baseline=10, current=20, target=60)
    other = teammate("Mei")
    exchange(store, other)
    clock.advance(days=1)
    for value in (25, 30):
        commands.set_fields(store, [goal], {"current": value})
    clock.advance(days=1)
    commands.set_fields(store, [goal], {"current": 31})
    clock.advance(seconds=60)
    commands.set_fields(other, [goal], {"current": 40})
    exchange(store, other)
    clock.advance(days=1)
    commands.set_fields(store, [goal], {"current": None})
    clock.advance(days=1)
    commands.set_fields(store, [goal], {"current": 50})
    exchange(store, other)
    for replica in (store, other):
        points = goal_history(replica)[goal]
        assert [(point.day - points[0].day).days for point in points] == [0, 1, 2, 4]
        assert [point.value for point in points] == [20, 30, 40, 50]
        assert goal_history(replica, [goal]) == goal_history(replica)
    assert goal_history(store, ["nothing"]) == {}


def test_work_counts_for_its_department_else_for_its_owners(store: Store) -> None:
    departments = sides(store)
    statuses = [status.id for status in queries.statuses(store)]
    han = commands.create(store, "member", {"title": "韩梅", "department": departments["yf"]}).ids[0]
    top = new_goal(store, "top")
    part = new_goal(store, "part", parent=top)
    add_item(store, "a", goal=part, department=departments["sc"], effort=8, remaining=3)
    add_item(store, "b", goal=part, owner=han, effort=4)
    done = add_item(store, "c", goal=part, department=departments["yf"], effort=16, status=statuses[-1])
    add_item(store, "d", goal=top)
    gone = add_item(store, "e", goal=top)
    commands.trash(store, [gone])
    found = alignment(parents(store), work(store), list(departments.values()))
    lines = {row.goal: row for row in found.rows}
    assert lines[part].cells[departments["yf"]][:4] == (1, 1, 20, 4)
    assert lines[part].cells[departments["sc"]][:4] == (1, 0, 8, 3)
    assert lines[top].total[:3] == (3, 1, 28)
    assert lines[top].cells[NO_DEPARTMENT].items == 1
    assert found.columns[-1] == NO_DEPARTMENT
    assert [card.title for card in goal_items(store, [top, part], department=departments["yf"])] == ["b", "c"]
    assert [card.title for card in goal_items(store, [top], department="")] == ["d"]
    assert efforts(store, [done, gone, "x"]) == {done: 16}
    add_item(store, "f", goal=top)
    assert sum(piece.open + piece.done for piece in work(store)) == 5  # what was counted before is not kept


def test_the_open_questions_are_asked_of_goals_that_are_pursued(store: Store) -> None:
    departments = sides(store)
    order = list(departments.values())
    late = new_goal(store, "late", baseline=0, current=5, target=10, due="2026-11-01")
    reached = new_goal(store, "reached", baseline=0, current=10, target=10, due="2026-11-01")
    idle = new_goal(store, "idle")
    over = new_goal(store, "over", state="dropped", due="2026-11-01")
    for goal in (late, reached):
        add_item(store, "x", goal=goal, department=departments["yf"])
    add_item(store, "for the one that is over", goal=over)
    say(store, late, departments["sc"], OBJECTED, "no")
    say(store, reached, departments["yf"], ACKNOWLEDGED)
    rows = goal_rows(store)
    aligned = alignment(parents(store), work(store), order)
    found = questions(rows, aligned, order, TODAY.isoformat())
    assert [(one.kind, one.goal) for one in found] == [
        (OBJECTION, late), (LATE, late), (UNANSWERED, late), (UNANSWERED, idle), (IDLE, idle), (UNMEASURED, idle),
    ]  # fmt: skip
    assert found[0].departments == (departments["sc"],)
    assert found[2].departments == (departments["yf"],)
    assert found[3].departments == tuple(order)
    assert goal_count(store) == 3


def test_open_work_without_a_goal_is_counted_and_the_biggest_comes_first(store: Store) -> None:
    departments = sides(store)
    statuses = [status.id for status in queries.statuses(store)]
    goal = new_goal(store)
    add_item(store, "small", department=departments["yf"], effort=2)
    big = add_item(store, "big", department=departments["yf"], effort=80)
    add_item(store, "nobody's")
    add_item(store, "done", effort=99, status=statuses[-1])
    aimed = add_item(store, "aimed", effort=99)
    with commands.change(store, "link") as change:
        link(change, [aimed], goal)
    assert aimless(store) == {departments["yf"]: 2, "": 1}
    assert [card.title for card in aimless_items(store)] == ["big", "small", "nobody's"]
    assert [card.id for card in aimless_items(store, department=departments["yf"], limit=1)] == [big]
    with commands.change(store, "link") as change:
        link(change, [aimed], None)
    assert [card.title for card in aimless_items(store, limit=1)] == ["aimed"]


def test_a_goal_knows_its_conflicts_and_a_workspace_its_vision(store: Store) -> None:
    goal = new_goal(store)
    conflict = commands.create(store, "conflict", {"title": "抢人", "goal": goal}).ids[0]
    assert [card.id for card in conflicts_about(store, goal)] == [conflict]
    assert vision(store) == ""
    commands.set_fields(store, [store.workspace], {"vision": "一条船"})
    assert vision(store) == "一条船"
    assert department_of(store, store.member) == department_of(store, "nobody") == ""


def test_a_goal_of_a_newer_program_or_in_the_trash_breaks_nothing(store: Store) -> None:
    parent = new_goal(store, "parent")
    goal = new_goal(store, "child", parent=parent, state="pursued")
    item = add_item(store, "x", goal=goal)
    commands.trash(store, [parent])
    assert [(row.title, row.parent) for row in goal_rows(store)] == [("child", parent)]
    assert alignment(parents(store), work(store), []).rows[0].depth == 0
    commands.trash(store, [goal])
    assert goal_rows(store) == []
    assert goal_row(store, goal) is None
    assert alignment(parents(store), work(store), []).rows == ()
    assert goal_items(store, [goal])[0].id == item
