"""Knowing other devices: whose key is whose, as a place's identity files say it and as it was seen first.

A device is pinned to the key it was first met with. Whoever can write into the folder may put another identity beside
the first, but what is signed with another key than the pinned one is never read as that device's.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from store.places import Place, pin, pins, quarantine, release
from sync import names
from sync.places.transport import TransportError
from sync.segment import StreamId
from sync.trust.statements import MAX_STATEMENT, Identity, StatementError, check_head, read_identity

if TYPE_CHECKING:
    from store.database import Store
    from sync.names import HeadName
    from sync.places.transport import Transport

    Key = tuple[str, str]

MAX_IDENTITIES = 64  # looked at in one stream's folder: it needs one
RETRY_SECONDS = 60.0  # until a refused file is read again


class Distrusted(Exception):
    """A stream whose device is not known, or not as this one; `reason` is what a person is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Acquaintance:
    """Tells by which key a stream's files are verified, from one place's identity files and this home's pins."""

    def __init__(self, store: Store, place: Place, transport: Transport) -> None:
        self._store = store
        self._place = place
        self._transport = transport
        self._met: set[Key] = set()
        self._refused: dict[str, float] = {}
        self._junk: set[str] = set()  # identity files that claim nothing for anybody

    def key_of(self, key: Key, identities: list[str], *, new: bool, approved: str = "") -> bytes:
        """Return the public key of a stream's device, pinning it when the device is met for the first time.

        `identities` are the names of the identity files in the stream's folder; they are read when the device is not
        known yet, and when the stream is `new` here. A key that the device was `approved` with, as `Trust.key` says,
        counts more than the one it was met with. Raises Distrusted: identity, key. Raises TransportError.
        """
        pinned = pins(self._store).get(key[0])
        if approved and (pinned is None or pinned.key != approved):
            pin(self._store, key[0], approved, "", anew=True)
            new = True
        known = approved or (pinned.key if pinned is not None else "")
        if known and (not new or key in self._met):
            return bytes.fromhex(known)
        if not known and len(identities) > MAX_IDENTITIES:
            raise Distrusted("key")  # one that is not read may be another's claim to be the device
        found = self._read_all(key, identities)
        if not known:
            if not found:
                raise Distrusted("identity")
            rivals = {**found, **self._claims_elsewhere(key)}
            if len({identity.key for identity, _ in rivals.values()}) > 1:
                # Nobody knows this device yet, and two claim to be it: neither is more right.
                for path, (_, data) in rivals.items():
                    self._refuse(path, "key", data)
                raise Distrusted("key")
            first, _ = next(iter(found.values()))
            known = first.key
        for path, (identity, data) in found.items():
            if identity.key == known:
                pin(self._store, key[0], known, identity.seal)
                release(self._store, self._place.n, path)
            else:
                self._refuse(path, "key", data)
        self._met.add(key)
        return bytes.fromhex(known)

    def is_forged(self, head: HeadName) -> bool:
        """Return whether a head that raises an alarm is to be left alone: a stranger's, kept aside, or not whole."""
        if self._is_refused(head.path):
            return True
        known = pins(self._store).get(head.dev)
        try:
            data = self._transport.read(head.path, MAX_STATEMENT)
            if known is not None:
                check_head(data, head, self._store.workspace, bytes.fromhex(known.key))
        except StatementError as error:
            if not error.late:
                self._refuse(head.path, error.reason, data)
            return True
        except TransportError as error:
            if error.code in ("irregular", "too-large"):
                self._refuse(head.path, error.code, b"")
            return True  # it may be gone by now; the next look tells
        return False

    def _claims_elsewhere(self, key: Key) -> dict[str, tuple[Identity, bytes]]:
        """Return who a device is said to be in its other streams, as `_read_all` does. Raises Distrusted: key."""
        heads = filter(None, map(names.parse_head, self._transport.list(names.HEADS).files))
        others = {(head.dev, head.inc) for head in heads if head.dev == key[0]} - {key}
        if len(others) > MAX_IDENTITIES:
            raise Distrusted("key")
        found: dict[str, tuple[Identity, bytes]] = {}
        for other in sorted(others):
            try:
                listed = self._transport.list(names.stream_folder(*other)).files
            except TransportError as error:
                if error.code != "irregular":
                    raise
                continue  # a link in a folder's place is nobody's stream
            identities = [name for name in listed if names.is_identity(name)]
            if len(identities) > MAX_IDENTITIES:
                raise Distrusted("key")
            found |= self._read_all(other, identities)
        return found

    def _read_all(self, key: Key, identities: list[str]) -> dict[str, tuple[Identity, bytes]]:
        """Return what the whole and honest ones of a stream's identity files say, and their bytes, by path."""
        stream = StreamId(self._store.workspace, *key)
        found: dict[str, tuple[Identity, bytes]] = {}
        for name in sorted(identities)[:MAX_IDENTITIES]:
            path = f"{names.stream_folder(*key)}/{name}"
            if path in self._junk and self._is_refused(path):
                continue
            data = b""
            try:
                data = self._transport.read(path, MAX_STATEMENT)
                found[path] = read_identity(data, names.identity_hash8(name), stream), data
            except StatementError as error:
                if not error.late:
                    self._junk.add(path)
                    self._refuse(path, error.reason, data)
            except TransportError as error:
                if error.code not in ("irregular", "too-large"):
                    raise
                self._junk.add(path)
                self._refuse(path, error.code, data)
        return found

    def _refuse(self, path: str, reason: str, data: bytes) -> None:
        quarantine(self._store, self._place.n, path, reason, data)
        self._refused[path] = time.monotonic() + RETRY_SECONDS

    def _is_refused(self, path: str) -> bool:
        return time.monotonic() < self._refused.get(path, 0.0)
