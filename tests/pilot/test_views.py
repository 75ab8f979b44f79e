"""Saved views by keys: what is shown is kept under a name, gone to, changed, and explained where it means nothing."""

from __future__ import annotations

from types import SimpleNamespace

from textual.pilot import Pilot

from store import commands
from store.database import Store
from store.views import views
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, here, screen_text, write
from tests.pilot.test_list import press, rows, the_list, to_column
from tui.screens.timeline import TimelineScreen


async def saved(pilot: Pilot[None], name: str) -> None:
    await press(pilot, "quotation_mark")
    await write(pilot, name)
    await press(pilot, "enter", "enter")


async def opened_view(pilot: Pilot[None], name: str) -> None:
    await press(pilot, "apostrophe")
    await write(pilot, name)
    await press(pilot, "enter")
    await pilot.pause()


async def without_view(pilot: Pilot[None]) -> None:
    await press(pilot, "apostrophe", "home")
    await write(pilot, "no view")
    await press(pilot, "enter")


async def test_a_board_with_its_filter_and_lanes_comes_back(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        board = app_of(pilot).board_screen
        await press(pilot, "slash")
        await write(pilot, "dept:yf")
        await press(pilot, "enter", "s")
        await saved(pilot, "R&D")
        assert views(store)[0].layout == {"kind": "board", "query": "dept:yf", "lanes": "department"}
        assert not views(store)[0].private
        assert "view R&D" in screen_text(pilot)
        await press(pilot, "s")
        assert "view R&D (changed)" in screen_text(pilot)
        await without_view(pilot)
        assert (board.filter_text, board.view) == ("", None)
        await press(pilot, "3")
        await opened_view(pilot, "R&D")
        assert app_of(pilot).place is board
        assert (board.filter_text, board.lane_by) == ("dept:yf", "department")
        assert here(pilot) in (ids.tracking, ids.payment)


async def test_the_view_in_force_is_in_force_again_at_the_next_start(
    store: Store, ids: SimpleNamespace, opened: Opener
) -> None:
    async with opened() as pilot:
        for place in ("2", "3", "8"):
            await press(pilot, place, "slash")
            await write(pilot, "dept:yf")
            await press(pilot, "enter")
            await saved(pilot, f"R&D {place}")
        await press(pilot, "2")
        app_of(pilot).note_left_off()
    async with opened() as pilot:
        await pilot.pause()
        assert "view R&D 2" in screen_text(pilot)
        assert app_of(pilot).board_screen.filter_text == "dept:yf"
        for place in ("3", "8"):
            await press(pilot, place)
            await pilot.pause()
            assert f"view R&D {place}" in screen_text(pilot)
            await without_view(pilot)
        await press(pilot, "2")
        app_of(pilot).note_left_off()
        commands.trash(store, [view.id for view in views(store)])
    async with opened() as pilot:
        await pilot.pause()
        assert "view R&D" not in screen_text(pilot)
        assert not app_of(pilot).board_screen.filter_text
        await press(pilot, "3")
        assert "view R&D" not in screen_text(pilot)


async def test_a_list_comes_back_with_columns_and_order(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(NARROW) as pilot:
        await press(pilot, "8")
        await to_column(pilot, "due")
        await press(pilot, "s", "H")
        await press(pilot, "quotation_mark")
        await write(pilot, "mine")
        await press(pilot, "enter", "down", "enter")
        [view] = views(store)
        assert (view.kind, view.sort, view.private) == ("list", "due", True)
        await press(pilot, "s", "minus")
        columns = the_list(pilot).columns
        await opened_view(pilot, "mine")
        assert the_list(pilot).columns != columns
        assert " ".join(the_list(pilot).columns) == view.columns
        assert rows(pilot)[:2] == [ids.payment, ids.pricing]
        await press(pilot, "apostrophe")
        await write(pilot, "share")
        await press(pilot, "enter")
        assert not views(store)[0].private


async def test_a_timeline_comes_back_with_its_zoom(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await press(pilot, "3")
        await saved(pilot, "usual")
        await press(pilot, "minus")
        assert "view usual (changed)" in screen_text(pilot)
        await without_view(pilot)
        await saved(pilot, "far")
        assert {view.title: view.zoom for view in views(store)} == {"usual": "", "far": "quarter"}
        screen = app_of(pilot).place
        assert isinstance(screen, TimelineScreen)
        for name, zoom in (("usual", "month"), ("far", "quarter")):
            await opened_view(pilot, name)
            assert screen.chart.zoom == zoom
            assert f"view {name} " in screen_text(pilot)
            assert "(changed)" not in screen_text(pilot)
        commands.set_fields(store, [views(store)[0].id], {"zoom": "decade"})
        await opened_view(pilot, "usual")
        assert screen.chart.zoom == "month"
        assert "decade" in screen.footer.note


async def test_a_view_is_renamed_ordered_and_deleted(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await press(pilot, "3")
        await saved(pilot, "plan")
        await press(pilot, "8")
        await saved(pilot, "rows")
        await press(pilot, "apostrophe")
        await write(pilot, "up")
        await press(pilot, "enter")
        assert [view.title for view in views(store)] == ["rows", "plan"]
        commands.create(store, "view", {"title": "third", "kind": "list"})
        await press(pilot, "8")
        await opened_view(pilot, "third")
        for _each in range(2):
            await press(pilot, "apostrophe")
            await write(pilot, "up")
            await press(pilot, "enter")
        assert [view.title for view in views(store)] == ["third", "rows", "plan"]
        await press(pilot, "apostrophe")
        await write(pilot, "delete")
        await press(pilot, "enter")
        await opened_view(pilot, "rows")
        await press(pilot, "apostrophe")
        await write(pilot, "rename")
        await press(pilot, "enter", *["backspace"] * 4)
        await write(pilot, "lines")
        await press(pilot, "enter")
        assert [view.title for view in views(store)] == ["lines", "plan"]
        await press(pilot, "apostrophe")
        await write(pilot, "delete")
        await press(pilot, "enter")
        assert [view.title for view in views(store)] == ["plan"]
        await press(pilot, "u")
        assert [view.title for view in views(store)] == ["lines", "plan"]
        await opened_view(pilot, "plan")
        assert isinstance(app_of(pilot).place, TimelineScreen)


async def test_a_view_full_of_nonsense_opens_with_what_is_left_of_it(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    fields = {
        "title": "[bold]old[/]", "kind": "list", "query": "owner:somebody-who-left 定价", "sort": "-mood",
        "group": "weather", "columns": "title horoscope due",
    }  # fmt: skip
    commands.create(store, "view", fields)
    async with opened(WIDE) as pilot:
        await opened_view(pilot, "old")
        screen = the_list(pilot)
        assert screen.columns == ("title", "due")
        assert (screen.spec.sort, screen.spec.group) == ("", "")
        assert screen.filter_text == "owner:somebody-who-left 定价"
        assert len(rows(pilot)) == 6
        said = screen.footer.note
        assert "somebody-who-left" in said
        assert "horoscope" in said
        assert "[bold]old[/]" in screen_text(pilot)
    assert views(store)[0].columns == "title horoscope due"
