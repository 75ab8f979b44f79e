"""Take words and numbers from the start of a written date, and count with calendar days.

`dates` reads English and numeric dates with it, `dates_zh` Chinese ones. On the path of every command.
"""

from __future__ import annotations

from datetime import date, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeVar

    T = TypeVar("T")

# A day and month without a year may lie this far back before the next year is meant: late work is written
# down days after its date, last spring's date is not written down at all.
GRACE_DAYS = 30

_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


class DateReader:
    """Reads one date from the start of a folded window; `at` is the end of what has been taken."""

    __slots__ = ("at", "past", "text", "today")

    def __init__(self, text: str, today: date, past: bool) -> None:
        self.text = text
        self.today = today
        self.past = past
        self.at = 0

    def word(self, table: Mapping[str, T]) -> T | None:
        """Take the longest key of the table that stands here and return its value."""
        longest = ""
        for key in table:
            if len(key) > len(longest) and self.text.startswith(key, self.at):
                longest = key
        self.at += len(longest)
        return table[longest] if longest else None

    def one_of(self, characters: str) -> str:
        """Take one of the characters, or nothing."""
        here = self.text[self.at : self.at + 1]
        if here and here in characters:
            self.at += 1
            return here
        return ""

    def digits(self) -> str:
        """Take a run of ASCII digits."""
        end = self.at
        while end < len(self.text) and self.text[end] in "0123456789":
            end += 1
        start, self.at = self.at, end
        return self.text[start:end]

    def number(self) -> int | None:
        """Take a number of at most four digits, or a Chinese numeral up to 99."""
        if digits := self.digits():
            return int(digits) if len(digits) <= 4 else None
        first = self.word(_NUMERALS)
        if not self.one_of("十"):
            return first
        return (1 if first is None else first) * 10 + (self.word(_NUMERALS) or 0)

    def in_some_year(self, month: int, day: int, *, clamp: bool = False) -> date:
        """Return a day that was written without its year."""
        first = self.today.year
        years = (first, first - 1) if self.past else (first, first + 1)
        return self._nearest((_day_or_none(year, month, day, clamp=clamp) for year in years), GRACE_DAYS)

    def in_some_month(self, day: int, *, clamp: bool = False) -> date:
        """Return a day that was written without its month."""
        months = (add_months(self.today.replace(day=1), -n if self.past else n) for n in range(3))
        return self._nearest(_day_or_none(m.year, m.month, day, clamp=clamp) for m in months)

    def in_week(self, which: int | None, weekday: int, *, is_weekend: bool = False) -> date:
        """Return a weekday of the week `which` weeks on, or the next such day, or the weekend that is on."""
        if which is not None:
            return start_of_period(self.today, "w", which) + timedelta(weekday)
        if is_weekend and self.today.weekday() == 6:
            return self.today
        ahead = (weekday - self.today.weekday()) % 7
        return self.today + timedelta(ahead - 7 if self.past and ahead else ahead)

    def _nearest(self, candidates: Iterable[date | None], grace: int = 0) -> date:
        for day in candidates:
            if day and (day <= self.today if self.past else day >= self.today - timedelta(grace)):
                return day
        raise ValueError


def written_year(digits: str) -> int:
    """Return the year, if people plan in it."""
    year = int(digits)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(digits)
    return year


def in_month(month: date, day: int) -> date:
    """Return a day of the month whose first day is given, its last day when the month is shorter."""
    if day <= 28:
        return month.replace(day=day)
    last = 31 if month.month == 12 else (month.replace(month=month.month + 1) - timedelta(1)).day
    return month.replace(day=min(day, last))


def add_months(day: date, months: int) -> date:
    """Return the same day of a later or earlier month, or that month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return in_month(date(year, month + 1, 1), day.day)


def moved(day: date, unit: str, amount: int) -> date:
    """Return the day some days, weeks, months or years (`d w m y`) later."""
    if unit in "dw":
        return day + timedelta(amount * (7 if unit == "w" else 1))
    return add_months(day, amount * (12 if unit == "y" else 1))


def start_of_period(day: date, unit: str, which: int) -> date:
    """Return the first day of the week, month, quarter or year (`w m q y`) that lies `which` periods on."""
    if unit == "w":
        return day - timedelta(day.weekday()) + timedelta(7 * which)
    if unit == "m":
        return add_months(day.replace(day=1), which)
    if unit == "q":
        return add_months(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3 * which)
    return date(day.year + which, 1, 1)


def _day_or_none(year: int, month: int, day: int, *, clamp: bool) -> date | None:
    try:
        return in_month(date(year, month, 1), day) if clamp else date(year, month, day)
    except ValueError:
        return None  # 29 February of most years
