"""Foreign lines become ops: strict, bounded decoding that keeps what this program does not know.

Off the hot path: msgspec takes longer to import than `sameboat add` may take in all.
"""

from __future__ import annotations

from re import compile as _compile

import msgspec

from store.clock import MAX_LAMPORT, MAX_WALL
from store.errors import StoreError
from store.ops import LINE_KEYS, MAX_PARENTS, Op
from store.ops import encode_value as _encode_text

MAX_LINE = 1_500_000  # bytes: a long text at its limit, every character escaped, with room to spare
MAX_NAME = 600
MAX_DEPTH = 32  # of nesting in a value
MAX_REMEMBERED = 50_000  # names checked once and remembered

_DOT = _compile(r"[0-9a-z]{1,32}\.[0-9a-z]{1,32}\.[1-9][0-9]{0,9}")
_NAME = _compile(r"[0-9a-z_-]{1,64}")


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    lam: int
    wt: int
    by: str
    kind: str
    ent: str
    field: str
    value: msgspec.Raw
    parents: list[str]
    change: int


_number = msgspec.json.Decoder(int | float).decode
_decoder = msgspec.json.Decoder(_Line)
_encode = msgspec.json.Encoder().encode
_loose = msgspec.json.Decoder(dict[str, msgspec.Raw])


def decode_lines(dev: str, inc: str, first_seq: int, body: bytes) -> list[Op]:
    """Return the ops of a segment's body: one canonical JSON line each, numbered from `first_seq`.

    Unknown keys are kept in `extra`. Raises StoreError("bad-op", line, why) for the first line that is not an op.
    """
    lines = body.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    reader = _Reader(dev, inc)
    ops = []
    for index, line in enumerate(lines):
        try:
            ops.append(reader.read(first_seq + index, line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
            raise StoreError("bad-op", line=index + 1, why=str(error)[:200]) from error
    return ops


class _Reader:
    """Reads the lines of one stream. Names repeat, so each is checked once."""

    __slots__ = ("_dev", "_inc", "_names", "_plain")

    def __init__(self, dev: str, inc: str) -> None:
        self._dev = dev
        self._inc = inc
        self._names = {""}
        self._plain: set[str] = set()

    def read(self, seq: int, line: bytes) -> Op:
        """Return the op of one line; raises ValueError or DecodeError where it is not a canonical op."""
        if len(line) > MAX_LINE:
            raise ValueError(f"line of {len(line)} bytes, at most {MAX_LINE}")
        try:
            found = _decoder.decode(line)
            extra = ""
        except msgspec.ValidationError:
            found, extra = _decode_loose(line)
        lam, wt, change, parents = found.lam, found.wt, found.change, found.parents
        if not (0 < lam <= MAX_LAMPORT and 0 <= wt <= MAX_WALL and 0 < change <= seq):
            raise ValueError("clock or change number out of range")
        by, kind, ent, field = found.by, found.kind, found.ent, found.field
        names = self._names
        if not (ent in names and by in names and kind in names):
            self._check_names(by, kind, ent)
        if not 0 < len(field) <= MAX_NAME or len(parents) > MAX_PARENTS:
            raise ValueError("field or parents out of bounds")
        if parents:
            self._check_dots(parents)
        value = str(found.value, "utf-8")
        if value[0] in "[{":
            if value.count("[") + value.count("{") > MAX_DEPTH:  # brackets in texts count too
                _check_depth(value)
        elif value[0] in "-0123456789":
            _number(value)
        if extra or field not in self._plain or _encode(found) != line:
            self._check_canonical(found, value, extra, line)
        return Op(
            self._dev, self._inc, seq, lam, wt, by, kind, ent, field, value, tuple(parents), change, extra, line
        )  # fmt: skip

    def _check_canonical(self, found: _Line, value: str, extra: str, line: bytes) -> None:
        """Refuse a line that is not as `store.ops.encode_line` writes it.

        Where nothing is escaped msgspec writes the same, ten times faster; so plain field names are remembered.
        """
        field = _encode_text(found.field)
        if field[1:-1] == found.field:
            self._plain.add(found.field)
        joined = '"' + '","'.join(found.parents) + '"' if found.parents else ""
        tail = "," + extra[1:] if extra else "}"
        canonical = (
            f'{{"lam":{found.lam},"wt":{found.wt},"by":"{found.by}","kind":"{found.kind}","ent":"{found.ent}",'
            f'"field":{field},"value":{value},"parents":[{joined}],"change":{found.change}{tail}'
        )
        if canonical.encode() != line:
            raise ValueError("line is not in canonical form")

    def _check_names(self, by: str, kind: str, ent: str) -> None:
        for name in (by or "-", kind, ent):
            if not _NAME.fullmatch(name):
                raise ValueError("malformed kind, entity or author")
            self._names.add(name)
        if len(self._names) > MAX_REMEMBERED:
            self._names = {""}

    @staticmethod
    def _check_dots(parents: list[str]) -> None:
        for parent in parents:
            if not _DOT.fullmatch(parent) or int(parent.rpartition(".")[2]) >= 2**32:
                raise ValueError("malformed parent")


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
