"""The demo's declared content: as much as promised, and every name in it means something."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from store import schema
from store.capture import parse
from store.setup import DEFAULT_DEPARTMENTS
from store.vocabulary import Term, Vocabulary
from tui.demo import aims, conflicts, items, lines, people, plan, talk, team
from tui.demo.content import STATUSES, Names, checklist, workday
from tui.demo.content import items as rows
from tui.demo.events import FIRST_DAY, Calendar, Cast, Event, events
from tui.demo.planning import plan_events

CODES = {person.code for person in people.PEOPLE}
DEPARTMENTS = {department[2] for department in DEFAULT_DEPARTMENTS}
KEYS = {item.key for item in rows()}
CONFLICTS = {conflict.key: conflict for conflict in conflicts.CONFLICTS}
OPEN = [
    conflict for conflict in conflicts.CONFLICTS if not conflict.steps or conflict.steps[-1][1] != "closed"
]
DAY = 86_400_000


def _chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def test_there_are_about_120_items_of_every_kind_for_all_five_departments() -> None:
    assert 115 <= len(rows()) <= 130
    assert len(KEYS) == len(rows())
    assert {item.kind for item in rows()} == set(schema.ITEM_KINDS)
    departments = Counter(item.department for item in rows())
    assert departments.keys() == DEPARTMENTS
    assert min(departments.values()) >= 8
    assert Counter(item.path[-1].status for item in rows()).keys() == set(STATUSES)


def test_titles_are_in_both_languages() -> None:
    chinese = sum(_chinese(item.title) for item in rows())
    assert len(rows()) * 0.4 < chinese < len(rows()) * 0.8


def test_every_item_names_known_people_goals_and_fits_its_fields() -> None:
    goals = {goal.key for goal in people.GOALS}
    for item in rows():
        assert item.owner in CODES
        assert item.department in DEPARTMENTS
        assert 0 <= item.priority <= 4
        assert not item.goal or item.goal in goals
        assert [stop.ago for stop in item.path] == sorted((stop.ago for stop in item.path), reverse=True)
        assert 1 <= item.path[-1].ago <= item.path[0].ago <= FIRST_DAY
        assert len(item.title) < 70


def test_people_goals_and_contacts_know_each_other() -> None:
    assert 6 <= len(people.PEOPLE) <= 8
    assert len(CODES) == len(people.PEOPLE)
    assert {person.department for person in people.PEOPLE} == DEPARTMENTS
    assert {*people.TEAMMATES, *people.CONTACTS.values()} <= CODES
    assert people.CONTACTS.keys() == DEPARTMENTS
    assert people.YOU not in people.TEAMMATES
    for person in people.PEOPLE:
        assert any(map(_chinese, (person.name, *person.aliases)))
        assert not all(map(_chinese, (person.name, *person.aliases)))
    keys = {goal.key for goal in people.GOALS}
    assert {goal.parent for goal in people.GOALS} <= keys | {""}
    assert {goal.owner for goal in people.GOALS} <= CODES | {""}
    assert aims.TOLD.keys() <= {goal.key for goal in people.GOALS if goal.owner and goal.target is not None}
    for told in aims.TOLD.values():
        assert [ago for ago, _value in told] == sorted({ago for ago, _value in told}, reverse=True)
    assert {said.goal for said in aims.ANSWERS} <= keys
    assert {(said.who, said.department) for said in aims.ANSWERS} <= {
        (person.code, person.department) for person in people.PEOPLE
    }


@pytest.mark.parametrize("table", [items.DESCRIPTIONS, items.ACCEPTANCE, items.CHECKLISTS])
def test_details_belong_to_items(table: dict[str, str]) -> None:
    assert table.keys() <= KEYS


def test_checklists_have_entries() -> None:
    assert all(len(checklist(key)) >= 3 for key in items.CHECKLISTS)


def test_ten_conflicts_are_open_and_all_are_different() -> None:
    assert len(OPEN) == 10
    states = {conflict.steps[-1][1] if conflict.steps else "logged" for conflict in OPEN}
    assert len(states) >= 6
    assert {conflict.cause for conflict in OPEN} == set(schema.ROOT_CAUSES)
    assert {conflict.severity for conflict in OPEN} == {1, 2, 3, 4}


@pytest.mark.parametrize("conflict", [*conflicts.CONFLICTS, *conflicts.LATER], ids=lambda row: str(row.key))
def test_a_conflict_has_sides_with_reasons_and_touches_work_that_exists(conflict: conflicts.Conflict) -> None:
    parties = set(conflict.parties.split())
    assert len(parties) >= 2
    assert parties <= DEPARTMENTS
    assert {*conflict.positions, *conflict.interests} <= parties
    assert len(conflict.positions) >= 2
    assert conflict.interests
    assert conflict.cause in schema.ROOT_CAUSES
    assert {state for _, state, _ in conflict.steps} <= set(schema.CONFLICT_STATES)
    assert {conflict.by, conflict.decider or conflict.by, *(who for _, _, who in conflict.steps)} <= CODES
    known = {item.key: -item.path[0].ago for item in rows()}
    assert all(known[key] <= conflict.day for key in conflict.items.split())
    days = [conflict.day, *(day for day, _, _ in conflict.steps)]
    assert days == sorted(days)


def test_about_forty_items_of_all_departments_hang_together() -> None:
    lines = plan.planned()
    departments = {item.key: item.department for item in rows()}
    assert lines.keys() <= KEYS
    linked = {key for key, line in lines.items() if line.waits} | {
        wait.key for line in lines.values() for wait in line.waits
    }
    assert 38 <= len(linked) <= 48
    assert linked <= lines.keys()
    assert {departments[key] for key in linked} == DEPARTMENTS
    assert {wait.type for line in lines.values() for wait in line.waits} == {"FS", "SS", "FF"}
    assert any(
        departments[key] != departments[wait.key] for key, line in lines.items() for wait in line.waits
    )
    milestones = {item.key for item in rows() if item.kind == "milestone"}
    assert len(milestones & linked) >= 4
    assert not any(lines[key].lengths for key in milestones & lines.keys())
    begun = {item.key for item in rows() if len(item.path) > 1}
    assert all(line.start is None for key, line in lines.items() if key in begun)


def test_days_absences_and_what_was_said_at_the_review_are_of_those_who_are_there() -> None:
    assert {away.who for away in plan.AWAY} <= CODES
    assert all(away.first <= away.last for away in plan.AWAY)
    assert {day.department for day in plan.OWN_DAYS} <= DEPARTMENTS | {""}
    assert {answer.who for answer in plan.ANSWERS} <= CODES
    assert {answer.on for answer in plan.ANSWERS} <= KEYS
    assert {answer.answer for answer in plan.ANSWERS} == set(schema.ANSWERS)
    assert {answer.reason for answer in plan.ANSWERS if answer.reason} <= set(schema.REASONS)


def test_comments_and_edits_are_about_something_and_by_somebody() -> None:
    fields = schema.KINDS["item"].fields
    for said in talk.SAID:
        assert said.on in KEYS | CONFLICTS.keys()
        assert said.who in CODES
    for edit in talk.EDITED:
        assert edit.on in KEYS
        assert edit.who in CODES
        assert edit.field in fields
    assert {key for key, _ in talk.BEFORE} <= KEYS
    assert {(edit.on, edit.field) for edit in talk.EDITED} >= talk.BEFORE.keys()
    assert len(talk.SAID) >= 60


def test_the_teammates_opening_leads_to_a_divergence_within_a_minute() -> None:
    times = [scene.at for scene in lines.OPENING]
    assert times == sorted(times)
    assert times[-1] < 60
    later = {conflict.key: conflict for conflict in conflicts.LATER}
    statuses = {item.key: item.path[-1].status for item in rows()}
    for scene in lines.OPENING:
        assert scene.who in people.TEAMMATES
        assert scene.on in (later if scene.does == lines.LOG else KEYS | CONFLICTS.keys())
        if scene.does == lines.MOVE:
            assert scene.value in STATUSES
            assert scene.value != statuses[scene.on]
    (both,) = [scene for scene in lines.OPENING if scene.does == lines.BOTH]
    assert both.at < 45
    assert statuses[both.on] == "d"
    assert len(set(lines.DISPUTED_DUE.values())) == len(people.TEAMMATES)
    assert {conflict.by for conflict in conflicts.LATER} <= set(people.TEAMMATES)
    assert lines.LINES.keys() == set(people.TEAMMATES)


@pytest.mark.parametrize(
    ("today", "days", "expected"),
    [
        ("2026-11-23", 0, "2026-11-23"),  # a Monday
        ("2026-11-23", -1, "2026-11-20"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-23", -11, "2026-11-06"),
        ("2026-11-21", 0, "2026-11-21"),  # a Saturday is its own day 0
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-22", -1, "2026-11-20"),
    ],
)
def test_days_are_counted_in_working_days(today: str, days: int, expected: str) -> None:
    assert workday(datetime.date.fromisoformat(today), days).isoformat() == expected


def _told(now: int) -> list[Event]:
    names = Names(
        {key: key for key in STATUSES}, {key: key for key in DEPARTMENTS}, {key: key for key in CODES}
    )
    cast = Cast(names, Calendar(now), Counter())
    return [*events(cast), *plan_events(cast)]


@pytest.mark.parametrize("day", range(23, 30))
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_on_any_day_and_hour_everything_lies_in_the_last_two_weeks(day: int, hour: int) -> None:
    now = int(datetime.datetime(2026, 11, day, hour, 10).astimezone().timestamp() * 1000)
    told = _told(now)
    assert max(event.at for event in told) < now
    assert 13 <= (now - min(event.at for event in told)) / DAY < 18
    assert {event.who for event in told} == CODES
    # What is written about a thing comes after the thing.
    begun: dict[str, int] = {}
    for event in sorted(told, key=lambda event: event.at):
        function, (subject, *_) = event.write.func, event.write.args  # type: ignore[attr-defined]
        if function.__name__ in ("_add", "_log"):
            key = subject if isinstance(subject, str) else subject.key
            begun[key] = event.at
        elif function.__name__ in ("_move", "set_fields", "_say", "_list"):
            assert subject.split()[0] in begun
        elif function.__name__ == "_link":
            assert {subject, event.write.args[1].key} <= begun.keys()  # type: ignore[attr-defined]
        elif function.__name__ == "_answer":
            assert {answer.on for answer in plan.ANSWERS} <= begun.keys()


def test_what_the_teammates_write_is_what_a_person_could_have_captured() -> None:
    members = [Term(person.code, person.name, aliases=person.aliases) for person in people.PEOPLE]
    understood = parse("页脚 @Hannah", Vocabulary(members=members), datetime.date(2026, 11, 23))
    assert understood.fields["owner"] == "hw"


def test_departments_have_steps_days_needs_and_requests_that_name_what_is_there() -> None:
    assert team.STEPS.keys() == DEPARTMENTS
    assert {day.department for day in team.DAYS} == DEPARTMENTS - {"pd"} | {""}
    assert any(day.day < 0 for day in team.DAYS)
    assert 8 <= len(team.NEEDS) <= 12
    assert {need.department for need in team.NEEDS} == DEPARTMENTS
    assert {need.sort for need in team.NEEDS} == set(schema.NEED_SORTS)
    assert {need.kind for need in team.NEEDS} <= set(schema.NEED_KINDS)
    assert {need.state for need in team.NEEDS} == set(schema.NEED_STATES)
    assert any(map(_chinese, (need.title for need in team.NEEDS)))
    assert not all(map(_chinese, (need.title for need in team.NEEDS)))
    began = {item.key: item.path[0].ago for item in rows()}
    for need in team.NEEDS:
        assert need.who in CODES
        assert all(began[key] > need.ago for key in need.items.split())
    assert len(team.ASKS) == 3
    for ask in team.ASKS:
        assert {ask.who, ask.member or ask.who} <= CODES
        assert {ask.asks, ask.gives} <= DEPARTMENTS
        assert ask.first <= ask.last
        assert began[ask.item] > ask.ago
        assert ask.state in (*schema.REQUEST_STATES, "")
