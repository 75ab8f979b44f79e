"""What is wrong with a plan that was reckoned: everything a person should look at, in one sorted list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from store.analysis.calendars import LAST, ORIGIN
from store.analysis.columns import GATE
from store.analysis.outline import in_range
from store.analysis.plan import LATE, MAX_DAY, MIN_DAY, NO_DATA, OUT_OF_RANGE, PIN_TOO_EARLY, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

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
    """Yield the years for which weekends only are known, as far as unfinished work reaches into them.

    Calendars that know the same years, a country's and those of the people there, are told once, by the first name.
    """
    names = sorted({task.calendar for task in layout.tasks.values()})
    lacking = {name: layout.calendar(name).years for name in names}
    lacking = {name: years for name, years in lacking.items() if not _covers(years)}
    spans: dict[range, tuple[int, int]] = {}
    for name, (first, last) in _reach(layout, lacking).items():
        known = spans.get(lacking[name], (first, last))
        spans[lacking[name]] = min(first, known[0]), max(last, known[1])
    for years, (first, last) in spans.items():
        name = next(name for name in names if lacking.get(name) == years)
        for run in _runs(layout.calendar(name).unpublished(ORIGIN + first, ORIGIN + last)):
            yield Problem(NO_DATA, name, str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")


def _covers(years: range) -> bool:
    return date.fromordinal(MIN_DAY).year in years and date.fromordinal(MAX_DAY).year in years


def _reach(layout: Layout, names: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return the first and the last day of unfinished work in each of these calendars."""
    columns, tasks = layout.columns, layout.tasks
    reach: dict[str, tuple[int, int]] = {}
    rows = zip(columns.ids, columns.open_finish, columns.shown_first, columns.shown_last, strict=True)
    for ident, unfinished, first, last in rows if names else ():
        if unfinished:
            name = tasks[ident].calendar
            if name in names:
                known = reach.get(name)
                if known is None:
                    reach[name] = first, last
                elif first < known[0] or last > known[1]:
                    reach[name] = min(first, known[0]), max(last, known[1])
    return reach


def _runs(years: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return runs
