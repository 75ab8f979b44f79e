"""The timeline by keys: a plan is moved, stretched, linked, placed and compared, and nothing is kept unasked."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.database import Store
from store.notices import notify
from store.plan_rows import plan_links
from store.undo import undo
from tests.conftest import Clock
from tests.pilot.conftest import NARROW, WIDE, app_of, at_last, screen_text, write
from tests.sample_plan import plan
from tui.app import SameboatApp
from tui.config import load_config
from tui.screens.asking import Ask
from tui.screens.picker import Picker
from tui.screens.timeline import TimelineScreen
from tui.timeline.outline import TRAY_KEY

Opener = Callable[..., AbstractAsyncContextManager[Pilot[None]]]


@pytest.fixture
def ids(store: Store) -> SimpleNamespace:
    return plan(store)


@pytest.fixture
def timeline(store: Store, ids: SimpleNamespace) -> Opener:
    """Open the app on the plan and go to the timeline: `async with timeline(NARROW) as pilot`."""

    @asynccontextmanager
    async def open_timeline(size: tuple[int, int] = WIDE) -> AsyncIterator[Pilot[None]]:
        app = SameboatApp(store, load_config(store.home), sync=False)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.press("3")
            await pilot.pause()
            yield pilot

    return open_timeline


def screen_of(pilot: Pilot[None]) -> TimelineScreen:
    found = app_of(pilot).place
    assert isinstance(found, TimelineScreen)
    return found


async def go(pilot: Pilot[None], ent: str) -> None:
    assert screen_of(pilot).chart.go_to(ent)
    await pilot.pause()


def facts(pilot: Pilot[None]) -> str:
    return str(screen_of(pilot).facts.content)


def field(store: Store, ent: str, name: str) -> object:
    return (queries.entity_fields(store, "item", ent) or {}).get(name)


async def test_the_plan_opens_with_its_groups_bars_and_dates(timeline: Opener) -> None:
    async with timeline() as pilot:
        text = screen_text(pilot)
        assert "R&D" in text
        assert "支付接口联调" in text
        assert "◆" in text
        assert "╰" in text
        assert "Not placed yet" in text


async def test_a_move_is_shown_with_what_it_pushes_and_kept_with_one_key(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        await pilot.press("L", "L")
        assert field(store, ids.copy, "start") == "2026-11-24"
        assert "not kept yet" in facts(pilot)
        assert "moves 1 other item" in facts(pilot)
        await pilot.press("enter")
        assert field(store, ids.copy, "start") == "2026-11-26"
        assert field(store, ids.copy, "duration") == 4
        assert "not kept yet" not in facts(pilot)
        undo(store)
        assert field(store, ids.copy, "start") == "2026-11-24"


async def test_a_move_is_dropped_with_one_key_and_nothing_is_written(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        before = store.conn.execute("SELECT count(*) FROM op").fetchone()
        await pilot.press("right_parenthesis", "escape")
        assert not screen_of(pilot).pending
        assert store.conn.execute("SELECT count(*) FROM op").fetchone() == before


async def test_what_is_not_kept_yet_holds_back_whoever_leaves(timeline: Opener, ids: SimpleNamespace) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        await pilot.press("L", "2")
        assert app_of(pilot).screen is screen_of(pilot)
        assert "not kept yet" in screen_of(pilot).footer.note
        await pilot.press("escape", "2")
        assert app_of(pilot).screen is app_of(pilot).board_screen


async def test_several_items_are_changed_and_kept_as_one_undo(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        await pilot.press("L")
        await go(pilot, ids.deck)
        await pilot.press("full_stop", "enter")
        assert field(store, ids.copy, "start") == "2026-11-25"
        assert field(store, ids.deck, "duration") == 6
        await pilot.press("u")
        assert field(store, ids.copy, "start") == "2026-11-24"
        assert field(store, ids.deck, "duration") == 5


@pytest.mark.parametrize(
    ("keys", "start", "duration"),
    [
        (["L"], "2026-11-25", 4), (["H"], "2026-11-23", 4), (["right_parenthesis"], "2026-12-01", 4),
        (["full_stop"], "2026-11-24", 5), (["comma"], "2026-11-24", 3), (["greater_than_sign"], "2026-11-24", 9),
        (["less_than_sign"], "2026-11-24", 1), (["shift+right"], "2026-11-25", 4),
    ],
)  # fmt: skip
async def test_keys_move_and_stretch_by_days_and_weeks(
    timeline: Opener, store: Store, ids: SimpleNamespace, keys: list[str], start: str, duration: int
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        await pilot.press(*keys, "enter")
        assert (field(store, ids.copy, "start"), field(store, ids.copy, "duration")) == (start, duration)


async def test_a_move_back_to_where_it_was_leaves_nothing_pending(
    timeline: Opener, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        await pilot.press("L", "H")
        assert not screen_of(pilot).pending


async def test_who_waits_cannot_be_moved_before_what_it_waits_for(
    timeline: Opener, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.load)
        await pilot.press("H")
        assert "waits for others" in screen_of(pilot).footer.note


async def test_two_items_are_linked_and_a_circle_is_refused_with_its_names(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.press)
        await pilot.press("l")
        assert "lp-6 → ?" in facts(pilot)
        await pilot.press("tab", "full_stop")
        assert "(SS+1d)" in facts(pilot)
        await go(pilot, ids.help)
        await pilot.press("enter", "enter")
        [made] = [link for link in plan_links(store) if link.successor == ids.help]
        assert (made.predecessor, made.type, made.lag) == (ids.press, "SS", 1)
        await pilot.press("l")
        await go(pilot, ids.page)
        await pilot.press("enter")
        assert "lp-5" in screen_of(pilot).footer.note
        assert len([link for link in plan_links(store) if link.successor == ids.page]) == 1


async def test_a_link_that_is_there_can_be_taken_away(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.api)
        await pilot.press("l")
        await go(pilot, ids.load)
        await pilot.press("enter")
        assert isinstance(app_of(pilot).screen, Picker)
        await pilot.press("enter")
        await pilot.press("enter")
        assert not [link for link in plan_links(store) if link.successor == ids.load]


async def test_an_item_of_the_tray_is_placed_on_the_day_of_the_cursor(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, TRAY_KEY)
        await pilot.press("space")
        await go(pilot, ids.loose)
        await pilot.press("right_square_bracket", "m")
        assert field(store, ids.loose, "start") == "2026-11-30"
        assert screen_of(pilot).chart.key == ids.loose
        assert "11/30" in facts(pilot)


async def test_a_start_is_fixed_by_hand_and_let_go(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.load)
        await pilot.press("p", "enter")
        assert field(store, ids.load, "pinned") is True
        assert field(store, ids.load, "start") == "2026-11-26"
        await pilot.press("p", "enter")
        assert not field(store, ids.load, "pinned")


async def test_effort_is_asked_for_in_hours_days_or_weeks(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.deck)
        await pilot.press("e")
        assert isinstance(app_of(pilot).screen, Ask)
        await write(pilot, "2d")
        await pilot.press("enter")
        assert field(store, ids.deck, "effort") == 16
        await pilot.press("e")
        await pilot.press("ctrl+u")
        await write(pilot, "soon")
        await pilot.press("enter")
        assert "no number of hours" in screen_of(pilot).footer.note
        assert field(store, ids.deck, "effort") == 16


async def test_zoom_keeps_the_day_in_sight_and_is_remembered(timeline: Opener) -> None:
    async with timeline() as pilot:
        chart = screen_of(pilot).chart
        for key, zoom in (("minus", "quarter"), ("minus", "year"), ("minus", "year"), ("plus", "quarter")):
            await pilot.press(key)
            assert chart.zoom == zoom
            assert 0 <= chart.scale.cell(chart.day) < chart.scale.width
        assert app_of(pilot).config.get("timeline_zoom") == "quarter"


async def test_rows_are_grouped_by_what_one_wants_and_folded(timeline: Opener, ids: SimpleNamespace) -> None:
    async with timeline() as pilot:
        screen = screen_of(pilot)
        for by in ("owner", "goal", "status", "department"):
            await pilot.press("s")
            assert screen.by == by
        await go(pilot, ids.load)
        count = screen.source.count
        await pilot.press("space")
        assert screen.source.count == count - 3
        assert screen.chart.key.startswith("group:")
        await pilot.press("space")
        assert screen.source.count == count


async def test_the_filter_narrows_the_chart_as_it_is_typed(timeline: Opener, ids: SimpleNamespace) -> None:
    async with timeline() as pilot:
        await pilot.press("slash")
        await write(pilot, "dept:xs")
        await pilot.pause()
        screen = screen_of(pilot)
        assert [line.key for line in screen.source.lines if line.kind == "item"] == [ids.deck, ids.train]
        await pilot.press("enter")
        assert screen.focused is screen.chart
        await pilot.press("escape")
        await pilot.pause()
        assert screen.source.count > 10


async def test_a_teammates_edit_moves_the_chart_and_leaves_what_is_pending(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        await pilot.press("L")
        changed = commands.set_fields(store, [ids.deck], {"duration": 9})
        app_of(pilot).show_changes(changed.changes)
        await pilot.pause()
        screen = screen_of(pilot)
        assert screen.pending
        assert screen.plan.slots[ids.deck].duration == 9
        assert screen.chart.key == ids.copy


async def test_the_plan_is_compared_with_another_day(
    timeline: Opener, store: Store, clock: Clock, ids: SimpleNamespace
) -> None:
    clock.advance(days=0.5)
    commands.set_fields(store, [ids.deck], {"duration": 9})
    async with timeline() as pilot:
        await pilot.press("v")
        await write(pilot, "2026-11-23")
        await pilot.press("enter")
        screen = screen_of(pilot)
        await at_last(pilot, lambda: screen.baseline is not None)
        assert screen.baseline is not None
        assert screen.baseline[ids.deck].duration in (5, 9)
        assert "against 2026-11-23" in facts(pilot)


async def test_why_it_slipped_is_said_once_and_counted(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.page)
        await pilot.press("w")
        await write(pilot, "scope")
        await pilot.press("enter")
        row = store.conn.execute("SELECT item, answer, reason, now FROM p_checkin").fetchone()
        assert row == (ids.page, "moved", "scope changed", "2026-12-08")
        await pilot.press("Y")
        assert isinstance(app_of(pilot).screen, Picker)
        assert "scope changed" in screen_text(pilot)


async def test_what_is_wrong_with_the_plan_is_listed_and_gone_to(
    timeline: Opener, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await pilot.press("exclamation_mark")
        await pilot.pause()
        assert "ends after the day it was promised for" in screen_text(pilot)
        await pilot.press("enter")
        assert screen_of(pilot).chart.key == ids.page


async def test_an_empty_plan_says_how_to_begin(store: Store) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "Nothing is planned yet" in screen_text(pilot)


async def test_the_mouse_goes_to_rows_and_days_and_folds(timeline: Opener, ids: SimpleNamespace) -> None:
    async with timeline() as pilot:
        screen = screen_of(pilot)
        await go(pilot, ids.api)
        row = (screen.source.index_of(ids.copy) or 0) - screen.chart.top + 2
        await pilot.click("#timeline", offset=(12, row))
        assert screen.chart.key == ids.copy
        group = next(index for index, line in enumerate(screen.source.lines) if line.kind == "group")
        count = screen.source.count
        await pilot.click("#timeline", offset=(0, group - screen.chart.top + 2))
        assert screen.source.count < count


async def test_levelling_is_shown_as_a_change_that_is_not_kept_yet(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    commands.set_fields(store, [ids.copy, ids.deck, ids.press], {"owner": ids.han})
    async with timeline() as pilot:
        screen = screen_of(pilot)
        await pilot.press("O")
        await at_last(pilot, lambda: bool(screen.pending))
        assert "by hours: overloaded days 3 → 0" in screen.footer.note
        assert "one at a time: overloaded days 3 → 0" in screen.footer.note
        assert "not kept yet: by hours" in facts(pilot)
        lying = sorted(
            (screen.shown_plan.slots[ent].start, screen.shown_plan.slots[ent].finish)
            for ent in (ids.copy, ids.deck, ids.press)
        )
        assert all(before[1] < after[0] for before, after in itertools.pairwise(lying))
        await pilot.press("escape")
        assert not screen.pending


async def test_the_key_of_levelling_shows_the_other_way_before_one_is_kept(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    commands.set_fields(store, [ids.copy, ids.deck, ids.press], {"owner": ids.han})
    commands.set_fields(
        store, [ids.copy, ids.deck], {"effort": 8}
    )  # two things side by side, with time for both
    async with timeline() as pilot:
        screen = screen_of(pilot)
        await pilot.press("O")
        await at_last(pilot, lambda: screen.trial is not None)
        first = screen.trial
        assert first is not None
        shown = dict(screen.edits)
        await pilot.press("O")
        assert screen.trial is not None
        assert screen.trial.one_at_a_time != first.one_at_a_time
        assert screen.edits != shown
        await pilot.press("O")
        assert screen.trial is first
        assert screen.edits == shown
        moved = next(ent for ent in shown if ent in (ids.copy, ids.deck, ids.press))
        start = shown[moved]["start"]
        assert isinstance(start, int)
        await pilot.press("enter")
        assert field(store, moved, "start") == date.fromordinal(start).isoformat()


async def test_nobody_overloaded_is_said(timeline: Opener) -> None:
    async with timeline() as pilot:
        await pilot.press("O")
        await at_last(pilot, lambda: "Nobody has more to do" in screen_of(pilot).footer.note)


async def test_a_forecast_says_what_it_is_told_from_and_refuses_a_small_past(
    timeline: Opener, store: Store, clock: Clock, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.launch)
        await pilot.press("F")
        assert "a forecast wants 14" in screen_of(pilot).footer.note
    done = ids.statuses["done"]
    clock.advance(days=-40)
    for _ in range(20):
        clock.advance(days=2)
        made = commands.create(store, "item", {"title": "before", "status": ids.statuses["todo"]}).ids
        commands.move(store, made, done)
    async with timeline() as pilot:
        await go(pilot, ids.launch)
        await pilot.press("F")
        await pilot.pause()
        text = screen_text(pilot)
        assert "85%: by 20" in text
        assert "planned: 2026-12-14" in text
        assert "items finished in" in text


async def test_the_workload_says_who_has_too_much_and_leads_to_the_items(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    commands.set_fields(store, [ids.copy, ids.deck], {"owner": ids.han, "effort": 40})
    async with timeline() as pilot:
        screen = screen_of(pilot)
        assert not screen.strip.display
        await pilot.press("W")
        await pilot.pause()
        text = screen_text(pilot)
        assert "韩梅" in text
        assert "▲" in text
        assert "no effort said" in text
        await pilot.press("tab")
        assert screen.focused is screen.strip
        await pilot.press("enter")
        first = screen.chart.key
        await pilot.press("enter")
        assert {first, screen.chart.key} == {ids.copy, ids.deck}
        await pilot.press("j", "enter")
        assert screen.chart.key in (ids.load, ids.page, ids.press, ids.train, ids.help)
        await pilot.press("escape")
        assert screen.focused is screen.chart
        await pilot.press("W")
        await pilot.pause()
        assert "R&D" in screen_text(pilot).split("Hours a week")[1]
        await pilot.press("W")
        assert not screen.strip.display


@pytest.mark.parametrize(("key", "kind"), [("a", "item"), ("x", "conflict")])
async def test_a_line_is_captured_in_the_middle_of_planning(
    timeline: Opener, store: Store, key: str, kind: str
) -> None:
    async with timeline() as pilot:
        await pilot.press(key)
        await pilot.pause()
        await write(pilot, "yf>sc x" if kind == "conflict" else "x")
        await pilot.press("enter")
        await pilot.pause()
        assert store.conn.execute(f"SELECT count(*) FROM p_{kind} WHERE title = 'x'").fetchone() == (1,)
        await pilot.press("3")
        await pilot.pause()
        assert app_of(pilot).screen is screen_of(pilot)


async def test_the_app_opens_on_the_timeline_and_the_board_is_made_when_one_goes_there(
    store: Store, ids: SimpleNamespace
) -> None:
    notify(store, "copy")  # a banner that is raised before the first frame
    config = load_config(store.home)
    config.settings["start"] = "timeline"
    app = SameboatApp(store, config, sync=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert isinstance(app.place, TimelineScreen)
        assert "notice" in app.place.banners.standing
        assert not app.board_screen.board.is_mounted
        made = commands.create(store, "item", {"title": "another one"}).ids[0]
        app._poll()
        commands.create(store, "member", {"title": "韩梅", "code": "hm"})
        app._poll()
        app.action_language()
        app.action_language()
        app.board_screen.show_today()
        app.action_reload_config()
        await pilot.pause()
        await pilot.press("2")
        await pilot.pause()
        assert app.screen is app.board_screen
        assert "another one" in screen_text(pilot)
        assert "notice" in app.board_screen.banners.standing
        app.board_screen.follow(made)
        await pilot.pause()
        assert app.board_screen.card is not None
        assert app.board_screen.card.id == made


async def test_a_zoom_is_remembered_even_when_the_app_closes_at_once(timeline: Opener, store: Store) -> None:
    async with timeline() as pilot:
        await pilot.press("minus")
    assert load_config(store.home).get("timeline_zoom") == "quarter"
