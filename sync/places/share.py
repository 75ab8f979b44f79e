"""A share's sentinel: the small file that says which workspace lies here, and that the folder is really
there.

An unmounted drive looks like an empty folder and a wrong drive like a full one. Nothing is read or written
in a place until its `ws.json` names this workspace.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from store.errors import StoreError
from store.places import Place, add_place
from sync import names
from sync.encryption.setting import ENCRYPTION, is_encrypted
from sync.places.folder import FolderTransport
from sync.places.grounds import ground_of, place_transport
from sync.places.transport import TransportError
from sync.trust.standing import ROOT, root_device

if TYPE_CHECKING:
    from store.database import Store
    from sync.places.grounds import Ground
    from sync.places.transport import Transport

FORMAT = "1.0"
MAX_SENTINEL = 64 * 1024


class ShareInfo(NamedTuple):
    """A share found in a folder: what someone who joins needs to know."""

    folder: str
    workspace: str
    encrypted: bool
    root: str


def sentinel(workspace: str, *, root: str = "", encrypted: bool = False) -> bytes:
    """Return `ws.json`: nothing that differs between devices, so those that make it at once make the same file."""
    enc = ENCRYPTION if encrypted else ""
    fields = {"format": FORMAT, "workspace": workspace, "root": root, "enc": enc}
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def trouble(transport: Transport, store: Store) -> str:
    """Return why a place cannot be used now, or "" when its share is there and is this workspace's.

    Reasons: "unmounted", "missing" (the folder is there, the share in it is not), "changed" (another
    workspace), "sentinel" (not one, or not whole yet), "newer" (a format to come), "encrypted" (and the
    workspace is not), "unencrypted" (and the workspace is), "other-root" (another first device), "denied",
    "unreachable".
    """
    try:
        transport.probe()
        data = transport.read(names.SENTINEL, MAX_SENTINEL)
    except TransportError as error:
        return "changed" if error.code in ("irregular", "too-large") else error.code
    found = _read_sentinel(data)
    if found.reason:
        return found.reason
    if found.workspace != store.workspace:
        return "changed"
    # Nobody who can write into the folder may talk this home into sending anything in the clear.
    if found.encrypted != is_encrypted(store):
        return "encrypted" if found.encrypted else "unencrypted"
    # Who joins here begins to trust with that device: somebody may be luring them.
    root = root_device(store)
    return "other-root" if root and found.root and root != found.root else ""


def place_trouble(url: str, store: Store) -> str:
    """Return what `trouble` says of a place, for somebody who waits to hear it."""
    transport = place_transport(url, store)
    if transport.meter is None:
        return trouble(transport, store)
    transport.meter.urgent = True
    try:
        return trouble(transport, store)
    finally:
        transport.meter.flush()


def create_share(where: str, store: Store, *, readonly: bool = False) -> Place:
    """Put the workspace's share where a path or an address says, or take the one that is there, and remember the place.

    Raises StoreError: no-folder, home-in-share, bad-share, cannot-write; of addresses also what `ground_of` raises,
    no-extra, no-credentials.
    """
    ground = ground_of(where, store.home)
    ground.check()
    transport = ground.transport(names.share_name(store.workspace), store.device)
    try:
        reason = trouble(transport, store)
        if reason == "missing" and not readonly:
            _put_sentinel(ground, transport, store)
        elif reason:
            raise StoreError("bad-share", path=ground.url, why=reason)
        else:
            _meet_root(transport, store)
    finally:
        if transport.meter is not None:
            transport.meter.flush()
    return add_place(store, ground.url, readonly=readonly)


def _put_sentinel(ground: Ground, transport: Transport, store: Store) -> None:
    try:
        ground.shares()  # the folder above the share must be there: it is never made
        transport.create()
        made = sentinel(store.workspace, root=root_device(store), encrypted=is_encrypted(store))
        transport.write(names.SENTINEL, made)
    except TransportError as error:
        if error.code == "unmounted":
            raise StoreError("no-folder", path=ground.url) from error
        if error.code == "taken":
            raise StoreError("bad-share", path=ground.url, why="changed") from error
        raise StoreError("cannot-write", path=ground.url, why=error.code) from error


def refuse_other(where: str, store: Store) -> None:
    """Raise "other-workspace" where another workspace's share lies and none of this one.

    A mistaken folder would send this workspace to another team.
    """
    ground = ground_of(where, store.home)
    own = names.share_name(store.workspace)
    try:
        ground.check()
        found = ground.shares()
    except (StoreError, TransportError):
        return  # what is wrong with it, `create_share` says
    if (ground.named and ground.named != own) or (found and own not in found):
        raise StoreError("other-workspace", path=ground.url)


def open_share(where: str, workspace: str = "") -> ShareInfo:
    """Return the share that lies where a path or an address says, for someone who wants to join it.

    It is that of `workspace`, when one is named. Raises StoreError: no-folder, no-share, many-shares (workspaces),
    invite-other, bad-share; of addresses also what `ground_of` raises, no-extra, no-credentials.
    """
    ground = ground_of(where)
    ground.check()
    try:
        found = ground.shares()
    except TransportError as error:
        if error.code == "unmounted":
            raise StoreError("no-folder", path=ground.url) from None
        raise StoreError("bad-share", path=ground.url, why=error.detail or error.code) from error
    if ground.named:
        found = [name for name in found if name == ground.named]
    infos = []
    why = ""
    for name in found:
        try:
            data = ground.transport(name, "").read(names.SENTINEL, MAX_SENTINEL)
        except TransportError as error:
            why = error.code
            continue
        said = _read_sentinel(data)
        if said.reason:
            why = said.reason
        else:
            infos.append(ShareInfo(ground.url, said.workspace, said.encrypted, said.root))
    fitting = [info for info in infos if workspace in ("", info.workspace)]
    if len(fitting) == 1:
        return fitting[0]
    if infos and not fitting:
        raise StoreError("invite-other", path=ground.url)
    if infos:
        raise StoreError("many-shares", path=ground.url, workspaces=[info.workspace for info in infos])
    if why:
        raise StoreError("bad-share", path=ground.url, why=why)
    raise StoreError("no-share", path=ground.url)


def folder_transport(folder: str, store: Store) -> FolderTransport:
    """Return the transport of this workspace's share in a folder, writing as this device."""
    return FolderTransport(folder, names.share_name(store.workspace), store.device)


def _meet_root(transport: Transport, store: Store) -> None:
    """Remember the workspace's first device as the share names it, where this home has not heard of it otherwise."""
    if root_device(store):
        return
    try:
        root = _read_sentinel(transport.read(names.SENTINEL, MAX_SENTINEL)).root
    except TransportError:
        return
    if root:
        store.set_meta(ROOT, root)


class _Sentinel(NamedTuple):
    """What `ws.json` says; with a `reason` it cannot be used."""

    workspace: str = ""
    root: str = ""
    encrypted: bool = False
    reason: str = ""


def _read_sentinel(data: bytes) -> _Sentinel:
    try:
        fields = json.loads(data)
        major = int(str(fields["format"]).partition(".")[0])
        workspace, root = str(fields.get("workspace", "")), str(fields.get("root", ""))
        encryption = fields.get("enc")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _Sentinel(reason="sentinel")
    if major != int(FORMAT.partition(".")[0]) or encryption not in ("", ENCRYPTION):
        return _Sentinel(reason="newer")
    if not names.is_workspace(workspace) or (root and not names.is_device(root)):
        return _Sentinel(reason="sentinel")
    return _Sentinel(workspace, root, bool(encryption))
