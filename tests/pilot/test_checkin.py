"""The check-in by keys: what is late, at risk or silent is answered one by one, and the review ends with a summary."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.checkins import answers
from store.database import Store
from store.plan_past import last_review
from tests.pilot.conftest import WIDE, app_of, write
from tests.sample_plan import plan
from tui.app import SameboatApp
from tui.config import load_config
from tui.screens.checkin import CheckinScreen


@pytest.fixture
def ids(store: Store) -> SimpleNamespace:
    made = plan(store)
    commands.set_fields(store, [made.deck], {"blocked": "价格还没批"})
    commands.set_fields(store, [made.copy], {"start": "2026-11-19"})
    return made


def shown(pilot: Pilot[None]) -> str:
    screen = app_of(pilot).screen
    assert isinstance(screen, CheckinScreen)
    return "\n".join(line.plain for entry in screen.list.entries for line in entry.lines)


async def test_a_review_by_keys_alone(store: Store, ids: SimpleNamespace) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await pilot.press("3")
        await pilot.pause()
        await pilot.press("c")
        await pilot.pause()
        text = shown(pilot)
        assert "after the promised 12/4" in text
        assert "blocked: 价格还没批" in text
        assert "was to begin 11/19" in text

        await pilot.press("d")
        await pilot.pause()
        await write(pilot, "2026-12-11")
        await pilot.press("enter")
        await pilot.pause()
        await write(pilot, "waited")
        await pilot.press("enter")
        await pilot.pause()
        assert (queries.entity_fields(store, "item", ids.page) or {})["due"] == "2026-12-11"

        await pilot.press("b")
        await pilot.pause()
        await write(pilot, "legal")
        await pilot.press("enter")
        await pilot.pause()
        assert (queries.entity_fields(store, "item", ids.deck) or {})["blocked"] == "legal"

        await pilot.press("y")
        await pilot.pause()
        said = answers(store, None)
        assert {said[ent].answer for ent in (ids.page, ids.deck, ids.copy)} == {
            "moved",
            "blocked",
            "on track",
        }
        assert said[ids.page].reason == "waited for others"
        assert (said[ids.page].was, said[ids.page].now) == ("2026-12-07", "2026-12-11")

        await pilot.press("enter")
        await pilot.pause()
        text = shown(pilot)
        assert "Moved (1)" in text
        assert "lp-5 Landing page in three languages: moved to 2026-12-11 · waited for others" in text
        assert "Blocked (1)" in text
        assert app.clipboard.startswith("Apollo: review of the plan, 2026-11-23")
        assert last_review(store) is not None
        [summary] = store.conn.execute("SELECT summary FROM p_review").fetchone()
        assert summary == app.clipboard
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.place
        await pilot.press("u")  # the review itself
        assert last_review(store) is None


async def test_nothing_to_ask_about_is_said(store: Store) -> None:
    app = SameboatApp(store, load_config(store.home), sync=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        await pilot.press("c")
        await pilot.pause()
        assert "Nothing is late, at risk or silent." in shown(pilot)
