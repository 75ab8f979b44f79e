"""A share's sentinel: the small file that says which workspace lies here, and that the folder is really
there.

An unmounted drive looks like an empty folder and a wrong drive like a full one. Nothing is read or written
in a place until its `ws.json` names this workspace.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from store.errors import StoreError
from store.places import Place, add_place
from sync import names
from sync.encryption import ENCRYPTION, is_encrypted
from sync.folder import FolderTransport
from sync.transport import TransportError
from sync.trust import ROOT, root_device

if TYPE_CHECKING:
    from store.database import Store
    from sync.transport import Transport

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
    workspace, or not a sentinel), "newer" (a format to come), "encrypted" (and the workspace is not),
    "unencrypted" (and the workspace is), "other-root" (another first device), "denied", "unreachable".
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


def create_share(folder: str, store: Store, *, readonly: bool = False) -> Place:
    """Put the workspace's share into an existing folder, or take the one that is there, and remember the
    place.

    Raises StoreError: no-folder, home-in-share, bad-share, cannot-write.
    """
    folder = outer_folder(folder)
    if not os.path.isdir(folder):
        raise StoreError("no-folder", path=folder)
    _refuse_home(folder, store.home)
    transport = folder_transport(folder, store)
    reason = trouble(transport, store)
    if reason == "missing" and not readonly:
        try:
            transport.create()
            made = sentinel(store.workspace, root=root_device(store), encrypted=is_encrypted(store))
            transport.write(names.SENTINEL, made)
        except TransportError as error:
            if error.code == "taken":
                raise StoreError("bad-share", path=transport.base, why="changed") from error
            raise StoreError("cannot-write", path=folder, why=error.code) from error
    elif reason:
        raise StoreError("bad-share", path=transport.base, why=reason)
    else:
        _meet_root(transport, store)
    return add_place(store, folder, readonly=readonly)


def refuse_other(folder: str, store: Store) -> None:
    """Raise "other-workspace" when a folder holds another workspace's share and none of this one.

    A mistaken folder would send this workspace to another team.
    """
    named = os.path.basename(os.path.normpath(folder))
    own = names.share_name(store.workspace)
    folder = outer_folder(folder)
    try:
        found = {entry for entry in os.listdir(folder) if names.is_share(entry)}
    except OSError:
        return  # what is wrong with it, `create_share` says
    if (names.is_share(named) and named != own) or (found and own not in found):
        raise StoreError("other-workspace", path=folder)


def open_share(folder: str, workspace: str = "") -> ShareInfo:
    """Return the share that lies in a folder, for someone who wants to join it: of `workspace`, where one is named.

    Raises StoreError: no-folder, no-share, many-shares (workspaces), invite-other, bad-share.
    """
    wanted = os.path.basename(os.path.normpath(folder))
    folder = outer_folder(folder)
    try:
        found = sorted(entry for entry in os.listdir(folder) if names.is_share(entry))
    except FileNotFoundError:
        raise StoreError("no-folder", path=folder) from None
    except OSError as error:
        raise StoreError("bad-share", path=folder, why=error.strerror or str(error)) from error
    if names.is_share(wanted):
        found = [name for name in found if name == wanted]
    infos = []
    why = ""
    for name in found:
        transport = FolderTransport(folder, name, "")
        try:
            data = transport.read(names.SENTINEL, MAX_SENTINEL)
        except TransportError as error:
            why = error.code
            continue
        said = _read_sentinel(data)
        if said.reason:
            why = said.reason
        else:
            infos.append(ShareInfo(folder, said.workspace, said.encrypted, said.root))
    fitting = [info for info in infos if workspace in ("", info.workspace)]
    if len(fitting) == 1:
        return fitting[0]
    if infos and not fitting:
        raise StoreError("invite-other", path=folder)
    if infos:
        raise StoreError("many-shares", path=folder, workspaces=[info.workspace for info in infos])
    if why:
        raise StoreError("bad-share", path=folder, why=why)
    raise StoreError("no-share", path=folder)


def folder_transport(folder: str, store: Store) -> FolderTransport:
    """Return the transport of this workspace's share in a folder, writing as this device."""
    return FolderTransport(folder, names.share_name(store.workspace), store.device)


def outer_folder(folder: str) -> str:
    """Return the absolute path of the folder that holds the share, also when the share itself was named."""
    folder = os.path.abspath(os.path.expanduser(folder))
    return os.path.dirname(folder) if names.is_share(os.path.basename(folder)) else folder


def _refuse_home(folder: str, home: str) -> None:
    """Raise when the database would lie where synchronisers copy files under it."""
    outer, inner = os.path.realpath(folder), os.path.realpath(home)
    try:
        inside = os.path.commonpath([outer, inner]) == outer
    except ValueError:  # different drives
        return
    if inside:
        raise StoreError("home-in-share", path=folder, home=home)


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
        return _Sentinel(reason="changed")
    if major != int(FORMAT.partition(".")[0]) or encryption not in ("", ENCRYPTION):
        return _Sentinel(reason="newer")
    if not names.is_workspace(workspace) or (root and not names.is_device(root)):
        return _Sentinel(reason="changed")
    return _Sentinel(workspace, root, bool(encryption))
