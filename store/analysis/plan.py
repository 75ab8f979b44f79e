"""What a schedule is reckoned from and what comes out of it: plain rows, one vocabulary for all of `store.analysis`.

**Days** are proleptic ordinals (`datetime.date.toordinal`). A task takes whole days and both its first and its last day
are worked on. **Boundaries** are ordinals too and mean the beginning of that day: a task whose last day is `d` finishes
at boundary `d + 1`. A milestone has no duration, so its start and its finish are one boundary.

**Links** are those of the precedence diagramming method (Fondahl 1961; PMI, *Practice Standard for Scheduling*): with
boundaries s and f and a lag of n working days of the successor's calendar,

    FS  s(successor) >= f(predecessor) + n        SS  s(successor) >= s(predecessor) + n
    FF  f(successor) >= f(predecessor) + n        SF  f(successor) >= s(predecessor) + n
"""

from __future__ import annotations

from typing import NamedTuple

# The days a plan may hold, 1970-01-01 to 2200-12-31; a date outside counts as none and is reported.
MIN_DAY = 719_163
MAX_DAY = 803_533
MAX_DURATION = 10_000  # working days
MAX_LAG = 10_000  # working days, either way

LINK_TYPES = ("FS", "SS", "FF", "SF")

# Why a part of a plan is not what somebody wrote: the codes of `Problem`.
CYCLE = "cycle"  # a link left out because it closes a circle
SELF_LINK = "self-link"  # a link of a task, or of a parent and its own part
NO_SUCH_TASK = "no-such-task"  # a link to a task that is deleted or has not arrived
ON_PARENT = "on-parent"  # a link to the finish of a parent, which its children decide
END_BEFORE_START = "end-before-start"  # due before start: the start stands
OUT_OF_RANGE = "out-of-range"  # a date outside the days a plan may hold, a duration or lag beyond its bound
NO_DATA = "no-data"  # a year whose public holidays are not published: weekends only are free
PIN_TOO_EARLY = "pin-too-early"  # pinned by hand before what it waits for is finished
LATE = "late"  # planned to finish after the day it was promised for


class Task(NamedTuple):
    """One item as the schedule needs it; everything is optional but the id."""

    id: str
    start: int | None = None  # not before this day; for a pinned task exactly this day
    due: int | None = (
        None  # the last day it was promised for; without a duration it also says how long it takes
    )
    duration: int | None = None  # working days
    effort: float | None = None  # hours
    remaining: float | None = None  # hours still to do
    state: str = "todo"  # the category of its status: todo, doing or done
    finished: int | None = None  # the day it became done
    milestone: bool = False
    pinned: bool = False
    parent: str = ""
    calendar: str = ""  # which calendar its days are counted in
    hours: float = 8.0  # hours a working day that go into it
    owner: str = ""
    department: str = ""
    goal: str = ""
    title: str = ""
    status: str = ""


class Link(NamedTuple):
    """One dependency. `order` is when and by whom it was made: of a circle the latest link is left out, everywhere."""

    id: str
    predecessor: str
    successor: str
    type: str = "FS"
    lag: int = 0  # working days, negative for a lead
    order: tuple[int, str] = (0, "")


class Slot(NamedTuple):
    """Where a task stands in the schedule: days it is worked on, both included, and how far it may slip.

    `late_start` and `late_finish` are the latest days that delay nothing; floats count working days. `driver` is the
    id of the link that decides the start, "own" for its own date, "today" for work that cannot lie in the past,
    "parent" for a date of the parent, "pin" for a date fixed by hand and "done" for what is finished.
    """

    start: int
    finish: int
    late_start: int
    late_finish: int
    total_float: int
    free_float: int
    critical: bool
    driver: str
    duration: int  # working days, 0 for a milestone
    is_parent: bool = False


class Problem(NamedTuple):
    """Something a person should look at: its code, the task or link it is about, and what else it concerns."""

    code: str
    about: str
    other: str = ""
