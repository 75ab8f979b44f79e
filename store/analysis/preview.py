"""What an edit would do to the plan, told before it is done: who moves, how far the end does, what becomes pressing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.schedule import Schedule


class Preview(NamedTuple):
    """The difference between two schedules, items by id in order.

    `finish` is by how many working days the plan, or the milestone asked for, ends later, negative for earlier; None
    where there is no such end before or after.
    """

    moved: list[str]  # items other than the edited ones whose first or last day is another
    finish: int | None
    critical: list[str]  # that were not
    relieved: list[str]  # no longer critical
    late: list[str]  # planned to miss the day they were promised for, as they were not

    @property
    def nothing(self) -> bool:
        """Whether the edit changes nothing but what was edited."""
        return not (self.moved or self.finish or self.critical or self.relieved or self.late)


def preview(
    before: Schedule, after: Schedule, *, edited: Collection[str] = (), milestone: str | None = None
) -> Preview:
    """Return what is different between two schedules; `milestone` is an item whose end is asked for, not the plan's.

    Costs what the edit reached where the second schedule was made of the first by one.
    """
    moved, critical, relieved, late = [], [], [], []
    for ident in after.reached_from(before):
        was, now = before.slots.get(ident), after.slots.get(ident)
        if after.is_late(ident) and not before.is_late(ident):
            late.append(ident)
        if was is now or now is None:
            continue
        if was is None:
            critical += [ident] if now.critical else []
            continue
        if (was.start, was.finish) != (now.start, now.finish) and ident not in edited:
            moved.append(ident)
        if now.critical and not was.critical:
            critical.append(ident)
        elif was.critical and not now.critical:
            relieved.append(ident)
    return Preview(
        sorted(moved), _later(before, after, milestone), sorted(critical), sorted(relieved), sorted(late)
    )


def _later(before: Schedule, after: Schedule, milestone: str | None) -> int | None:
    if milestone is None:
        was, now, calendar = before.finish, after.finish, after.calendar()
    elif milestone in before.slots and milestone in after.slots:
        was, now = before.slots[milestone].finish, after.slots[milestone].finish
        calendar = after.calendar(milestone)
    else:
        return None
    return None if was is None or now is None else working_days_later(calendar, was, now)


def working_days_later(calendar: WorkingCalendar, was: int, now: int) -> int:
    """Return how many working days the second day is after the first, negative where it is before it."""
    if now >= was:
        return calendar.count(was + 1, now)
    return -calendar.count(now + 1, was)
