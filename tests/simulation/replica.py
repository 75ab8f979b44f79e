"""A teammate's machine in one process: a home on disk, a clock of its own, and a copy of the shared folder."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from store import commands
from store.database import Store, open_store
from store.oplog import merge, ops_after, streams
from store.ops import encode_line
from store.setup import enter_workspace, init_workspace, join_workspace
from sync.engine import Engine
from sync.folder import FolderTransport
from sync.names import share_name
from sync.segment import StreamId, chain
from sync.share import create_share
from sync.transport import Listing
from tests.conftest import roll_back

if TYPE_CHECKING:
    from random import Random

    from sync.report import SyncReport

PEOPLE = (("林平", "lp"), ("韩梅", "hm"), ("Wang Fang", "wf"), ("李雷", "ll"), ("Zoë", "zo"))
START = 1_795_000_000_000
TODAY = datetime.date(2026, 11, 23)


class Crash(BaseException):
    """The machine went down in the middle of something."""


class Mortal(FolderTransport):
    """A directory transport during whose `fatal`-th call the machine goes down, before or after it is done."""

    fatal = 0
    late = False
    joined = 0  # segments that were removed because a longer one holds them

    def list(self, folder: str) -> Listing:
        with self._peril():
            return super().list(folder)

    def read(self, name: str, limit: int) -> bytes:
        with self._peril():
            return super().read(name, limit)

    def write(self, name: str, data: bytes) -> None:
        with self._peril():
            super().write(name, data)

    def remove(self, name: str) -> None:
        with self._peril():
            super().remove(name)
            self.joined += name.endswith(".seg")

    @contextmanager
    def _peril(self) -> Iterator[None]:
        self.fatal -= 1
        if self.fatal == 0 and not self.late:
            raise Crash
        yield
        if self.fatal == 0:
            raise Crash


class Replica:
    """One home and its folder. `now` is its own clock, which may be wrong."""

    def __init__(self, home: str, folder: str) -> None:
        self.home = home
        self.folder = folder
        self.at = START
        self.joined = 0
        self.open()

    def open(self) -> None:
        """Start the program: nothing but what is on disk is known."""
        self.store = open_store(self.home, now=self.now, today=lambda: TODAY)
        self.store.conn.execute("PRAGMA synchronous = OFF")
        self.transport = Mortal(self.folder, share_name(self.store.workspace), self.store.device, fsync=False)
        # Batches so small that cursors come to stand inside segments.
        self.engine = Engine(self.store, transports=lambda url, store: self.transport, batch_ops=5)

    def restart(self) -> None:
        """End the program and start it again."""
        self.joined += self.transport.joined
        self.store.close()
        self.open()

    def crash(self, random: Random) -> bool:
        """Go down during a sync, if it lasts long enough, and start again; returns whether it came to that."""
        self.transport.fatal = random.randint(1, 24)
        self.transport.late = random.random() < 0.5
        try:
            self.sync()
        except Crash:
            self.restart()
            return True
        self.transport.fatal = 0
        return False

    def now(self) -> int:
        """Return this machine's time, a little later at each look."""
        self.at += 7
        return self.at

    @property
    def base(self) -> str:
        """Return the folder of the share in this machine's copy."""
        return os.path.join(self.folder, share_name(self.store.workspace))

    def sync(self) -> SyncReport:
        """Sync with this machine's copy of the folder, and see that nothing but own files was touched."""
        before = self.files()
        report = self.engine.sync()
        after = self.files()
        foreign = {name for name in before ^ after if f"/{self.store.device}." not in name}
        assert not foreign, f"{self.store.device} touched {foreign}"
        return report

    def files(self) -> set[str]:
        """Return the names in this machine's copy of the share, relative to it."""
        return {
            os.path.relpath(os.path.join(folder, name), self.base)
            for folder, _, names in os.walk(self.base)
            for name in names
        }


def make_team(folder: str, random: Random) -> None:
    """Make a home for each of `PEOPLE`, members of one workspace, to be copied for each run."""
    with mock.patch("os.urandom", random.randbytes):
        stores: list[Store] = []
        for number, (name, code) in enumerate(PEOPLE):
            home = os.path.join(folder, str(number))
            now = iter(range(START, START + 10_000)).__next__
            if not stores:
                stores.append(init_workspace(home, name="Apollo", member=name, code=code, now=now))
                for row in range(6):
                    commands.create(stores[0], "item", {"title": f"item {row}", "labels": ["red"]})
                continue
            store = join_workspace(home, stores[0].workspace, now=now)
            for other in stores:
                _hand_over(other, store)
            enter_workspace(store, member=name, code=code)
            for other in stores:
                _hand_over(store, other)
            stores.append(store)
        for store in stores:
            store.close()


def gather(template: str, folder: str, count: int) -> list[Replica]:
    """Return `count` replicas of the team, each with an empty copy of the shared folder."""
    replicas = []
    for number in range(count):
        home = os.path.join(folder, f"home-{number}")
        shared = os.path.join(folder, f"folder-{number}")
        shutil.copytree(os.path.join(template, str(number)), home)
        roll_back(home)  # each plays the home it is a copy of
        os.mkdir(shared)
        replica = Replica(home, shared)
        create_share(shared, replica.store)
        replicas.append(replica)
    return replicas


def _hand_over(source: Store, target: Store) -> None:
    for (dev, inc), stream in streams(source).items():
        if stream.mine:
            ops = ops_after(source, dev, inc, 0)
            tail = chain(StreamId(source.workspace, dev, inc), "", map(encode_line, ops))
            merge(target, ops, {(dev, inc): tail})
