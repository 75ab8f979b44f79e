"""Whatever a plan looks like, levelling leaves alone what it must, and what it says is what the schedule then says."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from store.analysis.levelling import level
from store.analysis.plan import Link, Task
from store.analysis.schedule import schedule
from store.analysis.workload import Member, workload
from tests.property.plans import CALENDARS, TODAY, USABLE, any_plan, names

Plan = tuple[list[Task], list[Link]]


@st.composite
def owned(draw: st.DrawFn) -> Plan:
    """Draw any plan there could be, and give its items owners."""
    tasks, links = draw(any_plan())
    return [task._replace(owner=draw(st.sampled_from(["", "li", "wang"]))) for task in tasks], links


@st.composite
def sound(draw: st.DrawFn) -> Plan:
    """Draw a plan of open tasks with owners, dates, promises, parents, and links without circles."""
    idents = names(draw(st.integers(2, 9)))
    days = st.none() | st.integers(TODAY - 5, TODAY + 30)
    calendar_of = {who: draw(st.sampled_from(USABLE)) for who in ("li", "wang", "")}
    tasks = []
    for number, ident in enumerate(idents):
        owner = draw(st.sampled_from(["li", "wang", ""]))
        tasks.append(
            Task(
                ident,
                start=draw(days),
                due=draw(days),
                duration=draw(st.integers(1, 5)),
                effort=draw(st.none() | st.integers(1, 60)),
                milestone=draw(st.integers(0, 6)) == 0,
                parent=draw(st.sampled_from(["", "", idents[number // 3]])) if number > 2 else "",
                owner=owner,
                calendar=calendar_of[owner],
            )
        )
    pairs = [(one, other) for place, one in enumerate(idents) for other in idents[place + 1 :]]
    links = [
        Link(f"l{number}", *pair, draw(st.sampled_from(["FS", "FS", "SS", "FF"])), draw(st.integers(0, 3)))
        for number, pair in enumerate(draw(st.lists(st.sampled_from(pairs), max_size=8)))
    ]
    return tasks, links


@settings(max_examples=150)
@given(owned() | sound(), st.booleans(), st.randoms(use_true_random=False))
def test_levelling_tells_what_taking_its_dates_gives(plan: Plan, alone: bool, random: Random) -> None:
    tasks, links = plan
    capacities = {"li": 30.0}
    found = level(tasks, links, CALENDARS, capacities, TODAY, one_at_a_time=alone, schedules=30)
    before = schedule(tasks, links, CALENDARS, TODAY)
    moved = {move.id: move for move in found.moves}
    dated = [
        task._replace(**found.dates[task.id]._asdict()) if task.id in found.dates else task for task in tasks
    ]
    after = schedule(dated, links, CALENDARS, TODAY)
    assert after.slots == found.schedule.slots
    for ident, slot in before.slots.items():
        now = after.slots[ident]
        assert ((slot.start, slot.finish) != (now.start, now.finish)) == (ident in moved)
    for task in tasks:
        pinned = task.pinned and before.slots.get(task.id) and before.slots[task.id].driver == "pin"
        if task.state in ("done", "doing") and not (
            task.id in before.slots and before.slots[task.id].is_parent
        ):
            assert task.id not in moved or task.state == "doing"
        assert not (pinned and task.id in moved)
    assert sum(map(len, found.new_overloaded.values())) <= sum(map(len, found.overloaded.values()))
    shuffled, mixed = list(tasks), list(links)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    again = level(shuffled, mixed, CALENDARS, capacities, TODAY, one_at_a_time=alone, schedules=30)
    assert (again.moves, again.new_overloaded) == (found.moves, found.new_overloaded)


@settings(max_examples=200)
@given(sound(), st.booleans())
def test_nobody_has_too_much_to_do_in_a_levelled_plan(plan: Plan, alone: bool) -> None:
    tasks, links = plan
    found = level(tasks, links, CALENDARS, {}, TODAY, one_at_a_time=alone, schedules=30)
    assert found.new_overloaded == {}
    for move in found.moves:
        task = next(task for task in tasks if task.id == move.id)
        if task.start is not None and not task.milestone:
            assert move.new_start >= task.start


@settings(max_examples=100)
@given(sound())
def test_a_levelled_plan_overloads_no_week(plan: Plan) -> None:
    tasks, links = plan
    found = level(tasks, links, CALENDARS, {"li": 30.0}, TODAY, schedules=30)
    calendars = {task.owner: task.calendar for task in tasks}
    members = [
        Member("li", 30.0, calendars.get("li", "")),
        Member("wang", 40.0, calendars.get("wang", "")),
    ]
    by_id = {task.id: task for task in tasks}
    short = {by_id[ident].owner for ident in found.short}
    for week in workload(by_id, found.schedule.slots, members, CALENDARS, TODAY).weeks:
        assert week.who in short or not week.overloaded
