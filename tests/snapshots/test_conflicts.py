"""Pictures of the conflicts and of cases and playbooks, in both languages, narrow and wide."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store.database import Store
from tests.conftest import Clock
from tests.sample_conflicts import fill_conflicts
from tests.sample_workspace import fill
from tests.snapshots.conftest import NARROW, SIZES, SPEAKING, Compare, app

pytestmark = pytest.mark.usefixtures("on_board")


@pytest.fixture
def sample(store: Store, clock: Clock) -> SimpleNamespace:
    found = fill(store, clock)
    fill_conflicts(store, clock, found)
    return found


@SPEAKING
@SIZES
def test_list(
    snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, press=["4", "l", "l", "j"])


@SPEAKING
@SIZES
def test_form(
    snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(
        app(store, language), terminal_size=size, press=["4", "l", "l", "enter", "j", "j", "j"]
    )


@SPEAKING
@SIZES
def test_matrix(
    snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(
        app(store, language), terminal_size=size, press=["4", "l", "l", "C", "greater_than_sign", "j"]
    )


@SPEAKING
@SIZES
def test_cases(
    snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, press=["4", "h"])


@SPEAKING
def test_similar(snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str) -> None:
    press = ["x", *"yf>sc", "space", *"压测环境又被演示占着"]
    assert snap_compare(app(store, language), terminal_size=NARROW, press=press)
