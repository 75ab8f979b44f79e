"""The demo from its first file to its last: a workspace, a shared folder, the teammates, and nothing left over.

SCRATCH/home    the workspace that is shown           (or KEEP/home)
SCRATCH/share   the folder that everybody shares      (or KEEP/share)
SCRATCH/team/   the other members' homes, always thrown away
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from store.clock import wall_ms
from tui.demo import people
from tui.interrupt import Held

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 10.0  # seconds for the teammates to finish what they are doing
_INSIST = 2.0  # seconds in which a sync that is still ending may write into what is being removed
# The directory that holds this program: the child process finds the same one, whatever lies in the current directory.
_PROGRAM = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Demo(NamedTuple):
    """Where a running demo lies: the home to open, the shared folder, the teammates' process, and what holds Ctrl-C."""

    home: str
    share: str
    teammates: Teammates
    held: Held


class Teammates:
    """The teammates' process. It ends with this one, however this one ends: its stdin is a pipe that closes."""

    def __init__(self, scratch: str, share: str, home: str, pace: float) -> None:
        self.trouble = ""  # what ended them before their time
        self._log = os.path.join(scratch, "teammates.log")
        with open(self._log, "wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tui.demo.teammates", scratch, share, home, str(pace)],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, cwd=_PROGRAM,
                start_new_session=True,  # a Ctrl-C at the terminal is meant for the app
            )  # fmt: skip

    def go(self) -> None:
        """Let them begin."""
        self._tell("go")

    def leave(self) -> None:
        """Let them finish what they are doing and wait until they are gone."""
        self._tell("bye")
        with suppress(OSError):
            assert self.process.stdin is not None
            self.process.stdin.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.returncode:
            with open(self._log, encoding="utf-8", errors="replace") as errors:
                self.trouble = (errors.read().strip().splitlines() or [str(self.process.returncode)])[-1]

    def _tell(self, word: str) -> None:
        assert self.process.stdin is not None
        with suppress(OSError):  # they are gone already; `trouble` says why
            self.process.stdin.write(f"{word}\n".encode())
            self.process.stdin.flush()


@contextmanager
def demo(keep: str = "", *, pace: float = 1.0) -> Iterator[Demo]:
    """Make a demo, its teammates at work while the block lasts; home and share stay in the directory `keep`, if given.

    Whatever happens in the block, the teammates end and the rest is removed. Ctrl-C waits in the block, except within
    `held.let_through()`. Raises FileExistsError when `keep` holds a home or a share already.
    """
    with Held() as held:
        scratch = tempfile.mkdtemp(prefix="sameboat-demo-")
        half_made: list[str] = []
        try:
            root = keep or scratch
            home, share = os.path.join(root, "home"), os.path.join(root, "share")
            if not os.path.lexists(root):
                os.makedirs(root)
                half_made.append(root)
            for folder in (home, share):
                os.mkdir(folder, 0o700)
                half_made.append(folder)
            teammates = Teammates(scratch, share, home, pace)
            try:
                with held.let_through():
                    _write(scratch, home, share)
                half_made.clear()
                teammates.go()
                yield Demo(home, share, teammates, held)
            finally:
                teammates.leave()
        finally:
            for folder in (*half_made, scratch):
                _remove(folder)


def _remove(folder: str) -> None:
    """Remove a directory, though the app's sync may be in the middle of a file and make another one."""
    end = time.monotonic() + _INSIST
    while os.path.lexists(folder) and time.monotonic() < end:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05 if os.path.lexists(folder) else 0)


def _write(scratch: str, home: str, share: str) -> None:
    # Imported while the teammates' process starts: it needs the same, and there are two cores.
    from store.database import open_store
    from sync.places.share import create_share
    from tui.demo.history import write_history
    from tui.demo.teammates import team_home

    write_history(lambda code: home if code == people.YOU else team_home(scratch, code), wall_ms())
    store = open_store(home)
    try:
        create_share(share, store)
    finally:
        store.close()
