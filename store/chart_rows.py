"""What a chart asks besides the plan itself: what has no date yet, what is disputed, where items stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.hits import narrowed
from store.plan_rows import CalendarKeys, local_day

if TYPE_CHECKING:
    from store.analysis.workload import Member
    from store.database import Store
    from store.filters import Filter

# An item that nobody has begun to plan, and that is still to do.
_UNDATED = (
    "i.start IS NULL AND i.due IS NULL AND i.duration IS NULL AND NOT EXISTS (SELECT 1 FROM p_status s "
    "WHERE s.id = i.status AND s.category = 'done') "
    "AND NOT EXISTS (SELECT 1 FROM p_dependency d WHERE d.predecessor = i.id AND d.trashed = 0) "
    "AND NOT EXISTS (SELECT 1 FROM p_dependency d WHERE d.successor = i.id AND d.trashed = 0)"
)


def tray(store: Store, where: Filter, limit: int) -> tuple[list[str], bool]:
    """Return items that wait for a date, the newest first, and whether there are more of them than the limit."""
    table, sql, parameters = narrowed(store, where, "item")
    query = f"SELECT i.id FROM {table} WHERE i.trashed = 0 AND {_UNDATED}{sql} ORDER BY i.n DESC LIMIT ?"
    ids = [ent for (ent,) in store.conn.execute(query, (*parameters, limit + 1))]
    return ids[:limit], len(ids) > limit


def disputed_items(store: Store) -> set[str]:
    """Return the items that an open conflict is about."""
    query = (
        "SELECT e.value FROM p_conflict c JOIN element e ON e.ent = c.n AND e.field = 'items' "
        "WHERE c.trashed = 0 AND c.state <> 'closed'"
    )
    return {item for (item,) in store.conn.execute(query)}


def matching_ids(store: Store, where: Filter) -> set[str]:
    """Return every item that a filter leaves."""
    table, sql, parameters = narrowed(store, where, "item")
    query = f"SELECT i.id FROM {table} WHERE {where.shown}{sql}"
    return {ent for (ent,) in store.conn.execute(query, parameters)}


def capacities(store: Store) -> dict[str, float]:
    """Return the hours a week that members have, of those who said."""
    return dict(
        store.conn.execute("SELECT id, capacity FROM p_member WHERE trashed = 0 AND capacity IS NOT NULL")
    )


def finished_days(store: Store) -> tuple[list[int], int | None]:
    """Return the day of every item that was finished, and the day on which the first item was made.

    What came in done says nothing of a pace.
    """
    query = (
        "SELECT i.moved_at FROM p_item i JOIN p_status s ON s.id = i.status "
        "WHERE i.trashed = 0 AND s.category = 'done' AND i.moved_at > i.created_at"
    )
    days = [day for (at,) in store.conn.execute(query) if (day := local_day(at)) is not None]
    first = store.conn.execute("SELECT min(created_at) FROM p_item").fetchone()[0]
    return days, None if first is None else local_day(first)


def people(store: Store) -> list[Member]:
    """Return the members whose hours a workload is measured against."""
    from store.analysis.capacity import HOURS_A_WEEK
    from store.analysis.workload import Member

    keys = CalendarKeys(store)
    query = "SELECT id, coalesce(capacity, ?), coalesce(department, '') FROM p_member WHERE trashed = 0 ORDER BY id"
    return [
        Member(ent, hours, keys.of(department, ent), department)
        for ent, hours, department in store.conn.execute(query, (HOURS_A_WEEK,))
    ]
