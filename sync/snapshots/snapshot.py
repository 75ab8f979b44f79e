"""The snapshot: the state of a workspace as one file, so that a newcomer need not read how it came about.

    {"format":"1.0","ws":…,"dev":…,"inc":…,"ops":…,"lines":…,…}\\n   one JSON line, the signed header
    <zstd frame>                                                      the vector, then blocks of ops

The *vector* says how far the snapshot holds each stream, and the link there. A *block* is one line with the dots of its
ops and one line for each, the same as segments carry. `sync/FORMAT.md` is the specification. Pure functions on bytes,
as in `sync.segment`, whose errors these are.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import zstandard

from store.sparse import Block, Source
from sync import segment
from sync.encryption import sealing
from sync.names import MAX_SEQ, SnapshotName, is_stream
from sync.segment import CODEC, FORMAT, MAX_HEADER, MAX_WINDOW, SegmentNewer, SegmentWrong
from sync.trust import signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from store.heads import Kept, Standing
    from sync.encryption.generations import Generation
    from sync.encryption.sealing import FindKey
    from sync.segment import StreamId
    from sync.trust.keys import Keys

# Bounds as in `sync.segment`: of a snapshot no more is unpacked at once than a block.
MAX_FILE = 512 * 1024 * 1024
MAX_RAW = 4 * 1024 * 1024 * 1024
MAX_BLOCK = 32 * 1024 * 1024
MAX_LINE = 8 * 1024 * 1024  # of the vector, of a block's dots
MAX_STREAMS = 20_000
MAX_OPS = 20_000_000

DOMAIN = "snapshot"
SEALED = f"sealed {DOMAIN}"
_BLOCK_OPS = 20_000
_BLOCK_RAW = 4 * 1024 * 1024
_LEVEL = 6
_CHUNK = 1 << 20


class _Vector(msgspec.Struct):
    vector: list[tuple[str, str, int, str]]


class _Dots(msgspec.Struct):
    dots: list[int]
    past: list[int]
    raw: int


_vector = msgspec.json.Decoder(_Vector)
_dots = msgspec.json.Decoder(_Dots)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Snapshot(NamedTuple):
    """A snapshot whose file is whole: its header as the JSON object it is, and its body as it lies in the file.

    What is inside is verified while it is read, by `read`.
    """

    fields: dict[str, Any]
    body: memoryview


def encode(
    author: StreamId,
    found: Sequence[Standing],
    kept: Iterable[Sequence[Kept]],
    *,
    keys: Keys,
    program: str = "",
) -> tuple[SnapshotName, bytes]:
    """Return the name and bytes of a snapshot: how far each stream is held, and the ops that count, as collected.

    It is signed with the device's `keys`. A state too large for a snapshot raises SegmentWrong("too-large").
    """
    packer = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
    vector = [[stream.dev, stream.inc, stream.seq, stream.tail] for stream in found]
    parts = []
    raw = lines = 0
    for part in _body(vector, found, kept):
        raw += len(part)
        lines += part.count(b"\n")
        parts.append(packer.compress(part))
    parts.append(packer.flush())
    packed = b"".join(parts)
    if len(packed) + MAX_HEADER > MAX_FILE or raw > MAX_RAW or lines > MAX_OPS or len(found) > MAX_STREAMS:
        raise SegmentWrong("too-large")
    ops = sum(stream.seq for stream in found)
    header = {
        "format": FORMAT, "ws": author.ws, "dev": author.dev, "inc": author.inc, "ops": ops, "lines": lines,
        "codec": CODEC, "raw": raw, "size": len(packed), "sha256": sha256(packed).hexdigest(), "program": program,
        "sig": "", "enc": "",
    }  # fmt: skip
    data = signed.signed_line(DOMAIN, header, keys) + packed
    return SnapshotName(author.dev, ops, sha256(data).hexdigest()[:16]), data


def _body(vector: object, found: Sequence[Standing], kept: Iterable[Sequence[Kept]]) -> Iterator[bytes]:
    yield _line({"vector": vector})
    index = {stream.n: at for at, stream in enumerate(found)}
    block: list[Kept] = []
    size = 0
    for group in kept:
        for op in group:
            if block and (len(block) == _BLOCK_OPS or size + len(op.line) > _BLOCK_RAW):
                yield _block(block, index)
                block, size = [], 0
            block.append(op)
            size += len(op.line) + 1
    if block:
        yield _block(block, index)


def _block(ops: Sequence[Kept], index: dict[int, int]) -> bytes:
    text = b"".join([op.line + b"\n" for op in ops])
    dots = [part for op in ops for part in (index[op.stream], op.seq)]
    past = [at for at, op in enumerate(ops) if op.past]
    return _line({"dots": dots, "past": past, "raw": len(text)}) + text


def wrap(
    author: StreamId, name: SnapshotName, data: bytes, generation: Generation, keys: Keys
) -> tuple[SnapshotName, bytes]:
    """Return the name and bytes of the file that holds a snapshot encrypted."""
    context = {"format": FORMAT, "ws": author.ws, "dev": author.dev, "inc": author.inc, "ops": name.ops}
    whole = sealing.seal(SEALED, context, data, generation, keys)
    return name._replace(hash16=sha256(whole).hexdigest()[:16]), whole


def author_of(data: bytes, name: SnapshotName) -> tuple[str, str]:
    """Return the device and incarnation that a snapshot's file says it is by, encrypted or not; nothing is proven."""
    segment.check_bytes(data, name.hash16, MAX_FILE)
    try:
        fields = signed.parse_object(data[: max(data.find(b"\n", 0, MAX_HEADER), 0)])
    except ValueError as error:
        raise SegmentWrong("header", str(error)) from None
    dev, inc = fields.get("dev"), fields.get("inc")
    if not (isinstance(dev, str) and isinstance(inc, str) and is_stream(dev, inc)):
        raise SegmentWrong("header", "dev, inc")
    if dev != name.dev:
        raise SegmentWrong("device", dev)
    return dev, inc


def open_file(data: bytes, name: SnapshotName, ws: str, public: bytes, find: FindKey | None) -> Snapshot:
    """Return the snapshot in a file, proven to be by the device whose key is `public`.

    `find` finds the keys of an encrypted workspace, as in `sync.encryption.sealing`. Raises SegmentError.
    """
    if find is not None:
        segment.check_bytes(data, name.hash16, MAX_FILE)
        sealed = sealing.take_apart(data)
        if (sealed.fields.get("ws"), sealed.fields.get("dev")) != (ws, name.dev):
            raise SegmentWrong("device", str(sealed.fields.get("dev")))
        if not signed.is_proven(SEALED, sealed.fields, public):
            raise SegmentWrong("signature")
        data = sealing.unseal(sealed, find)
        name = name._replace(hash16=sha256(data).hexdigest()[:16])
    found = decode(data, name, ws)
    if not signed.is_proven(DOMAIN, found.fields, public):
        raise SegmentWrong("signature")
    return found


def decode(data: bytes, name: SnapshotName, ws: str) -> Snapshot:
    """Return the snapshot that `data`, found under `name` in the share of `ws`, is, as far as its header tells.

    Raises SegmentError, as `segment.decode` does. Whose signature it bears is for `open_file` to look at.
    """
    segment.check_bytes(data, name.hash16, MAX_FILE)
    end = data.find(b"\n", 0, MAX_HEADER)
    if end < 0:
        raise SegmentWrong("header", "no line end")
    fields = parse_header(data[:end])
    if fields["ws"] != ws:
        raise SegmentWrong("workspace", fields["ws"])
    if fields["dev"] != name.dev:
        raise SegmentWrong("device", fields["dev"])
    if fields["ops"] != name.ops:
        raise SegmentWrong("range", str(fields["ops"]))
    body = memoryview(data)[end + 1 :]
    if len(body) != fields["size"]:
        raise SegmentWrong("size", f"{len(body)} bytes of body, header says {fields['size']}")
    if sha256(body).hexdigest() != fields["sha256"]:
        raise SegmentWrong("body-hash")
    return Snapshot(fields, body)


def parse_header(line: bytes) -> dict[str, Any]:
    """Return the header that a snapshot's first line holds; raise SegmentWrong or SegmentNewer."""
    try:
        fields = signed.parse_object(line)
    except ValueError as error:
        raise SegmentWrong("header", str(error)) from None
    segment.check_version(fields)
    texts = ("ws", "dev", "inc", "codec", "sha256", "program", "sig", "enc")
    numbers = {"ops": MAX_SEQ * MAX_STREAMS, "lines": MAX_OPS, "raw": MAX_RAW, "size": MAX_FILE}
    for key in texts:
        if not isinstance(fields.get(key), str):
            raise SegmentWrong("header", key)
    if fields["enc"]:
        raise SegmentNewer("encrypted", fields["enc"])
    if fields["codec"] != CODEC:
        raise SegmentNewer("codec", fields["codec"])
    for key, most in numbers.items():
        if type(fields.get(key)) is not int or not 1 <= fields[key] <= most:
            raise SegmentWrong("header", key)
    if not is_stream(fields["dev"], fields["inc"]):
        raise SegmentWrong("header", "dev, inc")
    return fields


def read(snapshot: Snapshot) -> tuple[list[Source], Iterator[Block]]:
    """Return how far a snapshot holds each stream, and its blocks one after the other, each unpacked when asked for.

    Raises SegmentWrong, also on the way: a reader undoes then what it has taken.
    """
    source = _Source(snapshot)
    try:
        vector = _vector.decode(source.line()).vector
    except _UNREADABLE as error:
        raise SegmentWrong("vector", str(error)) from None
    found = [Source(*entry) for entry in vector]
    names = [(one.dev, one.inc) for one in found]
    if not 1 <= len(found) <= MAX_STREAMS or names != sorted(set(names)):
        raise SegmentWrong("vector", "streams")
    for one in found:
        if not (is_stream(one.dev, one.inc) and 1 <= one.seq <= MAX_SEQ and segment.is_link(one.link)):
            raise SegmentWrong("vector", f"{one.dev}.{one.inc}")
    if sum(one.seq for one in found) != snapshot.fields["ops"]:
        raise SegmentWrong("vector", "ops")
    return found, _blocks(source, found)


def _blocks(source: _Source, found: Sequence[Source]) -> Iterator[Block]:
    while source.more():
        try:
            head = _dots.decode(source.line())
        except _UNREADABLE as error:
            raise SegmentWrong("block", str(error)) from None
        count = len(head.dots) // 2
        if len(head.dots) != count * 2 or not count or not 0 < head.raw <= MAX_BLOCK:
            raise SegmentWrong("block", "dots")
        for owner, seq in zip(head.dots[::2], head.dots[1::2], strict=True):
            if not (0 <= owner < len(found) and 1 <= seq <= found[owner].seq):
                raise SegmentWrong("block", "a dot beyond the vector")
        if head.past != sorted(set(head.past)) or (
            head.past and not 0 <= head.past[0] <= head.past[-1] < count
        ):
            raise SegmentWrong("block", "past")
        lines = source.take(head.raw).split(b"\n")
        if lines.pop() or len(lines) != count:
            raise SegmentWrong("line-count")
        yield Block(head.dots, head.past, lines)
    source.check_end()


class _Source:
    """A snapshot's body as it is unpacked: never more of it at once than was asked for, nor more than was promised."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._raw = snapshot.fields["raw"]
        self._lines = snapshot.fields["lines"]
        self._read = 0
        self._seen = 0
        self._buffer = b""
        self._stream = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).stream_reader(snapshot.body)

    def more(self) -> bool:
        """Return whether anything is left."""
        return bool(self._buffer) or self._fetch(1)

    def line(self) -> bytes:
        """Return the next line without its line end."""
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > MAX_LINE or not self._fetch(1):
                raise SegmentWrong("line-count", "a line without an end")
        line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
        self._seen += 1
        return line

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        while len(self._buffer) < size:
            if not self._fetch(size - len(self._buffer)):
                raise SegmentWrong("raw-size", "it ends too early")
        part, self._buffer = self._buffer[:size], self._buffer[size:]
        self._seen += part.count(b"\n")
        return part

    def check_end(self) -> None:
        """Raise unless the body was as long as the header says."""
        if self._read != self._raw:
            raise SegmentWrong("raw-size", f"header says {self._raw}")
        if self._seen != self._lines:
            raise SegmentWrong("line-count", f"header says {self._lines}")

    def _fetch(self, size: int) -> bool:
        try:
            part = self._stream.read(min(max(size, _CHUNK), self._raw - self._read + 1))
        except zstandard.ZstdError as error:
            raise SegmentWrong("body", str(error)) from None
        self._read += len(part)
        if self._read > self._raw:
            raise SegmentWrong("raw-size", f"header says {self._raw}")
        self._buffer += part
        return bool(part)


def _line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode("ascii") + b"\n"
