"""The goals by keys alone: setting, moving, answering, linking, and what the matrix and the questions then say."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.database import Store
from store.goal_rows import goal_history, goal_row, goal_rows, vision
from store.goals import parents
from tests.conftest import Clock
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, screen_text, write
from tui.celltext import cell_width
from tui.screens.goals.screen import GoalsScreen


async def go(pilot: Pilot[None], *keys: str) -> GoalsScreen:
    """Go to the goals and press keys there."""
    await pilot.press("5")
    await pilot.pause()
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
    screen = app_of(pilot).place
    assert isinstance(screen, GoalsScreen)
    return screen


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def line(pilot: Pilot[None], text: str) -> None:
    await write(pilot, text)
    await pilot.press("enter")
    await pilot.pause()


def serving(store: Store, *items: str) -> list[str]:
    """Return the goal that each item serves, '' for none."""
    return [str((queries.entity_fields(store, "item", ent) or {}).get("goal") or "") for ent in items]


def new_goal(store: Store, title: str, **fields: object) -> str:
    return commands.create(store, "goal", {"title": title, **fields}).ids[0]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_goal_is_set_in_a_line_and_another_beneath_it(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot, "n")
        await line(pilot, "[bold]转化[/bold]: 付费率 20->60% @韩梅 ^fri")
        [row] = goal_rows(store)
        assert (row.title, row.metric) == ("[bold]转化[/bold]", "付费率 %")
        assert (row.baseline, row.target, row.owner, row.due) == (20, 60, ids.han, "2026-11-27")
        assert screen.tab.list.key == row.id
        assert "[bold]转化" in screen_text(pilot)
        await press(pilot, "N")
        await line(pilot, "结账 214 -> 150 -> 90 s")
        part = goal_rows(store)[1]
        assert (part.parent, part.current) == (row.id, 150)
        assert "52%" in screen_text(pilot)
        await press(pilot, "-")
        assert "结账" not in "\n".join(line.title for line in screen.tab.list.rows)
        await press(pilot, "-", "u")
        assert [one.title for one in goal_rows(store)] == ["[bold]转化[/bold]"]


async def test_the_vision_is_written_in_place_and_kept(opened: Opener, store: Store) -> None:
    async with opened() as pilot:
        await go(pilot, "g", "enter")
        await write(pilot, "One boat")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert vision(store) == "One boat"
        await press(pilot, "escape")
        assert "One boat" in screen_text(pilot)
        await press(pilot, "D")
        assert vision(store) == "One boat"
        assert queries.workspace_title(store) == "Apollo"
        await press(pilot, "e")
        await pilot.press("end", "!", "ctrl+s")
        await pilot.pause()
        assert vision(store) == "One boat!"
        await press(pilot, "u")
        assert vision(store) == "One boat"


async def test_the_vision_is_folded_for_the_room_that_the_details_leave(opened: Opener, store: Store) -> None:
    commands.set_fields(store, [store.workspace], {"vision": "one boat for everybody, " * 12 + "at last"})
    async with opened() as pilot:
        screen = await go(pilot)
        for shown in ("o", "o", "o"):
            await press(pilot, shown)
            assert "at last" in screen_text(pilot)
            rows = [row for row in screen.tab.list.rows if "boat" in row.title]
            assert all(cell_width(row.title) < screen.tab.list.size.width for row in rows)
            # As few lines as there is room for.
            assert len(rows) == -(-cell_width(vision(store)) // (screen.tab.list.size.width - 8))


async def test_goals_are_moved_put_beneath_each_other_and_out_again(opened: Opener, store: Store) -> None:
    one, two, three = (new_goal(store, title) for title in ("one", "two", "three"))
    async with opened() as pilot:
        screen = await go(pilot)
        assert screen.tab.list.key == one
        await press(pilot, "J")
        assert list(parents(store)) == [two, one, three]
        assert screen.tab.list.key == one
        await press(pilot, ">")
        assert parents(store)[one] == two
        await press(pilot, "<")
        assert parents(store)[one] == ""
        await press(pilot, "u")
        assert parents(store)[one] == two
        await press(pilot, "k", "p")
        await write(pilot, "one")
        await press(pilot, "enter")  # what lies beneath it is not offered
        assert parents(store)[two] == ""
        await press(pilot, "escape", "p")
        await line(pilot, "three")
        assert parents(store)[two] == three
        await press(pilot, "K")
        assert parents(store)[two] == three


async def test_a_number_typed_grows_the_history(opened: Opener, store: Store, clock: Clock) -> None:
    goal = new_goal(store, "leads", baseline=0, current=100, target=500)
    clock.advance(days=1)
    async with opened() as pilot:
        screen = await go(pilot, "s")
        await pilot.press(*["backspace"] * 3)
        await line(pilot, "1,250")
        row = goal_row(store, goal)
        assert row is not None
        assert row.current == 1250
        assert [point.value for point in goal_history(store)[goal]] == [100, 1250]
        assert "100%" in screen_text(pilot)
        assert "▁" in screen_text(pilot)
        await press(pilot, "s")
        await line(pilot, "many")
        assert "is no number" in screen.footer.note
        await press(pilot, "m")
        await line(pilot, "reached")
        assert goal_rows(store)[0].state == "reached"


async def test_two_departments_answer_and_the_matrix_shows_it(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    yf, sc = ids.departments["yf"], ids.departments["sc"]
    commands.set_fields(store, [store.member], {"department": yf})
    goal = new_goal(store, "转化")
    commands.set_fields(store, [ids.tracking], {"goal": goal, "effort": 12})
    async with opened() as pilot:
        screen = await go(pilot, "A")
        assert goal_rows(store)[0].answers == {yf: "acknowledged"}
        await press(pilot, "B")
        await line(pilot, "sc")
        await line(pilot, "object")
        await line(pilot, "[red]没人手[/red]")
        row = goal_rows(store)[0]
        assert (row.answers[sc], row.objections) == ("objected", {sc: "[red]没人手[/red]"})
        assert "[red]没人手[/red]" in screen_text(pilot)
        await press(pilot, "l")
        text = screen_text(pilot)
        assert "0/1 12h ✓" in text
        assert "· !" in text
        while screen.tab._side() != sc:  # type: ignore[attr-defined]
            await press(pilot, "less_than_sign")
        await press(pilot, "A")
        assert goal_rows(store)[0].answers == {yf: "acknowledged", sc: "acknowledged"}
        assert "· ✓" in screen_text(pilot)
        await press(pilot, "u", "X")
        await line(pilot, "!")
        assert goal_rows(store)[0].objections[sc].endswith("!")
        await press(pilot, "B")
        await line(pilot, "take")
        assert goal_rows(store)[0].answers == {yf: "acknowledged"}


async def test_without_a_department_of_ones_own_one_is_asked_for(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    new_goal(store, "转化")
    async with opened() as pilot:
        await go(pilot, "A")
        await line(pilot, "yf")
        assert goal_rows(store)[0].answers == {ids.departments["yf"]: "acknowledged"}
        await press(pilot, "X", "escape")
        assert goal_rows(store)[0].objections == {}


async def test_a_cell_lists_what_it_counts_and_items_go_to_another_goal(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    goal, other = new_goal(store, "转化"), new_goal(store, "留存")
    commands.set_fields(store, [ids.tracking, ids.payment, ids.pricing], {"goal": goal})
    async with opened() as pilot:
        screen = await go(pilot, "l", "enter")
        assert {row.key for row in screen.tab.list.rows if row.key} == {
            ids.tracking,
            ids.payment,
            ids.pricing,
        }
        await press(pilot, "space", "space", "O")
        await line(pilot, "留存")
        held = serving(store, ids.tracking, ids.payment, ids.pricing)
        assert sorted(held) == sorted([goal, other, other])
        assert len([row for row in screen.tab.list.rows if row.key]) == 1
        await press(pilot, "escape")
        if screen.tab.list.selected:
            await press(pilot, "escape")
        assert "0/2" in screen_text(pilot)
        await press(pilot, "u")
        assert "0/3" in screen_text(pilot)


async def test_many_cards_of_the_board_are_linked_at_once_also_to_a_new_goal(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await press(pilot, "space", "j", "space", "O")
        await line(pilot, "付费转化")
        [row] = goal_rows(store)
        assert row.title == "付费转化"
        assert serving(store, ids.pricing, ids.tracking) == [row.id, row.id]
        await press(pilot, "u")
        assert serving(store, ids.pricing, ids.tracking) == ["", ""]
        assert goal_rows(store) == []


async def test_what_is_added_on_a_goal_serves_it_and_items_are_found_from_it(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    goal = new_goal(store, "转化")
    async with opened() as pilot:
        await go(pilot, "a")
        await line(pilot, "写文案 @韩梅")
        item = next(card for card in queries.matching(store, "item") if card.title == "写文案")
        assert serving(store, item.id) == [goal]
        await press(pilot, "x")
        await line(pilot, "yf>sc 抢人")
        conflict = next(card for card in queries.matching(store, "conflict") if card.title == "抢人")
        assert (queries.entity_fields(store, "conflict", conflict.id) or {})["goal"] == goal
        assert "抢人" in screen_text(pilot)
        await press(pilot, "O")
        await line(pilot, "埋点")
        assert serving(store, ids.tracking) == [goal]
        await press(pilot, "b")
        await line(pilot, "写文案")
        board = app_of(pilot).board_screen
        assert app_of(pilot).screen is board
        assert board.card is not None
        assert board.card.id == item.id
        assert "?yf" in screen_text(pilot)


async def test_the_open_questions_lead_to_what_is_open(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    goal = new_goal(store, "转化", due="2026-11-20", target=5, current=2)
    async with opened() as pilot:
        screen = await go(pilot, "l", "l")
        text = screen_text(pilot)
        assert "its day is over, and its target is not reached" in text
        assert "no work stands behind it" in text
        assert "open items that serve no goal" in text
        assert screen.tab.count(store) == screen.tab.counted() == 3
        await press(pilot, "enter")
        assert screen.SCOPE == "goals"
        assert screen.tab.list.key == goal
        await press(pilot, "l", "l")
        while not screen.tab.list.key.startswith("side:"):
            await press(pilot, "j")
        await press(pilot, "enter")
        listed = [row.key for row in screen.tab.list.rows if row.key]
        assert set(listed) == {ids.tracking, ids.payment}
        await press(pilot, "space", "space", "O")
        await line(pilot, "转化")
        assert not [row for row in screen.tab.list.rows if row.key]
        await press(pilot, "escape")
        if screen.tab.list.selected:
            await press(pilot, "escape")
        assert "no work stands behind it" not in screen_text(pilot)


async def test_answers_parents_and_conflicts_are_edited_in_the_details(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    goal, other = new_goal(store, "转化"), new_goal(store, "留存")
    commands.set_fields(store, [ids.dates], {"goal": goal})
    async with opened() as pilot:
        screen = await go(pilot, "enter")
        while screen.details.key is None or screen.details.key.name != "parent":
            await press(pilot, "j")
        await press(pilot, "enter")
        await line(pilot, "留存")
        assert parents(store)[goal] == other
        while screen.details.key is None or screen.details.key.part != "answer":
            await press(pilot, "j")
        await press(pilot, "enter")
        await line(pilot, "acknowledge")
        row = goal_row(store, goal)
        assert row is not None
        assert list(row.answers.values()) == ["acknowledged"]
        while screen.details.key is None or screen.details.key.part != "conflict":
            await press(pilot, "j")
        await press(pilot, "enter")
        assert "发布日提前两周" in screen_text(pilot)
        assert not isinstance(app_of(pilot).screen, GoalsScreen)


async def test_no_goals_long_titles_and_strange_text_break_nothing(opened: Opener, store: Store) -> None:
    async with opened(NARROW) as pilot:
        screen = await go(pilot, "s", "A", "X", "J", ">", "<", "p", "-", "O", "b", "N", "escape")
        assert goal_rows(store) == []
        assert "No goal is set yet." in screen_text(pilot)
        await press(pilot, "l", "enter", "A", "less_than_sign", "O")
        assert "No goal is set yet." in screen_text(pilot)
        await press(pilot, "h")
        new = new_goal(store, "目标" * 100, metric="[b]x[/b]\x1b[31m", target=1e15, current=-1e15, baseline=0)
        await press(pilot, "n")
        await line(pilot, "x" * 300 + " 1 -> 2")
        assert len(goal_rows(store)) == 2
        assert "\x1b" not in screen_text(pilot)
        await press(pilot, "k", "l", "l", "h", "h", "enter")
        assert new in {row.id for row in goal_rows(store)}
        assert screen.tab.list.rows


async def test_a_goal_of_a_cut_circle_says_why_it_lies_elsewhere(opened: Opener, store: Store) -> None:
    one = new_goal(store, "one")
    two = new_goal(store, "two", parent=one)
    commands.set_fields(store, [one], {"parent": two})  # as a merge may leave it
    async with opened() as pilot:
        screen = await go(pilot)
        assert {row.key for row in screen.tab.list.rows} >= {one, two}
        said = [" ".join(part.plain for part in entry.lines) for entry in screen.details.entries]
        assert any("the later move was skipped" in " ".join(text.split()) for text in said)


async def test_an_item_of_the_timeline_is_linked_to_a_goal(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    goal = new_goal(store, "转化")
    async with opened() as pilot:
        await press(pilot, "3")
        screen = app_of(pilot).place
        while not [card for card in screen.targets() if card.kind == "item"]:
            await press(pilot, "j")
        [item] = screen.targets()
        await press(pilot, "B")
        await line(pilot, "转化")
        assert serving(store, item.id) == [goal]
        await press(pilot, "u")
        assert serving(store, item.id) == [""]
