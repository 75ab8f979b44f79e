"""What pictures of the app have in common: nobody's settings, both languages, two sizes, and how sync stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.database import Store
from tui import i18n
from tui.app import SameboatApp
from tui.config import load_config
from tui.widgets.header import SYNCED, SyncLine

Compare = Callable[..., bool]
LANGUAGES = list(i18n.LANGUAGES)
NARROW, WIDE = (80, 24), (160, 45)
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
SPEAKING = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(autouse=True)
def no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Keep the settings of whoever runs the tests out of the pictures."""
    monkeypatch.setenv("SAMEBOAT_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield
    i18n.set_language("en")


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
