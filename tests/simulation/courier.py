"""A synchroniser that is slow, forgetful and clumsy, as real ones are: it carries files between machines' folders.

Files arrive in any order, late, twice, cut off, filled with zeros, and beside copies with odd names. It never invents
bytes: sooner or later what the owner wrote is everywhere.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.simulation.replica import Replica

_OWNER = re.compile(r"(?:h/|d/)(?P<dev>[0-9a-z]+)\.")


class Courier:
    """Carries files between the folders of some replicas."""

    def __init__(self, replicas: Sequence[Replica], random: Random) -> None:
        self._folders = {replica.store.device: replica.base for replica in replicas}
        self._random = random
        self.oddities = 0

    def trip(self) -> None:
        """Carry some files to one machine, in any order and any condition."""
        random = self._random
        target = random.choice(sorted(self._folders))
        wares = self._due(target)
        random.shuffle(wares)
        for name, data in wares[: random.randint(1, 6)]:
            self._carry(name, data, self._folders[target])
        if random.random() < 0.5:
            self._tidy(target)

    def finish(self) -> None:
        """Bring every machine everything its owner wrote, whole, and take away what its owner removed."""
        for device, folder in self._folders.items():
            for name, data in self._due(device):
                _put(os.path.join(folder, name), data)
            self._tidy(device)

    def _carry(self, name: str, data: bytes | None, folder: str) -> None:
        random = self._random
        path = os.path.join(folder, name)
        if data is None:
            return
        luck = random.random()
        if luck < 0.15:
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
            if random.random() < 0.2:
                os.utime(path, (1, 1))  # an old time means nothing

    def _due(self, target: str) -> list[tuple[str, bytes | None]]:
        """Return what the machine `target` should have; files it has already are sometimes brought again."""
        due: list[tuple[str, bytes | None]] = []
        for owner, folder in sorted(self._folders.items()):
            if owner == target:
                continue
            for name in sorted(_owned(folder, owner)):
                data = _get(os.path.join(folder, name))
                if _get(os.path.join(self._folders[target], name)) != data or self._random.random() < 0.1:
                    due.append((name, data))
        return due

    def _tidy(self, target: str) -> None:
        """Take away files whose owners removed them."""
        folder = self._folders[target]
        for owner, source in sorted(self._folders.items()):
            if owner != target:
                for name in _owned(folder, owner) - _owned(source, owner):
                    if not re.search(r"conflict|\.tmp$", name):
                        os.unlink(os.path.join(folder, name))


def _owned(folder: str, owner: str) -> set[str]:
    """Return the files in a folder that a device wrote, and copies made of them."""
    found = set()
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.relpath(os.path.join(root, name), folder)
            match = _OWNER.match(path)
            if match is not None and match["dev"] == owner:
                found.add(path)
    return found


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
