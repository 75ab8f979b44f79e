"""Encrypted files: a complete plain file, its own header and signature included, inside one that tells little.

    {"format":"1.0","ws":…,"dev":…,"inc":…,"from":1,"to":3,"size":…,"sha256":…,"enc":"age:1:0d45e2a1","sig":…}\\n
    <age ciphertext of the plain file>

Whoever stores the share sees whose ops they are, which, and how many bytes; no word of them, no hash of a word and no
link. The outer signature is checked before anything is decrypted, so only a device that is trusted can make this one
work. Inside everything is checked once more, so that what was written for one stream and place of it is nothing at
another. Pure functions on bytes, as in `sync.segment`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from sync import segment
from sync.encryption.agekeys import Unreadable, decrypt, encrypt
from sync.encryption.generations import number_in
from sync.segment import SegmentNewer, SegmentWaiting, SegmentWrong
from sync.trust import signed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.encryption.agekeys import AgeKey
    from sync.encryption.generations import Generation
    from sync.names import SegmentName
    from sync.segment import Segment
    from sync.trust.keys import Keys

    # What finds the key that a header names, None where it is not here.
    FindKey = Callable[[str], AgeKey | None]

SCHEME = "age"
SEGMENT = f"sealed {signed.SEGMENT}"


class Sealed(NamedTuple):
    """An encrypted file taken apart: its header as the JSON object it is, and the ciphertext."""

    fields: dict[str, Any]
    body: memoryview

    @property
    def label(self) -> str:
        """Return the name of the key it is encrypted with."""
        return str(self.fields["enc"])


def seal(
    domain: str, context: Mapping[str, object], data: bytes, generation: Generation, keys: Keys
) -> bytes:
    """Return `data` encrypted to the workspace's key behind a signed header that holds `context`."""
    body = encrypt(data, [generation.key.recipient])
    fields = {**context, "size": len(body), "sha256": sha256(body).hexdigest(), "enc": generation.label}
    return signed.signed_line(domain, fields, keys) + body


def take_apart(data: bytes) -> Sealed:
    """Return an encrypted file's header and ciphertext, each as the other claims.

    Raises SegmentWrong (header, unsealed, size, body-hash) and SegmentNewer (format, enc).
    """
    end = data.find(b"\n", 0, segment.MAX_HEADER)
    if end < 0:
        raise SegmentWrong("header", "no line end")
    try:
        fields = signed.parse_object(data[:end])
    except ValueError as error:
        raise SegmentWrong("header", str(error)) from None
    segment.check_version(fields)
    label = fields.get("enc")
    if label == "":
        raise SegmentWrong("unsealed")
    if not number_in(label):
        if isinstance(label, str) and not label.startswith(f"{SCHEME}:"):
            raise SegmentNewer("enc", label)
        raise SegmentWrong("header", "enc")
    body = memoryview(data)[end + 1 :]
    if fields.get("size") != len(body):
        raise SegmentWrong("size", f"{len(body)} bytes of body")
    if fields.get("sha256") != sha256(body).hexdigest():
        raise SegmentWrong("body-hash")
    return Sealed(fields, body)


def unseal(sealed: Sealed, find: FindKey) -> bytes:
    """Return the plain file inside, never longer than its ciphertext.

    Raises SegmentWaiting (no-key) when its key is not here, SegmentWrong (sealed) when the key does not open it.
    """
    key = find(sealed.label)
    if key is None:
        raise SegmentWaiting("no-key", sealed.label)
    try:
        return decrypt(bytes(sealed.body), key)
    except Unreadable as error:
        raise SegmentWrong("sealed", str(error)) from None


def wrap(
    name: SegmentName, ws: str, data: bytes, generation: Generation, keys: Keys
) -> tuple[SegmentName, bytes]:
    """Return the name and bytes of the file that holds a plain segment encrypted."""
    context = {
        "format": segment.FORMAT, "ws": ws, "dev": name.dev, "inc": name.inc, "from": name.first, "to": name.last,
    }  # fmt: skip
    whole = seal(SEGMENT, context, data, generation, keys)
    return name._replace(hash16=sha256(whole).hexdigest()[:16]), whole


def read(data: bytes, name: SegmentName, ws: str, public: bytes, find: FindKey | None) -> Segment:
    """Return the segment in a file, proven to be by the device whose key is `public`.

    `find` finds the keys of an encrypted workspace, which has no plain segments; it is None for one that is not, which
    has no others. Raises SegmentError as `unwrap` does.
    """
    if find is not None:
        return unwrap(data, name, ws, find, public)
    return segment.decode(data, name, ws, public)


def prove(data: bytes, name: SegmentName, ws: str, public: bytes, *, sealed: bool) -> None:
    """Raise SegmentError unless a file is whole and by the device whose key is `public`; nothing is unpacked.

    In a workspace that is encrypted it is `sealed`.
    """
    if sealed:
        _outer(data, name, ws, public)
    elif not segment.take_apart(data, name, ws)[0].is_proven(public):
        raise SegmentWrong("signature")


def unwrap(data: bytes, name: SegmentName, ws: str, find: FindKey, public: bytes) -> Segment:
    """Return the segment that an encrypted file holds, proven to be by the device whose key is `public`.

    Raises SegmentError as `segment.decode` does, and besides SegmentWrong (unsealed, sealed, signature) and
    SegmentWaiting (no-key).
    """
    plain = unseal(_outer(data, name, ws, public), find)
    inner = segment.decode(plain, name._replace(hash16=sha256(plain).hexdigest()[:16]), ws)
    if not inner.header.is_proven(public):
        raise SegmentWrong("signature", "inside")
    return inner


def _outer(data: bytes, name: SegmentName, ws: str, public: bytes) -> Sealed:
    """Return an encrypted segment taken apart, proven to be by the device whose key is `public`."""
    segment.check_whole(data, name)
    sealed = take_apart(data)
    found = sealed.fields
    if found.get("ws") != ws:
        raise SegmentWrong("workspace", str(found.get("ws")))
    if (found.get("dev"), found.get("inc")) != (name.dev, name.inc):
        raise SegmentWrong("device", f"{found.get('dev')}.{found.get('inc')}")
    first, last = found.get("from"), found.get("to")
    if (first, last) != (name.first, name.last) or type(first) is not int or type(last) is not int:
        raise SegmentWrong("range", f"{first}-{last}")
    if not signed.is_proven(SEGMENT, found, public):
        raise SegmentWrong("signature")
    return sealed
