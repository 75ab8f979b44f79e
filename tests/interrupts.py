"""`python -m tests.interrupts [ROUNDS] [SEED]` interrupts the demo at random moments; run by hand.

Each round starts `sameboat demo` at a terminal of its own and, up to two seconds after its directory has appeared,
sends a signal or presses Ctrl-C, once or twice. The exit code must be 130, or 0 where the board was open already, for
there Ctrl-C is a key and the round leaves with `q`. Nothing may be left but a whole demo that was to be kept, and no
traceback be seen.
"""

from __future__ import annotations

import fcntl
import os
import pty
import random
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from store import queries
from store.database import open_store
from store.errors import StoreError
from tests.catalogs import ROOT
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

LATEST = 2.0  # seconds after the demo's directory has appeared
AGAIN = 0.3  # seconds between the first Ctrl-C and the second
WAYS = ("signal", "key", "key twice", "signal twice")
SIZES = ((24, 80), (50, 160), (0, 0))  # the last is a terminal that does not tell


class Round:
    """One demo that is interrupted: `code` is its exit code, `left` what it left behind."""

    def __init__(self, chance: random.Random) -> None:
        self.way = chance.choice(WAYS)
        self.size = chance.choice(SIZES)
        self.after = chance.uniform(0.0, LATEST)
        self.again = chance.uniform(0.0, AGAIN)
        self.keep = chance.random() < 0.5
        self.left: list[str] = []
        self.code: int | None = None
        self._seen = b""

    def play(self) -> None:
        """Start the demo, interrupt it and wait for its end."""
        folder = Path(tempfile.mkdtemp(prefix="interrupts-"))
        scratch = folder / "tmp"
        scratch.mkdir()
        child, screen = self._start(folder, scratch)
        try:
            _until(lambda: any(scratch.iterdir()), lambda: self._read(screen, 0.001))
            _until(_passed(self.after), lambda: self._read(screen, 0.005))
            self._interrupt(child, screen)
            if self.way.endswith("twice"):
                _until(_passed(self.again), lambda: self._read(screen, 0.005))
                self._interrupt(child, screen)
            self._wait(child, screen)
            self.left = [path.name for path in scratch.iterdir()]
            kept = folder / "kept"
            if kept.exists() and not _whole(kept):
                self.left.append("half of what was to be kept")
        finally:
            os.close(screen)
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def failure(self) -> str:
        """Return what is wrong with how the round ended, or an empty string."""
        told = [word for word in ("Traceback", "Exception ignored", "Error") if word.encode() in self._seen]
        by_key = self.way.startswith("key") and b"?1049h" in self._seen
        if self.code not in ((0, 130) if by_key else (130,)) or self.left or told:
            return f"exit code {self.code}, left {self.left}, told {told}"
        return ""

    def __str__(self) -> str:
        return f"{self.way} after {self.after:.3f} s (again {self.again:.3f} s), size {self.size}, keep {self.keep}"

    def _start(self, folder: Path, scratch: Path) -> tuple[int, int]:
        environ = {
            **os.environ, "SAMEBOAT_HOME": str(folder / "mine"), "SAMEBOAT_LANG": "en", "TMPDIR": str(scratch),
            "TERM": "xterm-256color",
        }  # fmt: skip
        words = ["--keep", str(folder / "kept")] if self.keep else []
        ready, go = os.pipe()
        child, screen = pty.fork()
        if child == 0:
            os.read(ready, 1)  # the size is set
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # which a job in the background would ignore
            os.chdir(ROOT)
            os.execve(sys.executable, [sys.executable, "-m", "tui", "demo", *words], environ)
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", *self.size, 0, 0))
        os.write(go, b"!")
        os.close(ready)
        os.close(go)
        return child, screen

    def _interrupt(self, child: int, screen: int) -> None:
        if self.way.startswith("key"):
            os.write(screen, b"\x03")
        else:
            os.kill(child, signal.SIGINT)

    def _wait(self, child: int, screen: int) -> None:
        deadline, begun = time.monotonic() + PATIENCE, time.monotonic()
        pressed = False
        while time.monotonic() < deadline:
            self._read(screen, 0.02)
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                self.code = os.waitstatus_to_exitcode(status)
                while self._read(screen, 0.0):
                    pass
                return
            if not pressed and self.way.startswith("key") and time.monotonic() - begun > 3:
                pressed = True
                os.write(screen, b"q")
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def _read(self, screen: int, seconds: float) -> bool:
        if not select.select([screen], [], [], seconds)[0]:
            return False
        try:
            data = os.read(screen, 65_536)
        except OSError:  # nobody is at the terminal any more
            return False
        self._seen += data
        return bool(data)


def _whole(kept: Path) -> bool:
    try:
        store = open_store(str(kept / "home"))
    except StoreError:
        return False
    try:
        return queries.item_count(store) > 100 and any(kept.glob("share/*/ws.json"))
    finally:
        store.close()


def _passed(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _until(done: Callable[[], bool], meanwhile: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < deadline:
        meanwhile()


def main(words: list[str]) -> int:
    """Play the rounds and tell of those that failed."""
    rounds, seed = int(words[0]) if words else 200, int(words[1]) if words[1:] else int(time.time())
    chance = random.Random(seed)
    codes: Counter[str] = Counter()
    failures = 0
    for number in range(rounds):
        played = Round(chance)
        played.play()
        codes[f"{played.way}: {played.code}"] += 1
        if played.failure:
            failures += 1
            print(f"round {number}: {played}: {played.failure}", flush=True)
    print(f"{failures} of {rounds} rounds failed (seed {seed}); {dict(sorted(codes.items()))}")
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
