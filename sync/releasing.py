"""Forgetting refused files that are gone: what nobody can meet any more asks nothing of a person."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from store.places import quarantined, release
from sync import names
from sync.places.transport import TransportError
from sync.reading import BRANCHES
from sync.trust.standing import REVOKED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store
    from store.places import Place
    from sync.names import HeadName
    from sync.places.transport import Transport

MAX_FOLDERS = 16  # listed in one look for nothing else
LOOK_SECONDS = 600.0  # until a folder is listed again for nothing else
# What is kept though its file is gone: ops that nobody else has, or that a person has decided on.
_KEPT = frozenset({REVOKED, BRANCHES})


class Releaser:
    """Looks whether the files that were refused in one place are still there. Lives as long as the engine."""

    def __init__(self, store: Store, place: Place, transport: Transport) -> None:
        self._store = store
        self._place = place
        self._transport = transport
        self._due: dict[str, float] = {}

    def run(self, heads: Iterable[HeadName]) -> None:
        """Release what a listing that succeeded does not show; `heads` are those the place has listed just now.

        Snapshots are released by who takes them.
        """
        folders: dict[str, list[str]] = {}
        for file in quarantined(self._store):
            folder, _, name = file.name.rpartition("/")
            if file.place == self._place.n and file.reason not in _KEPT and folder != names.SNAPSHOTS:
                folders.setdefault(folder, []).append(name)
        there = {head.path for head in heads}
        self._release(names.HEADS, folders.pop(names.HEADS, []), there)
        now = time.monotonic()
        self._due = {folder: at for folder, at in self._due.items() if folder in folders}
        due = [folder for folder in folders if now >= self._due.get(folder, 0.0)]
        for folder in due[:MAX_FOLDERS]:
            self._due[folder] = now + LOOK_SECONDS
            try:
                listing = self._transport.list(folder)
            except TransportError:
                continue
            self._release(
                folder, folders[folder], {f"{folder}/{name}" for name in listing.files + listing.odd}
            )

    def _release(self, folder: str, refused: Iterable[str], there: set[str]) -> None:
        for name in refused:
            if (path := f"{folder}/{name}") not in there:
                release(self._store, self._place.n, path)
