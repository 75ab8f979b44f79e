"""The chart as lines of text: what a person sees of bars, dates, arrows and names, in cells that always line up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import i18n
from tui.celltext import cell_width
from tui.timeline.canvas import Canvas
from tui.timeline.chart import Look, chart_width, draw, names_width
from tui.timeline.rows import GROUP, ITEM, TRAY, Arrow, Bar, Row
from tui.timeline.scale import ZOOMS, Scale

MONDAY = date(2026, 11, 23).toordinal()
TODAY = date(2026, 11, 29).toordinal()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


def weekend(day: int) -> bool:
    return (day - 1) % 7 > 4


def lines(
    rows: list[Row], arrows: list[Arrow] | None = None, *, zoom: str = "month", width: int = 64
) -> list[str]:
    scale = Scale(zoom, MONDAY, chart_width(width)).moved_to(MONDAY)
    drawn = draw(rows, arrows or [], scale, Look(TODAY), width, is_free=weekend)
    return ["".join(run.text for run in line) for line in drawn]


def chart(*rows: Row, arrows: list[Arrow] | None = None, zoom: str = "month") -> list[str]:
    """Return what is right of the names, without the heading."""
    return [line.split("│", 1)[1].rstrip() for line in lines(list(rows), arrows, zoom=zoom)[2:]]


def item(key: str, first: int, last: int, **given: object) -> Row:
    return Row(key, ITEM, key, key, 1, bar=Bar(MONDAY + first, MONDAY + last, **given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "drawn"),
    [
        (item("a", 0, 4), "▒▒▒▒▒ ┆"),
        (item("a", 0, 4, done_until=MONDAY + 1), "██▒▒▒ ┆"),
        (item("a", 0, 4, finished=True), "█████ ┆"),
        (item("a", 0, 4, critical=True), "━━━━━ ┆"),
        (item("a", 0, 4, critical=True, done_until=MONDAY + 2), "███━━ ┆"),
        (item("a", 0, 4, is_parent=True), "▀▀▀▀▀ ┆"),
        (item("a", 4, 4, milestone=True), "    ◆ ┆"),
        (item("a", -3, 1), "▒▒    ┆"),
        (item("a", -9, -4), "      ┆"),
    ],
)
def test_a_bar_says_what_is_done_what_remains_and_what_is_critical(row: Row, drawn: str) -> None:
    assert chart(row) == [drawn]


def test_half_a_cell_tells_two_days_of_a_quarter_apart() -> None:
    assert chart(item("a", 0, 0), item("b", 1, 1), item("c", 0, 2), zoom="quarter") == [
        "▌  ┆",
        "▐  ┆",
        "▒▌ ┆",
    ]


def test_a_week_of_a_year_is_one_cell() -> None:
    shown = chart(item("a", 0, 6), item("b", 0, 3), item("c", 4, 13), zoom="year")
    assert shown == ["▒", "▌", "▐▒"]


def test_where_a_bar_was_and_by_how_much_it_slipped_stands_beside_it() -> None:
    row = item("a", 9, 11)._replace(ghost=(MONDAY + 7, MONDAY + 9), slipped=2)
    assert chart(row) == ["      ┆░░▒▒▒ +2 d"]
    sooner = item("a", 7, 8)._replace(ghost=(MONDAY + 7, MONDAY + 10), slipped=-2)
    assert chart(sooner) == ["      ┆▒▒░░ -2 d"]


def test_days_after_the_promised_one_are_marked_as_late() -> None:
    row = item("a", 7, 11, late_from=MONDAY + 10)
    scale = Scale("month", MONDAY, 40)
    [line] = draw([row], [], scale, Look(TODAY), 60, is_free=weekend)[2:]
    late = [run.text for run in line if run.tone == "danger"]
    assert late == ["▒▒"]


def test_the_float_shows_on_the_cursors_row() -> None:
    row = item("a", 0, 2, float_until=MONDAY + 4)
    scale = Scale("month", MONDAY, 20)
    here = draw([row], [], scale, Look(TODAY, cursor="a"), 40, is_free=weekend)[2]
    assert "▒▒▒╌╌" in "".join(run.text for run in here)
    assert chart(row) == ["▒▒▒   ┆"]


@pytest.mark.parametrize(
    ("kind", "first", "second", "drawn"),
    [
        ("FS", (0, 2), (7, 9), ["▒▒▒╮  ┆", "   ╰──▶▒▒▒"]),
        ("FS", (0, 2), (3, 5), ["▒▒▒╮  ┆", "   ▒▒▒┆"]),
        ("SS", (2, 4), (3, 5), [" ╭▒▒▒ ┆", " ╰▶▒▒▒┆"]),
        ("FF", (0, 4), (0, 2), ["▒▒▒▒▒╮┆", "▒▒▒◀─╯┆"]),
    ],
)
def test_an_arrow_leaves_one_end_and_enters_the_other(
    kind: str, first: tuple[int, int], second: tuple[int, int], drawn: list[str]
) -> None:
    assert chart(item("a", *first), item("b", *second), arrows=[Arrow("a", "b", kind)]) == drawn


def test_arrows_that_meet_are_joined_and_bars_lie_over_them() -> None:
    rows = [item("a", 0, 2), item("x", 1, 5), item("b", 7, 8), item("c", 9, 9)]
    shown = chart(*rows, arrows=[Arrow("a", "b"), Arrow("a", "c")])
    assert shown == ["▒▒▒╮  ┆", " ▒▒▒▒▒┆", "   ├──▶▒▒", "   ╰────▶▒"]


def test_names_are_cut_to_their_cells_in_any_script() -> None:
    rows = [
        Row("g", GROUP, "研发与平台工程部门的非常长的名字", size=1_234, folded=False),
        Row(
            "a",
            ITEM,
            "定价页文案与结账页改版的联合评审会议纪要",
            "lp-12",
            2,
            marks=(("≠", "divergence"), ("⊘", "danger")),
        ),
        Row("b", ITEM, "👩‍👩‍👧 family é́́ \x1b[31mred", "lp-13", 1),
        Row("t", TRAY, "Not placed yet", size=3, folded=True),
    ]
    for width in (40, 64, 80, 160):
        drawn = lines(rows, width=width)
        assert {cell_width(line) for line in drawn} == {width}
        assert all(line[: len(line)].find("\x1b") < 0 for line in drawn)


texts = st.text(max_size=30)
days = st.integers(min_value=-500, max_value=900)


@given(
    titles=st.lists(texts, min_size=1, max_size=4),
    spans=st.lists(st.tuples(days, st.integers(0, 400)), min_size=4, max_size=4),
    zoom=st.sampled_from(ZOOMS),
    width=st.integers(min_value=30, max_value=200),
    kinds=st.lists(st.sampled_from(["FS", "SS", "FF", "SF"]), min_size=3, max_size=3),
    milestone=st.booleans(),
)
def test_every_line_is_as_wide_as_it_is_asked_to_be(
    titles: list[str], spans: list[tuple[int, int]], zoom: str, width: int, kinds: list[str], milestone: bool
) -> None:
    rows = [
        item(str(n), first, first + length, milestone=milestone and n == 0)._replace(title=title)
        for n, (title, (first, length)) in enumerate(zip(titles, spans, strict=False))
    ]
    arrows = [Arrow(str(n), str(n + 1), kind) for n, kind in enumerate(kinds)]
    assert {cell_width(line) for line in lines(rows, arrows, zoom=zoom, width=width)} == {width}


@given(
    zoom=st.sampled_from(ZOOMS), day=st.integers(min_value=-3000, max_value=3000), width=st.integers(8, 200)
)
def test_a_day_that_is_asked_for_comes_into_sight(zoom: str, day: int, width: int) -> None:
    scale = Scale(zoom, MONDAY, width).moved_to(MONDAY).showing(MONDAY + day)
    assert 0 <= scale.cell(MONDAY + day) < width


@given(zoom=st.sampled_from(ZOOMS), to=st.sampled_from(ZOOMS), offset=st.integers(0, 30))
def test_a_zoom_keeps_the_day_of_the_cursor_in_its_place(zoom: str, to: str, offset: int) -> None:
    scale = Scale(zoom, MONDAY, 90).moved_to(MONDAY)
    day = MONDAY + offset
    before, after = scale.cell(day), scale.zoomed(to, day).cell(day)
    assert abs(before - after) <= 3


def test_words_over_the_days_never_run_into_each_other() -> None:
    for zoom in ZOOMS:
        for language in ("en", "zh_CN"):
            i18n.set_language(language)
            scale = Scale(zoom, MONDAY + 3, 120).moved_to(MONDAY + 3)
            for ticks in (scale.upper(), scale.lower()):
                ends = [tick.cell + cell_width(tick.text) for tick in ticks]
                assert all(end < tick.cell for end, tick in zip(ends, ticks[1:], strict=False)), (zoom, ticks)


def test_what_is_drawn_first_lies_on_top() -> None:
    canvas = Canvas(3)
    canvas.put(1, "█", "text")
    for cell in range(3):
        canvas.put(cell, "░", "muted")
    assert "".join(run.text for run in canvas.runs()) == "░█░"


def test_the_names_leave_room_for_dates_on_any_width() -> None:
    assert names_width(80) == 24
    assert names_width(160) == 48
    assert all(chart_width(width) >= 1 for width in range(10, 300))


@pytest.mark.parametrize("zoom", ZOOMS)
def test_how_far_an_item_slipped_is_told_behind_its_float(zoom: str) -> None:
    day = date(2026, 11, 23).toordinal()
    bar = Bar(day, day + 4, float_until=day + 11)
    row = Row("a", ITEM, "late", "lp-1", bar=bar, ghost=(day, day + 2), slipped=2)
    scale = Scale(zoom, day - 7, chart_width(160))
    line = draw([row], [], scale, Look(day, cursor="a"), 160, is_free=lambda _day: False)[-1]
    text = "".join(run.text for run in line)
    assert "+2 d" in text
    assert text.rindex("╌") < text.index("+2 d")
