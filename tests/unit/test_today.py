"""The rules of a morning: which list a thing is on, in which order, and what fits into a day."""

from __future__ import annotations

import datetime

import pytest

from store.analysis.calendars import working_calendar
from store.analysis.plan import Slot, Task
from store.analysis.today import (
    AWAITED,
    BLOCKED,
    CONFIRM,
    DECIDE,
    DUE,
    FORECAST,
    LATE,
    NAMED,
    OWED,
    Day,
    Thing,
    asks_why,
    capacity_minutes,
    elapsed_minutes,
    filled,
    lists,
    pushes,
    same_thing,
    week_end,
    will_be_late,
)

MONDAY = datetime.date(2026, 11, 23)


def thing(ent: str, why: str, due: str = "") -> Thing:
    return Thing(ent, ent, "item", ent, why, due)


def test_a_thing_is_on_the_list_that_presses_most() -> None:
    found = lists(
        [thing("a", OWED), thing("b", DUE), thing("c", DUE)],
        [thing("a", CONFIRM)],
        [thing("a", LATE), thing("b", LATE)],
    )
    assert [[one.id for one in part] for part in found] == [["c"], ["a"], ["b"]]


def test_what_waits_for_me_comes_before_what_i_wait_for() -> None:
    stuck = [thing(why, why) for why in (BLOCKED, DECIDE, NAMED, AWAITED, CONFIRM)]
    assert [one.why for one in lists([], stuck, []).stuck] == [CONFIRM, AWAITED, NAMED, DECIDE, BLOCKED]


def test_the_soonest_comes_first_and_what_has_no_day_last() -> None:
    wednesday = "2026-11-25"
    promised = [thing("d", OWED), thing("c", DUE, wednesday), thing("b", OWED, wednesday)]
    promised.append(thing("a", DUE, "2026-11-24"))
    slipping = [thing("y", FORECAST, "2026-11-01"), thing("x", LATE, "2026-11-20")]
    found = lists(promised, [], slipping)
    assert [one.id for one in found.promised] == ["a", "b", "c", "d"]
    assert [one.id for one in found.slipping] == ["x", "y"]


@pytest.mark.parametrize("ahead", range(7))
def test_the_week_ends_on_its_sunday(ahead: int) -> None:
    assert week_end(MONDAY + datetime.timedelta(ahead)) == datetime.date(2026, 11, 29)


def test_the_forecast_is_about_ones_own_open_items_that_end_after_their_day() -> None:
    today = MONDAY.toordinal()

    def slot(finish: int) -> Slot:
        return Slot(today, finish, today, finish, 0, 0, False, 1, "own")

    tasks = {
        "late": Task("late", due=today + 2, owner="me"),
        "in time": Task("in time", due=today + 5, owner="me"),
        "over": Task("over", due=today - 1, owner="me"),
        "no day": Task("no day", owner="me"),
        "done": Task("done", due=today + 2, owner="me", state="done"),
        "theirs": Task("theirs", due=today + 2, owner="they"),
    }
    slots = {ent: slot(today + 4) for ent in (*tasks, "gone")}
    assert will_be_late(tasks, slots, "me", today) == {"late": today + 4}


@pytest.mark.parametrize(
    ("hours", "day", "minutes"),
    [(40.0, 0, 480), (30.0, 4, 360), (0.0, 0, 0), (40.0, 5, 0), (168.0, 0, 1440), (float("nan"), 0, 0), (7.5, 1, 90)],
)  # fmt: skip
def test_the_minutes_of_a_day_are_those_of_the_week_spread_over_its_days(
    hours: float, day: int, minutes: int
) -> None:
    calendar = working_calendar()
    assert capacity_minutes(hours, calendar, MONDAY.toordinal() + day) == minutes


def test_absences_take_the_day() -> None:
    away = working_calendar(absences=[MONDAY.toordinal()])
    assert capacity_minutes(40, away, MONDAY.toordinal()) == 0


@pytest.mark.parametrize(
    ("day", "room", "over", "bar"),
    [
        (Day(480, 60, 210), 420, 0, (5, 0)), (Day(480, 0, 480), 480, 0, (10, 0)), (Day(240, 0, 480), 240, 240, (10, 5)),
        (Day(0, 60, 30), 0, 30, (10, 10)), (Day(480), 480, 0, (0, 0)), (Day(480, 0, 1), 480, 0, (1, 0)),
        (Day(480, 0, 481), 480, 1, (10, 1)), (Day(60, 480, 0), 0, 0, (0, 0)),
    ],
)  # fmt: skip
def test_how_full_a_day_is(day: Day, room: int, over: int, bar: tuple[int, int]) -> None:
    assert (day.room, day.over, filled(day, 10)) == (room, over, bar)


@pytest.mark.parametrize(
    ("states", "count", "asked"),
    [
        ([], 0, False), (["carried over"], 1, False), (["carried over"] * 2, 2, True), (["carried over"] * 5, 5, True),
        (["carried over", "carried over", "done"], 0, False), (["carried over", "let go", "carried over"], 1, False),
        (["carried over", "planned", "carried over"], 2, True), (["from a newer program"], 0, False),
    ],
)  # fmt: skip
def test_the_third_push_of_a_thing_is_asked_about(states: list[str], count: int, asked: bool) -> None:
    assert pushes(states) == count
    assert asks_why(count) is asked


def test_lines_are_the_same_thing_whatever_their_spaces_and_case() -> None:
    assert same_thing("", " Write  the Report ") == same_thing("", "write the report")
    assert same_thing("item", "x") == same_thing("item", "y")
    assert same_thing("item", "") != same_thing("", "item")


@pytest.mark.parametrize(
    ("ms", "minutes"), [(0, 1), (29_000, 1), (90_001, 2), (3_600_000, 60), (-5, 1), (9 * 10**9, 1_440)]
)
def test_a_clock_logs_whole_minutes(ms: int, minutes: int) -> None:
    assert elapsed_minutes(1_000, 1_000 + ms, 1_440) == minutes
