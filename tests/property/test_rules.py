"""Any rule that can be said is read back as itself, and the days it gives only ever go on, as dateutil's do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from store.analysis.rule_reader import parse_rule, rule_at
from store.analysis.rules import DAYS, first_day, month_days, parts, step, written
from store.names import fold
from tui import i18n
from tui.rule_words import rule_words

DATES = st.dates(date(2000, 1, 1), date(2100, 12, 31))
INTERVALS = st.integers(1, 99)
WEEKDAYS = st.sets(st.sampled_from(range(7)), min_size=1).map(
    lambda days: ",".join(DAYS[day] for day in sorted(days))
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    i18n.set_language("en")


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Return a rule that can be said."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    found = {"FREQ": frequency}
    interval = draw(INTERVALS)
    if interval > 1:
        found["INTERVAL"] = str(interval)
    if frequency == "WEEKLY" and draw(st.booleans()):
        found["BYDAY"] = draw(WEEKDAYS)
    if frequency == "MONTHLY":
        found |= draw(
            st.one_of(
                st.just({}), st.integers(1, 31).map(month_days), st.just({"BYMONTHDAY": "-1"}),
                st.builds(
                    lambda nth, day: {"BYDAY": f"{nth}{day}"}, st.sampled_from([1, 2, 3, 4, -1]), st.sampled_from(DAYS)
                ),
            )
        )  # fmt: skip
    bound = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if bound == "COUNT":
        found["COUNT"] = str(draw(st.integers(1, 999)))
    elif bound:
        found["UNTIL"] = f"{draw(DATES):%Y%m%d}"
    return written(found)


@given(rules(), DATES, st.sampled_from(["en", "zh_CN"]))
def test_words_are_read_back_as_the_rule(rule: str, today: date, language: str) -> None:
    i18n.set_language(language)
    assert parse_rule(rule_words(rule), today) == rule
    assert parse_rule(rule, today) == rule


@given(rules(), DATES)
def test_the_next_day_is_later_and_ends_with_the_rule(rule: str, day: date) -> None:
    found = step(rule, day)
    if found is not None:
        following, then = found
        assert following > day
        assert parts(then) is not None
        until = (parts(rule) or {}).get("UNTIL")
        assert until is None or f"{following:%Y%m%d}" <= until


@given(rules(), DATES)
def test_the_days_are_those_of_dateutil(rule: str, day: date) -> None:
    plain = written(
        {name: value for name, value in (parts(rule) or {}).items() if name not in ("COUNT", "UNTIL")}
    )
    if parts(plain) in ({"FREQ": "MONTHLY"}, {"FREQ": "YEARLY"}) or day.day > 28:
        return  # where this program does what people mean, and the standard skips months
    start = datetime(day.year, day.month, day.day)
    theirs = rrulestr(plain, dtstart=start).after(start)
    ours = step(plain, day)
    assert (ours[0] if ours else None) == (theirs.date() if theirs else None)
    first = rrulestr(plain, dtstart=start).after(start, inc=True)
    assert first_day(plain, day) == first.date()


@given(st.text(max_size=100), DATES)
def test_no_text_is_an_error(text: str, today: date) -> None:
    parse_rule(text, today)
    found = rule_at(fold(text), 0, today)
    assert found is None or 0 < found[1] <= len(text)
    rule_words(text)
    step(text, today)
