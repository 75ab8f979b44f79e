"""A team at the command line: several homes of one workspace over one folder, and a clock that tests can set."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import Cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PEOPLE = ("林平", "韩梅", "王芳", "李雷", "Zoë")
DAY = 86_400


class Team:
    """Homes of one workspace; the first made it."""

    def __init__(self, homes: list[Cli], folder: Path) -> None:
        self.homes = homes
        self.folder = folder

    @property
    def share(self) -> Path:
        """Return the workspace's folder in the shared one."""
        (found,) = self.folder.glob("sameboat-*")
        return found

    def sync(self, rounds: int = 2) -> None:
        """Sync everybody in turn until everything has been everywhere."""
        for _ in range(rounds):
            for cli in self.homes:
                cli("sync")

    def agree(self) -> str:
        """Return the state all have, after seeing that it is one state, byte for byte."""
        self.sync()
        status = [cli("status", "--json").json for cli in self.homes]
        assert len({one["state_hash"] for one in status}) == 1
        assert {one["outbox"] for one in status} == {0}
        exported = {cli.ok("export").out for cli in self.homes}
        assert len(exported) == 1
        return exported.pop()

    def files(self, pattern: str = "*") -> dict[str, bytes]:
        """Return the share's files that match, by their names in it."""
        found = (path for path in self.share.rglob(pattern) if path.is_file())
        return {path.relative_to(self.share).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def make_team(bare_cli: Cli, tmp_path: Path) -> Callable[[int], Team]:
    """Return a function that makes a team of so many, everybody up to date."""

    def make(count: int) -> Team:
        folder = tmp_path / "team drive 团队"
        folder.mkdir()
        homes = [bare_cli, *(bare_cli.in_home(tmp_path / f"home-{n}") for n in range(1, count))]
        bare_cli.ok("init", str(folder), "--name", "Apollo", "--me", PEOPLE[0], "--code", "lp")
        for number, cli in enumerate(homes[1:], 1):
            cli.ok("join", str(folder), "--me", PEOPLE[number])
        team = Team(homes, folder)
        team.sync()
        return team

    return make


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A wall clock: `ahead` is by how many seconds the machine that runs next is wrong."""
    shift = SimpleNamespace(ahead=0.0)
    fake = SimpleNamespace(time_ns=lambda: time.time_ns() + int(shift.ahead * 1e9))
    monkeypatch.setattr("store.clock.time", fake)
    return shift
