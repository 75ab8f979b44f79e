"""Working days: weekends, public holidays, make-up workdays, days of one's own, absences, and what nobody published."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from store.analysis.calendars import WorkingCalendar, derived, working_calendar
from store.analysis.plan import MAX_DAY, MIN_DAY
from store.errors import StoreError


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def shown(number: int) -> str:
    return date.fromordinal(number).isoformat()


PLAIN = working_calendar()


@pytest.mark.parametrize(
    ("country", "text", "working"),
    [
        ("CN", "2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("CN", "2026-02-28", True),
        ("CN", "2026-02-16", False),
        ("CN", "2026-02-23", False),
        ("CN", "2026-02-24", True),
        ("CN", "2026-02-21", False),  # a Saturday within the holiday
        ("CN", "2026-10-10", True),
        ("cn", "2026-02-14", True),
        ("", "2026-02-14", False),
        ("", "2026-02-16", True),
        ("US", "2026-11-26", False),  # Thanksgiving
        ("US", "2026-02-16", False),  # Washington's Birthday
        ("DE-BY", "2026-01-06", False),  # Epiphany, free in Bavaria
        ("DE-by", "2026-01-06", False),
        ("DE_BY", "2026-01-06", False),
        ("DE-BE", "2026-01-06", True),  # and not in Berlin
        ("DE", "2026-01-06", True),
        ("GB-ENG", "2026-12-28", False),  # Boxing Day, observed on a Monday
        ("SA", "2026-11-27", False),  # a Friday
        ("SA", "2026-11-29", True),  # a Sunday
        ("AE", "2019-11-24", True),  # a Sunday, before the weekend was moved
        ("AE", "2026-11-22", False),
        ("HK", "2026-11-21", False),  # the law frees Sundays; offices rest on Saturdays too
        ("JP", "2026-05-06", False),
    ],
)
def test_a_day_of_a_country_counts_or_does_not(country: str, text: str, working: bool) -> None:
    assert working_calendar(country).is_working(day(text)) is working


@pytest.mark.parametrize(
    "country", ["XX", "中国", "DE-ZZ", "MON", "ECB", "U", "D E", "-", "CN-GD-SZ", "x" * 1000]
)
def test_a_country_nothing_is_known_of_is_refused(country: str) -> None:
    with pytest.raises(StoreError) as caught:
        working_calendar(country)
    assert caught.value.code == "bad-value"
    assert caught.value.params["field"] == "country"
    assert len(str(caught.value.params["value"])) <= 200


def test_a_refusal_offers_the_likeliest_country() -> None:
    with pytest.raises(StoreError) as caught:
        working_calendar("DE-BYY")
    assert caught.value.params["nearest"] == "DE-BY"


@pytest.mark.parametrize(
    ("country", "first", "last", "years"),
    [
        ("CN", "2025-12-01", "2026-12-31", []),
        ("CN", "2026-12-31", "2027-01-01", [2027]),
        ("CN", "2002-06-01", "2004-06-01", [2002, 2003]),
        ("US", "2026-01-01", "2060-12-31", []),
        ("US", "2060-12-31", "2061-01-01", [2061]),
        ("", "1970-01-01", "2200-12-31", []),
    ],
)
def test_years_nobody_has_published_are_said(country: str, first: str, last: str, years: list[int]) -> None:
    found = working_calendar(country).unpublished(day(first), day(last))
    assert found == years


def test_in_an_unpublished_year_weekends_alone_are_free() -> None:
    calendar = working_calendar("CN")
    span = range(day("2027-01-01"), day("2028-01-01"))
    assert [calendar.is_working(one) for one in span] == [PLAIN.is_working(one) for one in span]


def test_the_spring_festival_is_stepped_over() -> None:
    calendar = working_calendar("CN")
    assert shown(calendar.first_from(day("2026-02-15"))) == "2026-02-24"
    assert shown(calendar.last_until(day("2026-02-23"))) == "2026-02-14"
    assert shown(calendar.shift(day("2026-02-13"), 2)) == "2026-02-24"
    assert shown(calendar.shift(day("2026-02-24"), -2)) == "2026-02-13"
    assert calendar.count(day("2026-02-09"), day("2026-03-01")) == 11  # 9–14, 24–28


@pytest.mark.parametrize(
    ("working_days", "expected"),
    [(0, "2026-11-30"), (1, "2026-12-01"), (-1, "2026-11-27"), (5, "2026-12-07")],
)
def test_steps_from_a_free_day_count_from_the_next_working_one(working_days: int, expected: str) -> None:
    assert shown(PLAIN.shift(day("2026-11-28"), working_days)) == expected


def test_days_of_our_own_win_over_the_country() -> None:
    own = {
        day("2026-02-16"): True,
        day("2026-02-14"): False,
        day("2026-11-25"): False,
        day("2026-11-28"): True,
    }
    calendar = working_calendar("CN", own)
    assert {one: calendar.is_working(one) for one in own} == own


def test_nobody_works_while_away() -> None:
    own = {day("2026-11-28"): True}
    away = {day("2026-11-25"), day("2026-11-28"), day("2026-11-29"), MIN_DAY - 5, MAX_DAY + 5}
    calendar = working_calendar("", own, away)
    assert not any(calendar.is_working(one) for one in away)
    assert calendar.count(day("2026-11-23"), day("2026-11-29")) == 4


def test_who_is_never_away_shares_the_calendar() -> None:
    base = working_calendar("CN")
    assert derived(base, []) is base
    assert derived(base, [day("2026-11-28")]) is base  # a Saturday
    assert derived(base, [day("2026-11-27")]) is not base


@pytest.mark.parametrize("away", [range(MIN_DAY, MAX_DAY + 1), range(MIN_DAY, day("2026-01-01"))])
def test_where_nobody_works_any_more_the_calendar_ends(away: range) -> None:
    calendar = derived(PLAIN, away)
    for one in (MIN_DAY - 9, MIN_DAY, day("2026-11-24"), MAX_DAY, MAX_DAY + 9, -(10**12), 10**12):
        for steps in (-(10**12), -1, 0, 1, 10**12):
            assert MIN_DAY <= calendar.shift(one, steps) <= MAX_DAY
        assert calendar.last_until(one) <= MAX_DAY
    assert calendar.last_until(day("2025-12-31")) == MIN_DAY


def test_all_days_free_lead_to_the_edges() -> None:
    never = working_calendar("", dict.fromkeys(range(MIN_DAY, MAX_DAY + 1), False))
    assert (never.first_from(day("2026-11-24")), never.last_until(day("2026-11-24"))) == (MAX_DAY, MIN_DAY)
    assert never.count(MIN_DAY, MAX_DAY) == 0
    assert isinstance(derived(never, [day("2026-11-24")]), WorkingCalendar)


def test_weekends_alone_load_no_list_of_holidays() -> None:
    probe = (
        "import sys\n"
        "from store.analysis.calendars import working_calendar\n"
        "working_calendar().shift(739_000, 5)\n"
        "assert not {'holidays', 'chinese_calendar'} & set(sys.modules)\n"
        "working_calendar('CN').shift(739_000, 5)\n"
        "assert 'holidays' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", probe], check=True)
