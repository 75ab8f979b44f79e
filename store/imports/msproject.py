"""A plan of Microsoft Project, saved as XML, becomes rows: one task a row, in the order of the file.

The format is Microsoft's MSPDI (*Project XML Data Interchange Schema*). Durations are spans of working time, a lag is
tenths of a minute or per cents, link types are numbers, the outline is levels, and task 0 is the project itself.
"""

from __future__ import annotations

import datetime
import math
import re
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from store.imports.msproject_calendar import Calendars
from store.imports.project import (
    MAX_DAYS,
    MILESTONE,
    START_TYPES,
    PlainWeek,
    PlanTask,
    Predecessor,
    day_of,
    driven,
    free_days,
    moment,
    plan_source,
    progress_word,
)
from store.imports.source import MSPROJECT, Away, Person, Problem, Source
from store.imports.xml import text_of, whole
from store.schema import KINDS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What no plan here has room for, and what makes up nine tenths of such a file.
SKIPPED = frozenset(
    {"TimephasedData", "Baseline", "Rates", "AvailabilityPeriods", "OutlineCodes", "OutlineCode", "WBSMasks", "Views"}
    | {"Filters", "Groups", "Tables", "Maps", "Reports", "Drawings", "DataLinks", "VBAProjects"}
)  # fmt: skip
LINK_TYPES = ("FF", "FS", "SF", "SS")
MUST_START, MUST_FINISH = 2, 3
AS_LATE_AS_POSSIBLE, NO_EARLIER, NO_LATER, FINISH_NO_EARLIER, FINISH_NO_LATER = 1, 4, 5, 6, 7
CONSTRAINTS = {
    AS_LATE_AS_POSSIBLE: "As late as possible", MUST_FINISH: "Must finish on", NO_LATER: "Start no later than",
    FINISH_NO_EARLIER: "Finish no earlier than", FINISH_NO_LATER: "Finish no later than",
}  # fmt: skip
# Formats of a duration or a lag. The same plus 32 says that the figure was estimated.
ELAPSED = frozenset(
    {4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52}
)  # counted by the clock, not in working time
PERCENT = frozenset({19, 20, 51, 52})
_SPAN = re.compile(r"(-?)P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?")
_MAX_LAG = int(KINDS["dependency"].fields["lag"].high or 0)
_WORK = 1  # a resource that is a person or a machine; the others are material and cost


class Assigned(NamedTuple):
    """A resource at work on a task."""

    name: str
    minutes: float


def is_project(root: Element) -> bool:
    """Return whether a document is a plan of Microsoft Project."""
    return root.tag == "Project" and root.find("Tasks") is not None


def read_project(root: Element, name: str, encoding: str) -> Source:
    """Return the plan as columns and rows; what cannot be read of a task is reported by the task's number."""
    return _Project(root).source(name, encoding)


class _Project:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.day_minutes = whole(text_of(root, "MinutesPerDay"), 480)
        if not 60 <= self.day_minutes <= 1_440:
            self.day_minutes = 480
        self.begins = text_of(root, "DefaultStartTime") or "08:00:00"
        self.begin = day_of(text_of(root, "StartDate"))
        self.calendars = Calendars(root, self.problems)
        self.days = free_days(self.calendars.project_spans())
        self.week = PlainWeek(self.days)
        self.fields = {
            text_of(field, "FieldID"): text_of(field, "Alias") or text_of(field, "FieldName")
            for field in root.iterfind("ExtendedAttributes/ExtendedAttribute")
        }

    def source(self, name: str, encoding: str) -> Source:
        resources = self._resources()
        people = {person.name: person for person, _ in resources.values()}
        found = self._tasks()
        tasks = [task for task, _ in found]
        elements = {task.key: element for task, element in found}
        assigned = self._assigned({uid: person.name for uid, (person, _) in resources.items()})
        for task, element in found:
            self._links(task, element, elements)
        moved = driven(tasks)
        for task, element in found:
            self._describe(task, element, assigned.get(task.key, []))
            if task.parts:
                self._plan_whole(task, element)
            else:
                self._plan(task, element, is_driven=task.key in moved)
        return plan_source(
            name,
            MSPROJECT,
            encoding,
            tasks,
            people=list(people.values()),
            days=self.days,
            absences=self._absences(resources),
            problems=self.problems,
        )

    # Tasks

    def _tasks(self) -> list[tuple[PlanTask, Element]]:
        """Return the tasks with the numbers people see; empty rows, and the project itself, are none."""
        found: list[tuple[PlanTask, Element]] = []
        seen: set[str] = set()
        above: list[tuple[int, PlanTask]] = []
        for number, element in enumerate(self.root.iterfind("Tasks/Task")):
            uid = text_of(element, "UID")
            if text_of(element, "IsNull") == "1" or uid == "0":
                continue
            row = whole(text_of(element, "ID"), number)
            if row <= 0 or (found and row <= found[-1][0].row):
                row = max(number, found[-1][0].row + 1 if found else 1)
            if not uid or uid in seen:
                self.problems.append(Problem(row, "no-task-id", value=uid or text_of(element, "Name")[:80]))
                continue
            seen.add(uid)
            level = max(whole(text_of(element, "OutlineLevel"), 1), 1)
            while above and above[-1][0] >= level:
                above.pop()
            task = PlanTask(row, uid, above[-1][1].key if above else "")
            if above:
                above[-1][1].parts += 1
            above.append((level, task))
            found.append((task, element))
        return found

    def _describe(self, task: PlanTask, element: Element, assigned: list[Assigned]) -> None:
        """Fill in what a task is, apart from when it is done."""
        cells = task.cells
        cells["Name"] = text_of(element, "Name")
        cells["Notes"] = text_of(element, "Notes")
        cells["Created"] = text_of(element, "CreateDate")
        cells["Deadline"] = text_of(element, "Deadline")
        cells["Inactive"] = "yes" if text_of(element, "Active") == "0" else ""
        level = whole(text_of(element, "Priority"), 500)
        cells["Priority"] = "" if level in (0, 500, 1_000) else "P1" if level > 500 else "P3"
        cells["Responsible"] = [{"name": each.name} for each in assigned[:1]]
        cells["Resources"] = [{"name": each.name} for each in assigned[1:]]
        task.keep("Hyperlink", text_of(element, "HyperlinkAddress"))
        for attribute in element.iterfind("ExtendedAttribute"):
            field = self.fields.get(text_of(attribute, "FieldID"))
            if field:
                task.keep(field, text_of(attribute, "Value"))

    def _plan_whole(self, task: PlanTask, element: Element) -> None:
        """Fill in when a task with parts is done: its parts decide that, but for the day it may begin."""
        if whole(text_of(element, "ConstraintType")) == NO_EARLIER:
            task.cells["Start"] = text_of(element, "ConstraintDate")

    def _plan(self, task: PlanTask, element: Element, *, is_driven: bool) -> None:
        """Fill in when a task is done, as far as somebody decided that."""
        cells, start = task.cells, text_of(element, "Start")
        percent = whole(text_of(element, "PercentComplete"))
        constraint = whole(text_of(element, "ConstraintType"))
        on = text_of(element, "ConstraintDate")
        cells["Progress"] = progress_word(percent)
        self._work(task, element, percent)
        self._duration(task, element)
        if constraint in CONSTRAINTS:
            task.keep("Constraint", f"{CONSTRAINTS[constraint]} {on[:10]}".strip())
        if constraint in (MUST_FINISH, FINISH_NO_LATER):
            cells["Deadline"] = cells["Deadline"] or on
        if percent > 0:  # when it began is a fact
            cells["Start"] = text_of(element, "ActualStart") or start
        elif text_of(element, "Manual") == "1":
            cells["Start"], cells["Start fixed"] = start, "yes" if start else ""
        elif constraint == MUST_START:
            cells["Start"], cells["Start fixed"] = on or start, "yes"
        elif constraint == MUST_FINISH:
            cells["Start"], cells["Start fixed"] = start, "yes"
        elif constraint == NO_EARLIER:
            cells["Start"] = on
        elif constraint in (AS_LATE_AS_POSSIBLE, FINISH_NO_EARLIER) or whole(
            text_of(element, "LevelingDelay")
        ):
            cells["Start"] = start  # later than its predecessors ask for
        elif not is_driven:
            # What waits with its finish alone begins with the project, unless that is too early.
            cells["Start"] = self.begin.isoformat() if task.predecessors and self.begin else start

    def _work(self, task: PlanTask, element: Element, percent: int) -> None:
        work = _minutes(text_of(element, "Work"))
        remaining = _minutes(text_of(element, "RemainingWork"))
        if work:
            task.cells["Work (hours)"] = round(work / 60, 4)
        if work and remaining is not None and 0 < percent < 100:
            task.cells["Remaining (hours)"] = round(remaining / 60, 4)
        elif not work and 0 < percent < 100:
            left = _minutes(text_of(element, "RemainingDuration"))
            if left is not None:
                task.cells["Remaining (hours)"] = round(left / 60, 4)

    def _duration(self, task: PlanTask, element: Element) -> None:
        """Fill in the duration in working days; a calendar of its own makes it as many as it lasts."""
        written = text_of(element, "Duration")
        minutes = _minutes(written)
        if minutes is None:
            if written:
                task.cells["Duration (days)"] = written  # reported as no number
            return
        if not minutes:
            task.cells["Milestone"] = MILESTONE
            return
        if text_of(element, "Milestone") == "1":
            task.keep("Marked as milestone", "yes")
        days = minutes / self.day_minutes
        lasts = self._lasts(element)
        elapsed = whole(text_of(element, "DurationFormat")) in ELAPSED
        if lasts and (elapsed or abs(lasts - math.ceil(days)) > 1):
            self.problems.append(Problem(task.row, "own-calendar", value=f"{days:g}"))
            task.keep("Duration", written)
            days = lasts
        task.cells["Duration (days)"] = round(days, 4)

    def _lasts(self, element: Element) -> int:
        """Return how many working days a task touches, from its start to its finish, 0 where the file does not say."""
        start, finish = moment(text_of(element, "Start")), moment(text_of(element, "Finish"))
        if not start or not finish:
            return 0
        last = finish.date()
        if finish.time().isoformat() <= self.begins:  # it ends where that day begins
            last -= datetime.timedelta(1)
        return self.week.count(start.date(), last)

    # Links

    def _links(self, task: PlanTask, element: Element, elements: dict[str, Element]) -> None:
        for link in element.iterfind("PredecessorLink"):
            uid = text_of(link, "PredecessorUID")
            kind = whole(text_of(link, "Type"), 1)
            if uid not in elements or text_of(link, "CrossProject") == "1":
                other = text_of(link, "CrossProjectName") or uid
                self.problems.append(Problem(task.row, "no-predecessor", "Predecessors", other[:80]))
            elif not 0 <= kind < len(LINK_TYPES):
                self.problems.append(Problem(task.row, "unknown-link", "Predecessors", uid))
            else:
                type_ = LINK_TYPES[kind]
                days = self._lag(link, type_, elements[uid])
                lag = math.floor(days) if type_ in START_TYPES else math.ceil(days)
                if abs(lag) > _MAX_LAG:
                    self.problems.append(Problem(task.row, "long-lag", "Predecessors", uid))
                    continue
                if lag != days:
                    self.problems.append(Problem(task.row, "lag-rounded", "Predecessors", f"{days:g}"))
                task.predecessors.append(Predecessor(uid, type_, lag))

    def _lag(self, link: Element, type_: str, predecessor: Element) -> float:
        """Return a lag in working days."""
        amount = whole(text_of(link, "LinkLag"))
        format_ = whole(text_of(link, "LagFormat"), 7)
        if format_ in PERCENT:
            days = amount / 100 * (_minutes(text_of(predecessor, "Duration")) or 0) / self.day_minutes
        elif format_ in ELAPSED:
            return self._elapsed_lag(amount / 14_400, type_, predecessor)
        else:
            days = amount / 10 / self.day_minutes
        return round(days, 4)

    def _elapsed_lag(self, days: float, type_: str, predecessor: Element) -> float:
        """Return the working days among days by the clock, counted from where the lag begins."""
        begins = day_of(text_of(predecessor, "Finish" if type_ in ("FS", "FF") else "Start"))
        if begins is None or not abs(days) <= _MAX_LAG:
            return round(days * 5 / 7, 4)
        if type_ in ("FS", "FF"):
            begins += datetime.timedelta(1)
        if days < 0:
            before = begins + datetime.timedelta(math.floor(days))
            return -self.week.count(before, begins - datetime.timedelta(1))
        return self.week.count(begins, begins + datetime.timedelta(math.floor(days) - 1))

    # People

    def _resources(self) -> dict[str, tuple[Person, str]]:
        """Return the resources that are no material, by UID, each with the UID of its calendar."""
        found: dict[str, tuple[Person, str]] = {}
        for element in self.root.iterfind("Resources/Resource"):
            name, mail = text_of(element, "Name"), text_of(element, "EmailAddress")
            if name and whole(text_of(element, "Type"), _WORK) == _WORK:
                person = Person(name, (mail,) if mail else ())
                found[text_of(element, "UID")] = (person, text_of(element, "CalendarUID"))
        return found

    def _assigned(self, names: dict[str, str]) -> dict[str, list[Assigned]]:
        """Return who works on each task, by its UID, whoever works most on it first."""
        found: dict[str, list[Assigned]] = defaultdict(list)
        for element in self.root.iterfind("Assignments/Assignment"):
            name = names.get(text_of(element, "ResourceUID"))
            if name:
                minutes = _minutes(text_of(element, "Work")) or 0
                found[text_of(element, "TaskUID")].append(Assigned(name, minutes))
        for assigned in found.values():
            assigned.sort(key=lambda each: -each.minutes)
        return found

    def _absences(self, resources: dict[str, tuple[Person, str]]) -> list[Away]:
        found = (
            Away(person.name, span.first.isoformat(), span.last.isoformat(), span.title)
            for person, calendar in resources.values()
            for span in self.calendars.own_spans(calendar)
            if not span.working
        )
        return list(islice(found, MAX_DAYS))


def _minutes(text: str) -> float | None:
    """Return the minutes of a span such as PT8H0M0S, None where it is none."""
    match = _SPAN.fullmatch(text)
    if not match or not any(match.groups()[1:]):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    total = days * 1_440 + hours * 60 + minutes + seconds / 60
    return -total if match[1] else total
