"""A retrospective by keys from beginning to follow-up, and the pulse."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import commands
from store.database import Store
from store.pulses import own_answer
from store.retro_rows import Sheet, retros, sheet
from tests.conftest import Clock
from tests.pilot.conftest import NARROW, WIDE, Opener, app_of, screen_text, write
from tests.sample_retro import fill_retro
from tui.screens.feedback.retro_rows import typed_card
from tui.screens.feedback.retros import RetrosTab
from tui.screens.feedback.screen import FeedbackScreen


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """A team that looks back; the ids by what they are about."""
    return fill_retro(store, clock)


def wall(store: Store, ent: str) -> Sheet:
    found = sheet(store, ent)
    assert found is not None
    return found


async def to_retros(pilot: Pilot[None]) -> RetrosTab:
    """Go to the retrospectives."""
    await pilot.press("4")
    await pilot.pause()
    screen = app_of(pilot).screen
    assert isinstance(screen, FeedbackScreen)
    for _ in range(20):
        if isinstance(screen.tab, RetrosTab):
            break
        await pilot.press("l")
        await pilot.pause()
    assert isinstance(screen.tab, RetrosTab)
    return screen.tab


async def test_a_retrospective_is_begun_and_written_by_keys(opened: Opener, store: Store) -> None:
    async with opened(WIDE) as pilot:
        await to_retros(pilot)
        await pilot.press("n")
        await write(pilot, "sailboat")
        await pilot.press("enter")
        await pilot.press("end", *["backspace"] * 40)
        await write(pilot, "Sprint 13")
        await pilot.press("enter")
        await pilot.pause()
        made = retros(store)[0]
        assert (made.title, made.format, made.state) == ("Sprint 13", "sailboat", "writing")
        assert "Wind: what drives us" in screen_text(pilot)
        await pilot.press("plus")
        await write(pilot, "good team")
        await pilot.press("enter")
        await pilot.pause()
        await write(pilot, "3: a risk [bold]")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter")  # an empty line ends it
        await pilot.pause()
        cards = [(card.column, card.title) for card in wall(store, made.id).cards]
        assert cards == [("wind", "good team"), ("rocks", "a risk [bold]")]
        assert "a risk [bold]" in screen_text(pilot)


async def test_it_is_revealed_grouped_and_voted_on(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        tab = await to_retros(pilot)
        await pilot.press("enter")
        await pilot.pause()
        tab.list.go_to(ids.mine)
        await pilot.press("t")
        assert store.member in next(c for c in wall(store, ids.retro).cards if c.id == ids.mine).voters
        assert "1 vote left" in screen_text(pilot)
        await pilot.press("t")
        assert store.member not in next(c for c in wall(store, ids.retro).cards if c.id == ids.mine).voters
        tab.list.go_to(ids.late)
        await pilot.press("m")
        await write(pilot, "on its own")
        await pilot.press("enter")
        await pilot.pause()
        assert len(wall(store, ids.retro).tallies) == 3
        tab.list.go_to(ids.queue)
        await pilot.press("space", "space", "m")
        await pilot.pause()
        assert {tally.cards for tally in wall(store, ids.retro).tallies} >= {(ids.queue, ids.late)}
        await pilot.press("greater_than_sign")
        assert wall(store, ids.retro).retro.state == "acting"
        await pilot.press("exclamation_mark")
        assert "revealed already" in screen_text(pilot)
        await pilot.press("less_than_sign", "less_than_sign", "less_than_sign")
        assert wall(store, ids.retro).retro.state == "writing"
        await pilot.press("exclamation_mark")
        assert wall(store, ids.retro).retro.state == "grouping"
        await pilot.press("u")
        assert wall(store, ids.retro).retro.state == "writing"


async def test_an_action_is_made_and_one_from_before_is_verified(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        tab = await to_retros(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert tab.list.key == ids.carried
        await pilot.press("V")
        await pilot.pause()
        assert wall(store, ids.retro).carried == ()
        await pilot.press("A")
        await write(pilot, "fewer meetings @hm")
        await pilot.press("enter")
        await pilot.pause()
        await write(pilot, "two free mornings")
        await pilot.press("enter")
        await pilot.pause()
        made = wall(store, ids.retro).actions[-1]
        assert (made.title, made.owner, made.verify) == ("fewer meetings", ids.people[0], "two free mornings")
        assert tab.list.key == made.id


async def test_others_cards_are_counted_while_one_writes(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    with commands.change(store, "set") as change:
        change.set(ids.retro, {"state": "writing"})
    me, store.member = store.member, ids.people[0]
    try:
        async with opened(WIDE) as pilot:
            await to_retros(pilot)
            await pilot.press("enter")
            await pilot.pause()
            text = screen_text(pilot)
            assert "2 not shown yet" in text
            assert "评审排队三天" not in text
            assert "Demo every Friday" not in text
    finally:
        store.member = me


async def test_escape_leads_back_step_by_step(opened: Opener, ids: SimpleNamespace) -> None:
    async with opened(NARROW) as pilot:
        tab = await to_retros(pilot)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "checklist" in screen_text(pilot)  # a key of the details
        await pilot.press("escape")
        await pilot.pause()
        assert tab.list.key == ids.carried
        await pilot.press("escape")
        await pilot.pause()
        assert tab.list.key == ids.retro


async def test_a_card_is_renamed_and_deleted_like_any_other(
    opened: Opener, store: Store, ids: SimpleNamespace
) -> None:
    async with opened(WIDE) as pilot:
        tab = await to_retros(pilot)
        await pilot.press("enter")
        await pilot.pause()
        tab.list.go_to(ids.mine)
        await pilot.pause()
        await pilot.press("D")
        await pilot.pause()
        assert ids.mine not in [card.id for card in wall(store, ids.retro).cards]
        await pilot.press("u")
        await pilot.pause()
        assert ids.mine in [card.id for card in wall(store, ids.retro).cards]


async def test_keys_of_a_retrospective_say_where_they_work(opened: Opener) -> None:
    async with opened(WIDE) as pilot:
        await to_retros(pilot)
        for key in ("plus", "exclamation_mark", "m", "t", "greater_than_sign", "A", "V"):
            await pilot.press(key)
            assert "Go into a retrospective first" in screen_text(pilot), key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ship", ("start", "ship")), ("2: late", ("stop", "late")), ("3、中文", ("continue", "中文")),
        ("2：全角", ("stop", "全角")), ("9: no such", ("start", "9: no such")),
        ("3 people left", ("start", "3 people left")),
        ("", ("start", "")), ("2:", ("stop", "")),
    ],
)  # fmt: skip
def test_a_number_and_a_colon_choose_the_column(text: str, expected: tuple[str, str]) -> None:
    assert typed_card(text, ("start", "stop", "continue"), "start") == expected


async def test_the_pulse_is_answered_by_keys(opened: Opener, store: Store, ids: SimpleNamespace) -> None:
    async with opened(NARROW) as pilot:
        await to_retros(pilot)
        await pilot.press("l")
        await pilot.pause()
        assert "you have not answered yet" in screen_text(pilot)
        await pilot.press("n")
        await write(pilot, "4")
        await pilot.press("enter")
        await pilot.pause()
        await write(pilot, "fine")
        await pilot.press("enter")
        await pilot.pause()
        assert own_answer(store, "2026-W48") == (4, "fine")
        text = screen_text(pilot)
        assert "you: 4" in text
        assert "1 of 3 needed" in text
        assert "fine" not in text
        await pilot.press("u")
        assert own_answer(store, "2026-W48") is None


class TestNothingYet:
    """A workspace in which nobody has looked back."""

    @pytest.fixture
    def ids(self, store: Store) -> SimpleNamespace:
        """Leave it empty."""
        return SimpleNamespace()

    async def test_empty_tabs_teach(self, opened: Opener) -> None:
        async with opened(NARROW) as pilot:
            await to_retros(pilot)
            assert "No retrospective has been held." in screen_text(pilot)
            await pilot.press("l")
            await pilot.pause()
            assert "Nobody has said yet how the week is." in screen_text(pilot)
