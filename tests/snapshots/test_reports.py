"""Pictures of the reports in both languages, narrow and wide: looked at before they are accepted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store.database import Store
from tests.conftest import Clock
from tests.sample_quarter import fill_quarter
from tests.snapshots.conftest import LANGUAGES, NARROW, WIDE, Compare, app

pytestmark = pytest.mark.usefixtures("on_board")


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    return fill_quarter(store, clock)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_quarter(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), press=["7"], terminal_size=size)


@pytest.mark.parametrize("language", LANGUAGES)
def test_behind_a_figure(snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str) -> None:
    assert snap_compare(app(store, language), press=["7", "enter", "j"], terminal_size=NARROW)
