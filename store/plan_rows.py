"""The plan as `store.analysis` reckons with it: tasks, links, and what decides which days are worked on.

An item is a part of the plan when it has a start, a due day, a duration or a link, or a part that has. What nobody has
planned stays out, an estimate alone included: a backlog would otherwise all begin today.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from store.analysis.plan import MAX_DAY, MIN_DAY, Link, Task
from store.batch import in_chunks
from store.errors import StoreError
from store.lookup import department_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from store.analysis.calendars import WorkingCalendar
    from store.database import Store

HOURS = 8.0  # a working day's, where nobody says otherwise
WEEK = 5  # working days

_COLUMNS = (
    "i.id, i.start, i.due, i.duration, i.effort, i.remaining, coalesce(i.status, ''), i.moved_at, i.created_at, "
    "coalesce(i.kind, '') = 'milestone', i.pinned, iif(i.parent_cut, '', coalesce(i.parent, '')), "
    "coalesce(i.owner, ''), coalesce(i.department, ''), coalesce(i.goal, ''), coalesce(i.title, '')"
)
_DATED = "i.trashed = 0 AND (i.start IS NOT NULL OR i.due IS NOT NULL OR i.duration IS NOT NULL)"
_WHEN = "coalesce(i.start, i.due)"
_SOME = (
    f"SELECT {_COLUMNS} FROM entity e JOIN p_item i ON i.n = e.n "
    "WHERE e.kind = 'item' AND i.trashed = 0 AND e.id IN ({})"
)
_PARENT = 11  # where a row has its parent


class OwnDay(NamedTuple):
    """A day that the workspace (department '') or a department has for itself: free, or worked on all the same."""

    id: str
    day: int  # ordinal
    working: bool
    department: str
    title: str


class Absence(NamedTuple):
    """The days, both included, that a member is away."""

    id: str
    member: str
    first: int  # ordinals
    last: int
    title: str


class CalendarRow(NamedTuple):
    """What one calendar is made of: whose public holidays, own days (True: worked on), and days somebody is away.

    Days are ordinals, and the parts those that `store.analysis.calendars.working_calendar` takes.
    """

    country: str
    own_days: dict[int, bool]
    absences: list[int]


class Countries(NamedTuple):
    """Whose public holidays are free: the workspace's, and those of departments that have others."""

    workspace: str
    departments: dict[str, str]


class Neighbour(NamedTuple):
    """One dependency as seen from an item: the item at its other end."""

    id: str
    item: str
    short: str
    title: str
    type: str
    lag: int
    private: bool


def plan_tasks(store: Store, links: Iterable[Link] | None = None) -> list[Task]:
    """Return every item of the plan that is not in the trash, by id; `links` are the plan's, where they are known.

    What came in done, from an import say, was finished nobody knows when: its own dates have to tell.
    """
    query = f"SELECT {_COLUMNS} FROM p_item i INDEXED BY planned WHERE {_DATED}"
    rows = {row[0]: row for row in store.conn.execute(query)}
    ends: set[str] = set()
    for link in plan_links(store) if links is None else links:
        ends.update((link.predecessor, link.successor))
    missing = ends - rows.keys()
    # A part of the plan draws what it is a part of into it.
    missing |= {row[_PARENT] for row in rows.values() if row[_PARENT]} - rows.keys()
    looked_for: set[str] = set()
    while missing:
        looked_for |= missing
        found = {row[0]: row for row in in_chunks(store.conn, _SOME, sorted(missing))}
        rows |= found
        missing = {row[_PARENT] for row in found.values() if row[_PARENT]} - rows.keys() - looked_for
    return _tasks(store, [rows[ent] for ent in sorted(rows)], rows)


def some_tasks(store: Store, items: Iterable[str], known: Container[str]) -> list[Task]:
    """Return these items as they are now, those in the trash left out; `known` has what a parent may be."""
    return _tasks(store, list(in_chunks(store.conn, _SOME, sorted(items))), known)


def have_parts(store: Store, items: Iterable[str]) -> bool:
    """Return whether anything is part of one of these items."""
    return any(
        True for _ in in_chunks(store.conn, "SELECT 1 FROM p_item WHERE parent IN ({})", sorted(items))
    )


def first_tasks(store: Store, limit: int) -> list[Task]:
    """Return the first items of a plan by department and day: what a chart shows at first, without the rest read."""
    query = f"SELECT {_COLUMNS} FROM p_item i INDEXED BY planned WHERE {_DATED} AND {{}} ORDER BY {_WHEN}, i.id LIMIT ?"
    departments = store.conn.execute("SELECT id FROM p_department ORDER BY rank IS NULL, rank, id")
    rows: list[tuple[Any, ...]] = []
    for (department,) in departments:
        if len(rows) < limit:
            rows += store.conn.execute(query.format("i.department = ?"), (department, limit - len(rows)))
    if len(rows) < limit:
        others = "(i.department IS NULL OR i.department NOT IN (SELECT id FROM p_department))"
        rows += store.conn.execute(query.format(others), (limit - len(rows),))
    return _tasks(store, rows, {row[0] for row in rows})


def planned_count(store: Store) -> int:
    """Return how many items have a date or a duration."""
    query = f"SELECT count(*) FROM p_item i INDEXED BY planned WHERE {_DATED}"
    return int(store.conn.execute(query).fetchone()[0])


def _tasks(store: Store, rows: Iterable[tuple[Any, ...]], known: Container[str]) -> list[Task]:
    categories = dict(store.conn.execute("SELECT id, coalesce(category, 'todo') FROM p_status"))
    hours = {
        member: capacity / WEEK
        for member, capacity in store.conn.execute("SELECT id, capacity FROM p_member WHERE capacity > 0")
    }
    key_of = lru_cache(maxsize=None)(CalendarKeys(store).of)
    day = lru_cache(maxsize=4096)(_ordinal)
    found = []
    for (
        ent, start, due, duration, effort, remaining, status, moved_at, created_at, milestone, pinned, parent,
        owner, department, goal, title,
    ) in rows:  # fmt: skip
        state = categories.get(status, "todo")
        found.append(
            Task(
                ent,
                day(start),
                day(due),
                None if duration is None else _whole_days(duration),
                effort,
                remaining,
                state,
                local_day(moved_at) if state == "done" and moved_at not in (None, created_at) else None,
                bool(milestone),
                bool(pinned),
                parent if parent in known else "",
                key_of(department, owner),
                hours.get(owner, HOURS),
                owner,
                department,
                goal,
                title,
                status,
            )
        )
    return found


_LINKS = (
    "SELECT id, predecessor, successor, coalesce(type, 'FS'), coalesce(lag, 0), coalesce(created_at, 0) "
    "FROM p_dependency WHERE trashed = 0 AND predecessor IS NOT NULL AND successor IS NOT NULL"
)


def plan_links(store: Store) -> list[Link]:
    """Return every dependency that is not in the trash, of items in the trash too: the schedule reports those."""
    return [_link(row) for row in store.conn.execute(f"{_LINKS} ORDER BY id")]


def some_links(store: Store, ids: Iterable[str]) -> list[Link]:
    """Return these dependencies as they are now, those in the trash left out."""
    return [_link(row) for row in in_chunks(store.conn, f"{_LINKS} AND id IN ({{}})", sorted(ids))]


def _link(row: tuple[Any, ...]) -> Link:
    ent, predecessor, successor, kind, lag, at = row
    return Link(ent, predecessor, successor, kind, lag, (at, ent))


def waits_for(store: Store, item: str) -> list[Neighbour]:
    """Return what an item waits for, by short id; items in the trash hold nobody up."""
    return _neighbours(store, item, "successor", "predecessor")


def waited_for_by(store: Store, item: str) -> list[Neighbour]:
    """Return what waits for an item, by short id."""
    return _neighbours(store, item, "predecessor", "successor")


def _neighbours(store: Store, item: str, own: str, other: str) -> list[Neighbour]:
    query = (
        "SELECT d.id, i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(d.type, 'FS'), "
        f"coalesce(d.lag, 0), d.private FROM p_dependency d JOIN entity e ON e.id = d.{other} AND e.kind = 'item' "
        "JOIN p_item i ON i.n = e.n AND i.trashed = 0 LEFT JOIN handle h ON h.ent = i.n "
        f"WHERE d.{own} = ? AND d.trashed = 0"
    )
    found = [Neighbour._make((*row[:6], bool(row[6]))) for row in store.conn.execute(query, (item,))]
    return sorted(found, key=lambda neighbour: (*_spoken(neighbour.short), neighbour.id))


def _spoken(short: str) -> tuple[str, int, str]:
    code, _, number = short.rpartition("-")
    return (code, int(number), "") if number.isdecimal() else (code, 0, number)


def own_days(store: Store) -> list[OwnDay]:
    """Return the days of one's own by date; of two for one date the later made comes last, and counts."""
    query = (
        "SELECT id, date, working, coalesce(department, ''), coalesce(title, '') FROM p_day "
        "WHERE trashed = 0 AND date IS NOT NULL ORDER BY date, created_at, id"
    )
    return [
        OwnDay(ent, datetime.date.fromisoformat(day).toordinal(), bool(working), department, title)
        for ent, day, working, department, title in store.conn.execute(query)
    ]


def absences(store: Store) -> list[Absence]:
    """Return who is away when, by member and day; one whose last day comes before its first is none."""
    query = (
        "SELECT id, member, first, last, coalesce(title, '') FROM p_absence "
        "WHERE trashed = 0 AND member IS NOT NULL AND first <= last ORDER BY member, first, id"
    )
    return [
        Absence(
            ent,
            member,
            datetime.date.fromisoformat(first).toordinal(),
            datetime.date.fromisoformat(last).toordinal(),
            title,
        )
        for ent, member, first, last, title in store.conn.execute(query)
    ]


def countries(store: Store) -> Countries:
    """Return whose public holidays are free, '' where nobody has said."""
    row = store.conn.execute("SELECT country FROM p_workspace WHERE id = ?", (store.workspace,)).fetchone()
    query = "SELECT id, country FROM p_department WHERE trashed = 0 AND country IS NOT NULL"
    return Countries((row and row[0]) or "", dict(store.conn.execute(query)))


class CalendarKeys:
    """Which calendar an item's days are counted in: as few calendars as the plan needs.

    A key is "department/member", either left empty where it changes nothing; '' is the workspace's calendar.
    """

    def __init__(self, store: Store) -> None:
        self._countries = countries(store)
        self._days = own_days(store)
        self._absences: dict[str, list[range]] = {}
        for away in absences(store):
            span = range(max(away.first, MIN_DAY), min(away.last, MAX_DAY) + 1)
            self._absences.setdefault(away.member, []).append(span)
        self._apart = {day.department for day in self._days} | self._countries.departments.keys()
        self._departments: dict[str, dict[int, bool]] = {}
        for department in self._apart | {""}:
            days = [day for day in self._days if not day.department]
            days += [day for day in self._days if day.department == department and department]
            self._departments[department] = {day.day: day.working for day in days}

    def of(self, department: str, owner: str) -> str:
        """Return the key of the calendar for an item of this department and owner."""
        return _key(department if department in self._apart else "", owner if owner in self._absences else "")

    def row(self, key: str) -> CalendarRow:
        """Return what the calendar of a key is made of."""
        department, _, owner = key.partition("/")
        country = self._countries.departments.get(department) or self._countries.workspace
        days = self._departments.get(department, self._departments[""])
        away = sorted({day for span in self._absences.get(owner, ()) for day in span})
        return CalendarRow(country, days, away)

    def all(self) -> dict[str, CalendarRow]:
        """Return every calendar that an item may need, by key."""
        return {
            key: self.row(key)
            for department in sorted(self._apart | {""})
            for owner in ("", *self._absences)
            for key in [_key(department, owner)]
        }


def calendars(store: Store, tasks: list[Task] | None = None) -> dict[str, CalendarRow]:
    """Return what each calendar that these tasks name is made of, by key; of every task when none are given."""
    keys = CalendarKeys(store)
    if tasks is None:
        return keys.all()
    return {key: keys.row(key) for key in sorted({task.calendar for task in tasks} | {""})}


def working_calendars(store: Store, tasks: list[Task] | None = None) -> dict[str, WorkingCalendar]:
    """Return the calendars that these tasks count their days in, by key; unknown countries have weekends alone."""
    from store.analysis.calendars import derived

    made: dict[str, WorkingCalendar] = {}
    for key, row in calendars(store, tasks).items():
        department = _key(key.partition("/")[0], "")
        if department not in made:
            made[department] = _working(row)
        made[key] = derived(made[department], row.absences) if row.absences else made[department]
    return made


def calendar_of(store: Store, member: str, keys: CalendarKeys | None = None) -> WorkingCalendar:
    """Return the working days of a member, absences taken out; `keys` are there where several are asked for."""
    from store.analysis.calendars import derived

    keys = keys or CalendarKeys(store)
    row = keys.row(keys.of(department_of(store, member), member))
    base = _working(row)
    return derived(base, row.absences) if row.absences else base


def _working(row: CalendarRow) -> WorkingCalendar:
    """Return the days of a calendar's country and its own, absences left in; an unknown country has weekends alone."""
    from store.analysis.calendars import working_calendar

    try:
        return working_calendar(row.country, row.own_days)
    except StoreError:
        return working_calendar("", row.own_days)


def _key(department: str, owner: str) -> str:
    return f"{department}/{owner}" if department or owner else ""


def _ordinal(day: str | None) -> int | None:
    return None if day is None else datetime.date.fromisoformat(day).toordinal()


def _whole_days(duration: float) -> int:
    """Return a duration in whole working days: half a day of work takes up its day."""
    return -int(-duration // 1)


def local_day(milliseconds: int) -> int | None:
    """Return the local day of a moment (ms since the epoch), None for one that no clock can show."""
    try:
        return datetime.datetime.fromtimestamp(milliseconds / 1000).date().toordinal()
    except (ValueError, OverflowError, OSError):
        return None
