"""The data directory is the system's own, and the language is the one its owner chose."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import platformdirs
import pytest

from tui.cli.home import configured_language, data_home

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("chosen", ["", "/somewhere/data", "relative/data"])
def test_the_directory_is_the_one_platformdirs_names(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", chosen)
    assert data_home("", {**os.environ, "SAMEBOAT_HOME": ""}) == platformdirs.user_data_dir(
        "sameboat", appauthor=False
    )


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_every_platform_has_its_place(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    places = {"linux": "~/.local/share/sameboat", "darwin": "~/Library/Application Support/sameboat"}
    assert data_home("", {}) == os.path.expanduser(places[platform])


def test_what_is_given_comes_before_the_environment() -> None:
    assert data_home("/given", {"SAMEBOAT_HOME": "/chosen"}) == "/given"
    assert data_home("", {"SAMEBOAT_HOME": "/chosen"}) == "/chosen"
    assert data_home("~/mine", {}) == os.path.expanduser("~/mine")
    assert os.path.isabs(data_home("here", {}))


@pytest.mark.parametrize(
    ("config", "choices", "language"),
    [
        (None, None, ""),
        ('language = "zh_CN"\n', None, "zh_CN"),
        ("  language='en' # mine\n", '{"language": "zh_CN"}', "en"),
        ('theme = "dark"\n', '{"language": "zh_CN"}', "zh_CN"),
        ('[keys]\nlanguage = "l"\n', None, ""),
        (None, '{"language": 7}', ""),
        (None, "not json", ""),
        ("\x00\xff", '{"density": "compact"}', ""),
    ],
)
def test_the_language_is_read_from_the_config_file_then_from_the_app(
    tmp_path: Path, config: str | None, choices: str | None, language: str
) -> None:
    if config is not None:
        (tmp_path / "config.toml").write_bytes(config.encode("latin-1"))
    if choices is not None:
        (tmp_path / "choices.json").write_text(choices, encoding="utf-8")
    assert configured_language(str(tmp_path), {"SAMEBOAT_HOME": str(tmp_path)}) == language


def test_a_config_file_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('language = "zh_CN"\n', encoding="utf-8")
    (tmp_path / "sameboat").mkdir()
    (tmp_path / "sameboat" / "config.toml").write_text('language = "en"\n', encoding="utf-8")
    home = str(tmp_path / "home")
    assert configured_language(home, {"SAMEBOAT_CONFIG": str(tmp_path / "mine.toml")}) == "zh_CN"
    assert configured_language(home, {"XDG_CONFIG_HOME": str(tmp_path)}) == "en"
