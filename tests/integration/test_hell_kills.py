"""Day ten from hell: the process is killed at every step of a sync, while others read and join."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import pytest

from store.database import Transaction
from tests.integration.conftest import Cli
from tests.integration.team import Team, make_team
from tui.cli import main

__all__ = ["make_team"]

if sys.platform == "win32":
    pytest.skip("a process is killed as POSIX does", allow_module_level=True)


class Mortal:
    """The operating system as the folder transport sees it; the process dies at the `fatal`-th step that changes it."""

    STEPS = ("fsync", "rename", "mkdir", "unlink", "open")

    def __init__(self, fatal: int, *, late: bool) -> None:
        self.left = fatal
        self.late = late

    def __getattr__(self, name: str) -> object:
        real = getattr(os, name)
        if name not in self.STEPS:
            return real

        def step(*args: object, **options: object) -> object:
            if name == "open" and not (len(args) > 1 and int(str(args[1])) & os.O_CREAT):
                return real(*args, **options)
            self.left -= 1
            if not self.left and not self.late:
                die()
            try:
                return real(*args, **options)
            finally:
                if not self.left:
                    die()

        return step


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(cli: Cli, *words: str, fatal: int, late: bool) -> bool:
    """Run a command line in a process that dies at its `fatal`-th step; returns whether it came to that."""
    child = os.fork()
    if not child:
        code = 1
        try:
            import sync.places.folder

            system = Mortal(fatal, late=late)
            sync.places.folder.os = system  # type: ignore[assignment]
            leave = Transaction.__exit__

            def commit(self: Transaction, *error: object) -> None:
                if self._store.depth == 1:
                    system.left -= 1
                    if not system.left and not system.late:
                        die()
                leave(self, *error)  # type: ignore[arg-type]
                if not system.left:
                    die()

            Transaction.__exit__ = commit  # type: ignore[assignment, method-assign]
            os.environ["SAMEBOAT_HOME"] = str(cli.home)
            code = main(list(words))
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(status) in (0, 3)
    return False


def every_step(cli: Cli, prepare: Callable[[int], None], late: bool) -> int:
    """Sync in processes that die one step later each time, until one lives; returns how many died."""
    fatal = 0
    while True:
        fatal += 1
        prepare(fatal)
        if not killed(cli, "sync", fatal=fatal, late=late):
            return fatal - 1


@pytest.mark.parametrize("late", [False, True], ids=["before it", "after it"])
def test_killed_at_every_step_of_sending(make_team: Callable[[int], Team], late: bool) -> None:
    team = make_team(2)
    a, b = team.homes

    def prepare(fatal: int) -> None:
        a.ok("add", f"sent {fatal}")
        b("sync")

    died = every_step(a, prepare, late)
    assert died >= 8
    exported = team.agree()
    assert all(f"sent {number}" in exported for number in range(1, died + 2))
    assert a.ok("doctor").code == 0
    assert not [name for name in team.files() if "/~" in name]


@pytest.mark.parametrize("late", [False, True], ids=["before it", "after it"])
def test_killed_at_every_step_of_receiving(make_team: Callable[[int], Team], late: bool) -> None:
    team = make_team(3)
    a, b, c = team.homes

    def prepare(fatal: int) -> None:
        for number, cli in enumerate((a, b)):
            cli.ok("add", f"{number} received {fatal}")
            cli("sync")

    died = every_step(c, prepare, late)
    assert died >= 2
    exported = team.agree()
    assert all(f"{number} received {step}" in exported for number in (0, 1) for step in range(1, died + 2))


@pytest.mark.parametrize("late", [False, True], ids=["before it", "after it"])
def test_killed_at_every_step_of_joining_small_files(make_team: Callable[[int], Team], late: bool) -> None:
    team = make_team(2)
    a, b = team.homes
    most = 0
    for number in range(70):
        a.ok("add", f"small {number}")
        killed(a, "sync", fatal=7 + number % 23, late=late)
        if number % 7 == 0:
            b("sync")  # a slow reader
        most = max(most, len(team.files("*.seg")))
    exported = team.agree()
    assert all(f"small {number}" in exported for number in range(70))
    assert len(team.files("*.seg")) < 40, "small files are not joined"
    joiner = a.in_home(team.folder.parent / "joiner")
    joiner.ok("join", str(team.folder), "--me", "Ada")
    team.homes.append(joiner)
    assert "small 69" in team.agree()
    assert not [name for name in team.files() if "/~" in name]
