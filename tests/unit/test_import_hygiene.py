"""Writing a line down loads the database and little else; no command but the app loads a screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.catalogs import ROOT
from tui.cli import main

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = {
    "argparse", "asyncio", "charset_normalizer", "concurrent", "cryptography", "dataclasses", "dateutil", "email",
    "gettext", "hashlib", "importlib.metadata", "inspect", "locale", "logging", "msgspec", "pathlib", "platformdirs",
    "pypinyin", "pyrage", "rich", "socket", "sqlite_utils", "subprocess", "sync", "tempfile", "textual",
    "tomllib", "typing", "typing_extensions", "watchfiles", "zstandard",
}  # fmt: skip
PATTERNS = {"enum", "json", "re"}  # each loads the next; `--json` cannot do without
SCREENS = {"textual", "tui.app", "tui.screens", "tui.widgets"}

PROBE = """
import sys
sys.path[:] = json_path
before = set(sys.modules)
from tui.cli import main
code = main(sys.argv[1:])
loaded = sorted(set(sys.modules) - before)
import json
print(json.dumps(loaded), file=sys.stderr)
sys.exit(code)
"""


def _loaded(home: Path, *words: str, stdin: str = "") -> set[str]:
    """Return the modules that one command line loads, in a process that loaded nothing before it."""
    result = subprocess.run(
        # -S: what an installation's own start-up loads is not the command's doing.
        [sys.executable, "-S", "-c", PROBE.replace("json_path", repr([str(ROOT), *sys.path[1:]])), *words],
        capture_output=True, text=True, input=stdin, check=False,
        env={**os.environ, "SAMEBOAT_HOME": str(home), "LANG": "zh_CN.UTF-8"},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stderr.splitlines()[-1]))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a workspace in it, so that nothing has to be made or upgraded."""
    home = tmp_path_factory.mktemp("home")
    assert main(["--home", str(home), "init", "--me", "李雷"]) == 0
    return home


@pytest.mark.parametrize(
    "words",
    [
        ("add", "定价页文案 @李雷 #launch !1 ^周五"),
        ("add", "--json", "checkout shows a blank page ^tomorrow"),
        ("conflict", "yf>sc 发布日提前两周 !2 #资源 @李雷 ^周五"),
        ("promise", "sc>yf 周五前给文案 @李雷 ^周五"),
        ("feedback", "&华宇集团 导出里没有发票 !3"),
    ],
)
def test_writing_a_line_down_loads_the_database_and_little_else(home: Path, words: tuple[str, ...]) -> None:
    (home / "config.toml").write_text('language = "en" # mine\n[keys]\nquit = "x"\n', encoding="utf-8")
    unwanted = HEAVY if "--json" in words else HEAVY | PATTERNS
    assert _loaded(home, *words) & unwanted == set()


@pytest.mark.parametrize(
    "words", [("list",), ("status", "--json"), ("log",), ("export",), ("apply",), ("pool",)]
)
def test_commands_load_no_screen(home: Path, words: tuple[str, ...]) -> None:
    assert _loaded(home, *words) & (SCREENS | {"sqlite_utils"}) == set()


def test_the_app_opens_without_what_writes() -> None:
    code = "import sys, tui.app, tui.screens.today.screen; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not {"store.change", "store.writing", "store.oplog", "sync"} & set(result.stdout.split())
