"""Days five and six: homes that are copied, cloned, brought back and rolled back, as their owners see it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.catalogs import ROOT

if TYPE_CHECKING:
    from tests.integration.conftest import Cli


def copied(cli: Cli, to: Path) -> Cli:
    """Copy a home as `cp -r` does, and return the command line in the copy."""
    shutil.copytree(cli.home, to)
    return cli.in_home(to)


def notices(cli: Cli) -> list[str]:
    return [notice["code"] for notice in cli("status", "--json").json["notices"]]


def test_the_owner_of_a_copy_is_told_once_by_the_command_that_writes(cli: Cli, tmp_path: Path) -> None:
    cli.ok("add", "before")
    copy = copied(cli, tmp_path / "copy")
    assert copy.ok("list").err == ""
    assert notices(copy) == []
    told = copy.ok("add", "in the copy")
    assert [line for line in told.err.splitlines() if "copy of another" in line] == [
        told.err.splitlines()[-1]
    ]
    assert copy.ok("add", "again").err.count("\n") == 1
    assert copy.ok("list").err == ""
    assert notices(copy) == ["copied"]
    assert notices(cli) == []


def test_a_request_stream_and_an_edit_tell_it_too(cli: Cli, tmp_path: Path) -> None:
    cli.ok("add", "before")
    one, two = (copied(cli, tmp_path / name) for name in ("one", "two"))
    assert "copy of another" in one.ok("set", "lp-1", "title=after").err
    assert "copy of another" in two.ok("apply", stdin='{"do":"set","id":"lp-1","fields":{"title":"x"}}').err


def test_what_nobody_reads_tells_nobody(cli: Cli, tmp_path: Path) -> None:
    cli.ok("add", "before")
    copy = copied(cli, tmp_path / "copy")
    command = [sys.executable, "-m", "tui.cli", "--home", str(copy.home), "set", "lp-1", "title=after"]
    subprocess.run(command, cwd=ROOT, stderr=subprocess.DEVNULL, check=True)
    assert "copy of another" in copy.ok("list").err
    assert notices(copy) == ["copied"]
    assert copy.ok("list").err == ""


@pytest.mark.parametrize("sealed", ["files", "folder"])
def test_a_copy_that_cannot_be_written_can_be_read(cli: Cli, sealed: str) -> None:
    cli.ok("add", "before")
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        copy = copied(cli, Path(outer, "copy"))
        for path in copy.home.iterdir():
            path.chmod(0o444)
        copy.home.chmod(0o777 if sealed == "files" else 0o555)
        for command in ("list", "status", "export"):
            read = as_nobody(copy, command)
            assert (read.returncode, "before" in read.stdout or command == "status") == (0, True), read.stderr
        refused = as_nobody(copy, "add", "x")
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
        assert "cannot be written" in refused.stderr
        copy.home.chmod(0o700)


def as_nobody(cli: Cli, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command line as somebody whom permissions stop."""
    lower = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    if lower and shutil.which(lower[0]) is None:
        pytest.skip("nothing stops the superuser from writing, and there is no setpriv to be somebody else")
    command = [*lower, sys.executable, "-m", "tui.cli", "--home", str(cli.home), "--lang", "en", *words]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd="/")
