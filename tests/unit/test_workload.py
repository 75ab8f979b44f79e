"""Hours planned and hours there are, week by week: nothing is lost on the way, and no task is counted twice."""

from __future__ import annotations

from datetime import date

import pytest

from store.analysis.calendars import WorkingCalendar, derived, working_calendar
from store.analysis.capacity import hours_left
from store.analysis.plan import Slot, Task
from store.analysis.schedule import schedule
from store.analysis.workload import Member, Workload, monday, workload

TODAY = date(2026, 11, 25).toordinal()  # a Wednesday
PLAIN = {"": working_calendar()}


def week(text: str) -> int:
    return date.fromisoformat(f"2026-{text}").toordinal()


def load(
    *tasks: Task,
    members: tuple[Member, ...] = (Member("li", department="rd"), Member("wang", department="rd")),
    calendars: dict[str, WorkingCalendar] = PLAIN,
    by: str = "member",
    until: int | None = None,
) -> Workload:
    slots = schedule(tasks, (), calendars, TODAY).slots
    by_id = {task.id: task for task in tasks}
    return workload(by_id, slots, members, calendars, TODAY, by=by, until=until)  # type: ignore[arg-type]


def rows(found: Workload) -> list[tuple[str, str, float, float, bool]]:
    return [
        (
            one.who,
            date.fromordinal(one.week).isoformat()[5:],
            round(one.planned, 6),
            round(one.capacity, 6),
            one.overloaded,
        )
        for one in found.weeks
    ]


def test_hours_are_spread_over_the_working_days_of_a_task() -> None:
    """Fifty hours in five days, three of them this week, which has three days left."""
    found = load(Task("a", duration=5, effort=50, owner="li"))
    assert rows(found) == [("li", "11-23", 30, 24, True), ("li", "11-30", 20, 40, False)]
    assert found.weeks[0].tasks == (("a", 30.0),)


def test_tasks_of_a_week_add_up_and_the_largest_comes_first() -> None:
    found = load(
        Task("a", duration=1, effort=4, owner="li"),
        Task("b", duration=1, effort=6, owner="li"),
        Task("c", duration=1, effort=6, owner="li"),
    )
    assert rows(found) == [("li", "11-23", 16, 24, False)]
    assert found.weeks[0].tasks == (("b", 6.0), ("c", 6.0), ("a", 4.0))


@pytest.mark.parametrize(
    ("task", "hours"),
    [
        (Task("a", remaining=5, effort=50, duration=5), 5),
        (Task("a", effort=50, duration=5), 50),
        (Task("a", duration=5), 40),
        (Task("a", duration=5, hours=4), 20),
        (Task("a", remaining=0, effort=50), 0),
        (Task("a", remaining=-3, duration=1), 0),
        (Task("a", effort=float("nan"), duration=2), 16),
        (Task("a", remaining=float("inf"), duration=2), 16),
        # Begun on Monday of last week, ten days: seven are gone, three are left with what they have of the effort.
        (Task("a", start=week("11-16"), duration=10, effort=50, state="doing"), 15),
        (Task("a", start=week("11-16"), duration=10, effort=50, remaining=2, state="doing"), 2),
    ],
)
def test_what_is_left_of_a_task(task: Task, hours: float) -> None:
    slot = schedule([task], (), PLAIN, TODAY).slots["a"]
    assert hours_left(task, slot, PLAIN[""], TODAY) == pytest.approx(hours)


def test_what_is_over_by_the_plan_but_not_done_is_work_for_today() -> None:
    found = load(Task("a", start=week("11-16"), duration=2, owner="li", pinned=True))
    assert rows(found) == [("li", "11-23", 16, 24, False)]


def test_on_a_free_day_it_is_work_for_the_next_working_day() -> None:
    slots = {"a": Slot(TODAY - 5, TODAY - 5, 0, 0, 0, 0, False, "pin", 1)}
    found = workload({"a": Task("a", owner="li")}, slots, (), PLAIN, week("11-28"))
    assert rows(found) == [("li", "11-30", 8, 40, False)]


def test_absences_and_short_weeks_take_their_share_of_capacity() -> None:
    away = derived(working_calendar(), [week("12-01"), week("12-02")])
    found = load(
        Task("a", start=week("11-30"), duration=3, effort=30, owner="li", calendar="li"),
        members=(Member("li", 20, "li"),),
        calendars={"": working_calendar(), "li": away},
    )
    assert rows(found) == [("li", "11-30", 30, 12, True)]


def test_a_make_up_workday_adds_hours() -> None:
    saturday = working_calendar("", {week("12-05"): True})
    found = load(Task("a", start=week("11-30"), duration=6, owner="li"), calendars={"": saturday})
    assert rows(found) == [("li", "11-30", 48, 48, False)]


def test_a_department_has_its_members_hours_and_work_and_what_nobody_owns() -> None:
    tasks = (
        Task("a", start=week("11-30"), duration=5, owner="li", department="sales"),
        Task("b", start=week("11-30"), duration=5, owner="wang"),
        Task("c", start=week("11-30"), duration=2, department="rd"),
        Task("d", start=week("11-30"), duration=2, department="sales"),
    )
    found = load(*tasks, by="department")
    assert rows(found) == [("rd", "11-30", 96, 80, True), ("sales", "11-30", 16, 0, True)]
    assert found.no_owner == ["c", "d"]
    assert [row[0] for row in rows(load(*tasks))] == ["li", "wang"]


def test_an_owner_who_is_no_member_has_forty_hours() -> None:
    found = load(Task("a", start=week("11-30"), duration=5, owner="gone", department="rd"), members=())
    assert rows(found) == [("gone", "11-30", 40, 40, False)]


def test_who_has_no_hours_is_overloaded_by_any() -> None:
    found = load(Task("a", duration=1, owner="li"), members=(Member("li", 0),))
    assert rows(found) == [("li", "11-23", 8, 0, True)]


def test_what_the_figures_are_blind_to_is_listed() -> None:
    found = load(
        Task("guessed", duration=2, owner="li"),
        Task("known", duration=2, remaining=3, owner="li"),
        Task("nobody", duration=2, effort=3),
        Task("done", duration=2, state="done"),
        Task("point", start=TODAY, milestone=True),
        Task("parent"),
        Task("part", duration=1, effort=1, owner="li", parent="parent"),
    )
    assert found.no_effort == ["guessed"]
    assert found.no_owner == ["nobody"]


def test_nothing_is_told_beyond_a_day_one_asks_for() -> None:
    task = Task("a", start=week("11-30"), duration=10, owner="li")
    assert rows(load(task, until=week("12-02"))) == [("li", "11-30", 24, 24, False)]


def test_a_task_of_ten_thousand_days_is_told_week_by_week() -> None:
    found = load(Task("a", duration=10_000, effort=1_000, owner="li"))
    assert len(found.weeks) == 2_001
    assert sum(one.planned for one in found.weeks) == pytest.approx(1_000)


@pytest.mark.parametrize(("day", "first"), [("11-23", "11-23"), ("11-25", "11-23"), ("11-29", "11-23")])
def test_weeks_begin_on_monday(day: str, first: str) -> None:
    assert monday(week(day)) == week(first)
