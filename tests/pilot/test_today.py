"""Today by keys alone: a morning is planned, worked by the clock, and looked back on in the evening."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, day_plan, queries
from store.analysis.today import Lists
from store.database import Store
from store.day_plan_clock import running_clock
from store.day_plan_rows import logged, picks
from store.news import news
from store.own_days import set_absence
from store.setup import init_workspace
from store.today_rows import today_lists
from tests.conftest import TODAY, Clock, exchange
from tests.pilot.conftest import NARROW, WIDE, app_of, screen_text, write
from tui.app import SameboatApp
from tui.config import load_config
from tui.screens.board import BoardScreen
from tui.screens.feedback.screen import FeedbackScreen
from tui.screens.timeline import TimelineScreen
from tui.screens.today.evening import EveningScreen
from tui.screens.today.morning import MorningTab
from tui.screens.today.screen import TodayScreen

DAY = TODAY.isoformat()
FRIDAY, TUESDAY = "2026-11-20", "2026-11-24"


@pytest.fixture
def mine(store: Store, ids: SimpleNamespace) -> SimpleNamespace:
    """Make some of the workspace one's own: due on Friday, blocked, late, promised, and a conflict to decide."""
    commands.set_fields(store, [ids.pricing, ids.payment, ids.load], {"owner": store.member})
    commands.set_fields(store, [ids.dates], {"decider": store.member})
    fields = {"title": "[bold]文案定稿", "owner": store.member, "due": "2026-11-25"}
    ids.promise = commands.create(store, "commitment", fields).ids[0]
    return ids


@asynccontextmanager
async def morning(
    store: Store, size: tuple[int, int] = WIDE, tab: str = "", start: str = ""
) -> AsyncIterator[Pilot[None]]:
    """Open the app as it opens where nobody chose a place."""
    config = load_config(store.home)
    config.settings.pop("start", None)
    config.settings.update({name: value for name, value in (("today_tab", tab), ("start", start)) if value})
    app = SameboatApp(store, config, sync=False)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        yield pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def enter(pilot: Pilot[None], text: str) -> None:
    await write(pilot, text)
    await press(pilot, "enter")


def screen(pilot: Pilot[None]) -> TodayScreen:
    found = app_of(pilot).place
    assert isinstance(found, TodayScreen)
    return found


def states(store: Store, day: str = DAY) -> list[tuple[str, str]]:
    return [(pick.title, pick.state) for pick in picks(store, day)]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_app_opens_on_today_with_four_lists(
    store: Store, mine: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with morning(store, size) as pilot:
        assert isinstance(pilot.app.screen, TodayScreen)
        shown = screen_text(pilot)
        for words in (
            "promised",
            "stuck",
            "slipping",
            "new since you last looked",
            "[bold]文案定稿",
            "blocked: 等支付",
        ):
            assert words in shown
        assert [row.key for row in screen(pilot).tab.list.rows if row.key] == [
            mine.promise, mine.pricing, mine.dates, mine.load, mine.payment,
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "place"), [("board", BoardScreen), ("timeline", TimelineScreen), ("", TodayScreen)]
)
async def test_the_place_it_opens_on_is_a_setting(
    store: Store, ids: SimpleNamespace, start: str, place: type[object]
) -> None:
    async with morning(store, start=start) as pilot:
        assert isinstance(pilot.app.screen, place)
        await press(pilot, "2")
        assert isinstance(pilot.app.screen, BoardScreen)
        await press(pilot, "1")
        assert isinstance(pilot.app.screen, TodayScreen)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_an_empty_workspace_is_never_mute(tmp_path: Path, clock: Clock, size: tuple[int, int]) -> None:
    made = init_workspace(
        str(tmp_path / "new"), name="New", member="林平", code="lp", now=clock, today=lambda: TODAY
    )
    async with morning(made, size) as pilot:
        shown = screen_text(pilot)
        for words in (
            "Nothing is promised for this week.",
            "Nothing is stuck",
            "Nothing is late.",
            "Nobody has changed",
        ):
            assert words in shown
        await press(pilot, "n", "m", ">", "enter", "D", "e", "space", "y")
        assert "There is nothing under the cursor: a writes something down" in screen(pilot).footer.note
        await press(pilot, "l")
        assert "Nothing is picked for Mon 23 Nov" in screen_text(pilot)
        for key in ("n", "m", "t", "p", "L", "e", "J", "K", ">", "d", "z", "b", "P", "E"):
            await press(pilot, key)
            assert isinstance(pilot.app.screen, TodayScreen), key
        await press(pilot, "l", "Y")
        assert "Nobody has shared a plan of today" in screen_text(pilot)
    made.close()


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_day_is_planned_worked_and_looked_back_on_by_keys(
    store: Store, mine: SimpleNamespace, clock: Clock, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with morning(store, size) as pilot:
        # The morning: three things picked, and a line of one's own.
        await press(pilot, "n", "j", "n", "G", "n")
        assert "lp-4 planned for today · 0m picked of 8h" in screen(pilot).footer.note
        await press(pilot, "l", "p")
        await enter(pilot, "1h30")
        await press(pilot, "j", "p")
        await enter(pilot, "半小时")
        await press(pilot, "+")
        await enter(pilot, "写周报 45m")
        await press(pilot, "K", "K")
        assert [title for title, _state in states(store)] == [
            "[bold]文案定稿", "写周报", "定价页文案", "支付接口联调",
        ]  # fmt: skip
        assert "2h45 picked of 8h" in screen_text(pilot)
        # The day: the clock runs for one, another is done.
        await press(pilot, "t")
        assert "▶ 写周报 0m" in screen_text(pilot)
        clock.advance(seconds=25 * 60)
        app_of(pilot)._tick()
        await pilot.pause()
        assert "▶ 写周报 25m" in screen_text(pilot)
        await press(pilot, "2")
        assert "▶ 写周报 25m" in screen_text(pilot)
        await press(pilot, "1", "g", "j", "t")
        assert "▶" not in screen_text(pilot)
        assert list(logged(store, DAY).values()) == [25]
        await press(pilot, "g", "m")
        assert queries.card(store, mine.promise).state == "kept"  # type: ignore[union-attr]
        # The evening.
        await press(pilot, "E")
        assert isinstance(pilot.app.screen, EveningScreen)
        assert "3 picks are still open" in screen_text(pilot)
        await press(pilot, "j", "m", ">", "z")
        await press(pilot, "enter")  # no reason
        assert states(store) == [
            ("[bold]文案定稿", "done"), ("写周报", "done"), ("定价页文案", "carried over"), ("支付接口联调", "let go"),
        ]  # fmt: skip
        await press(pilot, "enter")
        summary = pilot.app.clipboard
        for line in (
            "✓ lp-8 [bold]文案定稿",
            "✓ 写周报 (25m)",
            "→ lp-1 定价页文案 → Tue 24 Nov",
            "– lp-4 支付接口联调",
        ):
            assert line in summary
        pilot.app.copy_to_clipboard("")
        await press(pilot, "y")
        assert pilot.app.clipboard == summary
        await press(pilot, "escape")
        # The next morning.
        monkeypatch.setattr(store, "_today", lambda: TODAY + datetime.timedelta(days=1))
        clock.advance(days=1)
        app_of(pilot)._tick()
        await pilot.pause()
        assert states(store, TUESDAY) == [("定价页文案", "planned")]
        assert "moved 1 time" in screen_text(pilot) or size == NARROW
        for _ in range(3):
            await press(pilot, "u")
        assert [state for _title, state in states(store)] == ["done", "planned", "planned", "planned"]


async def test_a_kept_promise_and_a_finished_item_come_of_a_pick_that_is_done(
    store: Store, mine: SimpleNamespace
) -> None:
    async with morning(store) as pilot:
        await press(pilot, "n", "j", "n", "l", "space", "space", "m")
        assert {state for _title, state in states(store)} == {"done"}
        assert queries.card(store, mine.promise).state == "kept"  # type: ignore[union-attr]
        assert queries.card(store, mine.pricing).status == mine.done  # type: ignore[union-attr]
        await press(pilot, "u")
        assert {state for _title, state in states(store)} == {"planned"}
        assert queries.card(store, mine.promise).state == "promised"  # type: ignore[union-attr]


async def test_what_is_done_on_the_morning_tab_is_done_in_the_plan(
    store: Store, mine: SimpleNamespace
) -> None:
    async with morning(store) as pilot:
        await press(pilot, "n", "m")
        assert states(store) == [("[bold]文案定稿", "done")]
        screen(pilot).tab.list.go_to(mine.dates)
        await press(pilot, "m")  # a conflict
        assert "has its own steps" in screen(pilot).footer.note
        screen(pilot).tab.list.go_to(mine.payment)
        await press(pilot, "m")
        assert queries.card(store, mine.payment).status == mine.done  # type: ignore[union-attr]


async def test_what_was_left_yesterday_is_taken_over_with_one_key(
    store: Store, mine: SimpleNamespace
) -> None:
    with commands.change(store, "pick") as change:
        day_plan.pick(change, FRIDAY, mine.pricing, minutes=30)
        day_plan.pick(change, FRIDAY, title="a line")
    async with morning(store, tab="dayplan") as pilot:
        assert "left from Fri 20 Nov" in screen_text(pilot)
        await press(pilot, "b")
        assert states(store) == [("定价页文案", "planned"), ("a line", "planned")]
        assert {state for _title, state in states(store, FRIDAY)} == {"carried over"}
        await press(pilot, "b")
        assert "Nothing was left" in screen(pilot).footer.note
        await press(pilot, "u")
        assert states(store) == []


async def test_the_third_push_asks_why_and_keeps_the_reason(store: Store, mine: SimpleNamespace) -> None:
    with commands.change(store, "pick") as change:
        for day in ("2026-11-19", FRIDAY):
            change.set(day_plan.pick(change, day, mine.pricing), {"state": "carried over"})
        day_plan.pick(change, DAY, mine.pricing)
        day_plan.pick(change, DAY, title="new")
    async with morning(store, tab="dayplan") as pilot:
        await press(pilot, "j", ">")  # the first push of the other asks nothing
        assert states(store)[1] == ("new", "carried over")
        await press(pilot, "k", ">")
        assert "This makes 3 times" in screen_text(pilot)
        await press(pilot, "escape")
        assert states(store)[0] == ("定价页文案", "planned")
        await press(pilot, ">")
        await enter(pilot, "法务没回")
        [pick] = [pick for pick in picks(store, DAY) if pick.about]
        assert (pick.state, pick.reason) == ("carried over", "法务没回")
        assert [pick.moved for pick in picks(store, TUESDAY) if pick.about] == [3]


async def test_another_day_is_asked_for(store: Store, mine: SimpleNamespace) -> None:
    with commands.change(store, "pick") as change:
        day_plan.pick(change, DAY, mine.pricing)
    async with morning(store, tab="dayplan") as pilot:
        await press(pilot, "d")
        await enter(pilot, "2026-12-01")
        assert states(store, "2026-12-01") == [("定价页文案", "planned")]
        assert "carried over to Tue 1 Dec" in screen(pilot).footer.note


async def test_time_is_logged_by_hand_and_nonsense_is_refused(store: Store, mine: SimpleNamespace) -> None:
    with commands.change(store, "pick") as change:
        day_plan.pick(change, DAY, mine.pricing)
    async with morning(store, tab="dayplan") as pilot:
        await press(pilot, "L")
        await enter(pilot, "soon")
        assert "“soon” is no span of time" in screen(pilot).footer.note
        await press(pilot, "L")
        await enter(pilot, "1.5h")
        assert logged(store, DAY) == {mine.pricing: 90}
        await press(pilot, "p")
        await enter(pilot, "nonsense")
        assert picks(store, DAY)[0].minutes is None


async def test_a_running_clock_is_shown_after_a_restart(
    store: Store, mine: SimpleNamespace, clock: Clock
) -> None:
    with commands.change(store, "pick") as change:
        day_plan.pick(change, DAY, mine.pricing)
        change.flush()
        day_plan.start_clock(change, picks(store, DAY)[0])
    clock.advance(seconds=600)
    async with morning(store) as pilot:
        assert "▶ lp-1 10m" in screen_text(pilot)
        await press(pilot, "l", "t")
        assert running_clock(store) is None


async def test_a_pick_whose_item_is_gone_is_said_and_let_go(store: Store, mine: SimpleNamespace) -> None:
    with commands.change(store, "pick") as change:
        day_plan.pick(change, DAY, mine.pricing)
    commands.trash(store, [mine.pricing])
    async with morning(store, tab="dayplan") as pilot:
        assert "定价页文案 (in the trash)" in screen_text(pilot)
        await press(pilot, "n")
        assert states(store) == []


async def test_a_member_who_is_away_has_no_working_day(store: Store, mine: SimpleNamespace) -> None:
    commands.set_fields(store, [store.member], {"capacity": 20})
    with commands.change(store, "set") as change:
        day_plan.pick(change, DAY, mine.pricing, minutes=60)
    async with morning(store, tab="dayplan") as pilot:
        assert "1h picked of 4h" in screen_text(pilot)
        with commands.change(store, "set") as change:
            set_absence(change, store.member, TODAY, TODAY)
        app_of(pilot).show_changes(change.changes)
        await pilot.pause()
        assert "no working day" in screen_text(pilot)


async def test_the_plan_is_shared_and_shows_at_the_stand_up(store: Store, mine: SimpleNamespace) -> None:
    draft = commands.create(store, "item", {"title": "draft"}, private=True).ids[0]
    with commands.change(store, "pick") as change:
        day_plan.pick(change, DAY, mine.pricing, minutes=60)
        day_plan.pick(change, DAY, draft)
    async with morning(store, tab="dayplan") as pilot:
        await press(pilot, "P")
        assert "1 pick shared · 1 is about a draft and stays" in screen(pilot).footer.note
        await press(pilot, "l")
        shown = screen_text(pilot)
        assert "林平 (you)" in shown
        assert "定价页文案" in shown
        assert "draft" not in [row.title for row in screen(pilot).tab.list.rows]
        await press(pilot, "Y")
        assert "定价页文案 — 1h" in pilot.app.clipboard


async def test_it_goes_to_where_a_thing_is_at_home(store: Store, mine: SimpleNamespace) -> None:
    async with morning(store) as pilot:
        await press(pilot, "j", ">")
        assert isinstance(pilot.app.screen, BoardScreen)
        assert app_of(pilot).board_screen.card.id == mine.pricing  # type: ignore[union-attr]
        await press(pilot, "1", "g", ">")
        assert isinstance(pilot.app.screen, FeedbackScreen)
        assert app_of(pilot).place.tab.list.key == mine.promise  # type: ignore[attr-defined]


async def test_it_is_picked_from_the_board_the_timeline_and_the_conflicts(
    store: Store, mine: SimpleNamespace
) -> None:
    async with morning(store, start="board") as pilot:
        await press(pilot, "n")
        assert states(store) == [("定价页文案", "planned")]
        await press(pilot, "n")
        assert states(store) == []
        await press(pilot, "3")
        app_of(pilot).place.chart.go_to(mine.payment)  # type: ignore[attr-defined]
        await press(pilot, "n")
        assert states(store) == [("支付接口联调", "planned")]
        await press(pilot, "4")
        await app_of(pilot).place.show_tab("promises")  # type: ignore[attr-defined]
        await press(pilot, "n")
        assert states(store) == [("支付接口联调", "planned"), ("[bold]文案定稿", "planned")]


async def test_the_day_is_copied_as_a_text_without_private_drafts(
    store: Store, mine: SimpleNamespace
) -> None:
    commands.create(
        store, "item", {"title": "secret", "owner": store.member, "due": "2026-11-25"}, private=True
    )
    async with morning(store) as pilot:
        assert "secret" in screen_text(pilot)
        await press(pilot, "Y")
        text = pilot.app.clipboard
        assert "林平, Mon 23 Nov" in text
        assert "[bold]文案定稿" in text
        assert "secret" not in text


async def test_the_forecast_comes_after_the_first_frame(store: Store, mine: SimpleNamespace) -> None:
    commands.set_fields(store, [mine.pricing], {"start": "2026-11-23", "duration": 10})
    async with morning(store) as pilot:
        tab = screen(pilot).tab
        assert isinstance(tab, MorningTab)
        assert "plan says Fri 4 Dec" in screen_text(pilot)
        assert [row.key for row in tab.list.rows if row.key][-1] == mine.pricing
        assert tab.counted() == MorningTab.count(store) + 1
        assert f"Today {tab.counted()}" in screen_text(pilot).splitlines()[1]


async def test_the_lists_of_the_morning_are_read_once_for_the_first_frame(
    store: Store, mine: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Store] = []

    def counted(store: Store, *forecast: Mapping[str, str]) -> Lists:
        asked.append(store)
        return today_lists(store, *forecast)

    monkeypatch.setattr("tui.screens.today.morning.today_lists", counted)
    async with morning(store) as pilot:
        assert isinstance(pilot.app.screen, TodayScreen)
        assert len(asked) == 1


async def test_what_teammates_did_is_told_until_it_was_seen(
    store: Store, mine: SimpleNamespace, teammate: Callable[[str], Store]
) -> None:
    other = teammate("Han")
    commands.comment(other, mine.pricing, "文案 [bold] 可以了")
    exchange(store, other)
    async with morning(store) as pilot:
        assert "文案 [bold] 可以了" in screen_text(pilot)
        await press(pilot, "G")
        assert screen(pilot).card is not None
        assert screen(pilot).card.id == mine.pricing  # type: ignore[union-attr]
        await press(pilot, "N")
        assert "Nobody has changed anything since." in screen_text(pilot)
        assert not news(store, everything=True)
