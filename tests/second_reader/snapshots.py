"""Snapshots (FORMAT 7.6): how far each stream is held, the ops that count, and which of them others have replaced."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from tests.second_reader.lines import Dot, Op, read_op
from tests.second_reader.sealed import Keys, unseal
from tests.second_reader.segments import HEX64, RefusedError, half_there, unpack
from tests.second_reader.signed import MalformedError, is_signed, major, parse

FILE_LIMIT = 512 * 1024 * 1024
TEXTS = ("ws", "dev", "inc", "codec", "sha256", "program", "sig", "enc")


@dataclass(frozen=True)
class Snapshot:
    """A snapshot that is whole and signed. `past` are the dots of ops that others have replaced."""

    header: dict[str, Any]
    vector: dict[tuple[str, str], tuple[int, str]]
    ops: tuple[Op, ...]
    past: frozenset[Dot]


def read_snapshot(
    data: bytes, name: tuple[str, int, str], workspace: str, key: str, keys: Keys | None
) -> Snapshot:
    """The snapshot in `data`, or `RefusedError`; `name` is (dev, ops, hash16), `key` its device's public key.

    `keys` are those of an encrypted workspace, None where it is not encrypted.
    """
    dev, ops, hash16 = name
    if len(data) > FILE_LIMIT:
        raise RefusedError("wrong", "the file is too large")
    if keys is not None:
        expected = {"ws": workspace, "dev": dev, "ops": ops}
        data = unseal(data, hash16, "sealed snapshot", expected, key, keys)
    elif not hashlib.sha256(data).hexdigest().startswith(hash16):
        raise half_there(data)
    line, _, body = data.partition(b"\n")
    try:
        header = parse(line)
        if major(header) != 1:
            raise RefusedError("newer", f"format {header['format']}")
    except MalformedError as error:
        raise RefusedError("wrong", f"header: {error}") from None
    if header.get("codec") != "zstd" or header.get("enc") != "":
        raise RefusedError("newer", "codec or encryption")
    if not all(isinstance(header.get(field), str) for field in TEXTS):
        raise RefusedError("wrong", "header")
    if (header["ws"], header["dev"], header.get("ops")) != (workspace, dev, ops):
        raise RefusedError("wrong", "it belongs elsewhere")
    if header.get("size") != len(body) or header["sha256"] != hashlib.sha256(body).hexdigest():
        raise RefusedError("wrong", "size or sha256")
    if not is_signed(header, "snapshot", key):
        raise RefusedError("wrong", "signature")
    raw = unpack(body, header["raw"])
    if raw.count(b"\n") != header.get("lines") or not raw.endswith(b"\n"):
        raise RefusedError("wrong", "lines")
    try:
        return _body(header, raw)
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError("wrong", f"body: {error}") from None


def _body(header: dict[str, Any], raw: bytes) -> Snapshot:
    line, _, rest = raw.partition(b"\n")
    rows = json.loads(line)["vector"]
    names = [(dev, inc) for dev, inc, _, _ in rows]
    if names != sorted(set(names)) or not all(seq >= 1 and HEX64.fullmatch(link) for _, _, seq, link in rows):
        raise ValueError("vector")
    if sum(seq for _, _, seq, _ in rows) != header["ops"]:
        raise ValueError("ops")
    found: list[Op] = []
    past: set[Dot] = set()
    while rest:
        line, _, rest = rest.partition(b"\n")
        block = json.loads(line)
        lines, rest = rest[: block["raw"]].split(b"\n"), rest[block["raw"] :]
        pairs = list(zip(block["dots"][::2], block["dots"][1::2], strict=True))
        if lines.pop() != b"" or len(lines) != len(pairs) or not pairs:
            raise ValueError("block")
        if block["past"] != sorted(set(block["past"])):
            raise ValueError("past")
        for (owner, seq), text in zip(pairs, lines, strict=True):
            dev, inc, last, _ = rows[owner]
            if owner < 0 or not 1 <= seq <= last:
                raise ValueError("a dot beyond the vector")
            found.append(read_op(text, dev, inc, seq))
        past |= {found[len(found) - len(pairs) + at].dot for at in block["past"]}
    if len({op.dot for op in found}) != len(found):
        raise ValueError("an op twice")
    vector = {(dev, inc): (seq, link) for dev, inc, seq, link in rows}
    return Snapshot(header, vector, tuple(found), frozenset(past))
