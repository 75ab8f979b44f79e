"""Items that come again: what follows follows from the last alone, so that replicas make it once, and lose nothing."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable

import pytest

from store import commands, queries, recurrence
from store.commands import change
from store.database import Store
from store.errors import StoreError
from store.recurrence import catch_up, history, occurrence_id
from store.undo import redo, undo
from tests.conftest import TODAY, add_item, exchange
from tests.steps import steps

MONDAYS = "FREQ=WEEKLY;BYDAY=MO"
NEXT = TODAY + datetime.timedelta(7)


def done(store: Store, ent: str) -> None:
    [status] = [status.id for status in queries.statuses(store) if status.category == "done"]
    commands.move(store, [ent], status)


def fields(store: Store, ent: str) -> dict[str, object]:
    found = queries.entity_fields(store, "item", ent)
    assert found is not None
    return found


def came(store: Store, ent: str) -> list[tuple[str, str]]:
    return [(one.day, one.came) for one in history(store, ent)]


def weekly(store: Store, **more: object) -> str:
    return add_item(store, "[bold]周会", recurrence=MONDAYS, **more)


def at(store: Store, day: datetime.date) -> None:
    store._today = lambda: day


def test_an_item_without_a_day_is_due_on_the_first_of_its_rule(store: Store) -> None:
    found = fields(store, weekly(store))
    assert (found["due"], found["occurrence"]) == ("2026-11-23", "2026-11-23")
    found = fields(store, weekly(store, due="2026-12-01"))
    assert (found["due"], found["occurrence"]) == ("2026-12-01", "2026-12-01")


def test_what_follows_takes_over_what_it_is_and_begins_anew(store: Store) -> None:
    goal = commands.create(store, "goal", {"title": "付费"}).ids[0]
    parent = add_item(store, "季度")
    ent = weekly(
        store, due="2026-11-23", start="2026-11-20", remind="2026-11-22", owner=store.member, labels=["例会", "x"],
        effort=2, goal=goal, parent=parent, description="议程", blocked="等法务", participants=[store.member],
    )  # fmt: skip
    commands.check(store, ent, "准备")
    [entry] = queries.checks(store, ent)
    commands.set_fields(store, [entry.id], {"done": True})
    done(store, ent)
    made = occurrence_id(ent, NEXT)
    found = fields(store, made)
    assert (found["due"], found["start"], found["remind"]) == ("2026-11-30", "2026-11-27", "2026-11-29")
    same = (
        "title",
        "owner",
        "labels",
        "effort",
        "goal",
        "parent",
        "description",
        "recurrence",
        "participants",
    )
    assert {name: found[name] for name in same} == {name: fields(store, ent)[name] for name in same}
    assert (found["series"], found["occurrence"], found["short"]) == (ent, "2026-11-30", "lp3-1130")
    assert "blocked" not in found
    assert found["status"] == queries.statuses(store)[0].id
    assert [(one.title, one.done) for one in queries.checks(store, made)] == [("准备", False)]


def test_marking_one_done_and_what_follows_are_one_undo(store: Store) -> None:
    ent = weekly(store)
    done(store, ent)
    assert came(store, ent) == [("2026-11-23", "done"), ("2026-11-30", "open")]
    undo(store)
    assert came(store, ent) == [("2026-11-23", "open"), ("2026-11-30", "skipped")]
    redo(store)
    assert came(store, ent) == [("2026-11-23", "done"), ("2026-11-30", "open")]
    undo(store)
    done(store, ent)
    assert came(store, ent) == [("2026-11-23", "done"), ("2026-11-30", "open")]


def test_moving_among_what_is_done_makes_nothing(store: Store) -> None:
    ent, other = weekly(store), add_item(store)
    done(store, ent)
    done(store, other)
    commands.trash(store, [occurrence_id(ent, NEXT)])
    [status] = [status.id for status in queries.statuses(store) if status.category == "done"]
    commands.move(store, [ent], status, after=other)
    assert catch_up(store) is None
    assert came(store, ent) == [("2026-11-23", "done"), ("2026-11-30", "skipped")]


def test_what_is_due_is_followed_without_anybody(store: Store) -> None:
    ent = weekly(store, due="2026-11-30")
    assert catch_up(store) is None
    at(store, datetime.date(2026, 12, 15))
    made = catch_up(store)
    assert made is not None
    assert [day for day, _ in came(store, ent)] == [
        "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21",
    ]  # fmt: skip
    assert catch_up(store) is None


def test_catching_up_is_no_step_for_undo_and_leaves_redo(store: Store) -> None:
    ent = weekly(store, due="2026-11-30")
    other = add_item(store, "别的")
    undo(store)
    at(store, NEXT)
    assert catch_up(store) is not None
    redo(store)
    assert not queries.detail(store, other).trashed  # type: ignore[union-attr]
    undo(store)
    undo(store)
    assert queries.detail(store, ent).trashed  # type: ignore[union-attr]


def test_one_is_left_out(store: Store) -> None:
    ent = weekly(store)
    with change(store, "repeat") as made:
        following = recurrence.skip(made, ent)
    assert following == occurrence_id(ent, NEXT)
    assert came(store, ent) == [("2026-11-23", "skipped"), ("2026-11-30", "open")]
    undo(store)
    assert came(store, ent)[0] == ("2026-11-23", "open")


def test_only_this_one_is_put_off(store: Store) -> None:
    ent = weekly(store, start="2026-11-20", due="2026-11-23")
    with change(store, "repeat") as made:
        recurrence.postpone(made, ent, "2026-11-25")
    found = fields(store, ent)
    assert (found["due"], found["start"], found["recurrence"]) == ("2026-11-25", "2026-11-22", MONDAYS)
    done(store, ent)
    assert fields(store, occurrence_id(ent, NEXT))["due"] == "2026-11-30"


def test_this_one_and_what_follows_are_put_off(store: Store) -> None:
    ent = weekly(store)
    with change(store, "repeat") as made:
        recurrence.postpone(made, ent, "2026-11-25", later=True)
    done(store, ent)
    assert came(store, ent) == [("2026-11-25", "done"), ("2026-12-02", "open")]


def test_an_ended_series_stays_as_it_is(store: Store) -> None:
    ent = weekly(store)
    done(store, ent)
    following = occurrence_id(ent, NEXT)
    with change(store, "repeat") as made:
        recurrence.end(made, following)
    done(store, following)
    assert catch_up(store) is None
    assert came(store, ent) == [("2026-11-23", "done"), ("2026-11-30", "done")]


def test_another_rule_holds_from_there_on(store: Store) -> None:
    ent = weekly(store)
    commands.set_fields(store, [ent], {"recurrence": "FREQ=DAILY;COUNT=2"})
    done(store, ent)
    second = occurrence_id(ent, TODAY + datetime.timedelta(1))
    assert fields(store, second)["recurrence"] == "FREQ=DAILY;COUNT=1"
    done(store, second)
    assert [day for day, _ in came(store, ent)] == ["2026-11-23", "2026-11-24"]


@pytest.mark.parametrize(
    "rule", ["FREQ=HOURLY", "nonsense", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "\x1b[31m"]
)
def test_a_rule_that_gives_nothing_stays_and_harms_nothing(store: Store, rule: str) -> None:
    ent = add_item(store, recurrence=rule, due="2026-11-20")
    done(store, ent)
    assert catch_up(store) is None
    assert fields(store, ent)["recurrence"] == rule


def test_a_private_draft_is_followed_by_one(store: Store, teammate: Callable[[str], Store]) -> None:
    other = teammate("Mei")
    ent = commands.create(store, "item", {"title": "x", "recurrence": MONDAYS}, private=True).ids[0]
    commands.check(store, ent, "y")
    done(store, ent)
    exchange(store, other)
    assert history(other, ent) == []
    assert history(other, occurrence_id(ent, NEXT)) == []
    assert queries.card(store, occurrence_id(ent, NEXT)).private  # type: ignore[union-attr]


def test_only_items_recur_and_only_those_that_do(store: Store) -> None:
    plain = add_item(store)
    conflict = commands.create(store, "conflict", {"title": "x"}).ids[0]
    with pytest.raises(StoreError) as error, change(store, "repeat") as made:
        recurrence.skip(made, plain)
    assert error.value.code == "not-recurring"
    with pytest.raises(StoreError) as error, change(store, "repeat") as made:
        recurrence.end(made, conflict)
    assert error.value.code == "wrong-kind"
    assert history(store, plain) == history(store, conflict) == []


def test_two_who_do_the_same_apart_make_one_without_anything_to_settle(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Mei")
    ent = weekly(store, labels=["a"])
    commands.check(store, ent, "准备")
    exchange(store, other)
    done(store, ent)
    done(other, ent)
    exchange(store, other)
    made = occurrence_id(ent, NEXT)
    for one in (store, other):
        assert came(one, ent) == [("2026-11-23", "done"), ("2026-11-30", "open")]
        assert queries.divergence_count(one) == 0
        assert len(queries.checks(one, made)) == 1
    assert fields(store, made) == fields(other, made)


def test_what_a_teammates_older_program_marked_done_is_followed_here(
    store: Store, teammate: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = teammate("Mei")
    ent = weekly(store, due="2026-12-07")
    exchange(store, other)
    with monkeypatch.context() as patched:
        patched.setattr("store.change.Change._finish", lambda self: None)
        done(other, ent)
    exchange(store, other)
    assert len(came(store, ent)) == 1
    assert catch_up(store) is not None
    assert [day for day, _ in came(store, ent)] == ["2026-12-07", "2026-12-14"]


@pytest.mark.parametrize("seed", range(12))
def test_replicas_end_with_the_same_occurrences(
    store: Store, teammate: Callable[[str], Store], seed: int
) -> None:
    rng = random.Random(seed)
    stores = [store, teammate("Mei"), teammate("Bo")]
    ent = add_item(store, recurrence=rng.choice(["FREQ=DAILY", MONDAYS, "FREQ=WEEKLY;INTERVAL=2"]))
    exchange(*stores)
    day = TODAY
    for _ in range(12):
        one = rng.choice(stores)
        held = [row for row in history(one, ent) or [] if row.came in ("open", "late")]
        target = rng.choice(held).id if held else ""
        what = rng.choice(["done", "done", "skip", "day", "look", "sync", "undo"])
        if what == "day":
            day += datetime.timedelta(rng.randint(1, 5))
            for each in stores:
                at(each, day)
        elif what == "look":
            catch_up(one)
        elif what == "sync":
            exchange(*rng.sample(stores, 2))
        elif what == "undo":
            undo(one) if one.conn.execute("SELECT 1 FROM change WHERE state = 'done'").fetchone() else None
        elif target and what == "done":
            done(one, target)
        elif target:
            with change(one, "repeat") as made:
                recurrence.skip(made, target)
    for _ in range(3):
        exchange(*stores)
        for one in stores:
            catch_up(one)
    exchange(*stores)
    rows = [[(row.id, row.day, row.came) for row in history(one, ent)] for one in stores]
    assert rows[0] == rows[1] == rows[2]
    assert len({row[0] for row in rows[0]}) == len({row[1] for row in rows[0]}) == len(rows[0])
    assert all(catch_up(one) is None for one in stores)
    assert all(queries.divergence_count(one) == queries.divergence_count(store) for one in stores)


def test_where_nothing_recurs_a_card_is_moved_without_a_look_at_the_others(store: Store) -> None:
    with change(store, "add") as made:
        for number in range(300):
            made.create("item", {"title": f"item {number}"})
    with change(store, "x") as made:
        assert not recurrence.is_used(made)
        assert steps(store.conn, lambda: recurrence.is_used(made)) < 100
