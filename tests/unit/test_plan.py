"""The plan as a store holds it: read whole, again after an edit, as of a past day, and the same on every replica."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from store import commands, queries
from store.analysis.plan import Link
from store.change import Change
from store.chart_rows import disputed_items, tray
from store.database import Store
from store.errors import StoreError
from store.filters import EVERYTHING
from store.links import link, unlink
from store.plan import first_plan, read_plan, replanned
from store.plan_past import past_plan
from tests.conftest import TODAY, Clock, exchange
from tests.sample_plan import plan


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_is_the_same_read_again_after_any_edit(store: Store, seed: int) -> None:
    ids = plan(store)
    known = [value for value in vars(ids).values() if isinstance(value, str)]
    items = [ent for ent in known if ent != ids.han]
    draw = random.Random(seed)
    shown = read_plan(store)
    local = 0
    for _ in range(120):
        try:
            changes = _edited(store, draw, items, shown.links, ids.han).changes
        except StoreError:
            continue
        whole = read_plan(store)
        told = replanned(store, shown, changes)
        local += told is not None
        shown = told or whole
        assert shown.slots == whole.slots
        assert shown.tasks == whole.tasks
        assert sorted(shown.links) == sorted(whole.links)
        assert shown.schedule.problems == whole.schedule.problems
        assert shown.schedule.problem_count == len(whole.schedule.problems)
    assert local > 40  # else it is not what is tried here


def _edited(store: Store, draw: random.Random, items: list[str], links: Sequence[Link], owner: str) -> Change:
    """Do one edit of any sort to a plan; items that are made are put among the others."""
    one, other = draw.sample(items, 2)
    day = f"2026-12-{draw.randrange(1, 29):02}"
    match draw.randrange(12):
        case 0:
            return link(store, one, other, draw.choice(("FS", "SS", "FF", "SF")), draw.randrange(-3, 4))
        case 1:
            pairs = [(known.predecessor, known.successor) for known in links] or [(one, other)]
            return unlink(store, *draw.choice(pairs))
        case 2:
            return commands.trash(store, [one])
        case 3:
            return commands.restore(store, draw.choice(([one], items)))
        case 4:
            return commands.set_fields(store, [one], {"parent": draw.choice((None, other))})
        case 5:
            return commands.set_fields(store, [one], dict.fromkeys(("start", "due", "duration")))
        case 6:
            return commands.set_fields(store, [one], {"title": f"called {day}"})
        case 7 | 8:
            fields = draw.choice(
                ({}, {"due": day}, {"duration": 3}, {"start": day, "parent": other}, {"parent": other})
            )
            made = commands.create(store, "item", {"title": "made meanwhile", **fields})
            items.append(made.ids[0])
            return made
        case _:
            fields = draw.choice(
                ({"start": day}, {"due": day}, {"duration": draw.randrange(1, 9)}, {"start": None}, {"due": None},
                 {"duration": None}, {"pinned": True, "start": day}, {"owner": owner}, {"remaining": 3})
            )  # fmt: skip
            return commands.set_fields(store, [one], fields)


def test_replicas_that_edit_dates_and_links_at_once_end_with_one_schedule(
    store: Store, teammate: Callable[[str], Store], clock: Clock
) -> None:
    ids = plan(store)
    other = teammate("韩梅")
    commands.set_fields(store, [ids.copy], {"start": "2026-12-01"})
    link(store, ids.press, ids.help, "FS", 2)
    clock.advance(seconds=3)
    commands.set_fields(other, [ids.copy], {"duration": 9, "start": "2026-12-03"})
    link(other, ids.help, ids.press, "FS", 0)  # with the other's, a circle
    link(other, ids.deck, ids.train, "SS", 1)
    exchange(store, other)
    here, there = read_plan(store), read_plan(other)
    assert here.slots == there.slots
    assert here.schedule.problems == there.schedule.problems
    assert [link.id for link in here.schedule.cut] == [link.id for link in there.schedule.cut]
    assert len(here.schedule.cut) == 1


def test_a_past_day_has_the_plan_of_that_day(store: Store, clock: Clock) -> None:
    ids = plan(store)
    then = clock.at
    was = read_plan(store).slots[ids.page]
    clock.advance(seconds=60)
    commands.set_fields(store, [ids.copy], {"duration": 12})
    assert read_plan(store).slots[ids.page].finish > was.finish
    assert past_plan(store, then).slots[ids.page][:2] == was[:2]


def test_the_first_rows_of_a_large_plan_are_read_alone(store: Store) -> None:
    ids = plan(store)
    first = first_plan(store, 4)
    assert len(first.tasks) == 4
    departments = [row.id for row in queries.departments(store)]
    order = [departments.index(task.department) for task in first.tasks.values()]
    assert order == sorted(order)
    assert set(first.tasks) < set(read_plan(store).tasks)
    assert ids.loose not in first.tasks


def test_the_tray_has_what_is_open_and_nobody_has_planned(store: Store) -> None:
    ids = plan(store)
    assert tray(store, EVERYTHING, 10) == ([ids.loose], False)
    more = [commands.create(store, "item", {"title": f"idea {n}"}).ids[0] for n in range(3)]
    assert tray(store, EVERYTHING, 2) == ([more[2], more[1]], True)
    link(store, more[2], ids.launch)
    commands.move(store, [more[1]], ids.statuses["done"])
    assert tray(store, EVERYTHING, 10) == ([more[0], ids.loose], False)


def test_items_of_open_conflicts_are_marked(store: Store) -> None:
    ids = plan(store)
    conflict = commands.create(
        store, "conflict", {"title": "Whose week is it?", "items": [ids.deck, ids.copy]}
    ).ids[0]
    assert disputed_items(store) == {ids.deck, ids.copy}
    commands.set_fields(store, [conflict], {"state": "closed"})
    assert disputed_items(store) == set()


@pytest.mark.parametrize("country", ["XX", "", "CN", "de-by", "CN-XX-YY", "💥"])
def test_no_country_a_peer_may_write_keeps_the_plan_from_being_read(store: Store, country: str) -> None:
    ids = plan(store)
    commands.set_fields(store, [store.workspace], {"country": country or None})
    assert read_plan(store).slots[ids.api].start <= TODAY.toordinal() + 7
