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
from tests.conftest import roll_back
from tests.integration.team import DAY, Team, clock, make_team

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from tests.integration.conftest import Cli

__all__ = ["clock", "make_team"]


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


# Day five: a home copied, and both copies written


def titles(cli: Cli) -> set[str]:
    return {one["title"] for one in cli.ok("list", "--json").json}


def standing(cli: Cli) -> dict[str, str]:
    status = cli("status", "--json").json
    return {key: status[key] for key in ("device", "incarnation")}


def one_history_each(team: Team) -> bool:
    """Tell whether no sequence number was given to two ops: every stream has one head."""
    streams = [name.rpartition("/")[2].split(".")[:2] for name in team.files() if name.startswith("h/")]
    return len(streams) == len({tuple(stream) for stream in streams})


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_day_five(make_team: Callable[[int], Team], tmp_path: Path, order: tuple[int, ...]) -> None:
    team = make_team(2)
    a, b = team.homes
    a.ok("add", "before")
    a.ok("add", "a draft", "--private")
    team.sync()
    copy = copied(a, tmp_path / "copy")
    team.homes.append(copy)
    for cli, name in ((a, "A"), (copy, "the copy")):
        told = cli.ok("set", "lp-1", f"title=by {name}").err
        assert ("copy of another" in told) is (cli is copy)
        for number in range(3):
            cli.ok("add", f"{number} of {name}")
        cli.ok("comment", "lp-1", f"so says {name}")
    b.ok("add", "B's own")
    for number in order:
        assert team.homes[number].ok("sync").code == 0
    exported = team.agree()
    assert one_history_each(team)
    assert standing(a)["device"] == standing(copy)["device"]
    assert standing(a)["incarnation"] != standing(copy)["incarnation"]
    everything = {f"{number} of {name}" for number in range(3) for name in ("A", "the copy")} | {"B's own"}
    assert titles(b) == everything | {"by the copy"}
    assert titles(a) == titles(copy) == titles(b) | {"a draft"}
    assert """["by A","by the copy"]""" in exported
    for text in ("so says A", "so says the copy"):
        assert exported.count(text) == 1
    shown = [one["id"] for one in b.ok("list", "--json").json]
    assert len(set(shown)) == len(shown)
    for cli in team.homes:
        assert cli.ok("status").code == 0
    assert {peer["device"] for peer in b("status", "--json").json["peers"]} == {standing(a)["device"]}
    # Both go on for good.
    for cli in (a, copy):
        cli.ok("undo")
        cli.ok("add", "later")
    team.agree()
    assert one_history_each(team)


# Day six: an old state brought back


def back_up(cli: Cli, to: Path) -> Path:
    """Copy a home's files away, as a backup program does that knows nothing of Sameboat."""
    shutil.copytree(cli.home, to)
    return to


def bring_back(cli: Cli, backup: Path, way: str, tmp_path: Path) -> Cli:
    """Bring the old state back: the whole home, over the files, the database alone, or on another machine."""
    if way == "elsewhere":
        shutil.copytree(backup, tmp_path / "elsewhere")
        return cli.in_home(tmp_path / "elsewhere")
    if way == "whole home":
        shutil.rmtree(cli.home)
        shutil.copytree(backup, cli.home)
    elif way == "over the files":
        shutil.copytree(backup, cli.home, dirs_exist_ok=True)
    else:
        shutil.copyfile(backup / "sameboat.db", cli.home / "sameboat.db")
        if way == "machine":  # rolled back with everything in it: nothing here can tell
            roll_back(str(cli.home))
    return cli


@pytest.mark.parametrize("way", ["whole home", "over the files", "database", "elsewhere", "machine"])
def test_day_six(make_team: Callable[[int], Team], clock: SimpleNamespace, tmp_path: Path, way: str) -> None:
    team = make_team(2)
    a, b = team.homes
    a.ok("add", "before")
    team.sync()
    backup = back_up(a, tmp_path / "backup")
    clock.ahead = 7 * DAY
    a.ok("set", "lp-1", "title=a week later")
    for number in range(5):
        a.ok("add", f"{number} of the week")
    a.ok("sync")
    sent = team.files("*.seg")
    a = team.homes[0] = bring_back(a, backup, way, tmp_path)
    assert titles(a) == {"before"}
    clock.ahead += 60
    a.ok("set", "lp-1", "title=after the restore")
    a.ok("add", "new")
    assert a.ok("sync").code == 0
    assert {name: data for name, data in team.files("*.seg").items() if name in sent} == sent
    team.agree()
    assert one_history_each(team)
    expected = {"after the restore", "new", *(f"{number} of the week" for number in range(5))}
    assert titles(a) == titles(b) == expected
    [one] = a.ok("review", "--json").lines
    assert {version["value"] for version in one["versions"]} == {"a week later", "after the restore"}
    assert len(notices(a)) == 1
    assert notices(b) == []
    shown = [one["id"] for one in b.ok("list", "--json").json]
    assert len(set(shown)) == len(shown)
    for _ in range(2):
        a.ok("undo")
    team.agree()
    assert titles(b) == (expected - {"after the restore", "new"}) | {"a week later"}


def test_a_machine_rolled_back_behind_everybodys_back_keeps_both_of_its_pasts(
    make_team: Callable[[int], Team], tmp_path: Path
) -> None:
    team = make_team(2)
    a, b = team.homes
    a.ok("add", "before")
    team.sync()
    backup = back_up(a, tmp_path / "backup")
    apart = tmp_path / "a copy of the drive"
    shutil.copytree(team.folder, apart)
    a.ok("add", "in the first past")
    a.ok("sync")
    b.ok("sync")
    # The machine and its copy of the drive go back together, and the drive is brought together again later.
    bring_back(a, backup, "machine", tmp_path)
    here, team.folder = team.folder, apart
    here.rename(tmp_path / "away")
    shutil.copytree(apart, here)
    a.ok("add", "in the second past")
    a.ok("sync")
    shutil.copytree(tmp_path / "away", here, dirs_exist_ok=True)
    team.folder = here
    team.agree()
    assert titles(a) == titles(b) == {"before", "in the first past", "in the second past"}
    assert notices(a) == ["forked"]
    assert notices(b) == ["forked"]
    for cli in team.homes:
        assert cli.ok("status").code == 0
        assert cli.ok("doctor").code == 0
    a.ok("add", "and on")
    team.agree()
