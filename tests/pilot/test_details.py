"""The details are edited where they stand, each time as one undo, and nothing typed is lost."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import commands, queries
from store.database import Store
from tests.conftest import Clock, exchange
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, here, note, screen_text, write
from tui.widgets.detail import DetailView, Key
from tui.widgets.detail.editors import Editor
from tui.widgets.detail.text_editor import LongText


def fields(store: Store, ent: str) -> dict[str, object]:
    card = queries.card(store, ent)
    assert card is not None
    found = queries.entity_fields(store, card.kind, ent)
    assert found is not None
    return found


async def test_the_pane_follows_the_cursor(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        assert "The second paragraph." in screen_text(pilot)
        await pilot.press("l")
        await pilot.pause()
        shown = screen_text(pilot)
        assert "3 days late" in shown
        assert "The second paragraph." not in shown


async def test_on_a_narrow_screen_the_details_take_the_boards_place(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened(NARROW) as pilot:
        assert "The second paragraph." not in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "The second paragraph." in screen_text(pilot)
        assert "埋点补齐" not in screen_text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "埋点补齐" in screen_text(pilot)
        assert pilot.app.focused is app_of(pilot).board_screen.board


async def test_on_a_narrow_screen_each_card_has_its_own_details(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(NARROW) as pilot:
        await pilot.press("enter", "escape", "j", "enter")
        await pilot.pause()
        assert "埋点补齐" in screen_text(pilot)
        assert "定价页文案" not in screen_text(pilot)


async def test_details_that_were_hidden_show_the_card_one_is_at(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("o", "j", "o")
        await pilot.pause()
        shown = pilot.app.screen.query_one(DetailView).entries[0].lines[0]
        assert shown.plain == "埋点补齐"


async def test_the_details_give_their_room_to_the_board(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("o")
        await pilot.pause()
        assert "The second paragraph." not in screen_text(pilot)
    async with opened(WIDE) as pilot:
        assert "The second paragraph." not in screen_text(pilot)
        await pilot.press("o")
        await pilot.pause()
        assert "The second paragraph." in screen_text(pilot)


async def test_keys_go_from_field_to_field(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        details = app_of(pilot).board_screen.details
        await pilot.press("enter")
        assert details.key == Key("field", "title")
        await pilot.press("j", "down")
        assert details.key == Key("field", "owner")
        await pilot.press("k", "up")
        assert details.key == Key("field", "title")
        await pilot.press("G")
        assert details.key is not None
        assert details.key.part == "comment"
        await pilot.press("home")
        assert details.key == Key("field", "title")
        await pilot.press("pagedown", "ctrl+u")
        assert details.key == Key("field", "title")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_day_is_typed_in_the_date_grammar(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("field", "due"))
        await pilot.press("enter", "ctrl+u")
        await write(pilot, "下周三")
        await pilot.pause()
        assert "Wed 2 Dec" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert fields(store, ids.pricing)["due"] == "2026-12-02"
        assert pilot.app.focused is app_of(pilot).board_screen.details
        await pilot.press("u")
        assert fields(store, ids.pricing)["due"] == "2026-11-27"


async def test_what_is_no_day_stays_in_the_line_with_the_reason(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("field", "due"))
        await pilot.press("enter", "ctrl+u")
        await write(pilot, "someday")
        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.screen.query_one(Editor).text == "someday"
        assert "is no day" in screen_text(pilot)
        assert fields(store, ids.pricing)["due"] == "2026-11-27"


async def test_what_was_saved_is_said_in_words(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("d")
        await write(pilot, "下周三")
        await pilot.press("enter")
        await pilot.pause()
        assert "Due: Wed 2 Dec ·" in note(pilot)
        await pilot.press("b")
        await write(pilot, "the lawyers")
        await pilot.press("enter")
        await pilot.pause()
        assert "Blocked because: the lawyers ·" in note(pilot)


@pytest.mark.parametrize("key", ["e", "c", "b"])
@pytest.mark.parametrize(
    "sizes", [(WIDE, (90, 24)), (NARROW, WIDE), ((200, 60), (112, 20)), (NARROW, (60, 15))]
)
async def test_an_open_editor_stays_in_the_terminal_when_that_is_resized(
    opened: Opener, ids: SimpleNamespace, sizes: tuple[tuple[int, int], tuple[int, int]], key: str
) -> None:
    before, after = sizes
    async with opened(before) as pilot:
        await pilot.press(key)
        await write(pilot, " again")
        await pilot.resize_terminal(*after)
        await pilot.pause()
        await pilot.pause()
        editor = pilot.app.screen.query_one(Editor)
        screen = app_of(pilot).board_screen
        assert pilot.app.screen.region.contains_region(editor.region)
        assert editor.region.bottom <= screen.footer.region.y
        assert editor.text.endswith(" again")
        over = screen.details.region_of(editor.key) if screen.wide else None
        if over and key == "e":
            assert editor.region.offset == over.offset


async def test_an_empty_line_clears_a_field(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("field", "due"))
        await pilot.press("enter", "ctrl+u", "enter")
        await pilot.pause()
        assert "due" not in fields(store, ids.pricing)


async def test_a_choice_opens_a_list_at_the_field(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("field", "kind"))
        await pilot.press("enter")
        await write(pilot, "mile")
        await pilot.press("enter")
        await pilot.pause()
        assert fields(store, ids.pricing)["kind"] == "milestone"


async def test_the_empty_fields_are_shown_on_request(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("enter")
        assert "Effort, hours" not in screen_text(pilot)
        app_of(pilot).board_screen.details.go_to(Key("more"))
        await pilot.press("enter")
        await pilot.pause()
        assert "Effort, hours" in screen_text(pilot)
        app_of(pilot).board_screen.details.go_to(Key("field", "effort"))
        await pilot.press("enter")
        await write(pilot, "a lot")
        await pilot.press("enter")
        await pilot.pause()
        assert "is no" in screen_text(pilot)
        await pilot.press("ctrl+u")
        await write(pilot, "12.5")
        await pilot.press("enter")
        await pilot.pause()
        assert fields(store, ids.pricing)["effort"] == 12.5


async def test_a_goal_is_made_by_its_title_then_chosen_by_it(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    goal = Key("field", "goal")
    async with opened(WIDE) as pilot:
        details = app_of(pilot).board_screen.details
        await pilot.press("enter")
        details.go_to(Key("more"))
        await pilot.press("enter")
        details.go_to(goal)
        await pilot.press("enter")
        await write(pilot, "付费转化")
        await pilot.press("enter")
        await pilot.pause()
        made = fields(store, ids.pricing)["goal"]
        assert "付费转化" in screen_text(pilot)
        assert str(made) not in screen_text(pilot)
        await pilot.press("escape", "j", "enter")
        details.go_to(goal)
        await pilot.press("enter")
        await write(pilot, "付费")
        await pilot.press("enter", "h")
        await pilot.pause()
        assert fields(store, ids.tracking)["goal"] == made
        assert "Goal: 付费转化" in screen_text(pilot)
        await pilot.press("u")
        assert "goal" not in fields(store, ids.tracking)


async def test_a_draft_is_shared_with_the_goal_it_was_made_with(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    with commands.change(store, "add") as change:
        goal = change.create("goal", {"title": "付费转化"}, private=True)
        draft = change.create("item", {"title": "草稿", "goal": goal}, private=True)
    async with opened(WIDE) as pilot:
        app_of(pilot).board_screen.follow(draft)
        await pilot.press("P")
        private = store.conn.execute("SELECT private FROM p_goal WHERE id = ?", (goal,)).fetchone()[0]
        assert not private


async def test_values_read_as_people_write_them(
    opened: Opener, store: Store, clock: Clock, ids: SimpleNamespace
) -> None:
    told = {"effort": 40, "parent": ids.checkout, "source": "jira:SCRUM-80 0f81c2a1b2c3"}
    commands.set_fields(store, [ids.pricing], {**told, "created": "2026-11-01T09:00:00+00:00"})
    short = fields(store, ids.checkout)["short"]
    async with opened(WIDE) as pilot:
        for key in ("enter", "h"):
            await pilot.press(key)
            await pilot.pause()
            shown = screen_text(pilot)
            assert "40" in shown
            assert "40.0" not in shown
            assert f"{short} Checkout crash" in shown
            assert "jira:SCRUM-80" in shown
            assert "0f81c2" not in shown
            assert "T09:00" not in shown


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_long_text_is_edited_and_saved(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("long", "description"))
        await pilot.press("enter", "enter")
        await write(pilot, "第三段")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert fields(store, ids.pricing)["description"] == "第一段。\n\nThe second paragraph.\n第三段"
        assert not pilot.app.screen.query(Editor)


async def test_an_edited_text_that_is_left_stays_as_a_draft_also_in_the_next_session(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("long", "description"))
        await pilot.press("enter")
        await write(pilot, " more")
        await pilot.press("escape")
        await pilot.pause()
        assert fields(store, ids.pricing)["description"] == "第一段。\n\nThe second paragraph."
        assert "✎ draft" in screen_text(pilot)
        assert "draft" in note(pilot)
    async with opened(WIDE) as pilot:
        assert "✎ draft" in screen_text(pilot)
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("long", "description"))
        await pilot.press("enter", "ctrl+s")
        await pilot.pause()
        assert fields(store, ids.pricing)["description"] == "第一段。\n\nThe second paragraph. more"
        assert "✎ draft" not in screen_text(pilot)


async def test_what_stands_in_an_editor_survives_quitting(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("c")
        await write(pilot, "not sent yet")
        await pilot.press("ctrl+q")
    async with opened(WIDE) as pilot:
        await pilot.press("c", "enter")
        await pilot.pause()
        assert [comment.text for comment in queries.comments(store, ids.pricing)][-1] == "not sent yet"


async def test_a_failed_save_keeps_the_text_and_stands_as_a_banner(
    opened: Opener, store: Store, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.errors import StoreError

    async with opened(WIDE) as pilot:
        await pilot.press("e")
        await write(pilot, "!")

        def full(*_args: object, **_kwargs: object) -> None:
            raise StoreError("disk-full", path="/disk")

        with monkeypatch.context() as patched:
            patched.setattr(commands, "change", full)
            await pilot.press("enter")
            await pilot.pause()
            assert pilot.app.screen.query_one(Editor).text == "定价页文案!"
            assert "The disk is full" in screen_text(pilot)
            await pilot.pause(0.3)
            assert "The disk is full" in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert fields(store, ids.pricing)["title"] == "定价页文案!"
        assert "The disk is full" not in screen_text(pilot)


async def test_the_checklist_is_ticked_renamed_added_to_and_cut(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        first = queries.checks(store, ids.pricing)[0]
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("check", first.id))
        await pilot.press("space")
        assert queries.checks(store, ids.pricing)[0].done
        await pilot.press("enter")
        assert not queries.checks(store, ids.pricing)[0].done
        await pilot.press("e")
        await write(pilot, " v2")
        await pilot.press("enter", "+")
        await write(pilot, "ship")
        await pilot.press("enter")
        await pilot.pause()
        assert [check.title for check in queries.checks(store, ids.pricing)] == [
            "设计稿 v2",
            "copy review",
            "ship",
        ]
        app_of(pilot).board_screen.details.go_to(Key("check", first.id))
        await pilot.press("D")
        await pilot.pause()
        assert [check.title for check in queries.checks(store, ids.pricing)] == ["copy review", "ship"]
        assert queries.position(store, ids.pricing) is not None


async def test_history_shows_what_was_replaced(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    commands.set_fields(store, [ids.pricing], {"title": "定价页 v2"})
    async with opened(WIDE) as pilot:
        await pilot.press("i")
        await pilot.pause()
        assert "定价页文案 → 定价页 v2" in screen_text(pilot).replace("\n", "")
        await pilot.press("i")
        await pilot.pause()
        assert "The second paragraph." in screen_text(pilot)
        await pilot.press("enter", "h")
        await pilot.pause()
        assert "定价页文案 → 定价页 v2" in screen_text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "The second paragraph." in screen_text(pilot)


async def test_a_divergence_is_shown_and_settled(
    opened: Opener, store: Store, ids: SimpleNamespace, teammate: object, clock: Clock
) -> None:
    other = teammate("Mei")  # type: ignore[operator]
    commands.set_fields(store, [ids.pricing], {"title": "mine"})
    clock.advance(seconds=5)
    commands.set_fields(other, [ids.pricing], {"title": "hers"})
    exchange(store, other)
    async with opened(WIDE) as pilot:
        assert here(pilot) == ids.pricing
        shown = screen_text(pilot)
        assert "2 versions" in shown
        assert "hers" in shown
        assert "mine" in shown
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("divergence", "title"))
        await pilot.press("enter")
        await write(pilot, "mine")
        await pilot.press("enter")
        await pilot.pause()
        assert fields(store, ids.pricing)["title"] == "mine"
        assert queries.divergences(store, ids.pricing) == []


async def test_two_long_texts_are_merged_by_hand(
    opened: Opener, store: Store, ids: SimpleNamespace, teammate: object, clock: Clock
) -> None:
    other = teammate("Mei")  # type: ignore[operator]
    commands.set_fields(store, [ids.pricing], {"description": "one"})
    clock.advance(seconds=5)
    commands.set_fields(other, [ids.pricing], {"description": "two"})
    exchange(store, other)
    async with opened(WIDE) as pilot:
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("divergence", "description"))
        await pilot.press("enter")
        await write(pilot, "both")
        await pilot.press("enter")
        await pilot.pause()
        area = pilot.app.screen.query_one(LongText)
        assert area.text == "<<<<<<< Mei\ntwo\n=======\none\n>>>>>>> 林平\n"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert queries.divergences(store, ids.pricing), "nothing was chosen yet"
        area.text = "two, and one"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert fields(store, ids.pricing)["description"] == "two, and one"
        assert queries.divergences(store, ids.pricing) == []


async def test_a_teammates_edit_appears_while_something_is_typed(
    opened: Opener, store: Store, ids: SimpleNamespace, teammate: object
) -> None:
    other = teammate("Mei")  # type: ignore[operator]
    async with opened(WIDE) as pilot:
        await pilot.press("e")
        await write(pilot, " mine")
        commands.set_fields(other, [ids.pricing], {"priority": 0})
        commands.create(other, "item", {"title": "from Mei"})
        exchange(store, other)
        app = app_of(pilot)
        from store.changes import ChangeSet

        app.show_changes(ChangeSet({"item": {ids.pricing}}))
        await pilot.pause()
        assert "from Mei" in screen_text(pilot)
        assert pilot.app.screen.query_one(Editor).text == "定价页文案 mine"
        await pilot.press("enter")
        await pilot.pause()
        assert fields(store, ids.pricing)["title"] == "定价页文案 mine"
        assert here(pilot) == ids.pricing


async def test_a_conflicts_positions_are_filled_in_side_by_side(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        app_of(pilot).board_screen.follow(ids.dates)
        await pilot.press("enter")
        app_of(pilot).board_screen.details.go_to(Key("map", "position", ids.departments["yf"]))
        await pilot.press("enter")
        await write(pilot, "keep the date")
        await pilot.press("enter")
        await pilot.pause()
        assert fields(store, ids.dates)["position"] == {ids.departments["yf"]: "keep the date"}
