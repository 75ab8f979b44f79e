"""A member's plan of a day as lists show it: picks, the clock that runs, what was logged, what teammates shared."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.today import Day, capacity_minutes, pushes, same_thing
from store.card_rows import card, cards_of, selection
from store.plan_rows import CalendarKeys, calendar_of
from store.running import instant, moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from store.database import Store
    from store.rows import Card

PLANNED, DONE, CARRIED, LET_GO = "planned", "done", "carried over", "let go"
LOOKED_BACK = 14  # days in which something unfinished is offered again
_A_DAY = 86_400_000


class Pick(NamedTuple):
    """One pick of a day: what it is about, where it is about something, with its minutes planned and logged.

    `moved` is how often the same thing was carried over before; `gone` says that what it is about is in the trash, or
    not here.
    """

    id: str
    member: str
    date: str
    about: str
    title: str
    rank: str
    minutes: int | None
    state: str
    reason: str
    private: bool
    short: str = ""
    kind: str = ""
    spent: int = 0
    moved: int = 0
    gone: bool = False

    @property
    def same(self) -> str:
        """What it has in common with the picks of the same thing on other days."""
        return same_thing(self.about, "" if self.about else self.title)


class Standup(NamedTuple):
    """What one member shared for a day, and what they did on their working day before."""

    member: str
    planned: list[Pick]
    before: str  # the ISO day
    did: list[Pick]
    finished: list[Card]  # items that became done that day, without those picked


_COLUMNS = (
    "p.id, coalesce(p.member, ''), coalesce(p.date, ''), coalesce(p.about, ''), coalesce(p.title, ''), "
    "coalesce(p.rank, ''), p.minutes, coalesce(p.state, 'planned'), coalesce(p.reason, ''), p.private"
)


def picks(store: Store, day: str, member: str = "") -> list[Pick]:
    """Return the picks of a member for a day in their order; of oneself when nobody is named."""
    member = member or store.member
    query = f"SELECT {_COLUMNS} FROM p_pick p WHERE p.member = ? AND p.date = ? AND p.trashed = 0"
    found = _read(store, store.conn.execute(query, (member, day)))
    spent = logged(store, day, member)
    return [pick._replace(spent=spent.get(pick.about or pick.id, 0)) for pick in found]


def unfinished(store: Store, today: datetime.date) -> list[Pick]:
    """Return one's picks of earlier days that nothing has become of, the latest day first."""
    since = (today - datetime.timedelta(LOOKED_BACK)).isoformat()
    query = (
        f"SELECT {_COLUMNS} FROM p_pick p WHERE p.member = ? AND p.date >= ? AND p.date < ? AND p.trashed = 0 "
        "AND coalesce(p.state, 'planned') = 'planned'"
    )
    found = _read(store, store.conn.execute(query, (store.member, since, today.isoformat())))
    return sorted(found, key=lambda pick: pick.date, reverse=True)


def picked(store: Store, day: str) -> dict[str, str]:
    """Return what one has picked for a day, by what it is about: the id of the pick."""
    query = (
        "SELECT about, id FROM p_pick WHERE member = ? AND date = ? AND trashed = 0 AND about IS NOT NULL "
        "AND coalesce(state, 'planned') IN ('planned', 'done')"
    )
    return dict(store.conn.execute(query, (store.member, day)))


def open_count(store: Store, day: str) -> int:
    """Return how many of one's picks of a day are still open."""
    query = (
        "SELECT count(*) FROM p_pick WHERE member = ? AND date = ? AND trashed = 0 "
        "AND coalesce(state, 'planned') = 'planned'"
    )
    return int(store.conn.execute(query, (store.member, day)).fetchone()[0])


def _read(store: Store, rows: Iterable[tuple[Any, ...]]) -> list[Pick]:
    found = [
        Pick(
            ent,
            member,
            date,
            about,
            title,
            rank,
            None if minutes is None else round(minutes),
            state,
            reason,
            bool(own),
        )
        for ent, member, date, about, title, rank, minutes, state, reason, own in rows
    ]
    moved = _moved(store, found)
    found.sort(key=lambda pick: (pick.rank, pick.id))
    return [_named(store, pick._replace(moved=moved[pick.id])) for pick in found]


def _named(store: Store, pick: Pick) -> Pick:
    if not pick.about:
        return pick
    shown = card(store, pick.about)
    if shown is None:
        return pick._replace(gone=True)
    return pick._replace(short=shown.short, title=shown.title, kind=shown.kind, gone=shown.trashed)


def _moved(store: Store, found: list[Pick]) -> dict[str, int]:
    """Return how often the things of one member's picks were carried over before their day, since they were done."""
    if not found:
        return {}
    query = (
        "SELECT date, coalesce(about, ''), coalesce(title, ''), coalesce(state, 'planned') FROM p_pick "
        "WHERE member = ? AND date < ? AND trashed = 0 ORDER BY date, id"
    )
    before: dict[str, list[tuple[str, str]]] = {pick.same: [] for pick in found}
    for date, about, title, state in store.conn.execute(
        query, (found[0].member, max(pick.date for pick in found))
    ):
        if (same := same_thing(about, "" if about else title)) in before:
            before[same].append((date, state))
    return {
        pick.id: pushes([state for date, state in before[pick.same] if date < pick.date]) for pick in found
    }


def carried_to(store: Store, found: Iterable[Pick]) -> dict[str, str]:
    """Return the ISO day that each of these picks was carried over to, by its id: the next that has its thing."""
    query = (
        "SELECT date, coalesce(title, '') FROM p_pick WHERE member = ? AND date > ? AND about IS ? AND trashed = 0 "
        "ORDER BY date, id"
    )
    days: dict[str, str] = {}
    for pick in found:
        if pick.state == CARRIED:
            rows = store.conn.execute(query, (pick.member, pick.date, pick.about or None))
            later = (day for day, title in rows if pick.about or same_thing("", title) == pick.same)
            if day := next(later, ""):
                days[pick.id] = day
    return days


# Time


def logged(store: Store, day: str, member: str = "") -> dict[str, int]:
    """Return the minutes a member logged on a day, by what they were spent on."""
    query = (
        "SELECT coalesce(about, ''), sum(minutes) FROM p_time_entry WHERE member = ? AND date = ? AND trashed = 0 "
        "AND minutes IS NOT NULL GROUP BY about"
    )
    found = store.conn.execute(query, (member or store.member, day))
    return {about: round(minutes) for about, minutes in found}


# The day


def day_of(store: Store, day: datetime.date, found: Iterable[Pick]) -> Day:
    """Return what a day of one's own has room for, and what these picks and the log make of it."""
    iso = day.isoformat()
    planned = sum(pick.minutes or 0 for pick in found if pick.state in (PLANNED, DONE))
    spent = sum(logged(store, iso).values())
    return Day(capacity(store, day), meeting_minutes(store, day), planned, spent)


def capacity(store: Store, day: datetime.date) -> int:
    """Return the minutes one works on a day by one's own hours a week, calendar and absences."""
    from store.analysis.capacity import HOURS_A_WEEK

    row = store.conn.execute(
        "SELECT m.capacity FROM entity e JOIN p_member m ON m.n = e.n WHERE e.id = ? AND e.kind = 'member'",
        (store.member,),
    ).fetchone()
    hours = HOURS_A_WEEK if row is None or row[0] is None else float(row[0])
    return capacity_minutes(hours, calendar_of(store, store.member), day.toordinal())


def next_working_day(store: Store, day: datetime.date, by: int = 1) -> datetime.date:
    """Return the working day so many after a day in one's own calendar, or before it."""
    return datetime.date.fromordinal(calendar_of(store, store.member).shift(day.toordinal(), by))


def meeting_minutes(store: Store, day: datetime.date) -> int:
    """Return the minutes of the meetings planned for a day which one attends, or leads."""
    first = int(datetime.datetime.combine(day, datetime.time()).timestamp() * 1000)
    last = int(datetime.datetime.combine(day + datetime.timedelta(1), datetime.time()).timestamp() * 1000)
    # Instants are compared as moments; as texts, whatever their offset, they lie within a day of each other.
    query = (
        "SELECT m.planned, coalesce(m.length, 0) FROM p_meeting m WHERE m.trashed = 0 AND m.planned > ? "
        "AND m.planned < ? AND (m.created_by = ? OR EXISTS (SELECT 1 FROM element e WHERE e.ent = m.n "
        "AND e.field = 'attendees' AND e.value = ?))"
    )
    bounds = (instant(first - _A_DAY)[:10], instant(last + _A_DAY)[:19])
    rows = store.conn.execute(query, (*bounds, store.member, store.member))
    return round(sum(float(length) for planned, length in rows if first <= moment(planned) < last))


# What teammates shared


def shared_count(store: Store, day: str) -> int:
    """Return how many teammates shared a plan of the day."""
    query = "SELECT count(DISTINCT member) FROM p_pick WHERE date = ? AND trashed = 0 AND private = 0 AND member <> ?"
    return int(store.conn.execute(query, (day, store.member)).fetchone()[0])


def standup(store: Store, today: datetime.date) -> list[Standup]:
    """Return by member what they shared for a day and did on their working day before; oneself first."""
    members = [
        row[0] for row in store.conn.execute("SELECT id FROM p_member WHERE trashed = 0 ORDER BY title, id")
    ]
    members.sort(key=lambda member: member != store.member)
    found = []
    finished: dict[str, list[Card]] = {}
    keys = CalendarKeys(store)
    for member in members:
        day = calendar_of(store, member, keys).shift(today.toordinal(), -1)
        before = datetime.date.fromordinal(day).isoformat()
        if before not in finished:
            finished[before] = _finished(store, before)
        planned = [pick for pick in picks(store, today.isoformat(), member) if not pick.private]
        did = [pick for pick in picks(store, before, member) if pick.state == DONE and not pick.private]
        told = {pick.about for pick in did}
        items = [item for item in finished[before] if item.owner == member and item.id not in told]
        if planned or did or items:
            found.append(Standup(member, planned, before, did, items))
    return found


def _finished(store: Store, day: str) -> list[Card]:
    """Return the items that became done on a day of this machine."""
    first = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time())
    last = first + datetime.timedelta(1)
    query = (
        f"SELECT {selection('item')} FROM p_item i NOT INDEXED LEFT JOIN handle h ON h.ent = i.n WHERE i.trashed = 0 "
        "AND i.private = 0 AND i.owner IS NOT NULL AND i.moved_at >= ? AND i.moved_at < ? "
        "AND i.status IN (SELECT id FROM p_status WHERE category = 'done') ORDER BY i.moved_at, i.id LIMIT 500"
    )
    bounds = (int(first.timestamp() * 1000), int(last.timestamp() * 1000))
    return cards_of(store, store.conn.execute(query, bounds).fetchall())
