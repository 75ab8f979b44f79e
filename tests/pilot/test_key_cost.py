"""A key does what it must and no more: it paints what looks different, and asks for what may have changed."""

from __future__ import annotations

import random
from types import SimpleNamespace
from unittest.mock import MagicMock, patch

import pytest
from textual._compositor import ChopsUpdate, Compositor
from textual.pilot import Pilot
from textual.strip import Strip

from store import checkpoint, commands
from store.database import Store
from tests.pilot.conftest import WIDE, Opener, app_of
from tui.app import SameboatApp
from tui.config import load_config
from tui.live import POLL_SECONDS, sync_state_of
from tui.screens.board_source import StoreSource
from tui.widgets.board.column import ColumnView
from tui.widgets.detail import DetailView

# Whatever moves the cursor, a card or the details, or changes what is shown; nothing that opens something to type in.
KEYS = [*"jjkkhlHLJKJKLHgGsz-oiuUvC", "space", "pagedown", "pageup", "ctrl+a", "escape", "enter", "tab", "D"]


class Terminal:
    """What a terminal shows: of every frame, it takes over only what the frame paints."""

    def __init__(self) -> None:
        self.lines: list[Strip] = []
        self.frames = 0
        self.wholes = 0  # frames that paint every cell
        self._render = Compositor.render_update

    def render_update(self, compositor: Compositor, *args: object, **named: object) -> object:
        """Return a frame as the library does, and paint it."""
        self.frames += 1
        update = self._render(compositor, *args, **named)  # type: ignore[arg-type]
        drawn = compositor.render_strips()
        if isinstance(update, ChopsUpdate):
            for y, left, right in update.spans if self.lines else ():
                line = self.lines[y]
                whole = [line.crop(0, left), drawn[y].crop(left, right), line.crop(right, line.cell_length)]
                self.lines[y] = Strip.join(whole)
        elif update is not None:
            self.wholes += 1
            self.lines = drawn
        return update

    async def at_rest(self, pilot: Pilot[None]) -> None:
        """Wait until nothing more is painted."""
        painted = -1
        while painted != self.frames:
            painted = self.frames
            await pilot.pause(0.05)

    @property
    def picture(self) -> list[list[object]]:
        """What stands on it, line by line."""
        return [list(line.simplify()) for line in self.lines]


@pytest.fixture
def many(store: Store, ids: SimpleNamespace) -> None:
    """Fill a column so far that it scrolls."""
    with commands.change(store, "import") as change:
        for number in range(60):
            change.create("item", {"title": f"第 {number} 项", "status": ids.todo}, bottom=True)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.usefixtures("many")
async def test_whatever_was_pressed_the_screen_shows_what_would_be_drawn_anew(
    opened: Opener, seed: int
) -> None:
    mixed = random.Random(seed)
    terminal = Terminal()
    with patch.object(
        Compositor, "render_update", lambda *args, **named: terminal.render_update(*args, **named)
    ):
        async with opened(WIDE) as pilot:
            for _ in range(6):
                keys = mixed.choices(KEYS, k=12)
                await pilot.press(*keys)
                await terminal.at_rest(pilot)
                shown = terminal.picture
                screen = app_of(pilot).board_screen
                screen.board.grid.load()
                for widget in screen.query("*"):
                    widget.refresh()
                await terminal.at_rest(pilot)
                assert terminal.picture == shown, keys


async def test_a_move_paints_the_lines_of_the_details_that_say_something_else(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        with patch.object(
            DetailView, "render_line", autospec=True, side_effect=DetailView.render_line
        ) as painted:
            await pilot.press("L")
            await pilot.pause()
        assert 0 < painted.call_count <= 4


async def test_a_move_asks_for_the_cards_of_the_two_columns_alone(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        with patch.object(StoreSource, "window", autospec=True, side_effect=StoreSource.window) as asked:
            await pilot.press("L")
            await pilot.pause()
        assert columns_asked(asked) == {ids.todo, ids.doing}


async def test_a_card_that_goes_past_another_paints_two_cards(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        with patch.object(ColumnView, "refresh", autospec=True, side_effect=ColumnView.refresh) as refreshed:
            await pilot.press("J")
            await pilot.pause()
        heights = [region.height for call in refreshed.call_args_list for region in call.args[1:]]
        assert sum(heights) <= 2 * app_of(pilot).board_screen.board.grid.shape.lines


def columns_asked(asked: MagicMock) -> set[str]:
    """Return the columns that windows of cards were asked for."""
    return {call.args[1] for call in asked.call_args_list}


async def test_what_a_move_has_committed_is_carried_over_once_nobody_edits(
    opened: Opener, store: Store, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "QUIET_SECONDS", 0.1)
    monkeypatch.setattr(checkpoint, "ROWS", 1)
    with patch.object(checkpoint, "checkpoint", side_effect=checkpoint.checkpoint) as carried:
        async with opened(WIDE) as pilot:
            await pilot.press("L")
            await pilot.pause(4 * POLL_SECONDS)
    carried.assert_called_once_with(store.path)


def test_asking_how_sync_stands_costs_the_same_however_long_the_log_is(store: Store) -> None:
    def steps() -> int:
        taken = 0

        def step() -> None:
            nonlocal taken
            taken += 1

        store.conn.set_progress_handler(step, 10)
        sync_state_of(store)
        store.conn.set_progress_handler(None, 0)
        return taken

    few = steps()
    with commands.change(store, "import") as change:
        for number in range(500):
            change.create("item", {"title": f"第 {number} 项"})
    assert steps() < 2 * few


async def test_a_line_that_opens_or_goes_has_nothing_painted_twice(
    store: Store, ids: SimpleNamespace
) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    # As in a terminal: there is room for toasts and tooltips, which show none.
    async with app.run_test(size=WIDE, notifications=True, tooltips=True) as pilot:
        await pilot.pause(0.1)
        terminal = Terminal()
        with patch.object(
            Compositor, "render_update", lambda *args, **named: terminal.render_update(*args, **named)
        ):
            for keys in (("x",), "conflict", ("enter",), ("a",), ("escape",)):
                await pilot.press(*keys)
                await terminal.at_rest(pilot)
        assert terminal.wholes == 0
