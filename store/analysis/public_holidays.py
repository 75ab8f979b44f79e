"""Which days a country does not work, as far as that is published: weekends, public holidays, make-up workdays.

China's days are those of the State Council's yearly notices, make-up workdays (调休) included, as `chinesecalendar` has
them; everybody else's are those of `holidays`. Both are read only when a calendar asks for such a country.
"""

from __future__ import annotations

import warnings
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from store.errors import StoreError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

SATURDAY, SUNDAY = 5, 6
# Rules reach as far as one likes; a law seldom stays the same for longer than this, and every year costs time.
RULED_YEARS = range(2000, 2061)

EXPECTED = "a country's code such as CN, US or DE-BY"


class CountryDays(NamedTuple):
    """A country's days: of each exception to the plain week, Saturday and Sunday free, whether it is worked on."""

    days: Mapping[int, bool]
    years: range  # for which holidays are known


PLAIN_WEEK = CountryDays({}, range(1, 10_000))  # weekends are known for ever


def country_days(country: str) -> CountryDays:
    """Return the days of a country by its code: "CN", "US", with a region "DE-BY", "" for weekends alone.

    Raises StoreError bad-value (field "country", the value and the likeliest code meant) when nothing is known of it.
    """
    code = country.strip().upper().replace("_", "-")
    if not code:
        return PLAIN_WEEK
    if code in ("CN", "CHN"):
        return _china()
    return _ruled(country)


def _china() -> CountryDays:
    from chinese_calendar.constants import holidays, workdays

    days = {day.toordinal(): False for day in holidays}
    days |= {day.toordinal(): True for day in workdays}
    # The first days of a year may be named by the notice before it: a year is known when its National Day is.
    known = [day.year for day in holidays if (day.month, day.day) == (10, 1)]
    years = range(min(known), max(known) + 1)
    return CountryDays(
        {day: working for day, working in days.items() if date.fromordinal(day).year in years}, years
    )


def _ruled(asked: str) -> CountryDays:
    import holidays
    from holidays.registry import EntityLoader

    name, _, region = asked.strip().replace("_", "-").partition("-")
    name = name.upper()
    if name not in set(EntityLoader.get_country_codes()):
        raise _unknown(asked, list(EntityLoader.get_country_codes(include_aliases=False)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a lunar feast is an estimate far ahead, say
        try:
            found = holidays.country_holidays(name, subdiv=_region(name, region), years=RULED_YEARS)
        except NotImplementedError:
            raise _unknown(asked, [name, *(f"{name}-{known}" for known in _regions(name))]) from None
    years = range(max(RULED_YEARS.start, found.start_year), min(RULED_YEARS.stop, found.end_year + 1))
    days: dict[int, bool] = {}
    for year in years:
        free = {day for day in range(7) if found.is_weekend(date.fromordinal(_monday(year) + day))}
        days |= _weekends(year, free)
    days |= {day.toordinal(): False for day in found if day.year in years}
    days |= {day.toordinal(): True for day in found.weekend_workdays if day.year in years}
    return CountryDays(days, years)


def _regions(name: str) -> list[str]:
    import holidays

    return list(getattr(holidays, name).subdivisions)


def _region(name: str, region: str) -> str | None:
    """Return the region as its country spells it; what is not one is left to be refused."""
    same = (known for known in _regions(name) if known.upper() == region.upper()) if region else iter(())
    return next(same, region or None)


def _unknown(asked: str, known: list[str]) -> StoreError:
    meant = nearest(asked.strip().upper(), known)
    return StoreError("bad-value", field="country", value=asked[:200], expected=EXPECTED, nearest=meant)


def _monday(year: int) -> int:
    """Return a Monday in the middle of a year: where a country changed its weekend, it did so at a turn of the year."""
    return date.fromisocalendar(year, 26, 1).toordinal()


def _weekends(year: int, free: set[int]) -> dict[int, bool]:
    """Return how a year's weeks differ from the plain one. Where the law frees Sundays alone, offices rest on both."""
    if free in ({SUNDAY}, {SATURDAY, SUNDAY}):
        return {}
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    changed = free ^ {SATURDAY, SUNDAY}
    return {day: (day + 6) % 7 not in free for day in range(first, last + 1) if (day + 6) % 7 in changed}
