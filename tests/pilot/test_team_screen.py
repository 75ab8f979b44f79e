"""The team screen by keys: departments, needs and their map, members and their weeks, hand-offs, requests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.database import Store
from store.key_dates import key_dates
from store.need_rows import need_rows
from store.plan_rows import absences
from store.requests import request_row, request_rows
from tests.pilot.conftest import NARROW, WIDE, app_of, screen_text, write
from tests.sample_team import fill_team
from tui import i18n
from tui.app import SameboatApp
from tui.celltext import cell_width
from tui.config import load_config
from tui.screens.team.granting import GrantScreen
from tui.screens.team.screen import TeamScreen

Opener = Callable[..., AbstractAsyncContextManager[Pilot[None]]]
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])


@pytest.fixture
def ids(store: Store) -> SimpleNamespace:
    return fill_team(store)


@pytest.fixture
def opened(store: Store, ids: SimpleNamespace) -> Opener:
    @asynccontextmanager
    async def open_app(size: tuple[int, int] = WIDE) -> AsyncIterator[Pilot[None]]:
        app = SameboatApp(store, load_config(store.home), sync=False)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield pilot

    return open_app


async def go(pilot: Pilot[None], tab: str = "departments") -> TeamScreen:
    await pilot.press("6")
    await pilot.pause()
    screen = app_of(pilot).screen
    assert isinstance(screen, TeamScreen)
    await screen.show_tab(tab)
    await pilot.pause()
    return screen


async def answer(pilot: Pilot[None], text: str) -> None:
    await write(pilot, text)
    await pilot.press("enter")
    await pilot.pause()


# Departments


@SIZES
async def test_a_department_is_added_ordered_and_taken_away(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot)
        await pilot.press("+")
        await answer(pilot, "[bold]法务 fw")
        assert [row.code for row in queries.departments(store)][-1] == "fw"
        assert "[bold]法务" in screen_text(pilot)
        assert screen.card is not None
        assert screen.card.title == "[bold]法务"
        await pilot.press("K")
        await pilot.pause()
        assert [row.code for row in queries.departments(store)][-2] == "fw"
        assert screen.card.title == "[bold]法务"
        await pilot.press("J")
        await pilot.pause()
        assert [row.code for row in queries.departments(store)][-1] == "fw"
        await pilot.press("D")
        await pilot.pause()
        assert "fw" not in [row.code for row in queries.departments(store)]
        await pilot.press("u")
        await pilot.pause()
        assert [row.code for row in queries.departments(store)][-1] == "fw"


async def test_a_code_that_is_another_departments_is_told_and_nothing_is_made(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        screen = await go(pilot)
        await pilot.press("+")
        await answer(pilot, "研究 yf")
        assert "another department's" in screen.footer.note
        assert len(queries.departments(store)) == 5
        await pilot.press("+")
        await answer(pilot, "无代号")
        assert queries.departments(store)[-1].code == ""


async def test_a_department_that_is_named_elsewhere_says_where(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        screen = await go(pilot)
        screen.tab.list.go_to(ids.departments["sc"])
        await pilot.press("D")
        await pilot.pause()
        assert "still named by" in screen.footer.note
        assert "Members 2" in screen.footer.note
        await pilot.press("u")
        await pilot.pause()
        assert ids.departments["sc"] in [row.id for row in queries.departments(store)]


@SIZES
async def test_a_key_date_is_written_down_edited_and_folded_when_it_is_over(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot)
        assert "Brand week" not in screen_text(pilot)
        await pilot.press("z")
        await pilot.pause()
        assert "Brand week" in screen_text(pilot)
        await pilot.press("z")
        screen.tab.list.go_to(ids.departments["yf"])
        await pilot.press("d")
        await answer(pilot, "压测窗口 ^fri")
        made = next(row for row in key_dates(store) if row.title == "压测窗口")
        assert (made.date, made.department) == ("2026-11-27", ids.departments["yf"])
        assert screen.tab.list.key == made.id
        await pilot.press("e")
        await pilot.press("ctrl+u")
        await answer(pilot, "压测")
        assert next(row for row in key_dates(store) if row.id == made.id).title == "压测"
        await pilot.press("D")
        await pilot.pause()
        assert made.id not in [row.id for row in key_dates(store)]


async def test_a_key_date_without_a_day_says_how_one_is_written(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        screen = await go(pilot)
        await pilot.press("d")
        await answer(pilot, "压测窗口")
        assert "^12-11" in screen.footer.note
        assert len(key_dates(store)) == 4


async def test_the_details_of_a_department_are_edited_in_place(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await go(pilot)
        assert "items: 2 open, 0 late, 0 blocked" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.press("j")  # from the title to the code
        await pilot.press("enter", "ctrl+u")
        await answer(pilot, "prod")
        held = queries.entity_fields(store, "department", ids.departments["pd"]) or {}
        assert held["code"] == "prod"


async def test_a_department_that_is_another_one_goes_into_it(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    gone = commands.create(store, "department", {"title": "市场部门"}).ids[0]
    item = commands.create(store, "item", {"title": "海报", "department": gone}).ids[0]
    async with opened() as pilot:
        screen = await go(pilot)
        screen.tab.list.go_to(gone)
        await pilot.press("B")
        await pilot.pause()
        await answer(pilot, "sc")
        card = queries.card(store, item)
        assert card is not None
        assert card.department == ids.departments["sc"]
        assert screen.tab.list.key == ids.departments["sc"]
        await pilot.press("u")
        await pilot.pause()
        card = queries.card(store, item)
        assert card is not None
        assert card.department == gone


# Needs


@SIZES
async def test_a_need_is_logged_from_any_tab_and_walked_to_its_end(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot, "members")
        await pilot.press("n")
        await answer(pilot, "yf [red]缺手机 !1 #tools")
        made = next(row for row in need_rows(store) if row.title == "[red]缺手机")
        assert (made.department, made.severity, made.kind) == (ids.departments["yf"], 1, "tools")
        await screen.show_tab("needs")
        await pilot.pause()
        screen.tab.list.go_to(made.id)
        assert "[red]缺手机" in screen_text(pilot)
        for key, state in (("t", "confirmed"), ("d", "met"), ("b", "raised"), ("z", "parked")):
            screen.tab.seek(made.id)
            await pilot.press(key)
            await pilot.pause()
            assert next(row for row in need_rows(store) if row.id == made.id).state == state
        screen.tab.seek(made.id)
        await pilot.press("s")
        await pilot.pause()
        assert next(row for row in need_rows(store) if row.id == made.id).sort == "challenge"


async def test_several_needs_are_linked_to_an_item_as_one_undo(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await go(pilot, "needs")
        await pilot.press("space", "space", "m")
        await pilot.pause()
        await answer(pilot, "lp-3")
        assert sum(row.items for row in need_rows(store)) == 3
        await pilot.press("u")
        await pilot.pause()
        assert sum(row.items for row in need_rows(store)) == 1


@SIZES
async def test_the_map_leads_to_what_is_behind_a_cell_and_back(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot, "needs")
        await pilot.press("C")
        await pilot.pause()
        assert "█2" in screen_text(pilot)
        await pilot.press(">", ">")
        await pilot.pause()
        assert "Marketing" in screen.standing()
        await pilot.press("enter")
        await pilot.pause()
        assert {row.key for row in screen.tab.list.rows if row.key} == {ids.need_people, ids.need_people2}
        assert "Marketing · people" in screen_text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert screen.tab.list.key == "kind:people"
        await pilot.press("G", "enter")
        await pilot.pause()
        assert len([row for row in screen.tab.list.rows if row.key]) == 3


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_twelve_departments_have_room_on_a_narrow_map(
    opened: Opener, store: Store, ids: SimpleNamespace, language: str
) -> None:
    for number in range(7):
        ent = commands.create(store, "department", {"title": f"部门{number}"}).ids[0]
        commands.create(store, "need", {"title": "x", "department": ent, "severity": 1})
    i18n.set_language(language)
    async with opened(NARROW) as pilot:
        screen = await go(pilot, "needs")
        await pilot.press("C")
        await pilot.pause()
        seen: set[str] = set()
        for _step in range(12):
            lines = screen_text(pilot).splitlines()
            assert {cell_width(line) for line in lines} == {80}
            heading = lines[2]  # below the places and the tabs
            seen |= {code for code in ("pd", "yf", "sc", "xs", "kf", "部") if code in heading}
            await pilot.press(">")
            await pilot.pause()
        assert seen == {"pd", "yf", "sc", "xs", "kf", "部"}
        assert screen.tab.count(store) == 14


async def test_without_needs_the_tab_says_how_one_is_logged(
    store: Store, opened: Opener, ids: SimpleNamespace
) -> None:
    commands.trash(store, [row.id for row in need_rows(store)])
    async with opened() as pilot:
        screen = await go(pilot, "needs")
        assert "No need or challenge is open." in screen_text(pilot)
        await pilot.press("C")
        await pilot.pause()
        assert "n logs one" in screen.footer.note


# Members


@SIZES
async def test_a_member_is_added_and_gets_hours(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot, "members")
        await pilot.press("+")
        await answer(pilot, "[b]陈晨 @cc kf")
        made = next(row for row in queries.members(store) if row.code == "cc")
        assert (made.title, made.department) == ("[b]陈晨", ids.departments["kf"])
        assert screen.tab.list.key == made.id
        assert "40 h?" in screen_text(pilot)
        await pilot.press("p")
        await answer(pilot, "many")
        assert "is no number" in screen.footer.note
        await pilot.press("p")
        await answer(pilot, "0")
        assert (queries.entity_fields(store, "member", made.id) or {})["capacity"] == 0
        await pilot.press("+")
        await answer(pilot, "Other @cc")
        assert "another member's" in screen.footer.note


@SIZES
async def test_a_week_leads_to_the_items_behind_it_and_back(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot, "members")
        assert "▲" in screen_text(pilot)
        screen.tab.list.go_to(ids.wang)
        await pilot.press(">", "enter")
        await pilot.pause()
        assert [row.key for row in screen.tab.list.rows if row.key] == [ids.page]
        assert "30/12▲" in screen_text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert screen.tab.list.key == ids.wang
        screen.tab.list.go_to(ids.nobody)
        await pilot.press("enter")
        await pilot.pause()
        assert "Nothing is planned" in screen.footer.note


async def test_a_member_without_hours_is_told_so(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        screen = await go(pilot, "members")
        screen.tab.list.go_to(ids.nobody)
        await pilot.pause()
        screen.show_details()
        await pilot.pause()
        assert "Hours a week are not said" in screen_text(pilot)


async def test_an_absence_is_written_down_and_takes_its_share_of_the_week(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        screen = await go(pilot, "members")
        screen.tab.list.go_to(ids.han)
        await pilot.press("d")
        await answer(pilot, "not a day")
        assert "names no days" in screen.footer.note
        await pilot.press("d")
        await answer(pilot, "2026-11-30..2026-12-04 年假")
        [away] = [one for one in absences(store) if one.member == ids.han]
        assert away.title == "年假"
        assert screen.tab.list.key == away.id
        screen.tab.list.go_to(ids.han)
        await pilot.pause()
        assert "0/0 " in screen_text(pilot)  # and the work goes on in the week after
        screen.tab.list.go_to(away.id)
        await pilot.press("D")
        await pilot.pause()
        assert ids.han not in [one.member for one in absences(store)]


async def test_what_changes_in_the_plan_changes_the_weeks(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        screen = await go(pilot, "members")
        before = {row.key: row.facts for row in screen.tab.list.rows}
        app_of(pilot).perform("set", lambda change: change.set(ids.page, {"owner": ids.hannah}))
        await pilot.pause()
        after = {row.key: row.facts for row in screen.tab.list.rows}
        assert before[ids.hannah] != after[ids.hannah]
        assert before[ids.wang] != after[ids.wang]
        assert before[ids.han] == after[ids.han]


# Hand-offs


@SIZES
async def test_a_pair_leads_to_what_it_hands_over_and_back(
    opened: Opener, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot, "handoffs")
        assert "R&D → Product" in screen_text(pilot)
        key = f"pair:{ids.departments['yf']}|{ids.departments['pd']}"
        screen.tab.list.go_to(key)
        await pilot.press("enter")
        await pilot.pause()
        assert screen.card is not None
        assert (
            screen.card.id == ids.freeze_item
            if hasattr(ids, "freeze_item")
            else screen.card.title == "Code freeze"
        )
        await pilot.press("escape")
        await pilot.pause()
        assert screen.tab.list.key == key
        assert screen.card is None


# Requests


@SIZES
async def test_a_request_is_asked_for_looked_at_and_granted_with_one_undo(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot, "requests")
        await pilot.press("N")
        await answer(pilot, "xs>sc 20h [b]海报 2026-12-07..2026-12-11")
        made = next(row for row in request_rows(store) if row.title == "[b]海报")
        assert (made.hours, made.first, made.last) == (20, "2026-12-07", "2026-12-11")
        assert screen.tab.list.key == made.id
        await pilot.press("A")
        await pilot.pause()
        await answer(pilot, "hannah")
        assert isinstance(pilot.app.screen, GrantScreen)
        shown = screen_text(pilot)
        assert "19/32" in shown
        assert "39/32▲" in shown
        assert "hours free by department" in shown
        await pilot.press("escape")
        await pilot.pause()
        assert (request_row(store, made.id) or made).state == "asked for"
        await pilot.press("A")
        await pilot.pause()
        await answer(pilot, "hannah")
        await pilot.press("enter")
        await pilot.pause()
        row = request_row(store, made.id)
        assert row is not None
        assert (row.state, row.member) == ("granted", ids.hannah)
        await pilot.press("u")
        await pilot.pause()
        row = request_row(store, made.id)
        assert row is not None
        assert (row.state, row.member) == ("asked for", "")


async def test_a_request_is_refused_with_a_reason_and_another_taken_back(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        screen = await go(pilot, "requests")
        screen.tab.list.go_to(ids.ask_design)
        await pilot.press("X")
        await answer(pilot, "展会 [x]")
        row = request_row(store, ids.ask_design)
        assert row is not None
        assert (row.state, row.reason) == ("refused", "展会 [x]")
        screen.tab.list.go_to(ids.ask_copy)
        await pilot.press("b")
        await answer(pilot, "")
        row = request_row(store, ids.ask_copy)
        assert row is not None
        assert row.state == "withdrawn"


async def test_a_request_without_hours_says_that_nothing_can_be_reckoned(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    ent = commands.create(store, "request", {"title": "help"}).ids[0]
    async with opened() as pilot:
        screen = await go(pilot, "requests")
        screen.tab.list.go_to(ent)
        await pilot.pause()
        assert "It says no hours" in screen_text(pilot)
        await pilot.press("A")
        await pilot.pause()
        await answer(pilot, "hannah")
        await pilot.press("enter")
        await pilot.pause()
        row = request_row(store, ent)
        assert row is not None
        assert row.state == "granted"


@SIZES
async def test_an_empty_workspace_teaches_on_every_tab(store: Store, size: tuple[int, int]) -> None:
    commands.trash(store, [row.id for row in queries.departments(store)])
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        words = {
            "departments": "No department is known.", "needs": "No need or challenge is open.", "members": "林平",
            "handoffs": "No department waits for another.", "requests": "Nobody asks for anybody's hours.",
        }  # fmt: skip
        for tab, text in words.items():
            await pilot.press("2")
            await pilot.pause()
            await go(pilot, tab)
            assert text in screen_text(pilot)
            for key in ("enter", "J", "d", "t", "A", "m", "less_than_sign", "escape"):
                await pilot.press(key)
                await pilot.pause()
                await pilot.press("escape")
                await pilot.pause()
