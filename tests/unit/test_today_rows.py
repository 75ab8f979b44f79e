"""The lists of a morning, as the store finds them."""

from __future__ import annotations

from collections.abc import Callable

from store import commands, queries
from store.analysis.today import (
    AWAITED,
    BLOCKED,
    CHECK,
    CONFIRM,
    DECIDE,
    DUE,
    FORECAST,
    GOAL,
    LATE,
    NAMED,
    OWED,
)
from store.database import Store
from store.links import link
from store.today_rows import today_lists
from tests.conftest import add_item

FRIDAY, SUNDAY, NEXT, BEFORE = "2026-11-27", "2026-11-29", "2026-11-30", "2026-11-20"


def named(store: Store, part: str) -> list[tuple[str, str]]:
    return [(thing.title, thing.why) for thing in getattr(today_lists(store), part)]


def done(store: Store) -> str:
    return next(row.id for row in queries.statuses(store) if row.category == "done")


def test_an_empty_workspace_has_empty_lists(store: Store) -> None:
    assert today_lists(store) == ([], [], [])


def test_promised_is_what_i_owe_and_what_is_due_to_me_this_week(store: Store) -> None:
    me, team = store.member, queries.departments(store)
    for title, fields in (
        ("friday", {"owner": me, "due": FRIDAY}), ("sunday", {"owner": me, "due": SUNDAY}),
        ("next week", {"owner": me, "due": NEXT}), ("no day", {"owner": me}), ("nobody's", {"due": FRIDAY}),
        ("finished", {"owner": me, "due": FRIDAY, "status": done(store)}),
    ):  # fmt: skip
        add_item(store, title, **fields)
    commands.trash(store, [add_item(store, "thrown away", owner=me, due=FRIDAY)])
    for title, fields in (
        ("mine", {"owner": me, "due": "2027-01-01"}), ("kept", {"owner": me, "state": "kept", "confirmed": me}),
        ("department's", {"from_department": team[0].id}), ("other's", {"from_department": team[1].id}),
    ):  # fmt: skip
        commands.create(store, "commitment", {"title": title, **fields})
    assert named(store, "promised") == [("friday", DUE), ("sunday", DUE), ("mine", OWED)]
    commands.set_fields(store, [me], {"department": team[0].id})
    assert ("department's", OWED) not in named(store, "promised")
    commands.set_fields(store, [team[0].id], {"contact": me})
    assert ("department's", OWED) in named(store, "promised")


def test_stuck_is_what_waits_for_me_and_what_i_wait_for(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Han")
    me = store.member
    team = queries.departments(store)
    commands.set_fields(store, [me], {"department": team[0].id, "aliases": ["Pingping"]})
    add_item(store, "mine", owner=me, blocked="等接口")
    for title, blocked in (
        ("by name", "等 林平 确认"), ("by alias", "PINGPING is asked"), ("by code", "ask @lp"),
        ("not me", "等法务 help"),
    ):  # fmt: skip
        add_item(store, title, owner=other.member, blocked=blocked)
    late, waiting = add_item(store, "late", owner=me, due=BEFORE), add_item(store, "waits")
    link(store, late, waiting)
    for title, fields in (
        ("to decide", {"decider": me}), ("theirs", {"decider": other.member}),
        ("follow-up", {"decider": me, "state": "checking", "follow_up": BEFORE}),
        ("our check", {"state": "decided", "follow_up": BEFORE, "parties": [team[0].id, team[1].id]}),
        ("checked", {"state": "decided", "follow_up": BEFORE, "parties": [team[0].id], "check": {team[0].id: 4}}),
        ("later", {"decider": me, "state": "decided", "follow_up": FRIDAY}),
        ("closed", {"decider": me, "state": "closed"}),
        ("escalated to me", {"state": "escalated", "escalated_to": me, "decider": other.member}),
    ):  # fmt: skip
        commands.create(store, "conflict", {"title": title, **fields})
    commands.create(
        store, "commitment", {"title": "kept?", "receiver": me, "owner": other.member, "state": "kept"}
    )
    found = named(store, "stuck")
    assert set(found) == {
        ("mine", BLOCKED), ("by name", NAMED), ("by alias", NAMED), ("by code", NAMED), ("late", AWAITED),
        ("to decide", DECIDE), ("follow-up", CHECK), ("our check", CHECK), ("escalated to me", DECIDE),
        ("kept?", CONFIRM),
    }  # fmt: skip
    assert found[0] == ("kept?", CONFIRM)
    assert found[-1] == ("mine", BLOCKED)
    assert next(thing.count for thing in today_lists(store).stuck if thing.id == late) == 1
    commands.set_fields(store, [waiting], {"status": done(store)})
    assert named(store, "slipping") == [("late", LATE)]  # nothing waits for it any more


def test_slipping_is_what_is_late_and_what_the_plan_says_will_be(store: Store) -> None:
    me = store.member
    add_item(store, "very late", owner=me, due="2026-10-01")
    add_item(store, "late", owner=me, due=BEFORE)
    soon = add_item(store, "soon", owner=me, due=FRIDAY)
    far = add_item(store, "far", owner=me, due="2027-03-01")
    gone = add_item(store, "gone", owner=me, due=FRIDAY)
    commands.trash(store, [gone])
    commands.create(store, "goal", {"title": "goal", "owner": me, "due": "2026-11-21"})
    commands.create(store, "goal", {"title": "reached", "owner": me, "due": BEFORE, "state": "reached"})
    assert named(store, "slipping") == [("very late", LATE), ("late", LATE), ("goal", GOAL)]
    found = today_lists(store, {soon: NEXT, far: "2027-04-01", gone: NEXT})
    assert [(thing.title, thing.why, thing.detail) for thing in found.slipping][3:] == [
        ("soon", FORECAST, NEXT), ("far", FORECAST, "2027-04-01"),
    ]  # fmt: skip
    assert found.promised == []
