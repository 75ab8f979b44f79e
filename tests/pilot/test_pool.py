"""The requirement pool by its keys: ranked by any score, and asked for what a score lacks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import queries
from store.database import Store
from tests.conftest import Clock
from tests.pilot.conftest import WIDE, Opener, app_of, screen_text, write
from tests.sample_feedback import fill_feedback, triage_some
from tui.screens.feedback.pool import PoolTab


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the workspace with what people said."""
    found = fill_feedback(store, clock)
    triage_some(store, found)
    return found


def rows(pilot: Pilot[None]) -> list[str]:
    tab = app_of(pilot).place.tab  # type: ignore[attr-defined]
    assert isinstance(tab, PoolTab)
    return [row.key for row in tab.list.rows if row.key]


def fields(store: Store, ent: str) -> dict[str, object]:
    return queries.entity_fields(store, "item", ent) or {}


async def test_requirements_are_ranked_and_show_what_their_score_is_made_of(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("4", "l")
        await pilot.pause()
        assert rows(pilot) == [ids.invoices, ids.speed, ids.dark]
        shown = screen_text(pilot)
        assert "1,600" in shown
        assert "500×2×80%÷0.5" in shown
        assert "300×?×?%÷?" in shown
        assert "2 customers · 5,500" in shown
        await pilot.press("s")
        await write(pilot, "moscow")
        await pilot.press("enter")
        await pilot.pause()
        assert rows(pilot) == [ids.invoices, ids.dark, ids.speed]
        await pilot.press("s")
        await write(pilot, "size")
        await pilot.press("enter")
        await pilot.pause()
        assert rows(pilot) == [ids.invoices, ids.speed, ids.dark]


async def test_the_missing_inputs_are_asked_for_one_after_the_other(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("4", "l", "G", "p", "enter")
        for text in ("3", "abc", "\b", "80", "160"):
            if text == "\b":
                await pilot.press("ctrl+u")
                continue
            await write(pilot, text)
            await pilot.press("enter")
            await pilot.pause()
        found = fields(store, ids.dark)
        assert [found[name] for name in ("reach", "impact", "confidence", "effort")] == [300, 3, 80, 160]
        assert rows(pilot) == [ids.invoices, ids.dark, ids.speed]
        await pilot.press("u")
        await pilot.pause()
        assert "impact" not in fields(store, ids.dark)


async def test_leaving_the_questions_keeps_what_was_answered(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("4", "l", "G", "p", "ctrl+u", "9", "enter", "2", "enter", "escape")
        await pilot.pause()
        found = fields(store, ids.dark)
        assert (found["reach"], found["impact"], found.get("confidence")) == (9, 2, None)


async def test_kano_asks_two_questions_with_their_answers(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("4", "l", "s")
        await write(pilot, "kano")
        await pilot.press("enter", "g", "p")
        await write(pilot, "expect")
        await pilot.press("enter")
        await write(pilot, "dislike")
        await pilot.press("enter")
        await pilot.pause()
        assert "must-be" in screen_text(pilot)
        assert "expect it / dislike" in screen_text(pilot)


async def test_a_count_has_no_inputs(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await pilot.press("4", "l", "s")
        await write(pilot, "people")
        await pilot.press("enter", "p")
        await pilot.pause()
        assert "Choose a score first" in str(app_of(pilot).place.footer.note)
