"""What a device states in small signed files: that a stream reaches so far (heads), and who it is (identities).

A file that is still arriving is told from one that lies, as with segments: the first is looked at again, the second
kept aside.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from sync import segment
from sync.trust import signed

if TYPE_CHECKING:
    from sync.names import HeadName
    from sync.segment import StreamId
    from sync.trust.keys import Keys

MAX_STATEMENT = 16 * 1024

_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SEAL = re.compile(r"(?:age1[0-9a-z]+)?", re.ASCII)
_VERSION = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})", re.ASCII)


class StatementError(Exception):
    """A statement that is not taken: `reason` says why, `late` whether it may only not be whole yet."""

    def __init__(self, reason: str, *, late: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.late = late


class Identity(NamedTuple):
    """Who a device says it is, signed with the very key it names."""

    member: str
    program: str
    key: str
    seal: str


def head_line(stream: StreamId, seq: int, tail: str, keys: Keys) -> bytes:
    """Return the content of a head: the name's own words in full, signed."""
    fields = {
        "format": segment.FORMAT, "ws": stream.ws, "dev": stream.dev, "inc": stream.inc, "seq": seq, "tail": tail,
    }  # fmt: skip
    return signed.signed_line(signed.HEAD, fields, keys)


def check_head(data: bytes, head: HeadName, ws: str, public: bytes) -> None:
    """Raise StatementError unless a head's content says what its name does, signed with the device's key."""
    fields = _object(data)
    found = (fields.get("ws"), fields.get("dev"), fields.get("inc"), fields.get("seq"))
    if found != (ws, head.dev, head.inc, head.seq):
        raise StatementError("device")
    if not str(fields.get("tail")).startswith(head.hash32):
        raise StatementError("hash")
    if not signed.is_proven(signed.HEAD, fields, public):
        raise StatementError("signature")


def identity_line(stream: StreamId, *, member: str, program: str, seal: str, keys: Keys) -> bytes:
    """Return the content of an identity file."""
    fields = {
        "format": segment.FORMAT, "ws": stream.ws, "dev": stream.dev, "inc": stream.inc, "member": member,
        "program": program, "key": keys.public.hex(), "seal": seal,
    }  # fmt: skip
    return signed.signed_line(signed.IDENTITY, fields, keys)


def identity_hash(data: bytes) -> str:
    """Return the hash8 under which an identity file's content lies."""
    return sha256(data).hexdigest()[:8]


def read_identity(data: bytes, hash8: str, stream: StreamId) -> Identity:
    """Return who a stream's device says it is, or raise StatementError.

    That the device holds the key it names is proven; that it is the device it says is for the reader to judge.
    """
    if identity_hash(data) != hash8:
        raise StatementError("hash", late=_is_late(data))
    fields = _object(data)
    texts = ("format", "member", "program", "key", "seal")
    if not all(isinstance(fields.get(key), str) for key in texts):
        raise StatementError("header")
    if not _KEY.fullmatch(fields["key"]) or not _SEAL.fullmatch(fields["seal"]):
        raise StatementError("header")
    if fields.get("ws") != stream.ws:
        raise StatementError("workspace")
    if (fields.get("dev"), fields.get("inc")) != (stream.dev, stream.inc):
        raise StatementError("device")
    if not signed.is_proven(signed.IDENTITY, fields, bytes.fromhex(fields["key"])):
        raise StatementError("signature")
    return Identity(fields["member"], fields["program"], fields["key"], fields["seal"])


def _object(data: bytes) -> dict[str, Any]:
    # An object may be whole where its line is not, and would be carried on like that.
    if not data.endswith(b"\n"):
        raise StatementError("short", late=True)
    try:
        fields = signed.parse_object(data[:-1])
    except ValueError:
        late = _is_late(data)
        raise StatementError("short" if late else "header", late=late) from None
    version = _VERSION.fullmatch(str(fields.get("format")))
    if version is None:
        raise StatementError("header")
    if int(version[1]) != segment.MAJOR:
        raise StatementError("newer", late=True)
    return fields


def _is_late(data: bytes) -> bool:
    """Return whether a one-line file is not whole yet: synchronisers set its length first and fill it in later."""
    return not data.endswith(b"\n") or b"\0" in data
