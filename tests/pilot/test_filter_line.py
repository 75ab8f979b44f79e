"""The filter works as it is typed, says what is wrong, and gives everything back."""

from __future__ import annotations

from types import SimpleNamespace
from unittest.mock import patch

from textual._compositor import Compositor

from store import commands
from store.database import Store
from tests.pilot.conftest import NARROW, Opener, app_of, at_last, here, screen_text, write
from tui.widgets.filter_bar import FilterBar


async def test_the_board_narrows_while_the_query_is_typed(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("slash")
        await write(pilot, "支付")
        await pilot.pause()
        shown = screen_text(pilot)
        assert "支付接口联调" in shown
        assert "定价页文案" not in shown
        assert "2 cards" in shown  # its title, and what another one is blocked by
        await pilot.press("escape")
        await pilot.pause()
        assert "定价页文案" in screen_text(pilot)
        assert not pilot.app.screen.query(FilterBar)


async def test_the_first_letter_already_tells_that_nothing_matches(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("slash", "q")
        await pilot.pause()
        assert app_of(pilot).board_screen.card is None
        assert "Nothing here yet." not in screen_text(pilot)


async def test_a_field_narrows_and_an_unfinished_one_is_quiet(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("slash")
        await write(pilot, "label:")
        await pilot.pause()
        bar = pilot.app.screen.query_one(FilterBar)
        assert not bar.has_class("-wrong")
        await write(pilot, "launch")
        await pilot.pause()
        assert "Checkout crash" in screen_text(pilot)
        assert "埋点补齐" not in screen_text(pilot)


async def test_a_mistake_is_told_beside_the_line(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(NARROW) as pilot:
        await pilot.press("slash")
        await write(pilot, "定价 due:someday ")
        await pilot.pause()
        assert pilot.app.screen.query_one(FilterBar).has_class("-wrong")
        assert "someday" in "".join(screen_text(pilot).splitlines()[-3:-1])
        assert "定价页文案" in screen_text(pilot)


async def test_enter_keeps_the_filter_and_escape_on_the_board_clears_it(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("slash")
        await write(pilot, "owner:hm")
        await pilot.press("enter")
        await pilot.pause()
        screen = app_of(pilot).board_screen
        assert pilot.app.focused is screen.board
        assert here(pilot) == ids.tracking
        assert pilot.app.screen.query_one(FilterBar).line.value == "owner:hm"
        await pilot.press("escape")
        await pilot.pause()
        assert screen.filter_text == ""
        assert here(pilot) == ids.tracking


async def test_backslash_clears_the_filter(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("slash")
        await write(pilot, "压测")
        await pilot.press("enter", "backslash")
        await pilot.pause()
        assert app_of(pilot).filter_text == ""
        assert "定价页文案" in screen_text(pilot)


async def test_counts_follow_what_others_do_under_a_filter(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("slash")
        await write(pilot, "label:launch")
        await pilot.pause()
        app = app_of(pilot)
        app.show_changes(commands.add_to(store, [ids.load], "labels", ["launch"]).changes)
        await pilot.pause()
        assert "2 cards" in screen_text(pilot)


async def test_an_empty_board_under_a_filter_says_what_to_press(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("slash")
        await write(pilot, "nothingofthesort")
        await pilot.pause()
        shown = screen_text(pilot)
        assert "No card matches the filter." in shown
        assert "Nothing waits here" not in shown
        assert "No open conflict" not in shown


async def test_a_letter_and_what_it_leaves_are_painted_at_once(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("slash")
        await pilot.pause(0.1)
        with patch.object(
            Compositor, "render_update", autospec=True, side_effect=Compositor.render_update
        ) as painted:
            await pilot.press("支")
            await at_last(pilot, lambda: "2 cards" in screen_text(pilot) and painted.called)
            await pilot.pause(0.1)
        assert painted.call_count == 1
        # However a line ends, the screen goes on being painted.
        app = app_of(pilot)
        for ending in ("escape", "enter"):
            await pilot.press("slash", "付", "x", ending)
            await pilot.pause()
            await at_last(pilot, lambda: not app._batch_count)
        await app.board_screen.close_filter_line(force=True)
        await pilot.press("slash", "q")
        await app.board_screen.query_one(FilterBar).remove()
        await at_last(pilot, lambda: not app._batch_count)
