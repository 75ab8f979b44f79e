"""The conflicts of a workspace in one look: what a list of them, a matrix and their follow-up need."""

from __future__ import annotations

import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.conflict_matrix import Counted, Pair, matrix
from store.analysis.conflict_steps import SECTIONS, score, section
from store.conflicts import reopenings
from store.layouts import decode

if TYPE_CHECKING:
    from store.database import Store


class ConflictRow(NamedTuple):
    """A conflict in a list: days are ISO days, `began` is when it was logged, `checked` how many sides have checked."""

    id: str
    short: str
    title: str
    state: str
    severity: int | None
    root_cause: str
    decider: str
    escalated_to: str
    follow_up: str
    began: str
    private: bool
    divergences: int
    parties: tuple[str, ...]
    checked: int
    reopened: int

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self.state == "closed"

    def days_open(self, today: datetime.date) -> int:
        """Return how many days ago it was logged; one logged by a clock that is ahead counts as today's."""
        return max((today - datetime.date.fromisoformat(self.began)).days, 0)


_CONFLICTS = (
    "SELECT i.n, i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.state, ''), i.severity, "
    "coalesce(i.root_cause, ''), coalesce(i.decider, ''), coalesce(i.escalated_to, ''), coalesce(i.follow_up, ''), "
    "coalesce(i.created, ''), i.created_at, i.private, i.divergences "
    "FROM p_conflict i NOT INDEXED LEFT JOIN handle h ON h.ent = i.n WHERE i.trashed = 0"
)
_PARTIES = "SELECT value, ent FROM element WHERE field = 'parties' ORDER BY value"
_CHECKS = (
    "SELECT e.ent, e.key, e.value FROM p_conflict i JOIN entry e ON e.ent = i.n AND e.field = 'check' "
    "WHERE i.trashed = 0"
)


def conflict_rows(store: Store) -> list[ConflictRow]:
    """Return every conflict that is not in the trash, by what comes next, the longest open first."""
    parties = _parties(store)
    checked: dict[int, int] = {}
    for number, side, text in store.conn.execute(_CHECKS):
        if score(decode(text)) is not None and side in parties.get(number, ()):
            checked[number] = checked.get(number, 0) + 1
    back = reopenings(store)
    today = store.today().isoformat()
    places = {name: place for place, name in enumerate(SECTIONS)}
    days: dict[int, str] = {}
    found: list[tuple[str, ConflictRow]] = []  # sorted by one text each: thousands of tuples compare slowly
    for row in store.conn.execute(_CONFLICTS):
        number, ent, _, _, state, severity, _, _, _, follow_up, created, created_at, private, divergences = (
            row
        )
        began = _day(created) if created else ""
        if not began:
            quarter = (created_at or 0) // 900_000  # no clock of the world is off by less, so its day is one
            began = days.get(quarter) or days.setdefault(quarter, _day_of(created_at or 0))
        sides = tuple(parties.get(number, ()))
        made = ConflictRow._make(
            (*row[1:10], began, bool(private), divergences, sides, checked.get(number, 0), back.get(ent, 0))
        )
        found.append((f"{places[section(state, follow_up, today)]}{began}{severity or 9}{ent}", made))
    found.sort(key=itemgetter(0))
    return [row for _, row in found]


def _parties(store: Store) -> dict[int, list[str]]:
    """Return the sides of each conflict by its number, in the workspace's order: they come side by side."""
    by_side: dict[str, list[int]] = {}
    for party, number in store.conn.execute(_PARTIES):
        by_side.setdefault(party, []).append(number)
    known = "SELECT id FROM p_department WHERE trashed = 0 ORDER BY rank, id"
    order = dict.fromkeys(party for (party,) in store.conn.execute(known))
    found: dict[int, list[str]] = {}
    for party in (*order, *(party for party in by_side if party not in order)):
        for number in by_side.get(party, ()):
            found.setdefault(number, []).append(party)
    return found


def conflict_matrix(rows: list[ConflictRow]) -> list[Pair]:
    """Return the pairs of departments that have conflicts, with the ids of those that are open, closed, reopened."""
    return matrix(Counted(row.id, row.parties, row.closed, row.reopened) for row in rows)


def _day(created: str) -> str:
    try:
        return datetime.date.fromisoformat(created[:10]).isoformat() if created else ""
    except ValueError:
        return ""


def _day_of(at: int) -> str:
    try:
        return datetime.datetime.fromtimestamp(at / 1000).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return datetime.date.min.isoformat()
