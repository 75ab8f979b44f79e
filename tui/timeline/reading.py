"""What a chart shows, read from a store: on the spot, or, of a large plan, by a thread beside an open screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.chart_rows import disputed_items, matching_ids, tray
from store.database import open_store
from store.filters import EVERYTHING
from store.plan import Plan, read_plan
from store.uncollected import uncollected
from tui.timeline.source import Choice, Rows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.database import Store
    from store.filters import Filter

TRAY_MOST = 500  # items of the tray that are listed; a filter finds the others


class Asked(NamedTuple):
    """Which rows are asked for: what a filter leaves, grouped by something, the groups in an order, some folded."""

    where: Filter
    by: str
    order: Sequence[str]
    folded: Collection[str]


class About(NamedTuple):
    """What is known besides a plan: the tray, who disagrees about what, the filter's items (None: all)."""

    tray: Sequence[str] = ()
    tray_goes_on: bool = False
    disputed: Collection[str] = ()
    matching: Collection[str] | None = None

    def choice(self, asked: Asked) -> Choice:
        """Return how the rows are chosen."""
        return Choice(asked.by, asked.folded, self.matching, self.tray, self.tray_goes_on)


class Chart(NamedTuple):
    """A plan with the rows that were asked for."""

    plan: Plan
    about: About
    asked: Asked
    rows: Rows


def read_about(store: Store, asked: Asked, *, whole: bool) -> About:
    """Return what is known besides a plan; of one that is not read to its end, nobody looks at the tray."""
    waiting, goes_on = tray(store, asked.where, TRAY_MOST) if whole else ([], False)
    return About(
        waiting,
        goes_on,
        disputed_items(store),
        matching_ids(store, asked.where) if asked.where != EVERYTHING else None,
    )


def read_chart(home: str, today: int, asked: Asked) -> Chart:
    """Return the chart of a home, read on a connection of its own: for a thread beside an open app.

    Raises StoreError where the home cannot be read.
    """
    store = open_store(home)
    try:
        with uncollected():
            plan = read_plan(store, today)
            about = read_about(store, asked, whole=True)
            return Chart(plan, about, asked, Rows.of(plan, asked.order, about.choice(asked)))
    finally:
        store.close()
