"""Joining by a snapshot: the state at once, the past after it, and nothing believed that is not borne out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from store import commands, places
from store.database import Store, open_store
from store.export import export_lines, state_hash
from store.gaps import gaps, is_whole, missing_ops
from store.heads import Kept, Standing, collect, standings
from store.integrity import check_derived, check_log
from store.oplog import ops_after, rebuild, streams
from store.setup import enter_workspace, join_workspace
from sync import names, segment
from sync.encryption.generations import Generation
from sync.encryption.keyring import Keyring
from sync.engine import Engine, sync_once
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.places.transport import TransportError
from sync.report import SyncReport
from sync.segment import StreamId
from sync.snapshots import backfill, snapshot, taking
from sync.snapshots.snapshot import SnapshotName
from sync.trust import roster
from sync.trust.keys import load_keys
from tests.conftest import TODAY, Clock, add_item
from tests.unit.test_compaction import Fall, Falling
from tests.unit.test_encrypted_sync import encrypt

Newcomer = Callable[..., Store]


@pytest.fixture
def newcomer(store: Store, folder: Path, tmp_path: Path, clock: Clock) -> Iterator[Newcomer]:
    """A function that makes the home of somebody who joins through the folder and has not synced yet."""
    made: list[Store] = []

    def join(name: str, generations: tuple[Generation, ...] = ()) -> Store:
        other = join_workspace(
            str(tmp_path / f"home-{name}"), store.workspace, now=clock, today=lambda: TODAY
        )
        made.append(other)
        if generations:
            encrypt(other, generations)
        create_share(str(folder), other)
        return other

    yield join
    for other in made:
        other.close()


@pytest.fixture
def ann(store: Store, folder: Path) -> Store:
    """The workspace's first device: items written again and again, a draft, everything in the folder."""
    create_share(str(folder), store)
    for number in range(12):
        ent = add_item(store, f"item {number}")
        for again in range(3):
            commands.set_fields(store, [ent], {"title": f"item {number}, version {again}"})
        commands.comment(store, ent, "嗯")
    commands.create(store, "item", {"title": "my own draft"}, private=True)
    sync_once(store)
    return store


@pytest.fixture
def bob(ann: Store, newcomer: Newcomer) -> Store:
    """A teammate who joined by ops, before there was a snapshot."""
    return entered(newcomer("Bob"), "Bob", ann)


def entered(store: Store, name: str, *others: Store) -> Store:
    sync_once(store)
    enter_workspace(store, member=name, code=name.lower()[:2], device_name=f"{name}'s laptop")
    for each in (store, *others):
        sync_once(each)
    return store


def take(store: Store) -> SyncReport:
    report = Engine(store).sync(snapshots=True)
    assert [taken.why for taken in report.snapshots] == [""]
    return report


def base(folder: Path) -> Path:
    return next(folder.glob("sameboat-*"))


def files(folder: Path) -> list[Path]:
    return sorted(base(folder).glob("s/*"))


def same(store: Store, other: Store) -> None:
    assert list(export_lines(store)) == list(export_lines(other))
    assert state_hash(store) == state_hash(other)


def complete(store: Store) -> None:
    """Sync until the past is here."""
    for _ in range(50):
        if is_whole(store.conn):
            return
        sync_once(store)
    raise AssertionError(gaps(store.conn))


def whole(store: Store, other: Store) -> None:
    """The log is whole, the same as the other's, and gives what is shown."""
    complete(store)
    assert check_log(store) == check_derived(store) == []
    for key, stream in streams(other).items():
        if stream.seq:
            assert ops_after(store, *key, 0, 10**6) == ops_after(other, *key, 0, 10**6)
    before = list(export_lines(store))
    rebuild(store)
    assert list(export_lines(store)) == before


def test_a_newcomer_begins_with_a_snapshot_and_the_tail(
    ann: Store, bob: Store, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "STEP_OPS", 0)
    take(ann)
    add_item(ann, "after it")
    add_item(bob, "after it, by Bob")
    for each in (ann, bob, ann):
        sync_once(each)
    cai = newcomer("Cai")
    told: list[tuple[str, int, int]] = []
    report = sync_once(cai, progress=lambda *step: told.append(step))
    assert report.exit_code == 0
    assert 0 < report.missing == missing_ops(cai.conn) < 40
    assert report.pulled == sum(stream.seq for stream in streams(ann).values())
    assert told
    assert report.changes.touches("item", "member")
    same(cai, ann)


def test_a_newcomer_knows_the_keys_of_everybody_at_once(ann: Store, bob: Store, newcomer: Newcomer) -> None:
    """A person who is to compare fingerprints cannot wait until each of them writes again."""
    take(ann)
    cai = newcomer("Cai")
    sync_once(cai)
    keys = {one.id: one.key for one in roster.devices(cai)}
    assert keys[ann.device] == load_keys(ann.home).public.hex()
    assert keys[bob.device] == load_keys(bob.home).public.hex()


def test_the_past_comes_by_itself_and_bears_the_snapshot_out(
    ann: Store, bob: Store, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "STEP_OPS", 30)
    monkeypatch.setattr(backfill, "STEP_ENTITIES", 2_000)
    take(ann)
    cai = newcomer("Cai")
    sync_once(cai)
    missing = [missing_ops(cai.conn)]
    enter_workspace(cai, member="Cai", code="ca", device_name="desk")
    edited = next(row[0] for row in cai.conn.execute("SELECT id FROM p_item"))
    commands.set_fields(cai, [edited], {"title": "by Cai"})
    while not is_whole(cai.conn):
        assert sync_once(cai).exit_code == 0
        rebuild(cai)  # as an upgrade of the program would
        missing.append(missing_ops(cai.conn))
        assert len(missing) < 40
    assert missing == sorted(missing, reverse=True)
    for each in (ann, bob):
        sync_once(each)
    same(cai, ann)
    whole(cai, ann)
    same(bob, ann)


def test_only_what_is_needed_is_read_at_first(
    ann: Store, newcomer: Newcomer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(ann)
    add_item(ann, "tail")
    sync_once(ann)
    monkeypatch.setattr(backfill, "STEP_OPS", 0)
    read: list[str] = []
    real = FolderTransport.read

    def reading(self: FolderTransport, name: str, limit: int) -> bytes:
        read.append(name)
        return real(self, name, limit)

    monkeypatch.setattr(FolderTransport, "read", reading)
    sync_once(newcomer("Cai"))
    assert sum(name.endswith(".snap") for name in read) == 1
    assert sum(name.endswith(".seg") for name in read) == 1


@pytest.mark.parametrize("harm", ["flipped", "cut", "zeros", "emptied", "another's name"])
def test_a_snapshot_that_is_not_right_is_passed_over_and_the_ops_are_read(
    ann: Store, newcomer: Newcomer, folder: Path, harm: str
) -> None:
    take(ann)
    [path] = files(folder)
    data = path.read_bytes()
    if harm == "flipped":
        path.write_bytes(data[:-40] + bytes([data[-40] ^ 1]) + data[-39:])
    elif harm == "another's name":
        name = names.parse_snapshot(path.name)
        assert name is not None
        path.rename(path.with_name(f"zzzz{name.dev[4:]}.{name.ops}.{name.hash16}.snap"))
    else:
        path.write_bytes({"cut": data[:-9], "zeros": data[:-600] + bytes(600), "emptied": b""}[harm])
    cai = newcomer("Cai")
    report = sync_once(cai)
    assert is_whole(cai.conn)
    same(cai, ann)
    assert report.exit_code == 0, "what it stood for has come in segments"
    assert not report.quarantined


def test_what_was_refused_is_named_while_the_ops_are_not_here(
    ann: Store, newcomer: Newcomer, folder: Path
) -> None:
    take(ann)
    [path] = files(folder)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    away = folder / "away"
    (base(folder) / "d").rename(away)
    cai = newcomer("Cai")
    report = sync_once(cai)
    assert [(file.name, file.reason) for file in report.quarantined] == [(f"s/{path.name}", "hash")]
    assert report.exit_code == 4
    (base(folder) / "d").rmdir() if (base(folder) / "d").exists() else None
    away.rename(base(folder) / "d")
    report = sync_once(cai)
    same(cai, ann)
    assert not report.quarantined


def forged(
    ann: Store,
    author: Store,
    folder: Path,
    change: Callable[[Kept], Kept],
    *,
    link: str = "",
    signer: Store | None = None,
) -> None:
    """Put a snapshot of Ann's state into the folder, changed on the way, in the name of `author`."""
    conn = ann.conn
    cursor = places.pushed(ann, 1)
    found = [
        Standing(
            one.n, one.dev, one.inc, one.seq, link or (cursor[one.n].tail if one.mine else one.tail), one.mine
        )
        for one in standings(conn)
    ]
    kept = [[change(op) for op in group] for group in collect(conn, found)]
    name, data = snapshot.encode(
        StreamId(ann.workspace, author.device, author.incarnation), found, kept, keys=load_keys((signer or author).home)
    )  # fmt: skip
    (base(folder) / "s").mkdir(exist_ok=True)
    (base(folder) / name.path).write_bytes(data)


def lying(op: Kept) -> Kept:
    return op._replace(line=op.line.replace(b"item 3, version 2", b"item 3, version 9"))


def honest(op: Kept) -> Kept:
    return op


def test_a_false_value_is_found_out_by_the_past_and_undone(
    ann: Store, bob: Store, newcomer: Newcomer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged(ann, ann, folder, lying)
    monkeypatch.setattr(backfill, "STEP_OPS", 0)
    cai = newcomer("Cai")
    sync_once(cai)
    assert "item 3, version 9" in "".join(export_lines(cai))
    enter_workspace(cai, member="Cai", code="ca", device_name="desk")
    monkeypatch.undo()
    report = sync_once(cai)
    assert [file.reason for file in report.quarantined] == ["false-snapshot"]
    assert [file.name for file in report.quarantined] == [f"s/{files(folder)[0].name}"]
    assert report.exit_code == 4
    for each in (cai, ann, bob, cai):
        sync_once(each)
    same(cai, ann)
    whole(cai, ann)
    assert "Cai" in "".join(export_lines(ann))
    monkeypatch.setattr(taking, "LEAST", 1)
    for path in files(folder):
        path.unlink()
    add_item(cai, "more")
    assert sync_once(cai).exit_code == 0, "what is gone needs nobody's attention"


def test_a_value_shown_in_the_place_of_a_newer_one_is_found_out(
    ann: Store, newcomer: Newcomer, folder: Path
) -> None:
    older = {op.value: op for op in ops_after(ann, ann.device, ann.incarnation, 0)}['"item 3, version 1"']

    def swapped(op: Kept) -> Kept:
        if b'"item 3, version 2"' not in op.line:
            return op
        return Kept(op.stream, older.seq, False, snapshot_line(older))

    forged(ann, ann, folder, swapped)
    cai = newcomer("Cai")
    sync_once(cai)
    complete(cai)
    same(cai, ann)
    assert [file.reason for file in places.quarantined(cai)] == ["false-snapshot"]
    whole(cai, ann)


def snapshot_line(op: object) -> bytes:
    from store.ops import Op, encode_line

    assert isinstance(op, Op)
    return encode_line(op)


def test_a_link_that_a_head_contradicts_is_refused_at_once(
    ann: Store, newcomer: Newcomer, folder: Path
) -> None:
    forged(ann, ann, folder, honest, link="ab" * 32)
    cai = newcomer("Cai")
    sync_once(cai)
    assert is_whole(cai.conn)
    same(cai, ann)


def test_a_link_that_the_tail_contradicts_is_found_out(ann: Store, newcomer: Newcomer, folder: Path) -> None:
    forged(ann, ann, folder, honest, link="ab" * 32)
    add_item(ann, "after it")
    sync_once(ann)
    cai = newcomer("Cai")
    for _ in range(4):
        report = sync_once(cai)
    same(cai, ann)
    assert not report.waiting
    assert [file.reason for file in report.quarantined] == ["false-snapshot"]
    whole(cai, ann)


def test_what_another_key_signed_is_refused(ann: Store, bob: Store, newcomer: Newcomer, folder: Path) -> None:
    forged(ann, ann, folder, lying, signer=bob)
    forged(ann, bob, folder, lying, signer=ann)
    cai = newcomer("Cai")
    sync_once(cai)
    assert is_whole(cai.conn)
    same(cai, ann)


def test_a_teammate_may_take_one_too(ann: Store, bob: Store, newcomer: Newcomer) -> None:
    take(bob)
    cai = newcomer("Cai")
    assert sync_once(cai).exit_code == 0
    assert cai.meta("snapshot").split(".")[0].endswith(bob.device)
    same(cai, ann)
    whole(cai, ann)


def test_one_by_a_device_that_nobody_approved_is_passed_over(
    ann: Store, bob: Store, newcomer: Newcomer, folder: Path
) -> None:
    roster.require_approval(ann, True)
    sync_once(ann)
    mallory = newcomer("Mallory")
    entered(mallory, "Mallory", ann, bob)
    forged(ann, mallory, folder, lying)
    cai = newcomer("Cai")
    sync_once(cai)
    assert is_whole(cai.conn)
    same(cai, ann)
    for path in files(folder):
        path.unlink()
    take(bob)
    dan = newcomer("Dan")
    sync_once(dan)
    assert dan.meta("snapshot"), "Bob was approved when approval was turned on"
    same(dan, ann)


def test_one_by_a_revoked_device_is_passed_over(
    ann: Store, bob: Store, newcomer: Newcomer, folder: Path
) -> None:
    sync_once(bob)
    roster.revoke(ann, bob.device)
    sync_once(ann)
    forged(ann, bob, folder, lying)
    cai = newcomer("Cai")
    sync_once(cai)
    assert not cai.meta("snapshot")
    same(cai, ann)


def test_drafts_stay_at_home(ann: Store, newcomer: Newcomer, folder: Path) -> None:
    take(ann)
    [path] = files(folder)
    body = path.read_bytes().partition(b"\n")[2]
    text = zstandard.ZstdDecompressor().decompressobj().decompress(body)
    assert b"item 3, version 2" in text
    assert b"draft" not in text
    assert b"item 3, version 1" not in text


def test_an_encrypted_one_is_read_by_members_only(store: Store, folder: Path, newcomer: Newcomer) -> None:
    ring = encrypt(store)
    create_share(str(folder), store)
    add_item(store, "quarterly secret")
    sync_once(store)
    take(store)
    [path] = files(folder)
    assert b"secret" not in path.read_bytes()
    assert b"zstd" not in path.read_bytes()
    cai = newcomer("Cai", ring.generations)
    sync_once(cai)
    assert cai.meta("snapshot")
    same(cai, store)
    whole(cai, store)
    assert Keyring(cai.home).generations == ring.generations


def test_it_is_taken_when_the_share_has_grown_and_not_before(
    ann: Store, bob: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = sum(stream.seq for stream in streams(ann).values())
    monkeypatch.setattr(taking, "LEAST", total + 30)
    assert sync_once(ann).snapshots == ()
    for number in range(12):
        add_item(ann, f"more {number}")
    sync_once(bob)
    [taken] = sync_once(ann).snapshots
    [path] = files(folder)
    assert (taken.why, taken.size) == ("", path.stat().st_size)
    monkeypatch.setattr(taking, "LEAST", 20)
    for number in range(3):
        add_item(ann, f"a little more {number}")
    assert sync_once(ann).snapshots == ()
    for number in range(40):
        add_item(ann, f"much more {number}")
    assert len(sync_once(ann).snapshots) == 1
    [newer] = files(folder)
    assert newer != path, "a device keeps one of its own"
    sync_once(bob)
    assert sync_once(bob).snapshots == (), "one is enough"


def test_an_idle_sync_looks_for_none(ann: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "LEAST", 10)
    engine = Engine(ann)
    engine.sync()
    calls: list[str] = []
    real = FolderTransport.list

    def listing(self: FolderTransport, folder: str) -> object:
        calls.append(folder)
        return real(self, folder)

    monkeypatch.setattr(FolderTransport, "list", listing)
    engine.sync()
    assert calls == ["h"]


def test_none_is_taken_of_what_is_not_there_yet(ann: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_item(ann, "not sent")
    with monkeypatch.context() as patch:
        patch.setattr(
            FolderTransport,
            "write",
            lambda self, name, data: (_ for _ in ()).throw(TransportError("full", name)),
        )
        [taken] = Engine(ann).sync(snapshots=True).snapshots
    assert taken.why == "outbox"


def test_a_newcomer_takes_none_before_its_past_is_here(
    ann: Store, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(ann)
    monkeypatch.setattr(backfill, "STEP_OPS", 0)
    cai = newcomer("Cai")
    [taken] = Engine(cai).sync(snapshots=True).snapshots
    assert taken.why == "older-history"


def test_a_load_that_is_stopped_leaves_an_empty_home(
    ann: Store, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_BLOCK_OPS", 20)
    take(ann)
    cai = newcomer("Cai")
    told: list[int] = []
    Engine(cai).sync(progress=lambda _what, done, _total: told.append(done), cancelled=lambda: len(told) > 1)
    assert len(told) == 2
    assert cai.conn.execute("SELECT count(*) FROM op").fetchone() == (0,)
    assert streams(cai).keys() == {(cai.device, cai.incarnation)}
    sync_once(cai)
    same(cai, ann)


@pytest.mark.parametrize("late", [False, True])
def test_stopping_at_any_call_of_taking_or_loading_harms_nobody(
    ann: Store, newcomer: Newcomer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    monkeypatch.setattr(backfill, "STEP_OPS", 60)
    take(ann)
    for number in range(3):
        add_item(ann, f"later {number}")
    sync_once(ann)
    saved = tmp_path / "saved"
    shutil.copytree(folder, saved)
    for step in range(1, 100):
        shutil.rmtree(folder)
        shutil.copytree(saved, folder)
        fallen = 0
        for home, snap in ((ann, True), (newcomer(f"Cai {step} {late}"), False)):
            fallen += falls(home, folder, step, late=late, snapshots=snap)
            Engine(home).sync(snapshots=snap)
        cai = open_store(str(tmp_path / f"home-Cai {step} {late}"), now=ann.now)
        same(cai, ann)
        complete(cai)
        same(cai, ann)
        assert len(files(folder)) == 1
        assert not [path for path in folder.rglob("~*")]
        cai.close()
        if not fallen:
            assert step > 10
            return
    raise AssertionError("it never ended")


def falls(store: Store, folder: Path, step: int, *, late: bool, snapshots: bool) -> bool:
    transport = Falling(str(folder), names.share_name(store.workspace), store.device)
    transport.fatal, transport.late = step, late
    try:
        Engine(store, transports=lambda url, store: transport).sync(snapshots=snapshots)
    except Fall:
        return True
    return False


def test_a_snapshot_survives_its_own_format(ann: Store, folder: Path) -> None:
    take(ann)
    [path] = files(folder)
    name = names.parse_snapshot(path.name)
    assert name is not None
    data = path.read_bytes()
    found = snapshot.decode(data, name, ann.workspace)
    sources, blocks = snapshot.read(found)
    lines = [line for block in blocks for line in block.lines]
    assert sum(one.seq for one in sources) == name.ops
    assert len(lines) == len({line for line in lines})
    with pytest.raises(segment.SegmentWrong):
        snapshot.decode(data, SnapshotName(name.dev, name.ops + 1, name.hash16), ann.workspace)
    with pytest.raises(segment.SegmentWrong):
        snapshot.decode(data, name, "0" * 26)
