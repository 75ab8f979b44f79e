"""The sync screen: places, devices, what is waited for and refused, and the diary, kept up to date while it is open."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from store import places
from store.changes import ChangeSet
from store.database import Store
from store.setup import enter_workspace, join_workspace
from sync.engine import Engine
from sync.places.share import create_share
from sync.report import SyncReport
from sync.state import PlaceState, SyncState
from sync.trust.keys import fingerprint, load_keys
from sync.trust.roster import require_approval
from tests.conftest import add_item
from tests.pilot.conftest import Opener, app_of, at_last, screen_text
from tui.app import SameboatApp
from tui.config import load_config
from tui.live import Progressed, Reported
from tui.screens.sync import SyncScreen
from tui.screens.sync_entries import sync_entries


def shown(pilot: Pilot[None]) -> str:
    screen = app_of(pilot).screen
    assert isinstance(screen, SyncScreen)
    return "\n".join(line.plain for entry in screen.list.entries for line in entry.lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "team"
    made.mkdir()
    return made


def test_a_server_says_when_it_is_tried_next_and_how_much_of_its_budget_is_used() -> None:
    at = 1_795_000_000_000
    place = PlaceState(1, "webdavs://h/team", False, "throttled", "", at, at + 90_000, 412, 600)
    for one in (place, place._replace(paused="")):
        state = SyncState((one,), (), (), (), 0, at)
        text = "\n".join(line.plain for entry in sync_entries(state, [], {}, 78, at) for line in entry.lines)
        assert "412 of 600 requests used" in text
        assert re.search(r"next try at \d\d:\d\d:\d\d", text)


async def open_screen(pilot: Pilot[None]) -> None:
    await pilot.press("S")
    await pilot.pause()


async def test_a_workspace_without_a_place_is_told_how_to_get_one(opened: Opener) -> None:
    async with opened((80, 24)) as pilot:
        await open_screen(pilot)
        assert "sameboat place add" in shown(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert app_of(pilot).screen is app_of(pilot).board_screen


async def test_what_arrives_is_shown_while_the_screen_is_open(
    opened: Opener, store: Store, teammate: Callable[[str], Store], folder: Path
) -> None:
    other = teammate("韩梅")
    for each in (store, other):
        create_share(str(folder), each)
        Engine(each).sync()
    async with opened() as pilot:
        await open_screen(pilot)
        assert str(folder) in shown(pilot)
        assert "韩梅" in shown(pilot)
        add_item(other, "x")
        Engine(other).sync()
        report = Engine(store).sync()
        app_of(pilot).show_changes(report.changes)
        await pilot.pause()
        assert "received" in shown(pilot)


async def test_the_key_that_begins_a_sync_is_told_while_none_runs(
    opened: Opener, store: Store, folder: Path
) -> None:
    create_share(str(folder), store)
    Engine(store).sync()
    async with opened((80, 24)) as pilot:
        await open_screen(pilot)
        assert "r sync now" in screen_text(pilot)
        assert "c stop" not in screen_text(pilot)
        app_of(pilot).post_message(Progressed(40))
        await pilot.pause()
        assert "c stop" in screen_text(pilot)
        assert "r sync now" not in screen_text(pilot)


async def test_a_sync_that_runs_is_shown_as_running_whatever_else_is_shown(
    opened: Opener, store: Store, folder: Path
) -> None:
    create_share(str(folder), store)
    Engine(store).sync()
    async with opened() as pilot:
        await open_screen(pilot)
        app_of(pilot).post_message(Progressed(40))
        await pilot.pause()
        app_of(pilot)._show_sync()  # as a look at the database does, or a tick of the clock
        await pilot.pause()
        assert "syncing 40%" in screen_text(pilot)
        assert "c stop" in screen_text(pilot)
        app_of(pilot).post_message(Reported(SyncReport(0, ChangeSet())))
        await pilot.pause()
        assert "synced" in screen_text(pilot)


async def test_who_waits_for_approval_is_told_and_shown_to_whoever_may_give_it(
    opened: Opener, store: Store, folder: Path, tmp_path: Path
) -> None:
    create_share(str(folder), store)
    require_approval(store, True)
    Engine(store).sync()
    other = join_workspace(str(tmp_path / "eva"), store.workspace)
    create_share(str(folder), other)
    Engine(other).sync()
    enter_workspace(other, member="Eva", code="ev", device_name="laptop")
    Engine(other).sync()
    Engine(store).sync()
    mark = fingerprint(load_keys(other.home).public)
    async with opened() as pilot:
        await at_last(pilot, lambda: "1 device waits for approval" in screen_text(pilot))
        await open_screen(pilot)
        assert f"“Eva · laptop”?  {mark}" in shown(pilot)
        assert f"sameboat devices approve {other.device}" in shown(pilot)
    app = SameboatApp(other, load_config(other.home), sync=False)
    async with app.run_test(size=(120, 40)) as pilot:
        await at_last(pilot, lambda: "waits until somebody approves it" in screen_text(pilot))
        assert "waits for approval" in screen_text(pilot).splitlines()[0]
        await open_screen(pilot)
        assert f"this device  {mark}" in shown(pilot)
    other.close()


async def test_who_can_send_nowhere_is_told_so(opened: Opener, store: Store, folder: Path) -> None:
    create_share(str(folder), store)
    Engine(store).sync()
    (place,) = places.places(store)
    places.remove_place(store, place.n)
    create_share(str(folder), store, readonly=True)
    Engine(store).sync()
    async with opened() as pilot:
        await at_last(pilot, lambda: "read-only" in screen_text(pilot).splitlines()[0])
        await open_screen(pilot)
        assert "what you write stays on this machine" in shown(pilot)


async def test_a_folder_without_what_was_put_there_says_what_to_do(
    opened: Opener, store: Store, folder: Path
) -> None:
    create_share(str(folder), store)
    Engine(store).sync()
    add_item(store, "typed meanwhile")
    shutil.rmtree(folder)
    folder.mkdir()
    Engine(store).sync()
    async with opened() as pilot:
        said = re.compile(r"sync paused · \d+ to send")
        await at_last(pilot, lambda: said.search(screen_text(pilot).splitlines()[0]) is not None)
        await open_screen(pilot)
        assert shown(pilot).count("not what Sameboat had put into it") == 2, "the place and the diary"


async def test_a_trouble_says_what_and_since_when(opened: Opener, store: Store, folder: Path) -> None:
    create_share(str(folder), store)
    folder.rename(folder.with_name("away"))
    Engine(store).sync()
    async with opened((80, 24)) as pilot:
        await open_screen(pilot)
        assert "is the drive mounted?" in shown(pilot)


async def test_a_refused_file_and_what_is_waited_for_are_listed(
    opened: Opener, store: Store, teammate: Callable[[str], Store], folder: Path
) -> None:
    other = teammate("Hm")
    for each in (store, other):
        create_share(str(folder), each)
    add_item(other, "x")
    Engine(other).sync()
    for segment in folder.rglob("*.seg"):
        segment.write_bytes(segment.read_bytes()[:-9] + b"not these")
    Engine(store).sync()
    async with opened() as pilot:
        await open_screen(pilot)
        text = shown(pilot)
        assert "Refused and kept aside" in text
        assert "Waited for" in text
        assert ".seg" in text
