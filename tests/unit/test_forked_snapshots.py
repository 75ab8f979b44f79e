"""Whoever began with a snapshot and lacks the past is not taken in by heads of that past, nor by forks in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import commands
from store.branches import forked
from store.database import Store, open_store
from store.export import export_lines, state_hash
from store.gaps import gaps, is_whole
from store.integrity import check_derived, check_log
from store.oplog import streams
from store.setup import enter_workspace, join_workspace
from sync import compaction
from sync.engine import Engine, sync_once
from sync.links import link_from_log
from sync.names import HeadName
from sync.places.share import create_share
from sync.segment import StreamId
from sync.snapshots import backfill
from sync.trust.keys import load_keys
from sync.trust.statements import head_line
from tests.conftest import add_item, roll_back


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "team drive"
    made.mkdir()
    return made


@pytest.fixture
def opened() -> Iterator[list[Store]]:
    made: list[Store] = []
    yield made
    for each in made:
        each.close()


@pytest.fixture
def ann(store: Store, folder: Path) -> Store:
    create_share(str(folder), store)
    for number in range(6):
        ent = add_item(store, f"item {number}")
        for again in range(3):
            commands.set_fields(store, [ent], {"title": f"item {number}, version {again}"})
    sync_once(store)
    return store


@pytest.fixture
def newcomer(ann: Store, folder: Path, tmp_path: Path, opened: list[Store]) -> Callable[[], Store]:
    """Make the home of somebody who joins now and begins with a snapshot where there is one."""

    def join() -> Store:
        home = str(tmp_path / f"new-{len(opened)}")
        made = join_workspace(home, ann.workspace, now=ann.now, today=ann.today)
        opened.append(made)
        create_share(str(folder), made)
        sync_once(made)
        return made

    return join


def base(folder: Path) -> Path:
    return next(folder.glob("sameboat-*"))


def take(store: Store) -> None:
    assert [taken.why for taken in Engine(store).sync(snapshots=True).snapshots] == [""]


def test_an_old_head_that_lingers_raises_no_alarm_where_the_past_is_not_here(
    ann: Store, folder: Path, newcomer: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    take(ann)
    monkeypatch.setattr(backfill, "STEP_OPS", 0)
    cai = newcomer()
    (gap,) = gaps(cai.conn)
    origin = StreamId(ann.workspace, ann.device, ann.incarnation)
    for seq in (1, gap.floor // 2, gap.floor):
        link = link_from_log(ann, ann.device, ann.incarnation, seq)
        head = HeadName(ann.device, ann.incarnation, seq, link[:8])
        (base(folder) / head.path).write_bytes(head_line(origin, seq, link, load_keys(ann.home)))
    before = state_hash(cai)
    for _ in range(2):
        report = sync_once(cai)
        assert (report.waiting, report.quarantined) == ((), ())
    assert forked(cai.conn) == set()
    assert state_hash(cai) == before
    assert not is_whole(cai.conn)


@pytest.mark.parametrize("fan", [8, 2], ids=["apart", "joined over the fork"])
@pytest.mark.parametrize("longer", [5, 12])
def test_a_fork_in_the_past_is_seen_when_the_past_has_come(
    ann: Store,
    folder: Path,
    tmp_path: Path,
    newcomer: Callable[[], Store],
    opened: list[Store],
    monkeypatch: pytest.MonkeyPatch,
    longer: int,
    fan: int,
) -> None:
    monkeypatch.setattr(compaction, "FAN", fan)
    ann.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(ann.home, tmp_path / "twin")
    shutil.copytree(folder, tmp_path / "elsewhere")
    roll_back(str(tmp_path / "twin"))
    twin = open_store(str(tmp_path / "twin"), now=ann.now, today=ann.today)
    opened.append(twin)
    twin.conn.execute("UPDATE place SET url = ?", (str(tmp_path / "elsewhere"),))
    for each, name, count in ((ann, "ann", 8), (twin, "the twin", longer)):
        for number in range(count):
            made = add_item(each, f"{number} of {name}")
            commands.set_fields(each, [made], {"title": f"{number} of {name}, again"})
        sync_once(each)
    take(ann)
    with monkeypatch.context() as patched:
        patched.setattr(backfill, "STEP_OPS", 0)
        cai = newcomer()
        shutil.copytree(tmp_path / "elsewhere", folder, dirs_exist_ok=True)
        twin.conn.execute("UPDATE place SET url = ?", (str(folder),))
        report = sync_once(cai)
        # A head that lies where nothing is known yet can say nothing; one beyond that is waited for.
        assert [(row.dev, row.reason) for row in report.waiting] == [(ann.device, "older-history")] * (
            longer > 8
        )
        assert forked(cai.conn) == set()
    for _ in range(6):
        for each in (cai, ann, twin):
            sync_once(each)
    enter_workspace(cai, member="Cai", code="ca")
    for _ in range(3):
        for each in (cai, ann, twin):
            report = sync_once(each)
            assert (report.waiting, report.quarantined) == ((), ())
    assert len(forked(cai.conn)) == 1
    for each in (cai, ann, twin):
        assert is_whole(each.conn)
        assert check_log(each) == check_derived(each) == []
        assert {key: one.seq for key, one in streams(each).items() if one.seq} == {
            key: one.seq for key, one in streams(ann).items() if one.seq
        }
        assert list(export_lines(each)) == list(export_lines(ann))
