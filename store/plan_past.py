"""The plan of another day, and what people said of how it changed since: nobody has to save a baseline."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.asof import as_of
from store.database import open_store
from store.plan import read_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Slot
    from store.database import Store


class Baseline(NamedTuple):
    """A moment with a name: its id, its title, and when it was (ms since the epoch)."""

    id: str
    title: str
    at: int


class ReasonCount(NamedTuple):
    """How often a reason was given, how many working days it cost, and its share of all days, or of all times."""

    reason: str
    count: int  # type: ignore[assignment]
    days: int
    share: float


def plan_as_of(home: str, at: int) -> Mapping[str, Slot]:
    """Return where every item lay in the plan as it was at `at` (ms since the epoch), reckoned from that day.

    Replays the log, so run it in a worker; opens the workspace for itself. Raises StoreError("older-history").
    """
    store = open_store(home)
    try:
        return slots_as_of(store, at)
    finally:
        store.close()


def slots_as_of(store: Store, at: int) -> Mapping[str, Slot]:
    """Return where every item lay in the plan as it was at `at`."""
    past = as_of(store, at)
    try:
        day = datetime.datetime.fromtimestamp(at / 1000).date()
        return read_plan(past, day.toordinal()).slots
    finally:
        past.close()


def baselines(store: Store) -> list[Baseline]:
    """Return the named baselines, the latest first."""
    query = "SELECT id, coalesce(title, ''), at FROM p_baseline WHERE trashed = 0 AND at IS NOT NULL"
    found = [Baseline(ent, title, instant(at)) for ent, title, at in store.conn.execute(query)]
    return sorted(found, key=lambda one: (-one.at, one.id))


def last_review(store: Store) -> int | None:
    """Return when the plan was last reviewed (ms since the epoch), None where it never was."""
    query = "SELECT at FROM p_review WHERE trashed = 0 AND at IS NOT NULL"
    moments = [instant(at) for (at,) in store.conn.execute(query)]
    now = store.now()
    # A review that a fast clock dated into the future compares with nothing yet.
    return max((at for at in moments if at <= now), default=None)


def instant(text: str) -> int:
    """Return an ISO instant in ms since the epoch, 0 for one that no clock can show."""
    try:
        return int(datetime.datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return 0


def reasons(store: Store, days: WorkingCalendar) -> list[ReasonCount]:
    """Return why the plan changed, by the working days it cost, the weightiest first (Pareto).

    Only delays count as days: what came sooner cost nobody any.
    """
    query = "SELECT coalesce(reason, ''), was, now FROM p_checkin WHERE trashed = 0 AND answer = 'moved'"
    counts: dict[str, list[int]] = {}
    for reason, was, now in store.conn.execute(query):
        row = counts.setdefault(reason, [0, 0])
        row[0] += 1
        if was and now and now > was:
            first = datetime.date.fromisoformat(was).toordinal() + 1
            row[1] += days.count(first, datetime.date.fromisoformat(now).toordinal())
    all_days = sum(cost for _, cost in counts.values())
    all_times = sum(count for count, _ in counts.values())
    found = [
        ReasonCount(reason, count, cost, cost / all_days if all_days else count / all_times)
        for reason, (count, cost) in counts.items()
    ]
    return sorted(found, key=lambda row: (-row.days, -row.count, row.reason))
