"""Two sizes of the terminal under way at once: the screen ends up at the newer one, and at rest."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil

import pytest
from textual import events
from textual.geometry import Size
from textual.screen import Screen

import tui.screens
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, at_last
from tui.screens.terminal_size import FitsTerminal

STALE = (80, 25)
MOST = 20


@pytest.mark.parametrize("keys", [(), ("question_mark",), ("s",)])
async def test_a_size_that_is_over_is_not_laid_out_again(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    async with opened(WIDE) as pilot:
        app = app_of(pilot)
        await pilot.press(*keys)
        laid_out: list[tuple[int, int]] = []
        lay_out = Screen._refresh_layout

        def counted(screen: Screen[object], size: Size | None = None, scroll: bool = False) -> None:
            if size is not None:
                laid_out.append((size.width, size.height))
            if len(laid_out) < MOST:  # a test that finds no end must come to one
                lay_out(screen, size, scroll)

        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        await pilot.resize_terminal(*NARROW)
        for size in (STALE, NARROW):
            # Something between them keeps the later one from replacing the earlier one in the queue.
            app.screen.post_message(events.Callback(lambda: None))
            app.screen.post_message(events.Resize(Size(*size), Size(*size)))
        await at_last(pilot, lambda: bool(laid_out))
        await asyncio.sleep(0.3)
        assert laid_out[-1] == NARROW
        assert STALE not in laid_out
        assert len(laid_out) < MOST
        assert app.screen.size == NARROW


def test_every_screen_fits_the_terminal() -> None:
    for found in pkgutil.iter_modules(tui.screens.__path__, "tui.screens."):
        for screen in vars(importlib.import_module(found.name)).values():
            if isinstance(screen, type) and issubclass(screen, Screen) and screen.__module__ == found.name:
                assert issubclass(screen, FitsTerminal), screen
