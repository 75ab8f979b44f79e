"""Accepting one segment: the rules of FORMAT 4, in their order."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import zstandard

from tests.second_reader.lines import LINE_LIMIT, Op, next_link, read_op
from tests.second_reader.signed import LINE_LIMIT as HEADER_LIMIT
from tests.second_reader.signed import MalformedError, is_signed, major, parse

FILE_LIMIT = 32 * 1024 * 1024
RAW_LIMIT = 64 * 1024 * 1024
OPS_LIMIT = 100_000
WINDOW_LIMIT = 8 * 1024 * 1024
HEX64 = re.compile(r"[0-9a-f]{64}")


class RefusedError(Exception):
    """A file that is not taken: `verdict` is "waiting", "wrong" or "newer"; the message is the reason."""

    def __init__(self, verdict: str, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict


@dataclass(frozen=True)
class Place:
    """Where a segment lies, which its header must repeat; `begin` and `end` are its first and last op."""

    workspace: str
    dev: str
    inc: str
    begin: int
    end: int
    hash16: str


@dataclass(frozen=True)
class Segment:
    """A segment that is whole and signed: its header, its lines, and the link it says it follows."""

    place: Place
    header: dict[str, Any]
    lines: tuple[bytes, ...]

    def link_before(self, first: bytes) -> bytes:
        return bytes.fromhex(self.header["prev"]) if self.header["prev"] else first

    def link_at(self, seq: int, first: bytes) -> bytes:
        """The link after op `seq`, which lies in the segment or right before it."""
        link = self.link_before(first)
        for line in self.lines[: seq - self.place.begin + 1]:
            link = next_link(link, line)
        return link

    def ops_after(self, seq: int) -> list[Op]:
        """The ops beyond `seq`; rule 7."""
        place = self.place
        try:
            return [
                read_op(line, place.dev, place.inc, number)
                for number, line in enumerate(self.lines, place.begin)
                if number > seq
            ]
        except MalformedError as error:
            raise RefusedError("wrong", str(error)) from None


def accept(data: bytes, place: Place, key: str, first: bytes) -> Segment:
    """The segment in `data` by rules 1 to 5, or `RefusedError`.

    `key` is the public key of the stream's device, `first` its link(0).
    """
    if len(data) > FILE_LIMIT:
        raise RefusedError("wrong", "the file is too large")
    if not hashlib.sha256(data).hexdigest().startswith(place.hash16):
        raise half_there(data)
    line, end, body = data.partition(b"\n")
    if not end:
        raise RefusedError("wrong", "no header")
    try:
        header = parse(line)
        if major(header) != 1:
            raise RefusedError("newer", f"format {header['format']}")
        _check_header(header)
    except MalformedError as error:
        raise RefusedError("wrong", f"header: {error}") from None
    if header["codec"] != "zstd" or header["enc"] != "":
        raise RefusedError("newer", f"codec {header['codec']}, encryption {header['enc']}")
    lines = _lines(header, body, place)
    segment = Segment(place, header, lines)
    if segment.link_at(place.end, first).hex() != header["tail"]:
        raise RefusedError("wrong", "tail")
    if not is_signed(header, "segment", key):
        raise RefusedError("wrong", "signature")
    return segment


def half_there(data: bytes) -> RefusedError:
    """What is to be said of a file whose bytes are not those that its name promises; rule 2."""
    if data.endswith(b"\0") or bytes(512) in data:
        return RefusedError("waiting", "filled up with zeros")
    line, end, body = data.partition(b"\n")
    if not end:
        return RefusedError("waiting" if len(data) < HEADER_LIMIT else "wrong", "no line end")
    try:
        size = parse(line).get("size")
    except MalformedError:
        return RefusedError("wrong", "another file than its name says")
    if type(size) is int and len(body) < size:
        return RefusedError("waiting", f"{len(body)} of {size} bytes")
    return RefusedError("wrong", "another file than its name says")


def _check_header(header: dict[str, Any]) -> None:
    for name in ("ws", "dev", "inc", "prev", "tail", "codec", "sha256", "program", "sig", "enc"):
        if not isinstance(header.get(name), str):
            raise MalformedError(f"no {name}")
    for name in ("from", "to", "raw", "size"):
        if type(header.get(name)) is not int:
            raise MalformedError(f"no {name}")
    if not 1 <= header["from"] <= header["to"] <= 4_294_967_295 or header["to"] - header["from"] >= OPS_LIMIT:
        raise MalformedError("range")
    if not 0 <= header["raw"] <= RAW_LIMIT or not 0 <= header["size"] <= FILE_LIMIT:
        raise MalformedError("raw or size")
    if not all(HEX64.fullmatch(header[name]) for name in ("tail", "sha256")):
        raise MalformedError("tail or sha256")
    if (header["prev"] == "") != (header["from"] == 1) or not re.fullmatch(r"|[0-9a-f]{64}", header["prev"]):
        raise MalformedError("prev")


def _lines(header: dict[str, Any], body: bytes, place: Place) -> tuple[bytes, ...]:
    found = tuple(header[name] for name in ("ws", "dev", "inc", "from", "to"))
    if found != (place.workspace, place.dev, place.inc, place.begin, place.end):
        raise RefusedError("wrong", "it belongs elsewhere")
    if len(body) != header["size"] or hashlib.sha256(body).hexdigest() != header["sha256"]:
        raise RefusedError("wrong", "size or sha256")
    raw = unpack(body, header["raw"])
    lines = raw.split(b"\n")
    if lines.pop() != b"" or len(lines) != place.end - place.begin + 1:
        raise RefusedError("wrong", "the number of lines")
    if any(len(line) > LINE_LIMIT for line in lines):
        raise RefusedError("wrong", "a line is too long")
    return tuple(lines)


def unpack(body: bytes, size: int) -> bytes:
    """Exactly `size` bytes out of the one zstd frame in `body`, or `RefusedError`; never more memory than that."""
    reader = zstandard.ZstdDecompressor(max_window_size=WINDOW_LIMIT).decompressobj(read_across_frames=False)
    parts: list[bytes] = []
    try:
        if zstandard.get_frame_parameters(body).window_size > WINDOW_LIMIT:
            raise RefusedError("wrong", "window")
        for start in range(0, len(body), 64):
            if reader.eof:
                raise RefusedError("wrong", "bytes behind the frame")
            parts.append(reader.decompress(body[start : start + 64]))
            if sum(map(len, parts)) > size:
                raise RefusedError("wrong", "raw")
    except zstandard.ZstdError as error:
        raise RefusedError("wrong", f"zstd: {error}") from None
    if not reader.eof or reader.unused_data or sum(map(len, parts)) != size:
        raise RefusedError("wrong", "raw")
    return b"".join(parts)
