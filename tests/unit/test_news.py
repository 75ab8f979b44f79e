"""The inbox of changes: what is for whom, in the order it came here, and how far a member has looked."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from store import commands
from store.analysis import news as why
from store.commands import change
from store.database import Store
from store.news import mark_all, mark_read, news, reading_id, seen_by, unseen_count
from tests.conftest import Clock, add_item, exchange

Join = Callable[[str], Store]


def told(store: Store, **asked: bool) -> list[tuple[str, str]]:
    return [(line.why, line.title) for line in news(store, **asked)]  # type: ignore[arg-type]


@pytest.fixture
def mei(store: Store, teammate: Join) -> Store:
    """A teammate who has looked at everything, as the first has."""
    other = teammate("Mei")
    exchange(store, other)
    mark_all(store)
    mark_all(other)
    exchange(store, other)
    return other


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@林平 看一下", True), ("请@林平看一下", True), ("＠lp", True), ('@"林平"?', True), ("@LP", True),
        ("林平", False), ("a@lp.com", False), ("@Mei", False), ("@lpx", False), ("\\x00@", False), ("@", False),
    ],
)  # fmt: skip
def test_a_comment_that_names_somebody_is_for_them(store: Store, mei: Store, text: str, named: bool) -> None:
    ent = add_item(mei, "[bold]定价页")
    commands.comment(mei, ent, text)
    exchange(store, mei)
    assert told(store) == ([(why.MENTIONED, "[bold]定价页")] if named else [])
    if named:
        [line] = news(store)
        assert (line.ent, line.by, line.text, line.new) == (ent, mei.member, " ".join(text.split()), True)
    assert news(mei) == []


def test_a_description_names_only_whom_it_did_not_name_before(store: Store, mei: Store) -> None:
    ent = add_item(mei, description="问 @林平")
    exchange(store, mei)
    assert told(store) == [(why.MENTIONED, "结账页改版")]
    mark_all(store)
    commands.set_fields(mei, [ent], {"description": "问 @林平，周五前"})
    exchange(store, mei)
    assert told(store) == []


def test_what_is_handed_to_somebody_is_theirs_to_know(store: Store, mei: Store) -> None:
    me = store.member
    add_item(mei, "交给你", owner=me)
    add_item(mei, "一起", participants=[me])
    commands.create(mei, "conflict", {"title": "发布日", "decider": me})
    commands.create(mei, "commitment", {"title": "文案", "receiver": me})
    commands.create(mei, "request", {"title": "两天设计", "member": me})
    add_item(mei, "别人的", owner=mei.member)
    exchange(store, mei)
    assert set(told(store)) == {
        (why.ASSIGNED, "交给你"), (why.TAKES_PART, "一起"), (why.DECIDES, "发布日"), (why.RECEIVES, "文案"),
        (why.REQUESTED, "两天设计"),
    }  # fmt: skip


def test_objections_checks_promises_and_answers_come_to_whom_they_concern(store: Store, mei: Store) -> None:
    [department, other] = [
        row[0] for row in store.conn.execute("SELECT id FROM p_department ORDER BY rank LIMIT 2")
    ]
    commands.set_fields(store, [store.member], {"department": department})
    goal = commands.create(store, "goal", {"title": "付费", "owner": store.member}).ids[0]
    conflict = commands.create(store, "conflict", {"title": "发布日", "parties": [department, other]}).ids[0]
    promise = commands.create(
        store, "commitment", {"title": "文案", "from_department": other, "to_department": department}
    ).ids[0]
    feedback = commands.create(store, "feedback", {"title": "发票"}).ids[0]
    exchange(store, mei)
    commands.set_fields(mei, [goal], {"answer": {other: "objected"}})
    commands.set_fields(mei, [conflict], {"check": {other: 2}})
    commands.set_fields(mei, [promise], {"state": "renegotiated"})
    commands.set_fields(mei, [feedback], {"reply": "已经有了"})
    exchange(store, mei)
    assert set(told(store)) == {
        (why.OBJECTED, "付费"), (why.POOR_CHECK, "发布日"), (why.RENEGOTIATED, "文案"), (why.ANSWERED, "发票"),
    }  # fmt: skip
    mark_all(store)
    commands.set_fields(mei, [goal], {"answer": {other: "acknowledged"}})
    commands.set_fields(mei, [conflict], {"check": {other: 4}})
    exchange(store, mei)
    assert told(store) == []


def test_what_diverged_of_ones_own_is_ones_own(store: Store, mei: Store) -> None:
    ent = add_item(store, owner=store.member)
    exchange(store, mei)
    commands.set_fields(store, [ent], {"title": "这样"})
    commands.set_fields(mei, [ent], {"title": "那样"})
    exchange(store, mei)
    assert [reason for reason, _ in told(store)] == [why.DIVERGED]


def test_everything_is_one_line_for_what_one_did_to_one_thing(store: Store, mei: Store, clock: Clock) -> None:
    ent = add_item(mei, "定价页")
    commands.comment(mei, ent, "在做")
    commands.set_fields(mei, [ent], {"due": "2026-12-01"})
    add_item(mei, "首页")
    clock.advance(days=1)
    commands.set_fields(mei, [ent], {"due": "2026-12-02"})
    exchange(store, mei)
    found = news(store, everything=True)
    assert [line.title for line in found] == ["定价页", "首页", "定价页"]
    assert dict(found[0].fields) == {"due": "2026-12-02"}
    assert {"title", "comment", "due"} <= dict(found[2].fields).keys()
    assert [line.born for line in found] == [False, True, True]
    assert found[2].text == "在做"
    assert len(found[2].keys) == 3
    assert told(store) == []


def test_moves_within_a_column_and_bookkeeping_are_no_news(store: Store, mei: Store) -> None:
    first, second = add_item(store, "一"), add_item(store, "二")
    exchange(store, mei)
    row = mei.conn.execute("SELECT status FROM p_item LIMIT 1").fetchone()
    commands.move(mei, [first], row[0], before=second)
    mark_all(mei)
    exchange(store, mei)
    assert news(store, everything=True) == []


def test_what_comes_late_from_a_slow_clock_is_new_and_stands_first(
    store: Store, mei: Store, teammate: Join, clock: Clock
) -> None:
    bo = teammate("Bo")
    exchange(store, mei, bo)
    mark_all(store)
    clock.advance(days=-400)
    add_item(bo, "离线时写的", owner=store.member)
    clock.advance(days=400)
    add_item(mei, "先到的", owner=store.member)
    exchange(store, mei)
    mark_all(store)
    add_item(mei, "也先到的", owner=store.member)
    exchange(store, mei)
    exchange(store, bo)
    assert told(store) == [(why.ASSIGNED, "离线时写的"), (why.ASSIGNED, "也先到的")]
    assert told(store, read=True)[-1] == (why.ASSIGNED, "先到的")


def test_all_is_seen_on_all_devices_of_a_member(
    store: Store, mei: Store, teammate: Join, clock: Clock
) -> None:
    second = teammate("x")  # a device that goes on as the same member
    second.set_meta("member", store.member)
    second.reload_identity()
    ent = add_item(mei, owner=store.member)
    exchange(store, mei, second)
    assert (unseen_count(store), unseen_count(second)) == (1, 1)
    assert mark_all(store) is not None
    assert mark_all(store) is None
    exchange(store, mei, second)
    assert (unseen_count(store), unseen_count(second)) == (0, 0)
    commands.set_fields(mei, [ent], {"owner": None})
    exchange(store, mei, second)
    assert (unseen_count(store), unseen_count(second)) == (0, 0)
    commands.set_fields(mei, [ent], {"owner": store.member})
    exchange(store, mei, second)
    mark_all(second)
    mark_all(store)
    exchange(store, mei, second)
    assert seen_by(store, store.member).streams == seen_by(second, store.member).streams
    assert store.conn.execute("SELECT count(*) FROM divergence").fetchone()[0] in (0, 1)


def test_two_devices_that_looked_apart_agree(store: Store, mei: Store, teammate: Join) -> None:
    second = teammate("x")
    second.set_meta("member", store.member)
    second.reload_identity()
    for title in ("一", "二"):
        add_item(mei, title, owner=store.member)
        exchange(mei, store if title == "一" else second)
    exchange(mei, second)
    mark_all(store)
    mark_all(second)
    exchange(store, mei, second)
    assert seen_by(store, store.member).streams == seen_by(second, store.member).streams
    assert reading_id(store.member) != reading_id(mei.member)


def test_a_line_read_out_of_turn_is_remembered_here_and_passes_on_once_all_before_it_is(
    store: Store, mei: Store
) -> None:
    add_item(mei, "一", owner=store.member)
    add_item(mei, "二", owner=store.member)
    exchange(store, mei)
    second, first = news(store)
    name, _colon, number = first.keys[0].partition(":")
    mark_read(store, second)
    assert told(store) == [(why.ASSIGNED, "一")]
    assert seen_by(store, store.member).streams[name] < int(number)
    mark_read(store, first)
    assert told(store) == []
    assert seen_by(store, store.member).streams[name] >= int(number)


def test_who_never_looked_is_told_of_the_last_weeks_only(store: Store, teammate: Join, clock: Clock) -> None:
    other = teammate("Mei")
    add_item(other, "很久以前", owner=store.member)
    clock.advance(days=60)
    add_item(other, "昨天", owner=store.member)
    clock.advance(days=1)
    exchange(store, other)
    assert told(store) == [(why.ASSIGNED, "昨天")]
    assert {title for _, title in told(store, read=True)} >= {"昨天"}


def test_days_that_have_come_are_new_until_they_were_looked_at(store: Store, mei: Store) -> None:
    today = store.today()
    me = store.member
    later = (today + datetime.timedelta(1)).isoformat()
    commands.create(store, "conflict", {"title": "复查", "decider": me, "follow_up": today.isoformat()})
    commands.create(
        store, "conflict", {"title": "关了", "decider": me, "follow_up": today.isoformat(), "state": "closed"}
    )
    commands.create(store, "commitment", {"title": "文案", "owner": me, "due": "2026-11-20"})
    commands.create(
        store, "commitment", {"title": "兑现了", "owner": me, "due": "2026-11-20", "state": "kept"}
    )
    add_item(store, "提醒", remind=today.isoformat())
    add_item(store, "明天", remind=later)
    add_item(store, "别人的", remind=today.isoformat(), owner=mei.member)
    assert set(told(store)) == {(why.FOLLOW_UP, "复查"), (why.PROMISE_DUE, "文案"), (why.REMINDER, "提醒")}
    mark_read(store, next(line for line in news(store) if line.title == "复查"))
    assert unseen_count(store) == 2
    mark_all(store)
    assert news(store) == []
    assert len(news(store, read=True)) == 3
    store._today = lambda: today + datetime.timedelta(1)
    assert told(store) == [(why.REMINDER, "明天")]


def test_occurrences_that_a_teammates_program_makes_are_no_news(store: Store, mei: Store) -> None:
    ent = add_item(store, "周会", recurrence="FREQ=DAILY", owner=store.member)
    exchange(store, mei)
    mei._today = lambda: store.today() + datetime.timedelta(3)
    from store.recurrence import catch_up

    assert catch_up(mei) is not None
    exchange(store, mei)
    assert news(store) == news(store, everything=True) == []
    assert ent


def test_what_was_deleted_asks_for_nothing(store: Store, mei: Store) -> None:
    ent = add_item(mei, owner=store.member)
    commands.trash(mei, [ent])
    exchange(store, mei)
    assert news(store) == []
    assert [line.title for line in news(store, everything=True)] == ["结账页改版"]


def test_private_drafts_and_others_cards_of_a_retrospective_are_no_news(store: Store, mei: Store) -> None:
    retro = commands.create(mei, "retro", {"title": "复盘"}).ids[0]
    commands.create(mei, "retro_card", {"retro": retro, "column": "start", "title": "@林平 秘密"})
    commands.create(mei, "item", {"title": "草稿 @林平"}, private=True)
    commands.create(mei, "pulse", {"member": mei.member, "period": "2026-W48", "score": 1, "note": "@林平"})
    exchange(store, mei)
    assert [line.title for line in news(store, everything=True)] == ["复盘"]
    assert news(store) == []


def test_hostile_values_are_passed_over(store: Store, mei: Store) -> None:
    with change(mei, "x") as made:
        ent = made.create("item", {"title": "x"})
        made.write("item", ent, "owner", '{"a": [1]}')
        made.write("item", ent, "nonsense/@lp", '"@lp"')
        made.write("reading", reading_id(store.member), "seen/x.y", '"many"')
        made.write("reading", reading_id(store.member), "seen/due:x", "7")
        made.write("comment", "nowhere", "text", '"@lp"')
    exchange(store, mei)
    assert news(store) == []
    assert len(news(store, everything=True)) == 1


def test_somebody_who_is_no_member_yet_is_told_nothing(store: Store) -> None:
    store.member = ""
    assert unseen_count(store) == 0
    assert mark_all(store) is None
