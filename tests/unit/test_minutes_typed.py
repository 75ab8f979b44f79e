"""A span of time as people type it."""

from __future__ import annotations

import pytest

from store.analysis.minutes_typed import MOST, parse_minutes, timed_line


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45), ("45m", 45), (" 45 min ", 45), ("45分", 45), ("45 分钟", 45), ("４５分钟", 45), ("1h", 60),
        ("1h30", 90), ("1h30m", 90), ("1h05", 65), ("1H 5", 65), ("1.5h", 90), ("1,5h", 90), ("0.25h", 15),
        ("1:30", 90), ("1h半", 90),
        ("2 hours", 120), ("half an hour", 30), ("半小时", 30), ("半个小时", 30), ("1小时", 60), ("1个小时", 60),
        ("一小时", 60), ("两小时", 120), ("一个半小时", 90), ("2个半小时", 150), ("1小时半", 90), ("2小时30分", 150),
        ("一刻钟", 15), ("三刻钟", 45), ("十五分钟", 15), ("二十分", 20), ("九十五分钟", 95), ("十二小时", 720),
        ("10000", MOST),
    ],
)  # fmt: skip
def test_spans_are_understood_in_both_languages(text: str, minutes: int) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "0m", "-5", "x", "h", "m", "半", "小时", "1:75", "10001", "999999h", "1e3", "1.h", "--", "\x00"],
)  # fmt: skip
def test_what_is_no_span_is_none(text: str) -> None:
    assert parse_minutes(text) is None


@pytest.mark.parametrize(
    ("line", "title", "minutes"),
    [
        ("写周报 30m", "写周报", 30), ("写周报  半小时", "写周报", 30), ("call 1h30", "call", 90),
        ("read chapter 12", "read chapter 12", None), ("30m", "30m", None), ("  a  b ", "a b", None), ("", "", None),
        ("[bold]x[/] 5m", "[bold]x[/]", 5),
    ],
)  # fmt: skip
def test_the_last_word_of_a_line_may_say_how_long(line: str, title: str, minutes: int | None) -> None:
    assert timed_line(line) == (title, minutes)
