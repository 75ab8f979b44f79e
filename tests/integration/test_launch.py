"""The app opens only where it can be seen and typed into."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from store.setup import init_workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", [(), ("demo",)], ids=["app", "demo"])
@pytest.mark.parametrize("away", ["stdin", "stdout", "stderr"])
def test_a_stream_that_is_no_terminal_is_told_in_a_sentence(
    tmp_path: Path, away: str, command: tuple[str, ...]
) -> None:
    init_workspace(str(tmp_path / "home"), name="Apollo", member="Mei", code="mei").close()
    environ = {**os.environ, "SAMEBOAT_HOME": str(tmp_path / "home"), "SAMEBOAT_LANG": "en"}
    screen, terminal = pty.openpty()
    streams: dict[str, int] = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    with open(tmp_path / "elsewhere", "w+b") as elsewhere:
        streams[away] = elsewhere.fileno()
        ended = subprocess.Popen(
            [sys.executable, "-m", "tui", *command], cwd=ROOT, env=environ,
            stdin=streams["stdin"], stdout=streams["stdout"], stderr=streams["stderr"],
        )  # fmt: skip
        ended.wait(20)
        os.close(terminal)
        elsewhere.seek(0)
        told = elsewhere.read() if away == "stderr" else os.read(screen, 65_536)
    os.close(screen)
    assert ended.returncode == 1
    assert b"needs a terminal" in told
