"""A plan of GanttProject becomes rows: one task a row, in the order of the file.

Tasks are nested, and a dependency stands with the predecessor and names the successor. A strong dependency moves the
task that waits, so its start is no decision; a rubber one lets it begin later, so it is.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store.imports.project import (
    MILESTONE,
    PlanTask,
    Predecessor,
    Span,
    day_of,
    driven,
    free_days,
    plan_source,
    progress_word,
)
from store.imports.source import GANTTPROJECT, Away, Person, Problem, Source
from store.imports.xml import text_of, whole
from store.schema import KINDS, LINK_TYPES

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SKIPPED = frozenset({"view", "previous", "previous-tasks", "roles", "timeline"})
_TYPES = {"1": "SS", "2": "FS", "3": "FF", "4": "SF"}
_RUBBER = "Rubber"
# The numbers of lowest, low, high and highest; 1 is normal.
_PRIORITIES = {"3": "P4", "0": "P3", "2": "P1", "4": "P0"}
_PLAIN_WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "0") | dict.fromkeys(("sat", "sun"), "1")
_MAX_LAG = int(KINDS["dependency"].fields["lag"].high or 0)
_YEARS_AROUND = 2  # for which days off that come every year are taken, besides those of the plan
_MOST_YEARS = 30


def is_gantt(root: Element) -> bool:
    """Return whether a document is a plan of GanttProject."""
    return root.tag == "project" and root.find("tasks") is not None


def read_gantt(root: Element, name: str, encoding: str) -> Source:
    """Return the plan as columns and rows; what cannot be read of a task is reported by the task's number."""
    return _Gantt(root).source(name, encoding)


class _Gantt:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.properties = {
            each.get("id", ""): each.get("name", "")
            for each in root.iterfind("tasks/taskproperties/taskproperty")
            if each.get("type") == "custom"
        }

    def source(self, name: str, encoding: str) -> Source:
        found = self._tasks()
        tasks = [task for task, _ in found]
        people = self._people()
        rubber = self._links(found)
        working = self._working(people)
        moved = driven(tasks, LINK_TYPES)
        for task, element in found:
            self._describe(task, element, working.get(element.get("id", ""), []))
            if not task.parts:
                free = task.key not in moved or task.key in rubber
                self._plan(task, element, keeps_start=free)
        return plan_source(
            name,
            GANTTPROJECT,
            encoding,
            tasks,
            people=list(people.values()),
            days=free_days(self._days(found)),
            absences=self._absences(people),
            problems=self.problems,
        )

    # Tasks

    def _tasks(self) -> list[tuple[PlanTask, Element]]:
        """Return the tasks with their places in the file, each behind the one it is a part of."""
        found: list[tuple[PlanTask, Element]] = []
        by_id: dict[str, PlanTask] = {}
        top = self.root.find("tasks")
        waiting = [(element, "") for element in reversed(top.findall("task"))] if top is not None else []
        number = 0
        while waiting:
            element, parent = waiting.pop()
            number += 1
            ident = element.get("id", "").strip()
            if ident and ident not in by_id:
                task = by_id[ident] = PlanTask(number, ident, parent)
                found.append((task, element))
                if parent:
                    by_id[parent].parts += 1
            else:
                value = ident or element.get("name", "")[:80]
                self.problems.append(Problem(number, "no-task-id", value=value))
                ident = parent  # its parts are no worse for it
            waiting += [(part, ident) for part in reversed(element.findall("task"))]
        return found

    def _describe(self, task: PlanTask, element: Element, working: list[str]) -> None:
        """Fill in what a task is, apart from when it is done."""
        cells = task.cells
        cells["Name"] = element.get("name", "")
        cells["Notes"] = text_of(element, "notes")
        cells["Priority"] = _PRIORITIES.get(element.get("priority", ""), "")
        cells["Responsible"] = [{"name": name} for name in working[:1]]
        cells["Resources"] = [{"name": name} for name in working[1:]]
        task.keep("Web link", element.get("webLink", ""))
        for each in element.iterfind("customproperty"):
            name = self.properties.get(each.get("taskproperty-id", ""))
            if name:
                task.keep(name, each.get("value", ""))

    @staticmethod
    def _plan(task: PlanTask, element: Element, *, keeps_start: bool) -> None:
        """Fill in when a task is done, as far as somebody decided that."""
        cells, start = task.cells, element.get("start", "")
        percent = whole(element.get("complete", ""))
        cells["Progress"] = progress_word(percent)
        if element.get("meeting") == "true":
            cells["Milestone"] = MILESTONE
        else:
            cells["Duration (days)"] = element.get("duration", "")
        if percent > 0 or keeps_start:
            cells["Start"] = start
        elif element.get("thirdDate-constraint") == "1":
            cells["Start"] = element.get("thirdDate", "")  # not before that day
        if 0 < percent < 100 and "Milestone" not in cells:
            days = whole(element.get("duration", "")) * (100 - percent) / 100
            cells["Remaining (hours)"] = round(days * 8, 2)

    # Links

    def _links(self, found: list[tuple[PlanTask, Element]]) -> set[str]:
        """Give each task its predecessors; returns the keys of those that may begin later than these ask for."""
        by_id = {task.key: task for task, _ in found}
        strong: set[str] = set()
        rubber: set[str] = set()
        for task, element in found:
            for link in element.iterfind("depend"):
                other = link.get("id", "").strip()
                kind = _TYPES.get(link.get("type", ""))
                lag = whole(link.get("difference", ""))
                if other not in by_id:
                    self.problems.append(Problem(task.row, "no-predecessor", "depend", other[:80]))
                elif kind is None:
                    self.problems.append(Problem(by_id[other].row, "unknown-link", "depend", task.key))
                elif abs(lag) > _MAX_LAG:
                    self.problems.append(Problem(by_id[other].row, "long-lag", "depend", task.key))
                else:
                    by_id[other].predecessors.append(Predecessor(task.key, kind, lag))
                    (rubber if link.get("hardness") == _RUBBER else strong).add(other)
        return rubber - strong

    # People and days

    def _people(self) -> dict[str, Person]:
        found: dict[str, Person] = {}
        for element in self.root.iterfind("resources/resource"):
            name, mail = element.get("name", "").strip(), element.get("contacts", "").strip()
            if name:
                found[element.get("id", "")] = Person(name, (mail,) if "@" in mail else ())
        return found

    def _working(self, people: dict[str, Person]) -> dict[str, list[str]]:
        """Return the names of who works on each task, by its id, the one responsible first."""
        found: dict[str, list[str]] = {}
        for element in self.root.iterfind("allocations/allocation"):
            person = people.get(element.get("resource-id", ""))
            if person:
                names = found.setdefault(element.get("task-id", ""), [])
                names.insert(0 if element.get("responsible") == "true" else len(names), person.name)
        return found

    def _absences(self, people: dict[str, Person]) -> list[Away]:
        """Return the vacations; the day on which one ends is worked on again, unless it is the only one."""
        found = []
        for element in self.root.iterfind("vacations/vacation"):
            person = people.get(element.get("resourceid", ""))
            first, end = day_of(element.get("start", "")), day_of(element.get("end", ""))
            if person and first and end and first <= end:
                last = max(first, end - datetime.timedelta(1))
                found.append(Away(person.name, first.isoformat(), last.isoformat(), ""))
        return found

    def _days(self, found: list[tuple[PlanTask, Element]]) -> list[Span]:
        """Return the calendar's days, those of every year for the years of the plan, and report a week unlike ours."""
        week = self.root.find("calendars/day-types/default-week")
        shown = self.root.find("calendars/day-types/only-show-weekends")
        if (week is not None and any(week.get(day, free) != free for day, free in _PLAIN_WEEK.items())) or (
            shown is not None and shown.get("value") == "true"
        ):
            self.problems.append(Problem(0, "other-week"))
        starts = [day for _, element in found if (day := day_of(element.get("start", "")))]
        years = range(min(starts).year, max(starts).year + 1 + _YEARS_AROUND) if starts else range(0)
        spans = []
        for element in self.root.iterfind("calendars/date"):
            written = element.get("year", "").strip()
            kind = element.get("type", "HOLIDAY")
            if kind not in ("HOLIDAY", "WORKING_DAY"):
                continue
            for year in (whole(written),) if written else years[:_MOST_YEARS]:
                try:
                    day = datetime.date(year, whole(element.get("month", "")), whole(element.get("date", "")))
                except ValueError:
                    if written:
                        self.problems.append(Problem(0, "odd-day", value=written[:80]))
                    continue
                spans.append(Span(day, day, kind == "WORKING_DAY", text_of(element)))
        return spans
