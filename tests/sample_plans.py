"""Plans for tests: days written as dates, slots read as dates, and calendars that are not in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from store.analysis.calendars import WorkingCalendar, working_calendar
from store.analysis.plan import MAX_DAY, MIN_DAY, Link, Task
from store.analysis.schedule import Schedule, schedule

WEEKDAYS = working_calendar()
EVERY_DAY = working_calendar("", dict.fromkeys(range(MIN_DAY, MAX_DAY + 1), True))
MONDAY = "2026-11-23"


def day(text: str | int) -> int:
    """Return the ordinal of 2026-11-23, of 11-23, or of 23, which are all the same."""
    parts = [int(part) for part in str(text).split("-")]
    return date(*[2026, 11, 23][: 3 - len(parts)], *parts).toordinal()


def shown(number: int | None) -> str:
    """Return a day of 2026 as 11-23, others as they are written."""
    found = date.fromordinal(number or 1)
    return f"{found:%m-%d}" if found.year == 2026 else f"{found:%Y-%m-%d}"


def task(ident: str, start: str | int = "", due: str | int = "", /, **fields: object) -> Task:
    """Return a task, days as text."""
    for name, text in (("start", start), ("due", due), ("finished", fields.get("finished", ""))):
        if text != "":
            fields[name] = day(text)  # type: ignore[arg-type]
    return Task(ident, **fields)  # type: ignore[arg-type]


def link(words: str, order: int = 0) -> Link:
    """Return a link from "a b", "a b SS" or "a b FS+2", with an id like "a>b"."""
    source, target, *rest = words.split()
    kind = rest[0] if rest else "FS"
    return Link(f"{source}>{target}", source, target, kind[:2], int(kind[2:] or 0), (order, ""))


def planned(
    tasks: Iterable[Task],
    links: Iterable[str | Link] = (),
    *,
    today: str | int = MONDAY,
    calendars: Mapping[str, WorkingCalendar] | None = None,
) -> Schedule:
    """Return the schedule on weekdays, where nothing else is said."""
    made = [link(one) if isinstance(one, str) else one for one in links]
    return schedule(tasks, made, calendars or {"": WEEKDAYS}, day(today))


def days(plan: Schedule) -> dict[str, str]:
    """Return each item's days as "11-23 11-25", or "11-23" where it is one."""
    return {ident: _span(slot.start, slot.finish) for ident, slot in sorted(plan.slots.items())}


def late_days(plan: Schedule) -> dict[str, str]:
    """Return each item's latest days."""
    return {ident: _span(slot.late_start, slot.late_finish) for ident, slot in sorted(plan.slots.items())}


def _span(first: int, last: int) -> str:
    return shown(first) if first == last else f"{shown(first)} {shown(last)}"


def complaints(plan: Schedule) -> list[tuple[str, ...]]:
    """Return the problems, each without what it does not say."""
    return [tuple(part for part in problem if part) for problem in plan.problems]
