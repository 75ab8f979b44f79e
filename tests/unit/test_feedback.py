"""What people said is triaged without a word of it being lost, and who wants something is counted once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from store import commands, feedback, queries
from store.database import Store
from store.errors import StoreError
from store.export import state_hash
from store.feedback_rows import (
    INBOX,
    READY,
    SNOOZED,
    counts,
    in_state,
    inbox,
    ready,
    snoozed,
    support_of_items,
    waiting_count,
)
from store.integrity import check_derived
from store.meetings import start_meeting
from store.oplog import rebuild
from store.review import disagreements
from store.transcript import read_transcript
from store.undo import undo
from tests.conftest import TODAY, Clock, add_item, exchange

TOMORROW = "2026-11-24"


def say(store: Store, title: str = "太慢了", **fields: object) -> str:
    return commands.create(store, "feedback", {"title": title, **fields}).ids[0]


def customer(store: Store, title: str = "华宇集团", size: float | None = None) -> str:
    return commands.create(store, "customer", {"title": title, "size": size}).ids[0]


def held(store: Store, ent: str) -> dict[str, object]:
    return queries.entity_fields(store, "feedback", ent) or {}


def statuses(store: Store) -> dict[str, str]:
    return {row.category: row.id for row in queries.statuses(store)}


def ids(rows: list) -> list[str]:  # type: ignore[type-arg]
    return [row.id for row in rows]


def test_new_feedback_waits_in_the_inbox_the_most_important_first(store: Store) -> None:
    low, high, unsaid = say(store, importance=1), say(store, importance=3), say(store)
    assert ids(inbox(store, TODAY)) == [high, low, unsaid]
    assert waiting_count(store, TODAY) == 3


def test_linking_several_to_an_item_is_one_undo(store: Store) -> None:
    first, second, item = say(store), say(store), add_item(store)
    with commands.change(store, "link") as change:
        feedback.link(change, [first, second], [item])
    assert [held(store, ent)["state"] for ent in (first, second)] == ["linked", "linked"]
    assert held(store, first)["items"] == [item]
    undo(store)
    assert ids(inbox(store, TODAY)) == [first, second]
    assert "items" not in held(store, first)


def test_an_item_made_of_feedback_in_a_meeting_belongs_to_it(store: Store) -> None:
    with commands.change(store, "meeting") as change:
        meeting = start_meeting(change, "周会")
    said = say(store, "没有发票")
    with commands.change(store, "add") as change:
        item = feedback.make_item(change, [said])
    assert (queries.entity_fields(store, "item", item) or {})["meeting"] == meeting


def test_an_item_made_of_feedback_says_who_said_what(store: Store) -> None:
    department = queries.departments(store)[0]
    first = say(store, "没有发票", verbatim="导出里没有发票\n很急", said_by="王芳", department=department.id)
    second = say(store, "[bold]invoices", customer=customer(store))
    with commands.change(store, "add") as change:
        item = feedback.make_item(change, [first, second])
    fields = queries.entity_fields(store, "item", item) or {}
    assert (fields["title"], fields["kind"], fields["requested_by"]) == (
        "没有发票",
        "requirement",
        department.id,
    )
    assert fields["came_from"] == first
    assert fields["description"] == (
        f"> 导出里没有发票\n> 很急\n— 王芳, {department.title}\n\n> [bold]invoices\n— 华宇集团"
    )
    assert held(store, second)["items"] == [item]
    undo(store)
    card = queries.card(store, item)
    assert card is not None
    assert card.trashed
    assert len(inbox(store, TODAY)) == 2


def test_private_words_are_not_quoted_where_others_read_them(store: Store) -> None:
    public = say(store, "公开")
    private = commands.create(store, "feedback", {"title": "秘密"}, private=True).ids[0]
    with commands.change(store, "add") as change:
        item = feedback.make_item(change, [private, public])
    fields = queries.entity_fields(store, "item", item) or {}
    assert (fields["title"], fields["description"]) == ("公开", "> 公开")
    with commands.change(store, "add") as change:
        draft = feedback.make_item(change, [private])
    card = queries.card(store, draft)
    assert card is not None
    assert card.private


def test_what_everybody_has_does_not_point_to_a_draft(store: Store) -> None:
    public = say(store)
    draft = commands.create(store, "item", {"title": "x"}, private=True).ids[0]
    hidden = commands.create(store, "feedback", {"title": "x"}, private=True).ids[0]
    with pytest.raises(StoreError, match="draft-target"), commands.change(store, "link") as change:
        feedback.link(change, [public], [draft])
    with pytest.raises(StoreError, match="draft-target"), commands.change(store, "duplicate") as change:
        feedback.mark_duplicate(change, [public], hidden)
    with pytest.raises(StoreError, match="wrong-kind"), commands.change(store, "link") as change:
        feedback.link(change, [public], [public])
    assert ids(inbox(store, TODAY))[0] == public


def test_a_duplicates_votes_customers_items_and_comments_move_and_its_words_stay(store: Store) -> None:
    buyer, other, item = customer(store), customer(store, "Acme"), add_item(store)
    root = say(store, "慢")
    twin = say(store, "很慢", verbatim="真的很慢", customer=buyer, customers=[other], voters=[store.member])
    commands.comment(store, twin, "见截图")
    commands.set_fields(store, [twin], {"items": [item]})
    with commands.change(store, "duplicate") as change:
        assert feedback.mark_duplicate(change, [twin], root) == root
    assert held(store, twin)["verbatim"] == "真的很慢"
    assert (held(store, twin)["state"], held(store, twin)["duplicate_of"]) == ("duplicate", root)
    assert held(store, root)["voters"] == [store.member]
    assert held(store, root)["customers"] == sorted([buyer, other])
    assert held(store, root)["items"] == [item]
    assert [comment.text for comment in queries.comments(store, root)] == ["见截图"]
    assert queries.comments(store, twin) == []
    assert not check_derived(store)
    undo(store)
    assert [comment.text for comment in queries.comments(store, twin)] == ["见截图"]
    assert "voters" not in held(store, root)
    assert not check_derived(store)


def test_a_draft_tells_nothing_of_itself_to_what_it_repeats(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Mei")
    buyer, root = customer(store), say(store)
    fields = {"title": "秘密", "customer": buyer, "voters": [store.member]}
    draft = commands.create(store, "feedback", fields, private=True).ids[0]
    commands.comment(store, draft, "只有我")
    item = add_item(store)
    with commands.change(store, "duplicate") as change:
        feedback.mark_duplicate(change, [draft], root)
        feedback.link(change, [root], [item])
    exchange(store, other)
    assert not held(other, root).keys() & {"voters", "customers"}
    assert support_of_items(other, [item])[item].customers == frozenset()
    assert support_of_items(store, [item])[item].customers == {buyer}
    assert [comment.text for comment in queries.comments(store, draft)] == ["只有我"]


def test_a_duplicate_of_a_duplicate_is_one_of_the_first(store: Store) -> None:
    first, second, third = say(store), say(store), say(store)
    with commands.change(store, "duplicate") as change:
        feedback.mark_duplicate(change, [second], first)
    with commands.change(store, "duplicate") as change:
        assert feedback.mark_duplicate(change, [third], second) == first
    with pytest.raises(StoreError, match="duplicate-self"), commands.change(store, "duplicate") as change:
        feedback.mark_duplicate(change, [first], third)


def test_duplicates_whose_original_is_gone_or_that_form_a_circle_are_triaged_again(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Mei")
    first, second, third = say(store), say(store), say(store)
    exchange(store, other)
    with commands.change(store, "duplicate") as change:
        feedback.mark_duplicate(change, [first], second)
    with commands.change(other, "duplicate") as change:
        feedback.mark_duplicate(change, [second], first)
    exchange(store, other)
    assert set(ids(inbox(store, TODAY))) == {first, second, third}
    with commands.change(store, "reopen") as change:
        feedback.reopen(change, [first])
    with commands.change(store, "duplicate") as change:
        feedback.mark_duplicate(change, [third], first)
    assert ids(inbox(store, TODAY)) == [first]
    assert set(ids(in_state(store, "duplicate"))) == {second, third}
    commands.trash(store, [first])
    assert set(ids(inbox(store, TODAY))) == {second, third}
    assert counts(store, TODAY)[INBOX] == 2
    assert counts(store, TODAY)["duplicate"] == 0


def test_declining_keeps_the_reason_and_reopening_takes_it_back(store: Store) -> None:
    ent = say(store)
    with commands.change(store, "decline") as change:
        feedback.decline(change, [ent], "不做\n移动端")
    assert (held(store, ent)["state"], held(store, ent)["reason"]) == ("declined", "不做 移动端")
    assert ids(in_state(store, "declined")) == [ent]
    with commands.change(store, "reopen") as change:
        feedback.reopen(change, [ent])
    assert ids(inbox(store, TODAY)) == [ent]
    assert "reason" not in held(store, ent)


def test_what_was_put_off_is_in_the_inbox_again_on_its_day(store: Store) -> None:
    ent = say(store)
    with commands.change(store, "snooze") as change:
        feedback.snooze(change, [ent], TOMORROW)
    assert inbox(store, TODAY) == []
    assert ids(snoozed(store, TODAY)) == [ent]
    assert counts(store, TODAY)[SNOOZED] == 1
    later = date.fromisoformat(TOMORROW)
    assert [row.state for row in inbox(store, later)] == [INBOX]
    assert snoozed(store, later) == []
    assert counts(store, later)[INBOX] == 1
    item = add_item(store)
    with commands.change(store, "link") as change:
        feedback.link(change, [ent], [item])
    assert "until" not in held(store, ent)


def test_feedback_asks_to_be_answered_once_all_its_items_are_done(store: Store) -> None:
    ent, first, second = say(store), add_item(store), add_item(store)
    with commands.change(store, "link") as change:
        feedback.link(change, [ent], [first, second])
    done = statuses(store)["done"]
    commands.move(store, [first], done)
    assert ready(store) == []
    commands.move(store, [second], done)
    assert [(row.id, row.state) for row in ready(store)] == [(ent, READY)]
    assert in_state(store, "linked") == []
    assert counts(store, TODAY)[READY] == waiting_count(store, TODAY) == 1
    with commands.change(store, "answer") as change:
        feedback.answer(change, [ent], "已上线")
    assert ready(store) == []
    assert (held(store, ent)["reply"], held(store, ent)["answered"]) == ("已上线", TODAY.isoformat())
    undo(store)
    commands.move(store, [second], statuses(store)["todo"])
    assert ready(store) == []
    commands.trash(store, [second])
    assert ids(ready(store)) == [ent]


def test_people_customers_and_size_are_counted_apart_and_each_once(store: Store) -> None:
    big, small, unsized = customer(store, "A", 500), customer(store, "B", 20), customer(store, "C")
    han = commands.create(store, "member", {"title": "韩梅"}).ids[0]
    item = add_item(store)
    first = say(store, customer=big, customers=[small], voters=[store.member, han])
    second = say(store, customer=big, voters=[han])
    twin = say(store, customer=unsized, customers=[big])
    with commands.change(store, "link") as change:
        feedback.link(change, [first, second], [item])
    with commands.change(store, "duplicate") as change:
        feedback.mark_duplicate(change, [twin], second)
    found = support_of_items(store, [item])[item]
    assert found == ({store.member, han}, {big, small, unsized}, 520)
    # A vote that reaches the duplicate later counts as well.
    late = customer(store, "D", 7)
    with commands.change(store, "vote") as change:
        change.add_to(twin, "customers", [late])
        change.remove_from(twin, "customers", [big])
    assert support_of_items(store, [item])[item].size == 527
    commands.trash(store, [small])
    assert support_of_items(store, [item])[item].customers >= {big, unsized}
    assert small not in support_of_items(store, [item])[item].customers
    commands.trash(store, [first])
    assert support_of_items(store, [item])[item].people == {han}


def test_two_who_name_a_new_customer_at_once_mean_one(store: Store, teammate: Callable[[str], Store]) -> None:
    other = teammate("Mei")
    ent = say(store)
    exchange(store, other)
    for one, name in ((store, "Acme Corp"), (other, "ＡＣＭＥ corp")):
        with commands.change(one, "vote") as change:
            change.add_to(ent, "customers", [feedback.add_customer(change, name)])
    exchange(store, other)
    for one in (store, other):
        assert len(inbox(one, TODAY)[0].support.customers) == 1
    assert state_hash(store) == state_hash(other)


def test_a_customer_that_was_deleted_comes_back_and_one_that_was_renamed_stays(store: Store) -> None:
    with commands.change(store, "add") as change:
        first = feedback.add_customer(change, "Acme")
    commands.trash(store, [first])
    with commands.change(store, "add") as change:
        assert feedback.add_customer(change, "acme") == first
    commands.set_fields(store, [first], {"title": "Apex"})
    with commands.change(store, "add") as change:
        assert feedback.add_customer(change, "Acme") != first
    assert (queries.entity_fields(store, "customer", first) or {})["title"] == "Apex"


def test_voting_twice_is_one_vote_and_can_be_taken_back(store: Store) -> None:
    ent = say(store)
    for _round in range(2):
        with commands.change(store, "vote") as change:
            feedback.vote(change, [ent], store.member)
    assert held(store, ent)["voters"] == [store.member]
    with commands.change(store, "vote") as change:
        feedback.unvote(change, [ent], store.member)
    assert "voters" not in held(store, ent)


def test_two_who_vote_comment_and_settle_at_once_lose_nothing(
    store: Store, teammate: Callable[[str], Store], clock: Clock
) -> None:
    other = teammate("Mei")
    ent, root, buyer = say(store), say(store, "慢"), customer(store)
    item = add_item(store)
    exchange(store, other)
    for one in (store, other):
        with commands.change(one, "vote") as change:
            feedback.vote(change, [ent], one.member)
        commands.comment(one, ent, f"by {one.member}")
    with commands.change(store, "answer") as change:
        feedback.answer(change, [ent], "已上线")
    clock.advance(seconds=5)
    with commands.change(other, "duplicate") as change:
        feedback.mark_duplicate(change, [ent], root)
    with commands.change(other, "vote") as change:
        change.add_to(ent, "customers", [buyer])
    with commands.change(store, "link") as change:
        feedback.link(change, [root], [item])
    exchange(store, other)
    for one in (store, other):
        assert set(held(one, ent)["voters"]) == {store.member, other.member}  # type: ignore[call-overload]
        assert held(one, ent)["reply"] == "已上线"
        assert held(one, ent)["customers"] == [buyer]
        said = [comment.text for on in (ent, root) for comment in queries.comments(one, on)]
        assert sorted(said) == sorted([f"by {store.member}", f"by {other.member}"])
        versions = next(found for found in disagreements(one, ent) if found.field == "state").versions
        assert {version.value for version in versions} == {"answered", "duplicate"}
        assert support_of_items(one, [item])[item].people >= {other.member}
    assert state_hash(store) == state_hash(other)
    before = state_hash(store)
    rebuild(store)
    assert state_hash(store) == before


def test_a_state_of_a_newer_program_is_a_matter_for_a_person(store: Store) -> None:
    ent = say(store)
    with store.transaction() as conn:
        conn.execute("UPDATE p_feedback SET state = 'parked' WHERE id = ?", (ent,))
    assert ids(inbox(store, TODAY)) == [ent]
    assert counts(store, TODAY)[INBOX] == 1


def test_a_transcript_becomes_one_piece_of_feedback_a_message(store: Store) -> None:
    pasted = "张三 2026-11-20 10:32\n太慢了\n" + "真的" * 150 + "\x00\ud800\n李四 10-20 9:05\n[bold]+1"
    drafts = read_transcript(pasted, TODAY, channel="微信").drafts
    with commands.change(store, "add") as change:
        made = feedback.keep_drafts(change, drafts, more={"origin": "customer"})
    first, second = (held(store, ent) for ent in made)
    assert (first["said_by"], first["channel"], first["origin"]) == ("张三", "微信", "customer")
    assert str(first["created"]).startswith("2026-11-20T10:32:00")
    assert str(first["verbatim"]).startswith("太慢了\n真的")
    assert str(first["verbatim"]).endswith("␀?")
    assert str(first["title"]).startswith("太慢了 真的")
    assert len(str(first["title"])) <= feedback.TITLE_MOST
    assert (second["title"], second.get("verbatim")) == ("[bold]+1", None)
    undo(store)
    assert inbox(store, TODAY) == []


def test_a_time_without_a_day_stays_with_what_was_said(store: Store) -> None:
    with commands.change(store, "add") as change:
        [ent] = feedback.keep_drafts(change, read_transcript("[10:32] 张三：太慢", TODAY).drafts)
    assert held(store, ent)["verbatim"] == "太慢\n\n— 张三 10:32"


def test_a_customer_made_for_a_draft_is_a_draft_until_that_is_shared(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    with commands.change(store, "add") as made:
        draft = made.create("feedback", {"title": "要一份报价"}, private=True)
        customer = feedback.add_customer(made, "秘密客户", private=True)
        made.set(draft, {"customer": customer})
        made.add_to(draft, "customers", [customer])
    other = teammate("b")
    exchange(store, other)
    assert not queries.entity_fields(other, "customer", customer)
    commands.share(store, [draft])
    exchange(store, other)
    found = queries.entity_fields(other, "customer", customer)
    assert found
    assert found["title"] == "秘密客户"
    shared = queries.entity_fields(other, "feedback", draft)
    assert shared
    assert shared["customer"] == customer
