"""The feedback screen's tabs together: where one comes to, what the line of tabs and the footer say."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands
from store.database import Store
from tests.conftest import Clock
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, screen_text
from tests.sample_feedback import fill_feedback, triage_some
from tui.config import load_config
from tui.screens.feedback.screen import FeedbackScreen


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the workspace with what people said."""
    found = fill_feedback(store, clock)
    triage_some(store, found)
    return found


def desk(pilot: Pilot[None]) -> FeedbackScreen:
    screen = app_of(pilot).place
    assert isinstance(screen, FeedbackScreen)
    return screen


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def test_a_conflict_of_the_board_is_gone_to_in_its_tab(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        app_of(pilot).board_screen.follow(ids.dates)
        await press(pilot, "4")
        assert desk(pilot).tab.SCOPE == "conflicts"
        assert desk(pilot).tab.list.key == ids.dates


async def test_triaged_feedback_is_unfolded_to_be_gone_to(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    with commands.change(store, "decline") as change:
        change.set(ids.said[8], {"state": "declined"})
    async with opened(WIDE) as pilot:
        app_of(pilot).show_feedback(ids.said[8])
        await pilot.pause()
        assert desk(pilot).tab.SCOPE == "inbox"
        assert desk(pilot).tab.list.key == ids.said[8]


async def test_a_thing_of_another_tab_is_gone_to_from_a_tab(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await press(pilot, "4")
        desk(pilot).begin_at(ids.dates)
        await pilot.pause()
        assert desk(pilot).tab.SCOPE == "conflicts"
        assert desk(pilot).tab.list.key == ids.dates


async def test_the_tab_shown_last_is_shown_at_the_next_start(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await press(pilot, "4", "h")
        assert desk(pilot).tab.SCOPE == "cases"
    assert load_config(store.home).get("feedback_tab") == "cases"


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_every_tab_is_named_and_gone_to_by_a_click(
    opened: Opener, ids: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with opened(size) as pilot:
        await press(pilot, "4", "h")
        line = screen_text(pilot).splitlines()[1]
        assert "Cases" in line
        assert "Inbox" in line
        await pilot.click(offset=(line.index("Promises"), 1))
        await pilot.pause()
        assert desk(pilot).tab.SCOPE == "promises"


async def test_names_out_of_sight_do_not_shift_what_is_clicked(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened((60, 20)) as pilot:
        await press(pilot, "4", "h")
        line = screen_text(pilot).splitlines()[1]
        assert "Inbox" not in line
        await pilot.click(offset=(line.index("Retros"), 1))
        await pilot.pause()
        assert desk(pilot).tab.SCOPE == "retros"


async def test_a_tabs_footer_begins_with_what_the_tab_lists(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(NARROW) as pilot:
        await press(pilot, "4")
        assert "f feedback" in screen_text(pilot)
        await press(pilot, "l", "l")
        assert "x conflict" in screen_text(pilot).splitlines()[-1]
        assert "f feedback" not in screen_text(pilot).splitlines()[-1]


async def test_an_empty_tab_teaches_once(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await press(pilot, "4", "h")
        assert screen_text(pilot).count("No case is kept yet.") == 1


@pytest.mark.parametrize("width", [100, 110, 120])
async def test_places_never_push_the_state_of_sync_off_the_line(
    opened: Opener, ids: SimpleNamespace, width: int
) -> None:
    async with opened((width, 24)) as pilot:
        await press(pilot, "M", "enter", "enter", "4")
        line = screen_text(pilot).splitlines()[0]
        assert line.rstrip().endswith("only on this machine")


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (0, "There is no case here: * "),
        (1, "There is nothing to do this with here: n "),
        (2, "There is no retrospective here: n "),
        (3, "There is no meeting here: m "),
        (4, "There is no promise here: w "),
    ],
)
async def test_a_key_that_needs_a_card_says_which_key_makes_one(
    opened: Opener, ids: SimpleNamespace, left: int, said: str
) -> None:
    async with opened(WIDE) as pilot:
        await press(pilot, "4", "h", *["h"] * left, "c")
        assert said in desk(pilot).footer.note


async def test_no_key_of_an_empty_list_is_mute(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(WIDE) as pilot:
        await press(pilot, "4")
        await desk(pilot).show_tab("retros")
        await press(pilot, "enter")
        assert "There is no retrospective here" in desk(pilot).footer.note
        await press(pilot, "n", "enter", "enter")
        assert "There is no retrospective here" not in desk(pilot).footer.note
        await desk(pilot).show_tab("conflicts")
        await press(pilot, "D", "C")
        assert "There is no conflict here" in desk(pilot).footer.note


async def test_the_footer_has_keys_of_a_meeting_only_while_one_runs(
    opened: Opener, ids: SimpleNamespace
) -> None:
    async with opened(NARROW) as pilot:
        await press(pilot, "4")
        await desk(pilot).show_tab("meetings")
        await pilot.pause()
        line = screen_text(pilot).splitlines()[-1]
        assert "m meeting" in line
        assert "next point" not in line
        await press(pilot, "m", "enter", "enter")
        desk(pilot).footer.show_note("")
        await pilot.pause()
        line = screen_text(pilot).splitlines()[-1]
        assert "m meeting" not in line
        assert "n next point" in line


async def test_undo_brings_the_cursor_back_to_what_was_undone(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        await press(pilot, "4")
        first = desk(pilot).tab.list.key
        await press(pilot, "n")
        assert desk(pilot).tab.list.key != first
        await press(pilot, "G", "u")
        assert desk(pilot).tab.list.key == first
        assert desk(pilot).details._subject == first


async def test_what_is_edited_on_a_tab_has_a_layer_over_it(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened() as pilot:
        for key in ("1", "4", "5", "6", "8", "9"):
            await press(pilot, key)
            assert "over" in pilot.app.screen.layers, app_of(pilot).place
