"""The reports by keys: a quarter, others, what is behind a figure, and from there to the thing itself."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import commands, queries
from store.database import Store
from tests.conftest import Clock
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, at_last, screen_text, write
from tests.sample_quarter import fill_quarter
from tui.screens import reports
from tui.screens.feedback.screen import FeedbackScreen
from tui.screens.reports import ReportsScreen
from tui.widgets.capture_bar import CaptureBar


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Live through a quarter; the ids by what they are about."""
    found = fill_quarter(store, clock)
    with store.transaction() as conn:
        conn.execute("UPDATE change SET state = 'founding'")
    return found


async def test_the_quarter_is_one_key_away_and_figures_open(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("7")
        screen = app_of(pilot).screen
        assert isinstance(screen, ReportsScreen)
        text = screen_text(pilot)
        assert "2026Q4" in text
        assert "[bold]" in text  # behind the first figure, shown as it was typed
        await pilot.press("enter", "enter")
        await pilot.pause()
        place = app_of(pilot).place
        assert isinstance(place, FeedbackScreen)
        assert place.card is not None
        assert place.card.kind == "conflict"


async def test_on_a_narrow_screen_what_is_behind_takes_the_place(opened: Opener) -> None:
    async with opened(NARROW) as pilot:
        await pilot.press("7")
        assert "Launch date" not in screen_text(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "Launch date" in screen_text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "Launch date" not in screen_text(pilot)
        assert "Still open at the end" in screen_text(pilot)


async def test_an_item_behind_a_figure_is_shown_on_the_board(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("7")
        screen = app_of(pilot).screen
        assert isinstance(screen, ReportsScreen)
        key = next(row.key for row in screen._figures.rows if "定价页" in row.title)
        screen._figures.go_to(key)
        await pilot.pause()
        await pilot.press("enter", "enter")
        await pilot.pause()
        card = app_of(pilot).board_screen.card
        assert card is not None
        assert card.id == ids.item


async def test_one_goes_to_other_quarters_and_not_beyond_this_one(opened: Opener) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("7", "left_square_bracket")
        assert "2026Q3" in screen_text(pilot)
        assert "Nothing in this quarter." in screen_text(pilot)
        await pilot.press("enter")
        assert "Nothing is behind this figure." in screen_text(pilot)
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert "2026Q4" in screen_text(pilot)
        assert "There is nothing to count in that quarter yet." in screen_text(pilot)


async def test_what_somebody_does_meanwhile_is_counted(opened: Opener, store: Store) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("7")
        made = commands.create(store, "conflict", {"title": "new one"})
        app_of(pilot).show_changes(made.changes)
        await pilot.pause()
        screen = app_of(pilot).screen
        assert isinstance(screen, ReportsScreen)
        assert screen._figures.rows[1].facts[0].text.strip() == "4"


async def test_a_large_workspace_is_counted_in_a_thread_and_says_so(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "is_large", lambda _store: True)
    held = ReportsScreen._count_elsewhere
    waiting = []
    monkeypatch.setattr(ReportsScreen, "_count_elsewhere", lambda *given: waiting.append(given))
    async with opened(WIDE) as pilot:
        await pilot.press("7")
        await pilot.pause()
        assert "counting, one moment" in screen_text(pilot)
        assert "Counting the quarter…" in screen_text(pilot)
        [given] = waiting
        held(*given)
        await pilot.pause()
        assert "counting, one moment" not in screen_text(pilot)
        assert "Still open at the end" in screen_text(pilot)


async def test_the_page_is_written_into_the_home(opened: Opener, store: Store) -> None:
    from pathlib import Path

    async with opened(WIDE) as pilot:
        await pilot.press("7", "s")
        path = Path(store.home, "reports", "2026Q4.html")
        assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
        assert "Written to" in app_of(pilot).place.footer.note


async def test_what_is_said_while_one_reads_a_report_is_written_down_on_the_board(
    opened: Opener, store: Store
) -> None:
    async with opened(NARROW) as pilot:
        for key, line, kind in (
            ("x", "yf>sc who pays the booth", "conflict"),
            ("a", "book the booth", "item"),
        ):
            await pilot.press("7", key)
            await at_last(pilot, lambda: bool(pilot.app.screen.query(CaptureBar)))
            await write(pilot, line)
            await pilot.press("enter")
            await at_last(pilot, lambda: not pilot.app.screen.query(CaptureBar))
            title = line.removeprefix("yf>sc ")
            assert title in [card.title for card in queries.matching(store, kind)]
