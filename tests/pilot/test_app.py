"""What stands around the board: help, palette, themes, languages, banners, live changes, empty workspaces."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.widgets import OptionList

from store import commands
from store.database import Store, open_store
from store.places import add_place
from store.setup import init_workspace
from tests.conftest import TODAY, Clock, exchange
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, at_last, here, note, order, screen_text, write
from tui import i18n
from tui.app import SameboatApp
from tui.config import load_config
from tui.screens.help import HelpScreen
from tui.screens.picker import Picker
from tui.widgets.header import FAILED, PAUSED, SYNCED, WAITING, SyncLine


@pytest.mark.parametrize("key", ["?", "f1"])
async def test_help_lists_every_action_by_its_key(opened: Opener, ids: SimpleNamespace, key: str) -> None:
    async with opened(NARROW) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)
        assert "Column to the left" in screen_text(pilot)
        await pilot.press("j", "k", "space", "escape")
        await pilot.pause()
        assert pilot.app.screen is app_of(pilot).board_screen


@pytest.mark.parametrize("key", [":", "ctrl+p"])
async def test_the_palette_does_what_is_chosen(
    opened: Opener, store: Store, ids: SimpleNamespace, key: str
) -> None:
    async with opened() as pilot:
        await pilot.press(key)
        await write(pilot, "column right")
        await pilot.press("enter")
        await pilot.pause()
        assert order(store, ids.doing)[0] == ids.pricing


async def test_the_palette_says_why_something_cannot_be_done(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press(":")
        await write(pilot, "share")
        await pilot.pause()
        assert "not a private draft" in screen_text(pilot)
        await pilot.press("enter")
        assert pilot.app.screen is not app_of(pilot).board_screen


@pytest.mark.parametrize("size", [(60, 15), NARROW])
@pytest.mark.parametrize(
    "keys", [(":",), ("enter", "j", "j", "j", "j", "enter"), ("enter", "j", "j", "j", "enter")]
)
async def test_a_list_that_does_not_fit_scrolls_and_keeps_its_keys_in_sight(
    opened: Opener, ids: SimpleNamespace, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async with opened(size) as pilot:
        await pilot.press(*keys)
        assert isinstance(pilot.app.screen, Picker)
        for _ in range(5):
            await pilot.press("down")
        await pilot.pause()
        shown = screen_text(pilot)
        assert "⏎ choose" in shown
        options = pilot.app.screen.query_one(OptionList)
        assert options.highlighted is not None
        assert str(options.get_option_at_index(options.highlighted).prompt).strip()[:12] in shown
        assert pilot.app.screen.region.contains_region(pilot.app.screen.query_one("#panel").region)


async def test_themes_are_seen_while_they_are_chosen_and_remembered(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await pilot.press("T", "down")
        await pilot.pause()
        assert pilot.app.theme == "sameboat-light"
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.theme == "sameboat-dark"
        await pilot.press("T", "down", "enter")
        await pilot.pause()
        assert pilot.app.theme == "sameboat-light"
    async with opened() as pilot:
        assert pilot.app.theme == "sameboat-light"


async def test_no_color_chooses_the_plain_theme(
    opened: Opener, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened() as pilot:
        assert pilot.app.theme == "sameboat-plain"
        assert "定价页文案" in screen_text(pilot)


@pytest.mark.parametrize("keys", [(), ("enter",), ("a", "x"), ("slash", "x"), ("A",), ("?",), (":",)])
async def test_no_color_sends_no_colour_whatever_the_config_says(
    opened: Opener,
    ids: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    keys: tuple[str, ...],
) -> None:
    (tmp_path / "config.toml").write_text('theme = "light"\nstart = "board"\n')
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened() as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        drawn = [segment.style for strip in pilot.app.screen._compositor.render_strips() for segment in strip]
        assert not [style for style in drawn if style and (style.color or style.bgcolor)]
        assert [style for style in drawn if style and (style.reverse or style.underline)], "the cursor"


async def test_without_colours_there_is_no_theme_to_choose(
    opened: Opener, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened() as pilot:
        await pilot.press("T")
        assert "NO_COLOR" in note(pilot)
        assert pilot.app.screen is app_of(pilot).board_screen


async def test_the_first_frame_says_how_sync_stands(
    opened: Opener, store: Store, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_place(store, "/mnt/share")
    monkeypatch.setattr(SameboatApp, "_begin", lambda app: None)
    async with opened() as pilot:
        assert "only on this machine" not in screen_text(pilot)
        assert "0 peers" in screen_text(pilot)


async def test_the_language_is_switched_while_running(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        assert "Backlog" in screen_text(pilot)
        await pilot.press("a", "escape", "ctrl+l")
        await pilot.pause()
        shown = screen_text(pilot)
        assert "待办" in shown
        assert "负责人" in shown
        assert "Backlog" not in shown
        assert "仅在本机" in shown
        assert "新增" in shown.splitlines()[-1] or "简体中文" in shown.splitlines()[-1]
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert "Backlog" in screen_text(pilot)


async def test_undo_and_redo_say_what_they_did(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("u")
        assert "nothing" in note(pilot)
        await pilot.press("L", "u")
        await pilot.pause()
        assert note(pilot).startswith("Undone: moved lp-1")
        assert here(pilot) == ids.pricing
        await pilot.press("U")
        await pilot.pause()
        assert note(pilot).startswith("Redone: moved lp-1")
        assert order(store, ids.doing)[0] == ids.pricing


async def test_what_another_process_writes_appears_by_itself(
    opened: Opener, store: Store, ids: SimpleNamespace, clock: Clock
) -> None:
    async with opened() as pilot:
        await pilot.press("j")
        other = open_store(store.home, now=clock, today=lambda: TODAY)
        commands.create(other, "item", {"title": "from the command line"})
        other.close()
        await at_last(pilot, lambda: "from the command" in screen_text(pilot))
        assert here(pilot) == ids.tracking


async def test_what_a_teammate_renames_is_renamed_everywhere(
    opened: Opener, store: Store, ids: SimpleNamespace, teammate: Callable[[str], Store], clock: Clock
) -> None:
    other = teammate("Mei")
    async with opened(WIDE) as pilot:
        assert "R&D" in screen_text(pilot)
        commands.set_fields(other, [ids.departments["yf"]], {"title_en": "Engineering"})
        here_too = open_store(store.home, now=clock, today=lambda: TODAY)
        exchange(other, here_too)
        here_too.close()
        await at_last(pilot, lambda: "Engineering" in screen_text(pilot))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (SyncLine(SYNCED, peers=3, synced_at=1), "3 peers · synced"),
        (SyncLine(SYNCED, peers=1, synced_at=1, outbox=2), "2 to send"),
        (SyncLine(WAITING, peers=2, synced_at=1, waiting=1), "waiting for 1"),
        (SyncLine(PAUSED, message="The folder is not there."), "sync paused"),
        (SyncLine(FAILED, message="It fails."), "sync failed"),
    ],
)
async def test_the_header_says_how_sync_stands(
    opened: Opener, ids: SimpleNamespace, line: SyncLine, words: str
) -> None:
    async with opened(NARROW) as pilot:
        app = app_of(pilot)
        app._show_line(line)
        await pilot.pause()
        assert words in screen_text(pilot).splitlines()[0]
        if line.message:
            assert line.message in screen_text(pilot)
        app._show_line(SyncLine(SYNCED, peers=1))
        await pilot.pause()
        assert not line.message or line.message not in screen_text(pilot)


async def test_days_are_counted_from_the_new_day_after_midnight(
    store: Store, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        assert "in 4 days" in screen_text(pilot)
        monkeypatch.setattr(store, "_today", lambda: TODAY + datetime.timedelta(days=1))
        app._tick()
        await pilot.pause()
        assert "in 3 days" in screen_text(pilot)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_an_empty_workspace_takes_the_first_line(
    tmp_path: Path, clock: Clock, size: tuple[int, int]
) -> None:
    store = init_workspace(str(tmp_path / "new"), name="New", member="林平", code="lp", now=clock)
    app = SameboatApp(store, sync=False)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if size == WIDE:
            assert "a adds an item" in screen_text(pilot)
        await pilot.press("L", "m", "D", "enter", "j", "l", "A", "space", "y")
        assert "There is no card here: a adds one" in note(pilot)
        await pilot.press("a")
        await write(pilot, "first")
        await pilot.press("enter")
        await pilot.pause()
        assert "first" in screen_text(pilot)
    store.close()


async def test_text_from_elsewhere_is_never_markup_and_never_control(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    evil = "[bold]x[/bold] [@click=app.quit]y[/] \x1b[2J\x07 \u202e"
    department = commands.create(store, "department", {"title": evil}).ids[0]
    member = commands.create(store, "member", {"title": evil}).ids[0]
    ent = commands.create(
        store,
        "item",
        {"title": evil, "labels": [evil], "description": evil, "blocked": evil, "custom": {evil: evil},
         "department": department, "owner": member},
    ).ids[0]  # fmt: skip
    commands.comment(store, ent, evil)
    commands.set_fields(store, [store.workspace], {"title": evil})
    async with opened(WIDE) as pilot:
        for keys in ([], ["y"], ["A"], ["escape", "#"], ["escape", "i"], ["i", "e"], ["escape", "E"]):
            await pilot.press(*keys)
            await pilot.pause()
            shown = screen_text(pilot)
            assert "[bold]" in shown
            assert not {"\x1b", "\x07", "\u202e"} & set(shown)


async def test_the_screen_fits_while_the_terminal_changes_its_size(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        for size in (NARROW, (20, 5), (109, 30), (110, 30), (300, 80)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert all(len(line) <= size[0] for line in screen_text(pilot).splitlines())
        assert "The second paragraph." in screen_text(pilot)


async def test_the_config_file_is_read_and_its_mistakes_are_a_banner(
    opened: Opener, ids: SimpleNamespace, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'theme = "light"\nstart = "board"\n[keys]\nmove_right = "M"\nmoove_left = "N"\n', encoding="utf-8"
    )
    async with opened(WIDE) as pilot:
        assert pilot.app.theme == "sameboat-light"
        assert "There is no action “moove_left”" in screen_text(pilot)
        await pilot.press("L")
        assert here(pilot) == ids.pricing
        assert not note(pilot)
        await pilot.press("M")
        await pilot.pause()
        assert "Doing" in note(pilot)
        config.write_text('start = "board"\n[keys]\nmove_right = "N"\n', encoding="utf-8")
        await pilot.press(":")
        await write(pilot, "config file")
        await pilot.press("enter")
        await pilot.pause()
        assert "moove_left" not in screen_text(pilot)
        assert pilot.app.theme == "sameboat-dark"
        await pilot.press("N")
        await pilot.pause()
        assert "In review" in note(pilot)


async def test_hints_that_are_clicked_do_what_they_say(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        footer = app_of(pilot).board_screen.footer
        start = next(start for start, _end, action in footer._places if action == "help")
        await pilot.click(footer, offset=(start + 1, 0))
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)


def test_languages_are_named_in_themselves() -> None:
    assert i18n.LANGUAGES == {"en": "English", "zh_CN": "简体中文"}


async def test_ctrl_c_says_how_to_quit_and_q_quits(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await pilot.press("ctrl+c")
        assert note(pilot) == "q quits"
        await pilot.press("q")
        await pilot.pause()
        assert not pilot.app.is_running


async def test_tab_goes_to_the_details_and_back(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        screen = app_of(pilot).board_screen
        await pilot.press("tab")
        assert pilot.app.focused is screen.details
        await pilot.press("tab")
        assert pilot.app.focused is screen.board


async def test_what_was_refused_stands_as_a_banner(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(NARROW) as pilot:
        app_of(pilot)._show_line(SyncLine(SYNCED, peers=1, refused="1 file was refused."))
        await pilot.pause()
        assert "1 file was refused." in screen_text(pilot)
        app_of(pilot)._show_line(SyncLine(SYNCED, peers=1, progress=40))
        await pilot.pause()
        assert "1 file was refused." not in screen_text(pilot)
