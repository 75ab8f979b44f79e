"""A plan from its first line to its picture, by keys alone: forty items of four departments, with holidays."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from store import commands
from store.database import Store
from store.plan import read_plan
from store.setup import init_workspace
from tests.conftest import Clock
from tests.pilot.conftest import WIDE, app_of, at_last, screen_text
from tui.app import SameboatApp
from tui.cli import main
from tui.config import load_config
from tui.screens.checkin import CheckinScreen
from tui.screens.picker import Picker
from tui.screens.timeline import TimelineScreen

WEEK_AGO = 7  # days
DEPARTMENTS = ("yf", "sc", "xs", "kf")
EACH = 10  # items of a department


@pytest.fixture
def clock() -> Clock:
    """A clock that stands a week before the real one: what is printed at the end is printed by the real one."""
    return Clock(int((datetime.now() - timedelta(days=WEEK_AGO)).timestamp() * 1000))


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    made = init_workspace(
        str(tmp_path / "home"), name="Apollo", member="林平", code="lp", now=clock,
        today=lambda: datetime.fromtimestamp(clock.at / 1000).date(),
    )  # fmt: skip
    commands.set_fields(made, [made.workspace], {"country": "CN"})
    return made


def screen_of(pilot: Pilot[None]) -> TimelineScreen:
    found = app_of(pilot).place
    assert isinstance(found, TimelineScreen)
    return found


async def to_group(pilot: Pilot[None], number: int) -> None:
    """Go to the first item of a group, with the keys that go to the top and down."""
    screen = screen_of(pilot)
    await pilot.press("g", *["j"] * (number * (EACH + 1) + 1))
    assert screen.here is not None


async def compared(pilot: Pilot[None]) -> None:
    await at_last(pilot, lambda: screen_of(pilot).baseline is not None)


async def test_a_plan_is_made_linked_slipped_compared_and_printed(
    store: Store, clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    app = SameboatApp(store, load_config(store.home), sync=False)
    first = store.today() + timedelta(days=WEEK_AGO + 1)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "a")
        for department in DEPARTMENTS:
            for number in range(EACH):
                day = first + timedelta(days=2 * number)
                line = f"{department}: step {number} of {department} ^{day.isoformat()}"
                assert app.focused is not None
                app.focused.post_message(events.Paste(line))
                await pilot.press("ctrl+j")
        await pilot.press("escape")
        screen = screen_of(pilot)
        assert len(screen.plan.tasks) == len(DEPARTMENTS) * EACH

        # Everything takes three days, and within a department one thing after the other.
        for group in range(len(DEPARTMENTS)):
            await to_group(pilot, group)
            await pilot.press(
                *["full_stop", "full_stop", "j"] * (EACH - 1), "full_stop", "full_stop", "enter"
            )
            await to_group(pilot, group)
            await pilot.press(*["l", "j", "enter"] * (EACH - 1), "enter")
        assert len(screen.plan.links) == len(DEPARTMENTS) * (EACH - 1)
        assert {slot.duration for slot in screen.plan.slots.values()} == {3}
        assert not screen.pending

        # Last week's review.
        await pilot.press("c")
        await pilot.pause()
        assert isinstance(app.screen, CheckinScreen)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("escape")
        await compared(pilot)

        # A week later the first item of the second department slips by a week; why is asked once.
        clock.advance(days=WEEK_AGO)
        app._tick()
        await pilot.pause()
        await to_group(pilot, 1)
        slipped = screen.chart.key
        before = screen.plan.schedule.finish
        await pilot.press("greater_than_sign")
        assert "moves 9 other items" in str(screen.facts.content)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, Picker)
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is screen
        assert before is not None
        assert screen.plan.schedule.finish is not None
        assert screen.plan.schedule.finish > before
        assert "10 slipped" in str(screen.facts.content)
        assert "░" in screen_text(pilot)
        assert store.conn.execute("SELECT item FROM p_checkin WHERE answer = 'moved'").fetchall() == [
            (slipped,)
        ]

    plan = read_plan(store, date.today().toordinal())
    working = [
        day
        for slot in plan.slots.values()
        for day in (slot.start, slot.finish)
        if not plan.calendar(None).is_working(day)
    ]
    assert not working, "nothing begins or ends on a day off"
    monkeypatch.setenv("SAMEBOAT_HOME", store.home)
    monkeypatch.setenv("SAMEBOAT_LANG", "en")
    picture = tmp_path / "plan.svg"
    assert main(["timeline", "--since", "review", "--svg", str(picture)]) == 0
    words = "".join(ET.parse(picture).getroot().itertext())
    capsys.readouterr()
    assert main(["timeline", "--since", "review", "--width", "160"]) == 0
    text = capsys.readouterr().out
    for department in DEPARTMENTS:
        for number in range(EACH):
            assert f"step {number} of {department}" in text
            assert f"step {number} of {department}" in words
    assert main(["timeline", "--since", "review", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(row["slipped"] > 0 for row in rows) == EACH
    assert all(f"+{row['slipped']} d" in text for row in rows if row["slipped"] > 0)
    store.close()
