"""Pictures of the reports in both languages, narrow and wide: looked at before they are accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from store.database import Store
from tests.conftest import Clock
from tests.sample_quarter import fill_quarter
from tests.snapshots.test_app_screens import LANGUAGES, NARROW, WIDE, Compare, app
from tui import i18n


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    return fill_quarter(store, clock)


@pytest.fixture(autouse=True)
def no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("SAMEBOAT_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text('start = "board"\n', encoding="utf-8")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield
    i18n.set_language("en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_quarter(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), press=["7"], terminal_size=size)


@pytest.mark.parametrize("language", LANGUAGES)
def test_behind_a_figure(snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str) -> None:
    assert snap_compare(app(store, language), press=["7", "enter", "j"], terminal_size=NARROW)
