"""The places: each is as it was left, and shows what came while one was elsewhere."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import commands
from store.database import Store, open_store
from store.errors import StoreError
from tests.conftest import Clock
from tests.pilot.conftest import Opener, app_of, screen_text, write
from tests.pilot.test_feedback_screen import desk, press
from tests.sample_feedback import fill_feedback, triage_some
from tui.config import CHOICES
from tui.places import HOMES
from tui.screens.changes.screen import ChangesScreen
from tui.screens.feedback.screen import FeedbackScreen
from tui.screens.goals.screen import GoalsScreen
from tui.screens.tabbed import TabbedScreen
from tui.screens.team.screen import TeamScreen
from tui.screens.timeline import TimelineScreen
from tui.screens.today.screen import TodayScreen
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


@pytest.mark.parametrize(
    "screen", [TodayScreen, FeedbackScreen, GoalsScreen, TeamScreen, ChangesScreen], ids=lambda one: one.HELD
)
def test_the_tab_that_was_shown_is_known_at_the_next_start(screen: type[TabbedScreen]) -> None:
    assert CHOICES.get(screen.HELD) == tuple(tab.NAME or tab.SCOPE for tab in screen.TABS)


@pytest.mark.parametrize("screen", [FeedbackScreen, GoalsScreen, TeamScreen], ids=lambda one: one.PLACE)
def test_what_a_tab_is_gone_to_for_is_at_home_on_its_screen(screen: type[TabbedScreen]) -> None:
    shown = {kind for tab in screen.TABS for kind in tab.SHOWS if kind not in ("item", "conflict")}
    assert {kind: HOMES.get(kind) for kind in shown} == dict.fromkeys(shown, screen.PLACE)


async def test_an_absence_is_gone_to_on_the_team_screen(opened: Opener, store: Store) -> None:
    made = commands.create(
        store, "absence", {"member": store.member, "first": "2027-03-01", "last": "2027-03-05"}
    )
    async with opened() as pilot:
        assert app_of(pilot).show_at_home(made.ids[0])
        await pilot.pause()
        await pilot.pause()
        place = app_of(pilot).place
        assert isinstance(place, TeamScreen)
        assert place.tab.SCOPE == "members"


async def test_what_is_solved_elsewhere_stands_no_more_where_one_was(opened: Opener, store: Store) -> None:
    def full() -> commands.Change:
        raise StoreError("disk-full", path="/disk")

    async with opened() as pilot:
        app = app_of(pilot)
        await press(pilot, "4")
        app.write(full)
        await press(pilot, "2")
        assert "The disk is full" in screen_text(pilot)
        app.write(lambda: commands.create(store, "item", {"title": "room again"}))
        await press(pilot, "4")
        assert "The disk is full" not in screen_text(pilot)


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
