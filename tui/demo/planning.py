"""How the plan came about, as events in time: made in one afternoon, corrected since, looked at once together."""

from __future__ import annotations

import datetime
from functools import partial
from typing import TYPE_CHECKING

from store.links import link_within
from store.running import instant
from tui.demo import people, plan
from tui.demo.content import DOING, workday
from tui.demo.content import items as rows
from tui.demo.events import NINE, Cast, Event, created_at, set_fields
from tui.demo.people import ident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.change import Change
    from tui.demo.content import Item
    from tui.demo.plan import Planned

_AFTERNOON = 14 * 60
_MORNING = NINE + 60
HOURS = 4  # a working day that somebody gives to one item: nobody works on one thing alone


def plan_events(cast: Cast) -> Iterator[Event]:
    """Yield how the plan was made and what has become of it."""
    items = {item.key: item for item in rows()}
    for number, line in enumerate(plan.planned().values()):
        yield from _line_events(line, items, number, cast)
    yield Event(cast.calendar.moment(plan.PLANNED_AGO, _AFTERNOON), people.YOU, partial(_found, cast))
    yield from _review_events(cast)


def _line_events(line: Planned, items: dict[str, Item], number: int, cast: Cast) -> Iterator[Event]:
    """Yield an item's place in the plan: its length, its start, and its links once both ends are there."""
    calendar = cast.calendar
    item = items[line.key]
    made = calendar.moment(plan.PLANNED_AGO, _AFTERNOON + 5 + number)
    at = max(made, created_at(item, cast) + 20 * 60_000)
    yield Event(at, people.YOU, partial(set_fields, line.key, _fields(line, item, cast)))
    for length in line.lengths[1:]:
        when = calendar.moment(length.ago or 0, NINE + 33 + number % 20)
        yield Event(
            max(when, at + 60_000),
            item.owner,
            partial(set_fields, line.key, {"duration": float(length.days)}),
        )
    for stop in item.path:
        if stop.status == DOING:
            begun: dict[str, object] = {"start": workday(calendar.today, -stop.ago).isoformat()}
            yield Event(
                max(calendar.moment(stop.ago, 18 * 60), at + 60_000),
                item.owner,
                partial(set_fields, line.key, begun),
            )
    for wait in line.waits:
        both = max(created_at(items[wait.key], cast), created_at(item, cast)) + 45 * 60_000
        yield Event(max(made + 60 * 60_000, both), people.YOU, partial(_link, line.key, wait))


def _fields(line: Planned, item: Item, cast: Cast) -> dict[str, object]:
    fields: dict[str, object] = {}
    if line.lengths:
        fields["duration"] = float(line.lengths[0].days)
        fields["effort"] = float(line.lengths[0].days * HOURS)
    if line.start is not None:
        fields["start"] = cast.calendar.due(line.start)
    if line.key in plan.PINNED:
        fields |= {"start": cast.calendar.due(plan.PINNED[line.key]), "pinned": True}
    return fields


def _link(key: str, wait: plan.Wait, made: Change) -> None:
    link_within(made, ident(wait.key), ident(key), wait.type, wait.lag)


def _found(cast: Cast, made: Change) -> None:
    """Write down which days are worked on, and who is away."""
    calendar = cast.calendar
    made.set(made.store.workspace, {"country": plan.COUNTRY})
    for own in plan.OWN_DAYS:
        day = workday(calendar.today, own.day)
        if own.working:  # the Saturday of that week
            day += datetime.timedelta(5 - day.weekday())
        fields: dict[str, object] = {"date": day.isoformat(), "working": own.working, "title": own.title}
        if own.department:
            fields["department"] = cast.names.departments[own.department]
        made.create("day", fields, ent=ident(f"day {own.title}"))
    for away in plan.AWAY:
        made.create(
            "absence",
            {
                "member": cast.names.members[away.who], "title": away.why,
                "first": calendar.due(away.first), "last": calendar.due(away.last),
            },
            ent=ident(f"away {away.who}"),
        )  # fmt: skip


def _review_events(cast: Cast) -> Iterator[Event]:
    """Yield the review of a week ago: who said what of their work, and what it came to."""
    calendar = cast.calendar
    begun = calendar.moment(plan.REVIEW_AGO, _MORNING)
    yield Event(begun, people.YOU, partial(_review, begun))
    for number, answer in enumerate(plan.ANSWERS, 1):
        fields: dict[str, object] = {
            "item": ident(answer.on), "review": ident("review 1"), "answer": answer.answer,
            "reason": answer.reason or None, "note": answer.note or None,
            "was": None if answer.was is None else calendar.due(answer.was),
            "now": None if answer.now is None else calendar.due(answer.now),
        }  # fmt: skip
        yield Event(begun + number * 120_000, answer.who, partial(_answer, number, fields))
    yield Event(begun + 30 * 60_000, people.YOU, partial(_sum_up, "review 1"))


def _review(at: int, made: Change) -> None:
    made.create("review", {"at": instant(at)}, ent=ident("review 1"))


def _answer(number: int, fields: dict[str, object], made: Change) -> None:
    wanted = {name: value for name, value in fields.items() if value is not None}
    made.create("checkin", wanted, ent=ident(f"review 1 {number}"))


def _sum_up(_key: str, made: Change) -> None:
    made.set(ident("review 1"), {"summary": plan.SUMMARY})
