"""Pictures of the goals in both languages, narrow and wide."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from store import commands
from store.database import Store
from tests.conftest import Clock
from tests.sample_goals import fill_goals
from tests.snapshots.conftest import NARROW, SIZES, SPEAKING, Compare, app


@pytest.fixture
def sample(store: Store, clock: Clock) -> SimpleNamespace:
    return fill_goals(store, clock)


@SPEAKING
@SIZES
def test_tree(
    snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, press=["5", "j"])


@SPEAKING
@SIZES
def test_details(
    snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, press=["5", "j", "enter", "G"])


@SPEAKING
@SIZES
def test_alignment(
    snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(
        app(store, language), terminal_size=size, press=["5", "l", "less_than_sign", "less_than_sign", "j"]
    )


@SPEAKING
def test_cell(snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str) -> None:
    assert snap_compare(app(store, language), terminal_size=NARROW, press=["5", "l", "enter"])


@SPEAKING
@SIZES
def test_questions(
    snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, press=["5", "l", "l", "j"])


@SPEAKING
def test_nothing(snap_compare: Compare, store: Store, language: str) -> None:
    assert snap_compare(app(store, language), terminal_size=NARROW, press=["5"])


@SPEAKING
def test_many_departments(
    snap_compare: Compare, store: Store, sample: SimpleNamespace, language: str
) -> None:
    with commands.change(store, "import") as change:
        for number in range(7):
            made = change.create(
                "department", {"title": f"事业{number + 1}部", "title_en": f"Unit {number + 1}"}
            )
            change.create("item", {"title": "x", "goal": sample.fast, "department": made, "effort": 12.5})
    assert snap_compare(
        app(store, language), terminal_size=NARROW, press=["5", "l", "less_than_sign", "less_than_sign"]
    )
