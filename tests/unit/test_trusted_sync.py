"""What sync takes from whom: approved, revoked and unknown devices in one folder, in any order of arrival."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import commands, places, queries
from store.database import Store
from store.export import export_lines, state_hash
from store.oplog import rebuild, streams
from store.setup import enter_workspace, join_workspace
from sync.engine import Engine, SyncReport, sync_once
from sync.names import share_name
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.pull import Puller
from sync.state import sync_state
from sync.trust import roster
from sync.trust.admission import Admission
from sync.trust.standing import read_trust
from tests.conftest import TODAY, Clock, add_item

Newcomer = Callable[[str], Store]


@pytest.fixture
def newcomer(ann: Store, folder: Path, tmp_path: Path, clock: Clock) -> Iterator[Newcomer]:
    """A function that lets somebody join through the folder, as `sameboat join` does."""
    made: list[Store] = []

    def join(name: str, at: Path = folder) -> Store:
        home = str(tmp_path / f"home-{name}")
        other = join_workspace(home, ann.workspace, now=clock, today=lambda: TODAY)
        made.append(other)
        create_share(str(at), other)
        sync_once(other)
        enter_workspace(other, member=name, code=name.lower()[:2], device_name=f"{name}'s laptop")
        sync_once(other)
        return other

    yield join
    for other in made:
        other.close()


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def settle(*stores: Store) -> list[SyncReport]:
    """Sync until nothing new comes, and return the last reports."""
    for _ in range(3):
        reports = [sync_once(each) for each in stores]
    return reports


def test_a_device_tells_its_key_when_it_first_syncs(ann: Store, newcomer: Newcomer) -> None:
    bob = newcomer("Bob")
    settle(ann, bob)
    for each in (ann, bob):
        told = dict(each.conn.execute("SELECT id, key FROM p_device"))
        assert told == {dev: pin.key for dev, pin in places.pins(each).items()}
        assert set(told) == {ann.device, bob.device}


def test_what_a_revoked_device_writes_on_is_kept_aside_and_troubles_nobody(
    ann: Store, newcomer: Newcomer, folder: Path
) -> None:
    bob, cai = newcomer("Bob"), newcomer("Cai")
    add_item(bob, "before")
    settle(ann, bob, cai)
    roster.revoke(ann, bob.device)
    sync_once(ann)
    add_item(bob, "after")
    sync_once(bob)  # has not heard of it when it writes
    reports = settle(ann, cai)
    for each, report in zip((ann, cai), reports, strict=True):
        assert titles(each) == {"before"}
        assert {file.reason for file in report.quarantined} == {"revoked"}
        kept = [file for file in report.quarantined if file.name.endswith(".seg")]
        assert len(kept) == 1
        assert places.evidence(each, kept[0].place, kept[0].name)
        assert not report.waiting
        assert report.exit_code == 0, "a person has decided already"
        assert sync_state(each).exit_code == 0
    assert state_hash(ann) == state_hash(cai)
    # The revoked device learns it, keeps what it has, and sends no more.
    add_item(bob, "much later")
    report = sync_once(bob)
    assert report.places[0].held == "shut-out"
    assert report.exit_code == 4
    assert sync_state(bob).standing == "revoked"
    assert titles(bob) == {"before", "after", "much later"}
    # And comes back with everything, should somebody trust it again.
    roster.approve(ann, bob.device)
    reports = settle(ann, bob, cai)
    assert [titles(each) for each in (ann, bob, cai)] == [{"before", "after", "much later"}] * 3
    assert all(not report.quarantined for report in reports)
    assert state_hash(ann) == state_hash(bob) == state_hash(cai)


def test_an_idle_look_costs_no_more_where_somebody_was_revoked(
    ann: Store, newcomer: Newcomer, folder: Path
) -> None:
    bob = newcomer("Bob")
    settle(ann, bob)
    roster.revoke(ann, bob.device)
    add_item(bob, "after")
    sync_once(bob)
    settle(ann)
    calls: list[str] = []

    class Counting(FolderTransport):
        def list(self, folder: str):  # type: ignore[no-untyped-def]
            calls.append(f"list {folder}")
            return super().list(folder)

        def read(self, name: str, limit: int) -> bytes:
            calls.append(f"read {name}")
            return super().read(name, limit)

    engine = Engine(
        ann, transports=lambda url, store: Counting(url, share_name(store.workspace), store.device)
    )
    engine.sync()
    calls.clear()
    before = ann.conn.total_changes
    engine.sync()
    assert calls == ["read ws.json", "list h"]
    assert ann.conn.total_changes == before


def test_who_is_not_approved_waits_and_is_told_apart(ann: Store, newcomer: Newcomer) -> None:
    bob = newcomer("Bob")
    settle(ann, bob)
    roster.require_approval(ann, True)
    settle(ann, bob)
    cai = newcomer("Cai")
    add_item(cai, "let me in")
    sync_once(cai)
    for each in (ann, bob):
        report = sync_once(each)
        assert {(row.dev, row.reason) for row in report.waiting} == {(cai.device, "unapproved")}
        assert (report.exit_code, titles(each)) == (3, set())
        assert sync_state(each).unapproved == (cai.device,)
        assert places.pins(each)[cai.device].key == places.pins(cai)[cai.device].key
    assert sync_state(cai).standing == "waiting"
    assert sync_state(cai).exit_code == 3
    assert titles(cai) == {"let me in"}
    # Anybody who is trusted may approve.
    roster.approve(bob, cai.device)
    reports = settle(bob, ann, cai)
    assert all(report.exit_code == 0 for report in reports)
    assert titles(ann) == titles(bob) == {"let me in"}
    assert sync_state(cai).standing == "approved"
    assert state_hash(ann) == state_hash(bob) == state_hash(cai)


def test_a_newcomer_takes_no_strangers_word_before_a_members(
    ann: Store, newcomer: Newcomer, folder: Path
) -> None:
    bob = newcomer("Bob")
    settle(ann, bob)
    roster.require_approval(ann, True)
    settle(ann, bob)
    strangers = [newcomer(f"Stranger{number}") for number in range(3)]
    for stranger in strangers:
        add_item(stranger, "trust me")
        sync_once(stranger)
    add_item(bob, "approved")
    settle(bob, ann)
    dan = newcomer("Dan")
    assert titles(dan) == {"approved"}
    waiting = {row.dev for row in places.waiting(dan)}
    assert waiting == {stranger.device for stranger in strangers}


def test_nothing_is_read_before_the_first_devices_ops(ann: Store, newcomer: Newcomer, folder: Path) -> None:
    bob = newcomer("Bob")
    add_item(bob, "from bob")
    settle(ann, bob)
    (share,) = folder.iterdir()
    away = folder.parent / "away"
    away.mkdir()
    (stream,) = share.glob(f"d/{ann.device}.*")
    stream.rename(away / stream.name)
    dan = join_workspace(str(folder.parent / "home-Dan"), ann.workspace)
    create_share(str(folder), dan)
    report = sync_once(dan)
    assert {row.reason for row in report.waiting} == {"missing", "root"} or {
        row.reason for row in report.waiting
    } == {"identity", "root"}
    assert report.pulled == 0
    (away / stream.name).rename(stream)
    assert sync_once(dan).exit_code == 0
    assert titles(dan) == {"from bob"}
    dan.close()


def test_an_approval_names_the_key_and_first_sight_yields(
    ann: Store, newcomer: Newcomer, folder: Path
) -> None:
    bob = newcomer("Bob")
    add_item(bob, "really bob")
    settle(ann, bob)
    roster.approve(ann, bob.device)
    settle(ann, bob)
    dan = join_workspace(str(folder.parent / "home-Dan"), ann.workspace)
    places.pin(dan, bob.device, "5a" * 32, "age1stranger")  # as somebody's forged identity file said
    create_share(str(folder), dan)
    sync_once(dan)
    assert titles(dan) == {"really bob"}
    assert places.pins(dan)[bob.device].key == places.pins(ann)[bob.device].key
    assert places.pins(dan)[bob.device].seal == ""
    dan.close()


def test_a_revocation_counts_for_what_came_with_it(
    ann: Store, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dan, back after a week, gets Ann's decision and what Bob wrote after it in one go."""
    bob, dan = newcomer("Bob"), newcomer("Dan")
    add_item(bob, "before")
    settle(ann, bob, dan)
    roster.revoke(ann, bob.device)
    sync_once(ann)
    for number in range(5):
        add_item(bob, f"after {number}")
    sync_once(bob)
    # Whatever the names of their devices: Bob's ops are read first.
    real = sorted
    monkeypatch.setattr(
        "sync.trust.admission.sorted",
        lambda found, key=None: (
            real(found, key=lambda item: item[0] != bob.device)
            if found and isinstance(next(iter(found)), tuple)
            else real(found, key=key)
        ),
        raising=False,
    )
    sync_once(dan)
    monkeypatch.undo()
    assert titles(dan) == {"before"}
    settle(ann, dan)
    assert state_hash(ann) == state_hash(dan)


@pytest.mark.parametrize("first", ["bob", "cai"])
def test_a_long_pull_ends_as_if_the_decision_had_been_read_first(
    ann: Store, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path, first: str
) -> None:
    """More comes than is merged at once, and the decision lies behind what it is about."""
    bob, cai = newcomer("Bob"), newcomer("Cai")
    kept = add_item(bob, "before")
    settle(ann, bob, cai)
    roster.revoke(cai, bob.device)
    sync_once(cai)
    for number in range(5):
        add_item(bob, f"after {number}", labels=["x"])
    commands.set_fields(bob, [kept], {"title": "changed after"})
    sync_once(bob)
    dan = join_workspace(str(tmp_path / "home-Dan"), ann.workspace, now=ann.now, today=lambda: TODAY)
    create_share(str(folder), dan)
    early = bob.device if first == "bob" else cai.device
    real = Admission.due
    monkeypatch.setattr(Admission, "due", lambda self: sorted(real(self), key=lambda one: one[0][0] != early))
    report = Engine(dan, batch_ops=3).sync()
    monkeypatch.undo()
    assert report.exit_code == 0
    settle(ann, cai, dan)
    assert titles(dan) == titles(ann) == {"before"}
    assert state_hash(dan) == state_hash(ann) == state_hash(cai)
    assert list(export_lines(dan)) == list(export_lines(ann))
    rebuild(dan)
    assert state_hash(dan) == state_hash(ann)
    # Only who had taken it before knows better.
    assert read_trust(dan).limit(bob.device, bob.incarnation) == streams(ann)[bob.device, bob.incarnation].seq
    roster.approve(ann, bob.device)
    settle(ann, bob, cai, dan)
    assert "after 4" in titles(dan)
    assert state_hash(dan) == state_hash(bob)
    dan.close()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_a_revocation_is_heard_all_end_the_same(
    ann: Store, newcomer: Newcomer, folder: Path, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """Three machines behind slow synchronisers hear of Bob's ops and of Ann's decision at different times."""
    bob, cai, dan = newcomer("Bob"), newcomer("Cai"), newcomer("Dan")
    settle(ann, bob, cai, dan)
    everyone = (ann, cai, dan)
    own = _apart(folder, tmp_path, (*everyone, bob))
    add_item(bob, "one")
    sync_once(bob)
    _carry(own[bob.home], own[cai.home])
    sync_once(cai)  # Cai takes it
    roster.revoke(ann, bob.device)  # Ann has not
    sync_once(ann)
    add_item(bob, "two")
    sync_once(bob)
    if order[0] == 1:
        _carry(own[bob.home], own[dan.home])
        sync_once(dan)  # Dan takes both
    steps = [(own[ann.home], cai), (own[ann.home], dan), (own[bob.home], ann)]
    for step in order:
        source, target = steps[step]
        _carry(source, own[target.home])
        sync_once(target)
    for _ in range(4):
        for source in everyone:
            for target in everyone:
                if source is not target:
                    _carry(own[source.home], own[target.home])
        _carry(own[bob.home], own[ann.home])
        _carry(own[bob.home], own[cai.home])
        _carry(own[bob.home], own[dan.home])
        for each in everyone:
            sync_once(each)
    expected = {"one", "two"} if order[0] == 1 else {"one"}
    assert [titles(each) for each in everyone] == [expected] * 3
    assert len({state_hash(each) for each in everyone}) == 1
    assert len({tuple(export_lines(each)) for each in everyone}) == 1
    cut = {read_trust(each).limit(bob.device, bob.incarnation) for each in everyone}
    assert cut == {streams(ann)[bob.device, bob.incarnation].seq}


def _apart(folder: Path, tmp_path: Path, stores: tuple[Store, ...]) -> dict[str, Path]:
    """Give each machine a copy of the folder, which a synchroniser keeps."""
    found = {}
    for number, store in enumerate(stores):
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(folder, copy)
        store.conn.execute("UPDATE place SET url = ?", (str(copy),))
        found[store.home] = copy
    return found


def _carry(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        copy = target / path.relative_to(source)
        if path.is_file() and not copy.exists():
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, copy)


def test_ops_up_to_the_cutoff_are_taken_from_within_a_segment(
    ann: Store, newcomer: Newcomer, folder: Path
) -> None:
    bob = newcomer("Bob")
    settle(ann, bob)
    held = streams(ann)[bob.device, bob.incarnation].seq
    roster.revoke(ann, bob.device)
    sync_once(ann)
    (share,) = folder.iterdir()
    add_item(bob, "after")
    # One segment that holds what was taken and what was not, as joining small files gives.
    for path in share.glob(f"?/{bob.device}.*"):
        shutil.rmtree(path) if path.is_dir() else os.unlink(path)
    bob.conn.execute("DELETE FROM pushed")
    sync_once(bob)
    assert len(list(share.glob(f"d/{bob.device}.*/*.seg"))) == 1
    dan = newcomer("Dan")
    stream = streams(dan)[bob.device, bob.incarnation]
    assert stream.seq == held
    assert stream.tail == streams(ann)[bob.device, bob.incarnation].tail
    assert titles(dan) == set()


def test_the_merge_looks_for_decisions_once_a_segment(
    ann: Store, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = newcomer("Bob")
    settle(ann, bob)
    merges: list[int] = []
    real = Puller._merge
    monkeypatch.setattr(Puller, "_merge", lambda self, runs: (merges.append(len(runs)), real(self, runs))[1])
    for number in range(20):
        add_item(bob, f"item {number}")
        sync_once(bob)
    sync_once(ann)
    assert len(merges) == 1, "ordinary ops are merged together"
