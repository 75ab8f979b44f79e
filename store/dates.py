"""Days as people write them, in English and Chinese, against a given today.

| written | means |
|---|---|
| today, tomorrow, yesterday, 今天, 明天, 后天, 大后天, 昨天, 前天 | counted from today |
| fri, 周五, 星期五, 礼拜五 | the next such day, today included |
| this fri, 本周五, next fri, 下周五, 下下周五, last fri, 上周五 | that day of a calendar week, Monday first |
| next week, 下周, next month, 下个月, 下季度, 明年 | its first day |
| weekend, 周末, eow | the Saturday, or today on a Sunday; the Friday |
| +3d, 2w, -1d, in 3 days, 2 weeks ago, 3天后, 两周内, 一周前 | counted from today |
| +1m, 一个月后 | the same day of that month, or its last one |
| eom, 月底, 本月底, 12月底, 下月初, 月中 | an edge of a month; 月中 is the 15th |
| eoq, 季末, eoy, 年底, 明年底 | the last day of a quarter, of a year |
| 12-01, 12/1, 12月1日, dec 1, 1 December | in this year, or in the next if over `GRACE_DAYS` past |
| 15号 | the coming one |
| 2026-12-01, 20261201, 2026年12月1日, 明年3月1日, Dec 1, 2026 | exactly that day |

A day that does not exist, or that no calendar reaches, is no day. With `past` set, what would be the coming
one is the latest one instead: `created>fri` speaks of last Friday.

On the path of every command: no regular expressions, whose compilation would cost more than the reading.
"""

from __future__ import annotations

from datetime import date, timedelta

from store.date_reader import DateReader, moved, start_of_period, written_year
from store.dates_zh import READERS as CHINESE_READERS
from store.names import ends_word, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 40  # characters of a written day

DAYS = {"today": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "day after tomorrow": 2, "yesterday": -1}
WEEKDAYS = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "weekend": 5,
}  # fmt: skip
_WHICH = {"this": 0, "next": 1, "last": -1}
_PERIODS = {"week": "w", "month": "m", "quarter": "q", "year": "y"}
PERIOD_ENDS = {
    "end of month": "m", "month end": "m", "eom": "m", "end of quarter": "q", "eoq": "q",
    "end of year": "y", "eoy": "y",
}  # fmt: skip
MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
    "september": 9, "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ORDINALS = {"st": 0, "nd": 0, "rd": 0, "th": 0}
_UNITS = {
    "d": "d", "day": "d", "days": "d", "w": "w", "wk": "w", "wks": "w", "week": "w", "weeks": "w",
    "m": "m", "mo": "m", "month": "m", "months": "m", "y": "y", "yr": "y", "year": "y", "years": "y",
}  # fmt: skip
_SIGNS = {"+": 1, "-": -1}
_LATER = {" later": 1, " from now": 1, " ago": -1}
_GAPS = " -_"  # between the words of a date; a query needs no quotes for next-fri


def parse_day(text: str, today: date, *, past: bool = False) -> date | None:
    """Return the day that the whole text names, or None: what is not a date is never an error here."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    found = day_at(fold(text), 0, today, past=past)
    return found[0] if found and found[1] == len(text) else None


def day_at(folded: str, start: int, today: date, *, past: bool = False) -> tuple[date, int] | None:
    """Return the day of the longest date that stands here in folded text, and where it ends."""
    # A window keeps the cost of one look independent of how long the line is.
    window = folded[start : start + LONGEST + 2]
    best: date | None = None
    longest = 0
    for read in _READERS:
        reader = DateReader(window, today, past)
        try:
            day = read(reader)
        except (ValueError, OverflowError):
            day = None  # 30 February, or beyond what a calendar can count
        else:
            if day is None:
                continue
        if reader.at > longest and ends_word(window, reader.at):
            best, longest = day, reader.at
    return (best, start + longest) if best else None


def _counted_day(reader: DateReader) -> date | None:
    """Read `today`, `day after tomorrow`."""
    days = reader.word(DAYS)
    return None if days is None else reader.today + timedelta(days)


def _offset(reader: DateReader) -> date | None:
    """Read `+3d`, `2w`, `in 3 days`, `2 weeks ago`."""
    sign = reader.word(_SIGNS)
    is_ahead = sign is None and reader.word({"in ": True})
    amount = reader.number()
    reader.one_of(" ")
    unit = reader.word(_UNITS)
    if amount is None or unit is None:
        return None
    later = None if sign or is_ahead else reader.word(_LATER)
    return moved(reader.today, unit, amount * (sign or later or 1))


def _weekday(reader: DateReader) -> date | None:
    """Read `fri`, `this fri`, `next-fri`, `weekend`."""
    which = reader.word(_WHICH)
    if which is not None and not reader.one_of(_GAPS):
        return None
    is_weekend = reader.text.startswith("weekend", reader.at)
    weekday = reader.word(WEEKDAYS)
    return None if weekday is None else reader.in_week(which, weekday, is_weekend=is_weekend)


def _period(reader: DateReader) -> date | None:
    """Read `next week`, `last month`."""
    which = reader.word(_WHICH)
    unit = reader.word(_PERIODS) if which and reader.one_of(_GAPS) else None
    return start_of_period(reader.today, unit, which) if which and unit else None


def _period_end(reader: DateReader) -> date | None:
    """Read `eow`, `eom`, `end of year`."""
    if reader.word({"eow": True, "end of week": True}):
        friday = reader.in_week(0, 4)
        return friday if friday >= reader.today else reader.in_week(1, 4)
    unit = reader.word(PERIOD_ENDS)
    return start_of_period(reader.today, unit, 1) - timedelta(1) if unit else None


def _numeric(reader: DateReader) -> date | None:
    """Read `2026-12-01`, `20261201`, `12/1`."""
    first = reader.digits()
    if len(first) == 8:
        return date(written_year(first[:4]), int(first[4:6]), int(first[6:]))
    separator = reader.one_of("-/." if len(first) == 4 else "-/")
    second = reader.digits()
    if not separator or not 1 <= len(second) <= 2:
        return None
    if len(first) in (1, 2):
        return reader.in_some_year(int(first), int(second))
    third = reader.digits() if reader.one_of(separator) else ""
    if len(first) != 4 or not 1 <= len(third) <= 2:
        return None
    return date(written_year(first), int(second), int(third))


def _named_month(reader: DateReader) -> date | None:
    """Read `dec 1`, `1 December`, `Dec. 1st, 2026`."""
    month = reader.word(MONTHS)
    if month is not None:
        reader.one_of(".")
        reader.one_of(_GAPS)
    day = reader.number()
    reader.word(_ORDINALS)
    if month is None:
        reader.one_of(_GAPS)
        month = reader.word(MONTHS)
    if month is None or day is None:
        return None
    end = reader.at
    reader.one_of(",")
    year = reader.digits() if reader.one_of(_GAPS) else ""
    if len(year) == 4 and ends_word(reader.text, reader.at):
        return date(written_year(year), month, day)
    reader.at = end
    return reader.in_some_year(month, day)


_READERS: tuple[Callable[[DateReader], date | None], ...] = (
    _counted_day, _offset, _weekday, _period, _period_end, _numeric, _named_month, *CHINESE_READERS,
)  # fmt: skip
