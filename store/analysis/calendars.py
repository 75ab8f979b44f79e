"""Which days count: working days looked up, counted and stepped over in constant time.

A calendar is two tables over the days a plan may hold (`store.analysis.plan`): how many working days lie before a day,
and which day the nth working day is. Both are padded with the first and the last day, so that no lag and duration can
lead out of them: what lies beyond the calendar is its edge. A schedule is reckoned in the tables' own numbers
(`Tables`); everybody else uses the methods, which take and return ordinals.
"""

from __future__ import annotations

import sys
from array import array
from datetime import date
from functools import lru_cache
from itertools import accumulate, compress
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.plan import MAX_DAY, MAX_DURATION, MAX_LAG, MIN_DAY
from store.analysis.public_holidays import country_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ORIGIN = (
    MIN_DAY - 1
)  # the day that has number 0 in the tables: one before the first, so that its eve can be asked for
SIZE = MAX_DAY - MIN_DAY + 1
FIRST, LAST = 1, SIZE  # the first and the last day by their numbers
PAD = MAX_LAG + MAX_DURATION + 2
_WEEK = bytes((1, 1, 1, 1, 1, 0, 0))  # from Monday, as ordinal 1 is
_WIDTH = array("i").itemsize


class Tables(NamedTuple):
    """A calendar in numbers counted from `ORIGIN`.

    `before[d]` is the position of day d, that is how many working days lie before it, plus PAD; `days[p]` is the
    working day at a position. So `days[before[d]]` is the first working day from d on, and `days[before[d] - 1]` the
    last one before it.
    """

    before: array[int]
    days: array[int]


class WorkingCalendar:
    """The working days of a country, less and plus days of the workspace's own, less one member's absences.

    Where there is no working day any more, everything falls on the last day of the calendar, or the first: nothing is
    ever looked for in vain.
    """

    __slots__ = ("_absent", "_base", "_flags", "_tables", "_years")

    def __init__(self, flags: bytes, years: range) -> None:
        """Take one byte a day from MIN_DAY on, 1 for a working day, and the years whose holidays are known."""
        self._flags = flags
        self._years = years
        self._base: WorkingCalendar | None = None
        self._absent: tuple[int, ...] = ()
        self._tables: Tables | None = None

    def is_working(self, day: int) -> bool:
        """Return whether the day is worked on; no day outside the calendar is."""
        return MIN_DAY <= day <= MAX_DAY and self._flags[day - MIN_DAY] == 1

    def first_from(self, day: int) -> int:
        """Return the first working day on or after the day."""
        return self.shift(day, 0)

    def last_until(self, day: int) -> int:
        """Return the last working day on or before the day."""
        return self.shift(day + 1, -1)

    def shift(self, day: int, working_days: int) -> int:
        """Return the day so many working days on, or back: the next one is 1, the one before is -1.

        From a free day, 0 is the next working day, 1 the one after that, and -1 the last one before.
        """
        before, days = self.tables
        return ORIGIN + days[min(max(before[_number(day)] + working_days, 0), len(days) - 1)]

    def count(self, first: int, last: int) -> int:
        """Return how many working days there are from the first to the last day, both included; 0 if none."""
        before = self.tables.before
        return max(0, before[_number(last + 1)] - before[_number(first)])

    def unpublished(self, first: int, last: int) -> list[int]:
        """Return the years of a span of days whose public holidays are not known: their weekends alone are free."""
        years = range(_year(first), _year(last) + 1)
        return [year for year in years if year not in self._years]

    @property
    def years(self) -> range:
        """The years whose public holidays are known."""
        return self._years

    @property
    def tables(self) -> Tables:
        """The calendar in numbers, made when first asked for."""
        if self._tables is None:
            self._tables = _less(self._base.tables, self._absent) if self._base else _tables(self._flags)
            self._base = None
        return self._tables

    def without(self, absent: Iterable[int]) -> WorkingCalendar:
        """Return this calendar with more days free, sharing the work that went into it."""
        free = sorted(day for day in set(absent) if self.is_working(day))
        if not free:
            return self
        flags = bytearray(self._flags)
        for day in free:
            flags[day - MIN_DAY] = 0
        made = WorkingCalendar(bytes(flags), self._years)
        made._base, made._absent = self, tuple(day - ORIGIN for day in free)
        return made


def calendar_called(calendars: Mapping[str, WorkingCalendar], name: str) -> WorkingCalendar:
    """Return the calendar of a name; one that is not there means that of "", and without that one, weekdays."""
    return calendars.get(name) or calendars.get("") or working_calendar()


def working_calendar(
    country: str = "", own_days: Mapping[int, bool] | None = None, absences: Iterable[int] = ()
) -> WorkingCalendar:
    """Return the calendar of a country ("CN", "US", "DE-BY", "" for weekends alone) and of days of one's own.

    `own_days` says of a day whether it is worked on, whatever the country says; on `absences` nothing is.
    Raises StoreError bad-value when nothing is known of the country.
    """
    base = _country_calendar(country.strip())
    own = {day: bool(working) for day, working in (own_days or {}).items() if MIN_DAY <= day <= MAX_DAY}
    if own:
        flags = bytearray(base._flags)
        for day, working in own.items():
            flags[day - MIN_DAY] = working
        base = WorkingCalendar(bytes(flags), base._years)
    return base.without(absences)


def derived(base: WorkingCalendar, absences: Iterable[int]) -> WorkingCalendar:
    """Return a member's calendar: the base, less the days they are away."""
    return base.without(absences)


@lru_cache(maxsize=32)
def _country_calendar(country: str) -> WorkingCalendar:
    known = country_days(country)
    monday = (MIN_DAY - 1) % 7
    flags = bytearray((_WEEK * (SIZE // 7 + 2))[monday : monday + SIZE])
    for day, working in known.days.items():
        if MIN_DAY <= day <= MAX_DAY:
            flags[day - MIN_DAY] = working
    return WorkingCalendar(bytes(flags), known.years)


def _number(day: int) -> int:
    return min(max(day - ORIGIN, 0), SIZE + 1)


def _year(day: int) -> int:
    return date.fromordinal(min(max(day, MIN_DAY), MAX_DAY)).year


def _tables(flags: bytes) -> Tables:
    # An array takes a list at half the time that it takes to ask an iterator for one number after the other.
    before = array("i", [PAD, *accumulate(flags, initial=PAD)])
    before.append(before[-1])
    worked = array("i", list(compress(range(FIRST, SIZE + 1), flags)))
    return Tables(before, array("i", (FIRST,)) * PAD + worked + array("i", (LAST,)) * PAD)


def _less(base: Tables, absent: tuple[int, ...]) -> Tables:
    """Return the tables with some working days taken out, at a fraction of what making them anew costs."""
    before, days = base.before[: absent[0] + 1], base.days[:]
    for taken, (day, following) in enumerate(
        zip(absent, (*absent[1:], len(base.before) - 1), strict=True), start=1
    ):
        before += _lowered(base.before[day + 1 : following + 1], taken)
    for day in reversed(absent):
        del days[base.before[day]]
    return Tables(before, days)


def _lowered(numbers: array[int], by: int) -> array[int]:
    """Return the numbers less `by`: as one subtraction of two long ones, since none falls below zero."""
    if len(numbers) < 100:
        return array("i", [number - by for number in numbers])
    ones = int.from_bytes(array("i", (1,)) * len(numbers), sys.byteorder)
    less = int.from_bytes(numbers.tobytes(), sys.byteorder) - by * ones
    return array("i", less.to_bytes(len(numbers) * _WIDTH, sys.byteorder))
