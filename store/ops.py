"""The op: one cell write, and its canonical line.

An op says: on this entity's field, this value replaces those earlier ops. `(dev, inc, seq)` is its dot. The line is
what segments carry; the dot is implied by the segment, so it is not in the line. This module is on the hot path of
the command line: decoding foreign lines, which needs msgspec, lives in `store.wire`.
"""

from __future__ import annotations

import os
from _blake2 import blake2b  # hashlib would load OpenSSL, 3 ms, for the same function

try:
    # json would load `re` and `enum`, 5 ms, for the same function.
    from _json import encode_basestring as _encode_text
except ImportError:  # an interpreter whose json is Python all through
    from json.encoder import encode_basestring as _encode_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Crockford's base32: no i l o u, so an id read aloud or typed back is not mistaken.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 16  # 80 bits

MAX_PARENTS = 1_000  # of one op; a cell with more heads than this is settled by several

LINE_KEYS = ("lam", "wt", "by", "kind", "ent", "field", "value", "parents", "change")


class Op:
    """One cell write. `value` is JSON text; `parents` are dots "dev.inc.seq"; `extra` keeps unknown keys as JSON text.

    `identity` is its content hash where it came from a segment, b"" where the log has still to compute it.
    """

    __slots__ = (
        "by",
        "change",
        "dev",
        "ent",
        "extra",
        "field",
        "identity",
        "inc",
        "kind",
        "lam",
        "parents",
        "seq",
        "value",
        "wt",
    )

    def __init__(
        self,
        dev: str,
        inc: str,
        seq: int,
        lam: int,
        wt: int,
        by: str,
        kind: str,
        ent: str,
        field: str,
        value: str,
        parents: tuple[str, ...],
        change: int,
        extra: str = "",
        identity: bytes = b"",
    ) -> None:
        self.dev = dev
        self.inc = inc
        self.seq = seq
        self.lam = lam
        self.wt = wt
        self.by = by
        self.kind = kind
        self.ent = ent
        self.field = field
        self.value = value
        self.parents = parents
        self.change = change
        self.extra = extra
        self.identity = identity

    @property
    def dot(self) -> str:
        """Return the op's name: device, incarnation and sequence number."""
        return f"{self.dev}.{self.inc}.{self.seq}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Op) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__ if name != "identity"
        )

    def __hash__(self) -> int:
        return hash((self.dev, self.inc, self.seq))

    def __repr__(self) -> str:
        return f"Op({self.dot} {self.kind}/{self.ent}.{self.field} = {self.value} after {list(self.parents)})"


def encode_value(value: object) -> str:
    """Return `value` as canonical JSON text: sorted keys, no spaces, no NaN."""
    if type(value) is str:
        return _encode_text(value)  # keeps CJK as it is: a third of the size of \u escapes
    if value is None:
        return "null"
    if type(value) is int:
        return str(value)
    if isinstance(value, dict) and all(type(text) is str for pair in value.items() for text in pair):
        pairs = [f"{_encode_text(key)}:{_encode_text(value[key])}" for key in sorted(value)]
        return f"{{{','.join(pairs)}}}"
    return _encode(value)


_encoder: Callable[[object], str] | None = None


def _encode(value: object) -> str:
    global _encoder
    if _encoder is None:
        import json

        _encoder = json.JSONEncoder(
            ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
        ).encode
    return _encoder(value)


def encode_line(op: Op) -> bytes:
    """Return the op's canonical line, which hashing, segments and relays use; no newline at the end.

    Known keys come in the order of `LINE_KEYS`; unknown keys of a newer program follow as they were received.
    """
    parents = ",".join(f'"{parent}"' for parent in op.parents)
    tail = "," + op.extra[1:] if op.extra else "}"
    return (
        f'{{"lam":{op.lam},"wt":{op.wt},"by":{_encode_text(op.by)},"kind":{_encode_text(op.kind)},'
        f'"ent":{_encode_text(op.ent)},"field":{_encode_text(op.field)},"value":{op.value},'
        f'"parents":[{parents}],"change":{op.change}{tail}'
    ).encode()


def content_id(op: Op) -> bytes:
    """Return the 16-byte content hash that names an op for ever: BLAKE2b over its dot and canonical line."""
    return content_ids(op.dev, op.inc, op.seq, (encode_line(op),))[0]


def content_ids(dev: str, inc: str, first_seq: int, lines: Iterable[bytes]) -> list[bytes]:
    """Return the content hashes of canonical lines that follow each other in a stream."""
    dotted = f"{dev}.{inc}.".encode().replace(b"%", b"%%") + b"%d\n%b"
    return [blake2b(dotted % numbered, digest_size=16).digest() for numbered in enumerate(lines, first_seq)]


def new_id() -> str:
    """Return a fresh random entity or device id of 80 bits."""
    return _base32(int.from_bytes(os.urandom(10), "big"))


def derived_id(*parts: str) -> str:
    """Return the id that the same parts give on every replica: imports and recurrences use it, so they never double."""
    digest = blake2b("\x1f".join(parts).encode(), digest_size=10).digest()
    return _base32(int.from_bytes(digest, "big"))


def _base32(number: int) -> str:
    letters = []
    for _ in range(ID_LENGTH):
        number, rest = divmod(number, 32)
        letters.append(ALPHABET[rest])
    return "".join(letters)
