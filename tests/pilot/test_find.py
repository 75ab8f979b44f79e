"""Finding anything by keys: what is found is gone to, where it is at home."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.database import Store
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, here, screen_text, write
from tui.screens.feedback.screen import FeedbackScreen
from tui.screens.find import FindScreen
from tui.screens.list_screen import ListScreen


async def find(pilot: Pilot[None], text: str) -> None:
    await pilot.press("ctrl+f")
    await pilot.pause()
    assert isinstance(pilot.app.screen, FindScreen)
    await write(pilot, text)
    await pilot.pause()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_a_card_is_found_by_its_title_and_gone_to(
    opened: Opener, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        await find(pilot, "压测")
        assert "压测" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert here(pilot) == ids.load


async def test_a_card_is_found_by_the_initials_of_its_title(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await find(pilot, "zfjk")  # 支付接口联调
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "支付接口联调" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert here(pilot) == ids.payment


async def test_a_short_id_is_a_jump(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await find(pilot, queries.card(store, ids.payment).short)  # type: ignore[union-attr]
        await pilot.press("enter")
        await pilot.pause()
        assert here(pilot) == ids.payment


async def test_in_the_list_one_stays_in_the_list(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("8")
        await pilot.pause()
        await find(pilot, "Safari")
        await pilot.press("enter")
        await pilot.pause()
        place = app_of(pilot).place
        assert isinstance(place, ListScreen)
        assert place.table.key == ids.checkout


async def test_feedback_is_at_home_on_its_screen(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    said = commands.create(store, "feedback", {"title": "太贵 [b]了[/b]", "verbatim": "定价看不懂"}).ids[0]
    async with opened() as pilot:
        await find(pilot, "看不懂")
        assert "太贵 [b]了[/b]" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        place = app_of(pilot).place
        assert isinstance(place, FeedbackScreen)
        assert place.tab.list.key == said


async def test_nothing_found_is_said_and_escape_leaves(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        before = here(pilot)
        await find(pilot, "zzzzzz")
        assert "Nothing has this." in screen_text(pilot)
        await pilot.press("enter", "escape")
        await pilot.pause()
        assert here(pilot) == before
        assert not isinstance(pilot.app.screen, FindScreen)
