"""Pictures of the team screen's tabs, in both languages, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from store.database import Store
from tests.sample_team import fill_team
from tests.snapshots.test_app_screens import LANGUAGES, NARROW, WIDE, Compare, app
from tui import i18n

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
SPEAKING = pytest.mark.parametrize("language", LANGUAGES)
SHOWN = {
    "departments": ["6", "j", "j", "j"],
    "needs": ["6", "l", "j"],
    "map": ["6", "l", "C", "greater_than_sign", "greater_than_sign"],
    "members": ["6", "l", "l", "G", "k", "greater_than_sign"],
    "handoffs": ["6", "h", "h"],
    "requests": ["6", "h", "j"],
    "granting": ["6", "h", "j", "A", *"hannah", "enter"],
}


@pytest.fixture
def sample(store: Store) -> SimpleNamespace:
    return fill_team(store)


@pytest.fixture(autouse=True)
def no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("SAMEBOAT_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield
    i18n.set_language("en")


@SPEAKING
@SIZES
@pytest.mark.parametrize("shown", SHOWN)
def test_tab(
    snap_compare: Compare,
    store: Store,
    sample: SimpleNamespace,
    language: str,
    size: tuple[int, int],
    shown: str,
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, press=SHOWN[shown])
