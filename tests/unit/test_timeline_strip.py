"""The workload strip as text: figures where they fit, heights where they do not, and a sign for too much."""

from __future__ import annotations

from datetime import date

import pytest

from tui.celltext import cell_width
from tui.timeline.scale import Scale
from tui.timeline.strip import Load, StripRow, draw_strip

MONDAY = date(2026, 11, 23).toordinal()


def drawn(
    *rows: StripRow, zoom: str = "month", first: int = MONDAY, height: int = 9, cursor: int = 0
) -> list[str]:
    scale = Scale(zoom, first, 30).moved_to(first)
    lines = draw_strip("Hours", rows, scale, 10, cursor=cursor, week=0, active=True, height=height)
    return ["".join(run.text for run in line) for line in lines]


def weeks(*figures: tuple[float, float]) -> tuple[Load, ...]:
    return tuple(
        Load(MONDAY + 7 * n, planned, there, planned > there, ())
        for n, (planned, there) in enumerate(figures)
    )


@pytest.mark.parametrize(
    ("zoom", "figures", "line"),
    [
        ("month", [(32, 40), (48, 40), (120, 80)], "32/40  48/40▲ 120▲"),
        ("quarter", [(32, 40), (48, 40)], "▇  48▲"),
        ("year", [(4, 40), (20, 40), (40, 40), (48, 40)], "▁▅█▲"),
    ],
)
def test_a_week_says_as_much_as_fits(zoom: str, figures: list[tuple[float, float]], line: str) -> None:
    name, shown = drawn(StripRow("韩梅", weeks=weeks(*figures)), zoom=zoom)[1].split("│")
    assert name == " 韩梅     "
    assert shown.rstrip() == line


def test_a_week_that_begins_out_of_sight_is_told_in_what_is_left_of_it() -> None:
    [_, line] = drawn(StripRow("x", weeks=weeks((3, 40), (8, 40))), first=MONDAY + 1)
    assert line.split("│")[1].startswith("3/40  8/40")


def test_rows_of_items_say_how_many_and_the_cursor_stays_in_sight() -> None:
    rows = [StripRow(f"row {n}", items=("a",) * (n + 1)) for n in range(12)]
    shown = drawn(*rows, height=5, cursor=11)
    assert [line.split("│")[0].strip() for line in shown[1:]] == ["row 8", "row 9", "row 10", "row 11"]
    assert shown[-1].split("│")[1].strip() == "12"


def test_every_line_is_as_wide_as_the_chart() -> None:
    rows = [StripRow("一个非常长的成员名字", weeks=weeks((1e6, 40), (0, 0))), StripRow("b")]
    for zoom in ("week", "month", "quarter", "year"):
        assert {cell_width(line) for line in drawn(*rows, zoom=zoom)} == {41}
