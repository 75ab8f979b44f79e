"""What the measurements of one run share: a folder that goes away, sizes, and workspaces built once."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from store import queries
from store.database import Store, database_path, open_store
from store.setup import init_workspace
from sync import names, segment
from sync.engine import create_share, sync_once
from sync.engine import program as program_name
from sync.names import HeadName
from sync.places.share import folder_transport
from sync.push import SEGMENT_OPS
from sync.segment import StreamId
from sync.trust.keys import Keys
from sync.trust.statements import head_line, identity_hash, identity_line
from tests.bench.children import environment
from tests.bench.history import Author, Ground, History
from tests.bench.phrases import OWNER
from tests.bench.report import narrate

OPS_PER_ITEM = 9.1  # about what `History` writes


class Sizes(NamedTuple):
    """How much is measured. Quick sizes show that the machinery works; only the full ones say something."""

    items: tuple[int, ...] = (10_000, 100_000)
    ops: tuple[int, ...] = (200_000, 1_000_000)
    frames: int = 7  # pairs of started apps
    commands: int = 25  # pairs of processes
    merges: int = 5
    keys: int = 100  # of each sort
    searches: int = 5  # times each word
    arrivals: int = 40  # of a teammate's edits
    idle: float = 10.0  # seconds
    idles: int = 2
    rest: float = 3.0  # seconds in which whatever an app begins after its first frame begins
    schedules: int = 9  # of a whole plan


QUICK = Sizes((1_000,), (5_000,), 3, 5, 1, 20, 2, 5, 3.0, 1, 1.5, 2)


class Workspace:
    """A member's home and the share through which five teammates have sent everything."""

    def __init__(self, folder: str, items: int) -> None:
        self.home = os.path.join(folder, f"home-{items}")
        self.share = os.path.join(folder, f"share-{items}")
        self.items = items
        self.ops = 0
        self.raw_bytes = 0
        self.share_bytes = 0
        self.sync_seconds = 0.0

    def build(self) -> None:
        """Let five devices write segments into a share, and merge them as sync does."""
        os.makedirs(self.share)
        store = init_workspace(
            self.home, name="结账改版", member=OWNER[0], code=OWNER[1], device_name="bench"
        )
        try:
            create_share(self.share, store)
            history = History(ground(store), now=store.now(), expected=int(self.items * OPS_PER_ITEM))
            streams = [ShareStream(store, self.share, author) for author in history.authors]
            while history.items < self.items:
                history.act()
                for stream in streams:
                    if len(stream.author.lines) >= SEGMENT_OPS:
                        stream.write_all()
            for stream in streams:
                stream.write_all()
            self.ops = history.ops
            self.raw_bytes = sum(stream.raw for stream in streams)
            self.share_bytes = sum(stream.packed for stream in streams)
            start = time.perf_counter()
            report = sync_once(store)
            self.sync_seconds = time.perf_counter() - start
            if report.waiting or report.quarantined or queries.item_count(store) != self.items:
                raise RuntimeError(
                    f"of {self.items} items {queries.item_count(store)} arrived; {report.waiting} {report.quarantined}"
                )
        finally:
            store.close()

    @contextmanager
    def without_place(self) -> Iterator[None]:
        """Take the home off its share for a while: the header's clock then repaints nothing by itself."""
        conn = sqlite3.connect(database_path(self.home))
        conn.execute("DELETE FROM place")
        conn.commit()
        conn.close()
        try:
            yield
        finally:
            store = open_store(self.home)
            create_share(self.share, store)
            store.close()


class ShareStream:
    """One device's side of the share, written with sync's own encoder."""

    def __init__(self, store: Store, share: str, author: Author) -> None:
        self.author = author
        self.raw = self.packed = 0
        self._origin = StreamId(store.workspace, author.dev, author.inc)
        self._transport = folder_transport(share, store)
        self._keys = Keys({"sign": sha256(author.dev.encode()).hexdigest()})
        self._head: HeadName | None = None
        self._seq = 0
        self._tail = ""

    def write_all(self) -> None:
        """Write what the author has written since the last time, as segments, and the head that tells of them."""
        lines, self.author.lines = self.author.lines, []
        for start in range(0, len(lines), SEGMENT_OPS):
            self._write(lines[start : start + SEGMENT_OPS])

    def _write(self, lines: list[bytes]) -> None:
        if not self._seq:
            self._introduce()
        name, header, data = segment.encode(
            self._origin, self._seq + 1, self._tail, lines, keys=self._keys, program=program_name()
        )
        self._seq, self._tail = header.last, header.tail
        self._transport.write(name.path, data)
        before, self._head = self._head, HeadName.of(name.dev, name.inc, self._seq, self._tail)
        self._transport.write(self._head.path, head_line(self._origin, self._seq, self._tail, self._keys))
        if before is not None:
            self._transport.remove(before.path)
        self.raw += header.raw
        self.packed += len(data)

    def _introduce(self) -> None:
        data = identity_line(self._origin, member="", program=program_name(), seal="", keys=self._keys)
        path = names.identity_path(self._origin.dev, self._origin.inc, identity_hash(data))
        self._transport.write(path, data)


class Lab:
    """The folder and the workspaces of one run."""

    def __init__(self, folder: str, sizes: Sizes) -> None:
        self.folder = folder
        self.sizes = sizes
        self._workspaces: dict[int, Workspace] = {}

    @cached_property
    def env(self) -> dict[str, str]:
        """The environment of every child process, in which the app opens on the board."""
        return environment(self.folder) | {"SAMEBOAT_CONFIG": self.config("board")}

    def config(self, start: str) -> str:
        """Return a config file with which the app opens on a place."""
        path = os.path.join(self.folder, f"{start}.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'start = "{start}"\n')
        return path

    def env_of(self, workspace: Workspace) -> dict[str, str]:
        """Return the environment in which Sameboat finds a workspace."""
        return self.env | {"SAMEBOAT_HOME": workspace.home}

    @property
    def largest(self) -> int:
        """The greatest number of items asked for: what cannot depend on size is measured there."""
        return max(self.sizes.items)

    def workspace(self, items: int) -> Workspace:
        """Return the workspace of so many items, built when first asked for."""
        if items not in self._workspaces:
            narrate(f"building a workspace of {items:,} items …")
            made = self._workspaces[items] = Workspace(self.folder, items)
            made.build()
        return self._workspaces[items]

    def path(self, name: str) -> str:
        """Return a fresh path in the run's folder."""
        number = sum(entry.startswith(f"{name}-") for entry in os.listdir(self.folder))
        return os.path.join(self.folder, f"{name}-{number}")


def ground(store: Store) -> Ground:
    """Return the statuses and departments that a history in this workspace refers to."""
    return Ground([row.id for row in queries.statuses(store)], [row.id for row in queries.departments(store)])
