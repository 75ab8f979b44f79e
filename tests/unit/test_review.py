"""What people see of a divergence: all versions, where they came from, and that only what was looked at is settled."""

from __future__ import annotations

import pytest

from store import commands, queries
from store.database import Store
from store.errors import StoreError
from store.review import disagreements, heads_seen, merge_versions
from tests.conftest import add_item, deliver


def values(store: Store, ent: str) -> list[object]:
    return [version.value for one in disagreements(store, ent) for version in one.versions]


@pytest.fixture
def other(store: Store, teammate) -> Store:  # type: ignore[no-untyped-def]
    made: Store = teammate("Hm")
    return made


def test_a_divergence_is_listed_with_its_versions_and_the_value_before(store: Store, other: Store) -> None:
    ent = add_item(store, "first")
    commands.set_fields(store, [ent], {"title": "base"})
    deliver(store, other)
    commands.set_fields(store, [ent], {"title": "mine"})
    commands.set_fields(other, [ent], {"title": "theirs"})
    deliver(other, store)
    [one] = disagreements(store)
    assert (one.kind, one.ent, one.field, one.base) == ("item", ent, "title", "base")
    assert [version.value for version in one.versions] == ["theirs", "mine"]
    assert [version.by for version in one.versions] == [other.member, store.member]
    assert one.versions[0].device == other.device
    assert one.title == "theirs"
    assert disagreements(store, ent, "due") == []


def test_nothing_came_before_a_field_that_both_filled(store: Store, other: Store) -> None:
    ent = add_item(store, "x")
    deliver(store, other)
    for replica, day in ((store, "2026-12-01"), (other, "2026-12-02")):
        commands.set_fields(replica, [ent], {"due": day})
    deliver(other, store)
    [one] = disagreements(store)
    assert one.base is None


def test_long_texts_are_merged_from_what_both_had(store: Store, other: Store) -> None:
    ent = add_item(store, "x")
    commands.set_fields(store, [ent], {"description": "目标：付费\n\n价格页\n"})
    deliver(store, other)
    commands.set_fields(store, [ent], {"description": "目标：付费转化\n\n价格页\n"})
    commands.set_fields(other, [ent], {"description": "目标：付费\n\n价格页上线\n"})
    deliver(other, store)
    [one] = disagreements(store)
    merged = merge_versions(one)
    assert merged.clashes == 0
    assert merged.text() == "目标：付费转化\n\n价格页上线\n"
    commands.settle(store, ent, "description", merged.text(), seen=one.seen)
    deliver(store, other)
    assert disagreements(store) == disagreements(other) == []


def test_only_texts_are_merged(store: Store, other: Store) -> None:
    ent = add_item(store, "x")
    deliver(store, other)
    for replica, number in ((store, 1), (other, 2)):
        commands.set_fields(replica, [ent], {"priority": number})
    deliver(other, store)
    with pytest.raises(StoreError) as refused:
        merge_versions(disagreements(store)[0])
    assert refused.value.code == "only-texts-merge"


def test_a_version_that_came_after_looking_is_not_settled_unseen(
    store: Store, other: Store, teammate
) -> None:  # type: ignore[no-untyped-def]
    third = teammate("Wf")
    ent = add_item(store, "x")
    for replica in (other, third):
        deliver(store, replica)
    for replica, title in ((store, "mine"), (other, "theirs"), (third, "third")):
        commands.set_fields(replica, [ent], {"title": title})
    deliver(other, store)
    [looked_at] = disagreements(store)
    deliver(third, store)
    commands.settle(store, ent, "title", "mine", seen=looked_at.seen)
    assert sorted(map(str, values(store, ent))) == ["mine", "third"]
    deliver(store, third)
    assert disagreements(third) == disagreements(store)


def test_saving_over_what_came_while_the_editor_was_open_replaces_only_what_was_seen(
    store: Store, other: Store
) -> None:
    ent = add_item(store, "old")
    deliver(store, other)
    opened = heads_seen(store, ent, "title")
    commands.set_fields(other, [ent], {"title": "theirs"})
    deliver(other, store)
    with commands.change(store, "set") as change:
        change.seen[ent, "title"] = opened
        change.set(ent, {"title": "mine"})
    deliver(store, other)
    for replica in (store, other):
        assert sorted(map(str, values(replica, ent))) == ["mine", "theirs"]


def test_a_second_write_of_the_same_change_replaces_the_first(store: Store) -> None:
    ent = add_item(store, "old")
    with commands.change(store, "set") as change:
        change.seen[ent, "title"] = heads_seen(store, ent, "title")
        change.set(ent, {"title": "one"})
        change.set(ent, {"title": "two"})
    assert disagreements(store) == []
    assert queries.card(store, ent).title == "two"  # type: ignore[union-attr]
