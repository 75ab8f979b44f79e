"""A schedule is what an independent reckoning gives, what its own words mean, and the same however it is asked for."""

from __future__ import annotations

import random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.analysis.calendars import WorkingCalendar
from store.analysis.plan import LINK_TYPES, MAX_DAY, MIN_DAY, Link, Task
from store.analysis.schedule import Schedule, schedule
from tests.property.plans import CALENDARS, TODAY, USABLE, any_plan, names, networks, random_network

Network = tuple[list[Task], list[Link]]


def weight(link: Link, length: dict[str, int]) -> int:
    """Return how much later the successor's start is than the predecessor's, at least."""
    before = length[link.predecessor] if link.type in ("FS", "FF") else 0
    after = length[link.successor] if link.type in ("FF", "SF") else 0
    return before + link.lag - after


def longest_paths(tasks: list[Task], links: list[Link], first: dict[str, int]) -> dict[str, list[int]]:
    """Return start, total and free float of every task, counted in working days, as longest paths give them."""
    length = {task.id: task.duration or 0 for task in tasks}
    graph = nx.MultiDiGraph()
    for ident, days in length.items():
        graph.add_edge("first", ident, weight=-first[ident])
        graph.add_edge(ident, "last", weight=-days)
    for link in links:
        graph.add_edge(link.predecessor, link.successor, weight=-weight(link, length))
    starts = nx.single_source_bellman_ford_path_length(graph, "first")
    ends = nx.single_source_bellman_ford_path_length(graph.reverse(), "last")
    last = -starts["last"]
    found = {}
    for ident in length:
        start = -starts[ident]
        free = [
            -starts[after] - start + edge["weight"] for _, after, edge in graph.out_edges(ident, data=True)
        ]
        found[ident] = [start, last - start + ends[ident], min(free)]
    return found


@pytest.mark.parametrize("name", ["always", ""])
@settings(max_examples=40)
@given(plan=networks())
def test_dates_and_floats_are_those_of_longest_paths(name: str, plan: Network) -> None:
    check_longest_paths(plan, CALENDARS[name])


@pytest.mark.parametrize("name", ["always", ""])
def test_so_they_are_in_a_thousand_networks(name: str) -> None:
    for seed in range(1_000):
        check_longest_paths(random_network(random.Random(seed)), CALENDARS[name])


def check_longest_paths(plan: Network, calendar: WorkingCalendar) -> None:
    """Compare a schedule with what longest paths say, in working days of one calendar."""
    tasks, links = plan
    points = {task.id for task in tasks if task.milestone}
    # To begin on a Monday and to be done by the Friday is one in working time; a milestone that shows it is not.
    links = [
        link._replace(lag=1)
        if link.type in ("SS", "SF") and not link.lag and link.successor in points
        else link
        for link in links
    ]

    def place(day: int) -> int:
        return calendar.count(TODAY, day - 1)

    first = {task.id: place(max(task.start or TODAY, TODAY)) for task in tasks}
    expected = longest_paths(tasks, links, first)
    found = schedule(tasks, links, {"": calendar}, TODAY)
    for task in tasks:
        slot = found.slots[task.id]
        if task.milestone:  # what it is shown on is the day of its boundary, or the last one before
            assert expected[task.id][0] - place(slot.start) in (0, 1)
        else:
            assert place(slot.start) == expected[task.id][0]
            assert calendar.count(slot.start, slot.finish) == task.duration
            assert place(slot.late_start) == expected[task.id][0] + slot.total_float
        assert [slot.total_float, slot.free_float] == expected[task.id][1:], task.id
        assert slot.critical == (expected[task.id][1] == 0)


def allowed(link: Link, before: tuple[int, int], start: int, finish: int, calendar: str) -> bool:
    """Return whether a task may begin and end on these days, by the words of `store.analysis.plan`."""
    its = CALENDARS[calendar]
    at = before[1] + 1 if link.type in ("FS", "FF") else before[0]
    moment = start if link.type in ("FS", "SS") else finish + 1
    if not link.lag:
        return moment >= at or (link.type == "SF" and not its.count(moment, at - 1))
    return its.count(MIN_DAY, moment - 1) >= its.count(MIN_DAY, at - 1) + link.lag


@settings(max_examples=120)
@given(networks(calendars=USABLE))
def test_every_task_begins_on_the_first_day_it_may(plan: Network) -> None:
    tasks, links = plan
    tasks = [task._replace(milestone=False, duration=task.duration or 1) for task in tasks]
    found = schedule(tasks, links, CALENDARS, TODAY).slots
    for task in tasks:
        calendar, slot = CALENDARS[task.calendar], found[task.id]
        into = [link for link in links if link.successor == task.id]

        def may(start: int, task: Task = task, into: list[Link] = into) -> bool:
            finish = CALENDARS[task.calendar].shift(start, (task.duration or 1) - 1)
            return start >= max(task.start or TODAY, TODAY) and all(
                allowed(
                    link,
                    (found[link.predecessor].start, found[link.predecessor].finish),
                    start,
                    finish,
                    task.calendar,
                )
                for link in into
            )

        assert calendar.is_working(slot.start)
        assert calendar.is_working(slot.finish)
        assert calendar.count(slot.start, slot.finish) == task.duration == slot.duration
        assert may(slot.start)
        assert not may(calendar.shift(slot.start, -1))
        if slot.driver == "own":
            assert slot.start == calendar.first_from(task.start or 0)
        elif slot.driver == "today":
            assert slot.start == calendar.first_from(TODAY)
        else:
            assert slot.driver in {link.id for link in into}


def slipped(plan: Network, ident: str, days: int, found: Schedule) -> Schedule:
    """Return the plan with one task begun so many working days later."""
    tasks, links = plan
    calendar = CALENDARS[next(task.calendar for task in tasks if task.id == ident)]
    start = calendar.shift(found.slots[ident].start, days)
    return schedule(
        [task._replace(start=start) if task.id == ident else task for task in tasks], links, CALENDARS, TODAY
    )


@settings(max_examples=80)
@given(plan=networks(calendars=USABLE), which=st.integers(0, 100))
def test_a_task_may_slip_by_its_total_float_and_no_further(plan: Network, which: int) -> None:
    plan = [task._replace(milestone=False, duration=task.duration or 1) for task in plan[0]], plan[1]
    ident = plan[0][which % len(plan[0])].id
    found = schedule(*plan, CALENDARS, TODAY)
    total = found.slots[ident].total_float
    assert total >= 0
    assert slipped(plan, ident, total, found).finish == found.finish
    assert (slipped(plan, ident, total + 1, found).finish or 0) > (found.finish or 0)


@settings(max_examples=80)
@given(plan=networks(calendars=USABLE), which=st.integers(0, 100))
def test_a_task_may_slip_by_its_free_float_and_move_nobody(plan: Network, which: int) -> None:
    plan = [task._replace(milestone=False, duration=task.duration or 1) for task in plan[0]], plan[1]
    ident = plan[0][which % len(plan[0])].id
    found = schedule(*plan, CALENDARS, TODAY)
    free = found.slots[ident].free_float
    assert 0 <= free <= found.slots[ident].total_float

    def others(one: Schedule) -> dict[str, tuple[int, int]]:
        return {name: (slot.start, slot.finish) for name, slot in one.slots.items() if name != ident}

    assert others(slipped(plan, ident, free, found)) == others(found)
    further = slipped(plan, ident, free + 1, found)
    assert others(further) != others(found) or further.finish != found.finish


@st.composite
def families(draw: st.DrawFn) -> tuple[list[Task], list[Link], dict[str, str]]:
    """Draw a plan with parents within parents: the items, the links, and who is part of whom."""
    leaves = names(draw(st.integers(2, 8)))
    parents = {"q": draw(st.sampled_from(["", "p"]))}
    parents |= {ident: draw(st.sampled_from(["", "p", "q"])) for ident in leaves}
    parents |= {leaves[0]: "q", leaves[1]: "p"}  # neither is empty
    tasks = [
        Task(
            ident,
            start=draw(st.none() | st.integers(TODAY - 5, TODAY + 20)),
            duration=draw(st.integers(1, 5)),
            state=draw(st.sampled_from(["todo"] * 6 + ["doing", "done"])),
            finished=TODAY - 3,
            milestone=draw(st.integers(0, 6)) == 0,
            pinned=draw(st.integers(0, 6)) == 0,
            parent=parents[ident],
        )
        for ident in leaves
    ]
    tasks += [
        Task("p", start=draw(st.none() | st.integers(TODAY, TODAY + 9))),
        Task("q", parent=parents["q"]),
    ]
    half = len(leaves) // 2
    # What parents wait for is early and not theirs; what waits for them is late and not theirs: so there is no circle.
    outside = [ident for ident in leaves if not parents[ident]]
    pairs = [(one, other) for place, one in enumerate(leaves) for other in leaves[place + 1 :]]
    before = [(one, parent, kind) for one in outside[:half] for parent in "pq" for kind in ("FS", "SS")]
    after = [(parent, one, kind) for one in outside[half:] for parent in "pq" for kind in ("FS", "FF")]
    plain = st.tuples(st.sampled_from(pairs), st.sampled_from(LINK_TYPES)).map(
        lambda drawn: (*drawn[0], drawn[1])
    )
    some = [plain, *(st.sampled_from(ends) for ends in (before, after) if ends)]
    links = [
        Link(f"l{number}", *draw(st.one_of(some)), draw(st.integers(-1, 2)), (number, ""))
        for number in range(draw(st.integers(0, 9)))
    ]
    return tasks, links, parents


def flattened(tasks: list[Task], links: list[Link], parents: dict[str, str]) -> Network:
    """Return the plan without its parents: their links and their dates given to each of their tasks."""

    def above(ident: str) -> list[str]:
        parent = parents.get(ident, "")
        return [parent, *above(parent)] if parent else []

    leaves = [task for task in tasks if task.id not in "pq"]
    inside = {parent: [task.id for task in leaves if parent in above(task.id)] for parent in "pq"}
    starts = {task.id: task.start for task in tasks}
    flat = []
    for task in leaves:
        earliest = [starts[parent] or 0 for parent in above(task.id)]
        waits = task.state == "todo" or (task.milestone and task.state != "done")
        if waits and not (task.pinned and task.start):
            flat.append(
                task._replace(parent="", start=max([task.start or 0, *earliest]) or None, pinned=False)
            )
        else:
            flat.append(task._replace(parent=""))
    ends = [
        link._replace(id=f"{link.id}.{one}.{other}", predecessor=one, successor=other)
        for link in links
        for one in inside.get(link.predecessor, [link.predecessor])
        for other in inside.get(link.successor, [link.successor])
    ]
    return flat, ends


@settings(max_examples=100)
@given(families())
def test_parents_do_what_their_links_and_dates_given_to_each_of_their_parts_do(
    plan: tuple[list[Task], list[Link], dict[str, str]],
) -> None:
    tasks, links, parents = plan
    whole = schedule(tasks, links, CALENDARS, TODAY)
    if whole.cut:
        return  # other links may close circles when each part has its own
    flat = schedule(*flattened(*plan), CALENDARS, TODAY)
    assert not flat.cut
    for ident, slot in flat.slots.items():
        assert whole.slots[ident][:7] == slot[:7], ident
    assert whole.finish == flat.finish
    for parent in "pq":
        parts = [
            whole.slots[ident] for ident, above in parents.items() if above == parent and ident in whole.slots
        ]
        if parts:
            slot = whole.slots[parent]
            assert slot.is_parent
            assert slot.start == min(part.start for part in parts)
            assert slot.finish == max(part.finish for part in parts)
            assert slot.critical == any(part.critical for part in parts)


def everything(plan: Schedule) -> tuple[object, ...]:
    return plan.slots, plan.finish, plan.problems, plan.unplaced, plan.cut, plan.drivers


@settings(max_examples=100)
@given(plan=any_plan(), seed=st.integers(0, 9))
def test_the_order_of_what_is_given_makes_no_difference(plan: Network, seed: int) -> None:
    tasks, links = plan
    shuffled = random.Random(seed)
    one = schedule(tasks, links, CALENDARS, TODAY)
    other = schedule(shuffled.sample(tasks, len(tasks)), shuffled.sample(links, len(links)), CALENDARS, TODAY)
    assert everything(one) == everything(other)


@settings(max_examples=100)
@given(plan=any_plan(), today=st.sampled_from([TODAY, 0, MIN_DAY, MAX_DAY, 10**9]))
def test_whatever_is_given_is_scheduled_within_the_calendar(plan: Network, today: int) -> None:
    tasks, links = plan
    found = schedule(tasks, links, CALENDARS, today)
    assert found.slots.keys() | set(found.unplaced) == {task.id for task in tasks}
    for slot in found.slots.values():
        assert MIN_DAY - 1 <= slot.start <= slot.finish <= MAX_DAY
        assert MIN_DAY - 1 <= slot.late_start <= slot.late_finish <= MAX_DAY + 1
        assert slot.free_float >= 0
    assert found.problems == sorted(found.problems)


@given(any_plan())
def test_what_is_planned_may_be_fixed_by_its_own_dates_and_stays(plan: Network) -> None:
    tasks, links = plan
    found = schedule(tasks, links, CALENDARS, TODAY)
    placed = [
        task._replace(start=found.slots[task.id].start)
        if task.id in found.slots
        and task.state == "todo"
        and not found.slots[task.id].is_parent
        and not task.milestone
        else task
        for task in tasks
    ]
    again = schedule(placed, links, CALENDARS, TODAY)
    # How long a task is that has dates alone, they say: another start makes it, and what it is part of, another.
    parents = {task.id: task.parent for task in tasks}
    by_dates = {
        task.id for task in placed if task.start is not None and task.due is not None and not task.duration
    }
    for ident in list(by_dates):
        while (ident := parents.get(ident, "")) and ident not in by_dates:
            by_dates.add(ident)
    for task in tasks:
        steady = task.duration and task.id not in by_dates and not task.milestone
        if task.state == "todo" and steady and task.id in found.slots:
            assert again.slots[task.id][:2] == found.slots[task.id][:2]


@st.composite
def tangles(draw: st.DrawFn) -> Network:
    idents = names(draw(st.integers(2, 7)))
    tasks = [Task(ident, duration=1) for ident in idents]
    ends = st.sampled_from(idents)
    links = [
        Link(f"l{number}", draw(ends), draw(ends), order=(draw(st.integers(0, 5)), ""))
        for number in range(draw(st.integers(1, 16)))
    ]
    return tasks, [link for link in links if link.predecessor != link.successor]


@settings(max_examples=150)
@given(tangles())
def test_of_every_circle_the_latest_link_is_left_out(plan: Network) -> None:
    tasks, links = plan
    graph = nx.DiGraph()
    graph.add_nodes_from(task.id for task in tasks)
    left_out = []
    for link in sorted(links, key=lambda one: (one.order, one.id)):
        if nx.has_path(graph, link.successor, link.predecessor):
            left_out.append(link)
        else:
            graph.add_edge(link.predecessor, link.successor)
    found = schedule(tasks, links, CALENDARS, TODAY)
    assert found.cut == left_out
    assert [problem.about for problem in found.problems if problem.code == "cycle"] == sorted(
        link.id for link in left_out
    )
