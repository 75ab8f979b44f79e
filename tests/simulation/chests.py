"""Encryption in which a run can be repeated: a chest with the names of its keys on the lid, opened by who has one.

age draws randomness of its own, so that no two files are alike, not even in size; and here it is only who can open
what that matters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from unittest import mock

from store.database import Store
from sync.encryption import keyfiles, sealing
from sync.encryption.agekeys import AgeKey, Unreadable, make_age_key
from sync.encryption.generations import Generation
from sync.encryption.keyring import Keyring
from sync.encryption.setting import set_encrypted

_HIDDEN = bytes(byte ^ 0x5A for byte in range(256))


def encrypt(data: bytes, recipients: Iterable[str]) -> bytes:
    """Return a chest that the holders of these keys can open."""
    return json.dumps(sorted(map(_name, recipients))).encode() + b"\n" + data.translate(_HIDDEN)


def decrypt(data: bytes, key: AgeKey, *, recipients: int = 1) -> bytes:
    """Return what is in a chest, or raise Unreadable when the key is none of its."""
    lid, _, content = data.partition(b"\n")
    if _name(key.recipient) not in json.loads(lid):
        raise Unreadable
    return content.translate(_HIDDEN)


@contextmanager
def chests() -> Iterator[None]:
    """Let everything in the block be encrypted in chests."""
    with ExitStack() as stack:
        for module in (sealing, keyfiles):
            stack.enter_context(mock.patch.object(module, "encrypt", encrypt))
            stack.enter_context(mock.patch.object(module, "decrypt", decrypt))
        yield


def make_encrypted(store: Store, keys: Iterable[Generation]) -> None:
    """Make a home's workspace an encrypted one, with these keys."""
    set_encrypted(store)
    Keyring(store.home).enter(keys)


def first_key() -> Generation:
    """Return a workspace's first key."""
    return Generation(1, make_age_key())


def _name(recipient: str) -> str:
    return sha256(recipient.encode()).hexdigest()
