"""The inbox of changes by keys: read, gone to, marked as seen, and shown again."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.analysis.news import Line
from store.database import Store
from store.news import MOST, mark_all, news, unseen_count
from tests.conftest import exchange
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, here, screen_text
from tui.screens.changes.screen import ChangesScreen


@pytest.fixture
def mei(store: Store, ids: SimpleNamespace, teammate: Callable[[str], Store]) -> Store:
    """A teammate whose changes are here: a mention, a thing handed over, and one that is nobody's."""
    other = teammate("Mei")
    exchange(store, other)
    mark_all(store)
    first, second, third = [card.id for card in queries.cards(other, queries.statuses(other)[0].id)][:3]
    commands.comment(other, first, "@林平 [bold]看一下\x1b[31m")
    commands.set_fields(other, [second], {"owner": store.member})
    commands.set_fields(other, [third], {"due": "2026-12-04"})
    exchange(store, other)
    return other


async def go(pilot: Pilot[None]) -> ChangesScreen:
    await pilot.press("9")
    await pilot.pause()
    screen = app_of(pilot).screen
    assert isinstance(screen, ChangesScreen)
    return screen


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_what_is_for_one_is_read_and_marked(
    opened: Opener, store: Store, mei: Store, size: tuple[int, int]
) -> None:
    count = unseen_count(store)
    assert count >= 2
    async with opened(size) as pilot:
        if size == WIDE:
            assert f"{count} for you" in screen_text(pilot)
        screen = await go(pilot)
        shown = screen_text(pilot)
        assert "Mei mentions you: @林平 [bold]看一下" in shown
        assert "\x1b" not in shown
        assert "Mei hands you" in shown
        rows = [row.key for row in screen.tab.list.rows]
        while "mentions" not in screen.tab.list.rows[rows.index(screen.tab.list.key)].title:
            await pilot.press("j")
        await pilot.press("enter")
        await pilot.pause()
        assert unseen_count(store) == count - 1
        assert "[bold]看一下" in screen_text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert len(screen.tab.list.rows) == len(rows)  # what was read stays in sight
        await pilot.press("m")
        await pilot.pause()
        assert unseen_count(store) == 0
        assert "Nothing new" in screen_text(pilot)
        assert "for you" not in screen_text(pilot)
        await pilot.press("minus")
        await pilot.pause()
        assert "mentions you" in screen_text(pilot)


async def test_everything_is_on_the_other_tab_and_leads_to_its_item(
    opened: Opener, store: Store, mei: Store
) -> None:
    async with opened(WIDE) as pilot:
        screen = await go(pilot)
        await pilot.press("l")
        await pilot.pause()
        assert "Due Fri 4 Dec" in screen_text(pilot)
        assert app_of(pilot).config.get("changes_tab") == "everything"
        target = screen.tab.card
        assert target is not None
        await pilot.press("b")
        await pilot.pause()
        assert here(pilot) == target.id


async def test_keys_of_cards_work_on_what_a_line_is_about(opened: Opener, store: Store, mei: Store) -> None:
    async with opened(WIDE) as pilot:
        screen = await go(pilot)
        target = screen.tab.targets()[0]
        await pilot.press("c")
        await pilot.press("o", "k", "enter")
        await pilot.pause()
        assert [one.text for one in queries.comments(store, target.id)][-1] == "ok"


async def test_what_comes_while_one_looks_is_shown(opened: Opener, store: Store, mei: Store) -> None:
    async with opened(WIDE) as pilot:
        screen = await go(pilot)
        before = len(screen.tab.list.rows)
        commands.create(mei, "item", {"title": "刚来的", "owner": store.member})
        from store.database import open_store
        from tests.conftest import deliver

        second = open_store(store.home)
        deliver(mei, second)
        second.close()
        app_of(pilot)._poll()
        await pilot.pause()
        assert len(screen.tab.list.rows) == before + 1
        assert "刚来的" in screen_text(pilot)


async def test_it_is_empty_and_says_so(opened: Opener, store: Store) -> None:
    async with opened(WIDE) as pilot:
        await go(pilot)
        assert "Nothing new" in screen_text(pilot)
        await pilot.press("enter", "b", "m")
        await pilot.pause()
        assert "seen" in screen_text(pilot)


async def test_the_number_beside_everything_is_that_of_the_lines_in_sight(
    opened: Opener, store: Store, mei: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as pilot:
        screen = await go(pilot)
        await pilot.press("l")
        await pilot.pause()
        tab = screen.tab
        count = tab.count(store)
        assert count >= 3
        asked: list[bool] = []

        def counted(store: Store, *, everything: bool, limit: int = MOST, read: bool = False) -> list[Line]:
            asked.append(read)
            return news(store, everything=everything, limit=limit, read=read)

        monkeypatch.setattr("tui.screens.changes.tabs.news", counted)
        await pilot.press("minus")
        await pilot.pause()
        screen.show_tab_counts()
        assert tab.counted() == count
        await pilot.press("minus")
        await pilot.pause()
        asked.clear()
        mine = queries.cards(store, queries.statuses(store)[1].id)[0].id
        commands.comment(mei, mine, "还有一句")
        exchange(store, mei)
        screen.absorb(commands.set_fields(store, [mine], {"priority": 2}).changes)
        assert asked == [False]
        assert tab.counted() == tab.count(store) > count
