"""Days that matter to a department or to all: a trade fair, the end of a quarter, a freeze.

Ids are derived from what is said, so that two replicas that write down one day make one entity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.ops import derived_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from store.change import Change
    from store.database import Store


class KeyDate(NamedTuple):
    """A day and what it is; department '' where it matters to all."""

    id: str
    title: str
    date: str
    department: str


def key_date_id(workspace: str, title: str, day: str, department: str = "") -> str:
    """Return the id of a key date."""
    return derived_id(workspace, "key date", department, day, title.strip())


def add_key_date(change: Change, title: str, day: date, *, department: str = "") -> str:
    """Write down a key date and return its id; one in the trash comes out of it."""
    ent = key_date_id(change.store.workspace, title, day.isoformat(), department)
    if change.number("key_date", ent):
        change.set(ent, {"title": title.strip(), "date": day.isoformat(), "department": department or None})
        change.restore(ent)
        return ent
    fields: dict[str, object] = {"title": title.strip(), "date": day.isoformat()}
    if department:
        fields["department"] = department
    return change.create("key_date", fields, ent=ent)


def key_dates(store: Store) -> list[KeyDate]:
    """Return every key date that is not in the trash, the soonest first."""
    query = (
        "SELECT id, coalesce(title, ''), coalesce(date, ''), coalesce(department, '') FROM p_key_date "
        "WHERE trashed = 0 ORDER BY date, title, id"
    )
    return [KeyDate._make(row) for row in store.conn.execute(query)]


def upcoming(rows: Iterable[KeyDate], today: date) -> list[KeyDate]:
    """Return those that are today or still to come."""
    now = today.isoformat()
    return [row for row in rows if row.date >= now]
