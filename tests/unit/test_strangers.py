"""What anybody who can write into the folder can put there: it costs little, and takes nothing from anyone."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random

import pytest

from store import oplog, places, queries
from store.database import Store, open_store
from store.errors import NEEDS_PERSON, WAITING
from store.oplog import streams
from store.setup import join_workspace
from sync import pull, reading, segment
from sync.branches import forks
from sync.engine import Engine, sync_once
from sync.names import HeadName
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.places.transport import TransportError
from sync.snapshots import snapshot
from sync.trust.roster import require_approval
from tests.conftest import Clock, add_item, roll_back
from tests.integration.villain import Villain

Join = Callable[[str], Store]
_numbers = count()


@pytest.fixture
def villain(pair: tuple[Store, Store], folder: Path, tmp_path: Path) -> Villain:
    return Villain(base(folder), tmp_path / "villain").enter()


def base(folder: Path) -> Path:
    return next(folder.glob("sameboat-*"))


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def cover(folder: Path, store: Store, many: int, last: int = 2**32 - 1) -> None:
    """Put empty files beside a device's segments, under names that cost nothing."""
    for _ in range(many):
        name = f"1-{last}.{next(_numbers):016x}.seg"
        (base(folder) / f"d/{store.device}.{store.incarnation}/{name}").write_bytes(b"")


def pretend(folder: Path, store: Store, seq: int = 2**32 - 1) -> Path:
    """Put an empty head there."""
    path: Path = base(folder) / HeadName(store.device, store.incarnation, seq, "0" * 32).path
    path.write_bytes(b"")
    return path


def watch(monkeypatch: pytest.MonkeyPatch, method: str) -> list[str]:
    """Return a list that grows by the name of each file or folder that is asked for."""
    asked: list[str] = []
    plain = getattr(FolderTransport, method)

    def watched(self: FolderTransport, name: str, *rest: int) -> object:
        asked.append(name)
        return plain(self, name, *rest)

    monkeypatch.setattr(FolderTransport, method, watched)
    return asked


def reach(store: Store, other: Store) -> int:
    """Return how many ops of another home's stream a home holds."""
    return streams(store)[other.device, other.incarnation].seq


@pytest.mark.parametrize("beyond", [True, False])
def test_names_that_cost_nothing_hide_no_segment(
    pair: tuple[Store, Store], folder: Path, beyond: bool
) -> None:
    ann, bob = pair
    add_item(bob, "first")
    sync_once(bob)
    cover(folder, bob, 70, *(() if beyond else (reach(bob, bob),)))
    assert sync_once(ann).exit_code == 0
    assert titles(ann) == {"first"}


def test_however_many_there_are_the_next_look_goes_on_with_others(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    add_item(bob, "first")
    sync_once(bob)
    cover(folder, bob, 30, reach(bob, bob))
    monkeypatch.setattr(reading, "MAX_VAIN", 8)
    monkeypatch.setattr(reading, "MAX_LATE", 4)
    asked = watch(monkeypatch, "read")
    engine = Engine(ann)
    for _ in range(5):
        asked.clear()
        engine.sync()
        assert len([name for name in asked if name.endswith(".seg")]) <= 8 + 4 + 1
    assert titles(ann) == {"first"}


def test_however_many_there_are_programs_that_end_after_each_look_get_on(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    add_item(bob, "first")
    sync_once(bob)
    cover(folder, bob, 30, reach(bob, bob))
    monkeypatch.setattr(reading, "MAX_VAIN", 8)
    monkeypatch.setattr(random, "shuffle", Random(7).shuffle)
    for _ in range(20):
        sync_once(ann)
    assert titles(ann) == {"first"}


def test_they_do_not_keep_a_rolled_back_home_from_its_future(
    pair: tuple[Store, Store], folder: Path, tmp_path: Path, clock: Clock
) -> None:
    _, bob = pair
    before = tmp_path / "before"
    bob.close()
    shutil.copytree(bob.home, before)
    with_future = open_store(bob.home, now=clock)
    add_item(with_future, "future")
    sync_once(with_future)
    with_future.close()
    shutil.rmtree(bob.home)
    shutil.copytree(before, bob.home)
    roll_back(bob.home)
    again = open_store(bob.home, now=clock)
    cover(folder, again, 70)
    add_item(again, "after")
    assert sync_once(again).exit_code == 0
    assert titles(again) == {"future", "after"}
    again.close()


def test_they_do_not_pass_for_what_somebody_deleted(
    pair: tuple[Store, Store], teammate: Join, folder: Path
) -> None:
    _, bob = pair
    add_item(bob, "precious")
    sync_once(bob)
    gone = list(base(folder).glob(f"d/{bob.device}.*/*.seg"))
    for path in gone:
        path.unlink()
    cover(folder, bob, 1)
    gone[0].write_bytes(b"")  # under the very name
    sync_once(bob)
    cai = teammate("Cai")
    create_share(str(folder), cai)
    sync_once(cai)
    assert titles(cai) == {"precious"}
    assert gone[0].read_bytes() == b""


def test_a_head_that_nobody_signed_is_waited_for_by_nobody(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    pretend(folder, bob)
    engine = Engine(ann)
    assert engine.sync().exit_code == 0
    add_item(bob, "first")
    sync_once(bob)
    report = engine.sync()
    assert (report.exit_code, titles(ann)) == (0, {"first"})
    asked = watch(monkeypatch, "list")
    engine.sync()
    assert asked == ["h"]


def test_a_head_whose_segments_are_late_is_waited_for(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    add_item(bob, "first")
    sync_once(bob)
    (late,) = base(folder).glob(f"d/{bob.device}.*/*-{reach(bob, bob)}.*.seg")
    data = late.read_bytes()
    late.unlink()
    pretend(folder, bob)
    engine = Engine(ann)
    for _ in range(2):
        assert [row.reason for row in engine.sync().waiting] == ["missing"]
    late.write_bytes(data)
    assert engine.sync().exit_code == 0
    assert titles(ann) == {"first"}


@pytest.mark.parametrize("beyond", [0, 5])
def test_a_head_that_nobody_signed_keeps_nothing_from_being_carried(
    pair: tuple[Store, Store], teammate: Join, folder: Path, tmp_path: Path, beyond: int
) -> None:
    ann, bob = pair
    right = tmp_path / "right"
    right.mkdir()
    cat = teammate("Cat")
    for each in (bob, cat):
        create_share(str(right), each)
    for each in (bob, cat):
        sync_once(each)
    add_item(ann, "first")
    pretend(right, ann, reach(ann, ann) + beyond)
    for each in (ann, bob, cat):
        sync_once(each)
    assert titles(cat) == {"first"}


def test_names_that_cost_nothing_keep_nothing_from_being_carried(
    pair: tuple[Store, Store], teammate: Join, folder: Path, tmp_path: Path
) -> None:
    ann, bob = pair
    right = tmp_path / "right"
    right.mkdir()
    cat = teammate("Cat")
    for each in (bob, cat):
        create_share(str(right), each)
    add_item(ann, "first")
    sync_once(ann)
    cover(folder, ann, 70, reach(ann, ann))
    for each in (bob, cat):
        sync_once(each)
    assert titles(cat) == {"first"}


def test_heads_that_nobody_signed_cost_no_link_and_are_read_a_few_at_a_time(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    for number in range(20):
        add_item(bob, f"{number}")
    for each in (bob, ann):
        sync_once(each)
    engines = [Engine(ann), Engine(bob)]
    for engine in engines:
        engine.sync()
    for seq in range(1, 81):
        pretend(folder, bob, seq)
    links: list[object] = []
    monkeypatch.setattr(forks, "link_from_log", lambda *named: links.append(named) or "f" * 64)
    for engine in engines:
        engine.sync()
    asked = watch(monkeypatch, "read")
    for engine in engines:
        engine.sync()
    assert links == []
    assert len(asked) <= 2 + 80 + 2 * reading.MAX_DOUBTS


def test_decoys_are_opened_once_and_not_for_every_op(
    pair: tuple[Store, Store], villain: Villain, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ = pair
    for number in range(20):
        villain.send([villain.op(value=f'"{number}"')], head=False)
    villain.promise()
    for number in range(10):
        villain.seq, villain.link = 0, ""
        villain.send([villain.op(value=f'"decoy {number}"')] * 30, head=False)
    asked = watch(monkeypatch, "read")
    sync_once(ann)
    assert len([name for name in asked if name.endswith(".seg")]) < 150


def test_who_waits_for_approval_is_asked_once_who_he_is(
    pair: tuple[Store, Store], villain: Villain, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ = pair
    require_approval(ann, True)
    villain.send([villain.op(change="9")])
    engine = Engine(ann)
    engine.sync()
    asked = watch(monkeypatch, "read")
    assert [row.reason for row in engine.sync().waiting] == ["unapproved"]
    assert not [name for name in asked if name.endswith(".seg")]


def test_heads_of_nobody_stand_before_nobody_and_are_looked_into_a_few_at_a_time(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    monkeypatch.setattr(reading, "LOOK_COST", 20 * reading.LIST_COST)
    for number in range(100):
        (base(folder) / f"h/a{number:03}aaaaaaaa.bad00000.1.{'0' * 32}").write_bytes(b"")
    engine = Engine(ann)
    seen: set[str] = set()
    asked = watch(monkeypatch, "list")
    for number in range(6):
        add_item(bob, f"{number}")
        sync_once(bob)
        asked.clear()
        engine.sync()
        assert f"{number}" in titles(ann)
        assert len(asked) <= 30
        seen.update(asked)
    assert len([name for name in seen if name.startswith("d/a0")]) == 100


def test_nothing_is_unpacked_that_the_device_did_not_sign(
    pair: tuple[Store, Store], folder: Path, villain: Villain, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    villain.dev, villain.inc = bob.device, bob.incarnation
    villain.seq, villain.link = reach(ann, bob), streams(ann)[bob.device, bob.incarnation].tail
    villain.send([villain.op()])
    unpacked: list[object] = []
    monkeypatch.setattr(segment, "_unpack", lambda *given: unpacked.append(given))
    report = sync_once(ann)
    assert "signature" in {file.reason for file in report.quarantined}
    assert unpacked == []


@pytest.mark.parametrize("error", [ValueError, TypeError, KeyError, OverflowError, RecursionError])
@pytest.mark.parametrize("where", ["decode_lines", "merge"])
def test_what_nobody_thought_of_stops_its_own_stream_only(
    pair: tuple[Store, Store],
    villain: Villain,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    error: type[Exception],
) -> None:
    ann, bob = pair
    sent = villain.send([villain.op()])
    add_item(bob, "first")
    sync_once(bob)
    plain = getattr(pull, where)

    def failing(first: object, second: object, *rest: object) -> object:
        ops = second if where == "merge" else ()
        if first == villain.dev or any(op.dev == villain.dev for op in ops):  # type: ignore[union-attr, attr-defined]
            raise error
        return plain(first, second, *rest)

    monkeypatch.setattr(pull, where, failing)
    report = sync_once(ann)
    assert titles(ann) == {"first"}
    assert [(row.dev, row.reason) for row in report.waiting] == [(villain.dev, "quarantined")]
    assert [Path(file.name).name for file in report.quarantined] == [sent.name]


def test_streams_that_never_come_are_mentioned_in_bounded_number_and_cost_nothing(
    pair: tuple[Store, Store], villain: Villain, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    monkeypatch.setattr(oplog, "MAX_NAMED", 50)

    def mentioning(start: int, end: int) -> bytes:
        return villain.op(
            parents="[" + ",".join(f'"aaaa.{number:03}.1"' for number in range(start, end)) + "]"
        )

    villain.send([mentioning(0, 30), mentioning(20, 50)])
    assert sync_once(ann).exit_code == 0
    assert set(streams(ann)) == {*streams(bob), (villain.dev, villain.inc)}
    add_item(bob, "first")
    sync_once(bob)
    villain.send([mentioning(50, 51)])
    report = sync_once(ann)
    assert [(row.dev, row.reason) for row in report.waiting] == [(villain.dev, "quarantined")]
    assert [file.reason for file in report.quarantined] == ["bad-op"]
    assert titles(ann) == {"evil", "first"}
    (rows,) = ann.conn.execute("SELECT count(*) FROM stream WHERE dev = 'aaaa'").fetchone()
    assert rows == 50


def test_a_mention_that_comes_true_makes_room_for_another(
    pair: tuple[Store, Store], folder: Path, tmp_path: Path, villain: Villain, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ = pair
    monkeypatch.setattr(oplog, "MAX_NAMED", 1)
    villain.send([villain.op(parents='["v2perz000000.bad00000.1"]')])
    sync_once(ann)
    other = Villain(base(folder), tmp_path / "other", dev="v2perz000000").enter()
    other.send([other.op()])
    sync_once(ann)
    villain.send([villain.op(parents='["aaaa.000.1"]')])
    assert sync_once(ann).exit_code == 0


def forge_identities(folder: Path, dev: str) -> None:
    """Put as many wrong identities there as are looked at, and the head that has them looked at."""
    made = base(folder) / f"d/{dev}.bad00000"
    made.mkdir()
    for number in range(16):
        (made / f"id.{number:08x}.json").write_bytes(b"{}\n")
    (base(folder) / f"h/{dev}.bad00000.1.{'0' * 32}").write_bytes(b"")


def test_what_strangers_have_refused_crowds_out_no_evidence_of_a_teammates(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = pair
    monkeypatch.setattr(places, "EVIDENCE_FILES", 80)
    monkeypatch.setattr(places, "STRANGERS_FILES", 40)
    monkeypatch.setattr(places, "DEVICE_FILES", 10)
    for number in range(6):
        forge_identities(folder, f"v{number:03}aaaaaaaa")
    report = sync_once(ann)
    assert len(report.quarantined) == 40
    add_item(bob, "first")
    sync_once(bob)
    (path,) = base(folder).glob(f"d/{bob.device}.*/*-{reach(bob, bob)}.*.seg")
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert [file.reason for file in sync_once(ann).quarantined if bob.device in file.name] == ["hash"]


def test_what_is_gone_asks_nothing_of_a_person(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    add_item(bob, "first")
    sync_once(bob)
    (path,) = base(folder).glob(f"d/{bob.device}.*/*-{reach(bob, bob)}.*.seg")
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b"!")
    forge_identities(folder, "v000aaaaaaaa")
    engine = Engine(ann)
    assert engine.sync().exit_code == NEEDS_PERSON
    assert sync_once(ann).exit_code == NEEDS_PERSON  # still there
    path.unlink()
    shutil.rmtree(base(folder) / "d/v000aaaaaaaa.bad00000")
    (base(folder) / f"h/v000aaaaaaaa.bad00000.1.{'0' * 32}").unlink()
    report = sync_once(ann)
    assert (report.exit_code, report.quarantined) == (WAITING, ())
    path.write_bytes(data)
    assert sync_once(ann).exit_code == 0


def test_nothing_is_released_while_its_folder_cannot_be_listed(
    pair: tuple[Store, Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ = pair
    forge_identities(folder, "v000aaaaaaaa")
    before = sync_once(ann).quarantined
    assert before
    shutil.rmtree(base(folder) / "d/v000aaaaaaaa.bad00000")
    plain = FolderTransport.list

    def failing(self: FolderTransport, name: str) -> object:
        if name.startswith("d/v"):
            raise TransportError("unreachable", name)
        return plain(self, name)

    monkeypatch.setattr(FolderTransport, "list", failing)
    assert sync_once(ann).quarantined == before


@pytest.mark.parametrize("of", ["the first device", "another"])
def test_a_head_that_nobody_signed_accuses_no_snapshot(
    pair: tuple[Store, Store], folder: Path, tmp_path: Path, clock: Clock, of: str
) -> None:
    ann, bob = pair
    assert Engine(ann).sync(snapshots=True).snapshots
    accused = ann if of == "the first device" else bob
    pretend(folder, accused, reach(accused, accused))
    cat = join_workspace(str(tmp_path / "cat"), ann.workspace, now=clock)
    create_share(str(folder), cat)
    assert sync_once(cat).exit_code == 0
    assert cat.meta("snapshot")
    cat.close()


def test_a_snapshot_that_nobody_would_read_is_not_written(
    pair: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ = pair
    monkeypatch.setattr(snapshot, "MAX_STREAMS", 1)
    assert [taken.why for taken in Engine(ann).sync(snapshots=True).snapshots] == ["too-large"]
    monkeypatch.undo()
    monkeypatch.setattr(snapshot, "MAX_OPS", 3)
    assert [taken.why for taken in Engine(ann).sync(snapshots=True).snapshots] == ["too-large"]
