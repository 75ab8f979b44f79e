"""Dates are read the same in English and Chinese, and what is not a day is none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from store.dates import LONGEST, day_at, parse_day
from store.names import fold
from store.periods import may_become_period, parse_period
from tests.sample_vocabulary import TODAY


def day(text: str, today: date = TODAY, *, past: bool = False) -> str:
    found = parse_day(text, today, past=past)
    return found.isoformat() if found else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", "2026-11-23"), ("TODAY", "2026-11-23"), ("今天", "2026-11-23"), ("今日", "2026-11-23"),
        ("tomorrow", "2026-11-24"), ("tmr", "2026-11-24"), ("明天", "2026-11-24"), ("明日", "2026-11-24"),
        ("day after tomorrow", "2026-11-25"), ("后天", "2026-11-25"), ("大后天", "2026-11-26"),
        ("yesterday", "2026-11-22"), ("昨天", "2026-11-22"), ("前天", "2026-11-21"), ("大前天", "2026-11-20"),
    ],
)  # fmt: skip
def test_days_counted_from_today(text: str, expected: str) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon", "2026-11-23"), ("周一", "2026-11-23"), ("tue", "2026-11-24"), ("Tuesday", "2026-11-24"),
        ("wed", "2026-11-25"), ("thurs", "2026-11-26"), ("fri", "2026-11-27"), ("Friday", "2026-11-27"),
        ("sat", "2026-11-28"), ("sunday", "2026-11-29"),
        ("周五", "2026-11-27"), ("星期五", "2026-11-27"), ("礼拜五", "2026-11-27"),
        ("周日", "2026-11-29"), ("周天", "2026-11-29"), ("星期天", "2026-11-29"),
        ("周末", "2026-11-28"), ("weekend", "2026-11-28"), ("eow", "2026-11-27"), ("end of week", "2026-11-27"),
    ],
)  # fmt: skip
def test_a_weekday_is_the_next_one_today_included(text: str, expected: str) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("this fri", "2026-11-27"), ("本周五", "2026-11-27"), ("这周五", "2026-11-27"), ("这个星期五", "2026-11-27"),
        ("next fri", "2026-12-04"), ("next-fri", "2026-12-04"), ("下周五", "2026-12-04"), ("下个礼拜五", "2026-12-04"),
        ("下周三", "2026-12-02"), ("下下周一", "2026-12-07"), ("下下个星期一", "2026-12-07"),
        ("last fri", "2026-11-20"), ("上周五", "2026-11-20"), ("上上周五", "2026-11-13"),
        ("next week", "2026-11-30"), ("下周", "2026-11-30"), ("下星期", "2026-11-30"), ("下周末", "2026-12-05"),
        ("next month", "2026-12-01"), ("下个月", "2026-12-01"), ("下季度", "2027-01-01"), ("next year", "2027-01-01"),
        ("明年", "2027-01-01"),
    ],
)  # fmt: skip
def test_weeks_are_calendar_weeks_from_monday(text: str, expected: str) -> None:
    assert day(text) == expected


def test_a_day_of_this_week_may_be_past_and_a_bare_one_is_not() -> None:
    saturday = date(2026, 11, 28)
    assert day("本周五", saturday) == "2026-11-27"
    assert day("周五", saturday) == "2026-12-04"
    assert day("下周五", saturday) == "2026-12-04"


def test_on_a_sunday_the_weekend_is_on_and_the_working_week_is_over() -> None:
    sunday = date(2026, 11, 29)
    assert day("周末", sunday) == "2026-11-29"
    assert day("eow", sunday) == "2026-12-04"
    assert day("下周一", sunday) == "2026-11-30"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+3d", "2026-11-26"), ("3d", "2026-11-26"), ("-1d", "2026-11-22"), ("+2w", "2026-12-07"),
        ("+1m", "2026-12-23"), ("+1y", "2027-11-23"), ("in 3 days", "2026-11-26"), ("2 weeks ago", "2026-11-09"),
        ("2 weeks later", "2026-12-07"), ("3天后", "2026-11-26"), ("三天之后", "2026-11-26"), ("3 天后", "2026-11-26"),
        ("两周后", "2026-12-07"), ("二个星期后", "2026-12-07"), ("两周内", "2026-12-07"), ("一周前", "2026-11-16"),
        ("十天后", "2026-12-03"), ("二十一天后", "2026-12-14"), ("一个月后", "2026-12-23"), ("+1月", "2026-12-23"),
        ("半个月后", "2026-12-08"), ("半年后", "2027-05-23"), ("一年后", "2027-11-23"), ("＋３ｄ", "2026-11-26"),
    ],
)  # fmt: skip
def test_offsets(text: str, expected: str) -> None:
    assert day(text) == expected


def test_a_month_later_is_clamped_to_the_months_end() -> None:
    assert day("+1m", date(2026, 1, 31)) == "2026-02-28"
    assert day("+1y", date(2028, 2, 29)) == "2029-02-28"
    assert day("+1m", date(2026, 12, 31)) == "2027-01-31"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eom", "2026-11-30"), ("end of month", "2026-11-30"), ("月底", "2026-11-30"), ("月末", "2026-11-30"),
        ("本月底", "2026-11-30"), ("下月底", "2026-12-31"), ("下个月底", "2026-12-31"), ("12月底", "2026-12-31"),
        ("2月底", "2027-02-28"), ("2028年2月底", "2028-02-29"), ("月初", "2026-12-01"), ("本月初", "2026-11-01"),
        ("下月初", "2026-12-01"), ("月中", "2026-12-15"), ("12月中", "2026-12-15"), ("下个月5号", "2026-12-05"),
        ("eoq", "2026-12-31"), ("季末", "2026-12-31"), ("季度末", "2026-12-31"), ("下季度末", "2027-03-31"),
        ("eoy", "2026-12-31"), ("end of year", "2026-12-31"), ("年底", "2026-12-31"), ("年末", "2026-12-31"),
        ("明年底", "2027-12-31"), ("2028年底", "2028-12-31"), ("年初", "2027-01-01"), ("今年初", "2026-01-01"),
    ],
)  # fmt: skip
def test_edges_of_months_quarters_and_years(text: str, expected: str) -> None:
    assert day(text) == expected


def test_the_end_of_the_month_is_today_on_its_last_day() -> None:
    assert day("月底", date(2026, 11, 30)) == "2026-11-30"
    assert day("月初", date(2026, 12, 1)) == "2026-12-01"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12-01", "2026-12-01"), ("12/1", "2026-12-01"), ("12月1日", "2026-12-01"), ("12月1号", "2026-12-01"),
        ("12月1", "2026-12-01"), ("十二月一日", "2026-12-01"),
        ("１２月１日", "2026-12-01"), ("１２－０１", "2026-12-01"),
        ("dec 1", "2026-12-01"), ("Dec. 1st", "2026-12-01"), ("december 1", "2026-12-01"), ("1 dec", "2026-12-01"),
        ("1st December", "2026-12-01"), ("15号", "2026-12-15"), ("23日", "2026-11-23"), ("31号", "2026-12-31"),
    ],
)  # fmt: skip
def test_days_without_a_year(text: str, expected: str) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01", "2026-12-01"), ("2026/12/1", "2026-12-01"), ("2026.12.1", "2026-12-01"),
        ("20261201", "2026-12-01"), ("2026年12月1日", "2026-12-01"), ("２０２６－１２－０１", "2026-12-01"),
        ("明年3月1日", "2027-03-01"), ("今年3月1日", "2026-03-01"), ("Dec 1, 2027", "2027-12-01"),
        ("1 December 2027", "2027-12-01"), ("2020-02-29", "2020-02-29"),
    ],
)  # fmt: skip
def test_days_with_a_year(text: str, expected: str) -> None:
    assert day(text) == expected


def test_a_day_without_a_year_is_next_years_when_it_is_over_a_month_past() -> None:
    assert day("10-24") == "2026-10-24"
    assert day("10-23") == "2027-10-23"
    assert day("2-29", date(2027, 12, 1)) == "2028-02-29"
    assert day("2-29") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fri", "2026-11-20"), ("周五", "2026-11-20"), ("周一", "2026-11-23"), ("12-01", "2025-12-01"),
        ("11-20", "2026-11-20"), ("15号", "2026-11-15"), ("月初", "2026-11-01"), ("月底", "2026-10-31"),
        ("today", "2026-11-23"), ("2026-12-01", "2026-12-01"),
    ],
)  # fmt: skip
def test_looking_back_the_latest_one_is_meant(text: str, expected: str) -> None:
    assert day(text, past=True) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "soon", "someday", "monkey", "frida", "fri5", "nextfri", "next", "下", "周", "月", "3", "3天", "三天",
        "12.1", "1.2.3", "2026-02-30", "2-30", "13-01", "12-32", "13月1日", "12月32日", "0026-01-01", "99999999",
        "99999d", "9999y", "9999年后", "-9999y", "this week", "本周", "12月", "2026", "12-01-05", "2026-12", "fri-sat",
        "今", "²月¹日", "٣-٣", "\ud800", "\x00", "周五" * 30, "1" * 10_000,
    ],
)  # fmt: skip
def test_what_is_not_a_day_is_none(text: str) -> None:
    assert day(text) == ""


@pytest.mark.parametrize("today", [date.min, date.max, date(9999, 12, 1)])
@pytest.mark.parametrize(
    "text", ["fri", "下周", "+1m", "eom", "eoq", "eoy", "12-01", "月初", "31号", "上周五", "-1y"]
)
def test_the_ends_of_the_calendar_are_no_error(today: date, text: str) -> None:
    parse_day(text, today)
    parse_day(text, today, past=True)
    parse_period(text, today)


@pytest.mark.parametrize(
    ("text", "end", "expected"),
    [
        ("周五发布", 2, "2026-11-27"), ("fri发布", 3, "2026-11-27"), ("fri, 5pm", 3, "2026-11-27"),
        ("周五17:00", 2, "2026-11-27"), ("12-01发布", 5, "2026-12-01"), ("12月1日志", 5, "2026-12-01"),
        ("next week", 9, "2026-11-30"), ("next week-end", 0, ""), ("3天后来", 3, "2026-11-26"),
        ("12月1个需求", 0, ""), ("friday", 6, "2026-11-27"), ("fridays", 0, ""), ("2026-02-30", 0, ""),
        ("dec 1 2027", 10, "2027-12-01"), ("dec 1 2027x", 5, "2026-12-01"), ("下周三天", 3, "2026-12-02"),
    ],
)  # fmt: skip
def test_the_longest_day_that_stands_in_a_text(text: str, end: int, expected: str) -> None:
    found = day_at(fold(text), 0, TODAY)
    assert (found[1] if found else 0, found[0].isoformat() if found else "") == (end, expected)


def test_no_day_is_read_beyond_the_longest() -> None:
    assert day_at("周五" * 10_000, 0, TODAY) == (TODAY + timedelta(4), 2)
    assert parse_day("0" * LONGEST + "1", TODAY) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("本周", "2026-11-23", "2026-11-29"), ("this week", "2026-11-23", "2026-11-29"),
        ("下周", "2026-11-30", "2026-12-06"), ("next-week", "2026-11-30", "2026-12-06"),
        ("上周", "2026-11-16", "2026-11-22"), ("本月", "2026-11-01", "2026-11-30"),
        ("下个月", "2026-12-01", "2026-12-31"), ("last month", "2026-10-01", "2026-10-31"),
        ("本季度", "2026-10-01", "2026-12-31"), ("今年", "2026-01-01", "2026-12-31"),
        ("去年", "2025-01-01", "2025-12-31"), ("2026", "2026-01-01", "2026-12-31"),
        ("2026年", "2026-01-01", "2026-12-31"), ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026年2月", "2026-02-01", "2026-02-28"), ("12月", "2026-12-01", "2026-12-31"),
        ("dec", "2026-12-01", "2026-12-31"), ("1月", "2027-01-01", "2027-01-31"),
        ("10月", "2026-10-01", "2026-10-31"), ("q1", "2026-01-01", "2026-03-31"),
        ("2027Q2", "2027-04-01", "2027-06-30"), ("周五", "2026-11-27", "2026-11-27"),
        ("2026-12-01", "2026-12-01", "2026-12-01"),
    ],
)  # fmt: skip
def test_periods(text: str, first: str, last: str) -> None:
    assert parse_period(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "soon", "13月", "2026-13", "week", "q5", "0001", "x" * 1_000])
def test_what_is_not_a_period_is_none(text: str) -> None:
    assert parse_period(text, TODAY) is None


def test_looking_back_a_month_without_a_year_has_begun() -> None:
    assert parse_period("12月", TODAY, past=True) == (date(2025, 12, 1), date(2025, 12, 31))
    assert parse_period("nov", TODAY, past=True) == (date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    "text", ["t", "tom", "next ", "next f", "下", "下个", "本周", "2", "2026-", "+3", "12月1"]
)
def test_what_may_still_become_a_day(text: str) -> None:
    assert may_become_period(text)


@pytest.mark.parametrize("text", ["xyz", "soon", "2026-12-01x", "fri!"])
def test_what_will_never_be_a_day(text: str) -> None:
    assert not may_become_period(text)
