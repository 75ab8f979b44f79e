"""Delimited text: every row comes through, torn ones included."""

from __future__ import annotations

import csv
import datetime
import io

import pytest

from store.errors import StoreError
from store.imports.detect import read, read_bytes
from store.imports.mapping import map_columns
from store.imports.rows import read_rows
from store.imports.source import Problem, Source
from store.imports.table import read_table


def rows_of(text: str, name: str = "a.csv") -> list[list[object]]:
    return [row.cells for row in read_bytes(text.encode(), name).rows]


def codes(source: Source) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in source.problems]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，", "；"])
def test_the_delimiter_is_told_from_the_text(delimiter: str) -> None:
    lines = [["标题", "状态", "备注"], ["改版", "待办", "a.b"], ["联调", "进行中", "c"]]
    source = read_bytes("\n".join(delimiter.join(line) for line in lines).encode(), "x")
    assert source.delimiter == delimiter
    assert [column.name for column in source.columns] == lines[0]
    assert [row.cells for row in source.rows] == lines[1:]


def test_commas_in_a_semicolon_file_stay_text() -> None:
    assert rows_of("title;status\nwrite, test, ship;Done\nb;Todo\n") == [
        ["write, test, ship", "Done"],
        ["b", "Todo"],
    ]


def test_excels_own_first_line_names_the_delimiter() -> None:
    source = read_bytes(b"sep=;\r\ntitle;note\r\na,b;c\r\n", "x.csv")
    assert source.rows[0].cells == ["a,b", "c"]
    assert source.rows[0].number == 3


def test_cells_may_hold_lines_quotes_and_delimiters() -> None:
    assert rows_of('title,desc\n"a, ""b""","1.\n2.\r\n3."\n') == [['a, "b"', "1.\n2.\n3."]]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    source = read_bytes(b'title,desc\na,"x\ny\nz"\n\nb,c\n', "x.csv")
    assert [row.number for row in source.rows] == [2, 4]


def test_a_quote_that_is_never_closed_costs_no_other_row() -> None:
    source = read_bytes(b'title,status\na,Todo\n"b,Todo\nc,Done\nd,Done\n', "x.csv")
    assert [row.cells[0] for row in source.rows] == ["a", '"b', "c", "d"]
    assert codes(source) == [(3, "quote-repaired")]


def test_a_torn_row_that_cannot_be_read_is_reported_by_number_and_the_rest_read() -> None:
    source = read_bytes(b'title,status\na,Todo\n"b\nc,Done\nd,Done\n', "x.csv")
    assert [row.cells[0] for row in source.rows] == ["a", "c", "d"]
    assert source.problems == [Problem(3, "unclosed-quote")]
    assert source.problems[0].lost


def test_an_open_quote_does_not_run_into_a_later_quoted_cell() -> None:
    source = read_bytes(b'title,status,x\n"a,Todo,1\nb,Todo,2\n"c, with comma",Done,3\n', "x.csv")
    assert [row.cells[0] for row in source.rows] == ['"a', "b", "c, with comma"]


def test_a_stray_quote_after_a_quoted_cell_is_repaired() -> None:
    source = read_bytes(b'title,status\n"12" disk",Done\nb,Todo\n', "x.csv")
    assert [row.cells[1] for row in source.rows] == ["Done", "Todo"]
    assert codes(source) == [(2, "quote-repaired")]


def test_thousands_of_torn_rows_are_read_in_reasonable_time() -> None:
    text = "title,status\n" + "".join(f'"broken {n}\nfine {n},Done\n' for n in range(3_000))
    source = read_bytes(text.encode(), "x.csv")
    assert sum(str(row.cells[0]).startswith("fine") for row in source.rows) >= 1_000


def test_short_rows_are_padded_and_long_rows_keep_their_extra_cells() -> None:
    source = read_bytes(b"id,title,status,due\n1,a\n2,b,Done,,left,over\n", "x.csv")
    status = source.column("status")
    extra = source.column("Column 5")
    assert status is not None
    assert extra is not None
    assert source.rows[0].values(status) == []
    assert source.rows[1].values(extra) == [["left", "over"]]
    assert codes(source) == [(3, "extra-cells")]


def test_repeated_headers_are_one_column_with_several_values() -> None:
    source = read_bytes(b"Summary,Labels,Labels,Labels\nx,a,,b\n", "x.csv")
    labels = source.column("Labels")
    assert labels is not None
    assert source.rows[0].values(labels) == ["a", "b"]


def test_a_banner_above_the_header_is_skipped() -> None:
    source = read_bytes("2026 年任务清单,,\n,,\n标题,状态,负责人\n改版,待办,李雷\n".encode(), "x.csv")
    assert [column.name for column in source.columns] == ["标题", "状态", "负责人"]
    assert [row.number for row in source.rows] == [4]


def test_the_first_row_is_the_header_even_when_no_word_of_it_is_known() -> None:
    source = read_bytes(b"foo,bar\n1,2\n", "x.csv")
    assert [column.name for column in source.columns] == ["foo", "bar"]


def test_plain_lines_are_a_list_and_lose_no_line() -> None:
    source = read_bytes(b"Buy milk, eggs\nCall Bob\nWrite, test, ship\n", "todo.txt")
    assert [row.cells for row in source.rows] == [["Buy milk, eggs"], ["Call Bob"], ["Write, test, ship"]]


def test_a_column_of_titles_needs_no_delimiter() -> None:
    assert rows_of("标题\n改版，含结账\n联调, 压测\n") == [["改版，含结账"], ["联调, 压测"]]


def test_numbers_kept_from_a_spreadsheet_by_a_formula_are_text() -> None:
    assert rows_of('编号,标题\n="0012",改版\n"=""0013""",联调\n') == [["0012", "改版"], ["0013", "联调"]]


def test_nul_bytes_are_shown_and_reported_not_swallowed() -> None:
    source = read_bytes(b"title,status\na\0b,Done\n", "x.csv")
    assert source.rows[0].cells[0] == "a\N{REPLACEMENT CHARACTER}b"
    assert codes(source) == [(2, "unreadable-characters")]


def test_a_cell_of_megabytes_is_read() -> None:
    source = read_bytes(b"title,desc\na," + b"x" * 3_000_000 + b"\nb,c\n", "x.csv")
    assert len(str(source.rows[0].cells[1])) == 3_000_000
    assert len(source.rows) == 2


def test_cells_made_to_trip_patterns_are_read_in_time() -> None:
    hostile = ["(" * 500_000, " " * 500_000 + "x", "- " + " " * 500_000 + "x", "1" * 500_000, "a /" * 200_000]
    header = b"title,owner,checklist,effort,labels,due,priority,type,comment,parent\n"
    row = b"a," + ",".join(hostile + hostile[:4]).encode() + b"\n"
    source = read_bytes(header + row * 3, "x.csv")
    assert len(read_rows(source, map_columns(source), datetime.UTC).drafts) == 3


def test_a_row_of_a_million_cells_widens_nothing() -> None:
    source = read_bytes(b"title,status\na,Done" + b",x" * 1_000_000 + b"\nb,Todo\n", "x.csv")
    assert len(source.columns) == 3
    assert len(source.rows) == 2


def test_a_header_of_thousands_of_columns_is_refused() -> None:
    with pytest.raises(StoreError, match="file-too-wide"):
        read_bytes((",".join(f"c{n}" for n in range(5_000)) + "\n").encode(), "x.csv")


def test_old_mac_line_ends_end_lines() -> None:
    assert rows_of("title,status\ra,Done\rb,Todo\r") == [["a", "Done"], ["b", "Todo"]]


@pytest.mark.parametrize("path", ["missing.csv", ".", "a\0b", "/dev/zero"])
def test_a_path_that_is_no_readable_file_is_one_error(path: str) -> None:
    with pytest.raises(StoreError, match="cannot-open"):
        read(path)


def test_the_csv_module_is_left_able_to_read_long_cells_elsewhere() -> None:
    before = csv.field_size_limit()
    read_table("title\nx\n")
    assert csv.field_size_limit() >= before
    assert next(csv.reader(io.StringIO("a,b"))) == ["a", "b"]
