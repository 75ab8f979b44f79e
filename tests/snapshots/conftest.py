"""What pictures of the app have in common: nobody's settings, both languages, two sizes, and how sync stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from store.database import Store
from tui import i18n
from tui.app import SameboatApp
from tui.config import load_config
from tui.widgets.header import SYNCED, SyncLine

Compare = Callable[..., bool]
Driving = Callable[[Pilot[None]], Awaitable[None]]
LANGUAGES = list(i18n.LANGUAGES)
NARROW, WIDE = (80, 24), (160, 45)
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
SETTLED = "settled"
QUIET = 6  # looks in which nothing was at work
SPEAKING = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(autouse=True)
def no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Keep the settings of whoever runs the tests out of the pictures."""
    monkeypatch.setenv("SAMEBOAT_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield
    i18n.set_language("en")


@pytest.fixture(autouse=True)
def at_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no cursor blink and no note be over before the picture is taken, however slow the machine."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda line: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda area: None)
    monkeypatch.setattr("tui.widgets.footer.NOTE_SECONDS", 3_600.0)


@pytest.fixture
def snap_compare(snap_compare: Compare) -> Compare:
    """Compare a picture that is taken once the keys, and all that they had done in threads, came to rest.

    The key `settled` waits for that in between.
    """

    def compare(
        shown: SameboatApp, *, press: Iterable[str] = (), run_before: Driving | None = None, **options: object
    ) -> bool:
        async def driven(pilot: Pilot[None]) -> None:
            if run_before is not None:
                await run_before(pilot)
            await pilot.pause()
            for key in press:
                if key == SETTLED:
                    await settled(pilot)
                else:
                    await pilot.press(key)
            await settled(pilot)

        return snap_compare(shown, run_before=driven, **options)

    return compare


async def settled(pilot: Pilot[None]) -> None:
    """Wait until no thread works for the screen, and none is begun for a tenth of a second."""
    quiet = 0
    while quiet < QUIET:
        await pilot.pause(0.02)
        quiet = 0 if any(not worker.is_finished for worker in pilot.app.workers) else quiet + 1


@pytest.fixture
def on_board(no_config: None, tmp_path: Path) -> None:
    """Let the app open on the board."""
    (tmp_path / "config.toml").write_text('start = "board"\n', encoding="utf-8")


class Synced(SameboatApp):
    """The app as it stands between two syncs."""

    def sync_line(self) -> SyncLine:
        """Say the same whenever a picture is taken."""
        return SyncLine(SYNCED, peers=3, synced_at=self.store.now() - 20_000)


def app(store: Store, language: str, made: type[SameboatApp] = Synced, **settings: str) -> SameboatApp:
    """Return the app in a language with these settings."""
    i18n.set_language(language)
    config = load_config(store.home)
    config.settings.update(settings)
    return made(store, config._replace(path="~/.config/sameboat/config.toml"), sync=False)
