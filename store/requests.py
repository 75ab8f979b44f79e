"""Requests for hours: rows of a list, and what becomes of one, each inside a change, which is one undo."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.requests import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.change import Change
    from store.database import Store

SECTIONS = ("asked for", "granted", "refused", "withdrawn")
ASKED_FOR, GRANTED, REFUSED, WITHDRAWN = SECTIONS


class RequestRow(NamedTuple):
    """A request for hours; ids for people, departments and items, ISO days, '' for what is not set."""

    id: str
    short: str
    title: str
    skill: str
    hours: float | None
    first: str
    last: str
    asks: str  # the department that asks
    gives: str  # and the one that is asked
    member: str
    item: str
    state: str
    reason: str
    private: bool
    divergences: int

    @property
    def open(self) -> bool:
        """Whether nobody has said yes or no; a state of a newer program is still to be looked at."""
        return self.state not in (GRANTED, REFUSED, WITHDRAWN)

    @property
    def asked(self) -> Asked:
        """What reckoning with it takes."""
        return Asked(self.id, self.hours, _ordinal(self.first), _ordinal(self.last), self.item, self.member)


_QUERY = (
    "SELECT i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.skill, ''), i.hours, "
    "coalesce(i.first, ''), coalesce(i.last, ''), coalesce(i.from_department, ''), coalesce(i.to_department, ''), "
    "coalesce(i.member, ''), coalesce(i.item, ''), coalesce(i.state, 'asked for'), coalesce(i.reason, ''), "
    "i.private, i.divergences FROM p_request i LEFT JOIN handle h ON h.ent = i.n WHERE i.trashed = 0"
)


def request_rows(store: Store) -> list[RequestRow]:
    """Return every request that is not in the trash: by state, the soonest first."""
    found = [RequestRow._make((*row[:13], bool(row[13]), row[14])) for row in store.conn.execute(_QUERY)]
    places = {state: place for place, state in enumerate(SECTIONS)}
    found.sort(key=lambda row: (places.get(row.state, 0), row.first or row.last or "~", row.short, row.id))
    return found


def request_row(store: Store, ent: str) -> RequestRow | None:
    """Return one request, None where there is none of this id."""
    row = store.conn.execute(f"{_QUERY} AND i.id = ?", (ent,)).fetchone()
    return None if row is None else RequestRow._make((*row[:13], bool(row[13]), row[14]))


def open_request_count(store: Store) -> int:
    """Return how many requests wait for an answer."""
    query = "SELECT count(*) FROM p_request WHERE trashed = 0 AND coalesce(state, 'asked for') = 'asked for'"
    return int(store.conn.execute(query).fetchone()[0])


def granted(rows: Iterable[RequestRow]) -> list[Asked]:
    """Return the requests that somebody has promised hours to."""
    return [row.asked for row in rows if row.state == GRANTED]


def grant(change: Change, ent: str, member: str) -> None:
    """Let a member give the hours. Raises wrong-kind."""
    change.require(ent, "request")
    change.set(ent, {"state": GRANTED, "member": member or None, "reason": None})


def refuse(change: Change, ent: str, why: str = "") -> None:
    """Say no, and why. Raises wrong-kind."""
    change.require(ent, "request")
    change.set(ent, {"state": REFUSED, "reason": why or None})


def withdraw(change: Change, ent: str, why: str = "") -> None:
    """Take a request back, and why. Raises wrong-kind."""
    change.require(ent, "request")
    change.set(ent, {"state": WITHDRAWN, "reason": why or None})


def _ordinal(day: str) -> int | None:
    try:
        return datetime.date.fromisoformat(day).toordinal()
    except ValueError:
        return None
