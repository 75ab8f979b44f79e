"""One key, a line, enter: what is said in a meeting is kept."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.events import Key

from store import queries
from store.database import Store
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, here, note, order, screen_text, write
from tui.widgets.capture_bar import CaptureBar


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_line_becomes_an_item_and_its_short_id_is_said(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        await pilot.press("a")
        await write(pilot, "call legal @hm !1 #launch")
        await pilot.pause()
        shown = screen_text(pilot)
        assert "Item call legal" in shown
        assert "Owner 韩梅" in shown
        await pilot.press("enter")
        await pilot.pause()
        card = queries.card(store, order(store, ids.todo)[0])
        assert card is not None
        assert (card.title, card.owner, card.priority, card.labels) == ("call legal", ids.han, 1, ("launch",))
        assert f"{card.short} call legal" in note(pilot)
        assert here(pilot) == card.id
        assert not pilot.app.screen.query(CaptureBar)


async def test_a_conflict_is_logged_with_its_parties(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("x")
        await write(pilot, "yf>xs 谁来写手册 !1 #roles")
        await pilot.pause()
        assert "R&D ⇄ Sales" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        card = queries.card(store, here(pilot))
        assert card is not None
        assert (card.kind, card.severity, card.root_cause) == ("conflict", 1, "roles")
        assert set(card.parties) == {ids.departments["yf"], ids.departments["xs"]}


async def test_the_line_stays_open_for_the_next(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("a")
        await write(pilot, "one")
        await pilot.press("ctrl+j")
        await write(pilot, "two")
        await pilot.press("ctrl+j", "escape")
        await pilot.pause()
        assert [queries.card(store, ent).title for ent in order(store, ids.todo)[:2]] == ["two", "one"]  # type: ignore[union-attr]


async def test_what_was_typed_is_there_again_also_in_the_next_session(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("a")
        await write(pilot, "half a thou")
        await pilot.press("escape")
        await pilot.press("a")
        assert pilot.app.screen.query_one(CaptureBar).line.value == "half a thou"
        await write(pilot, "ght")
        await pilot.press("ctrl+q")
    async with opened() as pilot:
        await pilot.press("a")
        assert pilot.app.screen.query_one(CaptureBar).line.value == "half a thought"
        await pilot.press("enter", "a")
        assert pilot.app.screen.query_one(CaptureBar).line.value == ""


async def test_a_line_is_kept_as_a_private_draft(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("a", "ctrl+t")
        await write(pilot, "a doubt")
        await pilot.pause()
        assert "private draft" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        card = queries.card(store, here(pilot))
        assert card is not None
        assert card.private


async def test_an_empty_line_makes_nothing(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("a", "enter")
        await pilot.pause()
        assert len(order(store, ids.todo)) == 3
        assert pilot.app.focused is app_of(pilot).board_screen.board


async def test_a_line_that_cannot_be_kept_stays_on_the_line(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("a")
        bar = pilot.app.screen.query_one(CaptureBar)
        bar.line.value = "x" * 2_001
        await pilot.press("enter")
        await pilot.pause()
        assert bar.line.value == "x" * 2_001
        assert "2000" in note(pilot).replace(",", "")


async def test_pasted_lines_are_joined_not_dropped(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    from textual.events import Paste

    async with opened() as pilot:
        await pilot.press("a")
        line = pilot.app.screen.query_one(CaptureBar).line
        line.post_message(Paste("first\r\nsecond\x1b[31m"))
        await pilot.pause()
        assert line.value == "first second\x1b[31m"
        assert "\x1b" not in screen_text(pilot)
        assert "first second␛[31m" in screen_text(pilot)


async def test_a_new_card_that_the_filter_hides_is_told(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("slash")
        await write(pilot, "label:launch")
        await pilot.press("enter", "a")
        await write(pilot, "elsewhere")
        await pilot.press("enter")
        await pilot.pause()
        assert "hides it" in note(pilot)


async def test_what_is_typed_right_behind_the_key_goes_into_the_line(opened: Opener, store: Store) -> None:
    async with opened(NARROW) as pilot:
        before = queries.item_count(store)
        for key in ("x", *"yf>sc Dates", "D", "K", "enter"):
            name = {" ": "space", ">": "greater_than_sign"}.get(key, key)
            pilot.app.post_message(Key(name, key if len(key) == 1 else None))
        await pilot.pause()
        await pilot.pause()
        found = [card.title for card in queries.matching(store, "conflict")]
        assert "DatesDK" in found
        assert queries.item_count(store) == before


async def test_lines_follow_one_another_as_fast_as_keys_come(opened: Opener, store: Store) -> None:
    async with opened(NARROW) as pilot:
        for number in range(3):
            pilot.app.post_message(Key("x", "x"))
            await pilot.pause()
            await write(pilot, f"yf>sc Dates {number}")
            # The next line is opened while this one is being kept.
            pilot.app.post_message(Key("enter", None))
        await pilot.pause()
        await pilot.pause()
        found = {card.title for card in queries.matching(store, "conflict")}
        assert {"Dates 0", "Dates 1", "Dates 2"} <= found
