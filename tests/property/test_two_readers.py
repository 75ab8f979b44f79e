"""Whatever people write, this program and the one that was written from the documents read it to the same end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest import mock

import pytest

from store.database import Store, open_store
from store.export import export_lines
from store.oplog import ops_after, streams
from store.setup import enter_workspace, init_workspace, join_workspace
from sync import compaction
from sync.encryption.inviting import begin_encrypted
from sync.encryption.keyring import Keyring
from sync.encryption.setting import ENCRYPTION, SETTING
from sync.engine import Engine, sync_once
from sync.places.share import create_share
from sync.trust.standing import ROOT
from tests.conftest import roll_back
from tests.second_reader import State, read_share
from tests.second_reader.comparing import differences, faults
from tests.second_reader.sealed import Keys
from tests.simulation.edits import edit

START = 1_795_000_000_000
SEEDS = 9


class World(NamedTuple):
    """Homes over one folder, what is random in it, and the time."""

    folder: Path
    homes: list[Store]
    random: Random
    clock: Iterator[int]

    def write(self, store: Store, edits: int) -> None:
        """Let somebody write, whose clock may be wrong."""
        for _ in range(edits):
            edit(store, self.random)

    def live(self, days: int) -> None:
        """Let everybody write and sync in any order."""
        for _ in range(days):
            store = self.random.choice(self.homes)
            self.write(store, self.random.randint(1, 6))
            if self.random.random() < 0.7:
                sync_once(store)

    def settle(self) -> None:
        """Sync until nothing moves any more."""
        while any(report.pushed or report.pulled for report in map(sync_once, self.homes)):
            pass


@pytest.fixture(params=range(SEEDS))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Two or three homes that have written for a while; every third workspace is encrypted."""
    seed = request.param
    random = Random(f"two readers {seed}")
    folder = tmp_path / "folder"
    folder.mkdir()
    clock = count(START, 7)
    with mock.patch("os.urandom", random.randbytes), mock.patch.object(compaction, "FAN", 2):
        ann_home = str(tmp_path / "0")
        settings = begin_encrypted(ann_home) if seed % 3 == 0 else {}
        ann = init_workspace(
            ann_home, name="Apollo", member="林平", code="lp", settings=settings, now=clock.__next__
        )
        create_share(str(folder), ann)
        sync_once(ann)
        made = World(folder, [ann], random, clock)
        for number, name in enumerate(("韩梅", "Zoë")[: random.randint(1, 2)], 1):
            made.homes.append(_joined(ann, tmp_path / str(number), folder, name, settings, clock))
        made.live(12)
        yield made
        for store in made.homes:
            store.close()


def _joined(
    ann: Store, home: Path, folder: Path, name: str, settings: dict[str, str], clock: Iterator[int]
) -> Store:
    if settings:
        home.mkdir()
        Keyring(str(home)).enter(Keyring(ann.home).generations)
        settings = {ROOT: ann.device, SETTING: ENCRYPTION}
    store = join_workspace(str(home), ann.workspace, settings=settings, now=clock.__next__)
    create_share(str(folder), store)
    sync_once(store)
    enter_workspace(store, member=name, code=f"m{len(name)}")
    return store


def check(world: World) -> None:
    """See that the second reader finds the same ops and shows the same."""
    store = world.homes[0]
    keys: Keys | None = None
    if store.meta(SETTING) == ENCRYPTION:
        keys = {one.label: one.key.secret for one in Keyring(store.home).generations}
    share = read_share(world.folder, keys)
    assert share.verdicts == {}
    read = {op.dot: (op.lam, op.kind, op.ent, op.field, op.value) for op in share.read}
    held = {
        (dev, inc, op.seq): (op.lam, op.kind, op.ent, op.field, json.loads(op.value))
        for dev, inc in streams(store)
        for op in ops_after(store, dev, inc, 0, 1_000_000)
    }
    assert read == held
    exported = [json.loads(line) for line in export_lines(store)]
    assert differences(State(share.ops), exported[1:]) == []
    for snapshot in share.snapshots:
        assert faults(snapshot, share.ops) == []


def test_both_read_the_same(world: World) -> None:
    world.settle()
    [taken] = Engine(world.random.choice(world.homes)).sync(snapshots=True).snapshots
    assert not taken.why
    world.live(6)
    world.settle()
    check(world)


def test_both_give_branches_the_same_names_and_meaning(world: World, tmp_path: Path) -> None:
    world.settle()
    store = world.random.choice(world.homes)
    store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    elsewhere, home = tmp_path / "elsewhere", tmp_path / "twin"
    shutil.copytree(world.folder, elsewhere)
    shutil.copytree(store.home, home)
    roll_back(str(home))
    twin = open_store(str(home), now=world.clock.__next__)
    twin.conn.execute("UPDATE place SET url = ?", (str(elsewhere),))
    for each in (store, twin):
        for _ in range(3):
            world.write(each, 4)
            sync_once(each)
    world.live(6)
    for path in sorted(elsewhere.rglob("*")):
        target = world.folder / path.relative_to(elsewhere)
        if path.is_file() and not target.exists():
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
    twin.conn.execute("UPDATE place SET url = ?", (str(world.folder),))
    world.homes.append(twin)
    world.settle()
    world.live(6)
    world.settle()
    check(world)
