"""Dates as tools write them become days and instants; what is not a date is told apart from what is.

No locale and no clock is consulted, so a file reads the same on every machine: `05/03/2024` is decided by its column's
other values, and a text such as "tomorrow" is not a date.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_NAME = r"(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CLOCK = (
    r"(?:[T,\s]+\s*(?:at\s+)?(?P<half_cn>上午|下午)?\s*(?P<h>\d{1,2})[:：时](?P<mi>\d{2})(?:[:：分](?P<s>\d{2})(?:[.,](?P<frac>\d+))?)?分?秒?"
    r"\s*(?P<half>[ap]\.?m\.?)?)?"
)
_ZONE = r"\s*(?P<zone>Z|UTC|(?:GMT|UTC)?[+-]\d{2}:?\d{2}|GMT)?(?:\s*\([^)]*\))?"
_SHAPES = tuple(
    re.compile(rf"{shape}$", re.IGNORECASE)
    for shape in (
        # 2026-02-15, 2026/2/15 09:17, 2026.2.15, 2026-02-15T09:17:00.000Z, 2026年2月15日 9时30分
        rf"(?P<y>\d{{4}})\s*[-/.年]\s*(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})\s*日?(?:\s*[\(（]?(?:周|星期)[一二三四五六日天][\)）]?)?{_CLOCK}{_ZONE}",
        # 20260215, 20180914T103257Z
        r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:T(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})(?P<zone>Z)?)?",
        # 15/Feb/26 9:17 AM, 15 Feb 2026, Thu, 15-Feb-2026 09:17:00 +0000
        rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/.\s]+{_NAME}[-/.,\s]+(?P<y>\d{{4}}|\d{{2}}){_CLOCK}{_ZONE}",
        # Sun May 11 2025 07:39:40 GMT+0000 (GMT), February 15, 2026
        rf"{_WEEKDAY}{_NAME}[-/.\s]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/.,\s]+(?P<y>\d{{4}}){_CLOCK}{_ZONE}",
        # Sun May 11 07:39:40 2025
        rf"{_WEEKDAY}{_NAME}\s+(?P<d>\d{{1,2}})\s+(?P<h>\d{{1,2}}):(?P<mi>\d{{2}}):(?P<s>\d{{2}})\s+(?P<y>\d{{4}})",
    )
)
# 15/02/2026 or 02/15/2026: the column decides
_NUMERIC = re.compile(
    rf"(?P<a>\d{{1,2}})[/.-](?P<b>\d{{1,2}})[/.-](?P<y>\d{{4}}|\d{{2}}){_CLOCK}{_ZONE}$", re.IGNORECASE
)
_NOTHING = frozenset(
    {"", "-", "--", "—", "n/a", "na", "none", "null", "nil", "tbd", "无", "未定", "待定", "暂无", "/"}
)
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119
_MILLISECONDS = 10**11  # a Unix time above this counts milliseconds


class Moment(NamedTuple):
    """What a date cell says: the day as written, and the instant when it has a time."""

    day: date
    instant: datetime | None  # naive where the file names no zone

    def iso_day(self, zone: tzinfo | None) -> str:
        """Return the ISO day in `zone` (None: this machine's). Midnight of its own zone is how tools write a day."""
        at = self.instant
        if at is None or at.tzinfo is None or (at.hour, at.minute, at.second) == (0, 0, 0):
            return self.day.isoformat()
        try:
            return at.astimezone(zone).date().isoformat()
        except (OverflowError, ValueError, OSError):
            return self.day.isoformat()

    def iso_instant(self, zone: tzinfo | None) -> str:
        """Return the ISO instant with an offset; `zone` (None: this machine's) supplies what the file does not say."""
        at = self.instant or datetime(self.day.year, self.day.month, self.day.day)
        if at.tzinfo is None:
            try:
                at = at.replace(tzinfo=zone) if zone else at.astimezone()
            except (OverflowError, ValueError, OSError):  # years that the machine's zone rules do not reach
                at = at.replace(tzinfo=UTC)
        return at.isoformat(timespec="seconds")


def is_nothing(text: str) -> bool:
    """Return whether a cell says in words, dashes or zeros that it is empty."""
    return text.strip().casefold() in _NOTHING or text.startswith("0000-00-00")


def day_order(values: Iterable[object]) -> str:
    """Return which comes first in a column of dates like 05/03/2024; month first unless a value says otherwise."""
    for value in values:
        match = _NUMERIC.match(value.strip()) if isinstance(value, str) else None
        if match:
            if int(match["a"]) > 12 or match[0][match.end("a")] == ".":  # 05.03.2024 is never month first
                return DAY_FIRST
            if int(match["b"]) > 12:
                return MONTH_FIRST
    return MONTH_FIRST


def parse_moment(value: object, order: str = MONTH_FIRST) -> Moment | None:
    """Return the moment a cell names, or None when it is not a date."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if not 19_000_101 <= value <= 20_991_231:
            return _number(float(value))
        value = str(value)  # 20260215, written as a number
    if not isinstance(value, str) or len(value) > 100:
        return None
    text = value.strip()
    numeric = _NUMERIC.match(text)
    if numeric:
        first, second = int(numeric["a"]), int(numeric["b"])
        day, month = (first, second) if order == DAY_FIRST else (second, first)
        return _moment(numeric, _year(numeric["y"]), month, day)
    for shape in _SHAPES:
        match = shape.match(text)
        if match:
            parts = match.groupdict()
            month = int(parts["m"]) if parts.get("m") else _MONTHS.index(parts["mon"].lower()) + 1
            return _moment(match, _year(parts["y"]), month, int(parts["d"]))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _number(float(text))
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _number(float(text))
    return None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 70 else 2000)


def _moment(match: re.Match[str], year: int, month: int, day: int) -> Moment | None:
    parts = match.groupdict()
    try:
        on = date(year, month, day)
        if not parts.get("h"):
            return Moment(on, None)
        hour = int(parts["h"])
        half = (parts.get("half") or "").lower()[:1] or {"上午": "a", "下午": "p"}.get(
            parts.get("half_cn") or "", ""
        )
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        at = datetime(year, month, day, hour, int(parts["mi"]), int(parts.get("s") or 0))
    except ValueError:
        return None
    return Moment(on, at.replace(tzinfo=_zone(parts.get("zone"))))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    digits = re.search(r"([+-])(\d{2}):?(\d{2})", text)
    if not digits:
        return UTC
    offset = timedelta(hours=int(digits[2]), minutes=int(digits[3]))
    if offset >= timedelta(hours=24):
        return UTC
    return timezone(-offset if digits[1] == "-" else offset) if offset else UTC


def _number(value: float) -> Moment | None:
    """Return the moment of a spreadsheet's day number or of a Unix time in seconds or milliseconds."""
    if not math.isfinite(value):
        return None
    if int(value) in _EXCEL_DAYS:
        day = _EXCEL_EPOCH + timedelta(days=int(value))
        seconds = round((value - int(value)) * 86_400)
        at = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds) if seconds else None
        return Moment(at.date() if at else day, at)
    seconds_since = value / 1000 if value >= _MILLISECONDS else value
    if not 10**8 <= seconds_since < 10**10:
        return None
    instant = datetime.fromtimestamp(seconds_since, UTC)
    return Moment(instant.date(), instant)
