"""Looking back: history, past states, exports, rebuilding."""

from __future__ import annotations

from store import commands, queries
from store.asof import as_of
from store.database import Store
from store.export import export_lines, state_hash
from store.history import history
from store.oplog import Op, merge
from tests.conftest import Clock, add_item, deliver


def test_history_tells_who_changed_what_from_what(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "one")
    deliver(store, other)
    commands.set_fields(other, [ent], {"title": "two"})
    commands.comment(other, ent, "hm")
    deliver(other, store)
    entries = list(history(store, ent))
    assert [entry.name for entry in entries] == ["林平", "Hm", "Hm"]
    [write] = entries[1].writes
    assert (write.field, write.old, write.new, write.standing) == ("title", ["one"], "two", "shown")
    assert entries[0].writes[-1].standing == "superseded"
    assert {write.kind for write in entries[2].writes} == {"comment"}


def test_who_signs_for_another_is_shown_with_the_device_that_wrote(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "one")
    deliver(store, other)
    other.member = store.member  # as a program that wants to be taken for somebody else
    commands.set_fields(other, [ent], {"title": "forged"})
    deliver(other, store)
    entries = list(history(store, ent))
    assert [(entry.name, entry.device, entry.owner) for entry in entries] == [
        ("林平", store.device, ""),
        ("林平", other.device, "Hm"),
    ]


def test_a_losing_value_stays_in_the_history(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "x")
    deliver(store, other)
    commands.set_fields(store, [ent], {"title": "mine"})
    commands.set_fields(other, [ent], {"title": "theirs"})
    deliver(other, store)
    titles = {
        write.new: write.standing
        for entry in history(store, ent)
        for write in entry.writes
        if write.field == "title"
    }
    assert titles["mine"] == "diverging"
    assert titles["theirs"] == "shown"


def test_any_past_moment_can_be_seen_again(store: Store, clock: Clock) -> None:
    ent = add_item(store, "结账页", due="2026-12-01")
    monday = clock.at
    clock.advance(days=2)
    commands.set_fields(store, [ent], {"due": "2026-12-09"})
    commands.trash(store, [ent])
    late = add_item(store, "later")
    past = as_of(store, monday)
    assert queries.card(past, ent).due == "2026-12-01"  # type: ignore[union-attr]
    assert queries.card(past, late) is None
    assert queries.item_count(past) == 1
    past.close()
    assert queries.card(store, late) is not None


def test_unknown_kinds_and_fields_are_kept_and_exported(store: Store) -> None:
    ent = add_item(store, "x")
    ops = [
        Op("dev0", "inc0", 1, 900, 1, "", "portfolio", "abc", "title", '"future"', (), 1),
        Op("dev0", "inc0", 2, 901, 1, "", "item", ent, "colour", '{"r":1}', (), 1, '{"sig":"x"}'),
        Op("dev0", "inc0", 3, 902, 1, "", "item", ent, "kind", '"saga"', (), 1),
        Op("dev0", "inc0", 4, 903, 1, "", "item", ent, "title/zh", '"later"', (), 1),
        Op("dev0", "inc0", 5, 904, 1, "", "item", ent, "labels", '["later"]', (), 1),
    ]
    merge(store, ops)
    lines = "\n".join(export_lines(store))
    assert '"other":{"title":["future"]}' in lines
    assert '"other":{"colour":[{"r":1}],"labels":[["later"]],"title/zh":["later"]}' in lines
    assert queries.card(store, ent) is not None


def test_exports_and_hashes_are_equal_where_the_ops_are(store: Store, teammate) -> None:  # type: ignore[no-untyped-def]
    other = teammate("Hm")
    ent = add_item(store, "x", labels=["b", "a"], custom={"z": 1, "a": "é"})
    commands.create(store, "conflict", {"title": "mine alone"}, private=True)
    commands.trash(store, [ent])
    deliver(store, other)
    assert list(export_lines(store)) == list(export_lines(other))
    assert state_hash(store) == state_hash(other)
    add_item(other, "y")
    assert state_hash(store) != state_hash(other)
