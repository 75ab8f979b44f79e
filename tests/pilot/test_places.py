"""The places: each is as it was left, and shows what came while one was elsewhere."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import commands
from store.database import Store, open_store
from tests.conftest import Clock
from tests.pilot.conftest import Opener, app_of, screen_text, write
from tests.pilot.test_feedback_screen import desk, press
from tests.sample_feedback import fill_feedback, triage_some
from tui.screens.feedback.screen import FeedbackScreen
from tui.screens.timeline import TimelineScreen
from tui.widgets.capture_bar import CaptureBar


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the workspace with what people said."""
    found = fill_feedback(store, clock)
    triage_some(store, found)
    return found


async def test_a_place_is_as_it_was_left(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "j", "j", "space")
        left, under, chosen = desk(pilot), desk(pilot).tab.list.key, set(desk(pilot).tab.list.selected)
        assert under
        assert chosen
        await press(pilot, "3", "2", "3", "4")
        assert desk(pilot) is left
        assert desk(pilot).tab.list.key == under
        assert set(desk(pilot).tab.list.selected) == chosen
        await press(pilot, "k")
        assert desk(pilot).tab.list.key != under


async def test_what_came_meanwhile_shows_when_a_place_is_gone_back_to(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "2")
        other = open_store(store.home, now=store.now, today=store.today)
        commands.create(other, "feedback", {"title": "导出太慢"})
        other.close()
        app_of(pilot)._poll()
        await press(pilot, "3")
        assert "导出太慢" not in screen_text(pilot)
        await press(pilot, "4")
        assert "导出太慢" in screen_text(pilot)


async def test_days_are_counted_from_today_in_a_place_gone_back_to(
    opened: Opener, store: Store, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as pilot:
        await press(pilot, "3", "2")
        chart = app_of(pilot)._kept[TimelineScreen]
        assert isinstance(chart, TimelineScreen)
        before = chart.chart.today
        later = store.today().fromordinal(store.today().toordinal() + 1)
        monkeypatch.setattr(type(store), "today", lambda _store: later)
        await press(pilot, "3")
        assert chart.chart.today == before + 1


async def test_a_place_out_of_sight_speaks_the_language_of_the_moment(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "2", "ctrl+l", "4")
        assert "诉求" in screen_text(pilot) or "收件" in screen_text(pilot)
        assert "Promises" not in screen_text(pilot)


async def test_a_line_stays_open_where_it_was_being_typed(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "f")
        await write(pilot, "export")
        app_of(pilot).action_show_board()
        await pilot.pause()
        await press(pilot, "4")
        assert isinstance(app_of(pilot).place, FeedbackScreen)
        assert pilot.app.screen.query_one(CaptureBar).line.value == "export"


async def test_what_is_typed_in_a_place_let_go_is_a_draft(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "f")
        await write(pilot, "export")
        app_of(pilot).action_show_board()
        await press(pilot, "ctrl+l", "4", "f")
        assert pilot.app.screen.query_one(CaptureBar).line.value == "export"


async def test_the_place_one_is_at_is_named_where_the_others_have_no_room(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened((110, 30)) as pilot:
        for key, name in (("3", "3 Timeline"), ("4", "4 Feedback")):
            await press(pilot, key)
            top = screen_text(pilot).splitlines()[0]
            assert name in top
            assert "8 List" not in top
            (target,) = app_of(pilot).place.header.jump_targets()
            assert top.index(name) <= target[0].x
            assert target[0].width == len(name)
    async with opened() as pilot:
        await press(pilot, "3")
        top = screen_text(pilot).splitlines()[0]
        assert "3 Timeline  4 Feedback" in top
        assert len(app_of(pilot).place.header.jump_targets()) == 9
