"""JSON of any tool: lists, wrapped lists, lines, and what breaks them."""

from __future__ import annotations

import json

import pytest

from store.errors import StoreError
from store.imports.detect import read_bytes
from store.imports.source import Source


def read_json(value: object, name: str = "x.json") -> Source:
    return read_bytes(json.dumps(value, ensure_ascii=False).encode(), name)


def column(source: Source, name: str) -> list[list[object]]:
    found = source.column(name)
    assert found is not None
    return [row.values(found) for row in source.rows]


def test_a_list_of_objects_is_a_table_of_every_key_seen() -> None:
    source = read_json([{"title": "a", "state": "open"}, {"title": "b", "tags": ["x", "y"]}])
    assert [found.name for found in source.columns] == ["title", "state", "tags"]
    assert column(source, "tags") == [[], [["x", "y"]]]
    assert [row.number for row in source.rows] == [1, 2]


@pytest.mark.parametrize("wrap", ["tasks", "items", "issues", "anything"])
def test_the_list_inside_an_object_is_found(wrap: str) -> None:
    source = read_json({"exported": "2026-01-01", "users": [], wrap: [{"title": "a"}, {"title": "b"}]})
    assert column(source, "title") == [["a"], ["b"]]


def test_one_object_is_one_record() -> None:
    assert column(read_json({"title": "a", "comments": [{"text": "x"}]}), "title") == [["a"]]


def test_one_object_a_line() -> None:
    source = read_bytes('{"title": "a\u2028b"}\n\n{"title": "c"}\n'.encode(), "x.jsonl")
    assert source.format == "jsonl"
    assert column(source, "title") == [["a\u2028b"], ["c"]]
    assert [row.number for row in source.rows] == [1, 3]


def test_a_broken_line_is_reported_by_number_and_the_rest_read() -> None:
    source = read_bytes(b'{"title": "a"}\n{"title": \n{"title": "c"}\n', "x.jsonl")
    assert column(source, "title") == [["a"], ["c"]]
    assert [(problem.row, problem.code) for problem in source.problems] == [(2, "bad-json")]


def test_a_broken_record_in_a_list_is_reported_and_the_rest_read() -> None:
    text = '[{"title": "a", "id": 1},\n {"title": "b" "id": {"title": "inner"}},\n {"title": "c", "id": 3}]'
    source = read_bytes(text.encode(), "x.json")
    assert column(source, "title") == [["a"], ["c"]]
    assert [(problem.row, problem.code) for problem in source.problems] == [(2, "bad-json")]
    assert [row.number for row in source.rows] == [1, 3]


def test_a_list_that_was_cut_off_gives_what_it_still_has() -> None:
    source = read_bytes(b'[{"title": "a"}, {"title": "b"}, {"title": "c', "x.json")
    assert column(source, "title") == [["a"], ["b"]]
    assert [problem.row for problem in source.problems] == [3]


def test_what_is_not_an_object_is_reported() -> None:
    source = read_json([{"title": "a"}, "b", None, 3, {"title": "c"}])
    assert column(source, "title") == [["a"], ["c"]]
    assert [(problem.row, problem.code) for problem in source.problems] == [
        (2, "not-a-record"), (3, "not-a-record"), (4, "not-a-record"),
    ]  # fmt: skip


def test_rows_of_cells_under_a_header_are_a_table() -> None:
    assert column(read_json([["标题", "状态"], ["改版", "待办"]]), "标题") == [["改版"]]


def test_fields_one_level_down_are_found() -> None:
    source = read_json({"issues": [{"key": "A-1", "fields": {"summary": "x", "status": {"name": "Done"}}}]})
    assert column(source, "summary") == [["x"]]


@pytest.mark.parametrize("depth", [10_000, 100_000])
def test_json_nested_without_measure_is_an_error_or_a_reported_row(depth: int) -> None:
    with pytest.raises(StoreError, match="file-not-json"):
        read_bytes(b"[" * depth, "x.json")
    row = b'{"title": "deep", "x": ' + b"[" * depth + b"]" * depth + b"}"
    source = read_bytes(b'[{"title": "a", "x": 1}, ' + row + b', {"title": "c", "x": 2}]', "x.json")
    assert column(source, "title") == [["a"], ["c"]]
    assert [problem.row for problem in source.problems] == [2]


def test_a_value_too_deep_to_follow_is_reported() -> None:
    deep: object = 1
    for _ in range(200):
        deep = [deep]
    source = read_json([{"title": "a"}, {"title": "b", "x": deep}])
    assert column(source, "title") == [["a"]]


def test_half_characters_and_nuls_are_replaced() -> None:
    source = read_bytes(b'[{"title": "a\\ud800b\\u0000c", "\\udfff": "x"}]', "x.json")
    [[title]] = column(source, "title")
    assert title == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    for found in source.columns:
        found.name.encode()


def test_a_number_with_too_many_digits_costs_its_row_only() -> None:
    source = read_bytes(
        b'[{"title": "a"}, {"title": "b", "n": ' + b"9" * 6_000 + b'}, {"title": "c"}]', "x.json"
    )
    assert column(source, "title") == [["a"], ["c"]]


def test_a_list_of_texts_is_a_list_of_titles() -> None:
    assert column(read_json(["改版", "联调"]), "title") == [["改版"], ["联调"]]


@pytest.mark.parametrize("data", [b"{", b'{"title": }', b'{"a": 1', b"[{", b"3", b"[1"])
def test_broken_json_without_a_record_is_one_error(data: bytes) -> None:
    source = None
    try:
        source = read_bytes(data, "x.json")
    except StoreError as error:
        assert error.code == "file-not-json"
    assert source is None or source.format == "csv"


@pytest.mark.parametrize("data", [b"[]", b"{}", b"[{}]"])
def test_json_with_nothing_in_it_has_no_rows_worth_a_title(data: bytes) -> None:
    assert read_bytes(data, "x.json").columns == []
