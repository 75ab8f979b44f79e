"""Figures told of a plan lose nothing and count nothing twice, whatever the plan looks like."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.analysis.capacity import hours_left
from store.analysis.forecast import LEVELS, MIN_DAYS, MIN_ITEMS, forecast, simulated
from store.analysis.plan import Link, Task
from store.analysis.schedule import schedule
from store.analysis.variance import Plan, compare, pareto
from store.analysis.workload import Member, workload
from tests.property.plans import CALENDARS, TODAY, any_plan


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Task], list[Link]]:
    """Draw any plan there could be, and give its items owners and departments."""
    tasks, links = draw(any_plan())
    people = st.sampled_from(["", "li", "wang"])
    return [task._replace(owner=draw(people), department=draw(people)) for task in tasks], links


@settings(max_examples=100)
@given(plans())
def test_weeks_add_up_to_the_hours_that_are_left(plan: tuple[list[Task], list[Link]]) -> None:
    tasks, links = plan
    by_id = {task.id: task for task in tasks}
    slots = schedule(tasks, links, CALENDARS, TODAY).slots
    members = [Member("li", 30, "away", "rd"), Member("wang", 0, "", "li")]
    found = workload(by_id, slots, members, CALENDARS, TODAY)
    counted: dict[str, float] = {}
    for week in found.weeks:
        assert week.week % 7 == 1
        assert week.planned == pytest.approx(sum(hours for _, hours in week.tasks))
        assert all(one[1] >= other[1] for one, other in pairwise(week.tasks))
        for ident, hours in week.tasks:
            assert by_id[ident].owner == week.who
            counted[ident] = counted.get(ident, 0) + hours
    for ident, slot in slots.items():
        task = by_id[ident]
        if task.owner and task.state != "done" and not task.milestone and not slot.is_parent:
            calendar = CALENDARS.get(task.calendar) or CALENDARS[""]
            left = hours_left(task, slot, calendar, TODAY)
            if calendar.count(slot.start, slot.finish):  # nobody works in a calendar without working days
                assert counted.pop(ident, 0.0) == pytest.approx(left)
    departments = workload(by_id, slots, members, CALENDARS, TODAY, by="department")
    owned = sum(week.planned for week in found.weeks)
    assert sum(week.planned for week in departments.weeks) >= owned - 1e-6 * (1 + owned)


@settings(max_examples=100)
@given(plans(), plans())
def test_looking_back_is_the_opposite_of_looking_forward(
    one: tuple[list[Task], list[Link]], other: tuple[list[Task], list[Link]]
) -> None:
    plans_ = []
    for tasks, links in (one, other):
        same = [task._replace(calendar="") for task in tasks]
        made = schedule(same, links, CALENDARS, TODAY)
        plans_.append(Plan({task.id: task for task in same}, made.slots, made.finish))
    there, back = compare(plans_[0], plans_[1], CALENDARS), compare(plans_[1], plans_[0], CALENDARS)
    forward = {each.id: (each.start_days, each.finish_days) for each in there.differences}
    backward = {each.id: (-each.start_days, -each.finish_days) for each in back.differences}
    assert forward == backward
    assert (there.added, there.removed) == (back.removed, back.added)
    assert not {*there.added, *there.removed} & forward.keys()
    total = sum(
        each.finish_days
        for each in there.differences
        if not each.is_parent and plans_[0].tasks[each.id].state != "done"
    )
    assert sum(each.total for each in there.departments) == total


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-9, 9)), max_size=20))
def test_shares_of_reasons_add_up_and_fall(given_: list[tuple[str, int]]) -> None:
    found = pareto(given_)
    assert sum(one.times for one in found) == len(given_)
    assert sum(one.days for one in found) == sum(max(0, days) for _, days in given_)
    assert all(one.share >= other.share for one, other in pairwise(found))
    assert not found or found[-1].cumulative == 1.0


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 4) | st.integers(0, 400), max_size=120),
    st.integers(-2, 60),
    st.integers(1, 2**40),
)
def test_a_forecast_is_in_order_or_refused(throughput: list[int], remaining: int, seed: int) -> None:
    first = TODAY - len(throughput)
    finished = [first + place for place, items in enumerate(throughput) for _ in range(items)]
    told = forecast(finished, TODAY, remaining, since=first, trials=200, seed=seed)
    recent = throughput[-90:]
    assert (told.history, told.items) == (len(recent), sum(recent))
    enough = len(recent) >= MIN_DAYS and sum(recent) >= MIN_ITEMS
    assert bool(told.by) == (remaining <= 0 or enough)
    days = list(told.by.values())
    assert days == sorted(days)
    assert len(days) in (0, len(LEVELS))
    assert all(day > TODAY for day in days) or remaining <= 0


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=250).filter(any), st.integers(1, 9), st.integers(0, 99)
)
def test_trials_last_as_long_as_the_best_days_allow_and_as_idle_ones_require(
    throughput: list[int], remaining: int, seed: int
) -> None:
    lengths = simulated(throughput, remaining, 300, seed)
    assert len(lengths) == 300
    assert min(lengths) >= -(-remaining // max(throughput))
    if all(throughput):
        assert max(lengths) <= -(-remaining // min(throughput))
