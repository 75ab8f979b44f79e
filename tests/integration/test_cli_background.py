"""A line typed at a shell reaches the share by itself, unless somebody wants it otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.conftest import Cli
from tui.cli import MODULES
from tui.cli.background import EDITS

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def shared(bare_cli: Cli, tmp_path: Path) -> Cli:
    share = tmp_path / "share"
    share.mkdir()
    bare_cli.ok("init", str(share), "--name", "Apollo", "--me", "林平", "--code", "lp")
    return bare_cli


def run(home: Path, *words: str, **environ: str) -> None:
    command = [sys.executable, "-m", "tui.cli", "--home", str(home), *words]
    kept = {name: value for name, value in os.environ.items() if name != "SAMEBOAT_SYNC"}
    subprocess.run(command, cwd=ROOT, env={**kept, **environ}, check=True, capture_output=True)


def outbox(home: Cli) -> int:
    return int(home("status", "--json").json["outbox"])


def settled(home: Cli) -> bool:
    """Wait until nothing is left to send."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not outbox(home):
            return True
        time.sleep(0.05)
    return False


def test_what_is_typed_is_sent_without_being_asked(shared: Cli) -> None:
    run(shared.home, "conflict", "yf>sc 发布日提前两周 !2 #资源 ^周五")
    assert settled(shared)
    run(shared.home, "set", "lp-1", "severity=3")
    assert settled(shared)


def test_sending_can_be_left_to_the_person(shared: Cli) -> None:
    run(shared.home, "add", "结账页改版", SAMEBOAT_SYNC="manual")
    time.sleep(0.5)
    assert outbox(shared) > 0


def test_edits_are_commands_that_exist() -> None:
    assert set(EDITS) <= set(MODULES)
