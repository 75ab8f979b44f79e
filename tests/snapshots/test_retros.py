"""Pictures of retrospectives and the pulse in both languages, narrow and wide: looked at before they are accepted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store.database import Store
from tests.conftest import Clock
from tests.sample_retro import fill_retro
from tests.snapshots.conftest import LANGUAGES, NARROW, WIDE, Compare, app
from tui.app import SameboatApp
from tui.screens.feedback.screen import FeedbackScreen

pytestmark = pytest.mark.usefixtures("on_board")


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    return fill_retro(store, clock)


def at_tab(store: Store, language: str, scope: str) -> SameboatApp:
    """Return the app whose feedback screen opens on a tab."""
    assert scope in [tab.SCOPE for tab in FeedbackScreen.TABS]
    return app(store, language, feedback_tab=scope)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_one_retrospective(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(at_tab(store, language, "retros"), press=["4", "enter", "j"], terminal_size=size)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_all_retrospectives(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(at_tab(store, language, "retros"), press=["4"], terminal_size=size)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_pulse(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(at_tab(store, language, "pulse"), press=["4"], terminal_size=size)
