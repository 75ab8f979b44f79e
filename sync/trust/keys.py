"""A device's keys: with them it signs what it writes, so that nobody else can write in its name.

They lie in `keys.json` beside the database and nowhere else: no op, no backup, no log and no place ever holds them.
Who has the file is the device; a database that comes without it belongs to a new one.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from store.errors import StoreError
from store.ops import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "keys.json"
FORMAT = "1.0"
MAX_FILE = 16 * 1024 * 1024
MAX_SAVED = MAX_FILE // 2  # what is written can be read, whatever is added to its form
_SEED = 32


class Keys:
    """The keys of one device: `public` is what others know it by, `sign` proves that it wrote something.

    `fields` is the file's whole content, so that what a newer program keeps in it survives this one.
    """

    def __init__(self, fields: Mapping[str, object]) -> None:
        self.fields = dict(fields)
        seed = bytes.fromhex(str(fields.get("sign", "")))
        if len(seed) != _SEED:
            raise ValueError("no signing key")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    def __repr__(self) -> str:
        return f"<Keys {fingerprint(self.public)}>"

    @cached_property
    def public(self) -> bytes:
        """Return the 32 bytes by which others verify what this device signed."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """Return the signature over `data`, 64 bytes, always the same for the same data."""
        return self._private.sign(data)

    def derive(self, purpose: str) -> bytes:
        """Return 32 secret bytes for another purpose, the same in every copy of this device's home."""
        seed = bytes.fromhex(str(self.fields["sign"]))
        return hmac.digest(seed, f"sameboat {purpose}\n".encode(), "sha256")


def load_keys(home: str) -> Keys:
    """Return the keys of the device that lives in `home`, made now where there are none.

    Raises StoreError: bad-keys (path, why), read-only, disk-full, cannot-open.
    """
    path = keys_path(home)
    found = _read(path)
    if found is None:
        made = {"format": FORMAT, "sign": os.urandom(_SEED).hex()}
        _give(path, made)
        found = _read(path)  # another process may have been first, and there is one device here
        if found is None:
            raise StoreError("cannot-open", path=path, why="it vanished")
    try:
        return Keys(found)
    except ValueError as error:
        raise StoreError("bad-keys", path=path, why=str(error)) from error


def has_keys(home: str) -> bool:
    """Return whether a home has keys, good or bad."""
    return os.path.lexists(keys_path(home))


def keys_path(home: str) -> str:
    """Return where a home's keys lie."""
    return os.path.join(home, FILE_NAME)


def save_keys(home: str, keys: Keys, most: int = MAX_SAVED) -> None:
    """Replace a home's keys file by what `keys.fields` holds, in `most` bytes, whole or not at all.

    Raises StoreError: too-many-keys, read-only, disk-full, cannot-open.
    """
    if len(_encoded(keys.fields)) > most:
        raise StoreError("too-many-keys")
    _give(keys_path(home), keys.fields, replace=True)


def verify(public: bytes, sig: bytes, data: bytes) -> bool:
    """Return whether `sig` over `data` was made with the private part of `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(sig, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """Return a key as people compare it aloud: 80 bits of its hash, four groups of letters and digits."""
    # Base32's alphabet has no 0, 1, 8 or 9, so nothing in it is mistaken for a letter.
    text = base64.b32encode(sha256(public).digest()[:10]).decode("ascii").lower()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def _read(path: str) -> dict[str, object] | None:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError("bad-keys", path=path, why=error.strerror or str(error)) from error
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StoreError("bad-keys", path=path, why=str(error)) from error
    if not isinstance(fields, dict):
        raise StoreError("bad-keys", path=path, why="not an object")
    if str(fields.get("format", "")).partition(".")[0] != FORMAT.partition(".")[0]:
        raise StoreError("bad-keys", path=path, why="newer")
    return fields


def _give(path: str, fields: Mapping[str, object], *, replace: bool = False) -> None:
    """Put the file there whole; without `replace` only where there is none yet."""
    part = f"{path}.{new_id()}.part"
    data = _encoded(fields)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        try:
            with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                os.replace(part, path)
            else:
                _link(part, path)
        finally:
            if os.path.lexists(part):
                os.unlink(part)
    except OSError as error:
        raise _told(error, path) from error


def _encoded(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, indent=1).encode("ascii") + b"\n"


def _link(part: str, path: str) -> None:
    """Give a finished file its name, unless another process was first: then that one's keys are the keys."""
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        if not os.path.lexists(path):
            os.rename(part, path)


def _told(error: OSError, path: str) -> StoreError:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError("disk-full", path=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreError("read-only", path=path)
    return StoreError("cannot-open", path=path, why=error.strerror or str(error))
