"""A line typed at a shell reaches the share by itself, unless somebody wants it otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.conftest import Cli
from tests.patience import becomes
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
    return becomes(lambda: not outbox(home))


def test_what_is_typed_is_sent_without_being_asked(shared: Cli) -> None:
    run(shared.home, "conflict", "yf>sc 发布日提前两周 !2 #资源 ^周五")
    assert settled(shared)
    run(shared.home, "set", "lp-1", "severity=3")
    assert settled(shared)


def test_what_is_settled_or_comes_again_is_sent_as_well(shared: Cli) -> None:
    run(shared.home, "conflict", "yf>sc 发布日提前两周 !2")
    run(shared.home, "add", "周报")
    assert settled(shared)
    run(shared.home, "decide", "lp-1", "按原定日期发布")
    assert settled(shared)
    run(shared.home, "repeat", "lp-2", "every mon")
    assert settled(shared)


def test_sending_can_be_left_to_the_person(shared: Cli) -> None:
    run(shared.home, "add", "结账页改版", SAMEBOAT_SYNC="manual")
    time.sleep(0.5)
    assert outbox(shared) > 0


@pytest.mark.parametrize("environ", [{}, {"SAMEBOAT_SYNC": "manual"}])
def test_what_is_written_down_stays_when_the_process_ends_and_the_log_goes_into_the_database(
    shared: Cli, environ: dict[str, str]
) -> None:
    for number in range(3):
        run(shared.home, "add", f"第 {number} 条", **environ)
    assert len(shared("list", "--json").json) == 3
    if not environ:
        assert settled(shared)
    assert gone(shared.home / "sameboat.db-wal")


def test_a_home_that_does_not_send_is_left_as_one_file(bare_cli: Cli) -> None:
    bare_cli.ok("init", "--me", "林平", "--code", "lp")
    run(bare_cli.home, "add", "结账页改版")
    assert not (bare_cli.home / "sameboat.db-wal").exists()


def test_a_line_is_kept_where_no_sync_comes_to_close_the_database(shared: Cli) -> None:
    lost = (
        "import sys, tui.cli as cli; cli.send_soon = lambda home: None; "
        "sys.argv[1:] = ['--home', sys.argv[1], 'add', sys.argv[2]]; cli.main()"
    )
    kept = {name: value for name, value in os.environ.items() if name != "SAMEBOAT_SYNC"}
    for title in ("结账页改版", "退款流程"):
        command = [sys.executable, "-c", lost, str(shared.home), title]
        subprocess.run(command, cwd=ROOT, env=kept, check=True, capture_output=True)
        assert (shared.home / "sameboat.db-wal").exists()
    assert [item["title"] for item in shared("list", "--json").json] == ["退款流程", "结账页改版"]
    assert not (shared.home / "sameboat.db-wal").exists()


def gone(path: Path) -> bool:
    """Wait until a file is not there any more."""
    return becomes(lambda: not path.exists())


def test_edits_are_commands_that_exist() -> None:
    assert set(EDITS) <= set(MODULES)
