"""The list by keys: rows and columns, sorted, divided, filtered, and edited cell by cell."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, day_plan, queries
from store.database import Store
from store.day_plan_rows import picks
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, screen_text, write
from tui.screens.list_screen import ListScreen
from tui.screens.picker import Picker
from tui.widgets.detail.editors import LineEditor


def the_list(pilot: Pilot[None]) -> ListScreen:
    place = app_of(pilot).place
    assert isinstance(place, ListScreen)
    return place


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def rows(pilot: Pilot[None]) -> list[str]:
    screen = the_list(pilot)
    source = screen._source
    return list(source.keys(0, source.total))


async def to_column(pilot: Pilot[None], name: str) -> None:
    table = the_list(pilot).table
    for _step in range(20):
        if table.column_name == name:
            return
        await press(pilot, "l")
    for _step in range(40):
        if table.column_name == name:
            return
        await press(pilot, "h")
    raise AssertionError(name)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_the_list_shows_every_item_as_the_board_orders_them(
    opened: Opener, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        await press(pilot, "8")
        assert rows(pilot) == [ids.pricing, ids.tracking, ids.checkout, ids.payment, ids.load, ids.signoff]
        shown = screen_text(pilot)
        assert "定价页文案" in shown
        assert "6 items" in shown
        assert "Status" in shown


async def test_a_column_sorts_there_and_back(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "8")
        await to_column(pilot, "due")
        await press(pilot, "s")
        assert rows(pilot)[:2] == [ids.payment, ids.pricing]
        assert "▲ Due" in screen_text(pilot)
        await press(pilot, "s")
        assert rows(pilot)[:2] == [ids.pricing, ids.payment]
        await press(pilot, "s")
        assert rows(pilot)[0] == ids.pricing
        assert "▼" not in screen_text(pilot)


async def test_sections_have_headings_with_counts_and_fold(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "8", "z")
        await write(pilot, "status")
        await press(pilot, "enter")
        table = the_list(pilot).table
        assert table.total == 9
        await press(pilot, "k")
        assert table.line is not None
        assert (table.line.heading, table.line.count) == ("Backlog", 3)
        await press(pilot, "enter")
        assert table.total == 6
        assert rows(pilot) == [ids.payment, ids.load, ids.signoff]
        await press(pilot, "enter")
        assert table.total == 9
        await press(pilot, "underscore")
        assert rows(pilot) == []
        await press(pilot, "underscore", "g")
        assert table.key == ids.pricing


async def test_a_cell_is_chosen_where_it_stands(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "8")
        await to_column(pilot, "owner")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Picker)
        await write(pilot, "韩梅")
        await press(pilot, "enter")
        assert queries.entity_fields(store, "item", ids.pricing)["owner"] == ids.han  # type: ignore[index]
        assert the_list(pilot).table.key == ids.pricing
        await press(pilot, "u")
        assert "owner" not in queries.entity_fields(store, "item", ids.pricing)  # type: ignore[operator]


async def test_a_cell_is_typed_where_it_stands(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened(NARROW) as pilot:
        await press(pilot, "8")
        await to_column(pilot, "title")
        await press(pilot, "enter")
        editor = pilot.app.screen.query_one(LineEditor)
        assert editor.region.y == the_list(pilot).table.content_region.y + 1
        await press(pilot, *["backspace"] * 2)
        await write(pilot, "标题")
        await press(pilot, "enter")
        assert queries.card(store, ids.pricing).title == "定价页标题"  # type: ignore[union-attr]
        assert pilot.app.focused is the_list(pilot).table
        await to_column(pilot, "effort")
        await press(pilot, "enter")
        await write(pilot, "lots")
        await press(pilot, "enter")
        assert pilot.app.screen.query(LineEditor)
        await press(pilot, *["backspace"] * 4, "8", "enter")
        assert queries.entity_fields(store, "item", ids.pricing)["effort"] == 8  # type: ignore[index]


async def test_many_rows_are_edited_in_one_undo(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "8", "space", "space")
        await to_column(pilot, "priority")
        await press(pilot, "enter")
        await write(pilot, "P2")
        await press(pilot, "enter")
        held = [queries.card(store, ent).priority for ent in (ids.pricing, ids.tracking, ids.checkout)]  # type: ignore[union-attr]
        assert held == [2, 2, None]
        await press(pilot, "u")
        held = [queries.card(store, ent).priority for ent in (ids.pricing, ids.tracking)]  # type: ignore[union-attr]
        assert held == [1, None]


async def test_what_follows_by_itself_is_not_edited(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "8")
        await to_column(pilot, "short")
        await press(pilot, "enter")
        assert "follows by itself" in the_list(pilot).footer.note


async def test_columns_are_chosen_moved_and_remembered(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "8", "+")
        await write(pilot, "goal")
        await press(pilot, "tab", "enter")
        screen = the_list(pilot)
        assert screen.columns[-1] == "goal"
        await to_column(pilot, "goal")
        await press(pilot, "H")
        assert screen.columns[-2] == "goal"
        await to_column(pilot, "effort")
        await press(pilot, "minus")
        assert "effort" not in screen.columns
        columns = screen.columns
    async with opened() as pilot:
        await press(pilot, "8")
        assert the_list(pilot).columns == columns


async def test_the_filter_and_the_trash(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    commands.trash(store, [ids.load])
    async with opened() as pilot:
        await press(pilot, "8", "slash")
        await write(pilot, "dept:yf")
        await pilot.pause()
        assert rows(pilot) == [ids.tracking, ids.payment]
        assert "Department is R&D" in screen_text(pilot)
        await press(pilot, "escape", "slash")
        await write(pilot, "is:trashed")
        await press(pilot, "enter")
        assert rows(pilot) == [ids.load]
        await press(pilot, "R")
        await press(pilot, "escape")
        assert ids.load in rows(pilot)


async def test_what_a_teammate_does_shows_and_the_cursor_stays(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await press(pilot, "8", "j", "j")
        assert the_list(pilot).table.key == ids.checkout
        made = app_of(pilot).perform(
            "add", lambda change: change.create("item", {"title": "[bold]x[/]\x1b[31m", "due": "2026-11-01"})
        )
        await pilot.pause()
        assert made is not None
        assert the_list(pilot).table.key == ids.checkout
        assert made.ids[0] in rows(pilot)
        assert "[bold]x[/]␛[31m" in screen_text(pilot)
        app_of(pilot).perform("trash", lambda change: change.trash(ids.checkout))
        await pilot.pause()
        assert the_list(pilot).table.key not in ("", ids.checkout)


async def test_letters_over_the_rows_lead_to_them(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "8", "z")
        await write(pilot, "status")
        await press(pilot, "enter")
        table = the_list(pilot).table
        lines = screen_text(pilot).splitlines()
        offered = table.jump_targets()
        assert len(offered) == table.total == 9
        said = []
        for region, go in offered:
            go()
            assert table.line is not None
            said.append(table.line.heading or table.line.cells[1].text)
            assert said[-1] in lines[region.y]
        assert said[:2] == ["Backlog", "定价页文案"]
        assert len({*said}) == 9


async def test_the_clock_that_runs_is_told_of_beside_how_many_there_are(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    day = store.today().isoformat()
    with commands.change(store, "pick") as made:
        day_plan.pick(made, day, ids.load)
    with commands.change(store, "start") as made:
        day_plan.start_clock(made, picks(store, day)[0])
    async with opened() as pilot:
        await press(pilot, "8", "j")
        bottom = screen_text(pilot).splitlines()[-1]
        assert "6 items · ▶" in bottom
        assert "edit" in bottom


async def test_an_empty_list_teaches(store: Store) -> None:
    from tui.app import SameboatApp
    from tui.config import load_config

    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "8", "j", "l", "enter", "s", "minus", "space", "G", "v")
        assert "a adds an item in one line" in screen_text(pilot)
