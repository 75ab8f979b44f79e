"""A teammate's machine in one process: a home on disk, a clock of its own, a copy of the drive, or two places."""

from __future__ import annotations

import datetime
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from random import Random
from typing import NamedTuple
from unittest import mock

from store import commands
from store.database import Store, database_path, open_store
from store.oplog import merge, ops_after, streams
from store.ops import Op, encode_line
from store.places import add_place, remove_place
from store.places import places as places_of
from store.setup import enter_workspace, init_workspace, join_workspace
from sync import segment
from sync.encryption.generations import Generation
from sync.encryption.keyring import Keyring
from sync.encryption.setting import is_encrypted
from sync.engine import Engine
from sync.names import share_name
from sync.places.share import create_share
from sync.report import SyncReport
from sync.segment import StreamId, chain
from sync.trust.keys import load_keys
from tests.conftest import roll_back
from tests.simulation.chests import make_encrypted
from tests.simulation.drive import Mortal, Peril, Record
from tests.simulation.versions import running

PEOPLE = (
    ("林平", "lp"), ("韩梅", "hm"), ("Wang Fang", "wf"), ("李雷", "ll"), ("Zoë", "zo"), ("陈静", "cj"),
    ("Ada", "ad"), ("赵敏", "zm"), ("Omar", "om"), ("周涛", "zt"), ("Ines", "in"), ("孙悦", "sy"),
)  # fmt: skip
START = 1_795_000_000_000
TODAY = datetime.date(2026, 11, 23)
NEWER = "1.7"


class Typed(NamedTuple):
    """Something that a person wrote on a machine and that others may see."""

    ent: str
    field: str
    value: str


class Machine:
    """One home, its copy of the drive, and its second place if it has one. `at` is its clock, which may be wrong."""

    def __init__(
        self, home: str, drive: str, records: dict[str, Record], *, newer: bool = False, later: bool = False
    ) -> None:
        self.home = home
        self.drive = drive
        self.at = START
        self.newer = newer
        self.later = later
        self.peril = Peril()
        self.typed: list[Typed] = []
        self.away = False
        self._records = records
        self._saved: tuple[str, list[Typed]] | None = None
        self.open()

    def open(self) -> None:
        """Start the program: nothing but what is on disk is known."""
        with self.program():
            self.store = open_store(self.home, now=self.now, today=lambda: TODAY)
        self.store.conn.execute("PRAGMA synchronous = OFF")
        # Batches so small that cursors come to stand inside segments.
        self.engine = Engine(self.store, transports=self._transport, batch_ops=5)

    def _transport(self, url: str, store: Store) -> Mortal:
        record = self._records.get(url) or self._records["drive"]
        return Mortal(url, share_name(store.workspace), store.device, record, self.peril)

    def program(self) -> AbstractContextManager[object]:
        """Let what happens in the block happen in this machine's version of the program."""
        return running(later=self.later)

    def restart(self) -> None:
        """End the program and start it again."""
        self.store.close()
        self.open()

    def upgrade(self) -> bool:
        """Let a later version of the program take over the home; returns whether it was there already."""
        before, self.later = self.later, True
        if not before:
            self.restart()
        return before

    @property
    def urls(self) -> list[str]:
        """Return where this machine's places are."""
        return [place.url for place in places_of(self.store)]

    def now(self) -> int:
        """Return this machine's time, a little later at each look."""
        self.at += 7
        return self.at

    @property
    def base(self) -> str:
        """Return the folder of the share in this machine's copy of the drive."""
        return os.path.join(self.drive, share_name(self.store.workspace))

    def sync(self, *, snapshots: bool = False) -> SyncReport:
        """Sync with every place of this machine, and take snapshots there if asked to."""
        with self.program(), mock.patch.object(segment, "FORMAT", NEWER if self.newer else segment.FORMAT):
            return self.engine.sync(snapshots=snapshots)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Note what is written in the block for others to see."""
        before = _public(self.store)
        with self.program():
            yield
        for (dev, inc), seq in _public(self.store).items():
            for op in ops_after(self.store, dev, inc, before.get((dev, inc), 0)):
                self.typed.append(Typed(op.ent, op.field, op.value))
            assert seq >= before.get((dev, inc), 0)

    def unmount(self) -> None:
        """Take the drive away, or bring it back."""
        self.away = not self.away
        hidden = f"{self.drive}.away"
        os.rename(*((self.drive, hidden) if self.away else (hidden, self.drive)))

    def save(self) -> None:
        """Keep a copy of the home as it is, for `restore` and `rewind`."""
        kept = f"{self.home}.kept"
        shutil.rmtree(kept, ignore_errors=True)
        self.copy_home(kept)
        self._saved = kept, list(self.typed)

    def copy_home(self, to: str) -> None:
        """Copy the home as a backup program does."""
        os.makedirs(to)
        for name in os.listdir(self.home):
            path = os.path.join(self.home, name)
            if os.path.isfile(path) and not name.startswith("sameboat.db") and not name.endswith(".lock"):
                shutil.copy(path, to)
        source, target = sqlite3.connect(database_path(self.home)), sqlite3.connect(database_path(to))
        source.backup(target)
        source.close()
        target.close()

    def go_back(self, *, noticed: bool) -> bool:
        """Bring the kept copy back; `noticed` or as a machine does that is rolled back as a whole."""
        if self._saved is None:
            return False
        kept, self.typed = self._saved
        self._saved = None
        self.store.close()
        shutil.rmtree(self.home)
        os.rename(kept, self.home)
        if not noticed:
            roll_back(self.home)
        self.open()
        return True


def make_team(folder: str, count: int, random: Random) -> None:
    """Make homes for the first of `PEOPLE`, members of one workspace, to be copied for each run."""
    with mock.patch("os.urandom", random.randbytes):
        stores: list[Store] = []
        for number, (name, code) in enumerate(PEOPLE[:count]):
            home = os.path.join(folder, str(number))
            now = iter(range(START, START + 100_000)).__next__
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
            load_keys(store.home)  # before anybody copies a home
            store.close()


def gather(
    template: str,
    home: str,
    drive: str,
    records: dict[str, Record],
    *,
    newer: bool,
    later: bool,
    keys: Sequence[Generation] = (),
) -> Machine:
    """Return the machine of a team member, with an empty copy of the drive; with `keys` what it sends is encrypted."""
    shutil.copytree(template, home)
    roll_back(home)  # each plays the home it is a copy of
    os.mkdir(drive)
    machine = Machine(home, drive, records, newer=newer, later=later)
    if keys:
        make_encrypted(machine.store, keys)
    create_share(drive, machine.store)
    return machine


def clone(source: Machine, home: str, drive: str, records: dict[str, Record]) -> Machine:
    """Return another machine with a copy of somebody's home, which finds its drive at another path."""
    source.copy_home(home)
    shutil.copytree(source.drive, drive)
    machine = Machine(home, drive, records, newer=source.newer, later=source.later)
    machine.at = source.at
    _move_place(machine.store, source.drive, drive)
    machine.restart()
    return machine


def newcomer(
    host: Machine, home: str, drive: str, records: dict[str, Record], number: int, *, later: bool
) -> Machine:
    """Return the machine of somebody who joins with a copy of the drive, as far as that has come, and the keys."""
    store = join_workspace(home, host.store.workspace, now=iter(range(START, START + 100)).__next__)
    if is_encrypted(host.store):
        make_encrypted(store, Keyring(host.home).generations)
    create_share(drive, store)
    store.close()
    machine = Machine(home, drive, records, later=later)
    machine.sync()
    with machine.program():
        enter_workspace(machine.store, member=f"newcomer {number}", code=f"n{number}")
    return machine


def _move_place(store: Store, old: str, new: str) -> None:
    for place in places_of(store):
        if place.url == old:
            remove_place(store, place.n)
            add_place(store, new)


def _public(store: Store) -> dict[tuple[str, str], int]:
    return {key: stream.seq for key, stream in streams(store).items() if stream.mine}


def _hand_over(source: Store, target: Store) -> None:
    for (dev, inc), stream in streams(source).items():
        if stream.mine:
            ops: list[Op] = ops_after(source, dev, inc, 0)
            tail = chain(StreamId(source.workspace, dev, inc), "", map(encode_line, ops))
            merge(target, ops, {(dev, inc): tail})
