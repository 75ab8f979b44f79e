"""When everything happens, how far it may slip, and what is wrong with the plan: the critical path method.

Kelley and Walker (1959) with Fondahl's four types of links (1961), on working calendars; `forward` and `backward` are
its passes, `plan` has its words. What a person has to know of it:

- A task stays on its own date until something pushes it later; nothing pulls it earlier. A task with none begins today,
  or as soon as what it waits for lets it. What is not begun cannot lie in the past.
- Work in progress began on its own date, today where it has none or a later one, whatever it should have waited for. It
  takes what remains of it from today on, or else its length, and ends today at the earliest.
- What is done is where it was, and what follows sees its real end.
- A date fixed by hand holds, and is a problem when what it waits for is not finished by then.
- A milestone is shown on its own day when nothing pushes it past the beginning of that day, and what follows may begin
  on that same day; else on the last day of what it waits for.
- A parent spans its parts. What it waits for its parts wait for, and what waits for it waits for the last of them. A
  parent's own date is the earliest for all of them, its due date a promise.
- Late days and floats are measured against the latest finish of all unfinished tasks. What could not slip without
  delaying that is critical.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from store.analysis.backward import backward
from store.analysis.calendars import ORIGIN
from store.analysis.columns import DONE, GATE
from store.analysis.complaints import complaints
from store.analysis.forward import forward
from store.analysis.layout import Layout
from store.analysis.plan import MAX_DAY, MIN_DAY, Link, Slot, Task
from store.analysis.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.analysis.calendars import WorkingCalendar
    from store.analysis.columns import Columns
    from store.analysis.plan import Problem

Row = TypeVar("Row", Task, Link)

_slot = partial(tuple.__new__, Slot)  # half the time of Slot(...), and there are many


class Schedule:
    """A plan that was reckoned. Two schedules of the same items share nothing that changes: each stays as it was."""

    def __init__(self, layout: Layout, slots: dict[str, Slot], today: int) -> None:
        self.slots = slots  # of every item in the plan, parents included
        self.today = today
        self._layout = layout

    @cached_property
    def finish(self) -> int | None:
        """The last day of the plan: of what is not done, or of everything when all is done; None without any item."""
        return _last_day(self._layout.columns)

    @property
    def unplaced(self) -> list[str]:
        """The items with no date, no length and no link: nothing says where they belong."""
        return self._layout.outline.unplaced

    @property
    def cut(self) -> list[Link]:
        """The links left out because each closes a circle of earlier ones."""
        return self._layout.cut

    @cached_property
    def drivers(self) -> dict[str, str]:
        """Of every item that starts when it does because of a link, that link."""
        links = self._layout.links
        return {ident: slot.driver for ident, slot in self.slots.items() if slot.driver in links}

    @cached_property
    def problems(self) -> list[Problem]:
        """What a person should look at, sorted."""
        return complaints(self._layout)


def schedule(
    tasks: Iterable[Task], links: Iterable[Link], calendars: Mapping[str, WorkingCalendar], today: int
) -> Schedule:
    """Return when every item happens, `today` being an ordinal.

    `calendars` has the working days by the name that tasks give theirs; a name it lacks means that of "", and where
    that is missing too, weekdays. The order in which items and links come makes no difference.
    """
    layout = Layout(_by_id(tasks), _by_id(links), calendars)
    today = min(max(today, MIN_DAY), MAX_DAY)
    columns = layout.columns
    read(columns, ((node, layout.tasks[ident]) for node, ident in enumerate(columns.ids)), today - ORIGIN)
    forward(columns, layout.order)
    backward(columns, reversed(layout.order), plan_finish(columns))
    return Schedule(layout, _slots(layout), today)


def plan_finish(columns: Columns) -> int:
    """Return the boundary that late days are measured against: the latest finish of what is not done."""
    return max(columns.open_finish, default=0)


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    rows = list(rows)
    found = {row.id: row for row in rows}
    if len(found) < len(rows):  # of several with one id the same one, however they come
        found = {row.id: row for row in sorted(rows, key=repr)}
    return found


def _slots(layout: Layout) -> dict[str, Slot]:
    columns = layout.columns
    count = len(layout.leaves)  # the tasks come first, so that their columns go in at one stroke
    totals = columns.total_float[:count]
    rows = zip(
        _days(columns.shown_first[:count]),
        _days(columns.shown_last[:count]),
        _days(columns.late_first[:count]),
        _days(columns.late_last[:count]),
        totals,
        columns.free_float,
        [total <= 0 and not over for total, over in zip(totals, columns.over, strict=False)],
        columns.why,
        columns.duration,
        [False] * count,
        strict=False,
    )
    slots = dict(zip(layout.leaves, map(_slot, rows), strict=True))
    for ident, gate in layout.gates.items():
        slots[ident] = slot_of(columns, gate)
    return slots


def _days(numbers: list[int]) -> list[int]:
    return [ORIGIN + number for number in numbers]


def slot_of(columns: Columns, node: int) -> Slot:
    """Return the slot of a task by its node, or of a parent by its gate."""
    is_parent = columns.mode[node] == GATE
    shown = node + is_parent  # a parent's days are those of its span
    total = columns.total_float[node]
    return Slot(
        ORIGIN + columns.shown_first[shown],
        ORIGIN + columns.shown_last[shown],
        ORIGIN + columns.late_first[node],
        ORIGIN + columns.late_last[node],
        total,
        columns.free_float[node],
        total <= 0 and not columns.over[node],
        columns.why[shown],
        columns.duration[shown],
        is_parent,
    )


def _last_day(columns: Columns) -> int | None:
    """Return the last day of what is not done, or of everything when all is."""
    open_days = [day for day, open_ in zip(columns.shown_last, columns.open_finish, strict=True) if open_]
    days = open_days or [
        day for day, mode in zip(columns.shown_last, columns.mode, strict=True) if mode == DONE
    ]
    return ORIGIN + max(days) if days else None
