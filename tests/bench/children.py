"""Child processes as an installed program runs them: bytecode at hand, no settings of whoever runs the
benchmark.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_UNWANTED = ("PYTHON", "SAMEBOAT", "TEXTUAL", "NO_COLOR", "LC_", "COV", "VIRTUAL_ENV")


def environment(folder: str) -> dict[str, str]:
    """Return the environment of every child: a terminal of our time, Chinese, a home of its own in `folder`.

    Where bytecode is switched off or the sources cannot be written beside, an interpreter compiles the program at every
    start, which an installed one never does. So bytecode goes into a folder that both sides of a pair share.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_UNWANTED)}
    return kept | {
        "PYTHONPYCACHEPREFIX": os.path.join(folder, "bytecode"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "zh_CN.UTF-8",
        "HOME": folder,
        "XDG_CONFIG_HOME": folder,
    }


def program() -> list[str]:
    """Return the words that start Sameboat: the console script beside this interpreter, else the module."""
    script = Path(sys.executable).with_name("sameboat")
    return [str(script)] if script.exists() else [sys.executable, "-m", "tui.cli"]


def adopt_orphans() -> None:
    """Become the parent of whatever a child leaves running, so that `await_orphans` can wait for it."""
    if ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError("this system cannot tell when what a command leaves running has ended")


def await_orphans() -> None:
    """Wait for the end of everything that commands left running: the next measurement is not to compete with it."""
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def run(words: Sequence[str], env: Mapping[str, str]) -> float:
    """Return the seconds from spawning a process to its end; raises CalledProcessError where it fails.

    What it leaves running behind itself is waited for, and not counted.
    """
    actions = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawn(words[0], list(words), dict(env), file_actions=actions)
    _, status = os.waitpid(pid, 0)
    taken = time.perf_counter() - start
    await_orphans()
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), list(words))
    return taken
