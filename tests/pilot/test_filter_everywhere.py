"""The filter line on tabs and on the timeline: one line, one language, suggestions that are taken with a key."""

from __future__ import annotations

from types import SimpleNamespace

from store import commands
from store.database import Store
from tests.pilot.conftest import NARROW, Opener, app_of, screen_text, write
from tests.pilot.test_list import press
from tui.screens.feedback.screen import FeedbackScreen
from tui.screens.timeline import TimelineScreen
from tui.widgets.filter_bar import FilterBar


async def test_the_inbox_narrows_and_another_tab_shows_everything(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    slow = commands.create(store, "feedback", {"title": "发票太慢 [b]", "importance": 2}).ids[0]
    dear = commands.create(store, "feedback", {"title": "太贵", "origin": "customer"}).ids[0]
    async with opened(NARROW) as pilot:
        await press(pilot, "4")
        screen = app_of(pilot).place
        assert isinstance(screen, FeedbackScreen)
        await screen.show_tab("inbox")
        await press(pilot, "slash")
        await write(pilot, "发票")
        await pilot.pause()
        assert [row.key for row in screen.tab.list.rows if row.key] == [slow]
        assert "1 row" in screen_text(pilot)
        await press(pilot, "escape", "slash")
        await write(pilot, "origin:customer")
        await press(pilot, "enter")
        assert [row.key for row in screen.tab.list.rows if row.key] == [dear]
        await screen.show_tab("conflicts")
        await pilot.pause()
        assert screen.filter_text == ""
        assert [row.key for row in screen.tab.list.rows if row.key] == [ids.dates]


async def test_a_suggestion_is_taken_with_tab(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "slash")
        await write(pilot, "sta")
        await pilot.pause()
        await press(pilot, "tab")
        bar = pilot.app.screen.query_one(FilterBar)
        assert bar.line.value == "status:"
        await press(pilot, "ctrl+n", "tab")
        assert bar.line.value == "status:Doing "
        assert "Status is Doing" in screen_text(pilot)
        assert app_of(pilot).board_screen.filter_text == "status:Doing"


async def test_the_timeline_says_what_it_understood(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "3", "slash")
        await write(pilot, "-owner:hm due<=fri")
        await pilot.pause()
        assert "not Owner is 韩梅 · Due up to Fri 27 Nov" in screen_text(pilot)
        screen = app_of(pilot).place
        assert isinstance(screen, TimelineScreen)
        await press(pilot, "escape")
        assert screen.filter_text == ""
        assert pilot.app.focused is screen.chart


async def test_a_query_that_nobody_types_is_refused_in_a_sentence(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened(NARROW) as pilot:
        for key in ("2", "3", "4", "8"):
            await press(pilot, key)
            await press(pilot, "slash")
            bar = pilot.app.screen.query_one(FilterBar)
            bar.line.value = "x" * 4_000
            await pilot.pause()
            assert bar.has_class("-wrong")
            bar.line.value = "a\x1b[31m\x00 [bold]b"
            await pilot.pause()
            assert "\x1b" not in screen_text(pilot)
            assert "[bold]b" in screen_text(pilot)
            await press(pilot, "escape")
