"""Spans of days as people write them, for asking: `due:下周` is any day of it, `created:2026-11` of that month."""

from __future__ import annotations

import re
from datetime import date, timedelta

from store.date_reader import GRACE_DAYS, start_of_period, written_year
from store.dates import DAYS, LONGEST, MONTHS, PERIOD_ENDS, WEEKDAYS, parse_day
from store.dates_zh import DAYS as DAYS_ZH
from store.names import fold

_WHICH = {
    "this": 0, "next": 1, "last": -1,
    "本": 0, "这": 0, "这个": 0, "今": 0, "下": 1, "下个": 1, "明": 1, "上": -1, "上个": -1, "去": -1,
    "下下": 2, "下下个": 2, "上上": -2,
}  # fmt: skip
_UNITS = {
    "week": "w", "month": "m", "quarter": "q", "year": "y",
    "周": "w", "星期": "w", "礼拜": "w", "月": "m", "季": "q", "季度": "q", "年": "y",
}  # fmt: skip
_RELATIVE = re.compile(rf"({'|'.join(_WHICH)})[ _-]?({'|'.join(_UNITS)})")
_YEAR = re.compile(r"([0-9]{4})年?")
_MONTH = re.compile(r"(?:([0-9]{4})[-/.年])?([0-9]{1,2})月?")
_BEGINNING = re.compile(
    r"[+-]?[0-9]{0,8}(?:[-/.年月][0-9]{0,2}){0,2}|(?:[下上]{1,2}|本|这)个?(?:星|礼|周|星期|礼拜)?"
)
_WORDS = (
    *DAYS, *WEEKDAYS, *MONTHS, *PERIOD_ENDS, *DAYS_ZH, "eow", "in ", "周", "星期", "礼拜", "weekend",
    *(f"{which} {unit}" for which in ("this", "next", "last") for unit in (*_UNITS, *WEEKDAYS)),
)  # fmt: skip
_QUARTER = re.compile(r"(?:([0-9]{4})[ -]?)?q([1-4])")


def parse_period(text: str, today: date, *, past: bool = False) -> tuple[date, date] | None:
    """Return the first and the last day of what the whole text names: a day, week, month, quarter or year."""
    folded = fold(text).strip()
    if len(folded) > LONGEST:
        return None
    try:
        period = _period(folded, today, past=past)
    except (ValueError, OverflowError):
        return None  # month 13, or beyond what a calendar can count
    if period:
        first, unit = period
        return first, _last(first, unit)
    day = parse_day(text, today, past=past)
    return (day, day) if day else None


def may_become_period(text: str) -> bool:
    """Tell whether more typing could make the text a day or a period: `2026-1` and `tom` could, `soon` could not."""
    folded = fold(text).strip()
    return any(word.startswith(folded) for word in _WORDS) or _BEGINNING.fullmatch(folded) is not None


def _period(folded: str, today: date, *, past: bool) -> tuple[date, str] | None:
    if found := _RELATIVE.fullmatch(folded):
        unit = _UNITS[found[2]]
        return start_of_period(today, unit, _WHICH[found[1]]), unit
    if found := _QUARTER.fullmatch(folded):
        return date(written_year(found[1] or str(today.year)), int(found[2]) * 3 - 2, 1), "q"
    if found := _YEAR.fullmatch(folded):
        return date(written_year(found[1]), 1, 1), "y"
    if (found := _MONTH.fullmatch(folded)) and found[1]:
        return date(written_year(found[1]), int(found[2]), 1), "m"
    month = int(found[2]) if found and folded.endswith("月") else MONTHS.get(folded)
    return (_coming_month(month, today, past=past), "m") if month else None


def _coming_month(month: int, today: date, *, past: bool) -> date:
    """Return a month that was written without its year, by the rule for days without one."""
    first = date(today.year, month, 1)
    if past:
        return first if first <= today else date(today.year - 1, month, 1)
    is_gone = _last(first, "m") < today - timedelta(GRACE_DAYS)
    return date(today.year + 1, month, 1) if is_gone else first


def _last(first: date, unit: str) -> date:
    try:
        return start_of_period(first, unit, 1) - timedelta(1)
    except (ValueError, OverflowError):
        return date.max
