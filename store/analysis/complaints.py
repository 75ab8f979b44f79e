"""What is wrong with a plan that was reckoned: everything a person should look at, in one sorted list."""

from __future__ import annotations

from datetime import date
from itertools import compress
from operator import gt
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
    found += [Problem(LATE, ident) for ident in _late(columns)]
    found += [Problem(OUT_OF_RANGE, ident, "finish") for ident in _beyond(columns)]
    found += _outside(layout)
    found += _unpublished(layout)
    return sorted(found)


def complaint_count(layout: Layout) -> int:
    """Return how many problems a plan has: what stands beside the plan after every edit, when nobody reads them."""
    columns = layout.columns
    return (
        sum(map(len, layout.link_problems.values()))
        + sum(map(len, columns.problems.values()))
        + len(columns.clash)
        + len(_late(columns))
        + len(_beyond(columns))
        + sum(1 for _ in _outside(layout))
        + sum(1 for _ in _unpublished(layout))
    )


def _late(columns: Columns) -> list[str]:
    """Return what is planned to be done after the day it was promised for."""
    ids, over, mode = columns.ids, columns.over, columns.mode
    late = compress(range(len(ids)), map(gt, columns.shown_last, columns.due))
    return [ids[node] for node in late if not over[node] and mode[node] != GATE]


def _beyond(columns: Columns) -> list[str]:
    """Return what was pushed past the last day of all, where it stands now."""
    if max(columns.shown_last, default=0) < LAST:
        return []
    rows = zip(columns.shown_last, columns.open_finish, columns.ids, strict=True)
    return [ident for last, open_finish, ident in rows if last >= LAST and open_finish]


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
