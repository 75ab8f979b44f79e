"""Recurrence rules: which day comes after a day, and how a rule moves when its days do.

A rule is the RRULE of RFC 5545, in whole days. What it gives is python-dateutil's answer, asked in a way that ends: the
Gregorian calendar repeats every 400 years to the weekday, so the question is put near the last year that dateutil
knows, and a rule that never fires is found out after a few centuries in place of eight thousand years.
"""

from __future__ import annotations

import datetime
from datetime import date
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = "MO,TU,WE,TH,FR"
LONGEST = 200  # characters of a rule
_CYCLE = 400  # years after which the calendar repeats
_LATEST = 9_979  # leaves dateutil twenty years at least
_SHORTEST_MONTH = 28
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
# In the order in which a rule is written, each with the least and the greatest number it takes.
_NUMBERS: dict[str, tuple[int, int]] = {
    "INTERVAL": (1, 999), "BYMONTHDAY": (-31, 31), "BYMONTH": (1, 12), "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53), "BYSETPOS": (-366, 366), "COUNT": (1, 9_999),
}  # fmt: skip
_ORDER = (
    "FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "WKST", "COUNT", "UNTIL",
)  # fmt: skip
_SINGLE = ("INTERVAL", "COUNT")
# A day's rule with these may never fire, and takes long to find that out; nobody says one so.
_NOT_DAILY = ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS")


def parts(rule: str) -> dict[str, str] | None:
    """Return a rule's parts by name, None where this program cannot reckon with it."""
    text = rule.strip().upper().removeprefix("RRULE:").rstrip(";")
    if not text or len(text) > LONGEST:
        return None
    found: dict[str, str] = {}
    for piece in text.split(";"):
        name, _equals, value = piece.partition("=")
        if name in found or not _is_meant(name, value):
            return None
        found[name] = value[:8] if name == "UNTIL" else value
    if "FREQ" not in found or (found["FREQ"] == "DAILY" and not found.keys().isdisjoint(_NOT_DAILY)):
        return None
    if found.get("INTERVAL") == "1":
        del found["INTERVAL"]
    return found


def _is_meant(name: str, value: str) -> bool:
    if name == "FREQ":
        return value in _FREQUENCIES
    if name in _NUMBERS:
        low, high = _NUMBERS[name]
        numbers = value.split(",")
        return (len(numbers) == 1 or name not in _SINGLE) and all(
            _is_number(text) and low <= int(text) <= high and int(text) != 0 for text in numbers
        )
    if name == "BYDAY":
        return all(day[-2:] in DAYS and (len(day) == 2 or _is_number(day[:-2])) for day in value.split(","))
    if name == "WKST":
        return value in DAYS
    return name == "UNTIL" and _day_of(value) is not None


def _is_number(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdecimal() and len(digits) <= 4


def _day_of(text: str) -> date | None:
    """Return the day of `20261231` or `20261231T235959Z`."""
    digits = text[:8]
    if len(digits) != 8 or not digits.isascii() or not digits.isdecimal() or text[8:9] not in ("", "T"):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def written(found: Mapping[str, str]) -> str:
    """Return the rule that has these parts."""
    return ";".join(f"{name}={found[name]}" for name in _ORDER if found.get(name))


def until_of(found: Mapping[str, str]) -> date | None:
    """Return the last day that a rule may fall on, None where it says none."""
    return _day_of(found["UNTIL"]) if "UNTIL" in found else None


def month_days(day: int) -> dict[str, str]:
    """Return the parts for a day of the month: the 31st is the last day of a month that is shorter."""
    if day <= _SHORTEST_MONTH:
        return {"BYMONTHDAY": str(day)}
    return {"BYMONTHDAY": ",".join(map(str, range(_SHORTEST_MONTH, day + 1))), "BYSETPOS": "-1"}


def day_of_month(found: Mapping[str, str]) -> int | None:
    """Return the one day of the month that parts mean, as `month_days` writes it, -1 for the last; None for others."""
    days = found.get("BYMONTHDAY", "")
    last = days.rpartition(",")[2]
    if days == "-1" and "BYSETPOS" not in found:
        return -1
    if not last.isdecimal():
        return None
    same = {name: found[name] for name in ("BYMONTHDAY", "BYSETPOS") if name in found}
    return int(last) if month_days(int(last)) == same else None


@lru_cache(maxsize=4_096)
def step(rule: str, day: date) -> tuple[date, str] | None:
    """Return the day that follows `day`, and the rule from there on; None where the rule has ended, or says nothing.

    The rule from there on is one occurrence shorter where it counts them, and names the day of the month where the
    short months would else make it an earlier one for good.
    """
    found = parts(rule)
    if found is None:
        return None
    left = int(found.get("COUNT", "0"))
    if left == 1:
        return None
    if left:
        found["COUNT"] = str(left - 1)
    found = _anchored(found, day)
    following = _after(found, day, including=False)
    last = until_of(found)
    if following is None or (last is not None and following > last):
        return None
    return following, written(found)


def first_day(rule: str, today: date) -> date | None:
    """Return the first day of a rule, today or later; None where there is none."""
    found = parts(rule)
    following = None if found is None else _after(found, today, including=True)
    last = None if found is None else until_of(found)
    return None if following is None or (last is not None and following > last) else following


def _anchored(found: dict[str, str], day: date) -> dict[str, str]:
    """Write down which day of the month is meant, where only the day itself says so and not every month has it."""
    is_plain = not any(name.startswith("BY") for name in found)
    if is_plain and day.day > _SHORTEST_MONTH and found["FREQ"] in ("MONTHLY", "YEARLY"):
        found |= month_days(day.day)
        if found["FREQ"] == "YEARLY":
            found["BYMONTH"] = str(day.month)
    return found


def _after(found: Mapping[str, str], day: date, *, including: bool) -> date | None:
    from dateutil.rrule import rrulestr

    years = max((_LATEST - day.year) // _CYCLE, 0) * _CYCLE
    start = datetime.datetime(day.year + years, day.month, day.day)
    text = written({name: value for name, value in found.items() if name not in ("COUNT", "UNTIL")})
    try:
        following = rrulestr(text, dtstart=start).after(start, inc=including)
    except (ValueError, TypeError, OverflowError, LookupError):
        return None  # parts that contradict each other
    return following.date().replace(year=following.year - years) if following is not None else None


def moved(rule: str, old: date, new: date) -> str:
    """Return the rule whose days are moved as `old` moved to `new`: every Monday, moved to a Wednesday, is that."""
    found = parts(rule)
    if found is None or old == new:
        return rule
    days = found.get("BYDAY", "")
    if found["FREQ"] == "WEEKLY" and days and all(len(day) == 2 for day in days.split(",")):
        if days == DAYS[old.weekday()]:
            found["BYDAY"] = DAYS[new.weekday()]
        else:
            offset = (new - old).days
            shifted = {(DAYS.index(day) + offset) % 7 for day in days.split(",")}
            found["BYDAY"] = ",".join(DAYS[day] for day in sorted(shifted))
    elif found["FREQ"] == "MONTHLY" and day_of_month(found) is not None:
        found.pop("BYSETPOS", None)
        found |= month_days(new.day)
    elif found["FREQ"] == "YEARLY" and "BYMONTH" in found and day_of_month(found) is not None:
        found.pop("BYSETPOS", None)
        found |= month_days(new.day) | {"BYMONTH": str(new.month)}
    return written(found)
