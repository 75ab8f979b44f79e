"""Real servers on loopback for a test: begun on a free port, waited for, and ended by the process that began them.

Where a program is missing the test is skipped with the reason, except in continuous integration, where it fails.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def program(name: str) -> str:
    """Return the path of a program, beside this interpreter or on PATH; without it the test is skipped or fails."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        missing(f"{name} is not installed")
    return found  # type: ignore[return-value]


def missing(why: str) -> None:
    """Skip the test that runs, or the module that is imported; fail it in continuous integration."""
    if os.environ.get("CI") or os.environ.get("SAMEBOAT_CI"):
        pytest.fail(why)
    pytest.skip(why, allow_module_level=True)


def need_extra() -> None:
    """Skip or fail where what reaches servers is not installed."""
    if find_spec("opendal") is None:
        missing("the extra `cloud` is not installed")


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], *, ready: Callable[[], bool], log: Path, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server for the block, from when `ready` says so; it is ended whatever happens."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={**os.environ, **(env or {})}
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(port: int) -> Callable[[], bool]:
    """Return what tells whether something listens on a port of loopback."""

    def probe() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
        except OSError:
            return False
        return True

    return probe
