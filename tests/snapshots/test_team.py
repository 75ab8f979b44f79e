"""Pictures of the team screen's tabs, in both languages, narrow and wide."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store.database import Store
from tests.sample_team import fill_team
from tests.snapshots.conftest import SIZES, SPEAKING, Compare, app

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
