"""Real plans of GanttProject and Microsoft Project: reckoned again here, every date comes out as the tool's own.

Of the 72 tasks one, named below, comes with the days it lasts instead of its hours: who does it works in a night shift.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from store import undo
from store.analysis.schedule import schedule
from store.database import Store
from store.imports import ImportReport, Preview, load, preview, read
from store.plan_rows import plan_links, plan_tasks, working_calendars
from tests.integration.test_import_real import real

FILES = {
    "ganttproject/uba-gti.gan": (37, 30),
    "msproject/mpxj-sample.xml": (19, 6),
    "msproject/mpxj-task-links-2019.xml": (16, 8),
}
# By file, tasks whose length the tool reckons with calendars of people: its days were taken, and that was said.
NIGHT_SHIFT = {"msproject/mpxj-sample.xml": {"2"}}


class Dates(NamedTuple):
    """The first and the last day of a task."""

    first: datetime.date
    last: datetime.date


def tool_dates(name: str) -> dict[str, Dates]:
    """Return the days of each task as its tool has them, by the key it gives the task."""
    root = ElementTree.parse(real(name)).getroot()
    if name.endswith(".gan"):
        return {
            task.attrib["id"]: _from_length(task.attrib["start"], int(task.attrib["duration"]))
            for task in root.iter("task")
        }
    space = "{http://schemas.microsoft.com/project}"
    found = {}
    for task in root.iter(f"{space}Task"):
        start = datetime.datetime.fromisoformat(task.findtext(f"{space}Start", ""))
        finish = datetime.datetime.fromisoformat(task.findtext(f"{space}Finish", ""))
        last = finish.date()
        if finish.hour <= 8 and finish > start:  # it ends before that day begins
            last -= datetime.timedelta(1)
        found[task.findtext(f"{space}UID", "")] = Dates(start.date(), last)
    return found


def _from_length(start: str, days: int) -> Dates:
    first = last = datetime.date.fromisoformat(start)
    while days > 1:
        last += datetime.timedelta(1)
        days -= last.weekday() < 5
    return Dates(first, last)


def bring_in(store: Store, name: str) -> tuple[Preview, ImportReport]:
    seen = preview(store, read(str(real(name))), zone=datetime.UTC)
    return seen, load(store, seen)


def our_dates(store: Store, *, pins: bool = True) -> dict[str, Dates]:
    """Return the days of each task as they are reckoned here, by the key that its tool gives it."""
    tasks = plan_tasks(store)
    if not pins:
        waiting = {link.successor for link in plan_links(store)}
        tasks = [
            task._replace(pinned=False, start=None if task.id in waiting else task.start) for task in tasks
        ]
    begins = min(task.start for task in tasks if task.start)
    made = schedule(tasks, plan_links(store), working_calendars(store, tasks), begins)
    assert made.problems == []
    keys = dict(store.conn.execute("SELECT id, source FROM p_item"))
    return {
        keys[ent].partition(" ")[0].partition(":")[2]: Dates(
            datetime.date.fromordinal(slot.start), datetime.date.fromordinal(slot.finish)
        )
        for ent, slot in made.slots.items()
    }


@pytest.mark.parametrize(("name", "tasks", "links"), [(name, *counts) for name, counts in FILES.items()])
def test_every_task_and_link_comes_in_once_and_only_once(
    store: Store, name: str, tasks: int, links: int
) -> None:
    seen, report = bring_in(store, name)
    assert (seen.rows, seen.items, seen.links) == (tasks, tasks, links)
    assert (report.created, report.links, report.lost) == (tasks, links, 0)
    assert len(plan_links(store)) == links
    _, again = bring_in(store, name)
    assert (again.unchanged, again.created, again.updated, again.links) == (tasks, 0, 0, 0)
    undo.undo(store)
    assert plan_tasks(store) == plan_links(store) == []


@pytest.mark.parametrize("name", FILES)
def test_every_date_comes_out_as_the_tools_own(store: Store, name: str) -> None:
    expected = tool_dates(name)
    expected.pop("0" if name.endswith(".xml") else "", None)  # the project itself
    _, report = bring_in(store, name)
    assert our_dates(store) == expected
    assert {problem.code for problem in report.problems} == (
        {"own-calendar"} if name in NIGHT_SHIFT else set()
    )
    rows = [problem.row for problem in report.problems]
    assert rows == [2] * len(NIGHT_SHIFT.get(name, ()))


def test_links_alone_give_the_dates_of_tasks_that_were_scheduled_by_hand(store: Store) -> None:
    """In this file all four types of links, lags and leads stand between tasks that the tool no longer moves."""
    name = "msproject/mpxj-task-links-2019.xml"
    bring_in(store, name)
    assert all(task.pinned for task in plan_tasks(store))
    expected = tool_dates(name)
    del expected["0"]
    assert our_dates(store, pins=False) == expected
