"""What a goal says in a few cells."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest

from store.analysis.goal_progress import Point
from store.goal_rows import GoalRow
from tui import i18n
from tui.celltext import cell_width
from tui.goal_words import (
    answers_words,
    bar_words,
    figures_words,
    hours_words,
    number_words,
    short_name,
    spark_words,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


def row(
    baseline: float | None = None, current: float | None = None, target: float | None = None, **more: object
) -> GoalRow:
    made = GoalRow(
        "g", "lp-1", "t", "", baseline, current, target, "", "", "", "", "", "", "pursued", False, 0, {}, {}
    )
    return made._replace(**more)


@pytest.mark.parametrize(
    ("goal", "bar"),
    [
        (row(0, 5, 10), "████░░░░  50%"), (row(10, 5, 0), "████░░░░  50%"), (row(0, 99, 100), "███████░  99%"),
        (row(0, 0, 10), "░░░░░░░░   0%"), (row(0, 0.01, 10), "█░░░░░░░   1%"), (row(0, 12, 10), "████████ 100%"),
        (row(0, -5, 10), "░░░░░░░░   0%"), (row(0, None, 10), "no value yet"), (row(0, 5), "no target"),
        (row(7, 5, 7), "target = baseline"), (row(None, 250, 500), "████░░░░  50%"),
    ],
)  # fmt: skip
def test_a_bar_shows_the_way_or_says_why_there_is_none(goal: GoalRow, bar: str) -> None:
    assert bar_words(goal) == bar


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (row(), ""), (row(4.2, 5.7, 7.2, metric="试用转付费 %"), "4.2 → 5.7 → 7.2 %"), (row(target=500), "— → 500"),
        (row(1, None, 2), "1 → — → 2"), (row(0, 1250, 1e6, metric="users"), "0 → 1,250 → 1,000,000"),
        (row(0, 1e300, -1e15), "0 → 1e+300 → -1e+15"),
    ],
)  # fmt: skip
def test_figures_go_from_the_baseline_to_the_target(goal: GoalRow, said: str) -> None:
    assert figures_words(goal) == said


def test_answers_stand_in_order_and_are_counted_where_they_are_too_many() -> None:
    names = {f"d{n}": f"部{n}"[:1] for n in range(12)}
    some = row(answers={"d1": "acknowledged", "d2": "objected", "gone": "acknowledged"})
    assert answers_words(some, {"d0"}, names) == "?部 ✓部 !部 ✓·"
    many = answers_words(some, names, names)
    assert many == "✓2 !1 ?10"
    assert cell_width(many) <= 20
    assert answers_words(row(), (), names) == ""


def test_a_department_is_named_in_a_letter_or_two() -> None:
    assert [short_name("研发", "yf"), short_name("R&D", "yf"), short_name("Sales", ""), short_name("", "")] == [
        "研", "yf", "Sa", "",
    ]  # fmt: skip


def test_the_past_is_a_line_that_rises_and_falls() -> None:
    first = datetime.date(2026, 11, 1)
    points = [Point(first + datetime.timedelta(day), value) for day, value in enumerate((1.0, 8.0, 1.0))]
    assert spark_words(points, 8) == "▁█▁"
    assert spark_words(points[:1], 8) == ""


def test_numbers_and_hours_are_short() -> None:
    assert [number_words(value) for value in (None, 3.0, 0.25, -1234.5)] == ["—", "3", "0.25", "-1,234.5"]
    assert [hours_words(value) for value in (8, 12.5, 1500)] == ["8h", "12.5h", "1.5kh"]
