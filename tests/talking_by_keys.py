"""Somebody at the app who has nothing but keys: counts them, and measures what keeping one thing costs."""

from __future__ import annotations

import contextlib
import datetime
import functools
import time
from collections.abc import AsyncIterator, Iterator
from typing import NamedTuple

import pytest
import zstandard
from textual.pilot import Pilot

from store import database
from store.database import Store
from tests.pilot.conftest import WIDE, app_of, at_last, screen_text
from tui.app import SameboatApp
from tui.cli import main
from tui.config import load_config
from tui.screens.feedback.screen import FeedbackScreen
from tui.screens.tab import Tab

FRAME = b"\x28\xb5\x2f\xfd"  # begins a zstandard frame
TABS = 8
NAMES = {" ": "space"}


class Cost(NamedTuple):
    """What one thing took from its first key to saved and closed; the seconds are told, never asserted."""

    what: str
    keys: int  # beyond the text itself
    text: int
    writes: int  # transactions
    seconds: float


class Hand:
    """Presses keys in an app that runs, each when what the one before it began is done."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.app = app_of(pilot)
        self.pressed = 0

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.pressed += 1
            await self.pilot.press(key)
            await self.pilot.pause()

    async def write(self, text: str) -> None:
        """Type a text without a pause, as one does."""
        self.pressed += len(text)
        await self.pilot.press(*(NAMES.get(character, character) for character in text))
        await self.pilot.pause()

    async def enter(self, text: str) -> None:
        """Type a text and press enter."""
        await self.write(text)
        await self.press("enter")

    async def ask(self, key: str, *answers: str) -> None:
        """Press a key and answer what it asks, line by line."""
        await self.press(key)
        for answer in answers:
            await self.enter(answer)

    async def replace(self, text: str) -> None:
        """Take away what stands in the line, then type a text and press enter."""
        await self.press("ctrl+u")
        await self.enter(text)

    async def enter_line(self, key: str, line: str) -> None:
        """Keep one line by its key."""
        await self.press(key)
        await self.enter(line)

    async def capture(self, key: str, line: str) -> Cost:
        """Keep one line by its key, and return what that took."""
        before, began = self.pressed, time.perf_counter()
        with transactions(self.app.store) as written:
            await self.press(key)
            await self.enter(line)
        seconds = time.perf_counter() - began
        return Cost(f"{key} {line}", self.pressed - before - len(line), len(line), len(written), seconds)

    async def to_tab(self, scope: str) -> Tab:
        """Go to a tab of the feedback screen."""
        if not isinstance(self.app.place, FeedbackScreen):
            await self.press("4")
        for _ in range(TABS):
            if self.tab.SCOPE == scope:
                return self.tab
            await self.press("right_square_bracket")
        raise AssertionError(f"no tab {scope}: {self.tab.SCOPE}")

    async def to_row(self, ent: str) -> None:
        """Go down the list to a row."""
        await self.press("g")
        for _ in range(len(self.tab.list.rows)):
            if self.tab.list.key == ent:
                return
            await self.press("j")
        assert self.tab.list.key == ent, [row.title for row in self.tab.list.rows]

    async def until(self, gone: str) -> None:
        """Wait for what runs in the background."""
        await at_last(self.pilot, lambda: gone not in self.shown)

    @property
    def tab(self) -> Tab:
        """The tab in sight."""
        assert isinstance(self.app.place, FeedbackScreen)
        return self.app.place.tab

    @property
    def said(self) -> str:
        """What the bottom line says."""
        return str(self.app.place.footer.note)

    @property
    def shown(self) -> str:
        """What the terminal shows."""
        return screen_text(self.pilot)

    @property
    def copied(self) -> str:
        """What was copied last."""
        return self.app.clipboard


@contextlib.asynccontextmanager
async def sitting(store: Store, size: tuple[int, int] = WIDE) -> AsyncIterator[Hand]:
    """Open the app on somebody's replica, without sync: what travels is the test's affair."""
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Hand(pilot)


@contextlib.contextmanager
def transactions(store: Store) -> Iterator[list[str]]:
    """Note each transaction that is committed meanwhile."""
    found: list[str] = []

    def told(statement: str) -> None:
        if statement == "COMMIT":
            found.append(statement)

    store.conn.set_trace_callback(told)
    try:
        yield found
    finally:
        store.conn.set_trace_callback(None)


def table(costs: list[Cost]) -> str:
    """Return the costs for whoever reads a failure."""
    return "\n".join(
        f"{one.seconds * 1000:7.0f} ms  {one.keys} keys + {one.text} of text  {one.writes} written  {one.what}"
        for one in costs
    )


def quarter_report(
    store: Store, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """Return the report of the store's quarter as the command line prints it, on the store's own day."""
    opened = functools.partial(database.open_store, now=store.now, today=store.today)
    monkeypatch.setattr("tui.cli.workspace.open_store", opened)
    monkeypatch.setenv("SAMEBOAT_HOME", store.home)
    capsys.readouterr()
    assert main(["report", "quarter", "--markdown", "--lang", language]) == 0
    return capsys.readouterr().out


def day(store: Store) -> str:
    """Return the store's day."""
    return store.today().isoformat()


def later(store: Store, days: int) -> str:
    """Return a day after the store's."""
    return (store.today() + datetime.timedelta(days)).isoformat()


def unpacked(data: bytes) -> Iterator[bytes]:
    """Yield the bytes of a file and of every zstandard frame in it."""
    yield data
    start = data.find(FRAME)
    while start >= 0:
        with contextlib.suppress(zstandard.ZstdError):
            yield zstandard.ZstdDecompressor().decompressobj().decompress(data[start:])
        start = data.find(FRAME, start + 1)
