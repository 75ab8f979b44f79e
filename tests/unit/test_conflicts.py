"""Conflicts settled, checked, closed and reopened: alone, by undo, and by two replicas at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from store import commands, queries
from store.conflict_rows import conflict_matrix, conflict_rows
from store.conflicts import check, decide, reopen, reopenings, standing, stepping
from store.database import Store
from store.errors import StoreError
from store.integrity import check_derived
from store.oplog import rebuild
from store.undo import redo, undo
from sync.engine import create_share, sync_once
from tests.conflict_commands import add_action, escalate, to_state
from tests.conftest import TODAY, Clock, exchange


@pytest.fixture
def sides(store: Store) -> dict[str, str]:
    return {row.code: row.id for row in queries.departments(store)}


def log(store: Store, sides: dict[str, str], *codes: str, title: str = "发布日提前", **fields: object) -> str:
    given = {"title": title, "parties": [sides[code] for code in codes or ("yf", "sc")], **fields}
    private = bool(given.pop("private", False))
    return commands.create(store, "conflict", given, private=private).ids[0]


def settled(store: Store, sides: dict[str, str], *codes: str) -> str:
    ent = log(store, sides, *codes)
    decide(store, ent, "原日期上线，展会只演示预览版")
    return ent


def fields(store: Store, ent: str) -> dict[str, object]:
    return queries.entity_fields(store, "conflict", ent) or {}


def refusal(work: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as refused:
        work()
    return refused.value


def test_a_decision_is_one_change_with_the_day_it_was_taken(store: Store, sides: dict[str, str]) -> None:
    ent = log(store, sides)
    decide(store, ent, "原日期上线", decider=store.member)
    found = fields(store, ent)
    assert (found["state"], found["decision"], found["decided"], found["decider"]) == (
        "decided", "原日期上线", TODAY.isoformat(), store.member,
    )  # fmt: skip
    undo(store)
    assert fields(store, ent)["state"] == "logged"
    assert not {"decision", "decided", "decider"} & fields(store, ent).keys()


@pytest.mark.parametrize("state", ["decided", "checking", "closed"])
def test_without_a_decision_nothing_is_settled(store: Store, sides: dict[str, str], state: str) -> None:
    ent = log(store, sides)
    assert refusal(lambda: to_state(store, [ent], state)).code == "conflict-needs-decision"
    assert refusal(lambda: decide(store, ent, "   ")).code == "conflict-needs-decision"
    assert fields(store, ent)["state"] == "logged"


def test_closing_takes_a_check_by_each_side(store: Store, sides: dict[str, str]) -> None:
    ent = settled(store, sides, "yf", "sc", "xs")
    check(store, ent, {sides["yf"]: 4})
    assert fields(store, ent)["state"] == "checking"
    error = refusal(lambda: to_state(store, [ent], "closed"))
    assert (error.code, error.params["sides"], error.params["example"]) == (
        "conflict-needs-checks", ["市场", "销售"], "sc",
    )  # fmt: skip
    check(store, ent, {sides["sc"]: 2, sides["xs"]: 5}, close=True)
    assert fields(store, ent)["state"] == "closed"


def test_a_refused_step_leaves_no_trace_of_what_came_with_it(store: Store, sides: dict[str, str]) -> None:
    ent = settled(store, sides)
    before = fields(store, ent)
    assert refusal(lambda: check(store, ent, {sides["yf"]: 4}, close=True)).code == "conflict-needs-checks"
    assert fields(store, ent) == before
    assert refusal(lambda: check(store, ent, {sides["yf"]: 9})).code == "bad-value"


def test_one_refused_of_several_keeps_all_of_them(store: Store, sides: dict[str, str]) -> None:
    ready, other = settled(store, sides), log(store, sides)
    assert refusal(lambda: to_state(store, [ready, other], "checking")).code == "conflict-needs-decision"
    assert fields(store, ready)["state"] == "decided"


def test_escalating_names_somebody(store: Store, sides: dict[str, str]) -> None:
    ent = log(store, sides)
    assert refusal(lambda: to_state(store, [ent], "escalated")).code == "conflict-needs-person"
    escalate(store, ent, store.member)
    assert (fields(store, ent)["state"], fields(store, ent)["escalated_to"]) == ("escalated", store.member)


def test_what_was_typed_is_kept_whatever_the_state(store: Store, sides: dict[str, str]) -> None:
    alone = log(store, sides, "yf", follow_up="2020-01-01")
    crowd = [commands.create(store, "department", {"title": f"D{n}"}).ids[0] for n in range(11)]
    many = commands.create(store, "conflict", {"title": "[bold]x\x07", "parties": crowd}).ids[0]
    with commands.change(store, "set") as made, stepping(made, [alone, many]):
        made.set(alone, {"check": {sides["yf"]: "很好"}, "follow_up": "2019-01-01"})
        made.set(many, {"check": {"nobody": 3}})
    assert fields(store, alone)["check"] == {sides["yf"]: "很好"}
    assert len(standing(store, many).parties) == 11
    assert fields(store, many)["title"] == "[bold]x\x07"


def test_a_closed_conflict_opens_only_by_reopening(store: Store, sides: dict[str, str]) -> None:
    ent = settled(store, sides)
    check(store, ent, dict.fromkeys([sides["yf"], sides["sc"]], 4), close=True)
    assert refusal(lambda: to_state(store, [ent], "negotiating")).code == "conflict-closed"
    reopen(store, ent, "客户又问了")
    found = fields(store, ent)
    assert found["state"] == "reopened"
    assert not {"decided", "check"} & found.keys()
    assert [comment.text for comment in queries.comments(store, ent)] == ["客户又问了"]
    assert refusal(lambda: to_state(store, [ent], "closed")).code == "conflict-needs-checks"
    undo(store)
    assert fields(store, ent)["check"] == dict.fromkeys([sides["yf"], sides["sc"]], 4)
    fresh = log(store, sides)
    assert refusal(lambda: reopen(store, fresh)).code == "conflict-not-settled"


def test_reopenings_are_counted_from_the_history(store: Store, sides: dict[str, str]) -> None:
    ent, other = settled(store, sides), settled(store, sides)
    both = dict.fromkeys([sides["yf"], sides["sc"]], 4)
    for expected in (1, 2, 3):
        check(store, ent, both, close=True)
        reopen(store, ent)
        assert reopenings(store) == {ent: expected}
        to_state(store, [ent], "decided")
    assert reopenings(store, other) == {}
    rebuild(store)
    assert reopenings(store, ent) == {ent: 3}


def test_a_reopening_that_was_undone_does_not_count_and_counts_again_when_redone(
    store: Store, sides: dict[str, str]
) -> None:
    ent = settled(store, sides)
    check(store, ent, dict.fromkeys([sides["yf"], sides["sc"]], 4), close=True)
    reopen(store, ent)
    undo(store)
    assert (fields(store, ent)["state"], reopenings(store)) == ("closed", {})
    redo(store)
    assert (fields(store, ent)["state"], reopenings(store)) == ("reopened", {ent: 1})


def test_closing_again_is_no_undoing(store: Store, sides: dict[str, str], clock: Clock) -> None:
    ent = settled(store, sides)
    both = dict.fromkeys([sides["yf"], sides["sc"]], 4)
    check(store, ent, both, close=True)
    reopen(store, ent)
    check(store, ent, dict.fromkeys(both, 5), close=True)
    assert reopenings(store) == {ent: 1}


def test_two_who_settle_at_once_see_that_they_differ_and_lose_nothing(
    store: Store, teammate: Callable[[str], Store], sides: dict[str, str]
) -> None:
    ent = log(store, sides)
    other = teammate("Mei")
    decide(store, ent, "原日期上线")
    decide(other, ent, "提前一周，砍掉电子发票")
    exchange(store, other)
    for replica in (store, other):
        found = {one.field: {head.value for head in one.heads} for one in queries.divergences(replica, ent)}
        assert found == {"decision": {"原日期上线", "提前一周，砍掉电子发票"}}
        assert fields(replica, ent)["state"] == "decided"
    commands.settle(store, ent, "decision", "提前一周，砍掉电子发票")
    exchange(store, other)
    assert fields(other, ent)["decision"] == "提前一周，砍掉电子发票"
    assert not queries.divergences(other, ent)
    assert not check_derived(other)


def test_two_sides_check_at_once_and_either_closes(
    store: Store, teammate: Callable[[str], Store], sides: dict[str, str]
) -> None:
    ent = settled(store, sides)
    other = teammate("Mei")
    check(store, ent, {sides["yf"]: 4})
    check(other, ent, {sides["sc"]: 2})
    exchange(store, other)
    assert fields(store, ent)["check"] == fields(other, ent)["check"] == {sides["yf"]: 4, sides["sc"]: 2}
    assert not queries.divergences(store, ent)
    to_state(store, [ent], "closed")
    to_state(other, [ent], "closed")
    exchange(store, other)
    assert fields(other, ent)["state"] == "closed"


def test_one_side_checked_twice_is_a_divergence(
    store: Store, teammate: Callable[[str], Store], sides: dict[str, str]
) -> None:
    ent = settled(store, sides)
    other = teammate("Mei")
    check(store, ent, {sides["yf"]: 5})
    check(other, ent, {sides["yf"]: 1})
    exchange(store, other)
    [one] = queries.divergences(store, ent)
    assert (one.field, {head.value for head in one.heads}) == (f"check/{sides['yf']}", {1, 5})


def test_a_merge_asks_nothing(store: Store, teammate: Callable[[str], Store], sides: dict[str, str]) -> None:
    ent = settled(store, sides)
    other = teammate("Mei")
    check(other, ent, dict.fromkeys([sides["yf"], sides["sc"]], 4), close=True)
    commands.add_to(store, [ent], "parties", [sides["xs"]])
    exchange(store, other)
    assert fields(store, ent)["state"] == "closed"
    assert len(standing(store, ent).parties) == 3


def test_two_who_reopen_one_closing_reopen_it_once(
    store: Store, teammate: Callable[[str], Store], sides: dict[str, str]
) -> None:
    ent = settled(store, sides)
    check(store, ent, dict.fromkeys([sides["yf"], sides["sc"]], 4), close=True)
    other = teammate("Mei")
    reopen(store, ent)
    reopen(other, ent)
    exchange(store, other)
    assert reopenings(store) == reopenings(other) == {ent: 1}


def test_actions_are_items_that_came_of_the_conflict(store: Store, sides: dict[str, str]) -> None:
    ent = settled(store, sides)
    first = add_action(store, ent, "拆出演示环境").ids[0]
    add_action(store, ent, "通知客户", {"owner": store.member})
    detail = queries.detail(store, ent)
    assert detail is not None
    assert [(card.title, card.type) for card in detail.derived] == [
        ("拆出演示环境", "action"),
        ("通知客户", "action"),
    ]
    assert standing(store, ent).actions == 2
    commands.trash(store, [first])
    assert standing(store, ent).actions == 1


def test_a_private_conflict_is_in_no_byte_of_the_share_until_it_is_shared(
    store: Store, sides: dict[str, str], tmp_path: Path
) -> None:
    """Short texts lie uncompressed in a segment of few ops: what is looked for would be found."""
    share = tmp_path / "share"
    share.mkdir()
    create_share(str(share), store)
    secret = "Qzx7-geheim-9vW"
    ent = log(store, sides, title=f"About {secret}", private=True)
    commands.set_fields(
        store, [ent], {"position": {sides["yf"]: f"{secret} position"}, "options": f"{secret} A"}
    )
    commands.comment(store, ent, f"{secret} comment")
    decide(store, ent, f"{secret} decision")
    action = add_action(store, ent, f"{secret} action").ids[0]
    log(store, sides, title="A public one")
    sync_once(store)
    assert _readable(share, b"A public one")
    assert not _readable(share, secret.encode())
    assert not _readable(share, ent.encode())
    commands.share(store, [ent])
    sync_once(store)
    assert _readable(share, f"{secret} decision".encode())
    assert queries.card(store, action).private  # type: ignore[union-attr] - an item of its own, shared by its own key


def _readable(share: Path, text: bytes) -> bool:
    """Return whether a text is in any file of a share, segments unpacked."""
    import zstandard

    for path in share.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if text in data or text in str(path).encode():
            return True
        start = data.find(b"\x28\xb5\x2f\xfd")  # the magic number of a zstandard frame
        if start >= 0 and text in zstandard.ZstdDecompressor().decompressobj().decompress(data[start:]):
            return True
    return False


def test_rows_are_by_what_comes_next_and_the_longest_open_first(
    store: Store, sides: dict[str, str], clock: Clock
) -> None:
    old = log(store, sides, title="old")
    clock.advance(days=3)
    due = settled(store, sides)
    commands.set_fields(store, [due], {"follow_up": TODAY.isoformat(), "title": "due"})
    young = log(store, sides, "yf", "xs", title="young")
    back = settled(store, sides)
    reopen(store, back)
    trashed = log(store, sides)
    commands.trash(store, [trashed])
    rows = conflict_rows(store)
    assert [row.id for row in rows] == [due, back, old, young]
    assert [row.reopened for row in rows] == [0, 1, 0, 0]
    assert rows[2].days_open(TODAY + datetime.timedelta(days=3)) == 3
    pairs = {row.sides: (len(row.open), len(row.closed), len(row.reopened)) for row in conflict_matrix(rows)}
    pair = tuple(sorted((sides["yf"], sides["sc"])))
    assert pairs[pair[0], pair[1]] == (3, 0, 1)


def test_a_row_counts_the_checks_of_its_sides_only(store: Store, sides: dict[str, str]) -> None:
    ent = settled(store, sides)
    commands.set_fields(store, [ent], {"check": {sides["yf"]: "4", sides["sc"]: "gut", sides["xs"]: 3}})
    [row] = conflict_rows(store)
    assert (row.checked, row.parties) == (1, (sides["yf"], sides["sc"]))
