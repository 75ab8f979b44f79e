"""Ops that are taken out again: nothing remains of them, in their entities and in whatever these bore on.

Invariant 2 of store/DESIGN.md.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store import commands, queries
from store.database import Store, open_store
from store.errors import StoreError
from store.export import export_lines, state_hash
from store.integrity import check_derived
from store.moving import take_out
from store.oplog import streams
from store.search import compile_filter
from store.vocabulary import load_vocabulary
from tests.conftest import TODAY, add_item, deliver, exchange


@pytest.fixture
def other(store: Store, teammate: Callable[[str], Store]) -> Store:
    return teammate("李雷")


def held(store: Store, source: Store) -> int:
    return streams(store)[source.device, source.incarnation].seq


def hear_in_vain(store: Store, other: Store) -> None:
    """Take in what somebody wrote, and take it out again: everything is as it was before."""
    known, shown, state = held(store, other), list(export_lines(store)), state_hash(store)
    deliver(other, store)
    assert list(export_lines(store)) != shown
    changed = take_out(store, other.device, other.incarnation, known)
    assert list(export_lines(store)) == shown
    assert state_hash(store) == state
    assert check_derived(store) == []
    assert changed


def found(store: Store, words: str) -> list[str]:
    where = compile_filter(words, load_vocabulary(store), TODAY)
    return [card.id for card in queries.matching(store, "item", where)]


def is_trashed(store: Store, ent: str) -> bool:
    detail = queries.detail(store, ent)
    assert detail is not None
    return detail.trashed


@pytest.mark.parametrize("attach", [commands.comment, commands.check])
def test_what_was_attached_keeps_nothing_in_sight_once_it_is_gone(
    store: Store, other: Store, attach: Callable[[Store, str, str], object]
) -> None:
    ent = add_item(store)
    exchange(store, other)
    commands.trash(store, [ent])
    attach(other, ent, "not so fast")
    hear_in_vain(store, other)
    assert is_trashed(store, ent)
    deliver(other, store)
    assert not is_trashed(store, ent)


def test_a_comment_that_is_gone_keeps_no_other_comment_in_sight(store: Store, other: Store) -> None:
    ent = add_item(store)
    remark = commands.comment(store, ent, "pricing").ids[0]
    exchange(store, other)
    commands.trash(store, [remark])
    commands.comment(other, remark, "why?")
    hear_in_vain(store, other)
    assert not found(store, "pricing")


def test_a_card_is_not_found_by_words_that_are_gone(store: Store, other: Store) -> None:
    ent = add_item(store)
    exchange(store, other)
    commands.comment(other, ent, "埋点 pricing")
    hear_in_vain(store, other)
    assert not found(store, "pricing")


def test_a_short_id_gets_a_letter_from_nobody_who_is_gone(store: Store, other: Store) -> None:
    add_item(other, short="lp-1")
    ent = add_item(store, short="lp-1")
    deliver(store, other)
    assert [card.short for card in queries.matching(other, "item") if card.id == ent] == ["lp-1b"]
    hear_in_vain(store, other)
    assert [card.short for card in queries.matching(store, "item")] == ["lp-1"]


def test_a_parent_that_is_gone_cuts_nothing(store: Store, other: Store) -> None:
    first, second = add_item(store, "1"), add_item(store, "2")
    exchange(store, other)
    commands.set_fields(other, [first], {"parent": second})
    commands.set_fields(store, [second], {"parent": first})  # the later one: it is skipped
    hear_in_vain(store, other)
    fields = queries.entity_fields(store, "item", second)
    assert fields is not None
    assert fields["parent"] == first


def test_nobody_edits_a_card_that_is_gone(store: Store, other: Store) -> None:
    ent = add_item(other)
    hear_in_vain(store, other)
    with pytest.raises(StoreError, match="not-found"):
        commands.set_fields(store, [ent], {"title": "theirs"})
    deliver(other, store)
    commands.set_fields(store, [ent], {"title": "theirs"})
    assert [card.title for card in queries.matching(store, "item")] == ["theirs"]


def test_who_has_the_database_open_hears_of_what_is_gone(store: Store, other: Store) -> None:
    ent = add_item(store)
    exchange(store, other)
    known, looking = held(store, other), open_store(store.home)
    commands.set_fields(other, [ent], {"title": "of a device that is shut out"})
    added = add_item(other, "and so is this")
    deliver(other, store)
    heard = looking.poll()
    assert heard is not None
    assert heard.ids("item") == {ent, added}
    take_out(store, other.device, other.incarnation, known)
    gone = looking.poll()
    assert gone is not None
    assert gone.ids("item") == {ent, added}
    assert queries.detail(looking, added) is None
    assert looking.poll() is None
    looking.close()
