"""The last two weeks, written as they came about: each change by its author, on that author's device, at its own time.

History, past states and the share's streams are then what a real team would have left behind.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from store.change import Change
from store.database import open_store
from store.memory import memory_store
from store.oplog import merge, ops_after, streams
from store.places import bulk
from store.setup import init_workspace, join_workspace
from tui.demo import people
from tui.demo.aims import goal_events, set_goals
from tui.demo.content import DOING, REVIEW, names_in
from tui.demo.days import day_events, own_moment, plan_own_day
from tui.demo.events import FIRST_DAY, MINUTE, NINE, Calendar, Cast, events
from tui.demo.hearing import hearing_events
from tui.demo.people import ident
from tui.demo.planning import plan_events
from tui.demo.team import team_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from store.database import Store
    from store.ops import Op

WIP_LIMITS = {DOING: 20, REVIEW: 5}


class _Clock:
    """The time that every database is told while the past is written."""

    def __init__(self) -> None:
        self.at = 0

    def __call__(self) -> int:
        return self.at


class _Seat(NamedTuple):
    """Who writes, and on which device."""

    device: str
    incarnation: str
    member: str


class _Desk:
    """One database in memory at which everybody sits in turn: what each has read is what was written before.

    Eight databases that pass their ops round would hold the same in the end and take four times as long.
    """

    def __init__(self, homes: Callable[[str], str], clock: _Clock) -> None:
        self._clock = clock
        you = people.PEOPLE[0]
        founder = init_workspace(
            homes(you.code), name=people.WORKSPACE, member=you.name, code=you.code, device_name=you.device, now=clock,
        )  # fmt: skip
        self.store = memory_store(founder)
        carry(founder, self.store)
        self._seats = {you.code: _Seat(founder.device, founder.incarnation, founder.member)}
        founder.close()
        for person in people.PEOPLE[1:]:
            store = join_workspace(homes(person.code), self.store.workspace, now=clock)
            self._seats[person.code] = _Seat(store.device, store.incarnation, ident(person.name))
            store.close()

    def write(self, at: int, who: str, intents: Iterable[Callable[[Change], object]]) -> None:
        """Let somebody make one change on their device at that time."""
        self._clock.at = at
        store = self.store
        store.code = who
        store.device, store.incarnation, store.member = self._seats[who]
        with Change(store, "set") as made:
            for intent in intents:
                intent(made)


def write_history(homes: Callable[[str], str], now: int) -> None:
    """Make the members' homes, `homes` saying where each code's is, and write all that led up to `now`.

    The first member's database holds everything; the others' begin empty and `arrive` brings them up to date.
    """
    clock = _Clock()
    calendar = Calendar(now)
    clock.at = calendar.moment(FIRST_DAY, NINE - 20)
    desk = _Desk(homes, clock)
    cast = Cast(names_in(desk.store), calendar, Counter())
    desk.write(clock.at + MINUTE, people.YOU, [partial(_found, cast), partial(set_goals, cast)])
    for person in people.PEOPLE[1:]:
        desk.write(clock.at + MINUTE, person.code, [partial(_enter, person)])
    told = (
        *events(cast),
        *plan_events(cast),
        *hearing_events(cast),
        *goal_events(cast),
        *team_events(cast),
        *day_events(cast),
    )
    ordered = sorted(told, key=lambda event: event.at)
    for (at, who), group in groupby(ordered, key=lambda event: (event.at, event.who)):
        desk.write(at, who, [event.write for event in group])
    for person in people.PEOPLE:
        store = open_store(homes(person.code))
        with store.transaction():
            store.set_meta("member", cast.names.members[person.code])
            store.set_meta("code", person.code)
            store.set_meta("next_short", str(cast.shorts[person.code] + 1))
        if person.code == people.YOU:
            with bulk(store):
                carry(desk.store, store)
        store.close()
    clock.at = own_moment(cast)
    store = open_store(homes(people.YOU), now=clock)
    plan_own_day(store, cast)
    store.close()
    desk.store.close()


def arrive(home: str, first: str) -> None:
    """Give the member whose home this is everything that the first member's home holds."""
    source, target = open_store(first), open_store(home)
    with bulk(target):
        carry(source, target)
    source.close()
    target.close()


def carry(source: Store, target: Store) -> None:
    """Give `target` the ops that it lacks, its own among them."""
    known = streams(target)
    ops: list[Op] = []
    for name, stream in streams(source).items():
        cursor = known[name].seq if name in known else 0
        if stream.seq > cursor:
            ops += ops_after(source, *name, cursor, stream.seq)
    merge(target, ops)


def _found(cast: Cast, made: Change) -> None:
    """Write down who works here and what for."""
    made.set(made.store.workspace, {"vision": people.VISION})
    names = cast.names
    for person in people.PEOPLE:
        fields: dict[str, object] = {
            "aliases": person.aliases, "department": names.departments[person.department], "capacity": person.hours,
        }  # fmt: skip
        if person is people.PEOPLE[0]:
            made.set(names.members[person.code], fields)
        else:
            called = {"title": person.name, "code": person.code}
            made.create("member", called | fields, ent=names.members[person.code])
    for department, code in people.CONTACTS.items():
        made.set(names.departments[department], {"contact": names.members[code]})
    for status, limit in WIP_LIMITS.items():
        made.set(names.statuses[status], {"wip": limit})


def _enter(person: people.Person, made: Change) -> None:
    """Write down that a member's device takes part."""
    store = made.store
    fields = {"title": person.device, "member": store.member, "code": person.code}
    made.create("device", fields, ent=store.device)
