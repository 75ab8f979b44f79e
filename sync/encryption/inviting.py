"""Inviting somebody, and accepting an invitation: what a home puts into a code, and what it makes of one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from store.database import Store, database_path
from store.errors import StoreError
from store.oplog import streams
from store.places import pin, pins, quarantined, waiting
from store.setup import join_workspace
from sync import names
from sync.encryption.custody import shut_out_revoked
from sync.encryption.invite import Invite
from sync.encryption.keyring import Keyring
from sync.encryption.setting import ENCRYPTION, SETTING, is_encrypted
from sync.lock import home_lock
from sync.trust.own_device import own_keys
from sync.trust.standing import ROOT, read_trust, root_device

if TYPE_CHECKING:
    from sync.places.share import ShareInfo

PATIENCE = 5.0  # seconds to wait for another process of this home that is syncing


def make_invite(store: Store) -> Invite:
    """Return an invitation to this home's workspace, with every key it holds; a device shut out has not the newest.

    Raises StoreError: no-root, key-missing, syncing, too-many-keys.
    """
    with home_lock(store.home, PATIENCE) as alone:
        if not alone:
            raise StoreError("syncing")
        own = own_keys(store).public
        root = root_device(store)
        root_key = own if root == store.device else _known_key(store, root)
        if not is_encrypted(store):
            return Invite(store.workspace, root, root_key)
        ring = Keyring(store.home)
        if ring.writing is None:
            raise StoreError("key-missing")
        shut_out_revoked(store, ring)
        keys = ring.held
    return Invite(
        store.workspace,
        root,
        root_key,
        tuple(one.generation for one in keys if one.writes),
        tuple(one.generation for one in keys if not one.writes),
    )


def _known_key(store: Store, dev: str) -> bytes:
    known = pins(store).get(dev)
    text = read_trust(store).key(dev) or (known.key if known else "")
    if not text:
        raise StoreError("no-root")
    return bytes.fromhex(text)


def begin_encrypted(home: str) -> dict[str, str]:
    """Put the first key of a new workspace into a home without one, and return the settings to make it with.

    Raises StoreError: exists, and as `save_keys` does.
    """
    if os.path.exists(database_path(home)):
        raise StoreError("exists", home=home)
    os.makedirs(home, mode=0o700, exist_ok=True)
    Keyring(home).start()
    return {SETTING: ENCRYPTION}


def check_invite(share: ShareInfo, invite: Invite | None) -> None:
    """Raise StoreError unless the share can be joined with this invitation, or without one.

    invite-needed   the workspace is encrypted, and no key was given
    invite-plain    the workspace was encrypted when the invitation was made, and the folder says it is not
    invite-root     the folder names another first device than the invitation
    """
    if share.encrypted and not (invite and invite.generations):
        raise StoreError("invite-needed", path=share.folder)
    if invite is None:
        return
    if invite.generations and not share.encrypted:
        raise StoreError("invite-plain", path=share.folder)
    if share.root and share.root != invite.root:
        raise StoreError("invite-root", path=share.folder)


def join_home(home: str, share: ShareInfo, invite: Invite | None) -> Store:
    """Return the new home of a workspace that lies in a share, with what the invitation gives it.

    Raises StoreError as `check_invite` and `join_workspace` do.
    """
    check_invite(share, invite)
    if os.path.exists(database_path(home)):
        raise StoreError("exists", home=home)
    settings = {}
    if invite is not None:
        settings[ROOT] = invite.root
    if invite is not None and share.encrypted:
        os.makedirs(home, mode=0o700, exist_ok=True)
        Keyring(home).enter(invite.generations, invite.readable)
        settings[SETTING] = ENCRYPTION
    store = join_workspace(home, share.workspace, settings=settings)
    if invite is not None:
        pin(store, invite.root, invite.root_key.hex(), "")
    return store


def accept_invite(store: Store, invite: Invite, folder: str) -> None:
    """Take what an invitation gives to a home that has the workspace already.

    Raises StoreError: invite-other (path), invite-root (path), invite-plain (path), syncing.
    """
    if invite.workspace != store.workspace:
        raise StoreError("invite-other", path=folder)
    known = pins(store).get(invite.root)
    root = root_device(store)
    if (root and root != invite.root) or (known and known.key != invite.root_key.hex()):
        raise StoreError("invite-root", path=folder)
    if invite.generations and not is_encrypted(store):
        raise StoreError("invite-plain", path=folder)
    with home_lock(store.home, PATIENCE) as held:
        if not held:
            raise StoreError("syncing")
        if is_encrypted(store):
            Keyring(store.home).accept(invite.generations, invite.readable)
        pin(store, invite.root, invite.root_key.hex(), "")


def verdict(store: Store, invite: Invite | None) -> str:
    """Return why an invitation will not do after all, as the first look into the share shows: an error's code, or "".

    invite-outdated  a member's ops wait for a key that it does not hold
    invite-root      the folder shows the first device with another key than the invitation

    Whoever can write into the folder can put there what no key opens, and an identity beside the right one.
    """
    trust = read_trust(store)
    if any(
        row.reason == "no-key"
        and (row.dev == trust.root or (trust.seal(row.dev) and trust.is_trusted(row.dev)))
        for row in waiting(store)
    ):
        return "invite-outdated"
    if invite is None or any(stream.dev == invite.root and stream.seq for stream in streams(store).values()):
        return ""
    forged = any(
        file.reason == "key" and file.name.startswith(names.stream_folder(invite.root, ""))
        for file in quarantined(store)
    )
    return "invite-root" if forged else ""
