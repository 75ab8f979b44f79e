"""Pictures of the app in both languages, narrow and wide: looked at before they are accepted."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from store import commands
from store.database import Store
from tests.conftest import Clock, exchange
from tests.sample_workspace import fill
from tests.snapshots.conftest import LANGUAGES, NARROW, WIDE, Compare, app

pytestmark = pytest.mark.usefixtures("on_board")


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the workspace; the ids by what they are about."""
    return fill(store, clock)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_board(
    snap_compare: Compare,
    store: Store,
    ids: SimpleNamespace,
    language: str,
    size: tuple[int, int],
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, press=["j"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_capture(snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str) -> None:
    press = ["x", *"yf>sc", "space", *"发布日提前", "space", *"!2", "space", *"#资源", "space", *"^周五"]
    assert snap_compare(app(store, language), terminal_size=NARROW, press=press)


@pytest.mark.parametrize("language", LANGUAGES)
def test_details_in_the_boards_place(
    snap_compare: Compare,
    store: Store,
    ids: SimpleNamespace,
    language: str,
) -> None:
    assert snap_compare(app(store, language), terminal_size=NARROW, press=["enter", "j", "j"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_conflict(snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str) -> None:
    press = ["l", "l", "l", "l", "enter", *["j"] * 4]
    assert snap_compare(app(store, language), terminal_size=(120, 30), press=press)


def test_divergence_history_and_swimlanes(
    snap_compare: Compare,
    store: Store,
    teammate: Callable[[str], Store],
    clock: Clock,
    ids: SimpleNamespace,
) -> None:
    other = teammate("Mei")
    commands.set_fields(store, [ids.pricing], {"title": "定价页文案 v2"})
    clock.advance(seconds=5)
    commands.set_fields(other, [ids.pricing], {"title": "Pricing page copy"})
    exchange(store, other)
    clock.advance(seconds=60)
    assert snap_compare(app(store, "en"), terminal_size=(120, 30), press=["s", "i"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_help(snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str) -> None:
    assert snap_compare(app(store, language), terminal_size=WIDE, press=["question_mark"])


def test_palette(snap_compare: Compare, store: Store, ids: SimpleNamespace) -> None:
    assert snap_compare(app(store, "en"), terminal_size=NARROW, press=["colon", *"sh"])


def test_light(snap_compare: Compare, store: Store, ids: SimpleNamespace) -> None:
    shown = app(store, "en")
    shown.theme = "sameboat-light"
    assert snap_compare(shown, terminal_size=(120, 30), press=["space", "j", "space"])


def test_plain(
    snap_compare: Compare,
    store: Store,
    ids: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app(store, "en"), terminal_size=NARROW, press=["j"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_workspace(snap_compare: Compare, store: Store, language: str) -> None:
    assert snap_compare(app(store, language), terminal_size=(120, 30))
