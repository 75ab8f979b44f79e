"""What departments need and what stands in their way: rows of a list, and counted by department and kind."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.heatmap import Counted, Heatmap, heatmap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store

SECTIONS = ("raised", "confirmed", "parked", "met")  # in the order in which one looks at them


class NeedRow(NamedTuple):
    """A need or challenge in a list; ids, '' for what is not set; `began` is the ISO day on which it was logged."""

    id: str
    short: str
    title: str
    sort: str
    kind: str
    department: str
    severity: int | None
    state: str
    private: bool
    divergences: int
    began: str
    items: int
    evidence: bool

    @property
    def open(self) -> bool:
        """Whether it is neither met nor parked; a state of a newer program is still to be looked at."""
        return self.state not in ("met", "parked")

    def days_open(self, today: datetime.date) -> int:
        """Return how many days ago it was logged; one logged by a clock that is ahead counts as today's."""
        return max((today - datetime.date.fromisoformat(self.began)).days, 0)


IS_WANTED = "coalesce(state, 'raised') NOT IN ('met', 'parked')"
_QUERY = (
    "SELECT i.id, coalesce(h.short, i.id), coalesce(i.title, ''), coalesce(i.sort, 'need'), "
    "coalesce(i.kind, 'other'), coalesce(i.department, ''), i.severity, coalesce(i.state, 'raised'), i.private, "
    "i.divergences, coalesce(i.created, ''), coalesce(i.created_at, 0), "
    "(SELECT count(*) FROM element e WHERE e.ent = i.n AND e.field = 'items'), coalesce(i.evidence, '') <> '' "
    "FROM p_need i LEFT JOIN handle h ON h.ent = i.n WHERE i.trashed = 0"
)


def need_rows(store: Store) -> list[NeedRow]:
    """Return every need and challenge that is not in the trash: by state, the most severe and then the oldest first."""
    found = [
        NeedRow._make((*row[:8], bool(row[8]), row[9], began_on(row[10], row[11]), row[12], bool(row[13])))
        for row in store.conn.execute(_QUERY)
    ]
    places = {state: place for place, state in enumerate(SECTIONS)}
    found.sort(
        key=lambda row: (places.get(row.state, 0), row.severity or 9, row.began, len(row.short), row.short)
    )
    return found


def open_need_count(store: Store) -> int:
    """Return how many needs and challenges are neither met nor parked."""
    query = f"SELECT count(*) FROM p_need WHERE trashed = 0 AND {IS_WANTED}"
    return int(store.conn.execute(query).fetchone()[0])


def need_heatmap(rows: Iterable[NeedRow], departments: Iterable[str]) -> Heatmap:
    """Return the open ones counted by kind and department; departments nobody knows come last."""
    counted = [Counted(row.id, row.department, row.kind, row.severity) for row in rows if row.open]
    return heatmap(counted, departments)


def began_on(created: str, created_at: int) -> str:
    """Return the ISO day on which something began: the original one where it was imported."""
    try:
        return datetime.date.fromisoformat(created[:10]).isoformat()
    except ValueError:
        pass
    try:
        return datetime.datetime.fromtimestamp(created_at / 1000).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return datetime.date.min.isoformat()
