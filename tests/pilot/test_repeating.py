"""What comes again by keys: a rule chosen or typed, one left out, put off, ended; and the rule in the details."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import queries
from store.database import Store
from store.recurrence import history, rule_of
from tests.conftest import add_item
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, here, note, screen_text, write


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_rule_is_typed_and_one_is_left_out(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    ent = add_item(store, "[bold]周会")
    async with opened(size) as pilot:
        app_of(pilot).board_screen.follow(ent)
        await pilot.press("Z")
        await pilot.pause()
        assert "every weekday" in screen_text(pilot)
        await write(pilot, "every mon")
        await pilot.press("enter")
        await pilot.pause()
        assert rule_of(store, ent) == "FREQ=WEEKLY;BYDAY=MO"
        assert "every Mon" in note(pilot)
        await pilot.press("Z")
        await pilot.pause()
        assert "leave this one out" in screen_text(pilot)
        await write(pilot, "leave")
        await pilot.press("enter")
        await pilot.pause()
        assert [one.came for one in history(store, ent)] == ["skipped", "open"]
        await pilot.press("u")
        await pilot.pause()
        assert history(store, ent)[0].came == "open"


async def test_one_is_put_off_and_the_series_ends(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    ent = add_item(store, "周会", recurrence="FREQ=WEEKLY;BYDAY=MO")
    async with opened(WIDE) as pilot:
        app_of(pilot).board_screen.follow(ent)
        await pilot.press("Z")
        await write(pilot, "only this")
        await pilot.press("enter")
        await pilot.pause()
        await write(pilot, "fri")
        await pilot.press("enter")
        await pilot.pause()
        found = queries.entity_fields(store, "item", ent) or {}
        assert (found["due"], found["occurrence"]) == ("2026-11-27", "2026-11-23")
        await pilot.press("Z")
        await write(pilot, "what became")
        await pilot.press("enter")
        await pilot.pause()
        assert "open, not late" in screen_text(pilot)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert here(pilot) == ent
        await pilot.press("escape", "Z")
        await write(pilot, "not come again")
        await pilot.press("enter")
        await pilot.pause()
        assert rule_of(store, ent) == ""


async def test_the_rule_is_read_and_edited_as_words_in_the_details(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    ent = add_item(store, "周会", recurrence="FREQ=WEEKLY;BYDAY=MO")
    async with opened(WIDE) as pilot:
        app_of(pilot).show_board(ent)
        await pilot.pause()
        assert "every Mon" in screen_text(pilot)
        from tui.widgets.detail import Key

        screen = app_of(pilot).board_screen
        card = queries.card(store, ent)
        assert card is not None
        screen.edit(card, Key("field", "recurrence"))
        await pilot.pause()
        await pilot.press("ctrl+a", "ctrl+k")
        await write(pilot, "nonsense")
        await pilot.press("enter")
        await pilot.pause()
        assert "“nonsense” is no" in screen_text(pilot)
        assert rule_of(store, ent) == "FREQ=WEEKLY;BYDAY=MO"
        await pilot.press("ctrl+a", "ctrl+k")
        await write(pilot, "monthly last fri")
        await pilot.press("enter")
        await pilot.pause()
        assert rule_of(store, ent) == "FREQ=MONTHLY;BYDAY=-1FR"


async def test_it_is_captured_with_what_it_means_beneath(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("a")
        await write(pilot, "周会 ~每周一")
        await pilot.pause()
        assert "Repeats every Mon" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        [made] = [
            card
            for status in queries.statuses(store)
            for card in queries.cards(store, status.id)
            if card.title == "周会"
        ]
        assert (rule_of(store, made.id), made.due) == ("FREQ=WEEKLY;BYDAY=MO", "2026-11-23")


async def test_marking_one_done_on_the_board_shows_the_next(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    ent = add_item(store, "周会", recurrence="FREQ=WEEKLY;BYDAY=MO")
    async with opened(WIDE) as pilot:
        app_of(pilot).board_screen.follow(ent)
        await pilot.press("m")
        await write(pilot, "done")
        await pilot.press("enter")
        await pilot.pause()
        assert [one.came for one in history(store, ent)] == ["done", "open"]
        assert screen_text(pilot).count("周会") >= 2


async def test_on_the_timeline_too(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    ent = add_item(store, "周会", due="2026-11-24")
    async with opened(WIDE) as pilot:
        app_of(pilot).board_screen.follow(ent)
        await pilot.press("3")
        await pilot.pause()
        await pilot.press("Z")
        await pilot.pause()
        await write(pilot, "每周二")
        await pilot.press("enter")
        await pilot.pause()
        assert rule_of(store, ent) == "FREQ=WEEKLY;BYDAY=TU"
