"""Two people's programs as real processes that share nothing but a directory."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as they are on POSIX")


class Home:
    """One person's home and the processes started in it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tui.cli", "--home", str(self.home), *words]

    def __call__(self, *words: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run a command line to its end and return what it printed."""
        done = subprocess.run(
            self.command(*words), capture_output=True, text=True, timeout=60, check=False, env=_environment()
        )
        assert done.returncode in codes, done.stderr
        return done.stdout

    def status(self) -> Any:
        return json.loads(self("status", "--json", codes=(0, 3)))  # 3: a file is on its way


class Watch:
    """A running `sync --watch --json` and what it has said."""

    def __init__(self, home: Home) -> None:
        self.process = subprocess.Popen(
            home.command("sync", "--watch", "--json"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(),
        )  # fmt: skip
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait(lambda report: True)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(json.loads(line))

    def wait(self, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Return the next report that fits."""
        deadline = time.monotonic() + PATIENCE
        while True:
            report = self._said.get(timeout=max(0.01, deadline - time.monotonic()))
            if wanted(report):
                return report

    def end(self, how: signal.Signals) -> int:
        """End the process and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


def _environment() -> dict[str, str]:
    left_out = ("LC_ALL", "LC_MESSAGES", "SAMEBOAT_HOME", "SAMEBOAT_CONFIG")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    # The watchers of these tests do the sending; a sync started by each edit would take it from them.
    return kept | {"SAMEBOAT_LANG": "en", "PYTHONUNBUFFERED": "1", "SAMEBOAT_SYNC": "manual"}


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Home, Home]:
    """Two homes of one workspace over one directory."""
    folder = tmp_path / "team"
    folder.mkdir()
    ann, bob = Home(tmp_path / "ann"), Home(tmp_path / "bob")
    ann("init", str(folder), "--name", "Apollo", "--me", "林平", "--code", "lp")
    bob("join", str(folder), "--me", "韩梅", "--code", "hm")
    ann("sync")
    return ann, bob


@pytest.fixture
def watch() -> Iterator[Callable[[Home], Watch]]:
    """A function that starts `sync --watch` in a home; what still runs at the end is killed."""
    begun: list[Watch] = []

    def begin(home: Home) -> Watch:
        begun.append(Watch(home))
        return begun[-1]

    yield begin
    for each in begun:
        each.end(signal.SIGKILL)


def settle(*homes: Home) -> None:
    """Wait until homes that are watched have nothing more to tell each other."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        states = [home.status() for home in homes]
        if len({state["state_hash"] for state in states}) == 1 and not any(
            state["outbox"] for state in states
        ):
            return
        time.sleep(0.2)
    pytest.fail(f"still different: {states}")


def test_a_line_typed_here_is_there_by_itself_and_back(
    pair: tuple[Home, Home], watch: Callable[[Home], Watch]
) -> None:
    ann, bob = pair
    here, there = watch(ann), watch(bob)
    ann("conflict", "yf>sc 发布日提前两周 !2 #资源 ^周五")
    here.wait(lambda report: report["pushed"])
    there.wait(lambda report: report["pulled"])
    assert "发布日提前两周" in bob("list")
    bob("set", "lp-1", "title=提前一周")
    here.wait(lambda report: report["pulled"])
    settle(ann, bob)
    assert "提前一周" in ann("list")
    assert ann("export", "--json") == bob("export", "--json")
    for process in (here, there):
        assert process.end(signal.SIGINT) in (0, 130)


def test_everybody_writes_at_once_and_everything_is_everywhere(
    pair: tuple[Home, Home], watch: Callable[[Home], Watch]
) -> None:
    ann, bob = pair
    ann("add", "定价页文案")
    ann("sync")
    bob("sync")
    watch(ann)
    watch(bob)
    running = [
        subprocess.Popen(home.command(*words), env=_environment(), stdout=subprocess.DEVNULL)
        for number in range(3)
        for home, name in ((ann, "ann"), (bob, "bob"))
        for words in (("add", f"{name} {number}"), ("set", "lp-1", f"title={name} {number}"), ("sync",))
    ]
    for process in running:
        assert process.wait(timeout=60) in (0, 3)
    settle(ann, bob)
    assert ann("export", "--json") == bob("export", "--json")
    listed = ann("list")
    for number in range(3):
        assert f"ann {number}" in listed
        assert f"bob {number}" in listed
    for home in pair:
        state = home.status()
        assert not state["waiting"]
        assert not state["quarantined"]


def test_a_killed_watcher_leaves_nothing_that_stands_in_the_way(
    pair: tuple[Home, Home], watch: Callable[[Home], Watch]
) -> None:
    ann, bob = pair
    for number in range(3):
        process = watch(ann)
        ann("add", f"item {number}")
        process.end(signal.SIGKILL)
    again = watch(ann)
    ann("add", "after all that")
    again.wait(lambda report: report["pushed"])
    settle(ann)
    bob("sync")
    assert ann("export", "--json") == bob("export", "--json")
    assert ann.status()["state_hash"] == bob.status()["state_hash"]
