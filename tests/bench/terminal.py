"""A terminal of 160×45 cells to run a program in: what it writes, and when each piece of it arrived.

A pseudo-terminal is what every terminal emulator gives a program, so nothing is measured from inside the
program. It answers what present terminals answer: yes, output can be synchronised (mode 2026); no, sizes are
not reported in band. Times are those of the monotonic clock, which all processes share; `started` is read in
the child, just before it becomes the program.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import NamedTuple

COLUMNS, LINES = 160, 45
QUIET = 0.4  # seconds without output after which a program has finished what it was doing
_ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;0$y"}
_SYNC_END = b"\x1b[?2026l"
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[=>78])")


class Silence(Exception):
    """The program did not write what was waited for."""


class Piece(NamedTuple):
    """Bytes that were read at once, and when."""

    at: float
    data: bytes


class Terminal:
    """Runs a program until the block ends."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str]) -> None:
        self.pieces: list[Piece] = []
        reader, writer = os.pipe()
        self.pid, self._fd = pty.fork()
        if not self.pid:
            try:
                os.close(reader)
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
                os.write(writer, struct.pack("d", time.monotonic()))
                os.execve(words[0], list(words), dict(env))
            finally:
                os._exit(127)
        os.close(writer)
        self.started: float = struct.unpack("d", os.read(reader, 8))[0]
        os.close(reader)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, seconds: float) -> bool:
        """Wait at most so long for the next piece; returns whether one came. Raises Silence when the program ended."""
        if not select.select([self._fd], [], [], max(0.0, seconds))[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            raise Silence(f"the program ended: {self.text()[-500:]}")
        self.pieces.append(Piece(time.monotonic(), data))
        for question, answer in _ANSWERS.items():
            if question in data:
                os.write(self._fd, answer)
        return True

    def listen(self, until: float) -> None:
        """Read whatever comes until a moment."""
        while (left := until - time.monotonic()) > 0:
            self.read(left)

    def settle(self, quiet: float = QUIET, patience: float = 60.0) -> None:
        """Read until nothing has come for a while."""
        end = time.monotonic() + patience
        while self.read(quiet):
            if time.monotonic() > end:
                raise Silence("the program does not come to rest")

    def wait_for(self, shown: Callable[[str], bool], patience: float = 60.0) -> None:
        """Read until what was written satisfies `shown`."""
        end = time.monotonic() + patience
        while not shown(self.text()):
            if time.monotonic() > end:
                raise Silence(f"waited {patience:.0f} s in vain; the last of it: {self.text()[-300:]}")
            self.read(0.5)

    def press(self, keys: str) -> float:
        """Type, and return the moment before the first byte was sent."""
        at = time.monotonic()
        os.write(self._fd, keys.encode())
        return at

    def text(self) -> str:
        """Return everything written so far without its escape sequences."""
        return plain(b"".join(piece.data for piece in self.pieces))

    def painted(self, everything: Callable[[str], bool]) -> float:
        """Return the seconds from exec to the end of the frame with which everything wanted stood there.

        A frame ends where its synchronised update does, or, where the program did not yet know that the terminal can
        synchronise, with the last piece that follows without a pause. Call it when the program has come to rest.
        """
        index = next(
            (
                number
                for number in range(len(self.pieces))
                if everything(plain(b"".join(piece.data for piece in self.pieces[: number + 1])))
            ),
            None,
        )
        if index is None:
            raise Silence(f"never painted in full; the last of it: {self.text()[-300:]}")
        while (
            index + 1 < len(self.pieces)
            and not self.pieces[index].data.endswith(_SYNC_END)
            and self.pieces[index + 1].at - self.pieces[index].at < 0.005
        ):
            index += 1
        return self.pieces[index].at - self.started

    def memory(self) -> float:
        """Return the resident memory of the program and its children in MB."""
        return sum(_resident(pid) for pid in _family(self.pid)) / 1e6

    def cpu(self) -> float:
        """Return the seconds of processor time that the program and its children have used."""
        return sum(_cpu(pid) for pid in _family(self.pid))

    def close(self) -> None:
        """End the program, gently first."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self.pid:
                break
            os.kill(self.pid, number)
            end = time.monotonic() + 2.0
            while self.pid and time.monotonic() < end:
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    self.pid = 0
                else:
                    select.select([], [], [], 0.01)
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def plain(data: bytes) -> str:
    """Return terminal output without its escape sequences; what is cut off at the end waits for its rest."""
    return _ESCAPES.sub(b"", data).decode(errors="ignore")


def _family(pid: int) -> list[int]:
    """Return the process and every living descendant."""
    found = [pid]
    for parent in found:
        for task in os.listdir(f"/proc/{parent}/task"):
            with open(f"/proc/{parent}/task/{task}/children") as file:
                found += [int(child) for child in file.read().split()]
    return found


def _resident(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _cpu(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
