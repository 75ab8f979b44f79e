"""Meetings: which one runs, what its agenda is built of, and what comes of it, the same on every replica."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store import commands, queries
from store.agenda import Point, build, points
from store.analysis.agenda import (
    ACTIONS,
    CONFLICTS,
    FEEDBACK,
    MOST,
    OWN,
    PROMISES,
    WORK,
    Subject,
    chosen,
    ordered,
)
from store.commitments import keep
from store.conflicts import decide
from store.database import Store
from store.meeting_rows import Gap, gaps, meeting, meetings, notes, set_cadence
from store.meetings import (
    COVERED,
    NEXT_TIME,
    add_point,
    end_meeting,
    mark_point,
    outcome,
    spend,
    start_meeting,
)  # fmt: skip
from store.minutes import minutes
from store.running import in_meeting, instant, moment, running, running_meeting
from store.undo import undo
from tests.conflict_commands import add_action
from tests.conftest import Clock, add_item, exchange

LATE, SOON, FAR = "2026-11-20", "2026-11-25", "2027-03-01"


def start(store: Store, title: str = "周会", **given: object) -> str:
    with commands.change(store, "meeting") as change:
        return start_meeting(change, title, **given)  # type: ignore[arg-type]


def do(store: Store, work: Callable[..., object], *given: object, **more: object) -> object:
    with commands.change(store, "meeting") as change:
        return work(change, *given, **more)


def departments(store: Store) -> dict[str, str]:
    return {one.code: one.id for one in queries.departments(store)}


def create(store: Store, kind: str, title: str, **fields: object) -> str:
    return commands.create(store, kind, {"title": title, **fields}).ids[0]


def agenda(store: Store, ent: str) -> list[tuple[int, str]]:
    return [(point.source, point.title) for point in points(store, ent)]


# Which meeting runs


def test_the_meeting_one_began_runs_until_it_ends(store: Store, clock: Clock) -> None:
    assert running_meeting(store) == ""
    ent = start(store)
    assert running_meeting(store) == ent
    do(store, end_meeting, ent)
    assert running_meeting(store) == ""
    undo(store)
    assert running_meeting(store) == ent


def test_nobody_ended_it_but_it_is_over_after_twelve_hours(store: Store, clock: Clock) -> None:
    ent = start(store)
    clock.advance(seconds=12 * 3600 - 60)
    assert running_meeting(store) == ent
    clock.advance(seconds=120)
    assert running_meeting(store) == ""


def test_of_two_the_later_runs_whatever_offset_it_is_written_with(store: Store, clock: Clock) -> None:
    first = start(store)
    now = clock.at
    create(store, "meeting", "早会", begun=instant(now - 60_000))
    far = create(
        store, "meeting", "上海", begun="2026-11-23T17:30:00+08:00"
    )  # 09:30 in UTC, half an hour ahead
    west = create(store, "meeting", "西岸", begun="2026-11-22T21:20:00-12:00")
    assert moment("2026-11-23T17:30:00+08:00") > moment("2026-11-22T21:20:00-12:00") > now
    assert running_meeting(store) == far
    commands.trash(store, [far])
    assert running_meeting(store) == west
    commands.trash(store, [west])
    assert running_meeting(store) == first


def test_a_draft_of_a_meeting_and_one_in_the_trash_do_not_run(store: Store) -> None:
    commands.create(store, "meeting", {"title": "x", "begun": instant(store.now())}, private=True)
    gone = start(store)
    commands.trash(store, [gone])
    assert running_meeting(store) == ""


def test_a_meeting_runs_for_those_who_attend_it(store: Store, teammate: Callable[[str], Store]) -> None:
    other, third = teammate("Mei"), teammate("Han")
    exchange(store, other, third)
    ent = start(store, attendees=[other.member])
    exchange(store, other, third)
    assert running_meeting(other) == ent
    assert running_meeting(third) == ""


def test_what_is_written_down_is_linked_where_its_kind_has_a_meeting(store: Store) -> None:
    assert in_meeting(store, "item", {"title": "x"}) == {"title": "x"}
    ent = start(store)
    for kind in ("item", "conflict", "feedback", "commitment", "decision"):
        assert in_meeting(store, kind, {"title": "x"}) == {"title": "x", "meeting": ent}
    assert in_meeting(store, "goal", {"title": "x"}) == {"title": "x"}
    assert in_meeting(store, "item", {"meeting": None}) == {"meeting": None}
    assert running(store) == (ent, "周会", moment(meeting_begun(store, ent)))


def meeting_begun(store: Store, ent: str) -> object:
    return (queries.entity_fields(store, "meeting", ent) or {})["begun"]


def test_what_is_written_down_looks_into_an_index_of_meetings_without_an_end(store: Store) -> None:
    asked: list[str] = []
    store.conn.set_trace_callback(asked.append)
    in_meeting(store, "item", {"title": "x"})
    store.conn.set_trace_callback(None)
    [query] = asked
    plan = " ".join(row[3] for row in store.conn.execute(f"EXPLAIN QUERY PLAN {query}"))
    assert "USING INDEX running" in plan
    assert "SCAN" not in plan.replace("SCALAR", "")


# The agenda


def test_the_agenda_is_built_of_what_is_open_between_the_departments(store: Store) -> None:
    known = departments(store)
    yf, sc, xs = known["yf"], known["sc"], known["xs"]
    create(store, "conflict", "小事", parties=[yf, sc], severity=3)
    create(store, "conflict", "大事", parties=[yf, sc, xs], severity=1)
    create(store, "conflict", "别人的", parties=[yf, xs])
    closed = create(store, "conflict", "过去的", parties=[yf, sc])
    commands.set_fields(store, [closed], {"state": "closed"})
    create(store, "commitment", "文案", from_department=sc, to_department=yf, due=SOON)
    create(store, "commitment", "以后", from_department=sc, to_department=yf, due=FAR)
    kept = create(store, "commitment", "给了", from_department=sc, to_department=yf, due=SOON)
    do(store, keep, kept)
    add_item(store, "晚了", department=yf, due=LATE)
    add_item(store, "卡住了", requested_by=sc, blocked="等法务")
    add_item(store, "不急", department=yf, due=FAR)
    colleague = create(store, "member", "韩梅", department=yf)
    add_item(store, "没写部门", owner=colleague, due="2026-11-21")
    add_item(store, "没人的", due=LATE)
    add_item(store, "别的部门", department=xs, due=LATE)
    add_item(store, "做完了", department=yf, due=LATE, status=queries.statuses(store)[-1].id)
    create(store, "feedback", "太慢", department=sc, importance=1)
    create(store, "feedback", "闪退", department=sc, importance=3)
    create(store, "feedback", "答了", department=sc, state="answered")
    ent = start(store, departments=[yf, sc])
    assert agenda(store, ent) == [
        (CONFLICTS, "大事"), (CONFLICTS, "小事"), (PROMISES, "文案"), (WORK, "卡住了"), (WORK, "晚了"),
        (WORK, "没写部门"),
        (FEEDBACK, "闪退"), (FEEDBACK, "太慢"),
    ]  # fmt: skip


def test_a_meeting_of_nobody_in_particular_is_about_everything(store: Store) -> None:
    create(store, "conflict", "谁来写", parties=list(departments(store).values())[:2])
    add_item(store, "晚了", due=LATE)
    assert agenda(store, start(store)) == [(CONFLICTS, "谁来写"), (WORK, "晚了")]


def test_an_agenda_is_no_list_of_everything_that_is_late(store: Store) -> None:
    for number in range(MOST + 5):
        add_item(store, f"晚了 {number}", due=LATE)
    assert len(agenda(store, start(store))) == MOST


def test_points_of_ones_own_come_last_in_the_order_they_were_put_down(store: Store) -> None:
    add_item(store, "晚了", due=LATE)
    ent = start(store)
    for title in ("[bold]预算", "团建"):
        do(store, add_point, ent, title)
    assert agenda(store, ent) == [(WORK, "晚了"), (OWN, "[bold]预算"), (OWN, "团建")]


def test_building_again_adds_what_came_and_brings_nothing_back(store: Store) -> None:
    off = add_item(store, "晚了", due=LATE)
    ent = start(store)
    [point] = points(store, ent)
    assert point.about == off
    commands.trash(store, [point.id])
    add_item(store, "也晚了", due=LATE)
    made = do(store, build, ent)
    assert agenda(store, ent) == [(WORK, "也晚了")]
    assert len(made) == 1  # type: ignore[arg-type]
    assert do(store, build, ent) == []


def test_two_replicas_that_build_one_agenda_make_each_point_once(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Mei")
    ent = start(store, attendees=[other.member])
    create(store, "conflict", "谁来写", severity=2)
    add_item(store, "晚了", due=LATE)
    exchange(store, other)
    do(store, build, ent)
    do(other, build, ent)
    exchange(store, other)
    assert points(store, ent) == points(other, ent)
    assert [point.title for point in points(store, ent)] == ["谁来写", "晚了"]
    assert queries.divergence_count(store) == queries.divergence_count(other) == 0


def test_two_who_mark_one_point_agree(store: Store, teammate: Callable[[str], Store], clock: Clock) -> None:
    other = teammate("Mei")
    create(store, "conflict", "谁来写")
    ent = start(store)
    exchange(store, other)
    [point] = points(store, ent)
    do(store, mark_point, point.id, COVERED)
    do(other, mark_point, point.id, COVERED)
    exchange(store, other)
    assert points(store, ent) == points(other, ent)
    assert points(store, ent)[0].state == COVERED
    assert queries.divergence_count(store) == 0
    do(store, mark_point, point.id, NEXT_TIME)
    clock.advance(seconds=2)
    do(other, mark_point, point.id, "to discuss")
    exchange(store, other)
    assert points(store, ent) == points(other, ent)
    assert queries.divergence_count(store) == 1


def test_minutes_spent_add_up(store: Store) -> None:
    add_item(store, "晚了", due=LATE)
    ent = start(store)
    [point] = points(store, ent)
    do(store, spend, point.id, 2.5)
    do(store, mark_point, point.id, COVERED, spent=4)
    assert (points(store, ent)[0].state, points(store, ent)[0].spent) == (COVERED, 6.5)


def test_what_was_left_comes_first_the_next_time(store: Store, clock: Clock) -> None:
    conflict = create(store, "conflict", "谁来写")
    first = start(store, kind="weekly")
    own = do(store, add_point, first, "预算")
    done_point = do(store, add_point, first, "团建")
    do(store, mark_point, own, NEXT_TIME)
    do(store, mark_point, done_point, COVERED)
    action = do(store, outcome, "item", {"title": "问法务"}, first)
    finished = do(store, outcome, "item", {"title": "订会议室"}, first)
    commands.move(store, [str(finished)], queries.statuses(store)[-1].id)
    do(store, end_meeting, first)
    clock.advance(days=7)
    other_kind = start(store, kind="joint")
    assert (CONFLICTS, "谁来写") in agenda(store, other_kind)
    second = start(store, kind="weekly")
    assert agenda(store, second) == [(ACTIONS, "问法务"), (CONFLICTS, "谁来写"), (OWN, "预算")]
    assert [point.about for point in points(store, second)][:2] == [action, conflict]
    do(store, mark_point, points(store, second)[0].id, COVERED)  # talked about, and still to be done
    commands.set_fields(store, [conflict], {"state": "closed"})
    clock.advance(days=7)
    third = start(store, kind="weekly")
    assert agenda(store, third) == [(ACTIONS, "问法务"), (OWN, "预算")]
    commands.move(store, [str(action)], queries.statuses(store)[-1].id)
    clock.advance(days=7)
    assert agenda(store, start(store, kind="weekly")) == [(OWN, "预算")]
    held = meeting(store, third)
    assert held is not None
    assert held.previous == second


def test_a_task_that_somebody_took_on_in_a_meeting_is_an_action_of_it(store: Store, clock: Clock) -> None:
    first = start(store, kind="weekly")
    for title, fields in (
        ("有人做", {"owner": store.member}), ("有日子", {"due": FAR}), ("想法", {}), ("需求", {"kind": "requirement"}),
    ):  # fmt: skip
        commands.create(store, "item", in_meeting(store, "item", {"title": title, **fields}))
    assert [(one.what, one.title) for one in minutes(store, first).outcomes] == [
        ("action", "有人做"), ("action", "有日子"), ("item", "想法"), ("item", "需求"),
    ]  # fmt: skip
    do(store, end_meeting, first)
    clock.advance(days=7)
    assert {title for source, title in agenda(store, start(store, kind="weekly")) if source == ACTIONS} == {
        "有人做",
        "有日子",
    }


def test_the_meeting_before_is_one_of_the_same_kind_and_departments(store: Store) -> None:
    known = departments(store)
    first = start(store, kind="weekly", departments=[known["yf"], known["sc"]])
    start(store, kind="weekly", departments=[known["yf"]])
    second = start(store, kind="weekly", departments=[known["sc"], known["yf"]])
    held = meeting(store, second)
    assert held is not None
    assert held.previous == first


def test_a_joint_meeting_is_of_both_sides_and_about_their_conflict(store: Store) -> None:
    known = departments(store)
    conflict = create(store, "conflict", "发布日", parties=[known["yf"], known["sc"]])
    commands.set_fields(
        store, [conflict], {"state": "closed"}
    )  # on the agenda even so: it is what they meet for
    ent = str(do(store, start_meeting, "发布日", kind="joint", about=conflict))
    held = meeting(store, ent)
    assert held is not None
    assert (held.kind, held.about, set(held.departments)) == ("joint", conflict, {known["yf"], known["sc"]})
    assert agenda(store, ent) == [(CONFLICTS, "发布日")]


def test_a_point_about_a_draft_is_a_draft(store: Store, teammate: Callable[[str], Store]) -> None:
    other = teammate("Mei")
    commands.create(store, "conflict", {"title": "私下说"}, private=True)
    ent = start(store)
    exchange(store, other)
    assert agenda(store, ent) == [(CONFLICTS, "私下说")]
    assert agenda(other, ent) == []
    assert other.conn.execute("SELECT count(*) FROM p_point").fetchone()[0] == 0


def test_a_point_outlives_what_it_is_about(store: Store) -> None:
    gone = create(store, "conflict", "谁来写")
    ent = start(store)
    commands.trash(store, [gone])
    [point] = points(store, ent)
    assert isinstance(point, Point)
    assert (point.about, point.title, point.source) == ("", "", OWN)


def test_each_source_is_in_its_order() -> None:
    subjects = [
        Subject("f", "feedback", importance=1), Subject("g", "feedback", importance=3), Subject("o", rank="a1"),
        Subject("w", "item", due="2026-01-01"), Subject("b", "item", blocked=True, due="2026-02-01"),
        Subject("p", "commitment", due="2026-02-01"), Subject("q", "commitment", due="2026-01-01"),
        Subject("c", "conflict"), Subject("d", "conflict", severity=1), Subject("a", "item", last_time=True),
        Subject("n", rank="a0"),
    ]  # fmt: skip
    assert "".join(one.id for one in ordered(subjects)) == "adcqpbwgfno"
    assert ordered(reversed(subjects)) == ordered(subjects)
    assert "".join(one.id for one in chosen(subjects, most=1)) == "adqbgn"


# What comes of it


def test_minutes_have_everything_that_was_written_down(store: Store) -> None:
    known = departments(store)
    conflict = create(store, "conflict", "发布日", parties=[known["yf"], known["sc"]])
    ent = str(do(store, start_meeting, "发布日", kind="joint", about=conflict))
    [point] = points(store, ent)
    do(store, commands_comment, ent, "市场要提前\n研发说不行")
    action = do(
        store, outcome, "item", {"title": "问法务", "owner": store.member, "due": SOON}, ent, point.id
    )
    decision = do(
        store, outcome, "decision", {"title": "12 月 1 日发布", "decider": store.member}, ent, point.id
    )
    promise = do(
        store, outcome, "commitment", {"title": "文案", "from_department": known["sc"], "due": SOON}, ent
    )
    logged = create(store, "conflict", "又一个", **in_meeting(store, "conflict", {}))
    do(store, mark_point, point.id, COVERED)
    held = minutes(store, ent)
    assert [note.text for note in held.notes] == ["市场要提前\n研发说不行"]
    assert [one.id for one in held.of_point(held.points[0])] == [action, decision]
    assert [(one.what, one.id) for one in held.outcomes] == [
        ("action", action), ("decision", decision), ("commitment", promise), ("conflict", logged),
    ]  # fmt: skip
    assert (held.outcomes[0].owner, held.outcomes[0].day) == (store.member, SOON)
    fields = queries.entity_fields(store, "decision", str(decision)) or {}
    assert (fields["about"], fields["meeting"], fields["date"]) == (conflict, ent, "2026-11-23")
    fields = queries.entity_fields(store, "item", str(action)) or {}
    assert (fields["kind"], fields["came_from"], fields["meeting"]) == ("action", point.id, ent)


def test_what_a_conflict_is_settled_by_meanwhile_is_in_the_minutes(store: Store, clock: Clock) -> None:
    known = departments(store)
    sides = [known["yf"], known["sc"]]
    earlier = create(store, "conflict", "早就定了", parties=sides)
    decide(store, earlier, "decided before")
    talked, logged, untouched = (create(store, "conflict", title, parties=sides) for title in "abc")
    clock.advance(seconds=60)
    ent = start(store, departments=sides)
    commands.set_fields(store, [logged, earlier], {"meeting": ent})
    decide(store, talked, "先做预览", decider=store.member)
    decide(store, logged, "the second")
    action = add_action(store, talked, "拆出演示环境").ids[0]
    do(store, mark_point, next(point.id for point in points(store, ent) if point.about == talked), COVERED)
    do(store, end_meeting, ent)
    clock.advance(seconds=60)
    decide(store, untouched, "afterwards")
    held = minutes(store, ent)
    assert [(one.title, one.id) for one in held.by("decision")] == [
        ("先做预览", talked),
        ("the second", logged),
    ]
    assert [one.id for one in held.by("action")] == [action]
    [first, _second] = held.by("decision")
    assert (first.owner, set(first.sides)) == (store.member, set(sides))
    covered = next(point for point in held.points if point.about == talked)
    assert first in held.of_point(covered)
    add_action(store, talked, "later")
    assert [one.id for one in minutes(store, ent).by("action")] == [action]
    commands.set_fields(store, [talked], {"state": "reopened", "decided": None})
    assert [one.id for one in minutes(store, ent).by("decision")] == [logged]


def commands_comment(change: commands.Change, ent: str, text: str) -> str:
    return change.comment(ent, text)


def test_notes_of_two_who_write_at_once_both_stand(store: Store, teammate: Callable[[str], Store]) -> None:
    other = teammate("Mei")
    ent = start(store)
    exchange(store, other)
    commands.comment(store, ent, "一")
    commands.comment(other, ent, "二")
    exchange(store, other)
    assert {note.text for note in notes(store, ent)} == {"一", "二"}
    assert notes(store, ent) == notes(other, ent)


def test_meetings_are_listed_the_latest_first(store: Store, clock: Clock) -> None:
    first = start(store)
    clock.advance(seconds=60)
    second = start(store, "复盘")
    planned = create(store, "meeting", "以后")
    assert [one.id for one in meetings(store)] == [second, first, planned]


# How often departments meet


def test_a_pair_that_has_not_met_for_longer_is_said(store: Store, clock: Clock) -> None:
    known = departments(store)
    yf, sc, xs = known["yf"], known["sc"], known["xs"]
    do(store, set_cadence, sc, yf, 14)
    do(store, set_cadence, yf, xs, 7)
    start(store, departments=[yf, sc])
    found = {frozenset(gap[:2]): gap for gap in gaps(store)}
    assert found[frozenset((yf, sc))].since == 0
    assert not found[frozenset((yf, sc))].overdue
    assert found[frozenset((yf, xs))].since is None
    assert found[frozenset((yf, xs))].overdue
    do(store, set_cadence, xs, yf, None)
    assert [frozenset(gap[:2]) for gap in gaps(store)] == [frozenset((yf, sc))]


@pytest.mark.parametrize(("since", "overdue"), [(14, False), (15, True), (None, True)])
def test_a_gap_is_overdue_when_it_is_longer_than_wanted(since: int | None, overdue: bool) -> None:
    assert Gap("a", "b", 14, since).overdue is overdue


def test_a_cadence_that_means_nothing_is_passed_over(store: Store) -> None:
    [yf, sc, *_rest] = departments(store).values()
    for key, value in ((f"{yf}.{sc}", "often"), (f"{yf}.nobody", 7), (yf, 7), (f"{sc}.{yf}", True)):
        commands.set_fields(store, [store.workspace], {"cadence": {key: value}})
    assert gaps(store) == []
