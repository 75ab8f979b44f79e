"""Keys that encrypt: what is encrypted to one of them only its holder can read, and any change to it is noticed.

The format is age (age-encryption.org/v1) with X25519 keys. A key is 32 random bytes, from which age's own spelling of
it is made when it is needed, so that files and invitation codes can hold it in the fewest letters.
"""

from __future__ import annotations

import os
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyrage.x25519 import Identity

SECRET = 32
# age's header names each recipient in about a hundred bytes; a reader tries every one of them.
HEADER_EACH = 128
HEADER_BASE = 1024

_MAGIC = b"age-encryption.org/v1\n"
_HEADER_END = b"\n--- "
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PREFIX = "age-secret-key-"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class Unreadable(Exception):
    """What was to be decrypted was not encrypted to the key, or is not as it was written."""


class AgeKey:
    """A key that decrypts; `recipient` is what others encrypt to. Its secret shows in no message and no traceback."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET:
            raise ValueError(f"an age key has {SECRET} bytes")
        self.secret = secret

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AgeKey) and self.secret == other.secret

    def __hash__(self) -> int:
        return hash(self.secret)

    def __repr__(self) -> str:
        return "<AgeKey>"

    @cached_property
    def identity(self) -> Identity:
        """Return the key as the library takes it."""
        from pyrage import x25519

        return x25519.Identity.from_str(_bech32(_PREFIX, self.secret).upper())

    @cached_property
    def recipient(self) -> str:
        """Return the public part, age1…, 62 characters."""
        return str(self.identity.to_public())

    @cached_property
    def hash8(self) -> str:
        """Return what names the key without telling anything of it: the beginning of the recipient's SHA-256."""
        return sha256(self.recipient.encode("ascii")).hexdigest()[:8]


def make_age_key() -> AgeKey:
    """Return a new key from the system's randomness."""
    return AgeKey(os.urandom(SECRET))


def is_recipient(text: str) -> bool:
    """Return whether something can be encrypted to `text`."""
    from pyrage import RecipientError, x25519

    try:
        return str(x25519.Recipient.from_str(text)) == text
    except RecipientError:
        return False


def encrypt(data: bytes, recipients: Iterable[str]) -> bytes:
    """Return `data` encrypted to every one of `recipients`, whom the result does not name.

    Raises ValueError when one of them is none.
    """
    import pyrage

    try:
        return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(text) for text in recipients]))
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        raise ValueError(str(error)) from None


def decrypt(data: bytes, key: AgeKey, *, recipients: int = 1) -> bytes:
    """Return what was encrypted to `key`, never longer than `data`; raise Unreadable when it was not, or was changed.

    `recipients` is how many there may be at most: a header that names far more is refused before any is tried.
    """
    import pyrage

    limit = HEADER_BASE + HEADER_EACH * recipients
    if not data.startswith(_MAGIC) or data.find(_HEADER_END, 0, limit) < 0:
        raise Unreadable("no header")
    try:
        return bytes(pyrage.decrypt(data, [key.identity]))
    except pyrage.DecryptError as error:
        raise Unreadable(str(error)) from None


def _bech32(prefix: str, data: bytes) -> str:
    """Return bytes as Bech32 (BIP 173), which is how age spells its keys."""
    values = _groups_of_five(data)
    spread = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _polymod([*spread, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - i) & 31 for i in range(6)]
    return f"{prefix}1{''.join(_BECH32[value] for value in values)}"


def _groups_of_five(data: bytes) -> list[int]:
    count = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << (count * 5 - len(data) * 8)
    return [number >> 5 * i & 31 for i in reversed(range(count))]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATORS):
            check ^= generator if top >> i & 1 else 0
    return check
