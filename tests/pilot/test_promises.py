"""The promises tab by keys: kept, another day, broken, confirmed; and what the pair kept of its promises."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands
from store.commitment_rows import promises
from store.database import Store
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, screen_text, write
from tui.screens.asking import Ask
from tui.screens.feedback.screen import FeedbackScreen

FRIDAY = "2026-11-27"


def made(store: Store, ids: SimpleNamespace, title: str, due: str | None = FRIDAY, **fields: object) -> str:
    sides = {"from_department": ids.departments["sc"], "to_department": ids.departments["yf"]}
    return commands.create(store, "commitment", {"title": title, "due": due, **sides, **fields}).ids[0]


async def go(pilot: Pilot[None]) -> FeedbackScreen:
    """Go to the promises."""
    await pilot.press("4")
    await pilot.pause()
    screen = app_of(pilot).screen
    assert isinstance(screen, FeedbackScreen)
    await screen.show_tab("promises")
    await pilot.pause()
    return screen


def state(store: Store, ent: str) -> tuple[str, str, bool]:
    row = next(one for one in promises(store) if one.id == ent)
    return row.state, row.due, bool(row.confirmed)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_promise_is_written_down_kept_and_confirmed(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        screen = await go(pilot)
        assert "No promise is written down." in screen_text(pilot)
        await pilot.press("w")
        await write(pilot, "sc>yf [bold]文案 ^fri")
        await pilot.press("enter")
        await pilot.pause()
        [row] = promises(store)
        assert (row.title, row.due, row.giver) == ("[bold]文案", FRIDAY, ids.departments["sc"])
        assert "[bold]文案" in screen_text(pilot)
        assert "to come" in screen_text(pilot)
        await pilot.press("m")
        await pilot.pause()
        assert state(store, row.id) == ("kept", FRIDAY, False)
        assert "waiting for the receiver's word" in screen_text(pilot)
        assert screen.tab.count(store) == 1
        await pilot.press("t")
        await pilot.pause()
        assert state(store, row.id) == ("kept", FRIDAY, True)
        assert "100%" in screen_text(pilot)
        await pilot.press("u")
        await pilot.pause()
        assert state(store, row.id) == ("kept", FRIDAY, False)


async def test_another_day_before_it_is_due_is_a_renegotiation(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    ent = made(store, ids, "文案")
    async with opened() as pilot:
        await go(pilot)
        await pilot.press("d")
        await write(pilot, "2026-12-04")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Ask)
        await write(pilot, "法务")
        await pilot.press("enter")
        await pilot.pause()
        assert state(store, ent) == ("renegotiated", "2026-12-04", False)
        [row] = promises(store)
        assert (row.first_due, row.reason) == (FRIDAY, "法务")


async def test_another_day_after_it_was_due_breaks_it_and_promises_anew(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    ent = made(store, ids, "文案", "2026-11-20")
    async with opened() as pilot:
        screen = await go(pilot)
        assert "overdue" in screen_text(pilot)
        await pilot.press("d")
        await pilot.pause()
        assert "a new promise is made" in screen_text(pilot)
        await write(pilot, "fri")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert state(store, ent) == ("broken", "2026-11-20", False)
        follower = next(row for row in promises(store) if row.follows == ent)
        assert (follower.due, screen.tab.list.key) == (FRIDAY, follower.id)
        assert "is broken" in screen.footer.note
        await pilot.press("u")
        await pilot.pause()
        assert [state(store, row.id) for row in promises(store)] == [("promised", "2026-11-20", False)]


async def test_broken_takes_a_reason_and_leaving_the_question_changes_nothing(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    ent = made(store, ids, "文案")
    async with opened() as pilot:
        await go(pilot)
        await pilot.press("b", "escape")
        await pilot.pause()
        assert state(store, ent) == ("promised", FRIDAY, False)
        await pilot.press("b")
        await write(pilot, "病假")
        await pilot.press("enter")
        await pilot.pause()
        assert state(store, ent) == ("broken", FRIDAY, False)
        assert promises(store)[0].reason == "病假"


async def test_several_are_kept_at_once_as_one_undo(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    ents = [made(store, ids, title) for title in ("a", "b", "c")]
    async with opened() as pilot:
        screen = await go(pilot)
        await pilot.press("space", "space", "m")
        await pilot.pause()
        assert sorted(state(store, ent)[0] for ent in ents) == ["kept", "kept", "promised"]
        assert not screen.tab.list.selected
        await pilot.press("u")
        await pilot.pause()
        assert {state(store, ent)[0] for ent in ents} == {"promised"}
