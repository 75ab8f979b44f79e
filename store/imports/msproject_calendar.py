"""The calendars of a Microsoft Project file: which days its week has, and which days differ from it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store.imports.project import MAX_DAYS, Span, day_of
from store.imports.source import Problem
from store.imports.xml import text_of, whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_WEEKDAYS = {"1": 6, "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5}  # Sunday comes first there, Monday here
_PLAIN = {0, 1, 2, 3, 4}
_EVERY_DAY, _YEARLY, _MONTHLY, _WEEKLY = 1, 2, 4, 6
_AS_DAYS = (0, _EVERY_DAY, 7, 8, 9)  # what a range of days is written as
_LONGEST = 1_500  # days of one exception
_MOST_DAYS = 500_000  # that are looked at for all that repeats: a file of nothing else must come to an end


class Calendars:
    """The calendars of a file by UID; what cannot be read of them is reported once, of the whole file."""

    def __init__(self, root: Element, problems: list[Problem]) -> None:
        self._problems = problems
        self._by_uid = {text_of(each, "UID"): each for each in root.iterfind("Calendars/Calendar")}
        self._project = text_of(root, "CalendarUID")
        self._own: dict[str, list[Span]] = {}
        self._left = _MOST_DAYS

    def project_spans(self) -> list[Span]:
        """Return the days on which the project's calendar differs from its week, and report a week unlike ours."""
        spans: list[Span] = []
        week: set[int] | None = None
        for calendar in self._chain(self._project):
            spans += self._spans(calendar)
            week = _week(calendar) if week is None else week
        if week is not None and week != _PLAIN:
            self._problems.append(Problem(0, "other-week"))
        return spans[:MAX_DAYS]

    def own_spans(self, uid: str) -> list[Span]:
        """Return the days on which a resource's own calendar differs from the one it is based on."""
        if uid not in self._own:
            calendar = self._by_uid.get(uid)
            is_own = calendar is not None and text_of(calendar, "IsBaseCalendar") != "1"
            self._own[uid] = self._spans(calendar) if calendar is not None and is_own else []
        return self._own[uid]

    def _chain(self, uid: str) -> Iterator[Element]:
        """Yield a calendar and those it is based on, the nearest first."""
        seen: set[str] = set()
        while uid in self._by_uid and uid not in seen:
            seen.add(uid)
            yield self._by_uid[uid]
            uid = text_of(self._by_uid[uid], "BaseCalendarUID")

    def _spans(self, calendar: Element) -> list[Span]:
        """Return what a calendar says of single days; files of before 2007 say it among the days of the week."""
        found = [span for each in calendar.iterfind("Exceptions/Exception") for span in self._exception(each)]
        for day in calendar.iterfind("WeekDays/WeekDay"):
            if text_of(day, "DayType") == "0":
                found += self._exception(day)
        return list(dict.fromkeys(found))

    def _exception(self, element: Element) -> list[Span]:
        period = element.find("TimePeriod")
        first, last = day_of(text_of(period, "FromDate")), day_of(text_of(period, "ToDate"))
        working, title = text_of(element, "DayWorking") == "1", text_of(element, "Name")
        kind = whole(text_of(element, "Type"))
        every = max(whole(text_of(element, "Period"), 1), 1)
        if first is None or last is None or not 0 <= (last - first).days <= 366 * 100:
            self._note(title or text_of(period, "FromDate"))
            return []
        if kind in _AS_DAYS and every == 1:
            last = min(last, first + datetime.timedelta(_LONGEST))
            return [Span(first, last, working, title)]
        self._left -= (last - first).days
        days = self._repeated(element, kind, every, first, last)
        if days is None:
            self._note(title or first.isoformat())
        return [Span(day, day, working, title) for day in days or ()]

    def _note(self, which: str) -> None:
        self._problems.append(Problem(0, "odd-day", value=which[:80]))

    def _repeated(
        self, element: Element, kind: int, every: int, first: datetime.date, last: datetime.date
    ) -> list[datetime.date] | None:
        """Return the days of an exception that repeats, None where it does so in a way that is not known here."""
        if self._left < 0:
            return None
        span = [first + datetime.timedelta(step) for step in range((last - first).days + 1)]
        month_day = whole(text_of(element, "MonthDay"), first.day)
        if kind == _EVERY_DAY:
            return span[::every]
        if kind == _YEARLY:
            month = whole(text_of(element, "Month"), first.month - 1) + 1
            return [day for day in span if (day.month, day.day) == (month, month_day)]
        if kind == _MONTHLY:
            return [
                day
                for day in span
                if day.day == month_day and (day.month - first.month) % min(every, 12) == 0
            ]
        if kind == _WEEKLY:
            mask = whole(text_of(element, "DaysOfWeek"))
            monday = first - datetime.timedelta(first.weekday())
            return [
                day
                for day in span
                if mask >> (day.weekday() + 1) % 7 & 1 and (day - monday).days // 7 % every == 0
            ]
        return None


def _week(calendar: Element) -> set[int] | None:
    """Return the days of the week that are worked on, Monday 0; None where the calendar leaves that to its base."""
    said = {
        _WEEKDAYS[text_of(day, "DayType")]: text_of(day, "DayWorking") == "1"
        for day in calendar.iterfind("WeekDays/WeekDay")
        if text_of(day, "DayType") in _WEEKDAYS
    }
    if not said:
        return None
    return {day for day in range(7) if said.get(day, day in _PLAIN)}
