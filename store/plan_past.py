"""The plan of another day, and what people said of how it changed since: nobody has to save a baseline."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.preview import working_days_later
from store.analysis.variance import Cause, Variance, compare, pareto
from store.analysis.variance import Plan as At
from store.asof import as_of
from store.database import open_store
from store.errors import StoreError
from store.plan import read_plan

if TYPE_CHECKING:
    from store.analysis.calendars import WorkingCalendar
    from store.change import Change
    from store.database import Store
    from store.plan import Plan


class Baseline(NamedTuple):
    """A moment with a name: its id, its title, and when it was (ms since the epoch)."""

    id: str
    title: str
    at: int


def plan_as_of(home: str, at: int) -> Plan:
    """Return the plan as it was at `at` (ms since the epoch), reckoned from that day.

    Replays the log, so run it in a worker; opens the workspace for itself. Raises StoreError("older-history").
    """
    store = open_store(home)
    try:
        return past_plan(store, at)
    finally:
        store.close()


def past_plan(store: Store, at: int) -> Plan:
    """Return the plan as it was at `at`, by the log of an open workspace."""
    past = as_of(store, at)
    try:
        return read_plan(past, datetime.datetime.fromtimestamp(at / 1000).date().toordinal())
    finally:
        past.close()


def drifted(before: Plan, now: Plan) -> Variance:
    """Return what became of a plan: by item, by department, and for its end."""
    was = At(before.tasks, before.slots, before.schedule.finish)
    return compare(was, At(now.tasks, now.slots, now.schedule.finish), now.calendars)


def baselines(store: Store) -> list[Baseline]:
    """Return the named baselines, the latest first."""
    query = "SELECT id, coalesce(title, ''), at FROM p_baseline WHERE trashed = 0 AND at IS NOT NULL"
    found = [Baseline(ent, title, instant(at)) for ent, title, at in store.conn.execute(query)]
    return sorted(found, key=lambda one: (-one.at, one.id))


def baseline_named(store: Store, name: str) -> Baseline:
    """Return the latest baseline of a name, whatever its case.

    Raises StoreError unknown-name where there is none.
    """
    known = baselines(store)
    for one in known:
        if one.title.casefold() == name.strip().casefold():
            return one
    titles = ", ".join(dict.fromkeys(one.title for one in known)) or "-"
    raise StoreError("unknown-name", field="baseline", value=name, known=titles)


def save_baseline(change: Change, title: str, at: int) -> str:
    """Give the plan of a moment (ms since the epoch) a name, within a change; returns the baseline's id."""
    moment = datetime.datetime.fromtimestamp(at / 1000).astimezone().isoformat(timespec="milliseconds")
    return change.create("baseline", {"title": title, "at": moment})


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


def explained(store: Store, item: str) -> set[int]:
    """Return the last days that an item was moved to with a reason given, whoever gave it."""
    query = (
        "SELECT now FROM p_checkin WHERE trashed = 0 AND answer = 'moved' AND item = ? AND now IS NOT NULL"
    )
    return {datetime.date.fromisoformat(day).toordinal() for (day,) in store.conn.execute(query, (item,))}


def reasons(store: Store, days: WorkingCalendar) -> list[Cause]:
    """Return why the plan changed, by the working days it cost, the weightiest first."""
    query = "SELECT coalesce(reason, ''), was, now FROM p_checkin WHERE trashed = 0 AND answer = 'moved'"
    given = []
    for reason, was, now in store.conn.execute(query):
        if was and now:
            before, after = (datetime.date.fromisoformat(day).toordinal() for day in (was, now))
            given.append((reason, working_days_later(days, before, after)))
        else:
            given.append((reason, 0))
    return pareto(given)
