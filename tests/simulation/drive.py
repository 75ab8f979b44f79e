"""The drive that machines have in common, as each sees it: a copy of its own that a clumsy synchroniser keeps.

Files arrive in any order, late, twice, cut off, filled with zeros, and beside copies with odd names. It never invents
bytes: sooner or later what was written anywhere is everywhere, and what its owner removed is nowhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from sync.places.folder import FolderTransport
from sync.places.transport import Listing, TransportError

WRITE_FAULTS = ("full", "readonly")
FAULTS = ("unreachable", "denied", *WRITE_FAULTS)
_ODD = re.compile(r"conflict|\.tmp$")


class Crash(BaseException):
    """The machine went down in the middle of something."""


class Record:
    """What lies in one place by now: what was put there, and what its owner has not removed since.

    `contents` are those of every name ever written anywhere: nobody gives a name other bytes than its owner did.
    """

    def __init__(self, contents: dict[str, bytes]) -> None:
        self.files: dict[str, bytes] = {}
        self.joined = 0
        self._contents = contents

    def written(self, name: str, data: bytes) -> None:
        """Note what is put there, by its owner or by somebody who carries it."""
        known = self._contents.setdefault(name, data)
        assert known == data, f"{name} was written with other bytes before"
        self.files[name] = data

    def is_known(self, name: str) -> bool:
        """Return whether somebody has written a file of this name, here or elsewhere."""
        return name in self._contents or name == "ws.json"

    def removed(self, name: str) -> None:
        """Note what its owner takes away."""
        self.joined += name.endswith(".seg")
        self.files.pop(name, None)


class Peril:
    """What happens at the `fatal`-th call of a sync: a crash, or a fault that the medium reports.

    `outages` are the faults of whole places, by where they are: nothing can be done there, or nothing written.
    """

    def __init__(self) -> None:
        self.outages: dict[str, str] = {}
        self.fatal = 0
        self.late = False
        self.fault = ""
        self.lasting = False

    def arm(self, random: Random, *, fault: str = "") -> None:
        """Let it happen at some call to come."""
        self.fatal = random.randint(1, 24)
        self.late = random.random() < 0.5
        self.fault = fault
        self.lasting = random.random() < 0.3

    def disarm(self) -> None:
        """Let nothing happen."""
        self.fatal = 0

    @contextmanager
    def call(self, url: str, name: str, *, writes: bool = False) -> Iterator[None]:
        """Stand around one call to a place."""
        outage = self.outages.get(url)
        if outage and (writes or outage not in WRITE_FAULTS):
            raise TransportError(outage, name)
        due = self._due()
        if due and not self.late:
            self._strike(name)
        yield
        if due:
            self._strike(name)

    def _due(self) -> bool:
        if not self.fatal:
            return False
        if self.fatal > 1:
            self.fatal -= 1
            return False
        if not (self.fault and self.lasting):
            self.fatal = 0
        return True

    def _strike(self, name: str) -> None:
        if self.fault:
            raise TransportError(self.fault, name)
        raise Crash


class Mortal(FolderTransport):
    """A directory transport that can fail at every call, and whose writes are on record."""

    def __init__(self, url: str, share: str, owner: str, record: Record, peril: Peril) -> None:
        super().__init__(url, share, owner, fsync=False)
        self._record = record
        self._peril = peril

    def list(self, folder: str) -> Listing:
        with self._peril.call(self.url, folder):
            return super().list(folder)

    def read(self, name: str, limit: int) -> bytes:
        with self._peril.call(self.url, name):
            return super().read(name, limit)

    def write(self, name: str, data: bytes) -> None:
        with self._peril.call(self.url, name, writes=True):
            assert self._is_own(name) or self._record.is_known(name), f"{self._owner} made up {name}"
            # Noted first: a write that fails late has left the file there.
            self._record.written(name, data)
            super().write(name, data)

    def remove(self, name: str) -> None:
        with self._peril.call(self.url, name, writes=True):
            # Who carries a head further takes away the one that it replaces.
            assert self._is_own(name) or name.startswith("h/"), f"{self._owner} removed {name}"
            super().remove(name)
            self._record.removed(name)

    def _is_own(self, name: str) -> bool:
        return bool(re.match(rf"(?:h/|d/|k/|s/){self._owner}\.", name))


class Courier:
    """Carries what is on record to the machines' copies."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.oddities = 0

    def trip(self, folder: str, random: Random) -> None:
        """Carry some files to one machine's copy, in any order and any condition."""
        wares = self._due(folder, random)
        random.shuffle(wares)
        for name in wares[: random.randint(1, 8)]:
            self._carry(name, folder, random)
        if random.random() < 0.5:
            self._tidy(folder)

    def finish(self, folder: str) -> None:
        """Bring one machine everything, whole, and take away what was removed."""
        for name, data in self._record.files.items():
            _put(os.path.join(folder, name), data)
        self._tidy(folder)

    def _due(self, folder: str, random: Random) -> list[str]:
        """Return what the copy lacks; files it has already are sometimes brought again."""
        return [
            name
            for name, data in sorted(self._record.files.items())
            if random.random() < 0.1 or _get(os.path.join(folder, name)) != data
        ]

    def _carry(self, name: str, folder: str, random: Random) -> None:
        path, data = os.path.join(folder, name), self._record.files[name]
        luck = random.random()
        if _get(path) == data:
            os.utime(path, (1, 1))  # an old time means nothing
        elif luck < 0.15:
            _put(path, data[: random.randrange(len(data))])
        elif luck < 0.25:
            kept = random.randrange(len(data))
            _put(path, data[:kept] + bytes(len(data) - kept))
        elif luck < 0.30:
            stem, _, suffix = path.rpartition(".")
            odd = random.choice(
                (f"{stem} (conflicted copy).{suffix}", f"{stem}.sync-conflict-1-A.{suffix}", f"{path}.tmp")
            )
            _put(odd, data[: random.randrange(len(data) + 1)])
            self.oddities += 1
        else:
            _put(path, data)

    def _tidy(self, folder: str) -> None:
        """Take away files that their owners have removed."""
        for root, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(root, name)
                shown = os.path.relpath(path, folder)
                if (
                    shown != "ws.json"
                    and shown not in self._record.files
                    and not _ODD.search(name)
                    and name[0] != "~"
                ):
                    os.unlink(path)


def _get(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _put(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
