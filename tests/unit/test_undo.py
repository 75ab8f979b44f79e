"""Undo and redo: across restarts, in order, and never over a teammate's work."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store import commands, queries
from store.database import Store, open_store
from store.errors import StoreError
from store.undo import redo, undo
from tests.conftest import Clock, add_item, deliver, exchange


def title(store: Store, ent: str) -> str:
    card = queries.card(store, ent)
    assert card is not None
    return card.title


def test_undo_walks_back_and_redo_walks_forward(store: Store) -> None:
    ent = add_item(store, "one")
    for text in ("two", "three"):
        commands.set_fields(store, [ent], {"title": text})
    seen = [title(store, ent)]
    for step in (undo, undo, redo, undo, redo, redo):
        step(store)
        seen.append(title(store, ent))
    assert seen == ["three", "two", "one", "two", "one", "two", "three"]


def test_undo_survives_a_restart(store: Store) -> None:
    ent = add_item(store, "one")
    commands.set_fields(store, [ent], {"title": "two"})
    reopened = open_store(store.home, now=store.now)
    assert undo(reopened).detail == "set title"
    assert title(reopened, ent) == "one"
    reopened.close()
    assert redo(store).label == "redo"
    assert title(store, ent) == "two"


def test_undoing_a_creation_is_the_trash_and_redo_brings_it_back(store: Store) -> None:
    ent = add_item(store, "x", labels=["a"])
    undo(store)
    assert queries.item_count(store) == 0
    redo(store)
    assert queries.card(store, ent).labels == ("a",)  # type: ignore[union-attr]


def test_an_import_is_one_undo(store: Store) -> None:
    with commands.change(store, "import", "trello.json") as change:
        for number in range(20):
            change.comment(change.create("item", {"title": str(number)}), "hm")
    assert undo(store).detail == "import trello.json"
    assert queries.item_count(store) == 0
    redo(store)
    assert queries.item_count(store) == 20


def test_sets_maps_moves_and_the_trash_are_undone(store: Store) -> None:
    todo, doing = (status.id for status in queries.statuses(store)[:2])
    ent = add_item(store, "x", labels=["a"])
    before = queries.detail(store, ent)
    assert before is not None
    commands.set_fields(store, [ent], {"labels": ["b"], "custom": {"k": "v"}, "due": "2026-12-01"})
    commands.move(store, [ent], doing)
    commands.trash(store, [ent])
    for _ in range(3):
        undo(store)
    after = queries.detail(store, ent)
    assert after is not None
    assert after.fields == before.fields
    assert after.card.status == todo
    assert not after.trashed


def test_a_cell_written_twice_in_one_change_goes_back_to_where_it_was(store: Store) -> None:
    ent = add_item(store, "one")
    with commands.change(store, "set") as change:
        change.set(ent, {"title": "two"})
        change.set(ent, {"title": "three"})
    undo(store)
    assert title(store, ent) == "one"
    redo(store)
    assert title(store, ent) == "three"
    undo(store)
    assert title(store, ent) == "one"


def test_a_new_edit_ends_what_could_be_redone(store: Store) -> None:
    ent = add_item(store, "one")
    commands.set_fields(store, [ent], {"title": "two"})
    undo(store)
    commands.set_fields(store, [ent], {"title": "other"})
    with pytest.raises(StoreError) as nothing:
        redo(store)
    assert nothing.value.code == "nothing-to-redo"
    undo(store)
    assert title(store, ent) == "one"


def test_undo_leaves_a_teammates_later_work_alone(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "one")
    commands.set_fields(store, [ent], {"title": "mine", "priority": 1})
    deliver(store, other)
    commands.set_fields(other, [ent], {"title": "theirs"})
    deliver(other, store)
    undone = undo(store)
    assert undone.skipped == 1
    card = queries.card(store, ent)
    assert card is not None
    assert (card.title, card.priority) == ("theirs", None)


def test_undoing_a_creation_that_a_teammate_edited_keeps_it_with_a_banner(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "one")
    deliver(store, other)
    commands.set_fields(other, [ent], {"priority": 2})
    deliver(other, store)
    undo(store)
    assert queries.card(store, ent).banner  # type: ignore[union-attr]


def test_undo_brings_a_settled_divergence_back(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "x")
    deliver(store, other)
    commands.set_fields(store, [ent], {"title": "mine"})
    commands.set_fields(other, [ent], {"title": "theirs"})
    deliver(other, store)
    commands.settle(store, ent, "title", "both")
    undo(store)
    [divergence] = queries.divergences(store, ent)
    assert {head.value for head in divergence.heads} == {"mine", "theirs"}


def test_the_workspace_itself_cannot_be_undone(store: Store) -> None:
    with pytest.raises(StoreError) as nothing:
        undo(store)
    assert nothing.value.code == "nothing-to-undo"


@pytest.mark.parametrize(
    ("field", "mine", "theirs"),
    [("title", "mine", "theirs"), ("due", "2026-12-01", "2026-12-02"), ("custom", {"k": 1}, {"k": 2})],
)
def test_undoing_one_side_of_a_divergence_leaves_the_other(
    store: Store, teammate, field, mine, theirs
) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "x")
    deliver(store, other)
    commands.set_fields(other, [ent], {field: theirs})
    commands.set_fields(store, [ent], {field: mine})
    deliver(other, store)
    undo(store)
    detail = queries.detail(store, ent)
    assert detail is not None
    assert (detail.fields[field], detail.divergences) == (theirs, [])
    redo(store)
    detail = queries.detail(store, ent)
    assert detail is not None
    assert detail.fields[field] == mine
    assert {str(head.value) for head in detail.divergences[0].heads} == (
        {str(mine), str(theirs)} if field != "custom" else {"1", "2"}
    )


def test_undoing_my_deletion_leaves_a_teammates(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "x")
    deliver(store, other)
    commands.trash(other, [ent])
    commands.trash(store, [ent])
    deliver(other, store)
    undo(store)
    assert queries.item_count(store) == 0


def test_what_was_done_to_a_draft_cannot_be_undone_once_it_is_shared(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = commands.create(store, "conflict", {"title": "发布日提前"}, private=True).ids[0]
    commands.set_fields(store, [ent], {"title": "发布日提前两周"})
    commands.share(store, [ent])
    assert [undo(store).skipped for _ in range(2)] == [1, 1]
    deliver(store, other)
    for replica in (store, other):
        card = queries.card(replica, ent)
        assert card is not None
        assert card.title == "发布日提前两周"
        assert queries.conflict_count(replica) == 1


def test_bulk_changes_are_undone_and_redone_whole_after_a_restart(store: Store) -> None:
    todo, doing = (status.id for status in queries.statuses(store)[:2])
    ids = [add_item(store, str(n), labels=["a"] if n % 2 else []) for n in range(6)]

    def state(at: Store) -> list[object]:
        shown = [card._replace(moved_at=0) for status in (todo, doing) for card in queries.cards(at, status)]
        return [shown, queries.labels(at)]

    seen = [state(store)]
    for act in (
        lambda: commands.move(store, ids[:4], doing),
        lambda: commands.add_to(store, ids, "labels", ["b"]),
        lambda: commands.remove_from(store, ids, "labels", ["a"]),
        lambda: commands.trash(store, ids[2:]),
        lambda: commands.restore(store, ids[2:4]),
        lambda: commands.set_fields(store, ids, {"priority": 1, "labels": [], "due": "2026-12-01"}),
    ):
        act()
        seen.append(state(store))
    for before in seen[-2::-1]:
        at = open_store(store.home, now=store.now)
        undo(at)
        assert state(at) == before, seen.index(before)
        at.close()
    for after in seen[1:]:
        at = open_store(store.home, now=store.now)
        redo(at)
        shown = state(at)
        at.close()
        assert shown == after


def test_an_older_value_does_not_take_the_place_of_a_teammates_that_is_shown(
    store: Store, teammate: Callable[[str], Store], clock: Clock
) -> None:
    ent = add_item(store, "first")
    other = teammate("韩梅")
    commands.set_fields(store, [ent], {"title": "second"})
    commands.set_fields(other, [ent], {"title": "theirs"})
    clock.advance(seconds=1)
    commands.set_fields(other, [ent], {"title": "theirs again"})
    commands.set_fields(store, [ent], {"title": "mine"})
    clock.advance(seconds=1)
    commands.set_fields(other, [ent], {"title": "theirs at last"})
    exchange(store, other)
    assert title(store, ent) == "theirs at last"
    assert undo(store).skipped == 1
    assert title(store, ent) == "theirs at last"
    assert len(queries.divergences(store, ent)) == 1


# What a teammate has put in the trash


def trashed(store: Store, ent: str) -> bool:
    detail = queries.detail(store, ent)
    assert detail is not None
    return detail.trashed


def an_edit_over_theirs(store: Store, other: Store) -> str:
    """The title that comes back is the teammate's, which nobody had in sight any more when it was deleted."""
    ent = add_item(store, "x")
    exchange(store, other)
    commands.set_fields(other, [ent], {"title": "theirs"})
    exchange(store, other)
    commands.set_fields(store, [ent], {"title": "mine"})
    exchange(store, other)
    commands.trash(other, [ent])
    return ent


def a_tick(store: Store, other: Store) -> str:
    ent = add_item(store, "x")
    entry = commands.check(store, ent, "to do").ids[0]
    commands.set_fields(store, [entry], {"done": True})
    exchange(store, other)
    commands.trash(other, [ent])
    return ent


def its_creation(store: Store, other: Store) -> str:
    ent = add_item(store, "x")
    exchange(store, other)
    commands.set_fields(other, [ent], {"priority": 1})
    commands.trash(other, [ent])
    return ent


def a_deletion(store: Store, other: Store) -> str:
    ent = add_item(store, "x")
    exchange(store, other)
    commands.trash(other, [ent])
    commands.trash(store, [ent])
    return ent


def a_deletion_made_twice(store: Store, other: Store) -> str:
    ent = a_deletion(store, other)
    undo(store)
    redo(store)
    return ent


def a_deletion_under_an_edit(store: Store, other: Store) -> str:
    """Both deletions were written anew when the edit was taken back."""
    ent = a_deletion(store, other)
    exchange(store, other)
    commands.set_fields(store, [ent], {"title": "y"})
    undo(store)
    return ent


def one_side_of_a_divergence(store: Store, other: Store) -> str:
    ent = add_item(store, "x")
    exchange(store, other)
    for each, text in ((store, "mine"), (other, "theirs")):
        commands.set_fields(each, [ent], {"title": text})
    exchange(store, other)
    undo(store)
    redo(store)
    exchange(store, other)
    commands.trash(other, [ent])
    return ent


@pytest.mark.parametrize("mine", ["me first", "them first"])
@pytest.mark.parametrize(
    "deleted",
    [
        an_edit_over_theirs, a_tick, its_creation, a_deletion, a_deletion_made_twice, a_deletion_under_an_edit,
        one_side_of_a_divergence,
    ],
)  # fmt: skip
def test_undo_and_redo_leave_in_the_trash_what_a_teammate_put_there(
    store: Store, teammate: Callable[[str], Store], deleted: Callable[[Store, Store], str], mine: str
) -> None:
    other = teammate("Hm")
    me, them = (store, other) if mine == "me first" else (other, store)
    ent = deleted(me, them)
    exchange(me, them)
    assert trashed(me, ent)
    for step in (undo, redo, undo, redo):
        assert step(me).skipped == 0
        assert trashed(me, ent), step.__name__
        exchange(me, them)
        assert trashed(them, ent), step.__name__


def test_what_was_in_sight_is_so_again_after_undo_and_redo(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    """A teammate deletes a card and has not heard that its priority was taken back and set again."""
    other = teammate("Hm")
    ent = add_item(store, "x")
    commands.set_fields(store, [ent], {"priority": 1})
    exchange(store, other)
    commands.trash(other, [ent])
    undo(store)
    redo(store)
    exchange(store, other)
    assert not trashed(store, ent)
    undo(store)
    redo(store)
    assert not trashed(store, ent)


def test_taking_back_what_a_deleter_had_not_seen_lets_the_card_be_hidden(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Hm")
    ent = add_item(store, "x")
    exchange(store, other)
    commands.trash(other, [ent])
    for text in ("news", "more news"):
        commands.set_fields(store, [ent], {"title": text})
    exchange(store, other)
    seen = [trashed(store, ent)]
    for step in (undo, undo, redo, redo):
        step(store)
        seen.append(trashed(store, ent))
    assert seen == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("field", "mine", "theirs"),
    [("title", "mine", "theirs"), ("priority", 1, 2), ("custom", {"k": 1}, {"k": 2})],
)
def test_a_teammates_version_stands_alone_again_also_after_undo_and_redo(
    store: Store, teammate: Callable[[str], Store], field: str, mine: object, theirs: object
) -> None:
    other = teammate("Hm")
    ent = add_item(store, "x")
    exchange(store, other)
    commands.set_fields(other, [ent], {field: theirs})
    commands.set_fields(store, [ent], {field: mine})
    undo(store)
    redo(store)
    exchange(store, other)
    undo(store)
    detail = queries.detail(store, ent)
    assert detail is not None
    assert (detail.fields[field], detail.divergences) == (theirs, [])
