"""The declared work as rows, its days turned into dates: what `items` writes for people, read for programs."""

from __future__ import annotations

import datetime
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from store import queries
from tui.demo import people
from tui.demo.items import CHECKLISTS, ITEMS
from tui.demo.people import ident

if TYPE_CHECKING:
    from collections.abc import Collection

    from store.database import Store
    from tui.demo.conflicts import Conflict

# What a path calls the statuses, in the order of the workflow.
BACKLOG, DOING, REVIEW, DONE = "b", "d", "r", "x"
STATUSES = (BACKLOG, DOING, REVIEW, DONE)
_STOP = re.compile(r"([bdrx])(\d+)")
_COLUMNS = 10


class Stop(NamedTuple):
    """An item came to a status so many working days ago."""

    status: str
    ago: int


class Slip(NamedTuple):
    """A due day, in working days from today, and how many working days ago it was set; None when the item began."""

    due: int
    ago: int | None


class Item(NamedTuple):
    """One line of the table."""

    key: str
    kind: str
    department: str
    owner: str
    priority: int
    due: tuple[Slip, ...]
    path: tuple[Stop, ...]
    goal: str
    labels: tuple[str, ...]
    title: str


class Entry(NamedTuple):
    """One entry of a checklist."""

    title: str
    done: bool


class Names(NamedTuple):
    """The ids behind the short names that the tables use: statuses by letter, departments and members by code."""

    statuses: dict[str, str]
    departments: dict[str, str]
    members: dict[str, str]


def names_in(store: Store) -> Names:
    """Return the ids of a demo's workspace; members who have not joined yet get the ids they will have."""
    statuses = zip(STATUSES, (row.id for row in queries.statuses(store)), strict=False)
    members = {person.code: ident(person.name) for person in people.PEOPLE}
    return Names(
        dict(statuses),
        {row.code: row.id for row in queries.departments(store)},
        members | {row.code: row.id for row in queries.members(store)},
    )


@cache
def items() -> tuple[Item, ...]:
    """Return the table's rows in order; raises ValueError naming the line that cannot be read."""
    return tuple(_item(line) for line in ITEMS.strip().splitlines())


def checklist(key: str) -> list[Entry]:
    """Return an item's checklist, empty when it has none."""
    entries = [entry.strip() for entry in CHECKLISTS.get(key, "").split("|")]
    return [Entry(entry.removeprefix("✓"), entry.startswith("✓")) for entry in entries if entry]


def workday(today: datetime.date, days: int) -> datetime.date:
    """Return the day so many working days from today; on a weekend, today itself is day 0."""
    day = today
    step = datetime.timedelta(days=1 if days > 0 else -1)
    for _ in range(abs(days)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


def conflict_fields(
    conflict: Conflict, names: Names, today: datetime.date, *, sides: Collection[str]
) -> dict[str, object]:
    """Return what is known of a conflict when it is logged, with the views of these departments only."""
    fields: dict[str, object] = {
        "title": conflict.title,
        "parties": [names.departments[code] for code in conflict.parties.split()],
        "severity": conflict.severity,
        "root_cause": conflict.cause,
        "labels": conflict.labels.split(),
        "items": [ident(key) for key in conflict.items.split()],
        **views(conflict, names, sides),
    }
    if conflict.description:
        fields["description"] = conflict.description
    if conflict.decider:
        fields["decider"] = names.members[conflict.decider]
    if conflict.follow_up is not None:
        fields["follow_up"] = workday(today, conflict.follow_up).isoformat()
    return fields


def views(conflict: Conflict, names: Names, sides: Collection[str]) -> dict[str, object]:
    """Return the positions and interests of some departments, given by their codes, as fields."""
    return {
        field: {names.departments[code]: text for code, text in texts.items() if code in sides}
        for field, texts in (("position", conflict.positions), ("interest", conflict.interests))
    }


def _item(line: str) -> Item:
    cells = line.split(None, _COLUMNS - 1)
    path = tuple(Stop(status, int(ago)) for status, ago in _STOP.findall(cells[6]))
    if len(cells) != _COLUMNS or not path or _STOP.sub("", cells[6]):
        raise ValueError(f"not an item: {line}")
    key, kind, department, owner, priority, due, _, goal, labels, title = cells
    return Item(
        key,
        kind,
        department,
        owner,
        int(priority),
        tuple(_slip(part) for part in due.split(">")) if due != "-" else (),
        path,
        "" if goal == "-" else goal,
        tuple(labels.split(",")),
        title,
    )


def _slip(text: str) -> Slip:
    due, _, ago = text.partition("@")
    return Slip(int(due), int(ago) if ago else None)
