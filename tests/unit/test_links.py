"""What waits for what: links are made once, changed, taken back, refused where they mean nothing, and merged."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable

import pytest

from store import commands, queries
from store.database import Store
from store.errors import StoreError
from store.export import export_lines, state_hash
from store.integrity import check_derived
from store.links import dependency_id, link, unlink
from store.oplog import ops_after, rebuild
from store.plan_rows import plan_links, waited_for_by, waits_for
from store.review import disagreements
from store.undo import redo, undo
from tests.conftest import add_item, deliver

MAX_LAG = 10_000


def links(store: Store) -> list[tuple[str, str, str, int]]:
    return [(row.predecessor, row.successor, row.type, row.lag) for row in plan_links(store)]


def short(store: Store, ent: str) -> str:
    card = queries.card(store, ent)
    assert card is not None
    return card.short


def refusal(store: Store, *wanted: object) -> StoreError:
    with pytest.raises(StoreError) as refused:
        link(store, *wanted)  # type: ignore[arg-type]
    return refused.value


def test_a_link_has_the_type_and_the_lag_it_was_given(store: Store) -> None:
    first, second = add_item(store), add_item(store)
    made = link(store, first, second, "SS", -3)
    assert links(store) == [(first, second, "SS", -3)]
    assert made.ids == [dependency_id(first, second)]


def test_linking_a_pair_again_changes_the_one_link(store: Store) -> None:
    first, second = add_item(store), add_item(store)
    link(store, first, second)
    link(store, first, second, "FF", 2)
    assert links(store) == [(first, second, "FF", 2)]


def test_what_was_unlinked_comes_back_when_linked_again(store: Store) -> None:
    first, second = add_item(store), add_item(store)
    link(store, first, second, "SS")
    unlink(store, first, second)
    assert links(store) == []
    link(store, first, second)
    assert links(store) == [(first, second, "FS", 0)]


def test_undo_and_redo_reach_a_link_each_of_its_changes_and_its_end(store: Store) -> None:
    first, second = add_item(store), add_item(store)
    link(store, first, second, "FS", 1)
    link(store, first, second, "SS", 2)
    unlink(store, first, second)
    undo(store)
    assert links(store) == [(first, second, "SS", 2)]
    undo(store)
    assert links(store) == [(first, second, "FS", 1)]
    undo(store)
    assert links(store) == []
    redo(store)
    redo(store)
    assert links(store) == [(first, second, "SS", 2)]
    assert undo(store).detail == f"link {short(store, first)} → {short(store, second)}"


def test_two_replicas_that_link_a_pair_make_one_link_and_see_where_they_differ(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    first, second = add_item(store), add_item(store)
    other = teammate("Han")
    link(store, first, second, "FS", 2)
    link(other, first, second, "SS", 2)
    deliver(store, other)
    deliver(other, store)
    assert len(links(store)) == 1
    assert links(store) == links(other)
    assert state_hash(store) == state_hash(other)
    assert [row.field for row in queries.divergences(store, dependency_id(first, second))] == ["type"]
    [split] = disagreements(store)
    assert (split.title, split.field) == (f"{short(store, first)} → {short(store, second)}", "type")


def test_a_link_that_one_removes_while_another_changes_it_stays(
    store: Store, teammate: Callable[[str], Store]
) -> None:
    first, second = add_item(store), add_item(store)
    link(store, first, second)
    other = teammate("Han")
    unlink(store, first, second)
    link(other, first, second, "FS", 4)
    deliver(store, other)
    deliver(other, store)
    assert links(store) == links(other) == [(first, second, "FS", 4)]


def test_links_are_derived_from_the_log_again_as_they_were(store: Store) -> None:
    first, second, third = (add_item(store) for _ in range(3))
    link(store, first, second)
    link(store, second, third, "SF", -2)
    unlink(store, first, second)
    before = links(store)
    assert check_derived(store) == []
    rebuild(store)
    assert links(store) == before == [(second, third, "SF", -2)]


def test_an_item_cannot_wait_for_itself(store: Store) -> None:
    only = add_item(store)
    assert refusal(store, only, only).code == "link-self"


@pytest.mark.parametrize("length", [2, 3, 5])
def test_a_link_that_closes_a_circle_is_refused_and_the_circle_named(store: Store, length: int) -> None:
    items = [add_item(store) for _ in range(length)]
    for one, next_one in itertools.pairwise(items):
        link(store, one, next_one, "SS")
    before = links(store)
    refused = refusal(store, items[-1], items[0])
    assert refused.code == "link-circle"
    assert refused.params["circle"] == " → ".join(short(store, item) for item in [*items, items[0]])
    assert links(store) == before


def test_a_circle_through_a_link_in_the_trash_or_an_item_in_it_is_none(store: Store) -> None:
    first, second, third = (add_item(store) for _ in range(3))
    link(store, first, second)
    link(store, second, third)
    unlink(store, first, second)
    link(store, second, first)
    link(store, first, third)
    commands.trash(store, [third])
    fourth = add_item(store)
    link(store, fourth, second)
    assert refusal(store, first, fourth).code == "link-circle"


def test_a_parent_and_its_own_part_cannot_wait_for_each_other(store: Store) -> None:
    whole = add_item(store)
    part = add_item(store, parent=whole)
    inner = add_item(store, parent=part)
    for one, other in ((whole, inner), (inner, whole)):
        refused = refusal(store, one, other)
        assert refused.code == "link-own-part"
        assert refused.params == {"part": short(store, inner), "whole": short(store, whole)}


def test_circles_run_through_parents_and_parts(store: Store) -> None:
    whole, other = add_item(store), add_item(store)
    part = add_item(store, parent=whole)
    sibling = add_item(store, parent=whole)
    link(store, part, sibling)  # parts of one whole may wait for each other
    link(store, whole, other)
    assert refusal(store, other, part).code == "link-circle"  # the whole finishes with its part
    assert refusal(store, other, whole).code == "link-circle"
    before = add_item(store)
    link(store, before, whole)
    assert refusal(store, sibling, before).code == "link-circle"  # the part starts with its whole


def test_a_whole_that_a_part_delays_does_not_delay_its_other_parts(store: Store) -> None:
    whole, outside = add_item(store), add_item(store)
    part, sibling = add_item(store, parent=whole), add_item(store, parent=whole)
    link(store, sibling, outside)
    link(store, outside, part)
    assert len(links(store)) == 2


@pytest.mark.parametrize(("type_", "allowed"), [("FS", True), ("SS", True), ("FF", False), ("SF", False)])
def test_the_finish_of_a_parent_waits_for_nothing(store: Store, type_: str, allowed: bool) -> None:
    whole, other = add_item(store), add_item(store)
    add_item(store, parent=whole)
    if allowed:
        link(store, other, whole, type_)
    else:
        assert refusal(store, other, whole, type_).code == "link-on-parent"
    link(store, whole, add_item(store), type_)


@pytest.mark.parametrize(
    "wanted", [("FX", 0), ("fs", 0), ("FS", MAX_LAG + 1), ("FS", -MAX_LAG - 1), ("FS", 0.5)]
)
def test_a_type_or_a_lag_that_is_none_is_refused(store: Store, wanted: tuple[str, int]) -> None:
    first, second = add_item(store), add_item(store)
    assert refusal(store, first, second, *wanted).code == "bad-value"
    assert links(store) == []


def test_the_longest_lags_are_taken(store: Store) -> None:
    first, second = add_item(store), add_item(store)
    link(store, first, second, "FS", MAX_LAG)
    link(store, first, second, "FS", -MAX_LAG)
    assert links(store)[0][3] == -MAX_LAG


def test_what_is_in_the_trash_is_no_item_or_does_not_exist_cannot_be_linked(store: Store) -> None:
    first, gone = add_item(store), add_item(store)
    commands.trash(store, [gone])
    assert refusal(store, gone, first).code == refusal(store, first, gone).code == "link-in-trash"
    department = queries.departments(store)[0].id
    assert refusal(store, first, department).code == "bad-value"
    assert refusal(store, first, "nobody").code == "not-found"


def test_a_dependency_made_like_anything_else_has_the_id_of_its_pair(store: Store) -> None:
    first, second = add_item(store), add_item(store)
    fields = {"predecessor": first, "successor": second, "type": "SS"}
    assert commands.create(store, "dependency", fields).ids == [dependency_id(first, second)]
    link(store, first, second, "FF")
    assert links(store) == [(first, second, "FF", 0)]


def test_a_link_keeps_its_two_ends(store: Store) -> None:
    first, second, third = (add_item(store) for _ in range(3))
    [ent] = link(store, first, second).ids
    for field in ("predecessor", "successor"):
        with pytest.raises(StoreError, match="link-ends"):
            commands.set_fields(store, [ent], {"lag": 3, field: third})
    assert links(store) == [(first, second, "FS", 0)]
    commands.set_fields(store, [ent], {"lag": 3})
    assert links(store) == [(first, second, "FS", 3)]


def test_what_is_not_linked_cannot_be_unlinked(store: Store) -> None:
    first, second = add_item(store), add_item(store)
    link(store, first, second)
    for pair in ((second, first), (first, add_item(store))):
        with pytest.raises(StoreError, match="not-linked"):
            unlink(store, *pair)
    unlink(store, first, second)
    with pytest.raises(StoreError, match="not-linked"):
        unlink(store, first, second)


def test_a_link_with_a_private_draft_is_private_until_both_ends_are_shared(store: Store) -> None:
    shared = add_item(store)
    draft = commands.create(store, "item", {"title": "draft"}, private=True).ids[0]
    other = commands.create(store, "item", {"title": "other"}, private=True).ids[0]
    link(store, shared, draft)
    link(store, draft, other)

    def sent() -> set[str]:
        lines = [json.loads(line) for line in export_lines(store)]
        public = ops_after(store, store.device, store.incarnation, 0, 1_000)
        found = {line["id"] for line in lines if line.get("kind") == "dependency"}
        assert found == {op.ent for op in public if op.kind == "dependency"}
        return found

    assert sent() == set()
    commands.share(store, [draft])
    assert sent() == {dependency_id(shared, draft)}
    commands.share(store, [other])
    assert sent() == {dependency_id(shared, draft), dependency_id(draft, other)}
    assert len(links(store)) == 2


def test_an_unlinked_draft_is_shared_without_its_link(store: Store) -> None:
    shared = add_item(store)
    draft = commands.create(store, "item", {"title": "draft"}, private=True).ids[0]
    link(store, shared, draft)
    unlink(store, shared, draft)
    commands.share(store, [draft])
    assert links(store) == []
    link(store, shared, draft)
    assert [row.private for row in waits_for(store, draft)] == [False]


def test_an_item_shows_what_it_waits_for_and_what_waits_for_it(store: Store) -> None:
    middle = add_item(store)
    before = [add_item(store, f"before {number}") for number in range(11)]
    after = add_item(store, "after")
    for item in before:
        link(store, item, middle, "SS", 1)
    link(store, middle, after)
    commands.trash(store, [before[0]])
    shown = waits_for(store, middle)
    assert [row.title for row in shown] == [f"before {number}" for number in range(1, 11)]
    assert {(row.type, row.lag) for row in shown} == {("SS", 1)}
    assert [(row.item, row.short, row.type) for row in waited_for_by(store, middle)] == [
        (after, short(store, after), "FS")
    ]


def test_a_link_in_a_long_chain_is_checked_in_milliseconds(store: Store) -> None:
    with commands.change(store, "import") as change:
        items = [change.create("item", {"title": "x"}, bottom=True) for _ in range(2_000)]
        for one, other in itertools.pairwise(items):
            fields = {"predecessor": one, "successor": other, "type": "FS", "lag": 0}
            change.create("dependency", fields, ent=dependency_id(one, other))
    newest = add_item(store)
    best = 1.0
    for item in items[::400]:
        started = time.perf_counter()
        link(store, newest, item)
        best = min(best, time.perf_counter() - started)
    assert best < 0.1
    refused = refusal(store, items[-1], newest)
    assert str(refused.params["circle"]).count("→") == 9
