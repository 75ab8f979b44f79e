"""The key is the device: a home without the keys it signed with is a new device, and no edit of its is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from store import places, queries, undo
from store.database import Store, open_store
from store.export import state_hash
from store.notices import notices
from store.oplog import rebuild, streams
from sync.engine import sync_once
from sync.places.share import create_share
from sync.state import sync_state
from sync.trust.keys import keys_path, load_keys
from sync.trust.own_device import own_keys
from tests.conftest import TODAY, add_item

Join = Callable[[str], Store]


@pytest.fixture
def pair(store: Store, teammate: Join, folder: Path) -> tuple[Store, Store]:
    other = teammate("Bob")
    for each in (store, other):
        create_share(str(folder), each)
    for each in (store, other, store, other):
        sync_once(each)
    return store, other


def titles(store: Store) -> set[str]:
    return {card.title for card in queries.matching(store, "item")}


def settle(*stores: Store) -> None:
    for _ in range(3):
        reports = [sync_once(each) for each in stores]
    for report in reports:
        assert report.exit_code == 0, report
    assert len({state_hash(each) for each in stores}) == 1


def test_keys_are_the_devices_from_the_first_time_on(store: Store) -> None:
    keys = own_keys(store)
    assert places.pins(store)[store.device].key == keys.public.hex()
    device, changes = store.device, store.conn.total_changes
    assert own_keys(store).public == keys.public
    assert (store.device, store.conn.total_changes) == (device, changes)


def test_a_home_that_lost_its_keys_goes_on_as_a_new_device(pair: tuple[Store, Store]) -> None:
    ann, bob = pair
    sent = add_item(ann, "sent")
    sync_once(ann)
    add_item(ann, "not sent yet")
    before = ann.device, ann.incarnation
    os.unlink(keys_path(ann.home))
    again = open_store(ann.home, now=ann.now, today=lambda: TODAY)
    add_item(again, "written before anybody looked")
    report = sync_once(again)
    assert report.exit_code == 0
    assert again.device != before[0]
    assert [notice.code for notice in notices(again)] == ["keys-lost"]
    settle(again, bob)
    assert titles(again) == titles(bob) == {"sent", "not sent yet", "written before anybody looked"}
    # The old device is another one now, and nothing it had sent was rewritten.
    old = streams(again)[before]
    assert not old.mine
    assert old.seq == streams(bob)[before].seq
    assert {row.device for row in sync_state(bob).peers} == {before[0], again.device}
    person = dict(again.conn.execute("SELECT id, member FROM p_device"))
    assert person[again.device] == person[before[0]] == again.member
    assert queries.card(again, sent) is not None
    own_keys(again)
    assert len(notices(again)) == 1
    hashed = state_hash(again)
    rebuild(again)
    assert state_hash(again) == hashed
    again.close()


def test_short_ids_of_the_new_device_are_its_own(pair: tuple[Store, Store]) -> None:
    ann, bob = pair
    os.unlink(keys_path(ann.home))
    sync_once(ann)
    ent = add_item(ann, "after")
    settle(ann, bob)
    [short] = ann.conn.execute(
        "SELECT short FROM handle JOIN entity ON n = ent WHERE id = ?", (ent,)
    ).fetchone()
    assert short.startswith("lp2-")
    codes = [code for (code,) in bob.conn.execute("SELECT code FROM p_device")]
    assert len(set(codes)) == len(codes) == 3


def test_undo_still_finds_what_came_along(pair: tuple[Store, Store]) -> None:
    ann, bob = pair
    add_item(ann, "keep")
    add_item(ann, "take back")
    os.unlink(keys_path(ann.home))
    sync_once(ann)
    undo.undo(ann)
    settle(ann, bob)
    assert titles(ann) == titles(bob) == {"keep"}


def test_a_database_copied_without_its_keys_is_a_new_device(
    pair: tuple[Store, Store], tmp_path: Path, opened: list[Store]
) -> None:
    ann, bob = pair
    add_item(ann, "unsent when copied")
    ann.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copied = tmp_path / "copied"
    copied.mkdir()
    shutil.copy(ann.path, copied)
    twin = open_store(str(copied), now=ann.now, today=lambda: TODAY)
    opened.append(twin)
    add_item(twin, "from the twin")
    add_item(ann, "from ann")
    settle(twin, ann, bob)
    assert len({twin.device, ann.device, bob.device}) == 3
    # What neither had sent is there twice: nobody can know that it is one.
    assert titles(bob) == {"unsent when copied", "from the twin", "from ann"}


def test_a_database_beside_anothers_keys_is_a_new_device(pair: tuple[Store, Store]) -> None:
    ann, bob = pair
    add_item(bob, "bob's")
    device = bob.device
    shutil.copy(keys_path(ann.home), keys_path(bob.home))
    sync_once(bob)
    assert bob.device != device
    assert load_keys(bob.home).public == load_keys(ann.home).public
    settle(bob, ann)
    assert titles(ann) == {"bob's"}


def test_what_a_new_device_moved_is_its_own_and_signed(pair: tuple[Store, Store], folder: Path) -> None:
    ann, bob = pair
    old = ann.device
    for path in folder.glob(f"*/?/{old}.*"):
        path.rename(path.with_name(f"hidden-{path.name}"))
    add_item(ann, "moved")
    os.unlink(keys_path(ann.home))
    sync_once(ann)
    assert not list(folder.glob(f"*/?/{old}.*")), "nothing is written in the old device's name"
    for path in folder.glob("*/?/hidden-*"):
        path.rename(path.with_name(path.name.removeprefix("hidden-")))
    settle(ann, bob)
    assert "moved" in titles(bob)
