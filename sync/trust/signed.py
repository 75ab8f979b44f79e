"""Signed JSON objects: how a header, a head or an identity proves who made it.

A signature is taken over one canonical form of the object, not over the bytes it came in, so that a program may
keep keys it does not know and still prove the whole. A first line names what is signed: a signature made for one kind
of object is none for another.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from sync.trust.keys import verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.trust.keys import Keys

SEGMENT = "segment"
HEAD = "head"
IDENTITY = "identity"

MAX_INTEGER = 2**53 - 1  # what every JSON reader keeps exactly


def parse_object(data: bytes) -> dict[str, Any]:
    """Return the JSON object that bytes hold, read so that no two programs can read it differently.

    It is ASCII and on one line, from its first byte to its last. No key comes twice, numbers are whole and below 2^53,
    and no text holds half of a surrogate pair. Raises ValueError.
    """
    if not data.startswith(b"{") or not data.endswith(b"}") or b"\n" in data:
        raise ValueError("not one line")
    try:
        fields = json.loads(
            data.decode("ascii"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_no,
            parse_constant=_no,
        )
        if b"\\ud" in data or b"\\uD" in data:  # no file, database or screen takes half of a pair
            json.dumps(fields, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(fields, dict):
        raise ValueError("not an object")
    return fields


def message(domain: str, fields: Mapping[str, object]) -> bytes:
    """Return the bytes that are signed: a line that names the domain, then the object without its signature."""
    plain = {key: value for key, value in fields.items() if key != "sig"}
    canonical = json.dumps(plain, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return f"sameboat {domain}\n{canonical}".encode("ascii")


def signature(domain: str, fields: Mapping[str, object], keys: Keys) -> str:
    """Return a device's signature over an object, as it stands in the object."""
    return base64.urlsafe_b64encode(keys.sign(message(domain, fields))).rstrip(b"=").decode("ascii")


def is_proven(domain: str, fields: Mapping[str, object], public: bytes) -> bool:
    """Return whether the object's own signature was made with the key whose public part is given."""
    sig = _signature_bytes(fields.get("sig"))
    return sig is not None and verify(public, sig, message(domain, fields))


def signed_line(domain: str, fields: Mapping[str, object], keys: Keys) -> bytes:
    """Return an object as one JSON line with the device's signature in it."""
    whole = {**fields, "sig": signature(domain, fields, keys)}
    return json.dumps(whole, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"


def _signature_bytes(text: object) -> bytes | None:
    """Return the 64 bytes that text stands for, or None: one signature has one way to be written."""
    if not isinstance(text, str) or len(text) != 86:
        return None
    try:
        found = base64.urlsafe_b64decode(f"{text}==")
    except (ValueError, binascii.Error):
        return None
    return found if base64.urlsafe_b64encode(found) == f"{text}==".encode() else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key twice")
    return fields


def _integer(text: str) -> int:
    if len(text) > 17 or abs(number := int(text)) > MAX_INTEGER:
        raise ValueError("a number too large")
    return number


def _no(text: str) -> float:
    raise ValueError(f"{text} is no whole number")
