"""Whatever the ops and whatever happens to the bytes: a segment is read exactly or not at all."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.ops import ALPHABET, Op, encode_line, encode_value
from store.wire import decode_lines
from sync import segment
from sync.segment import SegmentError, StreamId
from sync.trust.keys import Keys

WS = "0123456789abcdefghjkmnpqrs"
STREAM = StreamId(WS, "dev1dev2dev3", "nc123456")
KEYS = Keys({"sign": "5a" * 32})

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
ids = st.text(ALPHABET, min_size=16, max_size=16)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
# What a header may hold: numbers in it are whole, so that every program signs the same bytes.
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
dots = st.builds(
    lambda dev, inc, seq: f"{dev}.{inc}.{seq}",
    st.text(ALPHABET, min_size=12, max_size=12),
    st.text(ALPHABET, min_size=8, max_size=8),
    st.integers(1, 2**31),
)  # fmt: skip
unknown = st.dictionaries(text.map(lambda name: f"x{name}"), values, min_size=1, max_size=3)


@st.composite
def runs(draw: st.DrawFn) -> list[Op]:
    """Draw ops that follow each other in one stream, some with keys of a newer program."""
    first = draw(st.integers(1, 2**31))
    return [
        Op(
            STREAM.dev, STREAM.inc, first + index,
            lam=draw(st.integers(1, 2**52)),
            wt=draw(st.integers(0, 2**42)),
            by=draw(ids),
            kind=draw(st.sampled_from(["item", "conflict", "widget"])),
            ent=draw(ids),
            field=draw(st.sampled_from(["title", "labels:x", "a field to come"])),
            value=encode_value(draw(values)),
            parents=tuple(draw(st.lists(dots, max_size=3))),
            change=first,
            extra=draw(st.just("") | unknown.map(encode_value)),
        )
        for index in range(draw(st.integers(1, 6)))
    ]  # fmt: skip


@given(runs())
def test_any_ops_survive_the_round_trip(ops: list[Op]) -> None:
    prev = "" if ops[0].seq == 1 else "ab" * 32
    lines = [encode_line(op) for op in ops]
    name, header, data = segment.encode(STREAM, ops[0].seq, prev, lines, keys=KEYS)
    read = segment.decode(data, name, WS)
    assert read.header == header
    assert read.lines == lines
    again = decode_lines(STREAM.dev, STREAM.inc, ops[0].seq, read.body)
    assert [encode_line(op) for op in again] == lines
    assert [op.value for op in again] == [op.value for op in ops]


@given(st.dictionaries(text.map(lambda name: f"x{name}"), plain, max_size=4))
def test_any_unknown_header_keys_are_kept(extra: dict[str, object]) -> None:
    name, _, data = segment.encode(STREAM, 1, "", [b"{}"], extra=extra, keys=KEYS)
    header = segment.decode(data, name, WS).header
    assert header.extra == extra
    assert json.loads(header.line()) == json.loads(data[: data.index(b"\n")])
    assert header.is_proven(KEYS.public)


def _some_segment() -> tuple[object, bytes]:
    lines = [
        json.dumps({"lam": n, "value": hashlib.sha256(bytes([n])).hexdigest()}).encode() for n in range(8)
    ]
    name, _, data = segment.encode(STREAM, 1, "", lines, keys=KEYS)
    return name, data


NAME, DATA = _some_segment()


def test_no_truncation_is_ever_accepted_nor_called_wrong() -> None:
    for length in range(len(DATA)):
        for data in (DATA[:length], DATA[:length] + bytes(len(DATA) - length)):
            if data == DATA:  # the last byte happens to be the zero it is filled with
                continue
            with pytest.raises(segment.SegmentWaiting):
                segment.decode(data, NAME, WS)  # type: ignore[arg-type]


@given(st.integers(0, len(DATA) * 8 - 1))
@settings(max_examples=300)
def test_no_flipped_bit_is_ever_accepted(bit: int) -> None:
    data = bytearray(DATA)
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SegmentError):
        segment.decode(bytes(data), NAME, WS)  # type: ignore[arg-type]


@given(st.binary(max_size=400) | st.tuples(st.binary(max_size=200), st.binary(max_size=200)).map(b"\n".join))
@settings(max_examples=300)
def test_bytes_under_their_true_hash_are_refused_by_an_error_of_ours(data: bytes) -> None:
    name = NAME._replace(hash16=hashlib.sha256(data).hexdigest()[:16])  # type: ignore[attr-defined]
    with pytest.raises(SegmentError):
        segment.decode(data, name, WS)


@given(st.data())
@settings(max_examples=300)
def test_a_header_with_anything_in_it_is_refused_by_an_error_of_ours_or_is_the_segment(
    data: st.DataObject,
) -> None:
    end = DATA.index(b"\n")
    fields = json.loads(DATA[:end])
    key = data.draw(st.sampled_from(sorted(fields)))
    fields[key] = data.draw(values)
    forged = json.dumps(fields).encode() + DATA[end:]
    name = NAME._replace(hash16=hashlib.sha256(forged).hexdigest()[:16])  # type: ignore[attr-defined]
    try:
        read = segment.decode(forged, name, WS)
    except SegmentError:
        return
    assert read.body == segment.decode(DATA, NAME, WS).body  # type: ignore[arg-type]
