"""Joining what was written edit by edit: few files, the same ops, and no moment at which a reader misses anything."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.database import Store, open_store
from store.export import state_hash
from store.oplog import streams
from store.places import places
from sync import compaction, names, push, segment
from sync.engine import Engine, sync_once
from sync.links import link_from_log
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.places.transport import Listing, TransportError
from sync.segment import StreamId
from tests.conftest import add_item
from tests.unit.test_engine import base, heads, segments, snapshot, titles

Join = Callable[[str], Store]


def edits(store: Store, count: int) -> None:
    """Let so many edits be sent one by one, each by a process of its own."""
    for number in range(count):
        add_item(store, f"edit {number}")
        assert sync_once(store).exit_code == 0


def ranges(folder: Path, store: Store) -> list[tuple[int, int]]:
    found = (
        names.parse_segment(store.device, store.incarnation, path.name) for path in segments(folder, store)
    )
    return [(name.first, name.last) for name in found if name is not None]


def assert_whole(folder: Path, store: Store) -> None:
    """The share holds the stream end to end, once."""
    expected = 1
    for first, last in ranges(folder, store):
        assert first == expected
        expected = last + 1
    assert expected == streams(store)[store.device, store.incarnation].seq + 1


def test_many_small_pushes_leave_few_files(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    edits(ann, 3 * compaction.FAN)
    assert_whole(folder, ann)
    assert len(segments(folder, ann)) <= compaction.FAN + 4
    report = sync_once(bob)
    assert report.exit_code == 0
    assert state_hash(ann) == state_hash(bob)
    stream = streams(bob)[ann.device, ann.incarnation]
    assert stream.tail == link_from_log(ann, ann.device, ann.incarnation, stream.seq)


def test_most_pushes_write_two_files(pair: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch) -> None:
    ann, _ = pair
    engine = Engine(ann)
    engine.sync()
    written: list[int] = []
    real = FolderTransport.write

    def counting(self: FolderTransport, name: str, data: bytes) -> None:
        written[-1] += 1
        assert len(data) < 5_000
        real(self, name, data)

    monkeypatch.setattr(FolderTransport, "write", counting)
    for number in range(5 * compaction.FAN):
        add_item(ann, f"edit {number}")
        written.append(0)
        engine.sync()
    assert set(written) == {2, 3}
    assert written.count(3) <= 6


def test_a_push_lists_nothing_more_than_before(pair: tuple[Store, Store]) -> None:
    ann, _ = pair
    calls: list[str] = []

    class Counting(FolderTransport):
        def list(self, folder: str) -> Listing:
            calls.append(folder)
            return super().list(folder)

    engine = Engine(
        ann, transports=lambda url, store: Counting(url, names.share_name(store.workspace), store.device)
    )
    engine.sync()
    calls.clear()
    add_item(ann)
    engine.sync()
    assert calls == ["h"]


def test_a_reader_who_stands_inside_a_joined_segment_goes_on(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    edits(ann, compaction.FAN // 2)
    sync_once(bob)
    edits(ann, compaction.FAN)
    stood = streams(bob)[ann.device, ann.incarnation].seq
    assert any(first < stood < last for first, last in ranges(folder, ann))
    assert sync_once(bob).exit_code == 0
    assert state_hash(ann) == state_hash(bob)


def test_a_segment_joined_between_listing_and_reading_is_looked_for_again(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    monkeypatch.setattr(compaction, "FAN", 100)
    edits(ann, 6)
    monkeypatch.setattr(compaction, "FAN", 2)
    real = FolderTransport.list
    listed = 0

    def late(self: FolderTransport, folder: str) -> Listing:
        nonlocal listed
        found = real(self, folder)
        if folder.startswith(f"d/{ann.device}") and self.url and self._owner == bob.device:
            listed += 1
            if listed == 1:
                add_item(ann, "one more")
                sync_once(ann)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(FolderTransport, "list", late)
        report = sync_once(bob)
    assert listed == 2
    assert len(ranges(folder, ann)) < 6
    assert report.exit_code == 0, report
    sync_once(bob)
    assert state_hash(ann) == state_hash(bob)


def test_a_segment_that_stays_away_is_looked_for_once(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    add_item(ann)
    sync_once(ann)
    calls = []
    real = FolderTransport.list

    def counting(self: FolderTransport, folder: str) -> Listing:
        calls.append(folder)
        return real(self, folder)

    def gone(self: FolderTransport, name: str, limit: int) -> bytes:
        if name.endswith(".seg"):
            raise TransportError("missing", name)
        return reading(self, name, limit)

    reading = FolderTransport.read
    with monkeypatch.context() as patch:
        patch.setattr(FolderTransport, "list", counting)
        patch.setattr(FolderTransport, "read", gone)
        report = sync_once(bob)
    assert calls.count(names.stream_folder(ann.device, ann.incarnation)) == 2
    assert [wait.reason for wait in report.waiting] == ["missing"]


class Fall(BaseException):
    """The machine goes down."""


class Falling(FolderTransport):
    """A transport that goes down before or after its `fatal`-th call."""

    fatal = -1
    late = False

    def list(self, folder: str) -> Listing:
        with self._step():
            return super().list(folder)

    def read(self, name: str, limit: int) -> bytes:
        with self._step():
            return super().read(name, limit)

    def write(self, name: str, data: bytes) -> None:
        with self._step():
            super().write(name, data)

    def remove(self, name: str) -> None:
        with self._step():
            super().remove(name)

    def _step(self) -> Step:
        return Step(self)


class Step:
    def __init__(self, transport: Falling) -> None:
        self._transport = transport

    def __enter__(self) -> None:
        self._transport.fatal -= 1
        self._falls = self._transport.fatal == 0
        if self._falls and not self._transport.late:
            raise Fall

    def __exit__(self, *error: object) -> None:
        if self._falls:
            raise Fall


@pytest.mark.parametrize("late", [False, True])
def test_stopping_at_any_call_of_a_joining_harms_nobody(
    pair: tuple[Store, Store],
    teammate: Join,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    late: bool,
) -> None:
    ann, bob = pair
    monkeypatch.setattr(compaction, "FAN", 100)
    edits(ann, 6)
    sync_once(bob)
    edits(ann, 3)
    monkeypatch.setattr(compaction, "FAN", 2)
    add_item(ann, "the last one")
    joiner = teammate("Cai")
    ann.close()
    shutil.copytree(ann.home, tmp_path / "saved home")
    shutil.copytree(folder, tmp_path / "saved share")
    step = 0
    while True:
        step += 1
        _put_back(tmp_path / "saved home", Path(ann.home))
        _put_back(tmp_path / "saved share", folder)
        writer = open_store(ann.home, now=ann.now)
        transport = Falling(str(folder), names.share_name(ann.workspace), ann.device)
        transport.fatal, transport.late = step, late
        try:
            Engine(writer, transports=lambda url, store, it=transport: it).sync()  # type: ignore[misc]
        except Fall:
            pass
        else:
            assert step > 20, "the joining was never reached"
            writer.close()
            return
        for reader in _readers(tmp_path, bob, joiner):
            report = Engine(reader).sync()
            assert not report.quarantined
            assert not report.waiting
        assert sync_once(writer).exit_code == 0
        add_item(writer, "and on")
        assert sync_once(writer).exit_code == 0
        assert_whole(folder, writer)
        assert len(heads(folder, writer)) == 1
        for reader in _readers(tmp_path, bob, joiner):
            assert Engine(reader).sync().exit_code == 0
            assert titles(reader) == titles(writer)
        writer.close()


def _put_back(saved: Path, target: Path) -> None:
    """Make a folder as it was; files stay the same files, so that a home does not look like a copy of itself."""
    for path in target.rglob("*"):
        if path.is_file() and not (saved / path.relative_to(target)).exists():
            path.unlink()
    for path in saved.rglob("*"):
        if path.is_file():
            (target / path.relative_to(saved)).write_bytes(path.read_bytes())


def _readers(tmp_path: Path, *stores: Store) -> Iterator[Store]:
    """Fresh copies of teammates' homes that read the share and write nothing there."""
    for number, store in enumerate(stores):
        store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        home = tmp_path / f"reader-{number}"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(store.home, home)
        copy = open_store(str(home), now=store.now)
        copy.conn.execute("UPDATE place SET readonly = 1")
        if not places(copy):
            create_share(str(tmp_path / "team drive"), copy, readonly=True)
        yield copy
        copy.close()


def test_what_a_crash_left_twice_is_tidied(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ = pair
    with monkeypatch.context() as patch:
        patch.setattr(compaction, "FAN", 100)
        edits(ann, 7)
    small = snapshot(base(folder) / "d")
    edits(ann, 3)
    joined = ranges(folder, ann)
    for path, data in small.items():
        Path(path).write_bytes(data)
    assert ranges(folder, ann) != joined
    add_item(ann, "more")
    sync_once(ann)
    assert_whole(folder, ann)


def test_a_file_that_tells_another_history_is_left_where_it_is(
    pair: tuple[Store, Store], folder: Path
) -> None:
    ann, _ = pair
    edits(ann, 2)
    key = (ann.device, ann.incarnation)
    first, last = ranges(folder, ann)[-1]
    origin = StreamId(ann.workspace, *key)
    lines = [b'{"another":"history"}'] * (last - first + 1)
    keys = Engine(ann)._own_keys()
    name, _, data = segment.encode(origin, first, link_from_log(ann, *key, first - 1), lines, keys=keys)
    (base(folder) / name.path).write_bytes(data)
    edits(ann, 3 * compaction.FAN)
    assert (base(folder) / name.path).read_bytes() == data


def test_a_long_forged_file_does_not_get_the_true_ones_removed(
    pair: tuple[Store, Store], folder: Path
) -> None:
    ann, bob = pair
    edits(ann, 2)
    key = (ann.device, ann.incarnation)
    last = streams(ann)[key].seq
    name, _, data = segment.encode(
        StreamId(ann.workspace, *key), 1, "", [b"{}"] * last, keys=Engine(bob)._own_keys()
    )
    (base(folder) / name.path).write_bytes(data)
    edits(ann, 2 * compaction.FAN)
    (base(folder) / name.path).unlink()
    assert_whole(folder, ann)
    assert sync_once(bob).exit_code == 0
    assert state_hash(ann) == state_hash(bob)


def test_a_place_that_lets_nothing_be_removed_still_gets_every_op(
    pair: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair

    def refuse(self: FolderTransport, name: str) -> None:
        if name.startswith("d/"):
            raise TransportError("denied", name)
        real(self, name)

    real = FolderTransport.remove
    with monkeypatch.context() as patch:
        patch.setattr(FolderTransport, "remove", refuse)
        edits(ann, 2 * compaction.FAN)
    assert sync_once(bob).exit_code == 0
    assert state_hash(ann) == state_hash(bob)


def test_long_lines_count_for_what_they_weigh(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    monkeypatch.setattr(push, "SEGMENT_RAW", 20_000)
    monkeypatch.setattr(push, "SEGMENT_OPS", 200)
    for number in range(3 * compaction.FAN):
        add_item(ann, f"edit {number}", description="长" * 1_000)
        sync_once(ann)
    assert_whole(folder, ann)
    for path in segments(folder, ann):
        header = segment.parse_header(path.read_bytes().partition(b"\n")[0])
        assert header.raw <= 20_000
        assert header.last - header.first < 200
    sync_once(bob)
    assert state_hash(ann) == state_hash(bob)
