"""The trash as a list: every kind, what was deleted last first, by whom and when."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store import commands, schema
from store.database import Store
from store.trash_rows import TRASHABLE, trash_count, trash_rows
from store.undo import undo
from tests.conftest import add_item, exchange


def _needed(store: Store, kind: str) -> dict[str, object]:
    """Return what a thing of a kind cannot be without."""
    needed: dict[str, object] = {}
    for field in schema.KINDS[kind].fields.values():
        if field.required:
            of = {"": "gone", "member": store.member}.get(field.to) or commands.create(
                store, field.to, {"title": "x"}
            ).ids[0]
            needed[field.name] = "2026-12-01" if field.type == schema.DATE else of
    return needed


@pytest.mark.parametrize("kind", TRASHABLE)
def test_things_of_every_kind_are_found_and_taken_out_again(store: Store, kind: str) -> None:
    ent = commands.create(store, kind, {**_needed(store, kind), "title": "gone"}).ids[0]
    assert trash_rows(store) == []
    commands.trash(store, [ent])
    (row,) = trash_rows(store)
    assert (row.id, row.kind, row.title, row.by) == (ent, kind, "gone", store.member)
    assert abs(row.at - store.now()) < 60_000
    assert trash_count(store) == 1
    commands.restore(store, [ent])
    assert (trash_rows(store), trash_count(store)) == ([], 0)


def test_what_was_deleted_last_comes_first_and_so_many_are_listed(store: Store) -> None:
    made = [add_item(store, f"item {number}") for number in range(5)]
    for ent in (made[2], made[0], made[4]):
        commands.trash(store, [ent])
    assert [row.id for row in trash_rows(store)] == [made[4], made[0], made[2]]
    assert [row.id for row in trash_rows(store, limit=2)] == [made[4], made[0]]
    assert trash_count(store) == 3


def test_the_last_deletion_counts_and_an_edit_nobody_had_seen_keeps_a_thing_out(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    both, kept = add_item(store, "deleted by both"), add_item(store, "edited meanwhile")
    other = teammate("Mei")
    exchange(store, other)
    commands.trash(store, [both, kept])
    commands.set_fields(other, [kept], {"title": "edited"})
    commands.trash(other, [both])
    exchange(store, other)
    for each in (store, other):
        (row,) = trash_rows(each)
        assert (row.id, row.by) == (both, other.member)


def test_an_addition_that_was_undone_can_still_be_found(store: Store) -> None:
    ent = add_item(store, "typed for nothing")
    undo(store)
    assert [row.id for row in trash_rows(store)] == [ent]
