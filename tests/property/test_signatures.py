"""Whoever lacks a device's key changes nothing of what it wrote, and writes nothing in its name."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from sync import segment
from sync.names import HeadName, SegmentName
from sync.segment import SegmentError, StreamId
from sync.trust import statements
from sync.trust.keys import Keys
from sync.trust.statements import StatementError

STREAM = StreamId("0123456789abcdefghjkmnpqrs", "dev1dev2dev3", "nc123456")
KEYS = Keys({"sign": "5a" * 32})
OTHER = Keys({"sign": "5b" * 32})
LINES = [json.dumps({"lam": n, "value": hashlib.sha256(bytes([n])).hexdigest()}).encode() for n in range(8)]
NAME, HEADER, DATA = segment.encode(STREAM, 1, "", LINES, keys=KEYS, extra={"later": "\u00e9\x7f"})
IDENTITY = statements.identity_line(STREAM, member="m", program="p", seal="", keys=KEYS)


def accepted(data: bytes, name: SegmentName = NAME) -> segment.Segment | None:
    """Return what a reader takes bytes for, when they lie under a name that fits them."""
    try:
        found = segment.decode(data, name._replace(hash16=hashlib.sha256(data).hexdigest()[:16]), STREAM.ws)
    except SegmentError:
        return None
    return found if found.header.is_proven(KEYS.public) else None


def test_the_segment_itself_is_accepted() -> None:
    assert accepted(DATA) is not None
    assert not HEADER.is_proven(OTHER.public)


@given(st.integers(0, len(DATA) * 8 - 1))
@settings(max_examples=1_000)
def test_no_flipped_bit_changes_what_is_read_even_under_a_name_that_fits(bit: int) -> None:
    data = bytearray(DATA)
    data[bit // 8] ^= 1 << bit % 8
    found = accepted(bytes(data))
    # A letter of an escape may change its case without a word of the header changing.
    assert found is None or (found.header, found.body) == (HEADER, segment.decode(DATA, NAME, STREAM.ws).body)


@given(st.integers(0, len(IDENTITY) * 8 - 1))
@settings(max_examples=600)
def test_no_flipped_bit_makes_another_identity(bit: int) -> None:
    data = bytearray(IDENTITY)
    data[bit // 8] ^= 1 << bit % 8
    try:
        statements.read_identity(bytes(data), hashlib.sha256(data).hexdigest()[:8], STREAM)
    except StatementError:
        return
    raise AssertionError(bytes(data))


@given(st.sampled_from(segment._KEYS), st.text(max_size=5) | st.integers(-5, 2**40) | st.none())
def test_no_header_word_can_be_replaced(key: str, value: object) -> None:
    fields = HEADER.fields()
    if fields[key] == value:
        return
    line = json.dumps({**fields, key: value}).encode() + b"\n"
    assert accepted(line + DATA[DATA.index(b"\n") + 1 :]) is None


@given(st.dictionaries(st.sampled_from(["dev", "inc", "ws"]), st.sampled_from(["dev9dev9", "x1", "0" * 26])))
def test_what_was_signed_for_one_stream_is_nothing_in_another(changes: dict[str, str]) -> None:
    stream = STREAM._replace(**changes)
    _, header, _ = segment.encode(STREAM, 1, "", LINES, keys=KEYS)
    moved = header._replace(**changes)
    assert moved.is_proven(KEYS.public) == (stream == STREAM)


def test_a_statement_is_taken_only_when_its_whole_line_is_there() -> None:
    tail = segment.chain(STREAM, "", LINES)
    head = HeadName.of(STREAM.dev, STREAM.inc, len(LINES), tail)
    line = statements.head_line(STREAM, len(LINES), tail, KEYS)
    statements.check_head(line, head, STREAM.ws, KEYS.public)
    for size in range(len(line)):
        try:
            statements.check_head(line[:size], head, STREAM.ws, KEYS.public)
        except StatementError as error:
            assert error.late, size
        else:
            raise AssertionError(f"{size} bytes of {len(line)} were taken for the whole")
