"""The conflicts tab by keys: a conflict is walked to its decision, checked, closed, reopened, counted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands, queries
from store.conflicts import reopenings
from store.database import Store
from tests.conftest import Clock
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, screen_text, write
from tests.sample_conflicts import fill_conflicts
from tui.screens.feedback.screen import FeedbackScreen
from tui.widgets.capture_bar import CaptureBar
from tui.widgets.detail import Key
from tui.widgets.detail.editors import Editor


def desk(pilot: Pilot[None]) -> FeedbackScreen:
    screen = app_of(pilot).place
    assert isinstance(screen, FeedbackScreen)
    return screen


def said(pilot: Pilot[None]) -> str:
    return desk(pilot).footer.note


def fields(store: Store, ent: str) -> dict[str, object]:
    return queries.entity_fields(store, "conflict", ent) or {}


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each when what the one before it began is done."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def fill_in(pilot: Pilot[None], text: str, keep: str = "enter") -> None:
    """Go to what comes next, type it, and save it."""
    await press(pilot, "n")
    assert pilot.app.screen.query(Editor)
    await write(pilot, text)
    await press(pilot, keep)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_conflict_is_walked_from_logged_to_closed_and_reopened(
    opened: Opener, store: Store, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    yf, sc = ids.departments["yf"], ids.departments["sc"]
    async with opened(size) as pilot:
        await press(pilot, "4", "l", "l")
        assert desk(pilot).card.id == ids.dates  # type: ignore[union-attr]
        await fill_in(pilot, "no earlier")
        await fill_in(pilot, "two weeks earlier")
        assert fields(store, ids.dates)["position"] == {yf: "no earlier", sc: "two weeks earlier"}
        await press(pilot, "n")
        assert fields(store, ids.dates)["state"] == "confirmed"
        await fill_in(pilot, "no rollback")
        await fill_in(pilot, "the fair")
        await fill_in(pilot, "shown at the fair, not rolled back")
        await press(pilot, "n")
        assert fields(store, ids.dates)["state"] == "negotiating"
        await fill_in(pilot, "A or B", "ctrl+s")
        await fill_in(pilot, "The fair shows a preview.", "ctrl+s")
        await press(pilot, "n", "down", "enter", "n")
        found = fields(store, ids.dates)
        assert (found["state"], found["decided"]) == ("decided", "2026-11-23")
        assert found["decider"] in (store.member, ids.han)
        await fill_in(pilot, "Build the preview")
        await press(pilot, "A")
        await write(pilot, "Tell the fair")
        await press(pilot, "enter")
        detail = queries.detail(store, ids.dates)
        assert detail is not None
        assert [(card.title, card.type) for card in detail.derived] == [
            ("Build the preview", "action"), ("Tell the fair", "action"),
        ]  # fmt: skip
        await press(pilot, "m")
        await write(pilot, "closed")
        await press(pilot, "enter")
        assert fields(store, ids.dates)["state"] == "decided"
        assert "1 to 5 · R&D" in screen_text(pilot)
        await write(pilot, "4")
        await press(pilot, "enter", "m")
        await write(pilot, "closed")
        await press(pilot, "enter")
        await write(pilot, "3")
        await press(pilot, "enter", "m")
        await write(pilot, "closed")
        await press(pilot, "enter")
        assert (fields(store, ids.dates)["state"], fields(store, ids.dates)["check"]) == (
            "closed",
            {yf: 4, sc: 3},
        )
        await press(pilot, "n")
        assert said(pilot) == "lp-7 is closed: * keeps it as a case."
        await press(pilot, "m")
        await write(pilot, "reopened")
        await press(pilot, "enter")
        assert reopenings(store) == {ids.dates: 1}
        await press(pilot, "g")
        assert "reopened once" in screen_text(pilot)
        await press(pilot, "u")
        assert (fields(store, ids.dates)["state"], reopenings(store)) == ("closed", {})


async def test_what_is_passed_over_is_left_empty(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "l", "l", "n", "escape", "n")
        assert said(pilot) == "Next: Position · Marketing"
        await press(pilot, "escape", "n")
        assert fields(store, ids.dates)["state"] == "confirmed"
        await press(pilot, "u")
        assert fields(store, ids.dates)["state"] == "logged"


async def test_escalating_asks_for_somebody(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "l", "l", "m")
        await write(pilot, "escalated")
        await press(pilot, "enter", "enter")
        found = fields(store, ids.dates)
        assert (found["state"], found["escalated_to"]) == ("escalated", store.member)


async def test_the_state_in_the_details_needs_what_it_means(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "l", "l", "enter", "j", "j", "enter")
        await write(pilot, "closed")
        await press(pilot, "enter")
        assert said(pilot).startswith("lp-7 has no decision yet: write the one sentence that ends it")
        assert fields(store, ids.dates)["state"] == "logged"


async def test_two_departments_have_a_checklist_of_their_own(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened() as pilot:
        await press(pilot, "4", "l", "l", "t")
        titles = [check.title for check in queries.checks(store, ids.dates)]
        assert titles[0] == "Call a meeting of both departments, with those who can decide"
        assert len(titles) == 3
        await press(pilot, "t")
        assert said(pilot) == "lp-7 has this checklist already."
        await press(pilot, "u")
        assert not queries.checks(store, ids.dates)


async def test_what_is_odd_is_kept_and_explained(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    title = "[bold]odd[/] \x1b[31m"
    alone = commands.create(
        store, "conflict",
        {"title": title, "parties": [ids.departments["xs"]], "follow_up": "2020-01-01", "check": {"nobody": "gut"}},
    ).ids[0]  # fmt: skip
    async with opened() as pilot:
        await press(pilot, "4", "l", "l")
        desk(pilot).begin_at(alone)
        await pilot.pause()
        assert "[bold]odd[/] ␛[31m" in screen_text(pilot)
        told = " ".join(line.plain for entry in desk(pilot).details.entries for line in entry.lines)
        assert "! Only one side is named: Sales. Who is the other?" in told
        assert "! The follow-up day is past, and nothing is decided yet." in told
        assert "! What nobody said of the check is no number from 1 to 5" in told


async def test_the_matrix_counts_pairs_and_lists_a_cell(
    opened: Opener, store: Store, clock: Clock, ids: SimpleNamespace
) -> None:
    fill_conflicts(store, clock, ids)
    async with opened(NARROW) as pilot:
        await press(pilot, "4", "l", "l", "C")
        lines = [line.split() for line in screen_text(pilot).splitlines()]
        assert ["R&D", "⇄", "Marketing", "3", "·", "1"] in [line[-6:] for line in lines]
        await press(pilot, "<", "enter")
        assert [row.key for row in desk(pilot).tab.list.rows if row.key] == [ids.meeting]
        assert "R&D ⇄ Marketing · reopened" in screen_text(pilot)
        await press(pilot, "escape", "j", "j", ">", ">", "enter")
        assert [row.key for row in desk(pilot).tab.list.rows if row.key] == [ids.price]
        await press(pilot, "enter")
        assert "A/B test for one week" in screen_text(pilot)
        await press(pilot, "escape", "escape", "C")
        assert len([row for row in desk(pilot).tab.list.rows if row.key]) == 5


async def test_an_action_leads_to_its_card_on_the_board(
    opened: Opener, store: Store, clock: Clock, ids: SimpleNamespace
) -> None:
    fill_conflicts(store, clock, ids)
    async with opened() as pilot:
        await press(pilot, "4", "l", "l")
        desk(pilot).begin_at(ids.tests)
        await press(pilot, "enter")
        desk(pilot).details.go_to(Key("action", ids.split))
        await press(pilot, "enter")
        board = app_of(pilot).place
        assert board is app_of(pilot).board_screen
        assert app_of(pilot).board_screen.card.id == ids.split  # type: ignore[union-attr]


async def test_what_is_like_it_is_shown_while_a_conflict_is_typed(
    opened: Opener, store: Store, clock: Clock, ids: SimpleNamespace
) -> None:
    fill_conflicts(store, clock, ids)
    async with opened(NARROW) as pilot:
        await press(pilot, "x")
        await write(pilot, "yf>sc 压测环境又被演示占着")
        await pilot.pause()
        assert "similar: lp-9, settled by: 演示环境单独拆出来，周二、周三归压测。" in screen_text(pilot)
        bar = pilot.app.screen.query_one(CaptureBar)
        bar.line.value = "yf>xs 食堂"
        await pilot.pause()
        assert "similar" not in screen_text(pilot)


async def test_a_playbook_is_applied_to_a_conflict(
    opened: Opener, store: Store, clock: Clock, ids: SimpleNamespace
) -> None:
    fill_conflicts(store, clock, ids)
    async with opened() as pilot:
        await press(pilot, "4", "l", "l")
        desk(pilot).begin_at(ids.invoices)
        await press(pilot, "b", "enter")
        detail = queries.detail(store, ids.invoices)
        assert detail is not None
        assert len(detail.derived) == 3
        assert "3 items made on the board" in said(pilot)
        await press(pilot, "u")
        detail = queries.detail(store, ids.invoices)
        assert detail is not None
        assert not detail.derived
