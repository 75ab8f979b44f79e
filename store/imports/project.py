"""What plans of other tools have in common: their tasks become rows, their calendars days of our own.

A plan says when things are done twice over: by what somebody decided (a start, a constraint) and by what the tool
reckoned from that. Only decisions come in, so that the schedule reckoned here moves as the tool's would. A task's start
is a decision where nothing else decides it; a task that waits for another has none of its own.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.plan import MAX_DAY, MIN_DAY
from store.errors import StoreError
from store.imports.mapping import WAITS
from store.imports.source import MAX_ROWS, Away, Column, FreeDay, Person, Problem, Row, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = {
    "Name": "title",
    "Notes": "description",
    "Outline": "parent",
    "Start": "start",
    "Duration (days)": "duration",
    "Start fixed": "pinned",
    "Deadline": "due",
    "Milestone": "kind",
    "Progress": "status",
    "Work (hours)": "effort",
    "Remaining (hours)": "remaining",
    "Responsible": "owner",
    "Resources": "participants",
    "Priority": "priority",
    "Predecessors": WAITS,
    "Created": "created",
    "Inactive": "archived",
    "UID": "key",
}
START_TYPES = ("FS", "SS")  # what they decide is the successor's start
FINISHED, STARTED = "Done", "In progress"
MILESTONE = "milestone"
MAX_DAYS = 5_000  # free days and absences that one file may bring


class Predecessor(NamedTuple):
    """What a task waits for, by the key the file gives it."""

    key: str
    type: str
    lag: int


class Span(NamedTuple):
    """A stretch of days, both included, of somebody's calendar or everybody's."""

    first: datetime.date
    last: datetime.date
    working: bool
    title: str


class PlanTask:
    """One task of a plan while its file is read."""

    __slots__ = ("cells", "custom", "key", "parent", "parts", "predecessors", "row")

    def __init__(self, row: int, key: str, parent: str = "") -> None:
        self.row = row
        self.key = key
        self.parent = parent
        self.parts = 0
        self.predecessors: list[Predecessor] = []
        self.cells: dict[str, object] = {"UID": key, "Outline": {"key": parent} if parent else None}
        self.custom: dict[str, str] = {}

    def keep(self, name: str, value: str) -> None:
        """Keep what there is no field for, under its own name or one like it."""
        if value:
            self.custom[f"{name} *" if name in COLUMNS else name] = value


def driven(tasks: Iterable[PlanTask], types: tuple[str, ...] = START_TYPES) -> set[str]:
    """Return the keys of tasks whose start others decide: they, or a task they are a part of, wait for something."""
    by_key = {task.key: task for task in tasks}
    known: dict[str, bool] = {}
    for task in by_key.values():
        above: list[str] = []
        key = task.key
        while key in by_key and key not in known and key not in above:
            above.append(key)
            key = by_key[key].parent
        found = known.get(key, False)
        for key in reversed(above):
            waits = by_key[key].predecessors
            found = known[key] = found or any(wait.key in by_key and wait.type in types for wait in waits)
    return {key for key, found in known.items() if found}


def progress_word(percent: int) -> str:
    """Return the status that a percentage means, '' for work that has not begun."""
    return FINISHED if percent >= 100 else STARTED if percent > 0 else ""


def plan_source(
    name: str,
    format: str,  # noqa: A002
    encoding: str,
    tasks: list[PlanTask],
    *,
    people: list[Person],
    days: list[FreeDay],
    absences: list[Away],
    problems: list[Problem],
) -> Source:
    """Return the tasks of a plan as a source of named columns. Raises file-empty, file-too-long."""
    if not tasks:
        raise StoreError("file-empty", path=name, why="no-tasks")
    if len(tasks) > MAX_ROWS:
        raise StoreError("file-too-long", limit=MAX_ROWS)
    extra = list(dict.fromkeys(field for task in tasks for field in task.custom))
    header = [*COLUMNS, *extra]
    rows = []
    for task in tasks:
        task.cells["Predecessors"] = [wait._asdict() for wait in task.predecessors]
        rows.append(Row(task.row, [*map(task.cells.get, COLUMNS), *map(task.custom.get, extra)]))
    return Source(
        name=name,
        format=format,
        encoding=encoding,
        delimiter="",
        columns=[Column(column, (place,)) for place, column in enumerate(header)],
        rows=rows,
        problems=problems,
        known=dict(COLUMNS),
        tool=format,
        people=people,
        days=days[:MAX_DAYS],
        absences=absences[:MAX_DAYS],
    )


def free_days(spans: Iterable[Span]) -> list[FreeDay]:
    """Return the days of a plan's calendar that differ from a plain week, each once, by date."""
    found: dict[datetime.date, FreeDay] = {}
    for span in spans:
        day = span.first
        while day <= span.last and len(found) < MAX_DAYS:
            if span.working != is_weekday(day):
                found.setdefault(day, FreeDay(day.isoformat(), span.working, span.title))
            day += datetime.timedelta(1)
    return [found[day] for day in sorted(found)]


class PlainWeek:
    """The working days of a plan as they will be here: a plain week, but for the days that the plan names."""

    def __init__(self, days: Iterable[FreeDay]) -> None:
        named = sorted((datetime.date.fromisoformat(day.date), day.working) for day in days)
        self._named = [day for day, _ in named]
        # How many working days more than in a plain week there are before each of them.
        self._more = [0, *accumulate(working - is_weekday(day) for day, working in named)]

    def count(self, first: datetime.date, last: datetime.date) -> int:
        """Return how many working days there are from the first day to the last, both included."""
        if last < first:
            return 0
        length = (last - first).days + 1
        weeks, rest = divmod(length, 7)
        total = weeks * 5 + sum(is_weekday(last - datetime.timedelta(back)) for back in range(rest))
        return (
            total + self._more[bisect_right(self._named, last)] - self._more[bisect_left(self._named, first)]
        )


def is_weekday(day: datetime.date) -> bool:
    """Return whether a day lies between Monday and Friday."""
    return day.weekday() < 5


def moment(text: str) -> datetime.datetime | None:
    """Return a moment that a plan writes, without its zone: plans mean the time of wherever they are read."""
    try:
        found = datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return found if MIN_DAY <= found.toordinal() <= MAX_DAY else None


def day_of(text: str) -> datetime.date | None:
    """Return the day of a moment that a plan writes."""
    found = moment(text)
    return found.date() if found else None
