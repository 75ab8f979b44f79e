"""How what is on the feedback screen came about, as events in time: said, promised, met over, looked back on."""

from __future__ import annotations

import datetime
from functools import partial
from typing import TYPE_CHECKING

from store.pulses import period_of, pulse_id
from store.running import instant
from tui.demo import people, voices
from tui.demo.content import items as rows
from tui.demo.events import FIRST_DAY, MINUTE, NINE, Cast, Event, created_at
from tui.demo.people import ident

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from store.change import Change
    from tui.demo.voices import Promise, Said

_TEN = NINE + 60


def hearing_events(cast: Cast) -> Iterator[Event]:
    """Yield everything that was said and promised, the meeting of a week ago, and the look back at the last release."""
    known = {item.key: item for item in rows()}
    first = cast.calendar.moment(FIRST_DAY, NINE + 40)
    yield Event(first, people.YOU, partial(_customers))
    for said in voices.FEEDBACK:
        at = cast.calendar.read(said.when)
        yield Event(at, said.by, partial(_say, said, cast))
        if said.items:
            there = max(created_at(known[key], cast) for key in said.items.split())
            linked = {"items": [ident(key) for key in said.items.split()], "state": said.state}
            yield Event(max(at, there) + 3 * 60 * MINUTE, people.YOU, partial(_set, said.key, linked))
    for promise in voices.PROMISES:
        at = cast.calendar.read(promise.when)
        yield Event(at, promise.by, partial(_promise, promise, cast))
        if promise.state != "promised":
            ago = -(promise.ended if promise.ended is not None else (promise.first_due or 0) - 1)
            usual = cast.calendar.moment(max(ago, 0), NINE + 50)
            when = min(max(usual, at + 90 * MINUTE), cast.calendar.now - 30 * MINUTE)
            yield Event(when, promise.by, partial(_end, promise, cast))
    yield from _weekly_events(cast)
    yield from _retro_events(cast)
    yield from _pulse_events(cast)
    for number, case in enumerate(voices.CASES):
        fields = {
            "title": case.title, "came_from": ident(case.came_from), "root_cause": case.cause,
            "departments": _departments(case.departments, cast),
            "context": case.context, "action": case.action, "result": case.result,
        }  # fmt: skip
        yield Event(
            cast.calendar.moment(4, 16 * 60 + number),
            people.YOU,
            partial(_add, "case", case.key, fields, cast),
        )
    yield Event(cast.calendar.moment(4, 16 * 60 + 20), people.YOU, partial(_playbook, cast))


def _customers(made: Change) -> None:
    for customer in voices.CUSTOMERS:
        fields = {"title": customer.name, "size": float(customer.size), "aliases": customer.aliases}
        made.create("customer", fields, ent=ident(customer.key))


def _say(said: Said, cast: Cast, made: Change) -> None:
    fields: dict[str, object] = {
        "title": said.text, "origin": said.origin, "channel": said.channel or None, "said_by": said.said_by or None,
        "importance": said.importance, "state": "inbox" if said.items else said.state, "reply": said.reply or None,
        "reason": said.reason or None,
        "customer": ident(said.customer) if said.customer else None,
        "department": cast.names.departments[said.department] if said.department else None,
        "voters": _members(said.voters, cast),
        "customers": [ident(key) for key in said.customers.split()],
        "duplicate_of": ident(said.duplicate_of) if said.duplicate_of else None,
        "until": None if said.until is None else cast.calendar.due(said.until),
    }  # fmt: skip
    _add("feedback", said.key, fields, cast, made)


def _promise(promise: Promise, cast: Cast, made: Change) -> None:
    giver, taker = promise.sides.split()
    due = promise.due if promise.first_due is None else promise.first_due
    fields = {
        "title": promise.title, "owner": cast.names.members[promise.by], "due": cast.calendar.due(due),
        "from_department": cast.names.departments[giver], "to_department": cast.names.departments[taker],
        "receiver": cast.names.members[promise.receiver] if promise.receiver else None,
    }  # fmt: skip
    _add("commitment", promise.key, fields, cast, made)


def _end(promise: Promise, cast: Cast, made: Change) -> None:
    """Write down how a promise ended, or that another day was agreed on before the first had come."""
    fields: dict[str, object] = {"state": promise.state, "due": cast.calendar.due(promise.due)}
    if promise.first_due is not None:
        fields["first_due"] = cast.calendar.due(promise.first_due)
    if promise.ended is not None:
        fields["ended"] = cast.calendar.due(promise.ended)
    if promise.reason:
        fields["reason"] = promise.reason
    if promise.confirmed:
        fields["confirmed"] = cast.names.members[promise.receiver]
    made.set(ident(promise.key), fields)


def _weekly_events(cast: Cast) -> Iterator[Event]:
    """Yield the weekly meeting: begun, noted by everybody, decided, ended half an hour later."""
    begun = cast.calendar.moment(voices.WEEKLY_AGO, _TEN)
    fields = {
        "title": voices.WEEKLY, "kind": "weekly", "begun": instant(begun),
        "departments": list(cast.names.departments.values()),
        "attendees": [cast.names.members[person.code] for person in people.PEOPLE],
    }  # fmt: skip
    yield Event(begun, people.YOU, partial(_add, "meeting", "m1", fields, cast))
    for number, (who, text) in enumerate(voices.NOTES, 1):
        yield Event(begun + number * 5 * MINUTE, who, partial(_note, text))
    for number, title in enumerate(voices.DECIDED, 1):
        decided = {
            "title": title, "meeting": ident("m1"), "decider": cast.names.members[people.YOU],
            "date": cast.calendar.due(-voices.WEEKLY_AGO),
        }  # fmt: skip
        at = begun + (24 + number) * MINUTE
        yield Event(at, people.YOU, partial(_add, "decision", f"d{number}", decided, cast))
    ended = begun + 31 * MINUTE
    yield Event(ended, people.YOU, partial(_set, "m1", {"ended": instant(ended)}))


def _retro_events(cast: Cast) -> Iterator[Event]:
    """Yield the look back: written apart, shown at once, voted on, and one action of it."""
    at = cast.calendar.moment(voices.RETRO_AGO, 15 * 60)
    fields = {"title": voices.RETRO, "format": "ssc", "departments": list(cast.names.departments.values())}
    yield Event(at, people.YOU, partial(_add, "retro", "r1", fields, cast))
    for number, (who, column, text, voters) in enumerate(voices.CARDS, 1):
        card = {"retro": ident("r1"), "column": column, "title": text}
        yield Event(at + number * 3 * MINUTE, who, partial(_create, "retro_card", f"r1 {number}", card))
        votes = {"voters": _members(voters, cast)}
        yield Event(at + (40 + number) * MINUTE, who, partial(_set, f"r1 {number}", votes))
    for minutes, state in ((25, "grouping"), (35, "voting"), (55, "acting"), (70, "ended")):
        yield Event(at + minutes * MINUTE, people.YOU, partial(_set, "r1", {"state": state}))
    title, who, days, verify = voices.RETRO_ACTION
    action = {
        "title": title, "kind": "action", "owner": cast.names.members[who], "due": cast.calendar.due(days),
        "verify": verify, "came_from": ident("r1"),
    }  # fmt: skip
    yield Event(at + 60 * MINUTE, people.YOU, partial(_add, "item", "r1 action", action, cast))


def _pulse_events(cast: Cast) -> Iterator[Event]:
    """Yield how people said they were last week, and this one."""
    departments = {person.code: person.department for person in people.PEOPLE}
    week = datetime.timedelta(7)
    last, now = cast.calendar.moment(5, 17 * 60), cast.calendar.read("-50m")
    for at, day, answers in (
        (last, cast.calendar.today - week, voices.LAST_PULSES),
        (now, cast.calendar.today, voices.PULSES),
    ):
        period = period_of(day)
        for number, (who, score, note) in enumerate(answers):
            member = cast.names.members[who]
            fields = {
                "member": member, "period": period, "department": cast.names.departments[departments[who]],
                "score": score, "note": note or None,
            }  # fmt: skip
            write = partial(_create_as, "pulse", pulse_id(member, period), fields)
            yield Event(at + number * 2 * MINUTE, who, write)


def _playbook(cast: Cast, made: Change) -> None:
    title, description, steps = voices.PLAYBOOK
    _add("playbook", "b1", {"title": title, "description": description}, cast, made)
    for number, step in enumerate(steps):
        fields = {"on": ident("b1"), "title": step, "rank": made.placing.last_rank("check")}
        made.create("check", fields, ent=ident(f"b1 {number}"))


def _add(kind: str, key: str, fields: Mapping[str, object], cast: Cast, made: Change) -> None:
    wanted = {name: value for name, value in fields.items() if value not in (None, [])}
    made.create(kind, {"short": cast.next_short(made.store.code), **wanted}, ent=ident(key))


def _create(kind: str, key: str, fields: Mapping[str, object], made: Change) -> None:
    _create_as(kind, ident(key), fields, made)


def _create_as(kind: str, ent: str, fields: Mapping[str, object], made: Change) -> None:
    made.create(kind, {name: value for name, value in fields.items() if value is not None}, ent=ent)


def _set(key: str, fields: Mapping[str, object], made: Change) -> None:
    made.set(ident(key), fields)


def _note(text: str, made: Change) -> None:
    made.comment(ident("m1"), text)


def _members(codes: str, cast: Cast) -> list[str]:
    return [cast.names.members[code] for code in codes.split()]


def _departments(codes: str, cast: Cast) -> list[str]:
    return [cast.names.departments[code] for code in codes.split()]
