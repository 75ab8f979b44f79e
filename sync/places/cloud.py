"""A share on a WebDAV server or in an object store.

What makes a folder safe holds here by other means. A store takes a file only under a name that is free. WebDAV knows no
such condition, so it is asked first, and what is more than one packet is put beside its name and moved there. Every
file is read back and compared.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from sync import names
from sync.places.server import Server
from sync.places.transport import Listing, TransportError

if TYPE_CHECKING:
    from sync.places.address import Address
    from sync.places.budget import Budget

PACKET = 16 * 1024  # bytes a WebDAV server gets in one piece or not at all
FRESH = 10.0  # seconds for which a listing tells which names are free


class CloudTransport:
    """The share `share` at an address, as seen by the device `owner`. Nothing is asked before it is used."""

    def __init__(self, address: Address, share: str, owner: str, budget: Budget) -> None:
        self.url = address.url
        self.meter = budget
        self._share = share
        self._owner = owner
        self._webdav = address.is_webdav
        self._outer = Server(address, address.folder, budget)
        self._server = Server(address, f"{address.folder}/{share}".lstrip("/"), budget)
        self._unconditional = self._webdav
        self._listed: dict[str, tuple[float, set[str]]] = {}

    def watch_path(self) -> str:
        """Return "": no server tells of news."""
        return ""

    def probe(self) -> None:
        """Do nothing: reading the sentinel tells as much, and each request counts."""

    def create(self) -> None:
        """Make the share's folder where servers have folders; the one it lies in is there already."""
        if self._webdav:
            self._outer.make_folder(self._share)

    def list(self, folder: str) -> Listing:
        """Return a folder's names; folders in it count as odd. A missing folder is empty."""
        found = Listing([], [])
        for path, is_file in self._server.entries(folder):
            name = path.rstrip("/").rpartition("/")[2]
            if name and path.strip("/") != folder:
                (found.files if is_file else found.odd).append(name)
        self._listed[folder] = time.monotonic(), {*found.files, *found.odd}
        return found

    def read(self, name: str, limit: int) -> bytes:
        """Return a file's bytes; of one that is larger than `limit` hardly more than that is fetched."""
        data = self._server.get(name, limit)
        if len(data) > limit:
            raise TransportError("too-large", name)
        return data

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, never over another; the same bytes already there are taken as written."""
        if not self._put_if_free(name, data):
            found = b"" if self._is_listed_free(name) else self._held(name, data)
            if found == data:
                return
            # What a request of ours that was cut off left under the name is completed.
            if found and not (self._webdav and data.startswith(found)):
                raise TransportError("taken", name)
            self._put(name, data)
        self._check(name, data)
        folder = name.rpartition("/")[0]
        if folder in self._listed:
            self._listed[folder][1].add(name.rpartition("/")[2])

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone is fine."""
        self._server.delete(name)

    def sweep(self, folder: str) -> None:
        """Remove what a crash of this very device left half-written in a folder: only WebDAV has any such files."""
        if not self._webdav:
            return
        at, listed = self._listed.get(folder, (0.0, set[str]()))
        if time.monotonic() - at > FRESH:
            listed = set(self.list(folder).files)
        for name in sorted(listed):
            if name.startswith(f"~{self._owner}.") and name.endswith(".tmp"):
                self.remove(f"{folder}/{name}")

    def _put_if_free(self, name: str, data: bytes) -> bool:
        """Put a file on condition that its name is free; returns whether the place knows such a condition."""
        if self._unconditional or not self._server.takes_conditions:
            return False
        try:
            self._server.put(name, data, if_free=True)
        except TransportError as error:
            if error.code == "unsupported":  # says OpenDAL, but this server is not like the others
                self._unconditional = True
                return False
            if error.code not in ("taken", "conflict"):
                raise
            if self._held(name, data) != data:
                raise TransportError("taken", name) from None
        return True

    def _is_listed_free(self, name: str) -> bool:
        """Return whether a listing made just now does not have the name; only this device writes it."""
        folder, _, base = name.rpartition("/")
        at, listed = self._listed.get(folder, (0.0, set[str]()))
        return time.monotonic() - at <= FRESH and base not in listed

    def _held(self, name: str, data: bytes) -> bytes:
        """Return what lies under a name, as far as it could be `data`, b"" for nothing."""
        try:
            return self._server.get(name, len(data))
        except TransportError as error:
            if error.code == "missing":
                return b""
            raise

    def _put(self, name: str, data: bytes) -> None:
        if not self._webdav:
            self._server.put(name, data)
            return
        folder = name.rpartition("/")[0]
        beside = f"{folder}/~{self._owner}.{secrets.token_hex(6)}.tmp".lstrip("/")
        first = name if len(data) <= PACKET else beside
        try:
            self._server.put(first, data)
        except TransportError as error:
            if error.code not in ("missing", "conflict") or not folder:
                raise
            # Only inside a share that is there: a server makes whatever lacks above a folder.
            self._server.get(names.SENTINEL, PACKET)
            self._server.make_folder(folder)
            self._server.put(first, data)
        if first != name:
            self._server.move(first, name)

    def _check(self, name: str, data: bytes) -> None:
        try:
            found = self._server.get(name, len(data))
        except TransportError as error:
            if error.code != "missing":
                raise
            found = b""
        if found != data:
            if found:
                self._server.delete(name)  # nobody was told of it yet
            raise TransportError("damaged", name)


def shares_at(address: Address, budget: Budget) -> list[str]:
    """Return the names of the shares at an address.

    Raises TransportError: "unmounted" where a server has no such folder; a store has no folders that could lack.
    """
    entries = Server(address, address.folder, budget).entries("")
    if not entries and address.is_webdav:
        raise TransportError("unmounted", address.folder)
    found = {path.strip("/").rpartition("/")[2] for path, is_file in entries if not is_file}
    return sorted(name for name in found if names.is_share(name))
