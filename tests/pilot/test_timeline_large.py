"""A large plan on the timeline: read by a thread beside the open screen, and followed while it changes."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands
from store.change import Change
from store.database import Store
from store.errors import StoreError
from store.plan import read_plan
from tests.pilot.conftest import WIDE, app_of, at_last, screen_text
from tests.sample_plan import plan
from tui.app import SameboatApp
from tui.config import load_config
from tui.screens import timeline_frame
from tui.screens.timeline import TimelineScreen


@pytest.fixture
def ids(store: Store, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The sample plan, of which the first frame has two items only."""
    monkeypatch.setattr(timeline_frame, "SMALL", 3)
    monkeypatch.setattr(timeline_frame, "FIRST", 2)
    return plan(store)


def screen_of(pilot: Pilot[None]) -> TimelineScreen:
    found = app_of(pilot).place
    assert isinstance(found, TimelineScreen)
    return found


def elsewhere(app: SameboatApp, work: Callable[[], Change]) -> Change:
    """Do a change as another program does, which the app then hears of."""
    done = work()
    app.show_changes(done.changes)
    return done


async def whole(pilot: Pilot[None]) -> TimelineScreen:
    """Go to the timeline and wait until the thread has read."""
    await pilot.press("3")
    await at_last(pilot, lambda: isinstance(app_of(pilot).place, TimelineScreen))
    screen = screen_of(pilot)
    await at_last(pilot, lambda: screen.whole and not screen.reading)
    return screen


def shows_what_is_there(screen: TimelineScreen, store: Store) -> bool:
    wanted = read_plan(store)
    return screen.plan.slots == wanted.slots and screen.plan.tasks == wanted.tasks


async def test_the_first_rows_stand_at_once_and_the_rest_comes(store: Store, ids: SimpleNamespace) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3")
        screen = screen_of(pilot)
        assert len(screen.plan.tasks) == 2 or screen.whole
        await at_last(pilot, lambda: screen.whole)
        assert shows_what_is_there(screen, store)
        assert "reading the plan" not in screen_text(pilot)
        for ent in screen.plan.slots:
            assert screen.source.index_of(ent) is not None


async def test_what_is_made_moved_or_trashed_shows_at_once(store: Store, ids: SimpleNamespace) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        screen = await whole(pilot)
        fields = {"title": "made elsewhere", "due": "2026-11-25"}
        made = elsewhere(app, lambda: commands.create(store, "item", fields)).ids[0]
        assert not screen.reading  # nothing but the item is looked at
        assert screen.source.index_of(made) is not None
        elsewhere(app, lambda: commands.set_fields(store, [made], {"due": "2026-12-18"}))
        assert not screen.reading
        assert shows_what_is_there(screen, store)
        keys = [line.key for line in screen.source.lines]
        assert keys == [line.key for line in _anew(screen)]
        elsewhere(app, lambda: commands.trash(store, [made]))
        assert not screen.reading
        assert screen.source.index_of(made) is None


async def test_a_change_of_what_belongs_to_what_is_read_beside_the_keys(
    store: Store, ids: SimpleNamespace
) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        screen = await whole(pilot)
        elsewhere(app, lambda: commands.set_fields(store, [ids.copy], {"parent": ids.launch}))
        assert screen.reading
        await pilot.pause()
        fields = {"parent": ids.launch, "duration": 4}
        elsewhere(app, lambda: commands.set_fields(store, [ids.press], fields))  # while it is being read
        await at_last(pilot, lambda: not screen.reading)
        await at_last(pilot, lambda: shows_what_is_there(screen, store))
        assert [line.key for line in screen.source.lines] == [line.key for line in _anew(screen)]


async def test_a_plan_that_no_thread_can_read_is_read_by_the_connection_that_is_open(
    store: Store, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(timeline_frame, "read_chart", refused)
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        screen = await whole(pilot)
        assert shows_what_is_there(screen, store)


def _anew(screen: TimelineScreen) -> list[object]:
    screen._shown_rows = None
    return list(screen._source().lines)
