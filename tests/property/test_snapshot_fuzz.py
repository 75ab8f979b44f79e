"""Whatever happens to its bytes: a snapshot is read exactly or not at all, and never costs more than a block."""

from __future__ import annotations

import json
import tracemalloc
from hashlib import sha256

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import StoreError
from store.heads import Kept, Standing
from store.sparse import Block, Source
from store.wire import decode_block
from sync.names import SnapshotName
from sync.segment import SegmentError, SegmentWrong, StreamId
from sync.snapshots import snapshot
from sync.trust import signed
from sync.trust.keys import Keys

WS = "0123456789abcdefghjkmnpqrs"
AUTHOR = StreamId(WS, "dev1dev2dev3", "nc123456")
KEYS = Keys({"sign": "5a" * 32})
FOUND = [
    Standing(7, "dev1dev2dev3", "nc123456", 40, "ab" * 32, True),
    Standing(3, "zzzzzzzzzzzz", "nc000000", 9, "cd" * 32, False),
]


def line(number: int) -> bytes:
    return (
        f'{{"lam":{number},"wt":1,"by":"","kind":"item","ent":"e{number}","field":"title","value":"字 {number}",'
        f'"parents":[],"change":1}}'
    ).encode()


KEPT = [[Kept(7, seq, seq % 5 == 0, line(seq)) for seq in range(1, 41, 2)], [Kept(3, 9, False, line(99))]]
NAME, DATA = snapshot.encode(AUTHOR, FOUND, KEPT, keys=KEYS)


def take(data: bytes, name: SnapshotName = NAME) -> tuple[list[Source], list[Block]]:
    """Read a snapshot to its end as a newcomer does, without a store."""
    found = snapshot.open_file(data, name, WS, KEYS.public, None)
    sources, blocks = snapshot.read(found)
    taken = list(blocks)
    for block in taken:
        decode_block([(one.dev, one.inc) for one in sources], block.dots, block.lines)
    return sources, taken


def named(data: bytes, ops: int = NAME.ops) -> SnapshotName:
    """The name that bytes would have to have."""
    return SnapshotName(AUTHOR.dev, ops, sha256(data).hexdigest()[:16])


def remade(body: bytes, **changes: object) -> bytes:
    """A file with another body, signed as it should be: what a device that lies could write."""
    packed = zstandard.compress(body)
    fields: dict[str, object] = {
        **json.loads(DATA.partition(b"\n")[0]),
        "raw": len(body), "lines": body.count(b"\n"), "size": len(packed), "sha256": sha256(packed).hexdigest(),
        **changes,
    }  # fmt: skip
    return signed.signed_line("snapshot", fields, KEYS) + packed


def body_of(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(data.partition(b"\n")[2])


def test_it_comes_out_as_it_went_in() -> None:
    sources, blocks = take(DATA)
    assert sources == [Source(one.dev, one.inc, one.seq, one.tail) for one in FOUND]
    found = [
        (sources[owner].dev, seq, at in block.past, text)
        for block in blocks
        for at, (owner, seq, text) in enumerate(
            zip(block.dots[::2], block.dots[1::2], block.lines, strict=True)
        )
    ]
    devices = {one.n: one.dev for one in FOUND}
    assert found == [(devices[op.stream], op.seq, op.past, op.line) for group in KEPT for op in group]
    assert take(remade(body_of(DATA)), named(remade(body_of(DATA)))) == (sources, blocks)


@given(st.integers(0, len(DATA) * 8 - 1))
def test_no_flipped_bit_is_ever_taken(bit: int) -> None:
    data = bytearray(DATA)
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SegmentError):
        take(bytes(data))
    with pytest.raises((SegmentError, StoreError)):
        take(bytes(data), named(bytes(data)))


def test_no_truncation_is_ever_taken_nor_called_wrong() -> None:
    for end in range(len(DATA)):
        with pytest.raises(SegmentError) as caught:
            take(DATA[:end])
        assert not isinstance(caught.value, SegmentWrong)


@given(st.binary(max_size=300))
def test_no_garbage_is_ever_taken(data: bytes) -> None:
    with pytest.raises(SegmentError):
        take(data)
    with pytest.raises(SegmentError):
        take(data, named(data))


@settings(max_examples=200)
@given(st.data())
def test_a_signed_body_of_any_kind_is_refused_or_read(data: st.DataObject) -> None:
    """Somebody with a key may write anything: it costs an error of ours, never another."""
    body = bytearray(body_of(DATA))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from(
                [b"", b"0", b"9", b"-", b"}", b"]", b"\n", b'"', b"null", b"1e9", b"\xff", b"[[["]
            )
        )
    file = remade(bytes(body))
    try:
        take(file, named(file))
    except (SegmentError, StoreError) as error:
        assert isinstance(error, SegmentError) or error.code == "bad-op"


LINES = body_of(DATA).split(b"\n")
VECTOR, DOTS = json.loads(LINES[0]), json.loads(LINES[1])


@pytest.mark.parametrize(
    ("index", "change"),
    [
        (0, {"vector": []}),
        (0, {"vector": VECTOR["vector"][::-1]}),
        (0, {"vector": VECTOR["vector"] + VECTOR["vector"]}),
        (0, {"vector": [["dev1dev2dev3", "nc123456", 49, "ab"]]}),
        (0, {"vector": [["../../etc", "nc123456", 49, "ab" * 32]]}),
        (0, {"vector": [["dev1dev2dev3", "nc123456", 50, "ab" * 32]]}),
        (1, {**DOTS, "dots": DOTS["dots"][:-1]}),
        (1, {**DOTS, "dots": [2, 1, *DOTS["dots"][2:]]}),
        (1, {**DOTS, "dots": [-1, 1, *DOTS["dots"][2:]]}),
        (1, {**DOTS, "dots": [0, 0, *DOTS["dots"][2:]]}),
        (1, {**DOTS, "dots": [0, 41, *DOTS["dots"][2:]]}),
        (1, {**DOTS, "past": [3, 2]}),
        (1, {**DOTS, "past": [99]}),
        (1, {**DOTS, "past": [-1]}),
        (1, {**DOTS, "raw": DOTS["raw"] + 1}),
        (1, {**DOTS, "raw": 2**62}),
        (1, {**DOTS, "raw": 0}),
        (1, {"dots": [], "past": [], "raw": 1}),
    ],
)
def test_what_points_elsewhere_is_refused(index: int, change: dict[str, object]) -> None:
    lines = LINES.copy()
    lines[index] = json.dumps(change, separators=(",", ":")).encode()
    file = remade(b"\n".join(lines))
    with pytest.raises(SegmentWrong):
        take(file, named(file))


@pytest.mark.parametrize(
    "changes", [{"raw": 10**6}, {"raw": 100}, {"lines": 3}, {"ops": 48}, {"codec": "lz4"}, {"size": 7}]
)
def test_a_header_that_lies_is_refused(changes: dict[str, object]) -> None:
    file = remade(body_of(DATA), **changes)
    with pytest.raises(SegmentError):
        take(file, named(file, int(str(changes.get("ops", NAME.ops)))))


@pytest.mark.parametrize("claimed", ["little", "all"])
def test_a_bomb_is_refused_block_by_block(claimed: str) -> None:
    raw = 400 * 1024 * 1024
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    head = LINES[0] + b"\n"
    parts = [packer.compress(head)]
    parts += [packer.compress(bytes(1 << 20)) for _ in range(raw >> 20)]
    packed = b"".join([*parts, packer.flush()])
    fields: dict[str, object] = {
        **json.loads(DATA.partition(b"\n")[0]),
        "raw": 10_000 if claimed == "little" else raw + len(head), "lines": 2, "size": len(packed),
        "sha256": sha256(packed).hexdigest(),
    }  # fmt: skip
    file = signed.signed_line("snapshot", fields, KEYS) + packed
    name = named(file)
    tracemalloc.start()
    try:
        with pytest.raises(SegmentWrong):
            take(file, name)
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024 * 1024
    finally:
        tracemalloc.stop()
