"""Pictures of the first start, the jump overlay, every theme and ASCII: looked at before they are accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from store.database import Store
from tests.conftest import Clock
from tests.sample_workspace import fill
from tests.snapshots.conftest import NARROW, SIZES, SPEAKING, WIDE, Compare, app
from tui import i18n
from tui.first_run import answers as asked
from tui.first_run.app import SetupApp
from tui.signs import UNICODE, draw_in


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Fill the workspace; the ids by what they are about."""
    return fill(store, clock)


@pytest.fixture(autouse=True)
def as_drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(asked, "user_name", lambda: "李雷")
    yield
    draw_in(UNICODE)


STEPS = {"way": ["enter"], "departments": ["escape"] * 5 + ["j", "space"], "ready": ["escape"] * 7}


@SIZES
@SPEAKING
@pytest.mark.parametrize("step", STEPS)
def test_first_start(
    snap_compare: Compare, tmp_path: Path, language: str, size: tuple[int, int], step: str
) -> None:
    i18n.set_language(language)
    assert snap_compare(SetupApp(str(tmp_path / "home")), terminal_size=size, press=STEPS[step])


@SIZES
@SPEAKING
@pytest.mark.parametrize("place", ["2", "3", "4"], ids=["board", "timeline", "feedback"])
def test_jump(
    snap_compare: Compare,
    store: Store,
    ids: SimpleNamespace,
    language: str,
    size: tuple[int, int],
    place: str,
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, press=[place, "semicolon"])


@SPEAKING
@pytest.mark.parametrize("place", ["2", "3", "4"], ids=["board", "timeline", "feedback"])
@pytest.mark.parametrize("theme", ["light", "contrast", "colour-blind", "sixteen"])
def test_theme(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, theme: str, place: str, language: str
) -> None:
    shown = app(store, language, theme=theme)
    assert snap_compare(
        shown, terminal_size=WIDE, press=[place, "j", "space"] if place == "2" else [place, "j"]
    )


@SIZES
@SPEAKING
@pytest.mark.parametrize("place", ["2", "3", "4"], ids=["board", "timeline", "feedback"])
def test_ascii(
    snap_compare: Compare,
    store: Store,
    ids: SimpleNamespace,
    language: str,
    size: tuple[int, int],
    place: str,
) -> None:
    assert snap_compare(app(store, language, glyphs="ascii"), terminal_size=size, press=[place, "j"])


@SPEAKING
def test_press_a_key(snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str) -> None:
    async def open_it(pilot: object) -> None:
        pilot.app._ask_key("set_status", ())  # type: ignore[attr-defined]
        await pilot.pause()  # type: ignore[attr-defined]
        await pilot.press("p")  # type: ignore[attr-defined]

    assert snap_compare(app(store, language), terminal_size=NARROW, run_before=open_it)
