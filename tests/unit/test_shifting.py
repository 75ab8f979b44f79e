"""What moving and stretching an item on the timeline writes."""

from __future__ import annotations

from datetime import date

import pytest

from store.analysis.plan import Slot, Task
from store.analysis.shifting import moved, pinned, stepped, stretched


class Weekends:
    """Monday to Friday."""

    def first_from(self, day: int) -> int:
        while (day - 1) % 7 > 4:
            day += 1
        return day

    def last_until(self, day: int) -> int:
        while (day - 1) % 7 > 4:
            day -= 1
        return day

    def shift(self, day: int, n: int) -> int:
        for _ in range(abs(n)):
            day = self.first_from(day + 1) if n > 0 else self.last_until(day - 1)
        return day

    def count(self, first: int, last: int) -> int:
        return sum((day - 1) % 7 < 5 for day in range(first, last + 1))


DAYS = Weekends()


def day(month: int, number: int) -> int:
    return date(2026, month, number).toordinal()


def slot(first: int, last: int, duration: int) -> Slot:
    return Slot(first, last, first, last, 0, 0, False, "own", duration)


MON, WED, FRI = day(11, 30), day(12, 2), day(12, 4)
THREE = slot(MON, WED, 3)


@pytest.mark.parametrize(
    ("task", "edit"),
    [
        (Task("a", start=MON, due=WED), {"start": MON + 1, "due": WED + 1}),
        (Task("a", start=MON, duration=3), {"start": MON + 1}),
        (Task("a", start=MON, due=FRI, duration=3), {"start": MON + 1}),
        (Task("a", due=WED, duration=3), {"due": WED + 1}),
        (Task("a", effort=20), {"start": MON + 1}),
        (Task("a", start=MON, milestone=True), {"start": MON + 1}),
        (Task("a", due=MON, milestone=True), {"due": MON + 1}),
    ],
)
def test_a_move_writes_what_says_when_it_begins_and_keeps_a_deadline(
    task: Task, edit: dict[str, int]
) -> None:
    assert moved(task, THREE, DAYS, to=MON + 1) == edit


def test_a_move_onto_a_free_day_begins_on_the_next_that_is_worked_on() -> None:
    assert moved(Task("a", start=MON, duration=3), THREE, DAYS, to=day(12, 5)) == {"start": day(12, 7)}


def test_an_item_from_the_tray_is_placed_with_its_promise_unless_that_is_over() -> None:
    assert moved(Task("a"), None, DAYS, to=MON) == {"start": MON}
    assert moved(Task("a", due=FRI), None, DAYS, to=MON) == {"start": MON}
    assert moved(Task("a", due=day(11, 2)), None, DAYS, to=MON) == {"start": MON, "due": None}


@pytest.mark.parametrize(
    ("task", "edit"),
    [
        (Task("a", start=MON, due=WED), {"due": FRI}),
        (Task("a", start=MON, duration=3), {"start": MON, "duration": 5}),
        (Task("a", start=MON, due=WED, duration=3), {"start": MON, "duration": 5}),
        (Task("a", due=WED), {"start": MON, "duration": 5}),
    ],
)
def test_a_stretch_writes_what_says_how_long_it_takes(task: Task, edit: dict[str, int]) -> None:
    assert stretched(task, THREE, DAYS, to=FRI) == edit
    assert stretched(task, THREE, DAYS, to=day(12, 6)) == edit  # a Sunday: until the Friday before


def test_nothing_ends_before_it_begins() -> None:
    assert stretched(Task("a", start=MON, due=WED), THREE, DAYS, to=day(11, 2)) == {"due": MON}


def test_a_step_passes_over_days_nobody_works_on() -> None:
    assert stepped(FRI, 1, DAYS) == day(12, 7)
    assert stepped(day(12, 7), -1, DAYS) == FRI
    assert stepped(FRI, 7, DAYS) == day(12, 11)


def test_pinning_fixes_an_item_where_it_stands_and_a_second_time_lets_it_go() -> None:
    assert pinned(Task("a", start=MON - 7), THREE) == {"pinned": 1, "start": MON}
    assert pinned(Task("a", start=MON, pinned=True), THREE) == {"pinned": 0}
