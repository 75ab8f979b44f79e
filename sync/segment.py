"""The segment: a run of one stream's ops as a file that is written once and proves itself when it is read.

    {"format":"1.0","ws":…,"dev":…,"inc":…,"from":1,"to":3,…}\\n   one JSON line, the signed header
    <zstd frame>                                                  the ops, one canonical JSON line each

Pure functions on bytes: no file, no clock, no database. A segment that cannot be accepted says which of
three it is: *waiting* (not here yet: short, zero-filled), *wrong* (here, and not what it claims), *newer* (a
format to come). Only the reader knows the device's key, by which it is told who signed it.
`sync/FORMAT.md` is the specification.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import zstandard

from sync.names import MAX_SEQ, SegmentName, is_stream
from sync.trust import signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.trust.keys import Keys

FORMAT = "1.0"
MAJOR = 1
CODEC = "zstd"

# Bounds a reader enforces before it spends memory or time. A writer stays far below them.
MAX_FILE = 32 * 1024 * 1024
MAX_RAW = 64 * 1024 * 1024
MAX_HEADER = 16 * 1024
MAX_OPS = 100_000
MAX_WINDOW = 8 * 1024 * 1024  # what zstd may ask for to decompress: level 19 and below

_KEYS = (
    "format", "ws", "dev", "inc", "from", "to", "prev", "tail",
    "codec", "raw", "size", "sha256", "program", "sig", "enc",
)  # fmt: skip
_VERSION = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})", re.ASCII)
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LEVEL = 3


class SegmentError(Exception):
    """A segment that is not accepted: `reason` is a short code, `detail` what a developer would ask next."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class SegmentWaiting(SegmentError):
    """Not whole yet: the cursor stays before it, and a later look may find it whole."""


class SegmentWrong(SegmentError):
    """Whole, and not what it claims to be: kept aside with the reason."""


class SegmentNewer(SegmentError):
    """Written in a way to come: the stream stays where it is until the program is newer."""


class StreamId(NamedTuple):
    """Whose ops: workspace, device, incarnation."""

    ws: str
    dev: str
    inc: str


class Header(NamedTuple):
    """A segment's first line. `extra` holds keys of a newer minor version, kept as they are."""

    ws: str
    dev: str
    inc: str
    first: int
    last: int
    prev: str
    tail: str
    raw: int
    size: int
    sha256: str
    program: str
    format: str = FORMAT
    codec: str = CODEC
    sig: str = ""
    enc: str = ""
    extra: Mapping[str, object] = MappingProxyType({})

    @property
    def stream(self) -> StreamId:
        """Return whose ops the segment holds."""
        return StreamId(self.ws, self.dev, self.inc)

    def fields(self) -> dict[str, object]:
        """Return the header as the JSON object it is, its keys in their order, unknown ones last."""
        known: dict[str, object] = dict(
            zip(
                _KEYS,
                (
                    self.format, self.ws, self.dev, self.inc, self.first, self.last, self.prev, self.tail,
                    self.codec, self.raw, self.size, self.sha256, self.program, self.sig, self.enc,
                ),
                strict=True,
            )
        )  # fmt: skip
        known.update({key: value for key, value in self.extra.items() if key not in known})
        return known

    def line(self) -> bytes:
        """Return the header as its canonical line, newline included."""
        return json.dumps(self.fields(), allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"

    def is_proven(self, public: bytes) -> bool:
        """Return whether the header, and with it every op it names, was signed with this key."""
        return signed.is_proven(signed.SEGMENT, self.fields(), public)


class Segment(NamedTuple):
    """A verified segment: its header and its body, one op a line."""

    header: Header
    body: bytes

    @property
    def lines(self) -> list[bytes]:
        """Return the ops' lines in order, without line ends."""
        return self.body[:-1].split(b"\n")

    def links(self) -> Iterator[tuple[int, str]]:
        """Yield every op's number and the link after it, and before all of them the link before the first."""
        seq, link = self.header.first - 1, self.header.prev
        yield seq, link
        for line in self.lines:
            seq, link = seq + 1, chain(self.header.stream, link, (line,))
            yield seq, link

    def link_at(self, seq: int) -> str:
        """Return the chain's link after op `seq`, which lies in this segment or just before it."""
        count = seq - self.header.first + 1
        return chain(self.header.stream, self.header.prev, self.lines[:count]) if count else self.header.prev


def chain(stream: StreamId, prev: str, lines: Iterable[bytes]) -> str:
    """Return the link after `lines`, given the link before them ("" before a stream's first op).

    A link is SHA-256(previous link ‖ line), so it names the stream's whole history however that is cut into
    files: two readers at the same op with the same link hold the same bytes.
    """
    link = bytes.fromhex(prev)
    if not prev:
        link = sha256(f"sameboat\n{stream.ws}\n{stream.dev}.{stream.inc}\n".encode()).digest()
    for line in lines:
        link = sha256(link + line).digest()
    return link.hex()


def encode(
    stream: StreamId,
    first: int,
    prev: str,
    lines: Sequence[bytes],
    *,
    keys: Keys,
    program: str = "",
    extra: Mapping[str, object] | None = None,
) -> tuple[SegmentName, Header, bytes]:
    """Return the name, header and bytes of a segment of ops `first`…, where `prev` is the link before.

    It is signed with the device's `keys`.
    """
    body = b"".join(line + b"\n" for line in lines)
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(body)
    header = Header(
        *stream,
        first=first,
        last=first + len(lines) - 1,
        prev=prev,
        tail=chain(stream, prev, lines),
        raw=len(body),
        size=len(packed),
        sha256=sha256(packed).hexdigest(),
        program=program,
        extra=extra or {},
    )
    header = header._replace(sig=signed.signature(signed.SEGMENT, header.fields(), keys))
    data = header.line() + packed
    name = SegmentName(stream.dev, stream.inc, first, header.last, sha256(data).hexdigest()[:16])
    return name, header, data


def decode(data: bytes, name: SegmentName, ws: str, public: bytes | None = None) -> Segment:
    """Return the segment that `data`, found under `name` in the share of `ws`, holds; or raise SegmentError.

    Everything that can be checked without the stream's history is checked here; that `prev` is the link the reader
    holds is for the reader to check. Nothing is unpacked that the device whose key is `public` did not sign; without it
    that is for the reader to check, too.
    """
    header, packed = take_apart(data, name, ws)
    if public is not None and not header.is_proven(public):
        raise SegmentWrong("signature")
    segment = Segment(header, _unpack(packed, header))
    if chain(header.stream, header.prev, segment.lines) != header.tail:
        raise SegmentWrong("chain", "the ops do not give the link the header claims")
    return segment


def take_apart(data: bytes, name: SegmentName, ws: str) -> tuple[Header, memoryview]:
    """Return a segment's header and its body as it lies in the file, each as the other claims; raises SegmentError."""
    check_whole(data, name)
    end = data.find(b"\n", 0, MAX_HEADER)
    if end < 0:
        raise SegmentWrong("header", "no line end")
    header = parse_header(data[:end])
    _check_place(header, name, ws)
    packed = memoryview(data)[end + 1 :]
    if len(packed) != header.size:
        raise SegmentWrong("size", f"{len(packed)} bytes of body, header says {header.size}")
    if sha256(packed).hexdigest() != header.sha256:
        raise SegmentWrong("body-hash")
    return header, packed


def check_whole(data: bytes, name: SegmentName) -> None:
    """Raise SegmentWaiting or SegmentWrong unless these are the bytes that the name promises."""
    check_bytes(data, name.hash16, MAX_FILE)


def check_bytes(data: bytes, hash16: str, most: int) -> None:
    """Raise SegmentWaiting or SegmentWrong unless `data` has this hash and is no longer than `most`."""
    if len(data) > most:
        raise SegmentWrong("too-large", f"{len(data)} bytes, at most {most}")
    if not sha256(data).hexdigest().startswith(hash16):
        raise _unfinished(data, most)


def is_link(text: str) -> bool:
    """Return whether a text is written as links are."""
    return _HEX64.fullmatch(text) is not None


def parse_header(line: bytes) -> Header:
    """Return the header that a segment's first line holds, or raise SegmentWrong or SegmentNewer."""
    fields = _parse_object(line)
    version = check_version(fields)
    if _text(fields, "enc"):
        raise SegmentNewer("encrypted", _text(fields, "enc"))
    if _text(fields, "codec") != CODEC:
        raise SegmentNewer("codec", _text(fields, "codec"))
    header = Header(
        ws=_text(fields, "ws"),
        dev=_text(fields, "dev"),
        inc=_text(fields, "inc"),
        first=_number(fields, "from", 1, MAX_SEQ),
        last=_number(fields, "to", 1, MAX_SEQ),
        prev=_text(fields, "prev"),
        tail=_text(fields, "tail"),
        raw=_number(fields, "raw", 1, MAX_RAW),
        size=_number(fields, "size", 1, MAX_FILE),
        sha256=_text(fields, "sha256"),
        program=_text(fields, "program"),
        format=version,
        sig=_text(fields, "sig"),
        extra={key: value for key, value in fields.items() if key not in _KEYS},
    )
    _check_header(header)
    return header


def check_version(fields: dict[str, Any]) -> str:
    """Return the format a header names; raise SegmentNewer for another major than this program's."""
    version = _VERSION.fullmatch(_text(fields, "format"))
    if version is None:
        raise SegmentWrong("header", "format")
    if int(version[1]) != MAJOR:
        raise SegmentNewer("format", version[0])
    return version[0]


def _check_header(header: Header) -> None:
    count = header.last - header.first + 1
    if not 1 <= count <= MAX_OPS:
        raise SegmentWrong("header", f"{count} ops")
    if not is_stream(header.dev, header.inc):
        raise SegmentWrong("header", "dev, inc")
    if not (_HEX64.fullmatch(header.tail) and _HEX64.fullmatch(header.sha256)):
        raise SegmentWrong("header", "tail, sha256")
    # Only a stream's first op has nothing before it.
    if (header.prev == "") != (header.first == 1) or (header.prev and not _HEX64.fullmatch(header.prev)):
        raise SegmentWrong("header", "prev")


def _check_place(header: Header, name: SegmentName, ws: str) -> None:
    if header.ws != ws:
        raise SegmentWrong("workspace", header.ws)
    if (header.dev, header.inc) != (name.dev, name.inc):
        raise SegmentWrong("device", f"{header.dev}.{header.inc}")
    if (header.first, header.last) != (name.first, name.last):
        raise SegmentWrong("range", f"{header.first}-{header.last}")


def _unpack(packed: memoryview, header: Header) -> bytes:
    """Return the body; never hold more than the size the header promises, whatever the frame gives."""
    parts: list[bytes] = []
    left = header.raw + 1
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).stream_reader(packed)
        while left and (part := reader.read(min(left, 1 << 20))):
            parts.append(part)
            left -= len(part)
    except zstandard.ZstdError as error:
        raise SegmentWrong("body", str(error)) from None
    body = b"".join(parts)
    if len(body) != header.raw:
        raise SegmentWrong("raw-size", f"header says {header.raw}")
    count = header.last - header.first + 1
    if not body.endswith(b"\n") or body.count(b"\n") != count:
        raise SegmentWrong("line-count", f"header says {count}")
    return body


def _unfinished(data: bytes, most: int) -> SegmentError:
    """Return why bytes are not the file their name promises: still arriving, or wrong."""
    # Synchronisers set a file's length first and fill it in later, in blocks and in any order.
    if data.endswith(b"\0") or bytes(512) in data:
        return SegmentWaiting("zero-filled")
    end = data.find(b"\n", 0, MAX_HEADER)
    if end < 0:
        return SegmentWaiting("short") if len(data) < MAX_HEADER else SegmentWrong("hash", "no header")
    try:
        size = _number(_parse_object(data[:end]), "size", 1, most)
    except SegmentError:
        return SegmentWrong("hash", "no header")
    return SegmentWaiting("short") if len(data) < end + 1 + size else SegmentWrong("hash")


def _parse_object(line: bytes) -> dict[str, Any]:
    try:
        return signed.parse_object(line)
    except ValueError as error:
        raise SegmentWrong("header", str(error)) from None


def _text(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str):
        raise SegmentWrong("header", key)
    return value


def _number(fields: dict[str, Any], key: str, low: int, high: int) -> int:
    value = fields.get(key)
    if type(value) is not int or not low <= value <= high:
        raise SegmentWrong("header", key)
    return value
