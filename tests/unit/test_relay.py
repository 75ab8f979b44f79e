"""Files of others are carried between places: verbatim, only what was merged, never over anything, and only on news."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, NamedTuple

import pytest
import zstandard

from store import places, queries
from store.database import Store
from store.export import state_hash
from store.oplog import streams
from sync import names, segment
from sync.encryption.keyring import Keyring
from sync.encryption.setting import set_encrypted
from sync.engine import Engine, sync_once
from sync.links import lines_after
from sync.places.folder import FolderTransport
from sync.places.share import create_share
from sync.places.transport import Listing, TransportError
from sync.report import SyncReport
from sync.segment import StreamId
from sync.trust.keys import load_keys
from sync.trust.roster import revoke
from sync.trust.statements import head_line
from tests.conftest import add_item

Join = Callable[[str], Store]


class Chain(NamedTuple):
    """Ann and Bob share one folder, Bob and Cat another: only Bob can carry anything between Ann and Cat."""

    ann: Store
    bob: Store
    cat: Store
    left: Path
    right: Path

    def settle(self) -> list[SyncReport]:
        """Sync until everything is everywhere, and return Bob's reports."""
        reports = []
        for _ in range(2):
            sync_once(self.ann)
            sync_once(self.cat)
            reports.append(sync_once(self.bob))
        sync_once(self.ann)
        sync_once(self.cat)
        return reports


@pytest.fixture
def chain(store: Store, teammate: Join, tmp_path: Path) -> Chain:
    bob, cat = teammate("Bob"), teammate("Cat")
    left, right = tmp_path / "left", tmp_path / "right"
    for folder, pair in ((left, (store, bob)), (right, (bob, cat))):
        folder.mkdir()
        for each in pair:
            create_share(str(folder), each)
    made = Chain(store, bob, cat, left, right)
    made.settle()
    return made


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def of(store: Store, folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder in a device's name, by its name in the share."""
    (base,) = folder.glob("sameboat-*")
    return {
        str(path.relative_to(base)): path.read_bytes()
        for path in base.rglob("*")
        if path.is_file() and f"/{store.device}." in f"/{path.relative_to(base)}"
    }


def everything(folder: Path) -> dict[str, int]:
    return {str(path): os.stat(path).st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_what_ann_writes_reaches_cat_through_bob_and_back(chain: Chain) -> None:
    add_item(chain.ann, "from ann")
    add_item(chain.cat, "from cat")
    reports = chain.settle()
    assert titles(chain.ann) == titles(chain.bob) == titles(chain.cat) == {"from ann", "from cat"}
    assert state_hash(chain.ann) == state_hash(chain.cat)
    carried = {place.place.url: place.relayed for place in reports[0].places}
    assert carried[str(chain.left)] == carried[str(chain.right)] == 2  # a segment and a head each


def test_files_are_carried_byte_for_byte(chain: Chain) -> None:
    for number in range(3):
        add_item(chain.ann, f"item {number}")
        chain.settle()
    there, here = of(chain.ann, chain.left), of(chain.ann, chain.right)
    assert here
    assert here == {name: there[name] for name in here}
    assert [name for name in here if name.startswith("h/")] == [
        name for name in there if name.startswith("h/")
    ]


class Counting(FolderTransport):
    """A folder that notes what is asked of it."""

    calls: ClassVar[list[str]] = []

    def list(self, folder: str) -> Listing:
        Counting.calls.append(f"list {folder}")
        return super().list(folder)

    def read(self, name: str, limit: int) -> bytes:
        Counting.calls.append(f"read {name}")
        return super().read(name, limit)


def counting(store: Store) -> Engine:
    """Return an engine of a home whose calls are noted from now on."""
    return Engine(
        store, transports=lambda url, store: Counting(url, names.share_name(store.workspace), store.device)
    )


def test_an_idle_look_is_the_sentinel_and_one_listing_a_place(chain: Chain) -> None:
    engine = counting(chain.bob)
    engine.sync()
    before = everything(chain.left) | everything(chain.right)
    changes = chain.bob.conn.total_changes
    Counting.calls.clear()
    engine.sync()
    assert Counting.calls == ["read ws.json", "list h"] * 2
    assert everything(chain.left) | everything(chain.right) == before
    assert chain.bob.conn.total_changes == changes


def test_what_was_tried_in_vain_costs_nothing_until_something_differs(chain: Chain) -> None:
    add_item(chain.ann, "first")
    sync_once(chain.ann)
    (left,) = chain.left.glob("sameboat-*")
    engine = counting(chain.bob)
    (right,) = chain.right.glob("sameboat-*")
    last = max(left.glob(f"d/{chain.ann.device}.*/*.seg"), key=lambda path: path.stat().st_mtime_ns)
    (right / last.relative_to(left)).write_bytes(b"something else")
    engine.sync()
    Counting.calls.clear()
    engine.sync()
    assert Counting.calls == ["read ws.json", "list h"] * 2
    (right / last.relative_to(left)).unlink()
    add_item(chain.ann, "second")
    sync_once(chain.ann)
    engine.sync()
    sync_once(chain.cat)
    assert titles(chain.cat) == {"first", "second"}


def test_a_read_only_place_gives_and_never_gets(chain: Chain) -> None:
    for place in places.places(chain.bob):
        if place.url == str(chain.left):
            places.remove_place(chain.bob, place.n)
    create_share(str(chain.left), chain.bob, readonly=True)
    add_item(chain.ann, "from ann")
    sync_once(chain.ann)
    before = everything(chain.left)
    add_item(chain.cat, "from cat")
    sync_once(chain.cat)
    sync_once(chain.bob)
    assert everything(chain.left) == before
    sync_once(chain.cat)
    assert titles(chain.cat) == {"from ann", "from cat"}


def test_a_new_place_gets_the_whole_history(chain: Chain, teammate: Join, tmp_path: Path) -> None:
    for number in range(3):
        add_item(chain.ann, f"item {number}")
        chain.settle()
    third = tmp_path / "third"
    third.mkdir()
    create_share(str(third), chain.bob)
    sync_once(chain.bob)
    dan = teammate("Dan")
    create_share(str(third), dan)
    held = {key: stream.seq for key, stream in streams(dan).items()}
    assert sync_once(dan).exit_code == 0
    for store in (chain.ann, chain.cat):
        reached = max(
            names.parse_head(Path(name).name).seq for name in of(store, third) if name.startswith("h/")
        )  # type: ignore[union-attr]
        assert reached == held[store.device, store.incarnation]
    assert of(chain.ann, third).keys() >= {
        name for name in of(chain.ann, chain.right) if name.startswith("h/")
    }


def test_a_head_that_says_less_goes_when_a_later_one_was_carried(chain: Chain) -> None:
    for number in range(4):
        add_item(chain.ann, f"item {number}")
        chain.settle()
    assert len([name for name in of(chain.ann, chain.right) if name.startswith("h/")]) == 1


def test_what_is_not_merged_is_not_carried(chain: Chain) -> None:
    add_item(chain.ann, "first")
    sync_once(chain.ann)
    (base,) = chain.left.glob("sameboat-*")
    first = max(base.glob(f"d/{chain.ann.device}.*/*.seg"), key=lambda path: path.stat().st_mtime_ns)
    kept = first.read_bytes()
    first.write_bytes(kept[: len(kept) // 2])  # still arriving
    before = everything(chain.right)
    report = sync_once(chain.bob)
    assert report.waiting
    assert everything(chain.right) == before
    first.write_bytes(kept)
    sync_once(chain.bob)
    sync_once(chain.cat)
    assert titles(chain.cat) == {"first"}


def test_a_file_that_went_bad_after_it_was_merged_is_not_carried(chain: Chain, tmp_path: Path) -> None:
    add_item(chain.ann, "first")
    chain.settle()
    third = tmp_path / "third"
    third.mkdir()
    create_share(str(third), chain.bob)
    (base,) = chain.left.glob("sameboat-*")
    (other,) = chain.right.glob("sameboat-*")
    last = max(base.glob(f"d/{chain.ann.device}.*/*.seg"), key=lambda path: path.stat().st_mtime_ns)
    good = last.read_bytes()
    last.write_bytes(good[:-3] + b"???")
    twin = other / last.relative_to(base)
    away = tmp_path / "away"
    shutil.move(twin, away)
    sync_once(chain.bob)
    assert not [name for name in of(chain.ann, third) if name.startswith("h/")]
    assert b"???" not in b"".join(of(chain.ann, third).values())
    shutil.move(away, twin)
    sync_once(chain.bob)  # a new process, another source
    assert of(chain.ann, third)[str(last.relative_to(base))] == good


def test_nothing_is_written_over_a_file_that_is_there(chain: Chain) -> None:
    add_item(chain.ann, "first")
    sync_once(chain.ann)
    (left,) = chain.left.glob("sameboat-*")
    (right,) = chain.right.glob("sameboat-*")
    last = max(left.glob(f"d/{chain.ann.device}.*/*.seg"), key=lambda path: path.stat().st_mtime_ns)
    squatter = right / last.relative_to(left)
    squatter.write_bytes(b"something else")
    report = sync_once(chain.bob)
    assert [place.held for place in report.places] == ["", ""]
    assert squatter.read_bytes() == b"something else"
    assert sync_once(chain.cat).exit_code == 0  # no head was carried without its segments


def sign_beside(chain: Chain, first: int, prev: str, lines: list[bytes], *, head: bool = False) -> bytes:
    """Let Ann's device sign a segment beside those it wrote, and a head for it; returns the segment's bytes."""
    (base,) = chain.left.glob("sameboat-*")
    stream = StreamId(chain.ann.workspace, chain.ann.device, chain.ann.incarnation)
    keys = load_keys(chain.ann.home)
    name, header, data = segment.encode(stream, first, prev, lines, keys=keys)
    (base / name.path).write_bytes(data)
    if head:
        seen = names.HeadName.of(*stream[1:], header.last, header.tail)
        (base / seen.path).write_bytes(head_line(stream, seen.seq, header.tail, keys))
    return data


def other_lines(chain: Chain) -> list[bytes]:
    """Return what Ann wrote, but for the last op, which says something else."""
    lines = list(lines_after(chain.ann, chain.ann.device, chain.ann.incarnation, 0))
    return [*lines[:-1], lines[-1].replace(b"first", b"worst")]


def test_a_segment_of_another_history_is_not_carried_beside_the_one_merged(
    chain: Chain, tmp_path: Path
) -> None:
    add_item(chain.ann, "first")
    chain.settle()
    true = {name for name in of(chain.ann, chain.left) if name.startswith("h/")}
    other = sign_beside(chain, 1, "", other_lines(chain))
    third = tmp_path / "third"
    third.mkdir()
    create_share(str(third), chain.bob)
    sync_once(chain.bob)
    carried = of(chain.ann, third)
    assert other not in carried.values()
    assert {name for name in carried if name.startswith("h/")} == true


def test_every_branch_of_a_history_that_forked_is_carried(chain: Chain) -> None:
    add_item(chain.ann, "first")
    chain.settle()
    other = sign_beside(chain, 1, "", other_lines(chain), head=True)
    sync_once(chain.bob)
    carried = of(chain.ann, chain.right)
    assert other in carried.values()
    assert len([name for name in carried if name.startswith("h/")]) == 2
    report = sync_once(chain.cat)
    assert (report.quarantined, report.waiting) == ((), ())
    assert state_hash(chain.cat) == state_hash(chain.bob)
    Counting.calls.clear()
    engine = counting(chain.bob)
    engine.sync()
    Counting.calls.clear()
    engine.sync()
    assert Counting.calls == ["read ws.json", "list h"] * 2


def test_a_segment_that_does_not_follow_from_the_one_before_is_not_carried(
    chain: Chain, tmp_path: Path
) -> None:
    for title in ("first", "second"):
        add_item(chain.ann, title)
        sync_once(chain.ann)
    chain.settle()
    written = sorted(
        int(Path(name).name.partition("-")[0]) for name in of(chain.ann, chain.left) if ".seg" in name
    )
    start = written[-2]
    lines = list(lines_after(chain.ann, chain.ann.device, chain.ann.incarnation, start - 1))
    other = sign_beside(chain, start, "ab" * 32, lines)
    third = tmp_path / "third"
    third.mkdir()
    create_share(str(third), chain.bob)
    sync_once(chain.bob)
    carried = of(chain.ann, third)
    assert other not in carried.values()
    assert [name for name in carried if name.startswith("h/")]


def test_an_owner_who_comes_to_the_place_goes_on_from_what_was_carried(chain: Chain) -> None:
    add_item(chain.ann, "first")
    chain.settle()
    before = of(chain.ann, chain.right)
    create_share(str(chain.right), chain.ann)
    sync_once(chain.ann)
    assert of(chain.ann, chain.right) == before
    add_item(chain.ann, "second")
    sync_once(chain.ann)
    sync_once(chain.cat)
    assert titles(chain.cat) == {"first", "second"}
    assert len([name for name in of(chain.ann, chain.right) if name.startswith("h/")]) == 1


def test_small_segments_that_were_carried_and_joined_since_do_no_harm(chain: Chain) -> None:
    """Ann joins her segments where she is; what was carried elsewhere stays, and everybody reads on."""
    for number in range(20):
        add_item(chain.ann, f"item {number}")
        sync_once(chain.ann)
        sync_once(chain.bob)
    assert len(of(chain.ann, chain.left)) < len(of(chain.ann, chain.right))
    sync_once(chain.cat)
    assert len(titles(chain.cat)) == 20
    create_share(str(chain.right), chain.ann)
    sync_once(chain.ann)
    report = sync_once(chain.cat)
    assert (report.exit_code, report.quarantined) == (0, ())


class Failing(FolderTransport):
    """A folder whose n-th write, counted over all places, fails, after which it is as if the machine were off."""

    left = 0

    def write(self, name: str, data: bytes) -> None:
        Failing.left -= 1
        if Failing.left <= 0:
            raise TransportError("unreachable", name)
        super().write(name, data)


def test_stopping_at_any_write_is_made_good(chain: Chain) -> None:
    for number in range(3):
        add_item(chain.ann, f"item {number}")
        sync_once(chain.ann)
    for stop in range(1, 6):
        Failing.left = stop
        Engine(
            chain.bob,
            transports=lambda url, store: Failing(url, names.share_name(store.workspace), store.device),
        ).sync()
        report = sync_once(chain.cat)
        assert (report.quarantined, report.waiting, report.exit_code) == ((), (), 0)
    sync_once(chain.bob)
    sync_once(chain.cat)
    assert titles(chain.cat) == {"item 0", "item 1", "item 2"}
    assert state_hash(chain.cat) == state_hash(chain.ann)


def test_a_new_key_of_an_encrypted_workspace_is_carried_before_what_it_opens(
    store: Store, teammate: Join, tmp_path: Path
) -> None:
    set_encrypted(store)
    ring = Keyring(store.home)
    ring.start()
    bob, cat, eve = (teammate(name) for name in ("Bob", "Cat", "Eve"))
    for each in (bob, cat, eve):
        set_encrypted(each)
        Keyring(each.home).enter(ring.generations)
    left, right = tmp_path / "left", tmp_path / "right"
    for folder, team in ((left, (store, bob, eve)), (right, (bob, cat))):
        folder.mkdir()
        for each in team:
            create_share(str(folder), each)
    chain = Chain(store, bob, cat, left, right)
    for _ in range(2):
        chain.settle()
        sync_once(eve)
    revoke(store, eve.device)
    add_item(store, "after eve")
    sync_once(store)
    sync_once(bob)
    (made,) = left.glob(f"sameboat-*/k/{store.device}.*")
    (carried,) = right.glob(f"sameboat-*/k/{store.device}.*")
    assert carried.read_bytes() == made.read_bytes()
    chain.settle()
    assert "after eve" in titles(cat)
    assert state_hash(cat) == state_hash(store)
    (carried,) = right.glob(f"sameboat-*/d/{store.device}.*/1-*.seg")
    assert zstandard.FRAME_HEADER not in carried.read_bytes()


def test_a_head_in_the_place_that_means_nothing_here_is_left_alone(chain: Chain) -> None:
    add_item(chain.ann, "first")
    chain.settle()
    (right,) = chain.right.glob("sameboat-*")
    (head,) = right.glob(f"h/{chain.ann.device}.*")
    stem, _, _ = head.name.rpartition(".")
    strange = head.with_name(f"{stem}.{'0' * 32}")
    head.rename(strange)
    kept = strange.read_bytes()
    add_item(chain.ann, "second")
    sync_once(chain.ann)
    sync_once(chain.bob)
    assert strange.read_bytes() == kept
    sync_once(chain.cat)
    assert titles(chain.cat) == {"first", "second"}
