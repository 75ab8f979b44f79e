"""Pictures of the inbox and of the requirement pool in both languages, narrow and wide, looked at before accepted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from store.database import Store
from tests.conftest import Clock
from tests.sample_feedback import fill_feedback, triage_some
from tests.snapshots.conftest import LANGUAGES, NARROW, WIDE, Compare, app

pytestmark = pytest.mark.usefixtures("on_board")


def after(keys: list[str], chat: str = "") -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what presses keys and pastes a chat once the app stands, and has how sync stands told."""

    async def press(pilot: Pilot[None]) -> None:
        await pilot.pause()
        for key in keys:
            if key == PASTE:
                pilot.app.screen.focused.post_message(Paste(chat))  # type: ignore[union-attr]
            else:
                await pilot.press(key)
            await pilot.pause()
        pilot.app._show_sync()  # type: ignore[attr-defined]
        await pilot.pause()

    return press


PASTE = "paste"
CHAT = """张三 2026/11/20 10:32:15
结账页太慢了
尤其是 Safari
李四 2026/11/20 10:33:01
收到
王芳 2026/11/20 10:40:30
华宇那边问导出什么时候有发票
"""


@pytest.fixture
def ids(store: Store, clock: Clock) -> SimpleNamespace:
    """Feedback of which some is triaged, some put off, and one has shipped."""
    found = fill_feedback(store, clock)
    triage_some(store, found)
    clock.advance(seconds=3600)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_inbox(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, run_before=after(["4", "j", "space"]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_pool(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str, size: tuple[int, int]
) -> None:
    assert snap_compare(app(store, language), terminal_size=size, run_before=after(["4", "l", "j"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_triaged_unfolded(
    snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str
) -> None:
    assert snap_compare(app(store, language), terminal_size=(120, 30), run_before=after(["4", "minus", "j"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pasted_chat(snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str) -> None:
    assert snap_compare(
        app(store, language), terminal_size=NARROW, run_before=after(["4", "p", PASTE, "down", "space"], CHAT)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_asked_for_an_input(snap_compare: Compare, store: Store, ids: SimpleNamespace, language: str) -> None:
    assert snap_compare(
        app(store, language), terminal_size=NARROW, run_before=after(["4", "l", "G", "p", "enter"])
    )
