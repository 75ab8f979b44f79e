"""Needs, requests, key dates and departments in a workspace, and on two replicas of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from store import commands, handoff_rows, queries
from store.analysis.handoffs import ASKED, LINK, PROMISED, pairs
from store.chart_rows import people
from store.commands import change
from store.database import Store
from store.department_rows import department_rows
from store.department_uses import merge_departments, move_department, uses
from store.errors import StoreError
from store.handoff_rows import handoffs
from store.key_dates import add_key_date, key_dates, upcoming
from store.need_rows import need_heatmap, need_rows, open_need_count
from store.needs import link_items, other_sort, step
from store.own_days import set_absence
from store.plan import read_plan
from store.plan_rows import absences
from store.requests import grant, granted, open_request_count, refuse, request_row, request_rows, withdraw
from store.undo import undo
from tests.conftest import TODAY, add_item, exchange
from tests.sample_team import fill_team
from tests.steps import steps

Join = Callable[[str], Store]
FAIR = datetime.date(2026, 12, 11)


def department(store: Store, code: str) -> str:
    return next(row.id for row in queries.departments(store) if row.code == code)


def need(store: Store, title: str = "缺测试机", **fields: object) -> str:
    return commands.create(store, "need", {"title": title, **fields}).ids[0]


def titles(store: Store) -> list[str]:
    return [row.title for row in queries.departments(store)]


# Needs


def test_a_need_goes_from_raised_to_met_each_step_an_undo(store: Store) -> None:
    ent = need(store)
    assert open_need_count(store) == 1
    for state in ("confirmed", "met", "parked", "raised"):
        with commands.change(store, "set") as change:
            step(change, [ent], state)
        assert need_rows(store)[0].state == state
    undo(store)
    assert need_rows(store)[0].state == "parked"
    assert open_need_count(store) == 0


def test_needs_are_listed_by_state_then_severity_then_age(store: Store) -> None:
    first = need(store, "b", severity=2)
    met = need(store, "c", state="met", severity=1)
    worst = need(store, "a", severity=1)
    plain = need(store, "[bold]d")
    assert [row.id for row in need_rows(store)] == [worst, first, plain, met]


def test_the_map_counts_what_is_open_and_keeps_departments_nobody_knows(store: Store) -> None:
    yf = department(store, "yf")
    need(store, "a", department=yf, kind="tools", severity=1)
    need(store, "b", department=yf, kind="tools")
    need(store, "c", kind="people")
    need(store, "d", department=yf, state="met")
    found = need_heatmap(need_rows(store), [row.id for row in queries.departments(store)])
    assert found.total == 3
    assert (len(found.cell("tools", yf).ids), found.cell("tools", yf).weight) == (2, 5)
    assert found.departments[-1] == ""
    assert len(found.of_kind("people")) == 1


def test_only_a_need_takes_the_steps_of_a_need(store: Store) -> None:
    item = add_item(store)
    for work in (
        lambda change: step(change, [item], "met"),
        lambda change: other_sort(change, [item]),
        lambda change: link_items(change, [item], [item]),
        lambda change: grant(change, item, ""),
    ):
        with pytest.raises(StoreError) as wrong, commands.change(store, "set") as change:
            work(change)
        assert wrong.value.code == "wrong-kind"


def test_two_replicas_step_one_need_differently_and_both_are_seen(store: Store, teammate: Join) -> None:
    ent = need(store)
    other = teammate("韩梅")
    for replica, state in ((store, "confirmed"), (other, "met")):
        with commands.change(replica, "set") as change:
            step(change, [ent], state)
    exchange(store, other)
    assert need_rows(store) == need_rows(other)
    assert need_rows(store)[0].divergences == 1
    [divergence] = queries.divergences(store, ent)
    assert {head.value for head in divergence.heads} == {"confirmed", "met"}


def test_two_replicas_taking_one_step_agree_without_a_divergence(store: Store, teammate: Join) -> None:
    ent, item = need(store), add_item(store)
    other = teammate("韩梅")
    for replica in (store, other):
        with commands.change(replica, "set") as change:
            step(change, [ent], "met")
            link_items(change, [ent], [item])
    exchange(store, other)
    assert [(row.state, row.divergences, row.items) for row in need_rows(other)] == [("met", 0, 1)]


def test_a_private_need_stays_at_home_until_it_is_shared(store: Store, teammate: Join) -> None:
    other = teammate("韩梅")
    ent = commands.create(store, "need", {"title": "不想公开"}, private=True).ids[0]
    exchange(store, other)
    assert need_rows(other) == []
    commands.share(store, [ent])
    exchange(store, other)
    assert [row.title for row in need_rows(other)] == ["不想公开"]


# Key dates and absences


def test_two_replicas_write_down_one_key_date_once_and_two_twice(store: Store, teammate: Join) -> None:
    other = teammate("韩梅")
    yf = department(store, "yf")
    for replica in (store, other):
        with commands.change(replica, "add") as change:
            add_key_date(change, "展会", FAIR, department=yf)
            add_key_date(change, f"mine {replica.code}", FAIR)
    exchange(store, other)
    assert key_dates(store) == key_dates(other)
    assert sorted(row.title for row in key_dates(store)).count("展会") == 1
    assert len(key_dates(store)) == 3


def test_a_key_date_in_the_trash_comes_out_when_it_is_written_down_again(store: Store) -> None:
    with commands.change(store, "add") as change:
        ent = add_key_date(change, "展会", FAIR)
    commands.trash(store, [ent])
    assert key_dates(store) == []
    with commands.change(store, "add") as change:
        assert add_key_date(change, "展会 ", FAIR) == ent
    assert [row.id for row in key_dates(store)] == [ent]
    assert upcoming(key_dates(store), FAIR) == key_dates(store)
    assert upcoming(key_dates(store), FAIR + datetime.timedelta(1)) == []


def test_people_departments_dates_and_absences_have_cards_to_be_edited(store: Store) -> None:
    yf = department(store, "yf")
    with commands.change(store, "add") as change:
        day = add_key_date(change, "展会 [b]", FAIR, department=yf)
        away = set_absence(change, store.member, FAIR, FAIR)
        lone = change.create("department", {"title": "法务"})
    found = {ent: queries.detail(store, ent) for ent in (yf, store.member, day, away, lone)}
    assert [(one.card.kind, one.card.short) for one in found.values() if one] == [
        ("department", "yf"), ("member", "lp"), ("key_date", "展会 [b]"), ("absence", away[:6]), ("department", "法务"),
    ]  # fmt: skip
    held = found[day]
    assert held is not None
    assert (held.card.due, held.card.department) == ("2026-12-11", yf)


# Departments


def test_a_department_says_what_is_open_about_it(store: Store) -> None:
    ids = fill_team(store)
    found = {row.code: row for row in department_rows(store)}
    assert (found["yf"].needs, found["yf"].challenges, found["yf"].owes, found["yf"].owed) == (1, 1, 1, 0)
    assert (found["sc"].needs, found["sc"].challenges, found["sc"].owed) == (2, 1, 1)
    assert (found["xs"].open, found["xs"].late) == (2, 1)
    commands.set_fields(store, [ids.deck], {"blocked": "等报价"})
    assert next(row for row in department_rows(store) if row.code == "xs").blocked == 1
    assert found["yf"].contact == ids.han


def test_departments_change_places_and_one_without_a_place_gets_one(store: Store) -> None:
    order = titles(store)
    with commands.change(store, "move") as change:
        assert move_department(change, department(store, "yf"), -1)
    assert titles(store) == [order[1], order[0], *order[2:]]
    with commands.change(store, "move") as change:
        assert not move_department(change, department(store, "yf"), -1)
    lone = commands.create(store, "department", {"title": "法务"}).ids[0]
    with commands.change(store, "move") as change:
        assert move_department(change, lone, -1)
    assert [row.title for row in department_rows(store)][-2:] == ["法务", order[-1]]


def test_a_department_tells_where_it_is_named(store: Store) -> None:
    ids = fill_team(store)
    found = uses(store, ids.departments["sc"])
    assert found["member"] == 2
    assert found["need"] == 4
    assert found["request"] == 3
    assert found["key_date"] == 2
    assert uses(store, commands.create(store, "department", {"title": "法务"}).ids[0]) == {}


def test_a_department_that_is_another_one_gives_it_everything_it_is_named_by(store: Store) -> None:
    ids = fill_team(store)
    sc = ids.departments["sc"]
    gone = commands.create(
        store, "department", {"title": "市场部门", "code": "mk", "aliases": ["brand"]}
    ).ids[0]
    with commands.change(store, "import") as change:
        item = change.create("item", {"title": "海报", "department": gone})
        sides = [gone, ids.departments["yf"]]
        conflict = change.create(
            "conflict",
            {
                "title": "日期",
                "parties": sides,
                "position": {gone: "提前"},
                "interest": {gone: "展会", sc: "预算"},
            },
        )
    with commands.change(store, "merge") as change:
        merge_departments(change, sc, gone)
    assert queries.card(store, item).department == sc  # type: ignore[union-attr]
    fields = queries.entity_fields(store, "conflict", conflict) or {}
    assert set(fields["parties"]) == {sc, ids.departments["yf"]}  # type: ignore[call-overload]
    assert (fields["position"], fields["interest"]) == ({sc: "提前"}, {sc: "预算 / 展会"})
    aliases = (queries.entity_fields(store, "department", sc) or {})["aliases"]
    assert {"市场部门", "mk", "brand", "mkt"} <= set(aliases)  # type: ignore[call-overload]
    assert gone not in {row.id for row in queries.departments(store)}
    assert uses(store, gone) == {}
    undo(store)
    assert queries.card(store, item).department == gone  # type: ignore[union-attr]
    with pytest.raises(StoreError), commands.change(store, "merge") as change:
        merge_departments(change, sc, sc)


# Hand-offs


def test_what_crosses_departments_is_handed_over_until_it_is_done(store: Store) -> None:
    ids = fill_team(store)
    where = ids.departments
    found = {(pair.giver, pair.taker): pair for pair in pairs(handoffs(store))}
    assert found[where["yf"], where["pd"]].count(LINK) == 1  # freeze → launch
    assert found[where["xs"], where["sc"]].count(ASKED) == 1
    assert found[where["yf"], where["sc"]].count(PROMISED) == 1
    assert found[where["yf"], where["sc"]].late == 1
    assert all(giver != taker for giver, taker in found)
    commands.move(store, [ids.deck, ids.launch], ids.statuses["done"])
    commands.set_fields(store, [ids.promise], {"state": "kept"})
    assert pairs(handoffs(store)) == []


# Requests


def test_links_between_departments_are_found_without_a_look_at_all_items(store: Store) -> None:
    ours, theirs = [row.id for row in queries.departments(store)][:2]
    with change(store, "add") as made:
        items = [
            made.create("item", {"title": f"item {number}", "department": (ours, theirs)[number % 2]})
            for number in range(300)
        ]
        made.create("dependency", {"predecessor": items[0], "successor": items[1]})
    query, today = handoff_rows._LINKS, (TODAY.isoformat(),)
    assert len(store.conn.execute(query, today).fetchall()) == 1
    assert steps(store.conn, lambda: store.conn.execute(query, today).fetchall()) < 300


def test_a_request_is_granted_refused_and_taken_back_each_an_undo(store: Store) -> None:
    ids = fill_team(store)
    assert open_request_count(store) == 2
    with commands.change(store, "set") as change:
        grant(change, ids.ask_design, ids.hannah)
    row = request_row(store, ids.ask_design)
    assert row is not None
    assert (row.state, row.member, row.open) == ("granted", ids.hannah, False)
    assert [one.id for one in granted(request_rows(store))] == [ids.ask_design]
    undo(store)
    assert open_request_count(store) == 2
    with commands.change(store, "set") as change:
        refuse(change, ids.ask_design, "展会优先")
        withdraw(change, ids.ask_copy)
    states = {row.id: (row.state, row.reason) for row in request_rows(store)}
    assert states[ids.ask_design] == ("refused", "展会优先")
    assert states[ids.ask_copy] == ("withdrawn", "")
    assert [row.state for row in request_rows(store)] == ["refused", "refused", "withdrawn"]


def test_a_request_answered_on_both_sides_shows_both_answers(store: Store, teammate: Join) -> None:
    ids = fill_team(store)
    other = teammate("韩二")
    with commands.change(store, "set") as change:
        grant(change, ids.ask_design, ids.hannah)
    with commands.change(other, "set") as change:
        refuse(change, ids.ask_design, "没空")
    exchange(store, other)
    assert request_rows(store) == request_rows(other)
    row = request_row(store, ids.ask_design)
    assert row is not None
    assert row.divergences == 1


def test_members_away_without_work_and_without_hours_have_loads(store: Store) -> None:
    from store.analysis.loads import loads
    from store.plan_rows import working_calendars

    ids = fill_team(store)
    with commands.change(store, "set") as change:
        change.set(ids.hannah, {"capacity": 0})
        set_absence(change, ids.nobody, TODAY, TODAY + datetime.timedelta(4))
    plan = read_plan(store)
    calendars = {**working_calendars(store), **plan.calendars}
    table = loads(plan.tasks, plan.slots, people(store), calendars, plan.today)
    assert table.keys() == {row.id for row in queries.members(store)}
    assert [load.capacity for load in table[ids.nobody]][:2] == [0.0, 40.0]
    assert all(load.capacity == 0 for load in table[ids.hannah])
    assert any(load.overloaded for load in table[ids.hannah])
    assert len(absences(store)) == 2


def test_departments_are_moved_past_one_whose_place_is_none(store: Store) -> None:
    names = [row.code for row in queries.departments(store)]
    commands.set_fields(store, [department(store, names[1])], {"rank": "!"})
    shown = [row.code for row in queries.departments(store)]
    with change(store, "move") as made:
        assert move_department(made, department(store, shown[1]), -1)
    assert [row.code for row in queries.departments(store)] == [shown[1], shown[0], *shown[2:]]
