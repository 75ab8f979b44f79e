"""The review screen: what diverged is settled with one key, a text is merged in an editor, undo takes it back."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.database import Store
from store.review import disagreements
from tests.conftest import deliver
from tests.pilot.conftest import Opener, app_of, here, note
from tui.screens.review import ReviewScreen
from tui.widgets.detail.text_editor import LongText


@pytest.fixture
def torn(store: Store, ids: SimpleNamespace, teammate: Callable[[str], Store]) -> Store:
    """Two people change a title and a description before they hear of each other; returns the teammate's store."""
    other = teammate("Hm")
    commands.set_fields(store, [ids.pricing], {"description": "Goal: paid\n\nPage\n"})
    deliver(store, other)
    commands.set_fields(store, [ids.pricing], {"title": "mine", "description": "Goal: paid +3pt\n\nPage\n"})
    commands.set_fields(
        other, [ids.pricing], {"title": "theirs", "description": "Goal: paid\n\nPage is live\n"}
    )
    deliver(other, store)
    return other


def fields(store: Store) -> list[str]:
    return sorted(one.field for one in disagreements(store))


def screen(pilot: Pilot[None]) -> ReviewScreen:
    found = app_of(pilot).screen
    assert isinstance(found, ReviewScreen)
    return found


def title(store: Store, ids: SimpleNamespace) -> str:
    card = queries.card(store, ids.pricing)
    assert card is not None
    return card.title


async def go_to(pilot: Pilot[None], field: str) -> None:
    await pilot.press("equals_sign")
    await pilot.pause()
    for _ in range(3):
        key = screen(pilot).list.key
        if key is not None and key.sub == field:
            return
        await pilot.press("j")
    raise AssertionError(f"no divergence in {field}")


async def test_enter_keeps_what_is_shown_and_undo_brings_the_divergence_back(
    opened: Opener, store: Store, ids: SimpleNamespace, torn: Store
) -> None:
    async with opened() as pilot:
        shown = title(store, ids)
        await go_to(pilot, "title")
        await pilot.press("enter")
        await pilot.pause()
        assert fields(store) == ["description"]
        assert title(store, ids) == shown
        await pilot.press("u")
        await pilot.pause()
        assert fields(store) == ["description", "title"]


async def test_the_other_version_is_marked_and_kept_for_everybody(
    opened: Opener, store: Store, ids: SimpleNamespace, torn: Store
) -> None:
    async with opened((80, 24)) as pilot:
        shown = title(store, ids)
        await go_to(pilot, "title")
        await pilot.press("f", "enter")
        await pilot.pause()
        assert title(store, ids) == ({"mine", "theirs"} - {shown}).pop()
        deliver(store, torn)
        assert title(torn, ids) == title(store, ids)
        assert fields(torn) == ["description"]


async def test_a_text_is_merged_looked_at_and_saved(
    opened: Opener, store: Store, ids: SimpleNamespace, torn: Store
) -> None:
    async with opened() as pilot:
        await go_to(pilot, "description")
        await pilot.press("m")
        await pilot.pause()
        assert screen(pilot).query_one(LongText).text == "Goal: paid +3pt\n\nPage is live\n"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert fields(store) == ["title"]
        found = queries.entity_fields(store, "item", ids.pricing) or {}
        assert found["description"] == "Goal: paid +3pt\n\nPage is live\n"


async def test_a_text_with_both_sides_left_in_it_is_not_saved(
    opened: Opener, store: Store, ids: SimpleNamespace, torn: Store
) -> None:
    async with opened() as pilot:
        await go_to(pilot, "title")
        await pilot.press("m")
        await pilot.pause()
        area = screen(pilot).query_one(LongText)
        assert "<<<<<<<" in area.text
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert fields(store) == ["description", "title"]
        area.text = "ours"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert title(store, ids) == "ours"


async def test_what_a_teammate_settles_meanwhile_leaves_the_list(
    opened: Opener, store: Store, ids: SimpleNamespace, torn: Store
) -> None:
    async with opened() as pilot:
        await go_to(pilot, "title")
        deliver(store, torn)
        commands.settle(torn, ids.pricing, "title", "theirs")
        deliver(torn, store)
        app_of(pilot).show_changes(store.changed_since({}))
        await pilot.pause()
        assert [entry.key.sub for entry in screen(pilot).list.entries if entry.stop] == ["description"]


async def test_open_goes_to_the_card_and_escape_back_to_the_board(
    opened: Opener, store: Store, ids: SimpleNamespace, torn: Store
) -> None:
    async with opened() as pilot:
        await pilot.press("G", "equals_sign")
        await pilot.pause()
        await pilot.press("o")
        await pilot.pause()
        assert here(pilot) == ids.pricing
        await pilot.press("equals_sign", "escape")
        await pilot.pause()
        assert app_of(pilot).screen is app_of(pilot).board_screen


async def test_an_empty_review_says_what_it_is_for(opened: Opener, store: Store) -> None:
    async with opened() as pilot:
        await pilot.press("equals_sign")
        await pilot.pause()
        assert any("agree" in line.plain for entry in screen(pilot).list.entries for line in entry.lines)
        await pilot.press("m", "enter", "f")
        assert note(pilot) == ""


async def test_what_came_while_the_editor_was_open_is_not_replaced(
    opened: Opener, store: Store, ids: SimpleNamespace, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Hm")
    deliver(store, other)
    async with opened() as pilot:
        await pilot.press("e")
        await pilot.pause()
        commands.set_fields(other, [ids.pricing], {"title": "theirs"})
        deliver(other, store)
        await pilot.press("!", "enter")
        await pilot.pause()
        assert fields(store) == ["title"]
