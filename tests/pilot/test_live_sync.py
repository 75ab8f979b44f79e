"""An open app and a real shared folder: what teammates send appears by itself, what is typed here reaches them."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.changes import ChangeSet
from store.database import Store, open_store
from store.setup import enter_workspace, join_workspace
from sync.encryption.keyring import Keyring
from sync.encryption.setting import set_encrypted
from sync.engine import Engine
from sync.places.share import create_share
from sync.report import SyncReport
from tests.conftest import Clock
from tests.pilot.conftest import WIDE, app_of, at_last, screen_text, write
from tui.app import SameboatApp
from tui.config import load_config
from tui.live import Progressed, Reported


@pytest.fixture
def shared(store: Store, tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    create_share(str(folder), store)
    Engine(store).sync()
    return folder


@pytest.fixture
def mei(store: Store, shared: Path, tmp_path: Path, clock: Clock) -> Store:
    """A teammate's replica over the same folder."""
    other = join_workspace(str(tmp_path / "mei"), store.workspace, now=clock)
    create_share(str(shared), other)
    Engine(other).sync()
    enter_workspace(other, member="Mei", code="me")
    Engine(other).sync()
    return other


async def shows(pilot: Pilot[None], text: str) -> None:
    """Wait until the terminal shows a text."""
    await at_last(pilot, lambda: text in screen_text(pilot))


async def hides(pilot: Pilot[None], text: str) -> None:
    """Wait until the terminal no longer shows a text: what the header says comes after what the board does."""
    await at_last(pilot, lambda: text not in screen_text(pilot))


async def test_a_teammates_line_appears_and_the_header_counts_the_peer(
    store: Store, ids: SimpleNamespace, mei: Store
) -> None:
    app = SameboatApp(store, load_config(store.home))
    async with app.run_test(size=WIDE) as pilot:
        await shows(pilot, "1 peer")
        commands.create(mei, "conflict", {"title": "Who writes the manual", "severity": 1})
        Engine(mei).sync()
        await shows(pilot, "Who writes")
        await shows(pilot, "2 conflicts")


async def test_what_is_typed_reaches_a_teammate_also_when_the_app_is_closed_at_once(
    store: Store, ids: SimpleNamespace, mei: Store
) -> None:
    app = SameboatApp(store, load_config(store.home))
    async with app.run_test(size=WIDE) as pilot:
        await shows(pilot, "1 peer")
        await pilot.press("a")
        await write(pilot, "last words")
        await pilot.press("enter", "q")
    Engine(mei).sync()
    assert "last words" in [card.title for card in queries.matching(mei, "item")]


async def test_a_folder_that_is_away_is_a_banner_until_it_is_back(
    store: Store, ids: SimpleNamespace, shared: Path, mei: Store
) -> None:
    app = SameboatApp(store, load_config(store.home))
    async with app.run_test(size=WIDE) as pilot:
        await shows(pilot, "1 peer")
        away = shared.rename(shared.with_name("away"))
        await pilot.press("r")
        await shows(pilot, "sync paused")
        assert "is paused" in screen_text(pilot)
        await pilot.press("a")
        await write(pilot, "offline work")
        await pilot.press("enter")
        away.rename(shared)
        await pilot.press("r")
        await shows(pilot, "1 peer")
        assert "is paused" not in screen_text(pilot)
    Engine(mei).sync()
    assert "offline work" in [card.title for card in queries.matching(mei, "item")]


async def test_what_goes_on_while_the_app_closes_is_told_to_nobody(
    store: Store, ids: SimpleNamespace
) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
    assert not app.screen_stack
    app.on_reported(Reported(SyncReport(0, ChangeSet())))
    app.on_progressed(Progressed(50))
    with closing(open_store(store.home)) as other:
        commands.set_fields(other, [ids.todo], {"title": "from elsewhere"})
    app._poll()
    app._tick()


async def test_sync_can_be_switched_off(store: Store, ids: SimpleNamespace, mei: Store) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("r")
        assert "switched off" in app_of(pilot).board_screen.footer.note


async def test_a_copied_home_says_so_in_a_banner_once(
    store: Store, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.sync_shown.NOTICE_SECONDS", 0.05)
    ent = commands.create(store, "item", {"title": "before"}).ids[0]
    store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(store.home, tmp_path / "copy")
    twin = open_store(str(tmp_path / "copy"), now=clock, today=store.today)
    app = SameboatApp(twin, load_config(twin.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        banners = app.board_screen.banners
        assert banners.standing == {}
        app.perform("rename", lambda change: change.set(ent, {"title": "in the copy"}))
        assert "copy of another" in banners.standing["notice"]
        await at_last(pilot, lambda: banners.standing == {})
        app._tick()
        assert banners.standing == {}
    twin.close()


async def test_a_missing_key_is_a_banner_that_says_what_to_do_until_it_is_here(
    store: Store, ids: SimpleNamespace, tmp_path: Path, clock: Clock
) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    set_encrypted(store)
    ours = Keyring(store.home)
    ours.start()
    create_share(str(folder), store)
    Engine(store).sync()
    mei = join_workspace(str(tmp_path / "mei"), store.workspace, now=clock)
    set_encrypted(mei)
    Keyring(mei.home).enter(ours.generations)
    create_share(str(folder), mei)
    Engine(mei).sync()
    enter_workspace(mei, member="Mei", code="me")
    made = Keyring(mei.home).rotate({}, [])
    commands.create(mei, "item", {"title": "first words"})
    Engine(mei).sync()
    app = SameboatApp(store, load_config(store.home))
    async with app.run_test(size=WIDE) as pilot:
        await shows(pilot, "cannot be read here")
        await shows(pilot, "sameboat invite")
        ours.accept([made.generation])
        commands.create(mei, "item", {"title": "second words"})
        Engine(mei).sync()
        await shows(pilot, "first words")
        await shows(pilot, "second words")
        await hides(pilot, "cannot be read here")
