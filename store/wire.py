"""Foreign lines become ops: strict, bounded decoding that keeps what this program does not know.

Off the hot path: msgspec takes longer to import than `sameboat add` may take in all.
"""

from __future__ import annotations

import json
from _blake2 import blake2b
from itertools import count
from operator import gt
from re import compile as _compile
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from store.clock import MAX_LAMPORT, MAX_WALL
from store.errors import StoreError
from store.ops import LINE_KEYS, MAX_PARENTS, Op, content_ids, encode_line
from store.ops import encode_value as _encode_text

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LINE = 1_500_000  # bytes: a long text at its limit, every character escaped, with room to spare
MAX_NAME = 600
MAX_DEPTH = 32  # of nesting in a value
LINES = 1_000  # read at once: what they become stays in the processor's cache until it is done

_DOT = _compile(r"[0-9a-z]{1,32}\.[0-9a-z]{1,32}\.[1-9][0-9]{0,9}")
_NAME = _compile(r"[0-9a-z_-]{1,64}")
# Without one of these no number in a value is beyond what JSON readers hold.
_FAR = _compile(r"[0-9][eE]|[0-9]{16}")
_NOBODY = "-"  # stands for the author of an op that has none
_REFUSED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    lam: Annotated[int, Meta(gt=0, le=MAX_LAMPORT)]
    wt: Annotated[int, Meta(ge=0, le=MAX_WALL)]
    by: str
    kind: str
    ent: str
    field: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
    value: msgspec.Raw
    parents: Annotated[tuple[str, ...], Meta(max_length=MAX_PARENTS)]
    change: Annotated[int, Meta(gt=0)]


_number = msgspec.json.Decoder(float).decode  # refuses what is beyond every fraction
_decoder = msgspec.json.Decoder(_Line)
_encode_lines = msgspec.json.Encoder().encode_lines
_loose = msgspec.json.Decoder(dict[str, msgspec.Raw])


def decode_lines(dev: str, inc: str, first_seq: int, body: bytes) -> list[Op]:
    """Return the ops of a segment's body: one canonical JSON line each, numbered from `first_seq`.

    Unknown keys are kept in `extra`. Raises StoreError("bad-op", line, why) for the first line that is not an op.
    """
    lines = body.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    ops: list[Op] = []
    known = _Known()
    for start in range(0, len(lines), LINES):
        part = lines[start : start + LINES]
        try:
            ops += _read_plain(dev, inc, first_seq + start, part, known)
        except _REFUSED:
            ops += _read_each(dev, inc, first_seq, start, part)
    return ops


def decode_block(streams: Sequence[tuple[str, str]], dots: Sequence[int], lines: list[bytes]) -> list[Op]:
    """Return the ops of a snapshot's lines, which come from anywhere in these streams.

    `dots` holds for each line the index of its stream and its number in it, one after the other. Raises
    StoreError("bad-op", line, why).
    """
    owners, seqs = dots[::2], dots[1::2]
    prefixes = [f"{dev}.{inc}.".encode() for dev, inc in streams]
    ops: list[Op] = []
    known = _Known()
    for start in range(0, len(lines), LINES):
        part = lines[start : start + LINES]
        places = list(zip(owners[start : start + LINES], seqs[start : start + LINES], strict=True))
        try:
            found, values = _plain(part, known)
        except _REFUSED:
            for index, ((owner, seq), line) in enumerate(zip(places, part, strict=True), start):
                dev, inc = streams[owner]
                ops += _read_each(dev, inc, seq - index, index, [line])
            continue
        names, fields = known.names, known.fields
        if any(line.change > seq for line, (_, seq) in zip(found, places, strict=True)):
            raise StoreError("bad-op", line=start + 1, why="change number out of range")
        ops += [
            Op(
                streams[owner][0], streams[owner][1], seq, line.lam, line.wt, line.by and names[line.by],
                names[line.kind], names[line.ent], fields[line.field], value, line.parents, line.change, "",
                blake2b(b"%b%d\n%b" % (prefixes[owner], seq, text), digest_size=16).digest(),
            )
            for (owner, seq), line, value, text in zip(places, found, values, part, strict=True)
        ]  # fmt: skip
    return ops


class _Known:
    """What lines repeat, each checked once and kept once, whatever number of ops name it."""

    __slots__ = ("fields", "names")

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # of kinds, entities and authors
        self.fields: dict[str, str] = {}

    def learn(self, found: list[_Line]) -> None:
        """Take in the names of some lines; raises ValueError for one that no program gives."""
        new = {line.kind for line in found} | {line.ent for line in found}
        new |= {line.by for line in found if line.by}
        for name in new - self.names.keys():
            _check_name(name)
            self.names[name] = name
        for field in {line.field for line in found} - self.fields.keys():
            if _encode_text(field)[1:-1] != field:
                raise ValueError("a name with signs that are spelled in several ways")
            self.fields[field] = field


def _plain(lines: list[bytes], known: _Known) -> tuple[list[_Line], list[str]]:
    """Return what plain lines say, as nearly all are, and their values; raises one of `_REFUSED` where one may not be.

    Where nothing is escaped msgspec writes what `store.ops.encode_line` writes; so lines that it writes again as they
    were are canonical.
    """
    if max(map(len, lines)) > MAX_LINE:
        raise ValueError("a long line")
    body = b"\n".join(lines) + b"\n"
    found = _decoder.decode_lines(body)
    # As many lines as ops: no line end lies within a value, where JSON allows it.
    if len(found) != len(lines) or _encode_lines(found) != body:
        raise ValueError("not as msgspec writes it")
    known.learn(found)
    for parent in {parent for line in found for parent in line.parents}:
        _check_dot(parent)
    values = [str(line.value, "utf-8") for line in found]
    for value in {value for value in values if value[0] != '"'}:
        _check_value(value)
    return found, values


def _read_plain(dev: str, inc: str, first_seq: int, lines: list[bytes], known: _Known) -> list[Op]:
    found, values = _plain(lines, known)
    names, fields = known.names, known.fields
    if any(map(gt, [line.change for line in found], count(first_seq))):
        raise ValueError("change number out of range")
    identities = content_ids(dev, inc, first_seq, lines)
    return [
        Op(
            dev, inc, seq, line.lam, line.wt, line.by and names[line.by], names[line.kind], names[line.ent],
            fields[line.field], value, line.parents, line.change, "", identity,
        )
        for seq, line, value, identity in zip(count(first_seq), found, values, identities)
    ]  # fmt: skip


def _read_each(dev: str, inc: str, first_seq: int, start: int, lines: list[bytes]) -> list[Op]:
    """Return the ops of any lines from index `start` on, one by one, so that the first that is none can be named."""
    ops = []
    for index, line in enumerate(lines, start):
        try:
            ops.append(_read(dev, inc, first_seq + index, line))
        except _REFUSED as error:
            raise StoreError("bad-op", line=index + 1, why=str(error)[:200]) from error
    return ops


def _read(dev: str, inc: str, seq: int, line: bytes) -> Op:
    if len(line) > MAX_LINE:
        raise ValueError(f"line of {len(line)} bytes, at most {MAX_LINE}")
    try:
        found = _decoder.decode(line)
        extra = ""
    except msgspec.ValidationError:
        found, extra = _decode_loose(line)
    if found.change > seq:
        raise ValueError("change number out of range")
    for name in (found.by or _NOBODY, found.kind, found.ent):
        _check_name(name)
    for parent in found.parents:
        _check_dot(parent)
    value = str(found.value, "utf-8")
    _check_value(value)
    op = Op(
        dev, inc, seq, found.lam, found.wt, found.by, found.kind, found.ent, found.field, value, found.parents,
        found.change, extra,
    )  # fmt: skip
    if encode_line(op) != line:
        raise ValueError("line is not in canonical form")
    return op


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError("malformed kind, entity or author")


def _check_dot(parent: str) -> None:
    if not _DOT.fullmatch(parent) or int(parent.rpartition(".")[2]) >= 2**32:
        raise ValueError("malformed parent")


def _check_value(value: str) -> None:
    """Refuse what some JSON reader could not hold: numbers out of range, at any depth, and nesting without end."""
    if value[0] in "[{":
        if value.count("[") + value.count("{") > MAX_DEPTH:  # brackets in texts count too
            _check_depth(value)
        if _FAR.search(value):
            json.loads(value, parse_int=_number, parse_float=_number)
    elif value[0] in "-0123456789":
        _number(value)


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
