"""The plan's rows: which items are a part of it, what each says, and which calendar counts its days."""

from __future__ import annotations

import datetime

from store import commands, queries
from store.analysis.plan import Task
from store.database import Store
from store.links import dependency_id, link
from store.plan_rows import (
    absences,
    calendars,
    countries,
    own_days,
    plan_links,
    plan_tasks,
    working_calendars,
)
from tests.conftest import TODAY, Clock, add_item


def day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def tasks(store: Store) -> dict[str, Task]:
    return {task.id: task for task in plan_tasks(store)}


def test_what_has_a_start_a_due_day_a_duration_or_a_link_is_planned(store: Store) -> None:
    planned = [add_item(store, **{name: value}) for name, value in (
        ("start", "2026-11-24"), ("due", "2026-11-27"), ("duration", 3.0),
    )]  # fmt: skip
    idle, before, after = add_item(store, effort=16.0), add_item(store), add_item(store)
    link(store, before, after)
    assert tasks(store).keys() == {*planned, before, after}
    commands.set_fields(store, [idle], {"parent": planned[0]})
    assert idle not in tasks(store)
    whole = add_item(store, "whole")
    commands.set_fields(store, [after], {"parent": whole})
    assert tasks(store)[after].parent == whole
    assert whole in tasks(store)


def test_what_is_in_the_trash_is_not_planned_and_is_nobodys_parent(store: Store) -> None:
    whole, other = add_item(store, due="2026-11-27"), add_item(store, due="2026-11-27")
    part = add_item(store, due="2026-11-27", parent=whole)
    link(store, other, part)
    commands.trash(store, [whole])
    assert tasks(store).keys() == {part, other}
    assert tasks(store)[part].parent == ""
    commands.trash(store, [other])
    assert tasks(store).keys() == {part}
    assert [row.predecessor for row in plan_links(store)] == [other]


def test_a_task_says_what_its_item_says(store: Store) -> None:
    department = queries.departments(store)[1].id
    owner = commands.create(store, "member", {"title": "韩梅", "capacity": 30.0}).ids[0]
    goal = commands.create(store, "goal", {"title": "G"}).ids[0]
    ent = add_item(
        store, "联调", start="2026-11-24", due="2026-11-27", duration=2.5, effort=20.0, remaining=4.0,
        pinned=True, owner=owner, department=department, goal=goal,
    )  # fmt: skip
    assert tasks(store)[ent] == Task(
        ent, day("2026-11-24"), day("2026-11-27"), 3, 20.0, 4.0, "todo", None, False, True, "", "", 6.0,
        owner, department, goal, "联调", queries.statuses(store)[0].id,
    )  # fmt: skip
    bare = add_item(store, "code freeze", kind="milestone", due="2026-12-01")
    task = tasks(store)[bare]
    assert (task.milestone, task.duration, task.hours, task.owner) == (True, None, 8.0, "")


def test_a_done_item_was_finished_on_the_day_it_was_moved_there(store: Store, clock: Clock) -> None:
    done = next(status.id for status in queries.statuses(store) if status.category == "done")
    doing = next(status.id for status in queries.statuses(store) if status.category == "doing")
    ent = add_item(store, due="2026-11-27")
    clock.advance(days=1)
    commands.move(store, [ent], doing)
    assert (tasks(store)[ent].state, tasks(store)[ent].finished) == ("doing", None)
    clock.advance(days=1)
    commands.move(store, [ent], done)
    clock.advance(days=3)
    commands.set_fields(store, [ent], {"title": "renamed"})
    moved = datetime.datetime.fromtimestamp((clock.at - 3 * 86_400_000) / 1000).date()
    assert (tasks(store)[ent].state, tasks(store)[ent].finished) == ("done", moved.toordinal())


def test_links_are_ordered_by_when_they_were_made(store: Store, clock: Clock) -> None:
    first, second, third = (add_item(store) for _ in range(3))
    link(store, second, third, "SS", 2)
    clock.advance(seconds=5)
    link(store, first, second)
    made = sorted(plan_links(store), key=lambda row: row.order)
    assert [(row.predecessor, row.type, row.lag) for row in made] == [(second, "SS", 2), (first, "FS", 0)]
    assert made[0].order[1] == made[0].id == dependency_id(second, third)


def test_own_days_and_absences_are_days_as_numbers_and_nonsense_is_left_out(store: Store) -> None:
    department = queries.departments(store)[0].id
    commands.create(store, "day", {"date": "2026-12-31", "title": "年会"})
    commands.create(store, "day", {"date": "2026-12-05", "working": True, "department": department})
    gone = commands.create(store, "day", {"date": "2026-12-06"}).ids[0]
    commands.trash(store, [gone])
    assert [row[1:] for row in own_days(store)] == [
        (day("2026-12-05"), True, department, ""), (day("2026-12-31"), False, "", "年会"),
    ]  # fmt: skip
    commands.create(store, "absence", {"member": store.member, "first": "2026-12-07", "last": "2026-12-09"})
    commands.create(store, "absence", {"member": store.member, "first": "2026-12-07", "last": "2026-12-01"})
    assert [row[1:] for row in absences(store)] == [(store.member, day("2026-12-07"), day("2026-12-09"), "")]


def test_a_calendar_is_shared_by_all_whose_days_are_the_same(store: Store) -> None:
    one, two, three = (department.id for department in queries.departments(store)[:3])
    away = commands.create(store, "member", {"title": "韩梅"}).ids[0]
    here = commands.create(store, "member", {"title": "李雷"}).ids[0]
    commands.set_fields(store, [store.workspace], {"country": "CN"})
    commands.set_fields(store, [two], {"country": "DE-BY"})
    commands.create(store, "day", {"date": "2026-12-31"})
    commands.create(store, "day", {"date": "2026-12-31", "working": True, "department": three})
    commands.create(store, "absence", {"member": away, "first": "2026-12-07", "last": "2026-12-09"})
    made = {
        (department, owner): add_item(store, due="2026-11-27", department=department, owner=owner)
        for department in (None, one, two, three)
        for owner in (None, away, here)
    }
    found = tasks(store)
    keys = {who: found[ent].calendar for who, ent in made.items()}
    assert keys[None, None] == keys[one, None] == keys[one, here] == keys[None, here] == ""
    assert len(set(keys.values())) == 6
    rows = calendars(store)
    assert calendars(store, list(found.values())) == rows
    assert rows[""] == ("CN", {day("2026-12-31"): False}, [])
    assert rows[keys[two, None]].country == "DE-BY"
    assert rows[keys[three, away]] == (
        "CN", {day("2026-12-31"): True}, [day("2026-12-07"), day("2026-12-08"), day("2026-12-09")],
    )  # fmt: skip
    assert countries(store) == ("CN", {two: "DE-BY"})
    assert TODAY.toordinal() not in rows[""].own_days


def test_what_came_in_done_was_finished_nobody_knows_when(store: Store) -> None:
    done = next(status.id for status in queries.statuses(store) if status.category == "done")
    ent = add_item(store, due="2026-11-27", status=done)
    assert (tasks(store)[ent].state, tasks(store)[ent].finished) == ("done", None)


def test_calendars_are_made_for_the_plan_and_an_unknown_country_is_none(store: Store) -> None:
    owner = commands.create(store, "member", {"title": "韩梅"}).ids[0]
    department = queries.departments(store)[0].id
    commands.set_fields(store, [store.workspace], {"country": "CN"})
    commands.set_fields(store, [department], {"country": "Atlantis"})
    commands.create(store, "absence", {"member": owner, "first": "2026-01-01", "last": "9999-12-31"})
    here = add_item(store, due="2026-11-27")
    away = add_item(store, due="2026-11-27", owner=owner)
    lost = add_item(store, due="2026-11-27", department=department)
    found = tasks(store)
    made = working_calendars(store, list(found.values()))
    national_day, weekday = day("2025-10-01"), day("2026-11-27")

    def works(ent: str, on: int) -> bool:
        return made[found[ent].calendar].is_working(on)

    assert (works(here, weekday), works(here, national_day)) == (True, False)
    assert (works(away, weekday), works(away, day("2025-11-27"))) == (False, True)
    assert (works(lost, weekday), works(lost, national_day)) == (True, True)
