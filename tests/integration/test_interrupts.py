"""Ctrl-C during any command, as early or late as it may come: exit code 130, no traceback, nothing half said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from store.commands import create
from store.setup import init_workspace
from tests.catalogs import ROOT
from tui.interrupt import INTERRUPTED

if TYPE_CHECKING:
    from pathlib import Path

# Python runs this before the program. It presses Ctrl-C on its own process.
PRESS = """
import atexit, os, signal, sys
def press(*_): os.kill(os.getpid(), signal.SIGINT)
"""
# At the call with this number since the program listens, and tells the number of calls made at the end.
AT_A_CALL = (
    PRESS
    + """
made = 0
def trace(frame, event, what):
    global made
    program = sys.modules.get("tui.interrupt")
    if program is None or signal.getsignal(signal.SIGINT) is not getattr(program, "_take", None):
        return
    made += 1
    if made == int(os.environ["PRESS_AT"]):
        press()
def tell():
    with open(os.environ["MADE"], "w") as file:
        file.write(str(made))
exit = os._exit
def leave(code):
    tell()
    exit(code)
os._exit = leave
atexit.register(tell)
sys.settrace(trace)
"""
)
# Where a module is looked for.
AT_AN_IMPORT = (
    PRESS
    + """
class Finder:
    def find_spec(name, path, target=None):
        if name == os.environ["PRESS_AT"]:
            {press}
sys.meta_path.insert(0, Finder)
"""
)
IN_TEXT = AT_AN_IMPORT.format(press="eval('press()')")
IN_A_CALLBACK = AT_AN_IMPORT.format(press="type('Callback', (), {'__del__': press})()")
AT_THE_END = PRESS + "atexit.register(press)\n"


class Program:
    """The command line in a process of its own, with something that presses Ctrl-C in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._home = str(folder / "home")
        store = init_workspace(self._home, name="Apollo", member="Mei", code="mei")
        create(store, "item", {"title": "定价页"})
        store.close()

    def run(self, *words: str, press: str, at: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command line."""
        (self._folder / "sitecustomize.py").write_text(press, encoding="utf-8")
        environ = {
            **os.environ, "SAMEBOAT_HOME": self._home, "SAMEBOAT_LANG": "en", "PYTHONPATH": str(self._folder),
            "PRESS_AT": at, "MADE": str(self._folder / "made"),
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, "-m", "tui", *words], capture_output=True, text=True, cwd=ROOT, env=environ,
            check=False, timeout=60, restore_signals=True,
        )  # fmt: skip

    @property
    def made(self) -> int:
        """The number of calls that the last run made."""
        return int((self._folder / "made").read_text(encoding="utf-8"))


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return the command line in a new workspace."""
    return Program(tmp_path)


@pytest.mark.parametrize(
    "words",
    [("list",), ("add", "--json", "定价页"), ("status", "--json"), ("export",)],
    ids=lambda words: words[0],
)
def test_ctrl_c_at_any_call_gives_130_and_no_traceback(program: Program, words: tuple[str, ...]) -> None:
    whole = program.run(*words, press=AT_A_CALL, at="0")
    assert whole.returncode == 0, whole.stderr
    calls = program.made
    assert calls > 100
    for at in (1, 2, *range(calls // 7, calls - 2, calls // 6), calls - 2, calls - 1):
        ended = program.run(*words, press=AT_A_CALL, at=str(at))
        assert ended.returncode == INTERRUPTED, (at, calls, ended.stderr)
        assert not {"Traceback", "Exception", "sameboat:"} & set(ended.stderr.split()), (
            at,
            calls,
            ended.stderr,
        )


@pytest.mark.parametrize(
    "module", ["tui.cli", "store.errors", "tui.cli.output", "tui.cli.listing", "store.database"]
)
def test_ctrl_c_in_code_made_from_text_gives_130_too(program: Program, module: str) -> None:
    ended = program.run("list", press=IN_TEXT, at=module)
    assert (ended.returncode, ended.stderr) == (INTERRUPTED, "")


def test_ctrl_c_in_a_callback_is_not_lost(program: Program) -> None:
    ended = program.run("list", press=IN_A_CALLBACK, at="tui.cli.listing")
    assert (ended.returncode, ended.stderr) == (INTERRUPTED, "")


def test_ctrl_c_after_everything_is_done_changes_nothing(program: Program) -> None:
    ended = program.run("--version", press=AT_THE_END)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("sameboat ")


def test_a_program_that_was_started_to_ignore_ctrl_c_does_so(program: Program) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ended = program.run("list", press=IN_TEXT, at="tui.cli.listing")
    finally:
        signal.signal(signal.SIGINT, before)
    assert (ended.returncode, ended.stderr) == (0, "")
