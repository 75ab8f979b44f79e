"""Which entities the days off and absences of a file are: derived ids, so that everybody's import makes them once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.imports import existing
from store.own_days import absence_id, day_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.database import Store
    from store.imports.source import Away, FreeDay, Source


class DayWork(NamedTuple):
    """A day off, or worked on all the same, with the entity it becomes; `hidden` is None where there is none yet."""

    id: str
    day: FreeDay
    hidden: bool | None


class AwayWork(NamedTuple):
    """Somebody's absence with the entity it becomes; `hidden` is None where there is none yet."""

    id: str
    away: Away
    member: str
    hidden: bool | None


def days_off(store: Store, source: Source) -> list[DayWork]:
    """Return the days that a file's calendar has for itself, with their entities."""
    ids = {day_id(store.workspace, day.date): day for day in source.days}
    hidden = existing.trashed(store.conn, "day", ids)
    return [DayWork(ident, day, hidden.get(ident)) for ident, day in ids.items()]


def absences(store: Store, source: Source, members: Mapping[str, str]) -> list[AwayWork]:
    """Return the absences of a file with their entities; `members` has the ids of people by the file's names."""
    found: dict[str, tuple[Away, str]] = {}
    for away in source.absences:
        member = members[away.person]
        found[absence_id(store.workspace, member, away.first, away.last)] = (away, member)
    hidden = existing.trashed(store.conn, "absence", found)
    return [AwayWork(ident, away, member, hidden.get(ident)) for ident, (away, member) in found.items()]
