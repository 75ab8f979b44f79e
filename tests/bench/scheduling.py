"""Reckoning a whole plan, and what one edit does to it, which is what a person waits for who drags a bar.

The plan is that of a large programme: parents with their tasks, every type of link, lags and leads, milestones, work in
progress, and teammates who are away at times. Links lead to work planned soon after, as they do where people plan. Both
floors are absolute: what a person takes for at once, and one frame.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date

from store.analysis.calendars import WorkingCalendar, derived, working_calendar
from store.analysis.plan import Link, Task
from store.analysis.schedule import Schedule, schedule
from tests.bench.lab import Lab
from tests.bench.measure import FRAME_MS, Row, against, median, seconds

NAME = "schedule"
MOST = 10_000  # items of one plan
AT_ONCE_MS = 150.0
TODAY = date(2026, 11, 23).toordinal()
FAMILY = 20  # items: a parent and its parts
AHEAD = 1_000  # items: how far what waits is from what it waits for
EDITS = 40
_TYPES = ("FS", "FS", "FS", "FS", "FS", "FS", "SS", "SS", "FF", "SF")
_STATES = ("todo", "todo", "todo", "todo", "todo", "todo", "todo", "todo", "doing", "done")


def measure(lab: Lab) -> Iterator[Row]:
    """Yield a whole plan against what seems at once, and an edit against a frame."""
    tasks, links, calendars = programme(min(MOST, lab.largest))

    def whole() -> Schedule:
        return schedule(tasks, links, calendars, TODAY)

    plan = whole()
    times = [seconds(whole) * 1000 for _ in range(lab.sizes.schedules)]
    critical = sum(slot.critical for slot in plan.slots.values())
    yield against(
        "schedule",
        f"schedule {len(tasks):,} items, {len(links):,} dependencies",
        "ms",
        median(times),
        AT_ONCE_MS,
        values=times,
        bar=1.0,
        note=f"{critical:,} critical, {len(plan.problems):,} problems; floor: what seems at once",
    )
    edits, moved = _edits(plan, tasks)
    yield against(
        "reschedule",
        f"one edit of {len(tasks):,} scheduled items",
        "ms",
        median(edits),
        FRAME_MS,
        values=edits,
        bar=1.0,
        note=f"up to {max(moved):,} items move; edits that move the plan's end are not among these",
    )


def _edits(plan: Schedule, tasks: list[Task]) -> tuple[list[float], list[int]]:
    """Return what it takes to give a task a day more, and how many items each such edit moves."""
    draw = random.Random(7)
    parts = {ident for ident, slot in plan.slots.items() if not slot.is_parent}
    choices = [task for task in tasks if task.state == "todo" and task.id in parts]
    times, moved = [], []
    for task in draw.sample(choices, min(EDITS, len(choices))):
        longer = task._replace(duration=(task.duration or 1) + 1)
        start = time.perf_counter()
        after, others = plan.rescheduled({task.id: longer})
        took = (time.perf_counter() - start) * 1000
        if after.finish == plan.finish:
            times.append(took)
            moved.append(len(others))
    return times or [0.01], moved or [0]


def programme(count: int) -> tuple[list[Task], list[Link], dict[str, WorkingCalendar]]:
    """Return the items, the dependencies (twice as many) and the calendars of a plan."""
    draw = random.Random(11)
    china = working_calendar("CN")
    calendars = {"": china}
    for member in range(12):
        away = [TODAY + draw.randrange(-30, 500) for _ in range(15)]
        calendars[f"member-{member}"] = derived(china, away)
    tasks = [_item(draw, number) for number in range(count)]
    links = [_link(draw, number, count) for number in range(2 * count)]
    return tasks, links, calendars


def _item(draw: random.Random, number: int) -> Task:
    if number % FAMILY == 0:
        return Task(f"item-{number}", title=f"parent {number}")
    state = draw.choice(_STATES)
    return Task(
        f"item-{number}",
        start=TODAY + draw.randrange(-20, 300) if draw.random() < 0.2 else None,
        due=TODAY + draw.randrange(900) if draw.random() < 0.1 else None,
        duration=draw.randrange(1, 9) if draw.random() < 0.7 else None,
        effort=draw.randrange(4, 40) if draw.random() < 0.5 else None,
        state=state,
        finished=TODAY - draw.randrange(1, 60) if state == "done" else None,
        milestone=draw.random() < 0.03,
        parent=f"item-{number // FAMILY * FAMILY}" if draw.random() < 0.6 else "",
        calendar=f"member-{draw.randrange(12)}",
    )


def _link(draw: random.Random, number: int, count: int) -> Link:
    """Return a link between two tasks, the earlier one first, or now and then between two parents."""
    reach = min(AHEAD, count // 4)
    first = draw.randrange(count - reach - FAMILY)
    if draw.random() < 0.01:
        first -= first % FAMILY
        second = first + FAMILY * draw.randrange(1, reach // FAMILY + 1)
        kind = "FS"
    else:
        first += first % FAMILY == 0
        second = first + draw.randrange(1, reach)
        second += second % FAMILY == 0
        kind = draw.choice(_TYPES)
    lag = draw.choice((0, 0, 0, 0, 1, 2, -1))
    return Link(f"link-{number}", f"item-{first}", f"item-{second}", kind, lag, (number, ""))
