"""A day of one's own: picked, ordered, done, carried over, timed; one on two devices, and nobody's until shared."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from store import commands, day_plan, queries
from store.commands import Change
from store.commitment_rows import promises
from store.database import Store
from store.day_plan import pick, pick_id
from store.day_plan_clock import clock_words, running_clock
from store.day_plan_rows import (
    Pick,
    carried_to,
    day_of,
    logged,
    meeting_minutes,
    next_working_day,
    picks,
    shared_count,
    standup,
    unfinished,
)
from store.errors import StoreError
from store.links import link
from store.own_days import set_absence
from store.undo import undo
from sync.engine import create_share, sync_once
from tests.conftest import TODAY, Clock, add_item, deliver, exchange
from tests.talking_by_keys import unpacked

DAY = TODAY.isoformat()
TUESDAY, FRIDAY_BEFORE = "2026-11-24", "2026-11-20"


def do(store: Store, work: Callable[[Change], object]) -> Change:
    with commands.change(store, "pick") as change:
        work(change)
    return change


def day(store: Store, iso: str = DAY) -> list[Pick]:
    return picks(store, iso)


def at(store: Store, iso: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_today", lambda: datetime.date.fromisoformat(iso))


def test_what_is_picked_is_in_the_plan_in_its_order_and_taken_out_again(store: Store) -> None:
    first, second = add_item(store, "first"), add_item(store, "second")
    do(store, lambda change: day_plan.toggle(change, DAY, [first, second]))
    do(store, lambda change: pick(change, DAY, title="  a line  of one's own ", minutes=30))
    assert [(one.title, one.minutes, one.state) for one in day(store)] == [
        ("first", None, "planned"), ("second", None, "planned"), ("a line of one's own", 30, "planned"),
    ]  # fmt: skip
    do(store, lambda change: day_plan.toggle(change, DAY, [first]))
    assert [one.title for one in day(store)] == ["second", "a line of one's own"]
    do(store, lambda change: day_plan.toggle(change, DAY, [first, second]))
    assert len(day(store)) == 3
    undo(store)
    assert [one.title for one in day(store)] == ["second", "a line of one's own"]


@pytest.mark.parametrize(
    ("moved", "by", "order"), [(0, 1, "bac"), (2, -1, "acb"), (0, -1, "abc"), (2, 1, "abc"), (0, 2, "bca")]
)
def test_picks_are_put_in_order(store: Store, moved: int, by: int, order: str) -> None:
    do(store, lambda change: [pick(change, DAY, title=title) for title in "abc"])
    found = day(store)
    do(store, lambda change: day_plan.put(change, found, found[moved].id, by))
    assert "".join(one.title for one in day(store)) == order


def test_order_holds_where_two_picks_have_one_rank(store: Store) -> None:
    do(store, lambda change: [pick(change, DAY, title=title) for title in "abc"])
    commands.set_fields(store, [one.id for one in day(store)], {"rank": "a0"})
    found = day(store)
    do(store, lambda change: day_plan.put(change, found, found[2].id, -1))
    assert [one.id for one in day(store)] == [found[0].id, found[2].id, found[1].id]


def test_done_is_done_with_its_item_or_promise_in_one_undo(store: Store) -> None:
    item = add_item(store, "item")
    promise = commands.create(store, "commitment", {"title": "promise", "due": DAY}).ids[0]
    conflict = commands.create(store, "conflict", {"title": "conflict"}).ids[0]
    do(store, lambda change: day_plan.toggle(change, DAY, [item, promise, conflict]))
    do(store, lambda change: [day_plan.finish(change, one) for one in day(store)])
    done = {row.id for row in queries.statuses(store) if row.category == "done"}
    assert {one.state for one in day(store)} == {"done"}
    assert queries.card(store, item).status in done  # type: ignore[union-attr]
    assert [row.state for row in promises(store)] == ["kept"]
    assert queries.card(store, conflict).state == "logged"  # type: ignore[union-attr]
    undo(store)
    assert {one.state for one in day(store)} == {"planned"}
    assert queries.card(store, item).status not in done  # type: ignore[union-attr]
    assert [row.state for row in promises(store)] == ["promised"]


def test_what_was_picked_and_thrown_away_is_said_and_can_still_be_settled(store: Store) -> None:
    item = add_item(store, "item")
    do(store, lambda change: pick(change, DAY, item))
    commands.trash(store, [item])
    [one] = day(store)
    assert (one.gone, one.title) == (True, "item")
    do(store, lambda change: day_plan.finish(change, one))
    assert day(store)[0].state == "done"
    assert queries.detail(store, item).trashed  # type: ignore[union-attr]


def test_what_is_carried_over_goes_on_and_is_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    item = add_item(store, "item")
    do(store, lambda change: pick(change, FRIDAY_BEFORE, item, minutes=45))
    for iso, following in ((FRIDAY_BEFORE, DAY), (DAY, TUESDAY)):
        [one] = day(store, iso)
        do(store, lambda change, one=one, to=following: day_plan.push(change, one, to, "waited for others"))
        [was] = day(store, iso)
        assert (was.state, was.reason, carried_to(store, [was])) == (
            "carried over", "waited for others", {was.id: following},
        )  # fmt: skip
    [last] = day(store, TUESDAY)
    assert (last.minutes, last.moved, last.state, last.about) == (45, 2, "planned", item)
    undo(store)
    assert day(store, TUESDAY) == []
    assert day(store)[0].state == "planned"


def test_a_line_of_ones_own_is_the_same_thing_on_another_day(store: Store) -> None:
    do(store, lambda change: pick(change, FRIDAY_BEFORE, title="写周报"))
    do(store, lambda change: pick(change, FRIDAY_BEFORE, title="something else"))
    for one in day(store, FRIDAY_BEFORE):
        do(store, lambda change, one=one: day_plan.push(change, one, DAY))
    assert {(one.title, one.moved) for one in day(store)} == {("写周报", 1), ("something else", 1)}


def test_what_was_left_is_taken_over_and_what_is_gone_is_let_go(store: Store) -> None:
    kept, lost = add_item(store, "kept"), add_item(store, "lost")
    do(store, lambda change: [pick(change, FRIDAY_BEFORE, ent) for ent in (kept, lost)])
    do(store, lambda change: pick(change, "2026-10-01", title="long ago"))
    commands.trash(store, [lost])
    left = unfinished(store, TODAY)
    assert {one.title for one in left} == {"kept", "lost"}
    do(store, lambda change: day_plan.bring_over(change, left, DAY))
    assert [one.title for one in day(store)] == ["kept"]
    assert {one.title: one.state for one in day(store, FRIDAY_BEFORE)} == {
        "kept": "carried over",
        "lost": "let go",
    }
    assert unfinished(store, TODAY) == []


def test_a_clock_runs_through_a_restart_and_logs_what_it_ran(store: Store, clock: Clock) -> None:
    item = add_item(store, "item")
    do(store, lambda change: pick(change, DAY, item))
    do(store, lambda change: pick(change, DAY, title="[bold]line"))
    first, second = day(store)
    do(store, lambda change: day_plan.start_clock(change, first))
    clock.advance(seconds=25 * 60)
    found = running_clock(store)
    assert found is not None
    assert (found.about, clock_words(store, found)) == (item, "lp-1")
    do(store, lambda change: day_plan.start_clock(change, second))  # the first is stopped thereby
    clock.advance(seconds=90 * 60)
    assert clock_words(store, running_clock(store)) == "[bold]line"  # type: ignore[arg-type]
    do(store, lambda change: day_plan.stop_clock(change))
    assert running_clock(store) is None
    assert logged(store, DAY) == {item: 25, second.id: 90}
    assert [one.spent for one in day(store)] == [25, 90]
    do(store, lambda change: day_plan.log_time(change, item, 20, note="by hand"))
    assert logged(store, DAY)[item] == 45
    assert do(store, lambda change: day_plan.stop_clock(change)).changes.ids() == set()


def test_finishing_a_pick_stops_its_clock(store: Store, clock: Clock) -> None:
    do(store, lambda change: pick(change, DAY, title="a"))
    do(store, lambda change: day_plan.start_clock(change, day(store)[0]))
    clock.advance(seconds=600)
    do(store, lambda change: day_plan.finish(change, day(store)[0]))
    assert running_clock(store) is None
    assert day(store)[0].spent == 10


def test_the_day_has_room_for_what_meetings_and_absences_leave(store: Store) -> None:
    commands.set_fields(store, [store.member], {"capacity": 30})
    moment = datetime.datetime.combine(TODAY, datetime.time(15)).astimezone().isoformat()
    later = (
        datetime.datetime.combine(TODAY + datetime.timedelta(1), datetime.time(0)).astimezone().isoformat()
    )
    commands.create(
        store, "meeting", {"title": "mine", "planned": moment, "length": 60, "attendees": [store.member]}
    )
    commands.create(store, "meeting", {"title": "tomorrow's", "planned": later, "length": 30})
    do(store, lambda change: pick(change, DAY, title="a", minutes=90))
    found = day_of(store, TODAY, day(store))
    assert (found.capacity, found.meetings, found.room, found.planned, found.over) == (360, 60, 300, 90, 0)
    with commands.change(store, "set") as change:
        set_absence(change, store.member, TODAY, TODAY)
    assert day_of(store, TODAY, day(store)).over == 90
    assert (
        next_working_day(store, TODAY - datetime.timedelta(3)).isoformat() == TUESDAY
    )  # Friday, and Monday is free


def test_somebody_without_hours_has_the_usual_week(store: Store) -> None:
    assert day_of(store, TODAY, []).capacity == 480


def test_meetings_of_others_take_nothing(store: Store, teammate: Callable[[str], Store]) -> None:
    other = teammate("Han")
    moment = datetime.datetime.combine(TODAY, datetime.time(15)).astimezone().isoformat()
    commands.create(other, "meeting", {"title": "theirs", "planned": moment, "length": 60})
    deliver(other, store)
    assert meeting_minutes(store, TODAY) == 0
    assert meeting_minutes(other, TODAY) == 60


@pytest.mark.parametrize(("about", "title", "code"), [("nobody", "", "not-found"), ("", "  ", "bad-value")])
def test_what_is_not_there_cannot_be_picked(store: Store, about: str, title: str, code: str) -> None:
    with pytest.raises(StoreError) as refused:
        do(store, lambda change: pick(change, DAY, about, title=title))
    assert refused.value.code == code
    assert day(store) == []


# Together


def values(store: Store) -> str:
    """Return everything a replica holds, as one text."""
    rows = store.conn.execute("SELECT value FROM op UNION ALL SELECT id FROM entity")
    return "\n".join(str(value) for (value,) in rows)


def test_a_plan_is_nobody_elses_until_it_is_shared(store: Store, teammate: Callable[[str], Store]) -> None:
    item = add_item(store, "item")
    other = teammate("Han")
    do(store, lambda change: pick(change, DAY, item, minutes=47))
    do(store, lambda change: pick(change, DAY, title="my secret line"))
    one = day(store)[1]
    do(store, lambda change: day_plan.log_time(change, one.id, 13))
    do(store, lambda change: day_plan.log_time(change, item, 17))
    exchange(store, other)
    held = values(other)
    assert "my secret line" not in held
    assert not any(found.id in held for found in day(store))
    assert other.conn.execute("SELECT count(*) FROM p_pick").fetchone() == (0,)
    assert other.conn.execute("SELECT count(*) FROM p_time_entry").fetchone() == (0,)
    do(store, lambda change: day_plan.share_day(change, DAY))
    exchange(store, other)
    [told] = [found for found in standup(other, TODAY) if found.member == store.member]
    assert [(found.title, found.minutes, found.spent) for found in told.planned] == [
        ("item", 47, 17), ("my secret line", None, 13),
    ]  # fmt: skip
    assert shared_count(other, DAY) == 1
    assert shared_count(store, DAY) == 0


def test_no_byte_of_a_plan_reaches_the_folder_before_it_is_shared(store: Store, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    create_share(str(share), store)
    item = add_item(store, "open to all")
    do(store, lambda change: [pick(change, DAY, item), pick(change, DAY, title="my secret line")])
    do(store, lambda change: day_plan.log_time(change, item, 17))
    sync_once(store)
    sent = b"".join(path.read_bytes() for path in share.rglob("*") if path.is_file())
    assert any(b"open to all" in text for text in unpacked(sent))
    for word in (b"my secret line", b'"pick"', b'"time_entry"', *(one.id.encode() for one in day(store))):
        assert not any(word in text for text in unpacked(sent)), word
    do(store, lambda change: day_plan.share_day(change, DAY))
    sync_once(store)
    sent = b"".join(path.read_bytes() for path in share.rglob("*") if path.is_file())
    for word in (b"my secret line", b"pick", b"time_entry"):
        assert any(word in text for text in unpacked(sent)), word


def test_what_is_about_a_private_draft_is_not_shared_with_the_day(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    draft = commands.create(store, "item", {"title": "draft"}, private=True).ids[0]
    other = teammate("Han")
    do(store, lambda change: [pick(change, DAY, draft), pick(change, DAY, title="open")])
    told: list[tuple[list[str], list[str]]] = []
    do(store, lambda change: told.append(day_plan.share_day(change, DAY)))
    assert [(len(shared), len(kept)) for shared, kept in told] == [(1, 1)]
    exchange(store, other)
    assert draft not in values(other)
    assert [one.title for one in picks(other, DAY, store.member)] == ["open"]


def test_the_same_pick_on_two_devices_of_one_member_is_one(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    item = add_item(store, "item")
    other = teammate("Han")
    other.member = store.member  # a second device of the same person
    for replica in (store, other):
        do(replica, lambda change: pick(change, DAY, item, minutes=30))
        do(replica, lambda change: day_plan.share_day(change, DAY))
    exchange(store, other)
    for replica in (store, other):
        assert [(one.id, one.title) for one in day(replica)] == [(pick_id(store.member, DAY, item), "item")]
        assert queries.divergence_count(replica) == 0


def test_the_stand_up_tells_what_was_done_the_working_day_before(
    store: Store, teammate: Callable[[str], Store], clock: Clock
) -> None:
    other = teammate("Han")
    clock.at = int(
        datetime.datetime.combine(TODAY - datetime.timedelta(3), datetime.time(15)).timestamp() * 1000
    )
    picked, free = add_item(store, "picked", owner=other.member), add_item(store, "free", owner=other.member)
    exchange(store, other)
    do(other, lambda change: pick(change, FRIDAY_BEFORE, picked))
    do(other, lambda change: day_plan.share_day(change, FRIDAY_BEFORE))
    do(other, lambda change: [day_plan.finish(change, one) for one in picks(other, FRIDAY_BEFORE)])
    do(other, lambda change: day_plan.finish_thing(change, free))
    clock.advance(days=3)
    exchange(store, other)
    [told] = standup(store, TODAY)
    assert (told.member, told.before, told.planned) == (other.member, FRIDAY_BEFORE, [])
    assert [one.title for one in told.did] == ["picked"]
    assert [card.title for card in told.finished] == ["free"]
    link(store, picked, free)  # what is linked stays what it is
    assert standup(store, TODAY)[0].did == told.did
