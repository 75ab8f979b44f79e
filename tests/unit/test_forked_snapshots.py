"""Whoever began with a snapshot and lacks the past is not taken in by heads of that past, nor by forks in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
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
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.places.transport import Listing
from sync.segment import StreamId
from sync.snapshots import backfill
from sync.trust.keys import load_keys
from sync.trust.statements import head_line
from tests.conftest import add_item, roll_back


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
        head = HeadName.of(ann.device, ann.incarnation, seq, link)
        (base(folder) / head.path).write_bytes(head_line(origin, seq, link, load_keys(ann.home)))
    before = state_hash(cai)
    for _ in range(2):
        report = sync_once(cai)
        assert (report.waiting, report.quarantined) == ((), ())
    assert forked(cai.conn) == set()
    assert state_hash(cai) == before
    assert not is_whole(cai.conn)


@pytest.fixture
def twin(ann: Store, folder: Path, tmp_path: Path, opened: list[Store]) -> Store:
    """A copy of Ann's home that nobody noticed, and that goes on in a copy of the folder: `elsewhere`."""
    ann.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(ann.home, tmp_path / "twin")
    shutil.copytree(folder, tmp_path / "elsewhere")
    roll_back(str(tmp_path / "twin"))
    made = open_store(str(tmp_path / "twin"), now=ann.now, today=ann.today)
    opened.append(made)
    made.conn.execute("UPDATE place SET url = ?", (str(tmp_path / "elsewhere"),))
    return made


def bring(twin: Store, tmp_path: Path, folder: Path) -> None:
    """Let what the twin wrote elsewhere come into the folder, and let it go on there."""
    shutil.copytree(tmp_path / "elsewhere", folder, dirs_exist_ok=True)
    twin.conn.execute("UPDATE place SET url = ?", (str(folder),))


def list_in_order(monkeypatch: pytest.MonkeyPatch, *, backwards: bool) -> None:
    """Have every folder listed by name or the other way round, where a disk has an order of its own."""
    listed = FolderTransport.list

    def ordered(self: FolderTransport, name: str) -> Listing:
        files, odd = listed(self, name)
        return Listing(sorted(files, reverse=backwards), sorted(odd, reverse=backwards))

    monkeypatch.setattr(FolderTransport, "list", ordered)


def settled(cai: Store, ann: Store, twin: Store) -> None:
    """Sync all of them until nothing is left to tell, and see that they hold the same, both branches of it."""
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


@pytest.mark.parametrize("fan", [8, 2], ids=["apart", "joined over the fork"])
@pytest.mark.parametrize("longer", [5, 12])
@pytest.mark.parametrize("backwards", [False, True], ids=["by name", "backwards"])
def test_a_fork_in_the_past_is_seen_when_the_past_has_come(
    ann: Store,
    twin: Store,
    folder: Path,
    tmp_path: Path,
    newcomer: Callable[[], Store],
    monkeypatch: pytest.MonkeyPatch,
    backwards: bool,
    longer: int,
    fan: int,
) -> None:
    list_in_order(monkeypatch, backwards=backwards)
    monkeypatch.setattr(compaction, "FAN", fan)
    for each, name, count in ((ann, "ann", 8), (twin, "the twin", longer)):
        for number in range(count):
            made = add_item(each, f"{number} of {name}")
            commands.set_fields(each, [made], {"title": f"{number} of {name}, again"})
        sync_once(each)
    take(ann)
    with monkeypatch.context() as patched:
        patched.setattr(backfill, "STEP_OPS", 0)
        cai = newcomer()
        bring(twin, tmp_path, folder)
        report = sync_once(cai)
        # A head that lies where nothing is known yet can say nothing; one beyond that is waited for.
        assert [(row.dev, row.reason) for row in report.waiting] == [(ann.device, "older-history")] * (
            longer > 8
        )
        assert forked(cai.conn) == set()
    settled(cai, ann, twin)


def test_another_branch_alone_makes_no_snapshot_false(
    ann: Store,
    twin: Store,
    folder: Path,
    tmp_path: Path,
    newcomer: Callable[[], Store],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compaction, "FAN", 2)
    for each, count in ((ann, 8), (twin, 12)):
        for number in range(count):
            add_item(each, f"{number}")
        sync_once(each)
    take(ann)
    monkeypatch.setattr(backfill, "STEP_OPS", 0)
    cai = newcomer()
    monkeypatch.undo()
    (gap,) = gaps(cai.conn)
    (last,) = base(folder).glob(f"d/*/*-{gap.floor}.*.seg")
    bring(twin, tmp_path, folder)
    late = last.rename(tmp_path / last.name)
    for _ in range(2):
        report = sync_once(cai)
        assert report.quarantined == ()
        assert [row.reason for row in report.waiting] == ["older-history"]
        assert not is_whole(cai.conn)
    late.rename(last)
    settled(cai, ann, twin)
    assert cai.meta("snapshot")


def test_a_segment_that_goes_on_in_another_branch_counts_up_to_the_fork(
    ann: Store,
    twin: Store,
    folder: Path,
    tmp_path: Path,
    newcomer: Callable[[], Store],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compaction, "FAN", 2)
    for each, count in ((ann, 8), (twin, 12)):
        for number in range(count):
            add_item(each, f"{number}")
        sync_once(each)
    take(ann)
    with monkeypatch.context() as patched:
        patched.setattr(backfill, "STEP_OPS", 0)
        cai = newcomer()
    (first,) = base(folder).glob(f"d/{ann.device}.*/1-*.seg")
    bring(twin, tmp_path, folder)
    first.unlink()  # only the twin's, which goes on beyond the fork, leads to what follows in Ann's branch
    assert sync_once(cai).quarantined == ()
    assert is_whole(cai.conn)
    settled(cai, ann, twin)


def test_what_was_filled_in_of_another_branch_accuses_nobody(
    ann: Store,
    twin: Store,
    folder: Path,
    tmp_path: Path,
    newcomer: Callable[[], Store],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compaction, "FAN", 100)
    ent = add_item(twin, "of the twin")
    for again in range(12):
        commands.set_fields(twin, [ent], {"title": f"{again} of the twin"})
        sync_once(twin)
    (item,) = [ent for (ent,) in ann.conn.execute("SELECT id FROM entity WHERE kind = 'item' LIMIT 1")]
    for again in range(12):  # the snapshot holds only the last, so what the twin wrote first contradicts none
        commands.set_fields(ann, [item], {"title": f"{again} of ann"})
    sync_once(ann)
    take(ann)
    monkeypatch.setattr(backfill, "STEP_OPS", 0)
    cai = newcomer()
    (gap,) = gaps(cai.conn)
    (last,) = base(folder).glob(f"d/*/*-{gap.floor}.*.seg")
    bring(twin, tmp_path, folder)
    late = last.rename(tmp_path / last.name)
    fork = int(last.name.split("-")[0]) - 1
    monkeypatch.setattr(backfill, "STEP_OPS", fork + 1)
    sync_once(cai)
    (gap,) = gaps(cai.conn)
    assert fork < gap.filled < gap.floor
    late.rename(last)
    report = sync_once(cai)
    assert report.quarantined == ()
    assert is_whole(cai.conn)  # what the snapshot brought was taken back, and is read
    settled(cai, ann, twin)
