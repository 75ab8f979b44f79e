"""Levelling: nobody does more than their hours allow, promises and fixed dates are kept, and little is moved."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from store.analysis.calendars import WorkingCalendar, derived, working_calendar
from store.analysis.levelling import Dates, Levelled, level
from store.analysis.plan import Link, Task
from store.analysis.schedule import schedule

TODAY = date(2026, 11, 23).toordinal()  # a Monday
PLAIN = {"": working_calendar()}


def day(text: str) -> int:
    """Return a day of November or December 2026: "11-25"."""
    return date.fromisoformat(f"2026-{text}").toordinal()


def levelled(
    *tasks: Task,
    links: tuple[Link, ...] = (),
    calendars: dict[str, WorkingCalendar] = PLAIN,
    capacities: dict[str, float] | None = None,
    one_at_a_time: bool = False,
) -> Levelled:
    return level(tasks, links, calendars, capacities or {}, TODAY, one_at_a_time=one_at_a_time)


def days(plan: Levelled) -> dict[str, tuple[str, str]]:
    return {
        ident: (
            date.fromordinal(slot.start).isoformat()[5:],
            date.fromordinal(slot.finish).isoformat()[5:],
        )
        for ident, slot in plan.schedule.slots.items()
    }


def test_one_person_does_one_thing_after_the_other() -> None:
    plan = levelled(Task("a", duration=3, owner="li"), Task("b", duration=2, owner="li"))
    assert days(plan) in (
        {"a": ("11-23", "11-25"), "b": ("11-26", "11-27")},
        {"b": ("11-23", "11-24"), "a": ("11-25", "11-27")},
    )
    assert len(plan.moves) == 1
    assert (plan.finish, plan.new_finish) == (day("11-25"), day("11-27"))
    assert plan.overloaded == {"li": [day("11-23"), day("11-24")]}
    assert plan.new_overloaded == {}
    assert plan.best


def test_people_do_not_wait_for_each_other() -> None:
    tasks = [Task(f"{who}{number}", duration=5, owner=who) for who in ("li", "wang") for number in (1, 2)]
    plan = levelled(*tasks)
    assert sorted(days(plan).values()) == [("11-23", "11-27")] * 2 + [("11-30", "12-04")] * 2


def test_nothing_moves_where_nobody_has_too_much() -> None:
    tasks = [Task("a", duration=3, owner="li"), Task("b", duration=3, owner="wang"), Task("c", duration=3)]
    plan = levelled(*tasks, Task("d", start=day("11-26"), duration=2, owner="li"))
    assert plan.moves == []
    assert plan.finish == plan.new_finish
    assert plan.best


def test_tasks_of_a_few_hours_share_a_day() -> None:
    """Two of four hours fit, a third has to wait; with one thing at a time the second has to as well."""
    tasks = [Task(name, duration=2, effort=8, owner="li") for name in "abc"]
    assert sorted(days(levelled(*tasks)).values()) == [("11-23", "11-24")] * 2 + [("11-25", "11-26")]
    alone = levelled(*tasks, one_at_a_time=True)
    assert sorted(days(alone).values()) == [("11-23", "11-24"), ("11-25", "11-26"), ("11-27", "11-30")]


def test_who_has_half_a_week_has_half_of_every_day() -> None:
    tasks = [Task(name, duration=1, effort=4, owner="li") for name in "ab"]
    assert levelled(*tasks).moves == []
    half = levelled(*tasks, capacities={"li": 20})
    assert sorted(days(half).values()) == [("11-23", "11-23"), ("11-24", "11-24")]


def test_a_task_that_wants_more_than_a_day_has_is_told_and_takes_the_whole_of_it() -> None:
    plan = levelled(Task("a", duration=2, effort=40, owner="li"), Task("b", duration=1, owner="li"))
    assert plan.short == ["a"]
    assert plan.new_overloaded == {}
    assert len(plan.moves) == 1


def test_who_has_no_hours_is_asked_for_none() -> None:
    plan = levelled(
        Task("a", duration=2, owner="li"), Task("b", duration=1, owner="li"), capacities={"li": 0}
    )
    assert plan.short == ["a", "b"]
    assert plan.moves == []


def test_absences_are_worked_around() -> None:
    """Away on Wednesday and Thursday, and the week after next."""
    away = derived(working_calendar(), [day("11-25"), day("11-26"), *range(day("11-30"), day("12-05"))])
    plan = levelled(
        Task("a", start=TODAY, duration=2, owner="li", calendar="li"),
        Task("b", start=TODAY, duration=3, owner="li", calendar="li", due=day("12-18")),
        calendars={"": working_calendar(), "li": away},
    )
    assert days(plan) == {"a": ("11-23", "11-24"), "b": ("11-27", "12-08")}


def test_what_is_done_fixed_or_in_progress_stays() -> None:
    plan = levelled(
        Task("done", start=day("11-16"), duration=5, owner="li", state="done", finished=day("11-20")),
        Task("doing", start=day("11-20"), duration=3, owner="li", state="doing"),
        Task("fixed", start=day("11-26"), duration=2, owner="li", pinned=True),
        Task("todo", duration=2, owner="li"),
    )
    assert days(plan) == {
        "done": ("11-16", "11-20"),
        "doing": ("11-20", "11-24"),
        "fixed": ("11-26", "11-27"),
        "todo": ("11-30", "12-01"),
    }
    assert [move.id for move in plan.moves] == ["todo"]


def test_what_is_in_progress_at_once_stays_too_much() -> None:
    doing = [Task(name, start=TODAY, duration=2, owner="li", state="doing") for name in "ab"]
    plan = levelled(*doing, Task("c", duration=1, owner="li"))
    assert plan.new_overloaded == {"li": [day("11-23"), day("11-24")]}
    assert days(plan)["c"] in {("11-23", "11-23"), ("11-25", "11-25")}


def test_work_in_progress_wants_what_remains_of_it() -> None:
    """Four hours are left of it today, so that half a day's work fits beside."""
    doing = Task("a", start=TODAY, duration=1, effort=30, remaining=4, owner="li", state="doing")
    half, whole = Task("b", duration=1, effort=4, owner="li"), Task("c", duration=1, effort=8, owner="li")
    assert levelled(doing, half).moves == []
    assert days(levelled(doing, whole))["c"] == ("11-24", "11-24")


def test_what_is_promised_goes_first() -> None:
    plan = levelled(
        Task("a", start=TODAY, duration=3, owner="li"),
        Task("b", start=TODAY, duration=2, owner="li", due=day("11-24")),
        Task("z", start=TODAY, duration=20),
    )
    assert days(plan)["b"] == ("11-23", "11-24")
    assert days(plan)["a"] == ("11-25", "11-27")


def test_three_things_due_on_one_day_are_begun_earlier() -> None:
    """Nobody says when they start: what cannot be done on the last days before is done before those."""
    tasks = [Task(name, duration=2, due=day("12-04"), owner="li") for name in "abc"]
    plan = levelled(*tasks)
    assert sorted(days(plan).values()) == [
        ("11-30", "12-01"),
        ("12-02", "12-03"),
        ("12-03", "12-04"),
    ] or sorted(days(plan).values()) == [("11-27", "11-30"), ("12-01", "12-02"), ("12-03", "12-04")]
    assert plan.new_overloaded == {}
    assert len(plan.moves) == 2


def test_what_follows_is_moved_by_its_link_and_needs_no_date() -> None:
    plan = levelled(
        Task("a", start=TODAY, duration=3, owner="li", due=day("11-25")),
        Task("b", start=TODAY, duration=2, owner="li"),
        Task("c", duration=2, owner="wang"),
        Task("end", milestone=True),
        Task("wang", start=TODAY, duration=9),
        links=(Link("l", "b", "c"), Link("m", "c", "end")),
    )
    assert days(plan)["c"] == ("11-30", "12-01")
    assert [move.id for move in plan.moves] == ["b", "c", "end"]
    assert plan.dates == {"b": Dates(day("11-26"), 2)}


def test_parents_follow_their_parts_and_hold_them() -> None:
    plan = levelled(
        Task("p", start=day("11-25")),
        Task("a", duration=2, owner="li", parent="p"),
        Task("b", duration=2, owner="li", parent="p"),
        Task("after", duration=1, owner="li"),
        links=(Link("l", "p", "after"),),
    )
    found = days(plan)
    assert found["p"] == ("11-25", "11-30")
    assert found["after"] == ("12-01", "12-01")
    assert plan.new_overloaded == {}


def test_the_dates_that_are_shown_are_those_one_gets_by_taking_them() -> None:
    tasks = [
        Task("a", start=TODAY, due=day("11-27"), owner="li"),
        Task("b", due=day("11-27"), effort=16, owner="li"),
        Task("c", duration=2, owner="li"),
        Task("d", duration=1, owner="wang"),
    ]
    links = [Link("l", "c", "d", lag=1)]
    plan = level(tasks, links, PLAIN, {}, TODAY)
    taken = [
        task._replace(**plan.dates[task.id]._asdict()) if task.id in plan.dates else task for task in tasks
    ]
    assert schedule(taken, links, PLAIN, TODAY).slots == plan.schedule.slots
    assert plan.new_overloaded == {}


@pytest.mark.parametrize("people", [3, 5, 6])
def test_a_search_ends_the_plan_earlier_than_first_come_first_served(people: int) -> None:
    draw = Random(people * 10 + 3)
    tasks = [
        Task(f"t{number:02}", duration=draw.randint(1, 8), owner=f"m{draw.randrange(people)}")
        for number in range(40)
    ]
    links = [Link(f"l{number}", f"t{number:02}", f"t{number + 3:02}") for number in range(37) if number % 3]
    quick = level(tasks, links, PLAIN, {}, TODAY, schedules=1)
    plan = level(tasks, links, PLAIN, {}, TODAY)
    assert quick.overloaded
    assert quick.new_overloaded == plan.new_overloaded == {}
    assert (plan.new_finish or 0) < (quick.new_finish or 0)


def test_a_task_of_ten_thousand_days_is_levelled_like_any_other() -> None:
    tasks = [Task("long", start=TODAY, duration=10_000, owner="li"), Task("short", duration=1, owner="li")]
    plan = levelled(*tasks)
    assert plan.new_overloaded == {}
    assert days(plan)["short"] == ("11-23", "11-23")


def test_an_empty_plan_has_nothing_to_level() -> None:
    assert levelled().moves == []
    assert levelled(Task("a", owner="li")).finish is None
