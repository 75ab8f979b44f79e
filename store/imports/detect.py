"""A path becomes a source: what kind of file it is, told from its content; its name only decides a tie."""

from __future__ import annotations

import os
import stat

from store.errors import StoreError
from store.imports.ganttproject import SKIPPED as GANTT_SKIPPED
from store.imports.ganttproject import is_gantt, read_gantt
from store.imports.mapping import recognise_tool
from store.imports.msproject import SKIPPED as PROJECT_SKIPPED
from store.imports.msproject import is_project, read_project
from store.imports.objects import parse, read_records
from store.imports.source import (
    CSV,
    JSON,
    JSON_LINES,
    MAX_BYTES,
    TSV,
    Problem,
    Row,
    Source,
    clean,
    make_columns,
)
from store.imports.table import read_table
from store.imports.text import Text, decode
from store.imports.trello import is_board, read_board
from store.imports.xml import declared_encoding, looks_like_xml, parse_xml

_OLE = b"\xd0\xcf\x11\xe0"  # how Microsoft's older programs save everything


def read(path: str, *, encoding: str | None = None, delimiter: str = "") -> Source:
    """Return the columns and rows of an export; `encoding` and `delimiter` are told from the file unless given.

    Raises StoreError: cannot-open, file-too-large, file-not-text, file-is-mpp, unknown-encoding, file-not-json,
    file-not-xml, file-has-doctype, file-empty, file-too-wide, file-too-long.
    """
    try:
        with open(path, "rb") as file:
            kind = os.fstat(file.fileno())
            if not stat.S_ISREG(kind.st_mode):
                raise StoreError("cannot-open", path=path, why="not a regular file")
            if kind.st_size > MAX_BYTES:
                raise StoreError("file-too-large", path=path, size=kind.st_size, limit=MAX_BYTES)
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise StoreError(
            "cannot-open", path=path, why=getattr(error, "strerror", "") or str(error)
        ) from error
    return read_bytes(data, os.path.basename(path), encoding=encoding, delimiter=delimiter)


def read_bytes(data: bytes, name: str, *, encoding: str | None = None, delimiter: str = "") -> Source:
    """Return the columns and rows of an export's bytes; `name` is what people call the file."""
    if len(data) > MAX_BYTES:
        raise StoreError("file-too-large", path=name, size=len(data), limit=MAX_BYTES)
    if data.startswith(_OLE) and name.lower().endswith((".mpp", ".mpt")):
        raise StoreError("file-is-mpp", path=name)
    if looks_like_xml(data):
        source = _xml(decode(data, encoding or declared_encoding(data)), name)
        _note_unreadable(source)
        return source
    text, used = decode(data, encoding)
    if not text.strip("\ufeff\0 \t\r\n"):
        raise StoreError("file-empty", path=name, why="empty")
    source = _json(text, name, used) if _looks_like_json(text) else _delimited(text, name, used, delimiter)
    source.tool = source.tool or recognise_tool([column.name for column in source.columns])
    _note_unreadable(source)
    return source


def _xml(decoded: Text, name: str) -> Source:
    """Return a plan in XML as columns and rows; other documents hold nothing that could be told to be items."""
    root = parse_xml(decoded.text, PROJECT_SKIPPED | GANTT_SKIPPED)
    if is_project(root):
        return read_project(root, name, decoded.encoding)
    if is_gantt(root):
        return read_gantt(root, name, decoded.encoding)
    raise StoreError("file-not-text", kind="xml")


def _looks_like_json(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:200]
    if start.startswith("{"):
        return True
    return start.startswith("[") and start[1:].lstrip()[:1] in ("{", "[", "]", '"', "")


def _json(text: str, name: str, encoding: str) -> Source:
    if '"cards"' in text and '"lists"' in text:
        try:
            board = parse(text.lstrip("\ufeff \t\r\n"))
        except StoreError:
            if not text.lstrip("\ufeff \t\r\n").startswith("["):
                raise
            board = None
        if is_board(board):
            return read_board(board, name, encoding)  # type: ignore[arg-type]
    records = read_records(text)
    return Source(
        name=name,
        format=JSON_LINES if records.by_line else JSON,
        encoding=encoding,
        delimiter="",
        columns=make_columns(records.header),
        rows=records.rows,
        problems=records.problems,
    )


def _delimited(text: str, name: str, encoding: str, delimiter: str) -> Source:
    extension = os.path.splitext(name)[1].lower()
    usual = {".csv": ",", ".tsv": "\t", ".tab": "\t"}.get(extension, "")
    table = read_table(text.replace("\0", "\N{REPLACEMENT CHARACTER}"), delimiter=delimiter, usual=usual)
    return Source(
        name=name,
        format=TSV if table.delimiter == "\t" else CSV,
        encoding=encoding,
        delimiter=table.delimiter,
        columns=make_columns([clean(cell) for cell in table.header]),
        rows=[Row(row.number, [_clean_cell(cell) for cell in row.cells]) for row in table.rows],
        problems=table.problems,
    )


def _clean_cell(cell: object) -> object:
    if isinstance(cell, str):
        if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
            cell = cell[2:-1]  # how programs keep a spreadsheet from reading 0012 as a number
        return clean(cell) if "\r" in cell or not cell.isascii() else cell
    return [clean(part) for part in cell] if isinstance(cell, list) else cell


def _note_unreadable(source: Source) -> None:
    for row in source.rows:
        if any("\ufffd" in cell for cell in row.cells if isinstance(cell, str)):
            source.problems.append(Problem(row.number, "unreadable-characters"))
