"""Recurrence rules: what people say becomes a rule, what a rule says is read back, and days follow from days."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest

from store.analysis.rule_reader import parse_rule, rule_at
from store.analysis.rules import first_day, moved, parts, step
from store.names import fold
from tui import i18n
from tui.rule_words import rule_words

TODAY = date(2026, 11, 23)  # a Monday
LAST_DAY = "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("daily", "FREQ=DAILY"), ("every day", "FREQ=DAILY"), ("每天", "FREQ=DAILY"), ("每日", "FREQ=DAILY"),
        ("every 3 days", "FREQ=DAILY;INTERVAL=3"), ("每3天", "FREQ=DAILY;INTERVAL=3"),
        ("每隔一天", "FREQ=DAILY;INTERVAL=2"), ("every other day", "FREQ=DAILY;INTERVAL=2"),
        ("every mon", "FREQ=WEEKLY;BYDAY=MO"), ("Every Monday", "FREQ=WEEKLY;BYDAY=MO"),
        ("每周一", "FREQ=WEEKLY;BYDAY=MO"), ("每星期一", "FREQ=WEEKLY;BYDAY=MO"), ("每週一", "FREQ=WEEKLY;BYDAY=MO"),
        ("every mon, wed and fri", "FREQ=WEEKLY;BYDAY=MO,WE,FR"), ("每周一、三、五", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"), ("每个工作日", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("every 2w", "FREQ=WEEKLY;INTERVAL=2"), ("每两周", "FREQ=WEEKLY;INTERVAL=2"),
        ("双周", "FREQ=WEEKLY;INTERVAL=2"),
        ("biweekly", "FREQ=WEEKLY;INTERVAL=2"), ("每两周周五", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("every other week on fri", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"), ("每周一次", "FREQ=WEEKLY"),
        ("every month", "FREQ=MONTHLY"), ("每月", "FREQ=MONTHLY"), ("每个月", "FREQ=MONTHLY"),
        ("every 15th", "FREQ=MONTHLY;BYMONTHDAY=15"), ("每月15号", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("每月十五号", "FREQ=MONTHLY;BYMONTHDAY=15"), ("every month on 5", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ("every 31st", LAST_DAY), ("每31号", LAST_DAY),
        ("月底", "FREQ=MONTHLY;BYMONTHDAY=-1"), ("每月底", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("monthly eom", "FREQ=MONTHLY;BYMONTHDAY=-1"), ("monthly last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("monthly last fri", "FREQ=MONTHLY;BYDAY=-1FR"), ("每月最后一个周五", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("every first mon", "FREQ=MONTHLY;BYDAY=1MO"), ("每月第一个周一", "FREQ=MONTHLY;BYDAY=1MO"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3"), ("每季度", "FREQ=MONTHLY;INTERVAL=3"),
        ("yearly", "FREQ=YEARLY"), ("每年", "FREQ=YEARLY"), ("every 2 years", "FREQ=YEARLY;INTERVAL=2"),
        ("every mon until 12-31", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231"),
        ("每周一直到12-31", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231"),
        ("每周一，到年底为止", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231"),
        ("every mon 10 times", "FREQ=WEEKLY;BYDAY=MO;COUNT=10"), ("每周一，共10次", "FREQ=WEEKLY;BYDAY=MO;COUNT=10"),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO;INTERVAL=1", "FREQ=WEEKLY;BYDAY=MO"),
    ],
)  # fmt: skip
def test_what_people_say_is_a_rule(text: str, rule: str) -> None:
    assert parse_rule(text, TODAY) == rule


@pytest.mark.parametrize(
    "text",
    [
        "", "mon", "every", "每", "every 0 days", "every 32nd", "everyday life", "until 12-31", "每周一的会",
        "every monkey", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;FREQ=DAILY", "FREQ=WEEKLY;X=1", "BYDAY=MO", "\x1b[31mevery mon", "x" * 5_000, "=" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_rule_is_none_and_no_error(text: str) -> None:
    assert parse_rule(text, TODAY) is None


@pytest.mark.parametrize(
    ("line", "rule", "rest"),
    [
        ("every mon standup", "FREQ=WEEKLY;BYDAY=MO", " standup"), ("每周一开会", "FREQ=WEEKLY;BYDAY=MO", "开会"),
        ("monthly 3 reports", "FREQ=MONTHLY", " 3 reports"), ("every week until somebody says so", "FREQ=WEEKLY",
        " until somebody says so"), ("every mon 3 points", "FREQ=WEEKLY;BYDAY=MO", " 3 points"),
    ],
)  # fmt: skip
def test_a_rule_in_a_line_ends_where_it_stops_being_one(line: str, rule: str, rest: str) -> None:
    found = rule_at(fold(line), 0, TODAY)
    assert found is not None
    assert (found[0], line[found[1] :]) == (rule, rest)


@pytest.mark.parametrize(
    ("rule", "day", "following"),
    [
        ("FREQ=DAILY", "2026-12-31", "2027-01-01"),
        ("FREQ=WEEKLY", "2026-11-25", "2026-12-02"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-11-25", "2026-11-30"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-27", "2026-11-30"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "2026-11-27", "2026-12-11"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "2026-11-15", "2026-12-15"),
        (LAST_DAY, "2027-01-31", "2027-02-28"),
        (LAST_DAY, "2027-02-28", "2027-03-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31", "2028-02-29"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "2026-12-25"),
        ("FREQ=YEARLY", "2026-11-23", "2027-11-23"),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=2TU", "2026-11-23", "2027-06-08"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261130", "2026-11-23", "2026-11-30"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261130T000000Z", "2026-11-23", "2026-11-30"),
    ],
)
def test_a_day_follows_a_day(rule: str, day: str, following: str) -> None:
    found = step(rule, date.fromisoformat(day))
    assert found is not None
    assert found[0].isoformat() == following


def test_the_short_months_do_not_make_the_day_an_earlier_one_for_good() -> None:
    day, rule, days = date(2027, 1, 31), "FREQ=MONTHLY", []
    for _ in range(4):
        found = step(rule, day)
        assert found is not None
        day, rule = found
        days.append(day.isoformat())
    assert days == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    day, rule, days = date(2028, 2, 29), "FREQ=YEARLY", []
    for _ in range(4):
        found = step(rule, day)
        assert found is not None
        day, rule = found
        days.append(day.isoformat())
    assert days == ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


def test_a_counted_rule_ends_after_so_many() -> None:
    day, rule, count = TODAY, "FREQ=DAILY;COUNT=3", 1
    while found := step(rule, day):
        day, rule = found
        count += 1
    assert (count, day) == (3, date(2026, 11, 25))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;UNTIL=20200101", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", "FREQ=YEARLY;BYDAY=600MO",
        "FREQ=SECONDLY", "nonsense", "", "FREQ=MONTHLY;BYSETPOS=400", "FREQ=DAILY;INTERVAL=99999999999",
    ],
)  # fmt: skip
def test_a_rule_that_never_fires_is_found_out_soon(rule: str) -> None:
    begun = time.perf_counter()
    assert step(rule, TODAY) is None
    assert time.perf_counter() - begun < 2


def test_the_first_day_may_be_today() -> None:
    assert first_day("FREQ=WEEKLY;BYDAY=MO", TODAY) == TODAY
    assert first_day("FREQ=MONTHLY;BYMONTHDAY=-1", TODAY) == date(2026, 11, 30)
    assert first_day("FREQ=WEEKLY;UNTIL=20200101", TODAY) is None


@pytest.mark.parametrize(
    ("rule", "new", "then"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", "2026-11-25", "FREQ=WEEKLY;BYDAY=WE"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-24", "FREQ=WEEKLY;BYDAY=TU,FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=23", "2026-11-30", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-11-25", "FREQ=WEEKLY;INTERVAL=2"),
        ("nonsense", "2026-11-25", "nonsense"),
    ],
)
def test_a_rule_moves_with_its_day(rule: str, new: str, then: str) -> None:
    assert moved(rule, TODAY, date.fromisoformat(new)) == then


def test_words_in_both_languages() -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10"
    assert rule_words(rule) == "every 2 weeks on Mon, Fri, 10 times"
    i18n.set_language("zh_CN")
    assert rule_words(rule) == "每2周的周一、周五，共10次"
    assert rule_words(LAST_DAY) == "每月31号"


def test_a_rule_of_another_program_is_shown_as_it_is() -> None:
    assert rule_words("FREQ=HOURLY;X=[bold]") == "by the rule FREQ=HOURLY;X=[bold]"
    assert parts("FREQ=HOURLY") is None
