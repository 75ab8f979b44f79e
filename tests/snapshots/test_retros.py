"""Pictures of retrospectives and the pulse in both languages, narrow and wide: looked at before they are accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from store.database import Store
from tests.conftest import Clock
from tests.sample_retro import fill_retro
from tests.snapshots.test_app_screens import LANGUAGES, NARROW, WIDE, Compare, app
from tui import i18n
from tui.app import SameboatApp
from tui.screens.feedback.screen import FeedbackScreen


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    return fill_retro(store, clock)


@pytest.fixture(autouse=True)
def no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("SAMEBOAT_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text('start = "board"\n', encoding="utf-8")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield
    i18n.set_language("en")


def at_tab(store: Store, language: str, scope: str) -> SameboatApp:
    """Return the app whose feedback screen opens on a tab."""
    assert scope in [tab.SCOPE for tab in FeedbackScreen.TABS]
    made = app(store, language)
    made.config.settings["feedback_tab"] = scope
    return made


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
