"""What an edit would do is told before it is done, and reckoned from what it touches."""

from __future__ import annotations

import pytest

from store.analysis import schedule as module
from store.analysis.preview import Preview, preview, working_days_later
from store.analysis.schedule import Schedule
from tests.sample_plans import WEEKDAYS, day, days, link, planned, task

TASKS = [
    task("a", duration=3),
    task("b", duration=2),
    task("c", "11-23", "11-30", duration=1),
    task("m", milestone=True),
    task("y", duration=5),
    task("z", duration=4),
]
LINKS = ["a b", "b c", "c m", "z y SS"]


def edited(**tasks: object) -> tuple[Schedule, Schedule, set[str]]:
    before = planned(TASKS, LINKS)
    after, moved = before.rescheduled(tasks)  # type: ignore[arg-type]
    return before, after, moved


def test_a_longer_task_moves_what_follows_and_the_end() -> None:
    before, after, moved = edited(a=task("a", duration=5))
    assert moved == {"a", "b", "c", "m"}
    assert preview(before, after, edited={"a"}) == Preview(
        moved=["b", "c", "m"], finish=2, critical=[], relieved=[], late=["c"]
    )


def test_a_shorter_one_brings_the_end_forward_and_relieves_its_chain() -> None:
    before, after, _ = edited(a=task("a", duration=1))
    found = preview(before, after, edited={"a"})
    assert (found.moved, found.finish, found.late) == (["b", "c", "m"], -1, [])
    assert (found.critical, found.relieved) == (["y", "z"], ["a", "b", "c", "m"])


def test_an_edit_within_the_float_changes_nothing_else() -> None:
    before, after, moved = edited(y=task("y", duration=6))
    assert moved == {"y"}
    found = preview(before, after, edited={"y"})
    assert found == Preview([], 0, ["y", "z"], [], [])
    assert not found.nothing
    before, after, _ = edited(a=task("a", duration=3, title="another word"))
    assert preview(before, after, edited={"a"}).nothing
    assert after.slots == before.slots


def test_the_end_asked_for_may_be_a_milestones() -> None:
    before, after, _ = edited(y=task("y", duration=10))
    assert preview(before, after).finish == 4
    assert preview(before, after, milestone="m").finish == 0
    assert preview(before, after, milestone="y").finish == 5
    assert preview(before, after, milestone="nobody").finish is None


def test_an_item_put_in_or_taken_out_is_moved_by_the_edit() -> None:
    before = planned(TASKS, LINKS)
    after, moved = before.rescheduled({"n": task("n", duration=2)}, {"n>a": link("n a")})
    assert moved == {"n", "a", "b", "c", "m"}
    assert preview(before, after, edited={"n"}).critical == ["n"]
    again, moved = after.rescheduled({"n": None})
    assert moved == {"n", "a", "b", "c", "m"}
    assert days(again) == days(before)
    assert [problem.code for problem in again.problems] == ["no-such-task"]
    empty, moved = before.rescheduled(dict.fromkeys("abcmyz"), dict.fromkeys(("a>b", "b>c", "c>m", "z>y")))
    assert (empty.slots, empty.finish, moved) == ({}, None, set("abcmyz"))
    assert preview(before, empty).finish is None


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("11-27", "11-30", 1),
        ("11-30", "11-27", -1),
        ("11-27", "11-29", 0),
        ("11-23", "11-23", 0),
        ("11-23", "12-07", 10),
    ],
)
def test_how_many_working_days_later_a_day_is(was: str, now: str, expected: int) -> None:
    assert working_days_later(WEEKDAYS, day(was), day(now)) == expected


def test_edits_that_people_make_are_not_reckoned_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [task("p"), task("k", parent="p", duration=1), task("l", parent="p", duration=1), task("tray")]
    plan = planned([*TASKS, *parts], [*LINKS, "a p"])

    def anew(*_: object) -> Schedule:
        raise AssertionError("everything was reckoned anew")

    monkeypatch.setattr(module, "schedule", anew)
    for tasks, links in (
        ({"a": task("a", "12-01", duration=1)}, {}),
        ({"b": task("b", duration=2, state="done", finished="11-20")}, {}),
        ({"b": task("b", duration=2, state="doing", remaining=20.0)}, {}),
        ({"c": task("c", duration=9, pinned=True, calendar="other")}, {}),
        ({"p": task("p", "12-04")}, {}),
        ({}, {"a>b": None}),
        ({}, {"a>b": link("a b SS+2")}),
        ({}, {"c>y": link("c y")}),  # against the order that was found
        ({"tray": task("tray", duration=2)}, {}),
        ({"n": task("n", duration=2, parent="p")}, {}),
        ({"n": task("n", duration=1)}, {"m>n": link("m n")}),
        ({"k": None}, {}),
        ({"b": None}, {"a>b": None, "b>c": None}),
        ({"b": None}, {}),
        ({"a": None, "c": None}, {}),
    ):
        plan.rescheduled(tasks, links)  # type: ignore[arg-type]
