"""Promises: kept, given another day, broken, confirmed; the same on every replica, each one undo."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from store import commands, queries
from store.commitment_rows import Promise, pressing_count, promises, sections, words
from store.commitments import break_promise, confirm, keep, renegotiate
from store.database import Store
from store.errors import StoreError
from store.undo import undo
from tests.conftest import TODAY, Clock, exchange

FRIDAY, NEXT_FRIDAY, LAST_FRIDAY = "2026-11-27", "2026-12-04", "2026-11-20"


def promise(store: Store, **fields: object) -> str:
    given = {"title": "文案定稿", "due": FRIDAY, **fields}
    return commands.create(store, "commitment", given).ids[0]


def row(store: Store, ent: str) -> Promise:
    return next(one for one in promises(store) if one.id == ent)


def do(store: Store, work: Callable[..., object], *given: str) -> None:
    with commands.change(store, "promise") as change:
        work(change, *given)


def department(store: Store, code: str) -> str:
    return next(one.id for one in queries.departments(store) if one.code == code)


def test_a_kept_promise_waits_for_the_receivers_word(store: Store) -> None:
    ent = promise(store)
    do(store, keep, ent)
    kept = row(store, ent)
    assert (kept.state, kept.ended, kept.confirmed) == ("kept", TODAY.isoformat(), "")
    do(store, confirm, ent)
    assert row(store, ent).confirmed == store.member


@pytest.mark.parametrize(("work", "state"), [(keep, "kept"), (break_promise, "broken")])
def test_what_the_receiver_says_needs_no_other_word(
    store: Store, work: Callable[..., object], state: str
) -> None:
    ent = promise(store, receiver=store.member)
    do(store, work, ent)
    assert (row(store, ent).state, row(store, ent).confirmed) == (state, store.member)


def test_the_department_it_was_promised_to_may_give_its_word(store: Store) -> None:
    giver, taker = department(store, "sc"), department(store, "yf")
    commands.set_fields(store, [store.member], {"department": taker})
    ent = promise(store, from_department=giver, to_department=taker)
    do(store, keep, ent)
    assert row(store, ent).confirmed == store.member


def test_within_one_department_keeping_is_not_confirming(store: Store) -> None:
    own = department(store, "yf")
    commands.set_fields(store, [store.member], {"department": own})
    ent = promise(store, from_department=own, to_department=own)
    do(store, keep, ent)
    assert row(store, ent).confirmed == ""


def test_confirming_an_open_promise_keeps_it(store: Store) -> None:
    ent = promise(store)
    do(store, confirm, ent)
    assert (row(store, ent).state, row(store, ent).confirmed) == ("kept", store.member)


def test_the_first_day_stays_on_record_through_every_renegotiation(store: Store) -> None:
    ent = promise(store)
    do(store, renegotiate, ent, NEXT_FRIDAY, "法务没回")
    do(store, renegotiate, ent, "2026-12-11")
    moved = row(store, ent)
    assert (moved.state, moved.due, moved.first_due, moved.reason) == (
        "renegotiated",
        "2026-12-11",
        FRIDAY,
        "法务没回",
    )
    assert len(promises(store)) == 1


def test_on_the_day_itself_it_is_still_in_time(store: Store) -> None:
    ent = promise(store, due=TODAY.isoformat())
    do(store, renegotiate, ent, FRIDAY)
    assert row(store, ent).state == "renegotiated"


def test_after_its_day_another_date_cannot_mend_it(store: Store) -> None:
    ent = promise(store, due=LAST_FRIDAY, owner=store.member, description="三个版本")
    with commands.change(store, "promise") as change:
        following = renegotiate(change, ent, NEXT_FRIDAY, "病假")
    broken, new = row(store, ent), row(store, following)
    assert (broken.state, broken.due, broken.ended, broken.reason) == (
        "broken",
        LAST_FRIDAY,
        LAST_FRIDAY,
        "病假",
    )
    assert (new.state, new.due, new.follows, new.owner, new.first_due) == (
        "promised", NEXT_FRIDAY, ent, store.member, "",
    )  # fmt: skip
    undo(store)
    assert [(one.id, one.state) for one in promises(store)] == [(ent, "promised")]


def test_a_promise_without_a_day_gets_its_first_one(store: Store) -> None:
    ent = promise(store, due=None)
    do(store, renegotiate, ent, FRIDAY)
    assert (row(store, ent).state, row(store, ent).due, row(store, ent).first_due) == ("promised", FRIDAY, "")


def test_what_follows_a_draft_is_a_draft(store: Store) -> None:
    ent = commands.create(store, "commitment", {"title": "[bold]x", "due": LAST_FRIDAY}, private=True).ids[0]
    with commands.change(store, "promise") as change:
        following = renegotiate(change, ent, FRIDAY)
    assert row(store, following).private


def test_no_day_changes_nothing(store: Store) -> None:
    ent = promise(store, due=LAST_FRIDAY)
    with pytest.raises(StoreError, match="bad-value"):
        do(store, renegotiate, ent, "someday")
    assert row(store, ent).state == "promised"


def test_only_promises_are_kept(store: Store) -> None:
    item = commands.create(store, "item", {"title": "x"}).ids[0]
    with pytest.raises(StoreError) as caught:
        do(store, keep, item)
    assert caught.value.code == "wrong-kind"


def test_each_is_one_undo(store: Store) -> None:
    ent = promise(store)
    do(store, break_promise, ent, "来不及")
    assert (row(store, ent).state, row(store, ent).reason) == ("broken", "来不及")
    undo(store)
    assert (row(store, ent).state, row(store, ent).reason, row(store, ent).ended) == ("promised", "", "")


def test_sections_are_in_the_order_in_which_one_looks_at_them(store: Store) -> None:
    late = promise(store, due=LAST_FRIDAY)
    someday, soon = promise(store, due=None), promise(store)
    waiting, over = promise(store), promise(store)
    gone = promise(store)
    do(store, keep, waiting)
    do(store, confirm, over)
    commands.trash(store, [gone])
    found = sections(promises(store), TODAY)
    assert [[one.id for one in part] for part in found] == [[late], [soon, someday], [waiting], [over]]
    assert pressing_count(store) == 2


def test_a_side_that_was_not_named_is_where_its_person_works(store: Store) -> None:
    giver, taker = department(store, "sc"), department(store, "yf")
    commands.set_fields(store, [store.member], {"department": giver})
    promise(store, to_department=taker, owner=store.member)
    assert [(word.giver, word.taker) for word in words(promises(store))] == [(giver, taker)]


def test_two_replicas_that_confirm_at_once_agree(store: Store, teammate: Callable[[str], Store]) -> None:
    ent = promise(store)
    other = teammate("Mei")
    do(store, confirm, ent)
    do(other, confirm, ent)
    exchange(store, other)
    assert row(store, ent) == row(other, ent)
    assert row(store, ent).state == "kept"
    assert row(store, ent).confirmed in (store.member, other.member)
    fields = [found.field for found in queries.divergences(store, ent)]
    assert fields == ["confirmed"]  # both said so: nothing else is in doubt


def test_kept_here_and_broken_there_is_for_people_to_settle(
    store: Store, teammate: Callable[[str], Store], clock: Clock
) -> None:
    ent = promise(store)
    other = teammate("Mei")
    do(store, keep, ent)
    clock.advance(seconds=5)
    do(other, break_promise, ent)
    exchange(store, other)
    assert row(store, ent) == row(other, ent)
    assert "state" in {found.field for found in queries.divergences(other, ent)}


def test_two_who_renegotiate_at_once_differ_on_the_day_alone(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    ent = promise(store)
    other = teammate("Mei")
    do(store, renegotiate, ent, NEXT_FRIDAY)
    do(other, renegotiate, ent, "2026-12-11")
    exchange(store, other)
    assert row(store, ent) == row(other, ent)
    assert (row(store, ent).state, row(store, ent).first_due) == ("renegotiated", FRIDAY)
    assert [found.field for found in queries.divergences(store, ent)] == ["due"]


def test_two_who_find_it_overdue_each_promise_anew_and_break_it_once(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    ent = promise(store, due=LAST_FRIDAY)
    other = teammate("Mei")
    do(store, renegotiate, ent, FRIDAY)
    do(other, renegotiate, ent, NEXT_FRIDAY)
    exchange(store, other)
    assert promises(store) == promises(other)
    assert sorted(one.due for one in promises(store) if one.follows == ent) == [FRIDAY, NEXT_FRIDAY]
    assert not queries.divergences(store, ent)


def test_days_are_compared_as_the_store_keeps_them(store: Store) -> None:
    tomorrow = (TODAY + datetime.timedelta(days=1)).isoformat()
    ent = promise(store, due=tomorrow)
    assert [one.id for one in sections(promises(store), TODAY).due] == [ent]
    assert [one.id for one in sections(promises(store), TODAY + datetime.timedelta(days=2)).overdue] == [ent]
