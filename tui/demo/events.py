"""What happened, as events in time: derived from the declared work, who talked about it, and what they fought over."""

from __future__ import annotations

import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from store import queries
from tui.demo import conflicts, items, people, talk
from tui.demo.content import (
    BACKLOG,
    DOING,
    Entry,
    Item,
    Names,
    checklist,
    conflict_fields,
    views,
    workday,
)
from tui.demo.content import items as rows
from tui.demo.people import ident

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from store.change import Change
    from tui.demo.conflicts import Conflict

FIRST_DAY = 11  # working days ago: two weeks and a day
NINE = 9 * 60
MINUTE = 60_000


class Event(NamedTuple):
    """Something somebody did at some time (ms since the epoch)."""

    at: int
    who: str
    write: Callable[[Change], object]


class Calendar:
    """Moments of the last two weeks in ms since the epoch, in the time zone of this machine."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.today = datetime.datetime.fromtimestamp(now / 1000).astimezone().date()

    def moment(self, ago: int, minute: int) -> int:
        """Return a minute of the day so many working days ago."""
        at = datetime.datetime.combine(workday(self.today, -ago), datetime.time(minute // 60, minute % 60))
        return int(at.astimezone().timestamp() * 1000)

    def read(self, when: str) -> int:
        """Return what `talk` calls a moment: "-3 14:05" or "-40m"."""
        if when.endswith("m"):
            return self.now + int(when[:-1]) * MINUTE
        day, _, time = when.partition(" ")
        hour, _, minute = time.partition(":")
        return self.moment(-int(day), int(hour) * 60 + int(minute))

    def due(self, days: int) -> str:
        """Return the day so many working days from today, as fields hold it."""
        return workday(self.today, days).isoformat()


class Cast(NamedTuple):
    """What the events are told with: the ids of everything, the calendar, and how many short ids each has given."""

    names: Names
    calendar: Calendar
    shorts: Counter[str]

    def next_short(self, code: str) -> str:
        """Return the next short id of somebody's device."""
        self.shorts[code] += 1
        return f"{code}-{self.shorts[code]}"


def events(cast: Cast) -> Iterator[Event]:
    """Yield everything that happened, thing by thing; sort by time before writing it down."""
    for item in rows():
        yield from _item_events(item, cast)
    for conflict in conflicts.CONFLICTS:
        yield from _conflict_events(conflict, cast)
    for said in talk.SAID:
        yield Event(cast.calendar.read(said.when), said.who, partial(_say, said.on, said.text))
    for edit in talk.EDITED:
        value = _value(edit.field, edit.value, cast)
        yield Event(
            cast.calendar.read(edit.when), edit.who, partial(set_fields, edit.on, {edit.field: value})
        )
    yield Event(cast.calendar.moment(1, NINE + 50), people.YOU, partial(_order, BACKLOG, cast))
    yield Event(cast.calendar.read("-40m"), people.YOU, partial(_order, DOING, cast))


def _item_events(item: Item, cast: Cast) -> Iterator[Event]:
    """Yield an item's life: written down, taken on, reviewed, finished, its due day put off on the way."""
    at = created_at(item, cast)
    yield Event(at, item.owner, partial(_add, item, cast))
    started = at
    for stop in item.path[1:]:
        usual = cast.calendar.moment(stop.ago, NINE + 70 + _spread(item.key + stop.status, 400))
        at = max(usual, at + 35 * MINUTE)
        if stop.status == DOING:
            started = at
        yield Event(at, item.owner, partial(_move, item.key, cast.names.statuses[stop.status]))
    for slip in item.due[1:]:
        when = cast.calendar.moment(slip.ago or 0, NINE + 31 + _spread(item.key, 9))
        yield Event(when, item.owner, partial(set_fields, item.key, {"due": cast.calendar.due(slip.due)}))
    yield from _checklist_events(item, started, cast)


def _checklist_events(item: Item, started: int, cast: Cast) -> Iterator[Event]:
    """Yield a checklist written when the work began and ticked in the evenings since."""
    entries = checklist(item.key)
    if not entries:
        return
    yield Event(started + 6 * MINUTE, item.owner, partial(_list, item.key, entries))
    finished = [number for number, entry in enumerate(entries) if entry.done]
    first = next((stop.ago for stop in item.path if stop.status == DOING), item.path[0].ago)
    last = max(1, item.path[-1].ago if len(item.path) > 2 else 1)
    for count, number in enumerate(finished, 1):
        ago = round(first - (first - last) * count / len(finished))
        minute = 17 * 60 + 40 + _spread(item.key, 20) + number
        yield Event(
            max(cast.calendar.moment(ago, minute), started + (7 + number) * MINUTE),
            item.owner,
            partial(set_fields, f"{item.key} {number}", {"done": True}),
        )


def _conflict_events(conflict: Conflict, cast: Cast) -> Iterator[Event]:
    """Yield a conflict's life: one side logs it, the others add their views, then it is worked on."""
    at = cast.calendar.moment(-conflict.day, NINE + 45 + _spread(conflict.key, 40))
    own = {person.department for person in people.PEOPLE if person.code == conflict.by}
    others = conflict.positions.keys() - own
    sides = own if conflict.steps else conflict.positions.keys()
    fields = conflict_fields(conflict, cast.names, cast.calendar.today, sides=sides)
    yield Event(at, conflict.by, partial(_log, conflict.key, fields, cast))
    for number, (day, state, who) in enumerate(conflict.steps):
        usual = cast.calendar.moment(-day, NINE + 80 + _spread(conflict.key + state, 300))
        at = max(usual, at + 90 * MINUTE)
        fields = {"state": state}
        if number == 0:
            fields |= views(conflict, cast.names, others)
        if number == len(conflict.steps) - 1:
            fields |= {"options": conflict.options or None, "shared_goal": conflict.shared_goal or None}
            fields |= {"check": {cast.names.departments[code]: score for code, score in conflict.checks}}
        if state == "decided":
            fields["decision"] = conflict.decision
        yield Event(at, who, partial(set_fields, conflict.key, fields))


# What an event does; keys are the demo's own names for things.


def _add(item: Item, cast: Cast, made: Change) -> None:
    before = {
        field: _value(field, value, cast) for (key, field), value in talk.BEFORE.items() if key == item.key
    }
    fields: dict[str, object] = {
        "title": item.title,
        "kind": item.kind,
        "status": cast.names.statuses[item.path[0].status],
        "owner": cast.names.members[item.owner],
        "department": cast.names.departments[item.department],
        "priority": item.priority,
        "due": cast.calendar.due(item.due[0].due) if item.due else None,
        "goal": ident(item.goal) if item.goal else None,
        "labels": item.labels,
        "description": items.DESCRIPTIONS.get(item.key),
        "acceptance": items.ACCEPTANCE.get(item.key),
    }
    wanted = {name: value for name, value in (fields | before).items() if value is not None}
    wanted["short"] = cast.next_short(item.owner)
    made.create("item", wanted, ent=ident(item.key), bottom=True)


def _log(key: str, fields: dict[str, object], cast: Cast, made: Change) -> None:
    wanted = {name: value for name, value in fields.items() if value is not None}
    wanted["short"] = cast.next_short(made.store.code)
    made.create("conflict", wanted, ent=ident(key))


def _move(key: str, status: str, made: Change) -> None:
    made.move(ident(key), status)


def set_fields(key: str, fields: dict[str, object], made: Change) -> None:
    """Set fields of what the demo calls `key`."""
    made.set(ident(key), fields)


def _say(key: str, text: str, made: Change) -> None:
    made.comment(ident(key), text)


def _list(key: str, entries: list[Entry], made: Change) -> None:
    for number, entry in enumerate(entries):
        fields = {"on": ident(key), "title": entry.title, "rank": made.placing.last_rank("check")}
        made.create("check", fields, ent=ident(f"{key} {number}"))


def _order(status: str, cast: Cast, made: Change) -> None:
    """Put a status in order of priority, as a team does when it stands before its board."""
    column = queries.cards(made.store, cast.names.statuses[status], limit=len(rows()))
    for card in sorted(column, key=lambda card: 4 if card.priority is None else card.priority, reverse=True):
        made.move(card.id, cast.names.statuses[status])


def _value(field: str, value: str | int | None, cast: Cast) -> object:
    if field == "owner":
        return cast.names.members[str(value)]
    return cast.calendar.due(value) if field == "due" and isinstance(value, int) else value


def created_at(item: Item, cast: Cast) -> int:
    """Return when an item was written down: at the kick-off, where each brings theirs, or early on a later day."""
    ago = item.path[0].ago
    if ago < FIRST_DAY:
        return cast.calendar.moment(ago, NINE + _spread(item.key, 25))
    seat = [person.code for person in people.PEOPLE].index(item.owner)
    return cast.calendar.moment(ago, NINE + 10 + 4 * seat)


def _spread(text: str, minutes: int) -> int:
    """Return a number of minutes that looks like chance and is the same every time."""
    return crc32(text.encode()) % minutes
