"""Pictures of the timeline in both languages, narrow and wide, looked at before they are accepted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import commands
from store.database import Store
from tests.conftest import Clock
from tests.sample_plan import plan
from tests.snapshots.conftest import LANGUAGES, NARROW, SETTLED, WIDE, Compare, app

pytestmark = pytest.mark.usefixtures("on_board")


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """A plan with a part that is done, a review behind it, and something that slipped since."""
    made = plan(store, country="CN")
    clock.advance(seconds=60)
    with commands.change(store, "review") as change:
        change.create("review", {"at": "2026-11-23T09:30:00+00:00", "summary": "held"})
    clock.advance(seconds=3600)
    commands.set_fields(store, [made.copy], {"duration": 6})
    commands.set_fields(store, [made.deck], {"blocked": "等价格"})
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_timeline(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    # The cursor is put on a slipped item, and a move of it is shown that is not kept yet.
    assert snap_compare(
        app(store, language), terminal_size=size, press=["3", "g", *["j"] * 7, SETTLED, "L", "L"]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_slipped_since_the_review(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str
) -> None:
    assert snap_compare(app(store, language), terminal_size=WIDE, press=["3", "g", *["j"] * 7, SETTLED, "f"])


def test_weeks_grouped_by_status_without_colour(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    press = ["3", "s", "s", "s", "plus", "g", "j", SETTLED]
    assert snap_compare(app(store, "en"), terminal_size=NARROW, press=press)


@pytest.mark.parametrize("language", LANGUAGES)
def test_checkin(snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str) -> None:
    press = ["3", SETTLED, "c", "j"]
    assert snap_compare(app(store, language), terminal_size=NARROW, press=press)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_details_beside_the_chart(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    press = ["3", "g", *["j"] * 7, SETTLED, "L", "enter", "escape", "L", "o"]
    assert snap_compare(app(store, language), terminal_size=size, press=press)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_captured_on_the_timeline(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str
) -> None:
    press = ["3", "g", *["j"] * 7, SETTLED, "a", *"call"]
    assert snap_compare(app(store, language), terminal_size=NARROW, press=press)
