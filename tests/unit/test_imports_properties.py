"""Whatever rows a program wrote, the same rows are read; whatever bytes come, no traceback does."""

from __future__ import annotations

import csv
import datetime
import io
import json
import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from store.errors import StoreError
from store.imports.days import parse_moment
from store.imports.detect import read_bytes
from store.imports.mapping import map_columns
from store.imports.rows import read_rows
from store.imports.values import parse_hours, split_checks, split_labels, split_people

HEADER = ["标题", "状态", "备注"]
# What files hold: everything but NUL, half characters, and U+FEFF or U+FFFD, which mean something else in a file.
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0\ufeff\ufffd")
CHINESE = st.text(st.sampled_from("标题状态结账页改版支付接口联调进行中待办，。：；“”（）"), min_size=1)


def cells(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    row = st.lists(text, min_size=len(HEADER), max_size=len(HEADER))
    return st.lists(row.filter(lambda found: any(cell.strip() for cell in found)), max_size=8)


def written(rows: list[list[str]], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *rows])
    return text.getvalue()


def as_read(cell: str) -> str:
    """Return a cell as it should come back: line ends are one newline, a spreadsheet's ="…" is what it shows."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1]
    return cell.replace("\r\n", "\n").replace("\r", "\n")


@given(
    cells(st.text(CHARACTERS)),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
@settings(max_examples=150, deadline=None)
def test_any_rows_come_back_from_any_encoding_that_is_named(
    rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    source = read_bytes(written(rows, delimiter).encode(encoding), "x.csv", encoding=encoding)
    assert [column.name for column in source.columns] == HEADER
    assert [row.cells for row in source.rows] == [[as_read(cell) for cell in row] for row in rows]
    assert source.problems == []


@given(
    cells(st.text(CHARACTERS)),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=150, deadline=None)
def test_any_rows_come_back_from_unicode_without_a_hint(
    rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    data = written(rows, delimiter).encode(encoding)
    assume(sum(byte < 32 and byte not in b"\t\n\r" for byte in data) * 20 < len(data) or encoding == "utf-16")
    source = read_bytes(data, "x")
    assert source.delimiter == delimiter
    assert [row.cells for row in source.rows] == [[as_read(cell) for cell in row] for row in rows]


@given(cells(CHINESE), st.sampled_from([",", "\t"]))
@settings(max_examples=100, deadline=None)
def test_chinese_rows_come_back_from_gb18030_without_a_hint(rows: list[list[str]], delimiter: str) -> None:
    data = written(rows, delimiter).encode("gb18030")
    source = read_bytes(data, "x")
    assert source.encoding == "gb18030"
    assert [row.cells for row in source.rows] == rows


@given(cells(st.text(string.printable)), st.integers(0, 400), st.sampled_from(['"', "\n", ",", '""', "\r"]))
@settings(max_examples=150, deadline=None)
def test_a_stray_character_costs_no_row_silently(rows: list[list[str]], at: int, stray: str) -> None:
    rows = [[f"T{number}", "待办", f"[{cell}"] for number, (cell, *_) in enumerate(rows)]
    rows = [
        [title, status, cell.replace('"', "").replace("\r", "").replace("\n", "")]
        for title, status, cell in rows
    ]
    text = written(rows, ",")
    at = min(max(at, text.index("\n") + 1), len(text))
    source = read_bytes((text[:at] + stray + text[at:]).encode(), "x.csv")
    said = "".join(str(cell) for row in source.rows for cell in row.cells).replace(stray, "")
    torn = {problem.row for problem in source.problems}
    assert torn or all(f"T{number}" in said for number in range(len(rows)))
    assert len(source.rows) >= len(rows) - 2


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_rows_or_one_error(data: bytes) -> None:
    try:
        source = read_bytes(data, "x.csv")
    except StoreError:
        return
    read_rows(source, map_columns(source), datetime.UTC)


KEYS = (
    "title status comments checklist labels due priority owner id archived fields parent effort created cards lists "
    "actions idMembers idList idLabels members name data card text type id idCard checkItems pos closed "
    "customFieldItems"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS.split()) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=30,
)


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_any_json_is_rows_or_one_error(value: object) -> None:
    try:
        source = read_bytes(json.dumps(value).encode(), "x.json")
    except StoreError:
        return
    for draft in read_rows(source, map_columns(source), datetime.UTC).drafts:
        assert draft.title.strip()
        draft.title.encode()


@given(
    st.dictionaries(st.sampled_from(["cards", "lists", "actions", "members", "labels", "checklists"]), JSON)
)
@settings(max_examples=200, deadline=None)
def test_any_board_is_rows_or_one_error(parts: dict[str, object]) -> None:
    board = {"cards": [], "lists": [], "actions": [], **parts}
    try:
        source = read_bytes(json.dumps(board).encode(), "x.json")
    except StoreError:
        return
    read_rows(source, map_columns(source), datetime.UTC)


@given(st.datetimes(timezones=st.just(datetime.UTC)))
def test_every_instant_in_iso_form_is_read_back(at: datetime.datetime) -> None:
    moment = parse_moment(at.isoformat())
    assert moment is not None
    assert moment.instant == at.replace(microsecond=0)
    assert datetime.datetime.fromisoformat(moment.iso_instant(datetime.UTC)) == moment.instant


@given(
    st.dates(min_value=datetime.date(1000, 1, 1)),
    st.sampled_from(["%Y/%m/%d", "%d %b %Y", "%b %d, %Y", "%Y年%m月%d日", "%Y%m%d"]),
)
def test_every_day_is_read_back_in_its_spellings(day: datetime.date, form: str) -> None:
    assume(form != "%Y%m%d" or 1900 <= day.year < 2100)
    moment = parse_moment(day.strftime(form))
    assert moment is not None
    assert moment.iso_day(datetime.UTC) == day.isoformat()


@given(st.text())
@pytest.mark.parametrize("parse", [parse_moment, parse_hours, split_labels, split_people, split_checks])
def test_no_text_upsets_a_reader_of_cells(parse: object, text: str) -> None:
    parse(text)  # type: ignore[operator]
