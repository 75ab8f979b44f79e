"""What a schedule makes of each thing an item may say of itself; 2026-11-23 is a Monday, and today."""

from __future__ import annotations

import pytest

from store.analysis.calendars import derived, working_calendar
from store.analysis.plan import MAX_DAY, MIN_DAY, Link, Task
from store.analysis.schedule import schedule
from tests.sample_plans import (
    EVERY_DAY,
    WEEKDAYS,
    complaints,
    day,
    days,
    late_days,
    link,
    planned,
    shown,
    task,
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"duration": 3}, "11-23 11-25"),
        ({"duration": 6}, "11-23 11-30"),
        ({"duration": 2.2}, "11-23 11-25"),
        ({"duration": 2.0}, "11-23 11-24"),
        ({"duration": 0}, "11-23"),
        ({"duration": -4}, "11-23"),
        ({"effort": 8.0}, "11-23"),
        ({"effort": 8.5}, "11-23 11-24"),
        ({"effort": 24.0}, "11-23 11-25"),
        ({"effort": 0.3, "hours": 0.1}, "11-23 11-25"),  # 0.3 / 0.1 is a little less than 3
        ({"effort": 24.0, "hours": 4.0}, "11-23 11-30"),
        ({"effort": 24.0, "hours": 0.0}, "11-23 11-25"),  # no day has no hours: then it has eight
        ({"effort": 24.0, "duration": 1}, "11-23"),  # what is said outright counts
    ],
)
def test_how_long_a_task_takes(fields: dict[str, object], expected: str) -> None:
    assert days(planned([task("a", **fields)])) == {"a": expected}


@pytest.mark.parametrize(
    ("start", "due", "fields", "expected"),
    [
        ("11-25", "11-27", {}, "11-25 11-27"),
        ("11-25", "12-01", {}, "11-25 12-01"),
        ("11-25", "11-25", {}, "11-25"),
        ("11-25", "12-01", {"duration": 2}, "11-25 11-26"),
        ("11-28", "11-29", {}, "11-30"),  # a weekend: one day, the next one that counts
        ("11-28", "12-01", {}, "11-30 12-01"),
        ("", "11-27", {"duration": 3}, "11-25 11-27"),
        ("", "11-29", {"duration": 3}, "11-25 11-27"),
        ("", "11-27", {"effort": 16.0}, "11-26 11-27"),
        ("", "11-27", {}, "11-27"),
        ("", "11-24", {"duration": 5}, "11-23 11-27"),  # too late to keep it
        ("11-18", "", {"duration": 2}, "11-23 11-24"),  # what is not begun is not in the past
        ("11-29", "", {}, "11-30"),
    ],
)
def test_where_its_own_dates_put_a_task(
    start: str, due: str, fields: dict[str, object], expected: str
) -> None:
    assert days(planned([task("a", start, due, **fields)])) == {"a": expected}


def test_a_predecessor_pushes_and_never_pulls() -> None:
    plan = planned(
        [task("a", duration=3), task("b", "11-24", duration=1), task("c", "12-03", duration=1)],
        ["a b", "a c"],
    )
    assert days(plan) == {"a": "11-23 11-25", "b": "11-26", "c": "12-03"}
    assert {ident: slot.driver for ident, slot in plan.slots.items()} == {
        "a": "today",
        "b": "a>b",
        "c": "own",
    }
    assert plan.drivers == {"b": "a>b"}


def test_the_link_that_pushes_furthest_is_the_driver_and_of_several_the_first() -> None:
    tasks = [task("a", duration=3), task("b", duration=3), task("c", duration=1), task("d", duration=1)]
    assert planned(tasks, ["a d", "b d", "c d"]).slots["d"].driver == "a>d"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a b", "11-26 11-27"),
        ("a b FS+1", "11-27 11-30"),
        ("a b FS+3", "12-01 12-02"),
        ("a b FS-1", "11-25 11-26"),
        ("a b FS-3", "11-23 11-24"),
        ("a b FS-9", "11-23 11-24"),  # never before today
        ("a b SS", "11-23 11-24"),
        ("a b SS+4", "11-27 11-30"),
        ("a b FF", "11-24 11-25"),
        ("a b FF+2", "11-26 11-27"),
        ("a b FF-1", "11-23 11-24"),
        ("a b SF+4", "11-25 11-26"),
        ("a b SF+1", "11-23 11-24"),
    ],
)
def test_links_and_their_lag_in_working_days(words: str, expected: str) -> None:
    plan = planned([task("a", duration=3), task("b", duration=2)], [words])
    assert days(plan)["b"] == expected


def test_lag_is_counted_in_the_days_of_what_waits() -> None:
    tasks = [task("a", duration=3), task("b", duration=1), task("c", duration=1, calendar="seven")]
    plan = planned(tasks, ["a b FS+3", "a c FS+3"], calendars={"": WEEKDAYS, "seven": EVERY_DAY})
    assert days(plan) == {"a": "11-23 11-25", "b": "12-01", "c": "11-29"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("FS", "11-30"),  # the first day it works after the Saturday
        ("FF", "11-30"),  # not finished on a Friday when what it waits for ends on the Saturday
        ("SF", "11-27"),  # what begins on a Saturday comes after all of Friday
        ("SS", "11-30"),
    ],
)
def test_what_waits_for_work_on_its_own_free_day(kind: str, expected: str) -> None:
    tasks = [task("a", "11-28", duration=1, calendar="seven"), task("b", duration=1)]
    plan = planned(tasks, [f"a b {kind}"], calendars={"": WEEKDAYS, "seven": EVERY_DAY})
    assert days(plan) == {"a": "11-28", "b": expected}


def test_a_plan_goes_round_the_spring_festival_and_uses_its_make_up_workdays() -> None:
    china = {"": working_calendar("CN")}
    tasks = [task("a", "2026-2-12", duration=4), task("b", duration=5), task("m", milestone=True)]
    plan = planned(tasks, ["a b FS+1", "b m"], today="2026-2-12", calendars=china)
    # 12, 13, make-up Saturday 14, then the holiday 15 to 23; Saturday 28 is worked on too.
    assert days(plan) == {"a": "02-12 02-24", "b": "02-26 03-03", "m": "03-03"}


def test_a_member_who_is_away_works_on_the_days_around_it() -> None:
    away = derived(WEEKDAYS, [day("11-24"), day("11-25")])
    tasks = [task("a", duration=3, calendar="lp"), task("b", duration=1)]
    plan = planned(tasks, ["a b"], calendars={"": WEEKDAYS, "lp": away})
    assert days(plan) == {"a": "11-23 11-27", "b": "11-30"}


# Milestones


@pytest.mark.parametrize(
    ("milestone", "links", "shown_on", "follows"),
    [
        (task("m", "11-25", milestone=True), ["m z"], "11-25", "11-25"),  # its own day: that day may be used
        (task("m", "", "11-25", milestone=True), ["m z"], "11-25", "11-25"),
        (task("m", milestone=True), ["a m", "m z"], "11-24", "11-25"),  # the last day of what it waits for
        (task("m", "11-25", milestone=True), ["a m", "m z"], "11-25", "11-25"),
        (task("m", "11-24", milestone=True), ["a m", "m z"], "11-24", "11-25"),
        (task("m", "11-23", milestone=True), ["a m", "m z"], "11-24", "11-25"),  # pushed
        (task("m", milestone=True), ["a m FS+2", "m z"], "11-26", "11-27"),
        (task("m", milestone=True), ["a m SS", "m z"], "11-23", "11-23"),  # the day of what begins it
        (task("m", "11-28", milestone=True), ["m z"], "11-28", "11-30"),  # a Saturday, if somebody says so
        (task("m", "11-10", milestone=True), ["m z"], "11-23", "11-23"),  # not in the past
        (task("m", "11-25", milestone=True, pinned=True), ["a m", "m z"], "11-25", "11-25"),
        (task("m", "11-24", milestone=True, pinned=True), ["a m", "m z"], "11-24", "11-25"),
    ],
)
def test_the_day_a_milestone_is_shown_on_and_what_follows_it(
    milestone: Task, links: list[str], shown_on: str, follows: str
) -> None:
    plan = planned([task("a", duration=2), milestone, task("z", duration=1)], links)
    assert (days(plan)["m"], days(plan)["z"]) == (shown_on, follows)
    assert plan.slots["m"].duration == 0
    assert not plan.problems


def test_a_milestone_after_a_milestone_is_shown_on_the_same_day() -> None:
    tasks = [task("k", "11-25", milestone=True), task("m", milestone=True), task("n", milestone=True)]
    assert set(days(planned(tasks, ["k m", "m n"])).values()) == {"11-25"}


def test_a_milestone_has_float_too() -> None:
    plan = planned([task("a", duration=2), task("m", milestone=True), task("z", duration=8)], ["a m"])
    assert (days(plan)["m"], late_days(plan)["m"]) == ("11-24", "12-02")
    assert plan.slots["m"].total_float == 6


# Dates fixed by hand


@pytest.mark.parametrize(
    ("start", "links", "expected", "said"),
    [
        ("11-27", ["a b"], "11-27 11-30", []),
        ("11-26", ["a b"], "11-26 11-27", []),
        ("11-25", ["a b"], "11-25 11-26", [("pin-too-early", "b", "a>b")]),
        ("11-18", [], "11-18 11-19", []),  # it was said to be so
        ("11-28", [], "11-28 12-01", []),  # on a Saturday, exactly; the work is done from the Monday on
        ("11-24", ["a b FF"], "11-24 11-25", []),
        ("11-23", ["a b FF"], "11-23 11-24", [("pin-too-early", "b", "a>b")]),
        ("11-24", ["a b FF-1"], "11-24 11-25", []),
        ("11-23", ["a b SS"], "11-23 11-24", []),
        ("11-23", ["a b SS+1"], "11-23 11-24", [("pin-too-early", "b", "a>b")]),
        (
            "11-25",
            ["a b", "c b"],
            "11-25 11-26",
            [("pin-too-early", "b", "c>b")],
        ),  # the one it is off by most
    ],
)
def test_a_date_fixed_by_hand_holds(
    start: str, links: list[str], expected: str, said: list[tuple[str, ...]]
) -> None:
    tasks = [task("a", duration=3), task("b", start, duration=2, pinned=True), task("c", duration=4)]
    plan = planned(tasks, links)
    assert days(plan)["b"] == expected
    assert plan.slots["b"].driver == "pin"
    assert complaints(plan) == said


def test_what_follows_a_date_fixed_by_hand_follows_it() -> None:
    plan = planned([task("a", "12-01", duration=1, pinned=True), task("b", duration=1)], ["a b"])
    assert days(plan)["b"] == "12-02"


def test_a_milestone_fixed_by_hand_before_what_it_waits_for_is_said() -> None:
    tasks = [task("a", duration=3), task("m", "11-24", milestone=True, pinned=True)]
    plan = planned(tasks, ["a m"])
    assert days(plan)["m"] == "11-24"
    assert complaints(plan) == [("pin-too-early", "m", "a>m")]


def test_fixing_nothing_fixes_nothing() -> None:
    assert (
        days(planned([task("a", duration=2, pinned=True), task("b", duration=1)], ["b a"]))["a"]
        == "11-24 11-25"
    )


# What is done, and what is being done


@pytest.mark.parametrize(
    ("done", "expected", "follows"),
    [
        (task("a", "11-09", duration=3, state="done", finished="11-12"), "11-09 11-12", "11-23"),
        (task("a", duration=3, state="done", finished="11-12"), "11-10 11-12", "11-23"),
        (
            task("a", "11-16", duration=3, state="done", finished="11-12"),
            "11-10 11-12",
            "11-23",
        ),  # sooner than planned
        (task("a", "11-09", "11-13", state="done"), "11-09 11-13", "11-23"),
        (task("a", "11-09", state="done"), "11-09", "11-23"),
        (task("a", duration=2, state="done"), "11-19 11-20", "11-23"),  # nobody knows: before today
        (
            task("a", duration=2, state="done", finished="11-23"),
            "11-20 11-23",
            "11-24",
        ),  # today: from tomorrow on
        (task("a", duration=2, state="done", finished="11-22"), "11-19 11-22", "11-23"),  # on a Sunday
        (
            task("a", duration=2, state="done", finished="11-25"),
            "11-24 11-25",
            "11-26",
        ),  # by a clock ahead of ours
        (task("a", "11-20", milestone=True, state="done", finished="11-20"), "11-20", "11-23"),
        (task("a", "11-23", milestone=True, state="done", finished="11-23"), "11-23", "11-23"),
        (task("a", milestone=True, state="done", finished="11-23"), "11-23", "11-24"),
    ],
)
def test_what_is_done_is_where_it_was(done: Task, expected: str, follows: str) -> None:
    plan = planned([done, task("b", duration=1), task("c", duration=9)], ["a b", "c a"])
    assert (days(plan)["a"], days(plan)["b"]) == (expected, follows)
    assert late_days(plan)["a"] == expected
    slot = plan.slots["a"]
    assert (slot.driver, slot.critical, slot.total_float, slot.free_float) == ("done", False, 0, 0)


@pytest.mark.parametrize(
    ("doing", "expected"),
    [
        (task("a", "11-18", duration=3, state="doing"), "11-18 11-23"),  # overdue: not before today
        (task("a", "11-18", duration=6, state="doing"), "11-18 11-25"),
        (task("a", "11-18", duration=3, state="doing", remaining=16.0), "11-18 11-24"),
        (task("a", "11-18", duration=9, state="doing", remaining=4.0), "11-18 11-23"),
        (task("a", "11-18", duration=3, state="doing", remaining=0.0), "11-18 11-23"),
        (task("a", "11-18", duration=3, state="doing", remaining=24.0, hours=4.0), "11-18 11-30"),
        (task("a", duration=3, state="doing"), "11-23 11-25"),  # begun, but nobody said when
        (task("a", "12-02", duration=3, state="doing"), "11-23 11-25"),  # begun before its time
        (task("a", "", "11-24", duration=4, state="doing"), "11-19 11-24"),
        (task("a", "", "12-24", duration=4, state="doing"), "11-23 11-26"),
        (task("a", "11-18", duration=1, state="doing", pinned=True), "11-18 11-23"),
    ],
)
def test_work_in_progress_goes_on_from_today(doing: Task, expected: str) -> None:
    plan = planned([doing, task("b", duration=1)], ["a b"])
    assert days(plan)["a"] == expected
    assert plan.slots["a"].duration == WEEKDAYS.count(plan.slots["a"].start, plan.slots["a"].finish)
    assert plan.slots["b"].start == WEEKDAYS.shift(plan.slots["a"].finish, 1)


def test_on_a_free_day_work_in_progress_goes_on_at_the_next_one() -> None:
    plan = planned([task("a", "11-26", duration=1, state="doing")], today="11-28")
    assert days(plan)["a"] == "11-26 11-30"


@pytest.mark.parametrize(
    ("kind", "expected"), [("FS", "11-23 11-24"), ("SS+3", "11-23 11-24"), ("FF", "11-23 11-26")]
)
def test_what_it_waits_for_moves_the_finish_of_work_in_progress_and_not_its_start(
    kind: str, expected: str
) -> None:
    tasks = [task("a", duration=4), task("b", "11-23", duration=2, state="doing")]
    assert days(planned(tasks, [f"a b {kind}"]))["b"] == expected


def test_what_precedes_work_in_progress_may_take_its_time() -> None:
    tasks = [task("a", duration=4), task("b", "11-20", duration=2, state="doing"), task("c", duration=7)]
    plan = planned(tasks, ["a b"])
    assert plan.slots["a"].total_float == 3
    assert plan.slots["b"].total_float == 6


# Promises


def test_missing_a_promise_is_said_and_moves_nothing() -> None:
    tasks = [task("a", "", "11-24", duration=4), task("b", duration=8)]
    plan = planned(tasks)
    assert complaints(plan) == [("late", "a")]
    assert (days(plan)["a"], plan.slots["a"].total_float) == ("11-23 11-26", 4)


def test_a_promise_that_was_missed_and_met_in_the_end_is_no_problem_any_more() -> None:
    assert not planned([task("a", "11-09", "11-13", state="done", finished="11-20")]).problems


def test_due_before_start_is_said_and_the_start_stands() -> None:
    plan = planned([task("a", "11-26", "11-24", effort=16.0)])
    assert days(plan) == {"a": "11-26 11-27"}
    assert complaints(plan) == [("end-before-start", "a"), ("late", "a")]


# Parents


FAMILY = [
    task("p", title="parent"),
    task("a", duration=2, parent="p"),
    task("b", duration=3, parent="p"),
    task("q", parent="p"),
    task("c", duration=1, parent="q"),
    task("z", duration=1),
]


def test_a_parent_spans_its_parts() -> None:
    plan = planned(FAMILY, ["a b", "b c"])
    assert days(plan) == {
        "a": "11-23 11-24", "b": "11-25 11-27", "c": "11-30", "p": "11-23 11-30", "q": "11-30", "z": "11-23",
    }  # fmt: skip
    assert [ident for ident, slot in sorted(plan.slots.items()) if slot.is_parent] == ["p", "q"]
    assert plan.slots["p"].duration == 6
    assert [plan.slots[ident].critical for ident in "apz"] == [True, True, False]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (["z p"], {"a": "11-24 11-25", "b": "11-24 11-26", "c": "11-24"}),
        (["z p FS+2"], {"a": "11-26 11-27", "b": "11-26 11-30", "c": "11-26"}),
        (["z p SS+1"], {"a": "11-24 11-25", "b": "11-24 11-26", "c": "11-24"}),
        (["z q"], {"a": "11-23 11-24", "b": "11-23 11-25", "c": "11-24"}),
        (["p z"], {"z": "11-26"}),
        (["q z"], {"z": "11-24"}),
        (["p z SS+1"], {"z": "11-24"}),
        (["p z FF"], {"z": "11-25"}),
        (["p z SF+2"], {"z": "11-24"}),
        (["a q", "q z"], {"c": "11-25", "z": "11-26"}),
    ],
)
def test_links_of_a_parent_bind_its_parts_and_count_from_its_span(
    links: list[str], expected: dict[str, str]
) -> None:
    plan = planned(FAMILY, links)
    found = days(plan)
    assert {ident: found[ident] for ident in expected} == expected
    assert not plan.problems


def test_a_parents_parts_say_that_the_link_into_it_drives_them() -> None:
    plan = planned(FAMILY, ["z p"])
    assert {plan.slots[ident].driver for ident in "abcpq"} == {"z>p"}


@pytest.mark.parametrize("kind", ["FF", "SF"])
def test_a_link_to_the_finish_of_a_parent_is_left_out_and_said(kind: str) -> None:
    plan = planned(FAMILY, [f"z p {kind}+9"])
    assert days(plan) == days(planned(FAMILY))
    assert complaints(plan) == [("on-parent", "z>p", "p")]


def test_a_parents_own_date_is_the_earliest_for_all_its_parts() -> None:
    tasks = [task("p", "11-25"), *FAMILY[1:]]
    plan = planned(tasks)
    assert days(plan)["p"] == "11-25 11-27"
    assert {plan.slots[ident].driver for ident in "abc"} == {"parent"}


def test_a_parents_due_date_is_a_promise_of_the_whole() -> None:
    plan = planned([task("p", "", "11-24"), *FAMILY[1:]])
    assert complaints(plan) == [("late", "p")]


def test_a_parent_whose_parts_are_all_done_is_over() -> None:
    tasks = [
        task("p"),
        task("a", "11-16", parent="p", state="done", finished="11-17"),
        task("b", "11-18", parent="p", state="done", finished="11-19"),
        task("z", duration=1),
    ]
    plan = planned(tasks, ["p z"])
    slot = plan.slots["p"]
    assert (days(plan)["p"], days(plan)["z"]) == ("11-16 11-19", "11-23")
    assert (slot.critical, slot.total_float, slot.driver) == (False, 0, "done")


def test_a_parents_float_is_that_of_its_most_pressing_part() -> None:
    plan = planned([*FAMILY, task("y", duration=10)], ["a b", "b c"])
    floats = {ident: slot.total_float for ident, slot in plan.slots.items()}
    assert floats == {"a": 4, "b": 4, "c": 4, "p": 4, "q": 4, "z": 9, "y": 0}


def test_only_the_part_that_begins_a_parent_answers_for_its_start() -> None:
    tasks = [
        task("p"),
        task("a", parent="p", duration=1),
        task("b", "11-25", parent="p", duration=1),
        task("z", duration=9),
    ]
    plan = planned(tasks, ["p z SS"])
    assert {ident: plan.slots[ident].total_float for ident in "abz"} == {"a": 0, "b": 6, "z": 0}


def test_parts_that_are_in_no_plan_leave_their_parent_a_task() -> None:
    plan = planned([task("p", "11-24", "11-25"), task("a", parent="p")])
    assert days(plan) == {"p": "11-24 11-25"}
    assert not plan.slots["p"].is_parent
    assert plan.unplaced == ["a"]


@pytest.mark.parametrize(
    "parents", [{"a": "b", "b": "a"}, {"a": "a"}, {"a": "b", "b": "c", "c": "a"}, {"a": "none"}]
)
def test_parents_in_a_circle_or_unknown_are_none(parents: dict[str, str]) -> None:
    plan = planned([task(ident, duration=1, parent=parents.get(ident, "")) for ident in "abc"])
    assert days(plan) == dict.fromkeys("abc", "11-23")
    assert not any(slot.is_parent for slot in plan.slots.values())


def test_what_hangs_on_a_circle_of_parents_is_part_of_it() -> None:
    tasks = [task("a", parent="b"), task("b", parent="a"), task("c", parent="a", duration=2)]
    plan = planned(tasks)
    assert days(plan) == {"a": "11-23 11-24", "c": "11-23 11-24"}
    assert plan.slots["a"].is_parent
    assert plan.unplaced == ["b"]


# The tray


def test_what_nothing_is_known_of_waits_and_what_is_linked_follows() -> None:
    tasks = [task("a", duration=2), task("b"), task("c"), task("d"), task("e", state="done")]
    plan = planned(tasks, ["a b", "d a"])
    assert days(plan) == {"a": "11-24 11-25", "b": "11-26", "d": "11-23"}
    assert plan.unplaced == ["c", "e"]


def test_a_link_to_nothing_is_none() -> None:
    assert planned([task("a")], ["a nobody"]).unplaced == ["a"]


def test_an_empty_plan_has_no_end() -> None:
    for plan in (planned([]), planned([task("a")])):
        assert (plan.slots, plan.finish, plan.problems) == ({}, None, [])


def test_the_end_of_the_plan_is_that_of_what_is_not_done() -> None:
    done = task("a", state="done", finished="12-24", duration=1)
    assert shown(planned([done, task("b", duration=2)]).finish) == "11-24"
    assert shown(planned([done]).finish) == "12-24"


# Links that cannot be


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("a a", ("self-link", "a>a", "a")),
        ("p a", ("self-link", "p>a", "p")),
        ("c p", ("self-link", "c>p", "c")),
        ("a nobody", ("no-such-task", "a>nobody", "nobody")),
        ("nobody a", ("no-such-task", "nobody>a", "nobody")),
    ],
)
def test_a_link_that_cannot_be_is_left_out_and_said(words: str, said: tuple[str, ...]) -> None:
    plan = planned(FAMILY, [words])
    assert days(plan) == days(planned(FAMILY))
    assert complaints(plan) == [said]
    assert plan.cut == []


def test_of_a_circle_the_link_made_last_is_left_out() -> None:
    tasks = [task(ident, duration=1) for ident in "abc"]
    made = [link("a b", 1), link("b c", 3), link("c a", 2)]
    plan = planned(tasks, made)
    assert plan.cut == [made[1]]
    assert days(plan) == {"a": "11-24", "b": "11-25", "c": "11-23"}
    assert complaints(plan) == [("cycle", "b>c", "c")]


def test_of_links_made_at_once_the_id_decides() -> None:
    tasks = [task("a", duration=1), task("b", duration=1)]
    links = [Link("x", "a", "b", order=(5, "lp")), Link("y", "b", "a", order=(5, "hm"))]
    assert [one.id for one in planned(tasks, links).cut] == ["x"]
    assert [one.id for one in planned(tasks, [one._replace(order=(5, "lp")) for one in links]).cut] == ["y"]


def test_a_circle_through_parents_is_one() -> None:
    tasks = [task("p"), task("a", duration=1, parent="p"), task("q"), task("b", duration=1, parent="q")]
    made = [link("p q", 1), link("b a", 2)]
    assert planned(tasks, made).cut == [made[1]]


def test_a_large_circle_is_cut_at_once() -> None:
    count = 3_000
    tasks = [Task(f"t{number}", duration=1) for number in range(count)]
    links = [
        Link(f"l{number:05}", f"t{number}", f"t{(number + 1) % count}", order=(number * 7919 % count, ""))
        for number in range(count)
    ]
    plan = planned(tasks, links)
    assert [one.order[0] for one in plan.cut] == [count - 1]
    assert plan.finish == WEEKDAYS.shift(day("11-23"), count - 1)


# Whatever else may come


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Task("a", start=MIN_DAY - 1, duration=1), ("out-of-range", "a", "start")),
        (Task("a", start=MAX_DAY + 1, duration=1), ("out-of-range", "a", "start")),
        (Task("a", due=0, duration=1), ("out-of-range", "a", "due")),
        (Task("a", due=10**9), ("out-of-range", "a", "due")),
        (Task("a", duration=10_001), ("out-of-range", "a", "duration")),
        (Task("a", effort=float("inf")), ("out-of-range", "a", "effort")),
        (Task("a", effort=float("nan")), ("out-of-range", "a", "effort")),
        (Task("a", effort=1e9), ("out-of-range", "a", "effort")),
        (Task("a", duration=1, state="doing", remaining=1e300), ("out-of-range", "a", "remaining")),
        (Task("a", duration=1, state="done", finished=-7), ("out-of-range", "a", "finished")),
    ],
)
def test_numbers_no_plan_can_hold_are_said(given: Task, said: tuple[str, ...]) -> None:
    plan = planned([given])
    assert complaints(plan) == [said]
    assert plan.slots.keys() | set(plan.unplaced) == {"a"}


def test_a_date_no_plan_can_hold_counts_as_none() -> None:
    assert days(planned([Task("a", start=MAX_DAY + 1, duration=2)])) == {"a": "11-23 11-24"}


def test_ten_thousand_days_of_work_fit_and_more_reach_the_end() -> None:
    tasks = [Task(f"t{number}", duration=10_000) for number in range(8)]
    plan = planned(tasks, [f"t{number} t{number + 1}" for number in range(7)])
    assert plan.slots["t0"].finish == WEEKDAYS.shift(day("11-23"), 9_999)
    assert plan.slots["t7"].finish == plan.finish == MAX_DAY
    assert ("out-of-range", "t7", "finish") in complaints(plan)


def test_the_longest_lag_before_the_longest_task_at_the_end_of_days_fits() -> None:
    tasks = [task("a", duration=1, pinned=True)._replace(start=MAX_DAY - 1), task("b", duration=10_000)]
    for kind in ("FS", "SS", "FF", "SF"):
        for lag in (10_000, -10_000):
            plan = planned(
                [*tasks, task("m", milestone=True)], [f"a b {kind}{lag:+}", f"a m {kind}{lag:+}", "b m"]
            )
            assert plan.slots["b"].finish <= MAX_DAY


def test_a_lag_no_plan_can_hold_is_cut_and_said() -> None:
    made = Link("l", "a", "b", "FS", 10**6)
    plan = planned([task("a", duration=1), task("b", duration=1)], [made])
    assert complaints(plan) == [("out-of-range", "l", "lag")]
    assert plan.slots["b"].start == WEEKDAYS.shift(day("11-24"), 10_000)


def test_who_never_works_never_ends_and_nothing_hangs() -> None:
    never = derived(WEEKDAYS, range(MIN_DAY, MAX_DAY + 1))
    for state in ("todo", "doing", "done"):
        plan = planned(
            [task("a", "11-24", duration=3, state=state), task("b", duration=1)],
            ["a b"],
            calendars={"": never},
        )
        assert plan.slots.keys() == {"a", "b"}
        assert ("out-of-range", "b", "finish") in complaints(plan)


def test_years_without_published_holidays_are_said_once_a_calendar() -> None:
    china = working_calendar("CN")
    tasks = [
        task("a", duration=200, calendar="cn"),
        task("b", duration=300, calendar="cn"),
        task("c", duration=900),
    ]
    plan = planned(tasks, calendars={"": WEEKDAYS, "cn": china})
    assert complaints(plan) == [("no-data", "cn", "2027-2028")]
    assert complaints(planned([task("a", duration=5, calendar="cn")], calendars={"cn": china})) == []


def test_a_countrys_calendar_and_those_of_its_people_are_said_once() -> None:
    china = working_calendar("CN")
    calendars = {"": china, "hm": derived(china, [day("11-24")]), "us": working_calendar("US")}
    tasks = [task(name, duration=200, calendar=name) for name in ("hm", "us")] + [task("a", duration=400)]
    assert complaints(planned(tasks, calendars=calendars)) == [
        ("no-data", "2027-2028")
    ]  # that of the plan has no name
    assert complaints(planned(tasks[:2], calendars=calendars)) == [("no-data", "hm", "2027")]


def test_an_unknown_calendar_is_the_plans_own_and_an_unknown_type_the_usual_one() -> None:
    tasks = [task("a", duration=7, calendar="gone"), task("b", duration=1)]
    plan = planned(tasks, [Link("l", "a", "b", "??")], calendars={"": EVERY_DAY})
    assert days(plan) == {"a": "11-23 11-29", "b": "11-30"}
    nothing_known = schedule([task("a", duration=6)], [], {}, day("11-23"))
    assert days(nothing_known) == {"a": "11-23 11-30"}


def test_of_several_rows_of_one_id_the_same_one_counts_in_any_order() -> None:
    tasks = [task("a", duration=2), task("a", "11-25", duration=3), task("b", duration=1)]
    links = [Link("l", "a", "b"), Link("l", "b", "a")]
    assert days(planned(tasks, links)) == days(planned(tasks[::-1], links[::-1]))
