"""Delimited text becomes rows: comma, semicolon, tab or bar, told from the text; torn quotes cost one row at most.

A quote that is opened and never closed would swallow every row after it. Such a row is found, reported and, where its
cells still count up without quotes, kept; reading goes on with the next line.
"""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from typing import NamedTuple

from store.errors import StoreError
from store.imports.mapping import is_known_header
from store.imports.source import MAX_ROWS, Problem, Row

DELIMITERS = (",", ";", "\t", "|", "，", "；")
_NONE = "\x1f"  # the unit separator: a table of one column
_SAMPLE_RECORDS = 40
_HEADER_WITHIN = 10  # a banner above the header is a few lines at most
_RESTARTS = 1_000


class Table(NamedTuple):
    """The header and the rows of delimited text."""

    delimiter: str
    header: list[str]
    rows: list[Row]
    problems: list[Problem]


class _Record(NamedTuple):
    number: int  # as a spreadsheet counts: the first record is 1
    cells: list[str]


def read_table(text: str, *, delimiter: str = "", usual: str = "") -> Table:
    """Return the table in `text`.

    `delimiter` is used without guessing. `usual` is what the file's name promises: it decides a tie, and without it
    text whose lines do not look like a table is a list, one item a line.
    """
    # The limit is the csv module's own global; a cell can never be longer than the text.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    lines = list(io.StringIO(text, newline=""))
    declared = re.fullmatch(r"sep=(.)", lines[0].strip('\r\n\ufeff"')) if lines else None
    skipped = 0
    if declared:  # Excel's own first line
        delimiter = delimiter or declared[1]
        lines, skipped = lines[1:], 1
    delimiter = delimiter or sniff(lines, usual)
    records, problems = _records(lines, delimiter or _NONE, skipped)
    place = header_place([record.cells for record in records[:_HEADER_WITHIN]])
    if place is None:
        return Table(delimiter, [], [], problems)
    header = list(records[place].cells)
    width = len(header)
    if width == 1 and not is_known_header(header[0]):  # a plain list of lines has no header
        header, place = ["title"], place - 1
    rows: list[Row] = []
    for record in records[place + 1 :]:
        cells: list[object] = list(record.cells)
        if not any(cell and not cell.isspace() for cell in record.cells):
            continue
        beyond = [cell for cell in record.cells[width:] if cell]
        if beyond:
            problems.append(Problem(record.number, "extra-cells"))
            cells[width:] = [beyond]
            header[width:] = [""]
        rows.append(Row(record.number, cells))
    return Table(delimiter, header, rows, problems)


def sniff(lines: list[str], usual: str = "") -> str:
    """Return the delimiter under which the first records look most like a table, or '' when none does."""
    best, best_score = "", (0, 0.0, 0)
    for delimiter in dict.fromkeys((usual, *DELIMITERS) if usual else DELIMITERS):
        # An unclosed quote could make one record of the whole file; the sample bounds what that costs.
        reader = csv.reader(islice(lines, 50 * _SAMPLE_RECORDS), delimiter=delimiter)
        records = [record for record in islice(reader, _SAMPLE_RECORDS) if record]
        place = header_place(records[:_HEADER_WITHIN])
        if place is None or len(records[place]) < 2:
            continue
        width = len(records[place])
        known = sum(map(is_known_header, records[place]))
        following = records[place + 1 :]
        even = sum(len(record) == width for record in following) / len(following) if following else 1.0
        if not known and not usual and even < 0.8:
            continue  # prose with commas, not a table
        score = (known, round(even, 1), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def header_place(records: list[list[str]]) -> int | None:
    """Return which record is the header: the first not empty, unless it is a banner and a later one names columns."""
    first = None
    for place, record in enumerate(records):
        filled = [cell for cell in record if cell.strip()]
        known = sum(map(is_known_header, filled))
        if not filled:
            continue
        if first is None:
            if known and (len(filled) > 1 or len(record) == 1):
                return place
            first = place
        elif len(filled) > 1 and known * 2 >= min(len(filled), 6):
            return place
    return first


def _records(lines: list[str], delimiter: str, skipped: int) -> tuple[list[_Record], list[Problem]]:
    records: list[_Record] = []
    problems: list[Problem] = []
    start, number, base, width = 0, skipped, 0, 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while start < len(lines):
        number += 1
        try:
            cells = next(reader)
            start = base + reader.line_num
        except StopIteration:
            break
        except csv.Error:
            cells, start, problem = _torn(lines, start, base + reader.line_num, delimiter, width)
            problems.append(Problem(number, problem))
            base = start
            # A file torn this often is not worth reading twice each time: the rest is taken as it comes.
            patient = len(problems) < _RESTARTS
            reader = csv.reader(islice(lines, base, None), delimiter=delimiter, strict=patient)
        width = width or len(cells)
        records.append(_Record(number, cells))
        if len(records) > MAX_ROWS:
            raise StoreError("file-too-long", limit=MAX_ROWS)
    return records, problems


def _torn(lines: list[str], start: int, end: int, delimiter: str, width: int) -> tuple[list[str], int, str]:
    """Return the cells of a record whose quotes do not pair, where the next record starts, and what to report.

    Either the record really ends where the reader stopped and has a stray quote, or a quote was never closed and the
    reader ran into later rows: the number of cells tells which.
    """
    cells = next(csv.reader(lines[start:end], delimiter=delimiter), [])
    if end == start + 1 and (len(cells) == width or not width):
        return cells, end, "quote-repaired"
    literal = next(csv.reader(lines[start : start + 1], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    if width and len(literal) == width:
        return literal, start + 1, "quote-repaired"
    if len(cells) == width and not _unclosed(lines[start:end], delimiter):
        return cells, end, "quote-repaired"
    return [], start + 1, "unclosed-quote"


def _unclosed(lines: list[str], delimiter: str) -> bool:
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
