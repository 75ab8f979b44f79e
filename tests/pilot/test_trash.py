"""The trash is a filter away, of every kind on a tab, and what is there comes back with one key."""

from __future__ import annotations

from types import SimpleNamespace

from store import commands
from store.database import Store
from tests.pilot.conftest import WIDE, Opener, app_of, here, order, screen_text, write
from tui.screens.changes.screen import ChangesScreen


async def test_what_was_deleted_is_found_in_the_trash_and_restored(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("D")
        await pilot.pause()
        assert ids.pricing not in order(store, ids.todo)
        await pilot.press("/")
        await write(pilot, "is:trashed")
        await pilot.press("enter")
        await pilot.pause()
        assert here(pilot) == ids.pricing
        await pilot.press("R")
        await pilot.pause()
        assert here(pilot) == ""
        await pilot.press("backslash")
        await pilot.pause()
        assert order(store, ids.todo)[0] == ids.pricing


async def test_the_trash_of_every_kind_is_a_tab_from_which_things_are_taken_and_gone_to(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    said = commands.create(store, "feedback", {"title": "太慢[b]\x1b[31m"}).ids[0]
    promise = commands.create(store, "commitment", {"title": "报价周五前"}).ids[0]
    commands.trash(store, [said])
    commands.trash(store, [promise])
    commands.trash(store, [ids.pricing])
    async with opened(WIDE) as pilot:
        await app_of(pilot).do_anywhere("trash_show")
        await pilot.pause()
        await pilot.pause()
        screen = app_of(pilot).screen
        assert isinstance(screen, ChangesScreen)
        assert [row.key for row in screen.tab.list.rows] == [ids.pricing, promise, said]
        shown = screen_text(pilot)
        assert "太慢[b]" in shown
        assert "\x1b" not in shown
        assert "R restore" in shown
        assert "lies in the trash" in shown
        await pilot.press("/")
        await write(pilot, "报价")
        await pilot.press("enter")
        await pilot.pause()
        assert [row.key for row in screen.tab.list.rows] == [promise]
        await pilot.press("backslash")
        await pilot.press("g", "space", "j", "j", "space", "R")
        await pilot.pause()
        assert [row.key for row in screen.tab.list.rows] == [promise]
        assert order(store, ids.todo)[0] == ids.pricing
        await pilot.press("u")
        await pilot.pause()
        assert len(screen.tab.list.rows) == 3
        screen.tab.list.go_to(promise)
        await pilot.press("b")
        await pilot.pause()
        assert [card.id for card in app_of(pilot).place.targets()] == [promise]
        assert not isinstance(app_of(pilot).screen, ChangesScreen)


async def test_a_tab_asked_for_the_trash_says_where_it_is(opened: Opener) -> None:
    async with opened() as pilot:
        await pilot.press("4", "/")
        await write(pilot, "is:trashed")
        await pilot.pause()
        assert "the trash's tab of 9" in " ".join(screen_text(pilot).split())


async def test_an_empty_trash_says_what_comes_there(opened: Opener) -> None:
    async with opened() as pilot:
        await pilot.press("9", "h")
        await pilot.pause()
        assert "The trash is empty." in screen_text(pilot)
        assert "D puts here" in screen_text(pilot)
