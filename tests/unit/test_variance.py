"""A plan against its baseline: what is later is positive, in working days, and every item is told once."""

from __future__ import annotations

from datetime import date

import pytest

from store.analysis.calendars import derived, working_calendar
from store.analysis.plan import Link, Task
from store.analysis.schedule import schedule
from store.analysis.variance import Cause, Drift, Plan, compare, pareto, working_days_between

TODAY = date(2026, 11, 23).toordinal()  # a Monday
CALENDARS = {
    "": working_calendar(),
    "away": derived(working_calendar(), range(TODAY + 7, TODAY + 12)),
}


def plan(*tasks: Task, links: tuple[Link, ...] = (), today: int = TODAY) -> Plan:
    made = schedule(tasks, links, CALENDARS, today)
    return Plan({task.id: task for task in tasks}, made.slots, made.finish)


def drift(before: Plan, now: Plan) -> dict[str, tuple[int, int]]:
    found = compare(before, now, CALENDARS).differences
    return {one.id: (one.start_days, one.finish_days) for one in found}


def test_differences_are_working_days_and_later_is_positive() -> None:
    was = plan(
        Task("a", start=TODAY, duration=5), Task("b", start=TODAY + 8, duration=2), Task("c", duration=1)
    )
    now = plan(
        Task("a", start=TODAY + 3, duration=6), Task("b", start=TODAY, duration=2), Task("c", duration=1)
    )
    assert drift(was, now) == {"a": (3, 4), "b": (-6, -6), "c": (0, 0)}
    assert [one.id for one in compare(was, now, CALENDARS).differences] == ["a", "c", "b"]


def test_days_are_counted_in_the_calendar_of_the_item() -> None:
    """Absent all next week: a task that moves past it moves by one working day."""
    was = plan(
        Task("a", start=TODAY + 4, duration=1, calendar="away"), Task("b", start=TODAY + 4, duration=1)
    )
    now = plan(
        Task("a", start=TODAY + 14, duration=1, calendar="away"), Task("b", start=TODAY + 14, duration=1)
    )
    assert drift(was, now) == {"a": (1, 1), "b": (6, 6)}


def test_what_came_went_and_was_finished() -> None:
    was = plan(Task("kept", duration=1), Task("gone", duration=1), Task("over", duration=1, state="done"))
    now = plan(
        Task("kept", duration=1, state="done", finished=TODAY + 1),
        Task("new", duration=1),
        Task("over", duration=1, state="done"),
    )
    found = compare(was, now, CALENDARS)
    assert (found.added, found.removed, found.finished) == (["new"], ["gone"], ["kept"])
    assert {one.id for one in found.differences} == {"kept", "over"}


def test_a_departments_drift_is_that_of_its_open_tasks() -> None:
    def tasks(*starts: int) -> Plan:
        named = zip("abcde", starts, strict=True)
        return plan(
            Task("p", department="rd"),
            *(
                Task(name, start=TODAY + start, duration=1, department="rd" if name < "d" else "", parent="p")
                for name, start in named
            ),
            Task("old", duration=1, department="rd", state="done", finished=TODAY - 3),
        )

    found = compare(tasks(0, 1, 2, 3, 4), tasks(0, 3, 8, 3, 3), CALENDARS)
    assert found.departments == [
        Drift("rd", 3, 2, 0, 0 + 2 + 4, 2, 4, "c"),
        Drift("", 2, 0, 1, -1, -0.5, 0, "d"),
    ]
    assert [one.id for one in found.differences if one.is_parent] == ["p"]


def test_the_finish_of_the_plan_is_compared() -> None:
    was = plan(Task("a", duration=5), Task("b", duration=1))
    now = plan(Task("a", duration=5), Task("b", duration=2), links=(Link("l", "a", "b"),))
    found = compare(was, now, CALENDARS)
    assert (found.was_finish, found.finish, found.finish_days) == (TODAY + 4, TODAY + 8, 2)


@pytest.mark.parametrize("empty", [True, False])
def test_a_plan_without_items_has_no_finish_to_compare(empty: bool) -> None:
    pair = (plan(), plan(Task("a", duration=1)))
    found = compare(*(pair if empty else pair[::-1]), CALENDARS)
    assert found.finish_days is None
    assert (found.added, found.removed) == ((["a"], []) if empty else ([], ["a"]))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [(0, 0, 0), (0, 1, 1), (4, 7, 1), (4, 5, 0), (5, 7, 1), (7, 4, -1), (7, 5, -1), (1, 0, -1), (0, 70, 50)],
)
def test_working_days_between_two_days(first: int, last: int, days: int) -> None:
    assert working_days_between(CALENDARS[""], TODAY + first, TODAY + last) == days


def test_reasons_are_told_by_the_days_they_cost() -> None:
    given = [("scope changed", 5), ("rework", 2), ("scope changed", 3), ("no capacity", 0), ("rework", -4)]
    assert pareto(given) == [
        Cause("scope changed", 2, 8, 0.8, 0.8),
        Cause("rework", 2, 2, 0.2, 1.0),
        Cause("no capacity", 1, 0, 0.0, 1.0),
    ]


def test_without_days_reasons_are_told_by_how_often_they_were_given() -> None:
    found = pareto([("rework", 0), ("other", 0), ("rework", -1)])
    assert [(one.reason, one.times, one.share) for one in found] == [
        ("rework", 2, 2 / 3),
        ("other", 1, 1 / 3),
    ]
    assert found[-1].cumulative == 1.0
    assert pareto([]) == []
