"""What is wrong with a plan that was reckoned: everything a person should look at, in one sorted list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.calendars import LAST, ORIGIN
from store.analysis.columns import DONE, GATE, GONE, SPAN
from store.analysis.outline import in_range
from store.analysis.plan import LATE, NO_DATA, OUT_OF_RANGE, PIN_TOO_EARLY, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.analysis.columns import Columns
    from store.analysis.layout import Layout


def complaints(layout: Layout) -> list[Problem]:
    """Return all problems of a plan, the same list however it was arrived at."""
    columns = layout.columns
    found = [problem for problems in layout.link_problems.values() for problem in problems]
    found += [problem for problems in columns.problems.values() for problem in problems]
    found += [Problem(PIN_TOO_EARLY, columns.ids[node], link) for node, link in columns.clash.items()]
    found += _late(columns)
    found += _beyond(columns)
    found += _outside(layout)
    found += _unpublished(layout)
    return sorted(found)


def _late(columns: Columns) -> Iterator[Problem]:
    rows = zip(columns.shown_last, columns.due, columns.over, columns.mode, columns.ids, strict=True)
    for last, due, over, mode, ident in rows:
        if last > due and not over and mode != GATE:
            yield Problem(LATE, ident)


def _beyond(columns: Columns) -> Iterator[Problem]:
    """Yield what was pushed past the last day of all, where it stands now."""
    for ident, last, open_finish in zip(columns.ids, columns.shown_last, columns.open_finish, strict=True):
        if open_finish and last >= LAST:
            yield Problem(OUT_OF_RANGE, ident, "finish")


def _outside(layout: Layout) -> Iterator[Problem]:
    """Yield what waits for a date because the one it has is none."""
    for ident in layout.unplaced:
        for field in ("start", "due"):
            day = getattr(layout.tasks[ident], field)
            if day is not None and not in_range(day):
                yield Problem(OUT_OF_RANGE, ident, field)


def _unpublished(layout: Layout) -> Iterator[Problem]:
    """Yield each calendar's years for which it knows weekends only, as far as unfinished work reaches into them."""
    columns = layout.columns
    spans: dict[str, tuple[int, int]] = {}
    for ident, mode, over, first, last in zip(
        columns.ids, columns.mode, columns.over, columns.shown_first, columns.shown_last, strict=True
    ):
        if mode not in (DONE, GATE, SPAN, GONE) and not over:
            name = layout.tasks[ident].calendar
            known = spans.get(name, (first, last))
            spans[name] = min(first, known[0]), max(last, known[1])
    for name, (first, last) in spans.items():
        years = layout.calendar(name).unpublished(ORIGIN + first, ORIGIN + last)
        for run in _runs(years):
            yield Problem(NO_DATA, name, str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")


def _runs(years: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return runs
