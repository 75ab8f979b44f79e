"""The app over a small workspace on disk, driven by keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import queries
from store.database import Store
from tests.conftest import Clock
from tests.patience import PATIENCE
from tests.sample_workspace import fill
from tui import i18n
from tui.app import SameboatApp
from tui.config import load_config

NARROW = (80, 24)
WIDE = (160, 45)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Iterator[None]:
    """Speak English and read no config but the test's own, in which the app opens on the board."""
    config = Path(str(tmp_path)) / "config.toml"
    config.write_text('start = "board"\n', encoding="utf-8")
    monkeypatch.setenv("SAMEBOAT_CONFIG", str(config))
    monkeypatch.delenv("NO_COLOR", raising=False)
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the workspace; the ids by what they are about."""
    return fill(store, clock)


Opened = AbstractAsyncContextManager[Pilot[None]]
Opener = Callable[..., Opened]


@pytest.fixture
def opened(store: Store, ids: SimpleNamespace) -> Opener:
    """Open the app on the workspace: `async with opened(NARROW) as pilot`."""

    @asynccontextmanager
    async def open_app(size: tuple[int, int] = WIDE) -> AsyncIterator[Pilot[None]]:
        app = SameboatApp(store, load_config(store.home), sync=False)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield pilot

    return open_app


async def at_last(pilot: Pilot[None], true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something is true: what threads and teammates do comes when it comes."""
    for _ in range(int(seconds / 0.02)):
        await pilot.pause()
        if true():
            return
        await asyncio.sleep(0.02)
    assert true()


def app_of(pilot: Pilot[None]) -> SameboatApp:
    """Return the app that a pilot drives."""
    assert isinstance(pilot.app, SameboatApp)
    return pilot.app


def here(pilot: Pilot[None]) -> str:
    """Return the id of the card under the cursor."""
    card = app_of(pilot).board_screen.card
    return card.id if card else ""


def note(pilot: Pilot[None]) -> str:
    """Return what the bottom line says."""
    return app_of(pilot).board_screen.footer.note


async def write(pilot: Pilot[None], text: str) -> None:
    """Type a text key by key."""
    names = {" ": "space"}
    await pilot.press(*(names.get(character, character) for character in text))


def screen_text(pilot: Pilot[None]) -> str:
    """Return what the terminal shows, line by line."""
    screen = pilot.app.screen
    strips = screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def order(store: Store, status: str) -> list[str]:
    """Return a status's cards in board order."""
    return [card.id for card in queries.cards(store, status)]
