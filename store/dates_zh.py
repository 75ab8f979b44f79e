"""Dates as people write them in Chinese; `dates` says what each form means. On the path of every command."""

from __future__ import annotations

from datetime import date, timedelta

from store.date_reader import add_months, in_month, moved, start_of_period, written_year

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from store.date_reader import DateReader

DAYS = {
    "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "後天": 2, "大后天": 3, "大後天": 3,
    "昨天": -1, "昨日": -1, "前天": -2, "大前天": -3,
}  # fmt: skip
_WHICH = {
    "本": 0, "这": 0, "这个": 0, "下": 1, "下个": 1, "下下": 2, "下下个": 2, "上": -1, "上个": -1, "上上": -2,
}  # fmt: skip
_WEEKS = {"周": 0, "週": 0, "星期": 0, "礼拜": 0}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_QUARTERS = {"季": 0, "季度": 0}
_YEARS = {"今年": 0, "本年": 0, "明年": 1, "后年": 2, "去年": -1}
_UNITS = {
    "天": "d", "日": "d", "周": "w", "週": "w", "星期": "w", "个星期": "w", "礼拜": "w", "个礼拜": "w",
    "个月": "m", "年": "y",
}  # fmt: skip
_UNITS_AFTER_SIGN = _UNITS | {"月": "m"}
_HALVES = {"半个月": (15, "d"), "半年": (6, "m")}
_SIGNS = {"+": 1, "-": -1}
_LATER = {
    "后": 1, "後": 1, "以后": 1, "之后": 1, "内": 1, "以内": 1, "之内": 1, "前": -1, "以前": -1, "之前": -1,
}  # fmt: skip
_START, _MIDDLE, _END = 1, 15, 31  # days of a month; an end is cut to the month's length
_EDGES = {"初": _START, "中": _MIDDLE, "底": _END, "末": _END}


def _counted_day(reader: DateReader) -> date | None:
    """Read `今天`, `大后天`."""
    days = reader.word(DAYS)
    return None if days is None else reader.today + timedelta(days)


def _offset(reader: DateReader) -> date | None:
    """Read `3天后`, `两周内`, `半个月后`, `+1月`."""
    sign = reader.word(_SIGNS)
    half = reader.word(_HALVES)
    amount = half[0] if half else reader.number()
    reader.one_of(" ")
    unit = half[1] if half else reader.word(_UNITS_AFTER_SIGN if sign else _UNITS)
    # Without a sign or a word for later, 三天 is how long, not when.
    direction = sign or reader.word(_LATER)
    if amount is None or unit is None or direction is None:
        return None
    return moved(reader.today, unit, amount * direction)


def _weekday(reader: DateReader) -> date | None:
    """Read `周五`, `本周末`, `下星期三`, `下周`."""
    which = reader.word(_WHICH)
    if reader.word(_WEEKS) is None:
        return None
    is_weekend = reader.text.startswith("末", reader.at)
    weekday = reader.word(_WEEKDAYS)
    if weekday is None:
        return reader.in_week(which, 0) if which else None
    return reader.in_week(which, weekday, is_weekend=is_weekend)


def _calendar_day(reader: DateReader) -> date | None:
    """Read `12月1日`, `2026年12月1号`, `明年3月初`, `15号`."""
    year = _take_year(reader)
    month = reader.number()
    if month is None:
        return None
    if reader.one_of("日号"):
        return reader.in_some_month(month) if year is None else None
    day, is_edge = _take_day(reader) if reader.one_of("月") else (None, False)
    if day is None:
        return None
    if year is None:
        return reader.in_some_year(month, day, clamp=is_edge)
    return in_month(date(year, month, 1), day) if is_edge else date(year, month, day)


def _day_of_month(reader: DateReader) -> date | None:
    """Read `月底`, `本月15号`, `下个月初`, `下个月`."""
    which = reader.word(_WHICH)
    if not reader.one_of("月"):
        return None
    day, is_edge = _take_day(reader)
    if which is None:
        return reader.in_some_month(day, clamp=True) if day is not None and is_edge else None
    month = add_months(reader.today.replace(day=1), which)
    if day is None:
        return month if which else None
    return in_month(month, day) if is_edge else month.replace(day=day)


def _edge_of_quarter(reader: DateReader) -> date | None:
    """Read `季末`, `下季度初`, `下季度`."""
    which = reader.word(_WHICH)
    return None if reader.word(_QUARTERS) is None else _edge(reader, "q", which)


def _edge_of_year(reader: DateReader) -> date | None:
    """Read `年底`, `明年初`, `2027年底`, `明年`."""
    if reader.one_of("年"):
        return _edge(reader, "y", None)
    year = _take_year(reader)
    return None if year is None else _edge(reader, "y", year - reader.today.year)


def _edge(reader: DateReader, unit: str, which: int | None) -> date | None:
    edge = reader.word(_EDGES)
    first = start_of_period(reader.today, unit, which or 0)
    if edge is None:
        return first if which else None
    if edge == _END:
        return start_of_period(reader.today, unit, (which or 0) + 1) - timedelta(1)
    if edge == _MIDDLE:
        return None
    is_gone = which is None and not reader.past and first < reader.today
    return start_of_period(reader.today, unit, 1) if is_gone else first


def _take_year(reader: DateReader) -> int | None:
    which = reader.word(_YEARS)
    if which is not None:
        return reader.today.year + which
    start = reader.at
    digits = reader.digits()
    if len(digits) == 4 and reader.one_of("年"):
        return written_year(digits)
    reader.at = start
    return None


def _take_day(reader: DateReader) -> tuple[int | None, bool]:
    """Take what follows 月: a day, or an edge of the month; the flag says which."""
    edge = reader.word(_EDGES)
    if edge is not None:
        return edge, True
    end = reader.at
    day = reader.number()
    # 12月1 is a day when nothing follows; in 12月1个需求 the number counts something else.
    if day is not None and not reader.one_of("日号") and reader.text[reader.at : reader.at + 1].isalpha():
        reader.at = end
        return None, False
    return day, False


READERS: tuple[Callable[[DateReader], date | None], ...] = (
    _counted_day, _offset, _weekday, _calendar_day, _day_of_month, _edge_of_quarter, _edge_of_year,
)  # fmt: skip
