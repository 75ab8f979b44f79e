"""A body is read whole or line by line, to the same end: every line that some program writes, and no other."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.errors import StoreError
from store.ops import Op, content_id, encode_line, encode_value
from store.wire import LINES as LINES_AT_ONCE
from store.wire import MAX_DEPTH, decode_lines


def _op(seq: int, field: str = "title", value: str = '"发布"', parents: tuple[str, ...] = ()) -> Op:
    return Op("dev1", "inc1", seq, 40 + seq, 1_000, "me", "item", "e1", field, value, parents, 1)


LINES = [
    encode_line(op)
    for op in (
        _op(1),
        _op(2, "priority", "3", ("dev1.inc1.1",)),
        _op(3, "place", '{"rank":"V","status":"s1"}', ("dev1.inc1.1", "dev2.inc1.77")),
        _op(4, "labels/招聘", "true"),
    )
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
UNUSUAL = encode_line(_op(5, 'a "field"'))


def _body(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _read(body: bytes) -> list[Op] | int:
    """Return the ops of a body, or which line is none."""
    try:
        return decode_lines("dev1", "inc1", 1, body)
    except StoreError as error:
        assert error.code == "bad-op"
        return int(str(error.params["line"]))


def _read_alone(body: bytes) -> list[Op] | int:
    """Return the same from bodies of one line each, which have no line end."""
    ops: list[Op] = []
    lines = body.split(b"\n")
    for number, line in enumerate(lines if lines[-1] else lines[:-1], 1):
        try:
            ops += decode_lines("dev1", "inc1", number, line)
        except StoreError:
            return number
        if not line:
            return number  # alone it would be a body without ops
    return ops


@pytest.mark.parametrize("lines", [LINES, [*LINES, UNUSUAL], []])
def test_ops_come_with_the_hash_of_the_line_they_were_read_from(lines: list[bytes]) -> None:
    ops = decode_lines("dev1", "inc1", 1, _body(lines))
    assert [encode_line(op) for op in ops] == lines
    assert [op.identity or content_id(op) for op in ops] == [content_id(op) for op in ops]
    assert [op.seq for op in ops] == list(range(1, len(lines) + 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'"lam":42', b'"lam":9007199254740992', id="a clock that is exhausted"),
        pytest.param(b'"lam":42', b'"lam":42.0', id="a clock that is no whole number"),
        pytest.param(b'"lam":42', b'"lam":1,"lam":42', id="a key twice"),
        pytest.param(b'"lam":42', b'"lam": 42', id="a space"),
        pytest.param(b'"wt":1000', b'"wt":-1', id="a time before all times"),
        pytest.param(b'"kind":"item"', b'"kind":""', id="no kind"),
        pytest.param(b'"ent":"e1"', b'"ent":"../e"', id="an id that is none"),
        pytest.param(b'"field":"priority"', b'"field":"p\\u0072iority"', id="another spelling"),
        pytest.param(b'"value":3', b'"value":1e999', id="a number beyond all numbers"),
        pytest.param(b'"value":3', b'"value":[0,1e999]', id="such a number within"),
        pytest.param(b'"value":3', b'"value":1' + b"0" * 400, id="a whole number beyond all numbers"),
        pytest.param(b'"value":3', b'"value":{"a":1' + b"0" * 5_000 + b"}", id="such a whole number within"),
        pytest.param(b'"value":3', b'"value":["\\ud800"]', id="half a letter"),
        pytest.param(b'"value":3', b'"value":"\xff"', id="no text"),
        pytest.param(b'"value":3', b'"value":[1,\n2]', id="a line end within a value"),
        pytest.param(
            b'"value":3', b'"value":' + b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), id="a deep nest"
        ),
        pytest.param(b"dev1.inc1.1", b"dev1.inc1.4294967296", id="a parent that no stream has"),
        pytest.param(b'"change":1', b'"change":3', id="a change to come"),
        pytest.param(b'"change":1}', b'"change":1}' + LINES[2], id="two ops on a line"),
    ],
)
def test_the_first_line_that_is_no_op_is_named(old: bytes, new: bytes) -> None:
    assert LINES[1].count(old) == 1
    assert _read(_body([LINES[0], LINES[1].replace(old, new), *LINES[2:]])) == 2


@pytest.mark.parametrize("broken", [1, LINES_AT_ONCE, LINES_AT_ONCE + 1, 2 * LINES_AT_ONCE + 3])
def test_a_long_body_is_read_in_parts(broken: int) -> None:
    lines = [encode_line(_op(seq)) for seq in range(1, 2 * LINES_AT_ONCE + 4)]
    assert [op.seq for op in decode_lines("dev1", "inc1", 1, _body(lines))] == list(range(1, len(lines) + 1))
    lines[broken - 1] = UNUSUAL
    ops = decode_lines("dev1", "inc1", 1, _body(lines))
    assert [encode_line(op) for op in ops] == lines
    assert {op.seq for op in ops if op.field != "title"} == {broken}
    lines[broken - 1] = b"{}"
    assert _read(_body(lines)) == broken


@given(st.data())
def test_whatever_happens_to_a_body_it_reads_as_its_lines_do(data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.sampled_from([*LINES[:2], LINES[3], UNUSUAL]), min_size=1, max_size=4))
    body = bytearray(_body(lines))
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from([b"", b"\n", b" ", b"0", b'"', b"\\u0061", b"}\n{", b",", b"\xff"])
        )
    assert _read(bytes(body)) == _read_alone(bytes(body))


@given(VALUES | st.dictionaries(st.text(), st.text(), max_size=4))
@example({"status": "s1", "rank": 'a"\u2028\ud800'})
@example(True)
def test_a_value_is_written_as_canonical_json(value: object) -> None:
    canonical = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    assert encode_value(value) == canonical


def test_what_json_has_no_number_for_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode_value(float("nan"))
