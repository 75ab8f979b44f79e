"""What a morning is about: what was promised, what is stuck, what slips; and what fits into the day.

Each thing is said once, in the list that presses most: what is stuck before what slips before what was promised.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.capacity import hours_a_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.plan import Slot, Task

# Why a thing is on a list.
OWED, DUE = "owed", "due"
NAMED, AWAITED, DECIDE, CHECK, CONFIRM, BLOCKED = "named", "awaited", "decide", "check", "confirm", "blocked"
LATE, GOAL, FORECAST = "late", "goal", "forecast"
# What waits for me comes before what I wait for.
_STUCK = {why: place for place, why in enumerate((CONFIRM, AWAITED, NAMED, DECIDE, CHECK, BLOCKED))}
ASKED_FROM = 3  # a push of the same thing that is asked about: the third, and every one after it


class Thing(NamedTuple):
    """One thing of a list and why it is there.

    `detail` is what blocks it, or the ISO day it is forecast for; `count` is how many wait for it.
    """

    id: str
    short: str
    kind: str
    title: str
    why: str
    due: str = ""
    detail: str = ""
    owner: str = ""
    count: int = 0  # type: ignore[assignment]
    private: bool = False


class Lists(NamedTuple):
    """The lists of a morning, each in the order in which one looks at it."""

    promised: list[Thing]
    stuck: list[Thing]
    slipping: list[Thing]


def week_end(today: datetime.date) -> datetime.date:
    """Return the Sunday of the week."""
    return today + datetime.timedelta(6 - today.weekday())


def lists(promised: Iterable[Thing], stuck: Iterable[Thing], slipping: Iterable[Thing]) -> Lists:
    """Return the lists in order, each thing in the first of them that presses."""
    seen: set[str] = set()

    def fresh(things: Iterable[Thing]) -> list[Thing]:
        found = []
        for thing in things:
            if thing.id not in seen:
                seen.add(thing.id)
                found.append(thing)
        return found

    held = fresh(
        sorted(stuck, key=lambda one: (_STUCK.get(one.why, len(_STUCK)), one.due or "~", *_spoken(one)))
    )
    slips = fresh(sorted(slipping, key=lambda one: (one.why == FORECAST, one.due or "~", *_spoken(one))))
    owed = fresh(sorted(promised, key=lambda one: (one.due or "~", one.why != OWED, *_spoken(one))))
    return Lists(owed, held, slips)


def _spoken(thing: Thing) -> tuple[int, str, str]:
    """Return what orders things of one day: their short ids as people count them."""
    return len(thing.short), thing.short, thing.id


def will_be_late(tasks: Mapping[str, Task], slots: Mapping[str, Slot], me: str, today: int) -> dict[str, int]:
    """Return the days on which items of somebody end by the schedule, where that is after the day they are due.

    What is late already needs no forecast.
    """
    return {
        ent: slot.finish
        for ent, slot in slots.items()
        if (task := tasks.get(ent)) is not None
        and task.owner == me
        and task.state != "done"
        and task.due is not None
        and today <= task.due < slot.finish
    }


class Day(NamedTuple):
    """The minutes of one day: what there is of it, what meetings take, what was picked, and what was worked."""

    capacity: int
    meetings: int = 0
    planned: int = 0
    spent: int = 0

    @property
    def room(self) -> int:
        """The minutes that meetings leave."""
        return max(self.capacity - self.meetings, 0)

    @property
    def over(self) -> int:
        """The minutes picked beyond what there is room for."""
        return max(self.planned - self.room, 0)


def capacity_minutes(hours_a_week: float, calendar: WorkingCalendar, day: int) -> int:
    """Return the minutes somebody works on a day, 0 where their calendar has it free."""
    if not calendar.is_working(day):
        return 0
    return round(min(hours_a_day(hours_a_week, calendar, day), 24) * 60)


def filled(day: Day, cells: int) -> tuple[int, int]:
    """Return how many cells of a bar are taken, and how many of them lie beyond the room; planned work shows."""
    if day.planned <= 0 or cells <= 0:
        return 0, 0
    whole = max(day.room, day.planned)
    taken = max(1, min(cells, round(cells * day.planned / whole)))
    beyond = min(taken, round(cells * day.over / whole))
    return taken, beyond if beyond or not day.over else 1


def same_thing(about: str, title: str) -> str:
    """Return what makes two picks of different days the same: what they are about, else their text."""
    return about or "=" + " ".join(title.casefold().split())


def pushes(states: Sequence[str]) -> int:
    """Return how often a thing was carried over since it was last done or let go; states come oldest first."""
    count = 0
    for state in states:
        if state == "carried over":
            count += 1
        elif state in ("done", "let go"):
            count = 0
    return count


def asks_why(before: int) -> bool:
    """Tell whether one more push is asked about, after so many."""
    return before + 1 >= ASKED_FROM


def elapsed_minutes(begun: int, now: int, most: int) -> int:
    """Return the whole minutes between two moments (ms), at least one: a clock that went back counts as none."""
    return min(max(round((now - begun) / 60_000), 1), most)
