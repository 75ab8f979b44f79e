"""The details beside the chart, and capture on the timeline: what is typed there shows on the chart at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.database import Store
from tests.conftest import Clock
from tests.pilot.conftest import NARROW, WIDE, app_of, at_last, screen_text, write
from tests.sample_plan import plan
from tui.app import SameboatApp
from tui.config import load_config
from tui.screens.picker import Picker
from tui.screens.timeline import TimelineScreen
from tui.timeline.outline import TRAY_KEY
from tui.widgets.detail import Key

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


async def at_field(pilot: Pilot[None], name: str) -> None:
    """Put the cursor of the details on a field."""
    details = screen_of(pilot).details
    await pilot.press("g")
    for _ in range(60):
        if details.key == Key("field", name):
            return
        await pilot.press("j")
    raise AssertionError(f"no field {name}")


def field(store: Store, ent: str, name: str) -> object:
    return (queries.entity_fields(store, "item", ent) or {}).get(name)


async def test_the_chart_has_the_whole_width_until_details_are_asked_for(
    timeline: Opener, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        screen = screen_of(pilot)
        await go(pilot, ids.page)
        assert screen.chart.size.width == WIDE[0]
        await pilot.press("o")
        await pilot.pause()
        assert screen.chart.size.width < WIDE[0]
        assert app_of(pilot).focused is screen.chart
        assert screen.details.display
        await pilot.press("o")
        await pilot.pause()
        assert screen.chart.size.width == WIDE[0]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_enter_reads_the_details_and_escape_goes_back_to_the_chart(
    timeline: Opener, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with timeline(size) as pilot:
        await go(pilot, ids.page)
        await pilot.press("enter")
        await pilot.pause()
        screen = screen_of(pilot)
        assert app_of(pilot).focused is screen.details
        assert "Duration" in screen_text(pilot)
        await pilot.press("escape")
        assert app_of(pilot).focused is screen.chart
        assert screen.chart.display


async def test_the_details_follow_the_cursor(timeline: Opener, ids: SimpleNamespace) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.page)
        await pilot.press("o")
        await pilot.pause()
        await go(pilot, ids.copy)
        card = screen_of(pilot).card
        assert card is not None
        assert card.id == ids.copy
        assert screen_of(pilot).details._subject.startswith(ids.copy)


async def test_a_field_edited_in_the_details_moves_the_bar_at_once(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        finish = screen_of(pilot).plan.slots[ids.copy].finish
        await pilot.press("enter")
        await pilot.pause()
        await at_field(pilot, "duration")
        await pilot.press("enter", "backspace", "backspace")
        await write(pilot, "9")
        await pilot.press("enter")
        await pilot.pause()
        assert field(store, ids.copy, "duration") == 9
        assert screen_of(pilot).plan.slots[ids.copy].finish > finish
        await pilot.press("u")
        assert screen_of(pilot).plan.slots[ids.copy].finish == finish


async def test_a_comment_is_written_beside_the_chart(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        await pilot.press("enter", "c")
        await write(pilot, "[bold]wait")
        await pilot.press("enter")
        await pilot.pause()
        assert [comment.text for comment in queries.comments(store, ids.copy)] == ["[bold]wait"]
        assert "[bold]wait" in screen_text(pilot)


async def test_details_say_what_is_pending_and_what_they_say_of_it_holds(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        screen = screen_of(pilot)
        await go(pilot, ids.copy)
        await pilot.press("o", "L", "full_stop")
        await pilot.pause()
        assert "Not kept yet: " in screen_text(pilot)
        assert {"start", "duration"} <= screen.edits[ids.copy].keys()
        screen.read_details()
        await pilot.pause()
        await at_field(pilot, "duration")
        await pilot.press("enter", "backspace", "backspace")
        await write(pilot, "9")
        await pilot.press("enter")
        await pilot.pause()
        assert "duration" not in screen.edits[ids.copy]
        assert "start" in screen.edits[ids.copy]
        assert screen.shown_plan.slots[ids.copy].duration == 9
        await pilot.press("escape")
        await pilot.press("escape")
        assert not screen.pending
        assert field(store, ids.copy, "start") == "2026-11-24"
        assert field(store, ids.copy, "duration") == 9


async def test_letters_of_the_board_mean_nothing_on_the_chart(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        await pilot.press("D")
        card = queries.card(store, ids.copy)
        assert card is not None
        assert not card.trashed


async def test_an_item_with_a_day_is_captured_onto_its_day(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await pilot.press("a")
        await write(pilot, "call the printer ^2026-12-21")
        await pilot.press("enter")
        await pilot.pause()
        screen = screen_of(pilot)
        assert app_of(pilot).focused is screen.chart
        made = screen.here
        assert made is not None
        assert made.title == "call the printer"
        slot = screen.slot_here
        assert slot is not None
        assert slot.start <= screen.chart.day <= slot.finish


async def test_an_item_without_a_day_is_captured_into_the_tray(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        screen = screen_of(pilot)
        assert TRAY_KEY in screen.folded
        await go(pilot, ids.copy)
        await pilot.press("L", "a")
        await write(pilot, "some day")
        await pilot.press("enter")
        await pilot.pause()
        card = screen.card
        assert card is not None
        assert card.title == "some day"
        place, tray = screen.source.index_of(card.id), screen.source.index_of(TRAY_KEY)
        assert place is not None
        assert tray is not None
        assert place > tray
        assert screen.pending, "what was pending before is still pending"


async def test_a_conflict_is_captured_without_leaving_the_timeline(
    timeline: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        before = queries.conflict_count(store)
        await pilot.press("x")
        await write(pilot, "who pays for the printer")
        await pilot.press("enter")
        await pilot.pause()
        assert app_of(pilot).screen is screen_of(pilot)
        assert queries.conflict_count(store) == before + 1
        assert "who pays" in screen_of(pilot).footer.note


async def test_what_was_typed_and_left_is_there_again(timeline: Opener, ids: SimpleNamespace) -> None:
    async with timeline() as pilot:
        await pilot.press("a")
        await write(pilot, "half a thought")
        await pilot.press("escape")
        await pilot.press("slash", "escape", "a")
        await pilot.pause()
        assert "half a thought" in screen_text(pilot)


async def reviewed(pilot: Pilot[None], store: Store, clock: Clock) -> None:
    """Hold a review of the plan as it is, and let the timeline compare with it a day later."""
    at = datetime.fromtimestamp(store.now() / 1000).astimezone().isoformat(timespec="milliseconds")
    clock.advance(seconds=1)
    commands.create(store, "review", {"at": at})
    clock.advance(seconds=60)
    screen = screen_of(pilot)
    screen.compare(screen._since_review())
    await at_last(pilot, lambda: screen.baseline is not None)


def moves(store: Store) -> list[tuple[object, ...]]:
    return store.conn.execute(
        "SELECT item, reason, was, now FROM p_checkin WHERE trashed = 0 ORDER BY n"
    ).fetchall()


async def test_why_an_item_slipped_is_asked_once_with_the_edit_that_let_it_slip(
    timeline: Opener, store: Store, clock: Clock, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await reviewed(pilot, store, clock)
        await go(pilot, ids.copy)
        await pilot.press("full_stop", "enter")
        await pilot.pause()
        assert isinstance(app_of(pilot).screen, Picker)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert [(item, was, now) for item, _reason, was, now in moves(store)] == [
            (ids.copy, "2026-11-27", "2026-11-30")
        ]
        await pilot.press("u", "u")
        await pilot.press("full_stop", "enter")
        await pilot.pause()
        assert app_of(pilot).screen is screen_of(pilot), "the same slip is not asked about again"
        await pilot.press("full_stop", "enter")
        await pilot.pause()
        assert isinstance(app_of(pilot).screen, Picker), "another one is"
        await pilot.press("escape")
        assert app_of(pilot).screen is screen_of(pilot)
        assert moves(store) == []


async def test_an_item_that_ends_no_later_than_at_the_review_is_not_asked_about(
    timeline: Opener, store: Store, clock: Clock, ids: SimpleNamespace
) -> None:
    async with timeline() as pilot:
        await reviewed(pilot, store, clock)
        await go(pilot, ids.copy)
        await pilot.press("comma", "enter", "full_stop", "enter")
        await pilot.pause()
        assert app_of(pilot).screen is screen_of(pilot)


async def test_without_a_review_nobody_is_asked(timeline: Opener, ids: SimpleNamespace) -> None:
    async with timeline() as pilot:
        await go(pilot, ids.copy)
        await pilot.press("full_stop", "enter")
        await pilot.pause()
        assert app_of(pilot).screen is screen_of(pilot)
