"""The query language never fails in any other way than by saying where, and a query survives being kept as text."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import StoreError
from store.query import EXPECTED, parse, resolve, unparse
from store.query_ast import AllOf, AnyOf, Compare, Is, Match, Node, Not, Value, Word
from store.query_fields import FIELDS, PREFIXES
from tests.sample_vocabulary import TODAY, VOCABULARY

PIECES = [
    "status", "状态", "dept", "owner", "due", "截止", "label", "is", "has", "no", "kind", "priority", "foo", ":",
    "：", "<", "<=", ">", "》", "=", "!=", ",", "，", "、", "doing", "进行中", "市场", "@me", "fri",
    "下周", "none", "overdue", "1", "x", "登录", '"', "“", "”", "\\",
    "(", ")", "（", "）", "-", "－", "|", " | ", " OR ", " AND ", " ", "　", "\n",
    "http://x", "12:30", "\x00", "\ud800", "İ", "é",
]  # fmt: skip
QUERIES = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=15).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join),
    st.text(st.characters(codec=None), max_size=40),
)
NAMES = st.text(
    st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po", "Sm", "Zs"]), min_size=1, max_size=8
).filter(str.strip)


def without_positions(node: Node) -> Node:
    match node:
        case Not():
            return Not(without_positions(node.node), 0, 0)
        case AllOf() | AnyOf():
            return type(node)(tuple(map(without_positions, node.nodes)), 0, 0)
        case Match():
            values = tuple(value._replace(start=0, end=0) for value in node.values)
            return node._replace(values=values, start=0, end=0)
        case _:
            return node._replace(start=0, end=0)


def spans(node: Node) -> list[tuple[int, int]]:
    inner = node.nodes if isinstance(node, AllOf | AnyOf) else (node.node,) if isinstance(node, Not) else ()
    return [(node.start, node.end), *(span for part in inner for span in spans(part))]


def leaves(node: Node) -> list[Node]:
    inner = node.nodes if isinstance(node, AllOf | AnyOf) else (node.node,) if isinstance(node, Not) else None
    return [node] if inner is None else [leaf for part in inner for leaf in leaves(part)]


@given(QUERIES, st.dates())
def test_any_text_is_a_query_or_an_error_that_says_where(text: str, today: date) -> None:
    try:
        meaning = resolve(parse(text), VOCABULARY, today, "m-hm")
    except StoreError as error:
        assert error.code in ("bad-query", "unfinished-query")
        assert error.params["expected"] in EXPECTED
        position = error.params["position"]
        assert isinstance(position, int)
        assert 0 <= position <= len(text)
    else:
        assert all(isinstance(leaf, Word | Compare | Is) for leaf in leaves(meaning))


@given(QUERIES)
def test_an_unfinished_query_fails_at_its_end(text: str) -> None:
    try:
        parse(text)
    except StoreError as error:
        is_at_end = error.params["position"] >= len(text.rstrip())  # type: ignore[operator]
        assert (error.code == "unfinished-query") == is_at_end


@given(QUERIES)
def test_positions_lie_within_the_text(text: str) -> None:
    try:
        node = parse(text).node
    except StoreError:
        return
    assert all(0 <= start <= end <= len(text) for start, end in spans(node))


@given(QUERIES)
def test_a_query_kept_as_text_is_the_same_query(text: str) -> None:
    try:
        node = parse(text).node
    except StoreError:
        return
    again = parse(unparse(node)).node
    assert without_positions(again) == without_positions(node)


FIELD_VALUES = st.builds(
    lambda name, values: Match(name, ":", tuple(Value(value, True, 0, 0) for value in values), 0, 0),
    st.sampled_from([*FIELDS, *sorted(set(PREFIXES.values()))]),
    st.lists(NAMES, min_size=1, max_size=3),
)
TREES = st.recursive(
    st.one_of(FIELD_VALUES, st.builds(lambda text: Word(text, True, 0, 0), NAMES)),
    lambda inner: st.one_of(
        st.builds(lambda node: Not(node, 0, 0), inner),
        st.builds(
            lambda nodes: AllOf(tuple(nodes), 0, 0),
            st.lists(inner.filter(lambda node: not isinstance(node, AllOf)), min_size=2, max_size=3),
        ),
        st.builds(
            lambda nodes: AnyOf(tuple(nodes), 0, 0),
            st.lists(inner.filter(lambda node: not isinstance(node, AnyOf)), min_size=2, max_size=3),
        ),
    ),
    max_leaves=8,
)


@given(TREES)
def test_a_query_that_a_program_builds_reads_back(node: Node) -> None:
    assert without_positions(parse(unparse(node)).node) == node


@given(
    st.lists(
        st.sampled_from(["status:doing", "dept:市场", "due<fri", "p:1,2", "(a | b)", "-x", "is:done"]),
        max_size=6,
    )
)
def test_full_width_punctuation_means_the_same(parts: list[str]) -> None:
    half = " ".join(parts)
    full = half.translate(str.maketrans(":<,()-|", "：＜，（）－｜"))
    assert without_positions(resolve(parse(full), VOCABULARY, TODAY)) == without_positions(
        resolve(parse(half), VOCABULARY, TODAY)
    )


@pytest.mark.parametrize(
    "pattern", ["(", "a-", "-", "x:", '"', "|", "a ", "status:doing,", "((a)|", "名", "-(", "\\"]
)
def test_time_is_bounded_whatever_is_repeated(pattern: str) -> None:
    for length in (2_000, 1_000_000):
        text = pattern * (length // len(pattern))
        started = time.perf_counter()
        try:
            resolve(parse(text), VOCABULARY, TODAY)
        except StoreError as error:
            assert error.code in ("bad-query", "unfinished-query")
        assert time.perf_counter() - started < 2
