"""Counts, repeating, jumping, the palette and the changing of keys, by keys alone."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, day_plan, queries
from store.database import Store, open_store
from store.day_plan_rows import picks
from store.undo import undo
from tests.conftest import TODAY, add_item, exchange
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, here, note, order, screen_text, write
from tui import i18n
from tui.actions import ACTIONS, SCOPES
from tui.app import SameboatApp
from tui.config import load_config
from tui.jump_labels import labels
from tui.left_off import LeftOff
from tui.palette import HOMES
from tui.screens.jump import JumpScreen
from tui.screens.key_press import KeyPress
from tui.screens.picker import Picker


async def settle(pilot: Pilot[None]) -> None:
    """Wait for what a key began, and for what that began."""
    for _turn in range(3):
        await pilot.pause()


def picker_rows(pilot: Pilot[None]) -> list[str]:
    """Return the keys of the choices a picker shows."""
    assert isinstance(pilot.app.screen, Picker)
    return [choice.key for choice in pilot.app.screen._shown]


# Counts


async def test_a_count_repeats_a_step(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        column = order(store, ids.todo)
        assert here(pilot) == column[0]
        await pilot.press("alt+2", "j")
        await settle(pilot)
        assert here(pilot) == column[2]
        await pilot.press("alt+1", "2", "k")
        await settle(pilot)
        assert here(pilot) == column[0]


async def test_the_bottom_line_shows_the_count_and_escape_drops_it(opened: Opener) -> None:
    async with opened() as pilot:
        first = here(pilot)
        await pilot.press("alt+1", "2")
        await pilot.pause()
        assert "×12" in screen_text(pilot)
        await pilot.press("escape", "j")
        await settle(pilot)
        assert "×12" not in screen_text(pilot)
        assert here(pilot) != first


async def test_a_counted_move_is_one_undo(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        before = order(store, ids.todo)
        await pilot.press("alt+2", "J")
        await settle(pilot)
        assert order(store, ids.todo) == [*before[1:], before[0]]
        await pilot.press("alt+2", "L")
        await settle(pilot)
        assert before[0] in order(store, ids.review)
        await pilot.press("u")
        await settle(pilot)
        assert order(store, ids.todo) == [*before[1:], before[0]]
        await pilot.press("u")
        await settle(pilot)
        assert order(store, ids.todo) == before


async def test_a_count_beyond_the_edge_goes_to_the_edge(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        card = here(pilot)
        await pilot.press("alt+9", "L")
        await settle(pilot)
        assert card in order(store, ids.done)


async def test_what_makes_no_sense_many_times_says_so_and_does_nothing(opened: Opener) -> None:
    async with opened() as pilot:
        await pilot.press("alt+3", "a")
        await settle(pilot)
        assert "only steps and moves" in note(pilot)
        assert not pilot.app.screen.query("CaptureBar")


async def test_a_count_undoes_so_many_changes(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        for title in ("one", "two", "three"):
            commands.set_fields(store, [ids.pricing], {"title": title})
        await pilot.press("alt+2", "u")
        await settle(pilot)
        card = queries.card(store, ids.pricing)
        assert card is not None
        assert card.title == "one"


async def test_digits_alone_are_places_and_a_count_is_no_text(opened: Opener) -> None:
    async with opened() as pilot:
        await pilot.press("3")
        await settle(pilot)
        assert app_of(pilot).place.PLACE == "show_timeline"
        await pilot.press("2", "a", "alt+5", "5")
        await settle(pilot)
        assert "×" not in screen_text(pilot)


# Repeating


async def test_the_same_is_done_to_other_cards(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("p", *"P3", "enter")
        await settle(pilot)
        first = here(pilot)
        await pilot.press("j", "space", "j", "space", "full_stop")
        await settle(pilot)
        held = {ent: queries.card(store, ent) for ent in order(store, ids.todo)}
        assert {card.priority for card in held.values() if card} == {3}
        undo(store)
        assert [card.priority for ent in held if (card := queries.card(store, ent)) and ent != first] != [
            3,
            3,
        ]


async def test_a_move_and_a_label_are_repeated(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("L")
        await settle(pilot)
        moved = here(pilot)
        await pilot.press("h", "full_stop")
        await settle(pilot)
        assert moved in order(store, ids.doing)
        assert len(order(store, ids.todo)) == 1
        await pilot.press("t", *"urgent", "enter")
        await settle(pilot)
        labelled = here(pilot)
        await pilot.press("k" if here(pilot) != order(store, ids.doing)[0] else "j", "full_stop")
        await settle(pilot)
        assert here(pilot) != labelled
        for ent in (labelled, here(pilot)):
            fields = queries.entity_fields(store, "item", ent) or {}
            assert "urgent" in str(fields.get("labels"))


async def test_repeating_says_why_it_cannot(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("full_stop")
        await settle(pilot)
        assert "could be repeated" in note(pilot)
        await pilot.press("p", *"P3", "enter")
        await settle(pilot)
        await pilot.press("l", "l", "l", "l", "full_stop")
        await settle(pilot)
        assert here(pilot) == ids.dates
        assert "nothing for this kind" in note(pilot)


# Jumping


async def jump_to(pilot: Pilot[None], which: Callable[[SameboatApp, int, int], bool]) -> None:
    """Press the letters of the first target for which `which` holds."""
    await pilot.press("semicolon")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, JumpScreen)
    label = next(
        label for label, target in screen._places.items() if which(app_of(pilot), target.x, target.y)
    )
    await pilot.press(*label)
    await settle(pilot)


async def test_letters_lead_to_a_card(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        seen = app_of(pilot).board_screen.board.jump_targets()
        assert len(seen) == 7
        await pilot.press("semicolon", labels(7)[2])
        await settle(pilot)
        assert here(pilot) == order(store, ids.todo)[2]


async def test_letters_lead_to_a_place_a_tab_and_a_row(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        header = app_of(pilot).place.header
        feedback = next(start for start, _end, place in header._spots if place == "show_feedback")
        await jump_to(pilot, lambda _app, x, y: (x, y) == (feedback, 0))
        assert app_of(pilot).place.PLACE == "show_feedback"
        await jump_to(pilot, lambda _app, x, y: y == 1 and x > 20)
        tabbed = app_of(pilot).place
        assert tabbed.SCOPE != "inbox"
        await pilot.press("3")
        await settle(pilot)
        await jump_to(pilot, lambda _app, x, y: x == 0 and y > 5)
        assert app_of(pilot).place.chart.index > 2  # type: ignore[attr-defined]


async def test_a_footer_hint_is_done(opened: Opener) -> None:
    async with opened() as pilot:
        hints = {action: start for start, _end, action in app_of(pilot).place.footer._places}
        await jump_to(pilot, lambda app, x, y: (x, y) == (hints["help"], app.size.height - 1))
        assert type(pilot.app.screen).__name__ == "HelpScreen"


async def test_any_other_key_leaves_everything_as_it_was(opened: Opener) -> None:
    async with opened(NARROW) as pilot:
        first = here(pilot)
        for key in ("escape", "1", "semicolon", "ctrl+a"):
            await pilot.press("semicolon", key)
            await settle(pilot)
            assert pilot.app.screen is app_of(pilot).place
            assert here(pilot) == first


# The palette


async def test_the_palette_knows_every_command_and_goes_where_it_is(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("colon", *"snooze", "enter")
        await settle(pilot)
        await settle(pilot)
        assert app_of(pilot).place.PLACE == "show_feedback"
        assert app_of(pilot).place.SCOPE == "inbox"
        await pilot.press("escape", "colon", *"workload", "enter")
        await settle(pilot)
        await settle(pilot)
        assert app_of(pilot).place.PLACE == "show_timeline"


@pytest.mark.parametrize("typed", ["undo", "chexiao", "撤销", "cx"])
@pytest.mark.parametrize("language", list(i18n.LANGUAGES))
async def test_a_command_is_found_by_either_language_and_initials(
    opened: Opener, typed: str, language: str
) -> None:
    if typed == "chexiao":
        pytest.skip("whole syllables are not asked for")
    i18n.set_language(language)
    async with opened() as pilot:
        await pilot.press("colon")
        await write(pilot, typed)
        await pilot.pause()
        assert "undo" in picker_rows(pilot)[:4]


async def test_what_was_chosen_last_comes_first_after_a_restart_too(opened: Opener, store: Store) -> None:
    async with opened() as pilot:
        await pilot.press("colon", *"swimlanes", "enter")
        await settle(pilot)
        await pilot.press("colon")
        await pilot.pause()
        assert picker_rows(pilot)[0] == "swimlanes"
        await pilot.press("escape", "q")
    assert LeftOff(store.home).commands == ["swimlanes"]


def test_every_place_with_keys_of_its_own_has_a_way_to_it() -> None:
    for scope, home in HOMES.items():
        assert scope in SCOPES
        assert ACTIONS[home].scope == "app"


# Changing keys


def config(store: Store) -> dict[str, object]:
    found = load_config(store.home)
    return tomllib.loads(Path(found.path).read_text(encoding="utf-8"))


async def choose(pilot: Pilot[None], text: str) -> None:
    await write(pilot, text)
    await pilot.press("enter")
    await settle(pilot)


async def test_a_key_is_changed_from_inside_and_kept(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("colon")
        await choose(pilot, "change a key")
        await choose(pilot, "move to a status")
        await choose(pilot, "another key")
        assert isinstance(pilot.app.screen, KeyPress)
        await pilot.press("p")
        await pilot.pause()
        assert "“Set the priority or severity” loses it and has no key left." in screen_text(pilot)
        await pilot.press("Q")
        await pilot.pause()
        assert "No other action has it here." in screen_text(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert config(store)["keys"] == {"set_status": ["Q"]}
        await pilot.press("Q")
        await settle(pilot)
        assert isinstance(pilot.app.screen, Picker)
        await pilot.press("escape", "m")
        await settle(pilot)
        assert pilot.app.screen is app_of(pilot).place


async def test_a_key_goes_back_to_its_default(opened: Opener, store: Store, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '# mine\n[keys]\nset_status = ["Q"]\nundo = "u"\n', encoding="utf-8"
    )
    async with opened() as pilot:
        app_of(pilot).action_change_key()
        await settle(pilot)
        await choose(pilot, "move to a status")
        await choose(pilot, "default")
        assert (tmp_path / "config.toml").read_text(encoding="utf-8") == '# mine\n[keys]\nundo = "u"\n'
        assert app_of(pilot).keymap.shown("set_status") == "m"


async def test_an_action_that_was_given_the_key_gives_it_up(
    opened: Opener, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[keys]\npriority = ["Q", "X"]\n', encoding="utf-8")
    async with opened() as pilot:
        app_of(pilot)._write_keys("set_status", ["Q"], taking="Q")
        assert config(store) == {"keys": {"priority": ["X"], "set_status": ["Q"]}}
        assert app_of(pilot).config.problems == []


async def test_a_mistaken_config_is_told_and_left_alone(opened: Opener, store: Store, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('start = "board"\ntheme = "light\n', encoding="utf-8")
    async with opened() as pilot:
        assert "line 2" in app_of(pilot).board_screen.banners.standing["config"]
        app_of(pilot)._write_keys("set_status", ["Z"])
        await pilot.pause()
        assert "Line 2" in note(pilot)
        assert (tmp_path / "config.toml").read_text(encoding="utf-8") == 'start = "board"\ntheme = "light\n'


# Where one left off


async def test_the_board_opens_where_it_was_left(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("l", "j")
        await settle(pilot)
        left = here(pilot)
        assert left in order(store, ids.doing)
        await pilot.press("q")
    async with opened() as pilot:
        await settle(pilot)
        assert here(pilot) == left
        await pilot.press("q")
    commands.trash(store, [left])
    async with opened() as pilot:
        await settle(pilot)
        assert here(pilot) in order(store, ids.doing)


async def test_lanes_stay_folded(opened: Opener, store: Store) -> None:
    async with opened() as pilot:
        await pilot.press("s", "minus")
        await settle(pilot)
        folded = set(app_of(pilot).board_screen.board.folded)
        assert folded
        await pilot.press("j", "q")
    async with opened() as pilot:
        await settle(pilot)
        assert set(app_of(pilot).board_screen.board.folded) == folded


async def test_the_timeline_and_tabs_are_as_they_were_left(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    for number in range(6):
        commands.create(store, "feedback", {"title": f"said {number}"})
    async with opened() as pilot:
        await pilot.press("3", "j", "j", "j")
        await settle(pilot)
        row = app_of(pilot).place.chart.key  # type: ignore[attr-defined]
        await pilot.press("4", "j", "j")
        await settle(pilot)
        key = app_of(pilot).place.tab.list.key  # type: ignore[attr-defined]
        await pilot.press("q")
    assert row
    assert key
    async with opened() as pilot:
        await pilot.press("l", "l", "l")  # an empty column: nothing to go to elsewhere
        await settle(pilot)
        await pilot.press("4")
        await settle(pilot)
        assert app_of(pilot).place.tab.list.key == key  # type: ignore[attr-defined]
    assert LeftOff(store.home).spot("show_timeline")["row"] == row


async def test_the_app_opens_on_the_place_that_was_last(opened: Opener, store: Store, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('start = "last"\n', encoding="utf-8")
    async with opened() as pilot:
        await pilot.press("7")
        await settle(pilot)
        await pilot.press("q")
    async with opened() as pilot:
        await settle(pilot)
        assert app_of(pilot).place.PLACE == "show_reports"
        await pilot.press("2")
        await settle(pilot)
        assert here(pilot)


async def test_where_one_left_off_does_not_hold_one_back(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    left = LeftOff(store.home)
    left.note("show_board", {"card": ids.payment, "column": 5, "row": "x", "top": -3})
    left.note(
        "show_timeline",
        {"row": "gone", "index": 10**12, "top": 10**12, "folded": [1, {}], "by": "department"},
    )
    left.note("show_feedback", {"inbox": [1, "a", None], "pool": "x"})
    left.write()
    async with opened(WIDE) as pilot:
        await settle(pilot)
        assert here(pilot) == ids.payment
        await pilot.press("3")
        await settle(pilot)
        assert app_of(pilot).place.chart.key  # type: ignore[attr-defined]
        await pilot.press("4")
        await settle(pilot)
        assert app_of(pilot).place.PLACE == "show_feedback"


async def test_a_mistaken_config_is_told_where_the_app_opens(opened: Opener, tmp_path: Path) -> None:
    config_file = tmp_path / "config.toml"
    config_file.write_text('start = "today"\n[keys]\nmoove_left = "N"\n', encoding="utf-8")
    async with opened() as pilot:
        assert "There is no action “moove_left”" in screen_text(pilot)
        config_file.write_text('start = "today"\n', encoding="utf-8")
        app_of(pilot).action_reload_config()
        await pilot.pause()
        assert "moove_left" not in screen_text(pilot)


async def test_what_is_told_outside_the_window_follows_the_config_that_was_read_again(
    opened: Opener,
    store: Store,
    teammate: Callable[[str], Store],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config_file = tmp_path / "config.toml"
    config_file.write_text('start = "board"\nnotify = "on"\n', encoding="utf-8")
    written: list[str] = []
    mei = teammate("Mei")
    async with opened() as pilot:
        app = app_of(pilot)
        monkeypatch.setattr(app, "_write_out", written.append)
        app._tell_elsewhere()
        config_file.write_text('start = "board"\nnotify = "full"\n', encoding="utf-8")
        app.action_reload_config()
        add_item(mei, "改一下价格", owner=store.member)
        exchange(store, mei)
        app._tell_elsewhere()
        assert "改一下价格" in "".join(written)


async def test_a_clock_that_is_stopped_elsewhere_is_shown_no_more(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    day = TODAY.isoformat()
    with commands.change(store, "pick") as change:
        day_plan.pick(change, day, ids.pricing)
        change.flush()
        day_plan.start_clock(change, picks(store, day)[0])
    async with opened() as pilot:
        assert "▶ lp-1" in screen_text(pilot)
        other = open_store(store.home)
        with commands.change(other, "time") as change:
            day_plan.stop_clock(change)
        other.close()
        app_of(pilot)._poll()
        await pilot.pause()
        assert "▶ lp-1" not in screen_text(pilot)


async def test_where_one_was_is_a_place_or_nowhere(opened: Opener, store: Store, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('start = "last"\n', encoding="utf-8")
    (Path(store.home) / "left_off.json").write_text('{"place": "help"}', encoding="utf-8")
    async with opened() as pilot:
        assert app_of(pilot).screen is app_of(pilot).place
        assert app_of(pilot).place.PLACE == "show_today"
