"""Foreign lines become ops: strict, bounded decoding that keeps what this program does not know.

Off the hot path: msgspec takes longer to import than `sameboat add` may take in all.
"""

from __future__ import annotations

from re import compile as _compile

import msgspec

from store.clock import MAX_LAMPORT, MAX_WALL
from store.errors import StoreError
from store.ops import LINE_KEYS, Op, encode_line

MAX_LINE = 1_000_000  # bytes: a long text at its limit, every character escaped, with room to spare
MAX_PARENTS = 1_000
MAX_NAME = 600
MAX_DEPTH = 32  # of nesting in a value

_DOT = _compile(r"[0-9a-z]{1,32}\.[0-9a-z]{1,32}\.[1-9][0-9]{0,9}")
_NAME = _compile(r"[0-9a-z_-]{1,64}")


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    lam: int
    wt: int
    by: str
    kind: str
    ent: str
    field: str
    value: msgspec.Raw
    parents: list[str]
    change: int


_decoder = msgspec.json.Decoder(_Line)
_loose = msgspec.json.Decoder(dict[str, msgspec.Raw])


def decode_lines(dev: str, inc: str, first_seq: int, body: bytes) -> list[Op]:
    """Return the ops of a segment's body: one canonical JSON line each, numbered from `first_seq`.

    Unknown keys are kept in `extra`. Raises StoreError("bad-op", line, why) for the first line that is not an op.
    """
    ops = []
    lines = body.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    for index, line in enumerate(lines):
        try:
            ops.append(_decode(dev, inc, first_seq + index, line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
            raise StoreError("bad-op", line=index + 1, why=str(error)[:200]) from error
    return ops


def _decode(dev: str, inc: str, seq: int, line: bytes) -> Op:
    if len(line) > MAX_LINE:
        raise ValueError(f"line of {len(line)} bytes, at most {MAX_LINE}")
    try:
        found = _decoder.decode(line)
        extra = ""
    except msgspec.ValidationError:
        found, extra = _decode_loose(line)
    value = bytes(found.value).decode()
    if not (0 < found.lam <= MAX_LAMPORT and 0 <= found.wt <= MAX_WALL and 0 < found.change <= seq):
        raise ValueError("clock or change number out of range")
    if not (_NAME.fullmatch(found.kind) and _NAME.fullmatch(found.ent) and _NAME.fullmatch(found.by or "-")):
        raise ValueError("malformed kind, entity or author")
    if not 0 < len(found.field) <= MAX_NAME or len(found.parents) > MAX_PARENTS:
        raise ValueError("field or parents out of bounds")
    for parent in found.parents:
        if not _DOT.fullmatch(parent) or int(parent.rpartition(".")[2]) >= 2**32:
            raise ValueError("malformed parent")
    if value[0] in "[{":
        _check_depth(value)
    elif value[0] in "-0123456789":
        msgspec.json.decode(value, type=int | float)
    op = Op(
        dev, inc, seq, found.lam, found.wt, found.by, found.kind, found.ent, found.field, value,
        tuple(found.parents), found.change, extra, line,
    )  # fmt: skip
    if encode_line(op) != line:
        raise ValueError("line is not in canonical form")
    return op


def _decode_loose(line: bytes) -> tuple[_Line, str]:
    """Decode a line with keys of a newer program; they must follow the known ones, which is where writers put them."""
    keys = _loose.decode(line)
    unknown = {name: raw for name, raw in keys.items() if name not in LINE_KEYS}
    known = {name: keys[name] for name in LINE_KEYS if name in keys}
    if not unknown or len(known) != len(LINE_KEYS):
        found = _decoder.decode(line)  # raises with the reason
        return found, ""
    extra = msgspec.json.encode(unknown).decode()
    return _decoder.decode(msgspec.json.encode(known)), extra


def _check_depth(value: str) -> None:
    depth = 0
    in_text = escaped = False
    for letter in value:
        if in_text:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == '"':
                in_text = False
        elif letter == '"':
            in_text = True
        elif letter in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("value nested too deeply")
        elif letter in "]}":
            depth -= 1
