"""Figures of the team add up: maps, loads, hand-offs and what granting a request does."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from store.analysis.calendars import working_calendar
from store.analysis.handoffs import SORTS, Handoff, pairs
from store.analysis.heatmap import Counted, heatmap, weight
from store.analysis.loads import loads
from store.analysis.plan import MAX_DAY, MIN_DAY, Slot, Task
from store.analysis.requests import Asked, preview, span_of, weeks_of
from store.analysis.workload import Member, monday, workload
from store.schema import NEED_KINDS

TODAY = date(2026, 11, 25).toordinal()  # a Wednesday
CALENDARS = {"": working_calendar()}
NAMES = st.sampled_from(["a", "b", "c", ""])
DAYS = st.integers(TODAY - 20, TODAY + 70)
HOURS = st.one_of(st.none(), st.floats(0, 400), st.integers(0, 400))

counted = st.lists(
    st.builds(
        Counted, st.uuids().map(str), NAMES, st.sampled_from([*NEED_KINDS, "newer"]),
        st.one_of(st.none(), st.integers(-2, 9)),
    ),
    max_size=40,
)  # fmt: skip
members = st.lists(
    st.builds(Member, st.sampled_from(["x", "y", "z"]), st.one_of(st.just(0.0), st.floats(1, 168)), st.just(""), NAMES),
    max_size=3, unique_by=lambda member: member.id,
)  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> tuple[dict[str, Task], dict[str, Slot]]:
    tasks: dict[str, Task] = {}
    slots: dict[str, Slot] = {}
    for number in range(draw(st.integers(0, 6))):
        ident = f"t{number}"
        start = draw(DAYS)
        finish = start + draw(st.integers(0, 20))
        owner = draw(st.sampled_from(["x", "y", "z", ""]))
        tasks[ident] = Task(ident, start, finish, effort=draw(HOURS), owner=owner, department=draw(NAMES))
        slots[ident] = Slot(start, finish, start, finish, 0, 0, False, "own", finish - start + 1)
    return tasks, slots


asked = st.builds(
    Asked, st.just("r"), HOURS, st.one_of(st.none(), DAYS), st.one_of(st.none(), DAYS),
    st.sampled_from(["", "t0", "gone"]), st.sampled_from(["", "x", "y"]),
)  # fmt: skip


@given(counted, st.lists(NAMES, unique=True))
def test_every_need_is_in_one_cell_and_the_sums_agree(rows: list[Counted], departments: list[str]) -> None:
    found = heatmap(rows, departments)
    assert found.total == len(rows)
    assert sum(len(found.of_kind(kind)) for kind in found.kinds) == len(rows)
    assert sum(len(found.of_department(department)) for department in found.departments) == len(rows)
    assert sum(cell.weight for cell in found.cells.values()) == sum(weight(row.severity) for row in rows)
    assert all(1 <= cell.level <= 4 for cell in found.cells.values())
    assert not rows or max(cell.level for cell in found.cells.values()) == 4
    assert list(found.departments[: len(departments)]) == departments


@given(st.integers(1, 4), st.integers(1, 4))
def test_the_more_severe_weighs_more(one: int, other: int) -> None:
    assert (weight(one) > weight(other)) == (one < other)
    assert weight(None) <= weight(one)


@given(plans(), members)
def test_loads_are_the_workloads_of_the_chart_with_the_weeks_without_work(
    plan: tuple[dict[str, Task], dict[str, Slot]], staff: list[Member]
) -> None:
    table = loads(*plan, staff, CALENDARS, TODAY)
    start = monday(TODAY)
    chart = {
        (week.who, week.week): week
        for week in workload(*plan, staff, CALENDARS, TODAY).weeks
        if week.week <= start + 49
    }
    assert {member.id for member in staff} <= table.keys()
    for who, row in table.items():
        assert [load.week for load in row] == [start + 7 * number for number in range(8)]
        for load in row:
            week = chart.pop((who, load.week), None)
            assert load.planned == (week.planned if week else 0)
            assert load.overloaded == (week.overloaded if week else False)
            if week:
                assert load.capacity == week.capacity
    assert not chart


@given(plans(), members, asked, st.sampled_from(["x", "y", "nobody"]))
def test_a_granted_request_adds_its_hours_and_nothing_else(
    plan: tuple[dict[str, Task], dict[str, Slot]], staff: list[Member], request: Asked, who: str
) -> None:
    found = preview(*plan, staff, CALENDARS, TODAY, request, who)
    weeks = weeks_of(request, TODAY, CALENDARS[""])
    assert [load.week for load in found.now] == [load.week for load in found.granted] == weeks
    added = sum(load.planned for load in found.granted) - sum(load.planned for load in found.now)
    assert abs(added - (request.hours or 0.0)) < 0.01
    assert all(load.free >= 0 for load in found.now)
    assert all(amount >= 0 for row in found.free.values() for amount in row)
    assert all(len(row) == len(weeks) for row in found.free.values())


@given(st.one_of(st.none(), st.integers(-10, 10**7)), st.one_of(st.none(), st.integers(-10, 10**7)))
def test_any_span_is_one_that_can_be_reckoned_with(first: int | None, last: int | None) -> None:
    one, other = span_of(Asked("r", 8.0, first, last), TODAY)
    assert MIN_DAY <= one <= other <= MAX_DAY
    assert 1 <= len(weeks_of(Asked("r", 8.0, first, last), TODAY, CALENDARS[""])) <= 12


@given(
    st.lists(
        st.builds(
            Handoff, st.uuids().map(str), st.sampled_from(SORTS), NAMES, NAMES,
            st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(date.isoformat), st.booleans(), st.just("i"),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_what_crosses_departments_is_in_one_pair_and_the_oldest_is_first(rows: list[Handoff]) -> None:
    found = pairs(rows)
    crossing = [one for one in rows if one.giver and one.taker and one.giver != one.taker]
    assert sorted(one.id for pair in found for one in pair.handoffs) == sorted(one.id for one in crossing)
    assert [pair.oldest for pair in found] == sorted(pair.oldest for pair in found)
    for pair in found:
        assert sum(pair.count(sort) for sort in SORTS) == len(pair.handoffs)
        assert pair.late == sum(one.late for one in pair.handoffs)
        assert pair.oldest == min(one.since for one in pair.handoffs)
