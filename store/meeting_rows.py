"""Meetings as lists show them, and how long ago departments met."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.elements import element_sets
from store.running import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.commands import Change
    from store.database import Store


class Meeting(NamedTuple):
    """One meeting: ids for departments and people, moments in ms since the epoch, 0 for none."""

    id: str
    short: str
    title: str
    kind: str
    begun: int
    ended: int
    about: str
    previous: str
    began_by: str
    private: bool
    departments: tuple[str, ...] = ()
    attendees: tuple[str, ...] = ()


class Note(NamedTuple):
    """A line somebody wrote down in a meeting."""

    id: str
    text: str
    by: str
    at: int


class Gap(NamedTuple):
    """Two departments that should meet every so many days; `since` is None where they have never met."""

    first: str
    second: str
    every: int
    since: int | None

    @property
    def overdue(self) -> bool:
        """Whether they have not met for longer than that."""
        return self.since is None or self.since > self.every


_COLUMNS = (
    "m.n, m.id, coalesce(h.short, m.id), coalesce(m.title, ''), coalesce(m.kind, 'meeting'), m.begun, m.ended, "
    "coalesce(m.about, ''), coalesce(m.previous, ''), coalesce(m.created_by, ''), m.private"
)


def meetings(store: Store, *, limit: int = 500) -> list[Meeting]:
    """Return the meetings that are not in the trash, the latest first."""
    query = (
        f"SELECT {_COLUMNS} FROM p_meeting m LEFT JOIN handle h ON h.ent = m.n WHERE m.trashed = 0 "
        "ORDER BY coalesce(m.begun, '') DESC, m.id LIMIT ?"
    )
    found = _read(store, store.conn.execute(query, (limit,)).fetchall())
    return sorted(found, key=lambda row: (-row.begun, row.id))  # by the moment, whatever its offset


def meeting(store: Store, ent: str) -> Meeting | None:
    """Return one meeting, None where there is none of this id."""
    query = (
        f"SELECT {_COLUMNS} FROM entity e JOIN p_meeting m ON m.n = e.n LEFT JOIN handle h ON h.ent = m.n "
        "WHERE e.id = ? AND e.kind = 'meeting'"
    )
    found = _read(store, store.conn.execute(query, (ent,)).fetchall())
    return found[0] if found else None


def _read(store: Store, rows: Sequence[tuple[object, ...]]) -> list[Meeting]:
    numbers = [int(str(row[0])) for row in rows]
    departments = element_sets(store.conn, numbers, "departments")
    attendees = element_sets(store.conn, numbers, "attendees")
    return [
        Meeting(
            str(ent), str(short), str(title), str(kind), moment(begun) if begun else 0,
            moment(ended) if ended else 0, str(about), str(previous), str(by), bool(private),
            tuple(departments.get(n, ())), tuple(attendees.get(n, ())),
        )
        for n, (_n, ent, short, title, kind, begun, ended, about, previous, by, private) in zip(
            numbers, rows, strict=True
        )
    ]  # fmt: skip


def notes(store: Store, ent: str) -> list[Note]:
    """Return what was noted in a meeting, in the order it was written."""
    query = (
        "SELECT id, coalesce(text, ''), coalesce(created_by, ''), created_at FROM p_comment "
        'WHERE "on" = ? AND trashed = 0 ORDER BY created_at, id'
    )
    return [Note(*row) for row in store.conn.execute(query, (ent,))]


# How often departments meet


def pair_key(first: str, second: str) -> str:
    """Return what a pair of departments is called in `workspace.cadence`."""
    return ".".join(sorted((first, second)))


def set_cadence(change: Change, first: str, second: str, days: int | None) -> None:
    """Say how many days two departments let pass between meetings; None for no such wish."""
    change.set(change.store.workspace, {"cadence": {pair_key(first, second): days}})


def cadences(store: Store) -> dict[tuple[str, str], int]:
    """Return how many days each pair lets pass between meetings; what means nothing is passed over."""
    query = (
        "SELECT n.key, n.value FROM entity e JOIN entry n ON n.ent = e.n AND n.field = 'cadence' "
        "WHERE e.id = ? AND e.kind = 'workspace' ORDER BY n.key"
    )
    known = {ent for (ent,) in store.conn.execute("SELECT id FROM p_department WHERE trashed = 0")}
    found = {}
    for key, value in store.conn.execute(query, (store.workspace,)):
        first, _dot, second = key.partition(".")
        if value.isdecimal() and 0 < int(value) < 10_000 and first in known and second in known:
            found[first, second] = int(value)
    return found


def gaps(store: Store) -> list[Gap]:
    """Return how long ago each pair with a cadence met, the longest overdue first; never met comes before all."""
    wanted = cadences(store)
    if not wanted:
        return []
    query = (
        "SELECT a.value, b.value, m.begun FROM p_meeting m JOIN element a ON a.ent = m.n AND a.field = 'departments' "
        "JOIN element b ON b.ent = m.n AND b.field = 'departments' AND b.value > a.value "
        "WHERE m.trashed = 0 AND m.begun IS NOT NULL"
    )
    last: dict[tuple[str, str], int] = {}
    for first, second, begun in store.conn.execute(query):
        if (first, second) in wanted:
            last[first, second] = max(last.get((first, second), 0), moment(begun))
    today = store.today()
    found = []
    for (first, second), every in wanted.items():
        at = last.get((first, second))
        day = datetime.datetime.fromtimestamp(at / 1000).astimezone().date() if at else None
        found.append(Gap(first, second, every, max((today - day).days, 0) if day else None))
    return sorted(
        found, key=lambda gap: (gap.since is not None, gap.every - (gap.since or 0), gap.first, gap.second)
    )
