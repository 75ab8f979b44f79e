"""Every key of the board does what its label says."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import commands, queries
from store.database import Store
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, here, note, order, screen_text, write


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("j", "tracking"), ("down", "tracking"), ("j k", "pricing"), ("j up", "pricing"), ("l", "payment"),
        ("right", "payment"), ("l h", "pricing"), ("l left", "pricing"), ("G", "checkout"), ("end", "checkout"),
        ("G g", "pricing"), ("G home", "pricing"), ("pagedown", "checkout"), ("ctrl+d", "checkout"),
        ("G pageup", "pricing"), ("G ctrl+u", "pricing"),
    ],
)  # fmt: skip
async def test_keys_move_the_cursor(opened: Opener, ids: SimpleNamespace, keys: str, expected: str) -> None:
    async with opened() as pilot:
        await pilot.press(*keys.split())
        await pilot.pause()
        assert here(pilot) == getattr(ids, expected)


@pytest.mark.parametrize("key", ["L", "shift+right"])
async def test_a_card_moves_to_the_next_column_and_the_cursor_with_it(
    opened: Opener, store: Store, ids: SimpleNamespace, key: str
) -> None:
    async with opened() as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert order(store, ids.doing)[0] == ids.pricing
        assert here(pilot) == ids.pricing
        assert "Doing" in note(pilot)


@pytest.mark.parametrize("key", ["H", "shift+left"])
async def test_a_card_moves_to_the_column_before(
    opened: Opener, store: Store, ids: SimpleNamespace, key: str
) -> None:
    async with opened() as pilot:
        await pilot.press("l", key)
        await pilot.pause()
        assert order(store, ids.todo)[0] == ids.payment


async def test_a_card_stays_where_there_is_no_column(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("H")
        assert order(store, ids.todo)[0] == ids.pricing
        assert note(pilot) == "There is no column on that side."


@pytest.mark.parametrize(("down", "up"), [("J", "K"), ("shift+down", "shift+up")])
async def test_a_card_moves_along_its_column(
    opened: Opener, store: Store, ids: SimpleNamespace, down: str, up: str
) -> None:
    async with opened() as pilot:
        await pilot.press(down)
        assert order(store, ids.todo) == [ids.tracking, ids.pricing, ids.checkout]
        await pilot.press(down)
        assert order(store, ids.todo) == [ids.tracking, ids.checkout, ids.pricing]
        await pilot.press(up)
        assert order(store, ids.todo) == [ids.tracking, ids.pricing, ids.checkout]
        assert here(pilot) == ids.pricing


async def test_selected_cards_move_together_and_keep_their_order(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("space", "j", "space", "L")
        await pilot.pause()
        assert order(store, ids.doing)[:2] == [ids.pricing, ids.tracking]
        await pilot.press("u")
        await pilot.pause()
        assert order(store, ids.todo) == [ids.pricing, ids.tracking, ids.checkout]


async def test_a_range_and_a_column_are_selected_and_escape_deselects(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        board = app_of(pilot).board_screen.board
        await pilot.press("space", "j", "j", "v")
        await pilot.pause()
        assert set(board.selected) == {ids.pricing, ids.tracking, ids.checkout}
        assert "3 selected" in screen_text(pilot)
        await pilot.press("escape")
        assert board.selected == ()
        await pilot.press("ctrl+a")
        assert len(board.selected) == 3


async def test_status_is_chosen_by_typing_a_part_of_it(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("m")
        await write(pilot, "rev")
        await pilot.press("enter")
        await pilot.pause()
        assert order(store, ids.review) == [ids.pricing]


async def test_a_person_is_found_by_pinyin_initials(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("space", "j", "j", "space", "A")
        await write(pilot, "hm")
        await pilot.press("enter")
        await pilot.pause()
        owners = {card.id: card.owner for card in queries.cards(store, ids.todo)}
        assert owners[ids.pricing] == owners[ids.checkout] == ids.han
        assert note(pilot).startswith("✓ 2 cards Owner: 韩梅")


async def test_nobody_takes_the_owner_away(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("j", "A")
        await write(pilot, "nobody")
        await pilot.press("enter")
        found = queries.card(store, ids.tracking)
        assert found is not None
        assert found.owner == ""


@pytest.mark.parametrize("key", ["#", "t"])
async def test_labels_are_put_on_taken_off_and_made(
    opened: Opener, store: Store, ids: SimpleNamespace, key: str
) -> None:
    async with opened() as pilot:
        await pilot.press(key, "enter")
        await pilot.pause()
        assert labels(store, ids.pricing) == ("launch",)
        await pilot.press(key)
        await write(pilot, "资源")
        await pilot.press("enter")
        await pilot.pause()
        assert labels(store, ids.pricing) == ("launch", "资源")
        await pilot.press(key, "tab", "down", "tab", "enter")
        await pilot.pause()
        assert labels(store, ids.pricing) == ()


def labels(store: Store, ent: str) -> tuple[str, ...]:
    found = queries.card(store, ent)
    assert found is not None
    return found.labels


async def test_priority_due_and_department_are_chosen(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("p", "0", "enter", "d")
        await write(pilot, "12-01")
        await pilot.press("enter", "E")
        await write(pilot, "yf")
        await pilot.press("enter")
        await pilot.pause()
        found = queries.card(store, ids.pricing)
        assert found is not None
        assert (found.priority, found.due, found.department) == (0, "2026-12-01", ids.departments["yf"])


async def test_an_empty_line_ends_a_block(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("b")
        await write(pilot, "waits for legal")
        await pilot.press("enter")
        assert blocked(store, ids.pricing) == "waits for legal"
        await pilot.press("b", "ctrl+u", "enter")
        assert blocked(store, ids.pricing) == ""


def blocked(store: Store, ent: str) -> str:
    found = queries.card(store, ent)
    assert found is not None
    return found.blocked


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_title_is_edited_where_it_stands(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        await pilot.press("e")
        await write(pilot, " v2")
        await pilot.press("enter")
        await pilot.pause()
        found = queries.card(store, ids.pricing)
        assert found is not None
        assert found.title == "定价页文案 v2"
        assert pilot.app.focused is app_of(pilot).board_screen.board


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_comment_of_two_lines_is_one_comment(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        await pilot.press("c")
        await write(pilot, "one")
        await pilot.press("ctrl+j")
        await write(pilot, "two")
        await pilot.press("enter")
        await pilot.pause()
        assert [comment.text for comment in queries.comments(store, ids.pricing)] == ["先做 A/B", "one\ntwo"]


@pytest.mark.parametrize("key", ["D", "delete"])
async def test_the_trash_asks_nothing_and_one_key_brings_back(
    opened: Opener, store: Store, ids: SimpleNamespace, key: str
) -> None:
    async with opened() as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert order(store, ids.todo) == [ids.tracking, ids.checkout]
        assert here(pilot) == ids.tracking
        await pilot.press("u")
        await pilot.pause()
        assert order(store, ids.todo) == [ids.pricing, ids.tracking, ids.checkout]
        assert here(pilot) == ids.pricing
        await pilot.press("ctrl+r")
        assert ids.pricing not in order(store, ids.todo)


async def test_what_was_edited_after_it_was_deleted_is_restored(
    opened: Opener, store: Store, ids: SimpleNamespace, teammate: object
) -> None:
    other = teammate("Mei")  # type: ignore[operator]
    commands.trash(store, [ids.pricing])
    commands.set_fields(other, [ids.pricing], {"title": "Pricing page"})
    from tests.conftest import exchange

    exchange(store, other)
    async with opened() as pilot:
        assert "Deleted by one" in screen_text(pilot)
        await pilot.press("R")
        await pilot.pause()
        found = queries.card(store, ids.pricing)
        assert found is not None
        assert not found.banner


async def test_a_private_draft_is_shared(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    draft = commands.create(store, "item", {"title": "a thought"}, private=True).ids[0]
    async with opened() as pilot:
        assert here(pilot) == draft
        await pilot.press("P")
        await pilot.pause()
        found = queries.card(store, draft)
        assert found is not None
        assert not found.private
        await pilot.press("P")
        assert note(pilot) == "This is not a private draft"


async def test_ids_and_titles_are_copied(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("y")
        assert pilot.app.clipboard == "lp-1 定价页文案"
        await pilot.press("space", "j", "space", "y")
        assert pilot.app.clipboard == "lp-1 定价页文案\nlp-2 埋点补齐"


async def test_conflicts_step_through_their_states(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("l", "l", "l", "l")
        await pilot.pause()
        assert here(pilot) == ids.dates
        await pilot.press("L")
        await pilot.pause()
        found = queries.card(store, ids.dates)
        assert found is not None
        assert found.state == "confirmed"
        await pilot.press("J")
        assert note(pilot) == "Conflicts are ordered by their severity and age."
        await pilot.press("m")
        await write(pilot, "closed")
        await pilot.press("enter")
        await pilot.pause()
        assert note(pilot).startswith("lp-7 has no decision yet")
        assert here(pilot) == ids.dates
        checks = dict.fromkeys((ids.departments["yf"], ids.departments["sc"]), 4)
        commands.set_fields(store, [ids.dates], {"decision": "No", "check": checks})
        await pilot.press("m")
        await write(pilot, "closed")
        await pilot.press("enter")
        await pilot.pause()
        assert here(pilot) != ids.dates


async def test_swimlanes_density_and_conflicts_are_switched_and_remembered(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        screen = app_of(pilot).board_screen
        await pilot.press("s")
        await pilot.pause()
        assert "▾" in screen_text(pilot)
        assert screen.lane_by == "department"
        await pilot.press("minus")
        await pilot.pause()
        assert "▸" in screen_text(pilot)
        await pilot.press("s", "s", "s")
        assert screen.lane_by == ""
        await pilot.press("s", "z", "C")
        await pilot.pause()
        assert screen.board.density == "comfortable"
        assert "Conflicts" not in screen_text(pilot).splitlines()[1]
    async with opened() as pilot:
        screen = app_of(pilot).board_screen
        assert (screen.lane_by, screen.board.density, screen.with_conflicts) == (
            "department",
            "comfortable",
            False,
        )


async def test_an_action_that_cannot_be_done_says_why(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("r")
        assert "sameboat place add" in note(pilot)
        await pilot.press("backslash")
        assert note(pilot) == "No filter is set: / sets one"


async def test_the_board_works_with_the_mouse_alone(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await pilot.click("Footer", offset=(3, 0))
        await pilot.pause()
        screen = app_of(pilot).board_screen
        assert pilot.app.focused is screen.details
