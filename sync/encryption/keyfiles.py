"""Key files: how the holders of a new workspace key hand it to the devices that are to have it, and to no other.

    {"format":"1.0","ws":…,"dev":…,"key":"age:2:0d45e2a1","keys":[…],"to":[…],"without":[…],"size":…,…,"sig":…}\\n
    <age ciphertext of the keys, to every device in "to">

The header is in the clear: who has been served with which keys, and whom the key was made without. Inside are all the
keys of its writer that these devices may have, for who missed one rotation may have missed several, and because that is
how a reader knows that its writer was let in himself: he holds the key that the reader has been using.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from sync import segment
from sync.encryption.agekeys import AgeKey, Unreadable, decrypt, encrypt
from sync.encryption.generations import MAX_HELD, MAX_NUMBER, Generation, number_in
from sync.names import KeyName, is_device
from sync.segment import SegmentError
from sync.trust import signed
from sync.trust.statements import StatementError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.encryption.keyring import Held
    from sync.trust.keys import Keys

DOMAIN = "key file"
MAX_KEY_FILE = 1024 * 1024
MAX_TO = 500  # devices served by one file; more take more files
MAX_WITHOUT = 5_000

_MARK = re.compile(r"[0-9a-z]{4,26}:[0-9a-z]{4,26}\.[0-9a-z]{1,16}\.[1-9][0-9]{0,9}", re.ASCII)


class KeyFile(NamedTuple):
    """A key file's header, its signature not yet verified, and the ciphertext.

    `inside` names the keys that it says are within, None where it says nothing of them. `unheard` are revocations that
    others said the key was made for, and of which its writer had not heard.
    """

    name: KeyName
    label: str
    inside: frozenset[str] | None
    to: frozenset[str]
    without: frozenset[str]
    unheard: frozenset[str]
    fields: dict[str, Any]
    body: bytes

    def is_proven(self, public: bytes) -> bool:
        """Return whether the device with this key signed it."""
        return signed.is_proven(DOMAIN, self.fields, public)


def write_key_file(
    ws: str, dev: str, handed: Held, held: Iterable[Generation], to: Mapping[str, str], keys: Keys
) -> tuple[KeyName, bytes]:
    """Return the name and bytes of a file that hands the key `handed` to the devices `to`, each with its recipient.

    `held` are all the keys of this device that those may have. Raises ValueError when a recipient is none.
    """
    held = list(held)
    inside = {
        "ws": ws, "dev": dev, "key": handed.generation.label, "keys": [_key_fields(one) for one in held],
    }  # fmt: skip
    body = encrypt(json.dumps(inside, separators=(",", ":")).encode("ascii"), to.values())
    header = {
        "format": segment.FORMAT, "ws": ws, "dev": dev, "key": handed.generation.label,
        "keys": sorted(one.label for one in held), "to": sorted(to), "without": sorted(handed.without),
        "size": len(body), "sha256": sha256(body).hexdigest(),
    }  # fmt: skip
    if handed.unheard:
        header["unheard"] = sorted(handed.unheard)[:MAX_WITHOUT]
    data = signed.signed_line(DOMAIN, header, keys) + body
    return KeyName(dev, handed.generation.number, sha256(data).hexdigest()[:8]), data


def read_key_file(data: bytes, name: KeyName, ws: str) -> KeyFile:
    """Return what a key file's header says.

    Raises StatementError: hash, short, header, newer, workspace, device, size, body-hash.
    """
    end = data.find(b"\n")
    if not sha256(data).hexdigest().startswith(name.hash8):
        raise StatementError("hash", late=_is_arriving(data, end))
    try:
        fields = signed.parse_object(data[:end])
        segment.check_version(fields)
    except (ValueError, SegmentError) as error:
        newer = getattr(error, "reason", "") == "format"
        raise StatementError("newer" if newer else "header", late=newer) from None
    label = str(fields.get("key"))
    to, without = _texts(fields.get("to"), MAX_TO), _texts(fields.get("without"), MAX_WITHOUT)
    unheard = _texts(fields.get("unheard", []), MAX_WITHOUT)
    inside = _texts(fields["keys"], MAX_HELD) if "keys" in fields else None
    if (
        not number_in(label)
        or not all(map(is_device, to))
        or not all(map(_MARK.fullmatch, without | unheard))
    ):
        raise StatementError("header")
    if fields.get("ws") != ws:
        raise StatementError("workspace")
    if fields.get("dev") != name.dev or number_in(label) != name.generation:
        raise StatementError("device")
    body = data[end + 1 :]
    if fields.get("size") != len(body):
        raise StatementError("size")
    if fields.get("sha256") != sha256(body).hexdigest():
        raise StatementError("body-hash")
    return KeyFile(name, label, inside, to, without, unheard, fields, body)


def open_key_file(file: KeyFile, ws: str, seal: AgeKey) -> tuple[Generation, ...]:
    """Return the keys inside; the file was made for the device that has `seal`. Raises StatementError: sealed."""
    try:
        fields = signed.parse_object(decrypt(file.body, seal, recipients=len(file.to)))
        found = tuple(map(_generation, fields["keys"][:MAX_HELD]))
    except (Unreadable, ValueError, KeyError, TypeError):
        raise StatementError("sealed") from None
    told = (fields.get("ws"), fields.get("dev"), fields.get("key"))
    if told != (ws, file.name.dev, file.label) or file.label not in {one.label for one in found}:
        raise StatementError("sealed")
    return found


def _key_fields(generation: Generation) -> dict[str, object]:
    return {"generation": generation.number, "secret": generation.key.secret.hex()}


def _generation(fields: Any) -> Generation:
    number = fields["generation"]
    if type(number) is not int or not 0 < number <= MAX_NUMBER:
        raise ValueError("not a key")
    return Generation(number, AgeKey(bytes.fromhex(fields["secret"])))


def _texts(found: object, limit: int) -> frozenset[str]:
    if not isinstance(found, list) or len(found) > limit or not all(isinstance(text, str) for text in found):
        raise StatementError("header")
    return frozenset(found)


def _is_arriving(data: bytes, end: int) -> bool:
    """Return whether a file is not whole yet: short of what its header promises, or its end still zeros."""
    if end < 0 or data.endswith(b"\0") or bytes(16) in data:
        return True
    try:
        size = signed.parse_object(data[:end]).get("size")
    except ValueError:
        return False
    return type(size) is int and len(data) < end + 1 + size
