"""The agenda of a meeting: built of what is open between its departments, and gone through point by point.

A point made of something open has an id derived from it and the meeting, so that replicas which build one agenda make
one point; and it stores nothing that follows from what it is about, so that they have nothing to diverge on.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.analysis.agenda import Subject, chosen, urgency
from store.elements import element_sets
from store.ops import derived_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from store.commands import Change
    from store.database import Store

READ_MOST = 100  # late items, and feedback, that are looked at
SOON = 7  # days before its day from which a promise is talked about


def is_action(item: str) -> str:
    """Return SQL that tells whether an item of a meeting is for somebody to do: an action, or a task of somebody's."""
    return (
        f"({item}.kind = 'action' OR (coalesce({item}.kind, 'task') = 'task' "
        f"AND ({item}.owner IS NOT NULL OR {item}.due IS NOT NULL)))"
    )


class Point(NamedTuple):
    """A point of an agenda, with what it is about; '' and None where it is a point of its own."""

    id: str
    meeting: str
    title: str
    state: str
    spent: float
    minutes: float | None
    about: str = ""
    kind: str = ""
    short: str = ""
    day: str = ""
    severity: int | None = None
    blocked: str = ""
    owner: str = ""
    source: int = 0
    over: bool = False  # what it is about has been dealt with since
    private: bool = False  # it, or what it is about, is a draft


def point_id(meeting: str, about: str) -> str:
    """Return the id of the point that a meeting has about something."""
    return derived_id("point", meeting, about)


def build(change: Change, meeting: str) -> list[str]:
    """Put on the agenda what is open and not on it yet, and return the new points; what was taken off stays off."""
    change.flush()
    made = []
    for subject, private in candidates(change.conn, meeting, change.store.today()):
        ent = point_id(meeting, subject.id)
        if not change.number("point", ent):
            fields: dict[str, object] = {"meeting": meeting, "about": subject.id}
            if not subject.kind:
                fields["title"] = _title_of(change.conn, subject.id)
            change.create("point", fields, ent=ent, private=private)
            made.append(ent)
    change.flush()
    return made


def candidates(conn: sqlite3.Connection, meeting: str, today: datetime.date) -> list[tuple[Subject, bool]]:
    """Return what an agenda of this meeting is built of, in its order, and whether each is a private draft."""
    row = conn.execute(
        "SELECT m.n, m.about, m.previous FROM entity e JOIN p_meeting m ON m.n = e.n "
        "WHERE e.id = ? AND e.kind = 'meeting'",
        (meeting,),
    ).fetchone()
    if row is None:
        return []
    number, about, previous = row
    sides = element_sets(conn, [number], "departments").get(number, [])
    found: dict[str, tuple[Subject, bool]] = {}
    always: list[Subject] = []
    for subject, private in _left_behind(conn, previous or ""):
        found.setdefault(subject.id, (subject, private))
        always.append(subject)
    if about and (own := _subject(conn, about)):
        found.setdefault(about, own)
        always.append(own[0])
    for read in (_conflicts, _promises, _work, _feedback):
        for subject, private in read(conn, sides, today):
            found.setdefault(subject.id, (subject, private))
    kept = {subject.id for subject in (*always, *chosen(subject for subject, _private in found.values()))}
    return sorted((pair for key, pair in found.items() if key in kept), key=lambda pair: urgency(pair[0]))


def points(store: Store, meeting: str) -> list[Point]:
    """Return a meeting's points in the order in which they are gone through."""
    query = (
        "SELECT p.id, coalesce(p.title, ''), coalesce(p.state, 'to discuss'), coalesce(p.spent, 0), p.minutes, "
        "coalesce(p.about, ''), coalesce(p.rank, ''), p.private FROM p_point p WHERE p.meeting = ? AND p.trashed = 0"
    )
    row = store.conn.execute(
        "SELECT m.previous FROM entity e JOIN p_meeting m ON m.n = e.n WHERE e.id = ? AND e.kind = 'meeting'",
        (meeting,),
    ).fetchone()
    before = {subject.id for subject, _private in _left_behind(store.conn, row[0] or "")} if row else set()
    found: list[tuple[tuple[object, ...], Point]] = []
    rows = store.conn.execute(query, (meeting,)).fetchall()
    for ent, title, state, spent, minutes, about, rank, private in rows:
        shown = _subject(store.conn, about) if about else None
        draft = bool(private) or (shown is not None and shown[1])
        point = Point(ent, meeting, title, state, spent, minutes, private=draft)
        if shown is None or not shown[0].kind:
            subject = Subject(ent, rank=rank)
        else:
            subject = shown[0]._replace(last_time=about in before)
            point = _described(store, point, subject)
        place = urgency(subject)
        found.append((place, point._replace(source=int(str(place[0])))))
    return [point for _place, point in sorted(found, key=lambda pair: pair[0])]


def waiting_count(store: Store, meeting: str) -> int:
    """Return how many points of a meeting nobody has talked about."""
    query = (
        "SELECT count(*) FROM p_point WHERE meeting = ? AND trashed = 0 "
        "AND coalesce(state, 'to discuss') NOT IN ('covered', 'next time')"
    )
    return int(store.conn.execute(query, (meeting,)).fetchone()[0])


def _described(store: Store, point: Point, subject: Subject) -> Point:
    kind = subject.kind
    row = store.conn.execute(
        f"SELECT coalesce(i.title, ''), coalesce(h.short, i.id), {_SHOWN[kind]}, coalesce({_OVER[kind]}, 0) "
        f"FROM entity e JOIN p_{kind} i ON i.n = e.n LEFT JOIN handle h ON h.ent = i.n WHERE e.id = ? AND e.kind = ?",
        (subject.id, kind),
    ).fetchone()
    title, short, owner, day, blocked, over = row
    return point._replace(
        title=point.title or title, about=subject.id, kind=kind, short=short, day=day or "",
        severity=subject.severity, blocked=blocked or "", owner=owner or "", over=bool(over),
    )  # fmt: skip


def _title_of(conn: sqlite3.Connection, point: str) -> str:
    row = conn.execute("SELECT p.title FROM p_point p WHERE p.id = ?", (point,)).fetchone()
    return str(row[0]) if row and row[0] else "?"


# What is open

_SUBJECTS = {
    "conflict": "i.severity, i.follow_up, NULL, 0, i.created_at",
    "commitment": "NULL, i.due, NULL, 0, i.created_at",
    "item": "NULL, i.due, i.blocked, 0, i.created_at",
    "feedback": "NULL, NULL, NULL, i.importance, i.created_at",
}
_DONE = "SELECT id FROM p_status WHERE category = 'done'"
# Who answers for it, its day, and what blocks it; and whether it has been dealt with.
_SHOWN = {
    "conflict": "i.decider, i.follow_up, NULL",
    "commitment": "i.owner, i.due, NULL",
    "item": "i.owner, i.due, i.blocked",
    "feedback": "NULL, NULL, NULL",
}
_OVER = {
    "conflict": "i.state = 'closed'",
    "commitment": "i.state IN ('kept', 'broken')",
    "item": f"i.status IN ({_DONE})",
    "feedback": "i.state IN ('answered', 'declined', 'duplicate')",
}
Found = tuple[Subject, bool]


def _subject(conn: sqlite3.Connection, ent: str) -> Found | None:
    """Return what somebody may talk about, None where it is not here or in the trash."""
    for (kind,) in conn.execute("SELECT kind FROM entity WHERE id = ? ORDER BY n", (ent,)).fetchall():
        if kind == "point":
            return Subject(ent, last_time=True), False
        if kind in _SUBJECTS:
            return next(_read(conn, kind, "i.id = ? AND i.n = (SELECT n FROM entity WHERE id = ? AND kind = ?)",
                              (ent, ent, kind)), None)  # fmt: skip
    return None


def _read(
    conn: sqlite3.Connection,
    kind: str,
    where: str,
    values: Sequence[object],
    *,
    last_time: bool = False,
    order: str = "",
) -> Iterator[Found]:
    query = f"SELECT i.id, i.private, {_SUBJECTS[kind]} FROM p_{kind} i WHERE i.trashed = 0 AND {where}"
    if order:  # of these there may be thousands: only the most pressing are read
        query += f" ORDER BY {order}, i.id LIMIT {READ_MOST}"
    for ent, private, severity, due, blocked, importance, since in conn.execute(
        query, tuple(values)
    ).fetchall():
        yield (
            Subject(ent, kind, last_time, severity, due or "", bool(blocked), importance or 0, since or 0),
            bool(private),
        )


def _left_behind(conn: sqlite3.Connection, previous: str) -> Iterator[Found]:
    """Yield what the meeting before left: actions of it or before it that are not done, and points not covered."""
    if not previous:
        return
    where = f"i.meeting = ? AND {is_action('i')} AND (i.status IS NULL OR i.status NOT IN ({_DONE}))"
    yield from _read(conn, "item", where, (previous,), last_time=True)
    query = (
        "SELECT p.id, p.about FROM p_point p WHERE p.meeting = ? AND p.trashed = 0 "
        "AND (coalesce(p.state, 'to discuss') <> 'covered' OR EXISTS (SELECT 1 FROM entity e "
        "JOIN p_item a ON a.n = e.n WHERE e.id = p.about AND e.kind = 'item' AND a.meeting IS NOT NULL "
        f"AND {is_action('a')})) ORDER BY p.rank, p.id"
    )
    for ent, about in conn.execute(query, (previous,)).fetchall():
        shown = _subject(conn, about) if about else None
        if shown is not None and shown[0].kind:
            if not _is_over(conn, shown[0]):
                yield shown
        elif about is None or shown is not None:
            yield Subject(ent, last_time=True), False


def _is_over(conn: sqlite3.Connection, subject: Subject) -> bool:
    query = (
        f"SELECT 1 FROM entity e JOIN p_{subject.kind} i ON i.n = e.n "
        f"WHERE e.id = ? AND e.kind = ? AND {_OVER[subject.kind]}"
    )
    return conn.execute(query, (subject.id, subject.kind)).fetchone() is not None


def _marks(values: Iterable[object]) -> str:
    return ",".join("?" for _value in values)


def _conflicts(conn: sqlite3.Connection, sides: Sequence[str], today: datetime.date) -> Iterator[Found]:
    states = schema.OPEN_CONFLICT_STATES
    where = f"i.state IN ({_marks(states)})"
    if sides:
        where += (
            " AND i.n IN (SELECT ent FROM element WHERE field = 'parties' AND value IN "
            f"({_marks(sides)}) GROUP BY ent HAVING count(*) >= {min(len(sides), 2)})"
        )
    return _read(conn, "conflict", where, (*states, *sides))


def _promises(conn: sqlite3.Connection, sides: Sequence[str], today: datetime.date) -> Iterator[Found]:
    states = schema.OPEN_COMMITMENT_STATES
    soon = (today + datetime.timedelta(days=SOON)).isoformat()
    where = f"i.state IN ({_marks(states)}) AND i.due <= ?"
    if sides:
        where += f" AND (i.from_department IN ({_marks(sides)}) OR i.to_department IN ({_marks(sides)}))"
    return _read(conn, "commitment", where, (*states, soon, *sides, *sides))


def _work(conn: sqlite3.Connection, sides: Sequence[str], today: datetime.date) -> Iterator[Found]:
    where = f"(i.blocked IS NOT NULL OR i.due < ?) AND (i.status IS NULL OR i.status NOT IN ({_DONE}))"
    if sides:
        own = f"SELECT id FROM p_member WHERE department IN ({_marks(sides)})"
        where += (
            f" AND (i.department IN ({_marks(sides)}) OR i.requested_by IN ({_marks(sides)}) "
            f"OR (i.department IS NULL AND i.owner IN ({own})))"
        )
    order = "i.blocked IS NULL, coalesce(i.due, '~')"
    return _read(conn, "item", where, (today.isoformat(), *sides, *sides, *sides), order=order)


def _feedback(conn: sqlite3.Connection, sides: Sequence[str], today: datetime.date) -> Iterator[Found]:
    where = "(i.state IN ('inbox', 'linked') OR (i.state = 'snoozed' AND i.until <= ?))"
    if sides:
        where += f" AND i.department IN ({_marks(sides)})"
    order = "coalesce(i.importance, 0) DESC, i.created_at"
    return _read(conn, "feedback", where, (today.isoformat(), *sides), order=order)
