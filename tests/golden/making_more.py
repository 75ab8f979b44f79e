"""How the other golden shares are made: an encrypted one with a change of keys and a snapshot, and one that forked."""

from __future__ import annotations

import shutil
from pathlib import Path

from store import commands
from store.database import Store, open_store
from store.oplog import streams
from store.setup import enter_workspace, init_workspace, join_workspace
from sync.encryption.invite import Invite, write_invite
from sync.encryption.inviting import begin_encrypted, make_invite
from sync.encryption.keyring import Keyring
from sync.encryption.setting import ENCRYPTION, SETTING
from sync.engine import Engine, sync_once
from sync.places.share import create_share
from sync.trust import roster
from sync.trust.standing import ROOT
from tests.conftest import roll_back
from tests.golden import INVITATION, SEAL
from tests.golden.making import DEPARTMENTS, TODAY, Clock, finish, made_alike, work_together


def make_encrypted(target: Path) -> None:
    """Make the encrypted share: two who work together, a third who is shut out, new keys, and a snapshot."""
    folder = target / "folder"
    folder.mkdir(parents=True)
    with made_alike("encrypted") as (homes, clock):
        settings = begin_encrypted(str(homes / "ann"))
        ann = init_workspace(
            str(homes / "ann"), name="机密", member="林平", code="lp", departments=DEPARTMENTS, settings=settings,
            now=clock, today=lambda: TODAY,
        )  # fmt: skip
        create_share(str(folder), ann)
        sync_once(ann)
        bob, cai = (_invited(ann, homes / name, folder, clock, name) for name in ("bob", "cai"))
        work_together(ann, bob)
        commands.create(cai, "item", {"title": "written before"})
        for store in (cai, ann, bob):
            sync_once(store)
        roster.revoke(ann, cai.device)
        commands.create(cai, "item", {"title": "written after"})
        for store in (cai, ann, bob, ann):
            sync_once(store)
        for name in ("Bob's", "Bob's laptop"):
            roster.rename(ann, bob.device, name)
        commands.create(ann, "item", {"title": "with a new key 👩‍👩‍👧", "labels": ["蓝"]})
        commands.create(bob, "item", {"title": "with a new key, too"})
        for store in (ann, bob, ann):
            sync_once(store)
        [taken] = Engine(ann).sync(snapshots=True).snapshots
        assert not taken.why
        item = commands.create(bob, "item", {"title": "after the snapshot"}).ids[0]
        commands.set_fields(bob, [item], {"priority": 2})
        for store in (bob, ann):
            sync_once(store)
        invitation = write_invite(make_invite(ann))
        (target / INVITATION).write_text(invitation + "\n", encoding="ascii")
        secret = Keyring(bob.home).seal.secret.hex()
        (target / SEAL).write_text(f"{bob.device} {secret}\n", encoding="ascii")
        finish(target, folder, homes, invitation)
        for store in (ann, bob, cai):
            store.close()


def make_forked(target: Path) -> None:
    """Make a share in which two homes went on from one state under one name, with teammates who knew one or the other.

    Both copies write more than once, and one of the branches forks again.
    """
    folder = target / "folder"
    folder.mkdir(parents=True)
    with made_alike("forked") as (homes, clock):
        ann = init_workspace(
            str(homes / "ann"), name="分岔", member="林平", code="lp", departments=DEPARTMENTS, now=clock,
            today=lambda: TODAY,
        )  # fmt: skip
        create_share(str(folder), ann)
        items = [commands.create(ann, "item", {"title": f"item {number}"}).ids[0] for number in range(4)]
        sync_once(ann)
        bob, cai = (_joined(ann, homes / name, folder, clock, name) for name in ("bob", "cai"))
        for store in (ann, bob, cai):
            sync_once(store)
        # Three places that know nothing of each other, and a home in each that writes in the same name.
        elsewhere = [homes / "second place", homes / "third place"]
        shutil.copytree(folder, elsewhere[0])
        twin = _twin(ann, homes / "twin", elsewhere[0], clock)
        _move(cai, elsewhere[0])
        _go_on(ann, bob, items, "here")
        _go_on(twin, cai, items, "elsewhere")
        shutil.copytree(elsewhere[0], elsewhere[1])
        third = _twin(twin, homes / "third", elsewhere[1], clock)
        for store, name in ((twin, "second"), (third, "third")):
            commands.set_fields(store, [items[0]], {"title": f"from the {name}"})
            commands.create(store, "item", {"title": f"made in the {name} place"})
            sync_once(store)
        for place in elsewhere:
            shutil.copytree(place, folder, dirs_exist_ok=True)
        everybody = (ann, bob, cai, twin, third)
        for store in everybody:
            _move(store, folder)
        for _ in range(4):
            for store in everybody:
                sync_once(store)
        for store in everybody:  # by now they know, and call things by their new names
            commands.set_fields(store, [items[0]], {"priority": 1})
            commands.comment(store, items[2], f"after all, {len(streams(store))} streams")
        for _ in range(3):
            for store in everybody:
                sync_once(store)
        finish(target, folder, homes, "")
        for store in everybody:
            store.close()


def _go_on(writer: Store, reader: Store, items: list[str], where: str) -> None:
    commands.set_fields(writer, [items[0]], {"title": f"{where}"})
    commands.set_fields(writer, items[1:2], {"title": f"{where}, first"})
    commands.set_fields(writer, items[1:2], {"title": f"{where}, then"})
    gone = commands.create(writer, "item", {"title": f"gone {where}"}).ids[0]
    commands.trash(writer, [gone, items[2]])
    sync_once(writer)
    sync_once(reader)
    commands.set_fields(reader, [items[1]], {"title": f"{where}, by who reads it"})
    commands.trash(reader, [items[3]])
    for store in (reader, writer):
        sync_once(store)


def _invited(ann: Store, home: Path, folder: Path, clock: Clock, name: str) -> Store:
    invite: Invite = make_invite(ann)
    home.mkdir()
    Keyring(str(home)).enter(invite.generations)
    settings = {ROOT: invite.root, SETTING: ENCRYPTION}
    store = join_workspace(str(home), ann.workspace, settings=settings, now=clock, today=lambda: TODAY)
    return _settled(store, folder, name)


def _joined(ann: Store, home: Path, folder: Path, clock: Clock, name: str) -> Store:
    store = join_workspace(str(home), ann.workspace, now=clock, today=lambda: TODAY)
    return _settled(store, folder, name)


def _settled(store: Store, folder: Path, name: str) -> Store:
    create_share(str(folder), store)
    sync_once(store)
    enter_workspace(store, member=name.capitalize(), code=name[:2], device_name=name)
    sync_once(store)
    return store


def _twin(store: Store, home: Path, place: Path, clock: Clock) -> Store:
    """Copy a home so that nothing tells, as a machine does that is cloned as a whole."""
    store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(store.home, home)
    roll_back(str(home))
    twin = open_store(str(home), now=clock, today=lambda: TODAY)
    _move(twin, place)
    return twin


def _move(store: Store, place: Path) -> None:
    store.conn.execute("UPDATE place SET url = ?", (str(place),))
