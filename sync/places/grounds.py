"""Where shares can lie: a folder of this machine, or an address on a server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from store.errors import StoreError
from sync import names
from sync.places.address import is_address, parse_address
from sync.places.budget import Budget
from sync.places.credentials import find_credentials
from sync.places.folder import FolderTransport
from sync.places.transport import TransportError

if TYPE_CHECKING:
    from store.database import Store
    from sync.places.address import Address
    from sync.places.transport import Transport


class Ground(Protocol):
    """A place before it is known whose shares it holds. `named` is the share a person named, or ""."""

    url: str
    named: str

    def check(self) -> None:
        """Raise StoreError where no share can lie, or what is needed to reach it is not here."""

    def shares(self) -> list[str]:
        """Return the names of the shares that lie there; raises TransportError."""

    def transport(self, share: str, owner: str) -> Transport:
        """Return the transport of a share there, as seen by the device `owner`."""


class FolderGround:
    """An existing folder."""

    def __init__(self, path: str, home: str) -> None:
        path = os.path.abspath(os.path.expanduser(path))
        base = os.path.basename(path)
        self.named = base if names.is_share(base) else ""
        self.url = os.path.dirname(path) if self.named else path
        self._home = home

    def check(self) -> None:
        """Raise no-folder, or home-in-share when synchronisers would copy the database's files under it."""
        if not os.path.isdir(self.url):
            raise StoreError("no-folder", path=self.url)
        if not self._home:
            return
        outer, inner = os.path.realpath(self.url), os.path.realpath(self._home)
        try:
            inside = os.path.commonpath([outer, inner]) == outer
        except ValueError:  # different drives
            return
        if inside:
            raise StoreError("home-in-share", path=self.url, home=self._home)

    def shares(self) -> list[str]:
        """Return the names of the shares in the folder."""
        try:
            return sorted(entry for entry in os.listdir(self.url) if names.is_share(entry))
        except FileNotFoundError:
            raise TransportError("unmounted", self.url) from None
        except OSError as error:
            raise TransportError("unreachable", self.url, error.strerror or "") from error

    def transport(self, share: str, owner: str) -> FolderTransport:
        """Return the transport of a share in the folder."""
        return FolderTransport(self.url, share, owner)


class CloudGround:
    """An address. `home` is where its requests are counted, "" where nowhere yet."""

    def __init__(self, address: Address, named: str, home: str) -> None:
        self.url = address.url
        self.named = named
        self._address = address
        self._budget = budget_of(address, home)
        self._budget.urgent = True  # somebody waits for it

    def check(self) -> None:
        """Raise no-extra or no-credentials when the server cannot even be asked."""
        try:
            import opendal  # noqa: F401
        except ImportError:
            raise StoreError("no-extra") from None
        find_credentials(self._address)

    def shares(self) -> list[str]:
        """Return the names of the shares at the address."""
        from sync.places.cloud import shares_at

        try:
            return shares_at(self._address, self._budget)
        finally:
            self._budget.flush()

    def transport(self, share: str, owner: str) -> Transport:
        """Return the transport of a share at the address."""
        from sync.places.cloud import CloudTransport

        return CloudTransport(self._address, share, owner, self._budget)


def ground_of(where: str, home: str = "") -> Ground:
    """Return the ground that a path or an address names, also when the share itself was named.

    Raises StoreError: empty-folder, unknown-scheme, secret-in-address, bad-address.
    """
    if (
        not where.strip()
    ):  # of a variable that is not set; as a path it would mean the folder one happens to be in
        raise StoreError("empty-folder")
    if not is_address(where) or os.path.isdir(where):
        return FolderGround(where, home)
    last = where.partition("?")[0].rstrip("/").rpartition("/")[2]
    return CloudGround(parse_address(where), last if names.is_share(last) else "", home)


def budget_of(address: Address, home: str) -> Budget:
    """Return what counts the requests that a home makes at an address."""
    return Budget(home, address.account, *address.budget)


def place_budget(url: str, home: str) -> Budget | None:
    """Return what counts the requests at a place, None for a folder."""
    return budget_of(parse_address(url), home) if is_address(url) else None


def place_transport(url: str, store: Store) -> Transport:
    """Return the transport of this workspace's share in a place, writing as this device."""
    share = names.share_name(store.workspace)
    if not is_address(url):
        return FolderTransport(url, share, store.device)
    from sync.places.cloud import CloudTransport

    address = parse_address(url)
    return CloudTransport(address, share, store.device, budget_of(address, store.home))
