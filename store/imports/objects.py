"""JSON becomes rows: a list of objects, an object that holds such a list, one object a line, or a list of titles.

A record that is broken is reported by its number and the others are read, as with a spreadsheet.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from store.errors import StoreError
from store.imports.source import MAX_COLUMNS, MAX_ROWS, Problem, Row, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 60
_PATIENCE = 20  # times the text may be scanned in search of the next sound record
# What tools call the list of records in an object that also holds users, projects and so on.
_LIST_NAMES = ("items", "tasks", "issues", "cards", "records", "results", "rows", "data", "stories", "bugs")
_ELEMENT = re.compile(r"[\s,]*")
_NEXT_OBJECT = re.compile(r",\s*(?=\{)")
_decode = json.JSONDecoder().raw_decode


class Records(NamedTuple):
    """The header and rows of JSON records, and whether they were one a line."""

    header: list[str]
    rows: list[Row]
    problems: list[Problem]
    by_line: bool


def parse(text: str) -> object:
    """Return the JSON value of a whole text. Raises StoreError when it is not JSON or is nested without measure."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise StoreError("file-not-json", line=error.lineno, column=error.colno, why=error.msg) from error
    except (ValueError, RecursionError) as error:
        raise StoreError("file-not-json", line=1, column=1, why=_why(error)) from error


def read_records(text: str) -> Records:
    """Return the records of JSON text."""
    text = text.lstrip("\ufeff \t\r\n")
    problems: list[Problem] = []
    by_line = False
    try:
        found = list(enumerate(_listed(parse(text)), 1))
    except StoreError:
        if text.startswith("["):
            found = list(_salvage(text, problems))
        else:
            found = list(_lines(text, problems))
            by_line = True
        if not found:
            raise
    if found and all(isinstance(value, str) for _, value in found):
        return Records(
            ["title"], [Row(number, [_cleaned(title)]) for number, title in found], problems, by_line
        )
    if found and isinstance(found[0][1], list):
        return _matrix(found, problems)
    return _table(found, problems, by_line)


def _listed(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise StoreError("file-empty", why="not-records")
    lists = {
        key: part
        for key, part in value.items()
        if isinstance(part, list) and part and isinstance(part[0], dict)
    }
    for name in _LIST_NAMES:
        if name in lists:
            return lists[name]
    if "title" in value or "name" in value or "summary" in value or not lists:
        return [value]
    return max(lists.values(), key=len)


def _lines(text: str, problems: list[Problem]) -> Iterator[tuple[int, object]]:
    # Only \n ends a line: JSON strings may hold U+2028 and others that `splitlines` would break at.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(number, "bad-json", value=_why(error)))


def _salvage(text: str, problems: list[Problem]) -> Iterator[tuple[int, object]]:
    """Yield what can be read of a list that has a broken record or was cut off."""
    at, number, left = 1, 0, _PATIENCE * len(text)
    keys: set[str] = set()
    while left > 0:
        at = _ELEMENT.match(text, at).end()  # type: ignore[union-attr]
        if at >= len(text) or text[at] == "]":
            return
        number += 1
        try:
            value, at = _decode(text, at)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(number, "bad-json", value=_why(error)))
            # The next object with the keys of the others; an object inside the broken one has keys of its own.
            for following in _NEXT_OBJECT.finditer(text, at):
                try:
                    value, end = _decode(text, following.end())
                except (ValueError, RecursionError) as failure:
                    left -= max(getattr(failure, "pos", len(text)) - following.end(), 1)
                    if left <= 0:
                        return
                    continue
                left -= end - following.end()
                if isinstance(value, dict) and (not keys or len(keys & value.keys()) * 2 >= len(keys)):
                    number += 1
                    at = end
                    yield number, value
                    break
            else:
                return
            continue
        if isinstance(value, dict):
            keys = keys or set(value)
        yield number, value


def _matrix(found: list[tuple[int, object]], problems: list[Problem]) -> Records:
    header = [str(cell) for cell in found[0][1]]  # type: ignore[attr-defined]
    rows = []
    for number, cells in found[1:]:
        if isinstance(cells, list) and fits_depth(cells):
            rows.append(Row(number, [_cleaned(cell) for cell in cells[: len(header)]]))
        else:
            problems.append(Problem(number, "not-a-record", value=excerpt(cells)))
    return Records(header, rows, problems, by_line=False)


def _table(found: list[tuple[int, object]], problems: list[Problem], by_line: bool) -> Records:
    places: dict[str, int] = {}
    rows: list[Row] = []
    for number, record in found:
        if not isinstance(record, dict):
            problems.append(Problem(number, "not-a-record", value=excerpt(record)))
            continue
        if not fits_depth(record):
            problems.append(Problem(number, "bad-json", value=f"nested deeper than {MAX_DEPTH}"))
            continue
        inner = record.get("fields")
        if isinstance(inner, dict):  # Jira's and Azure's own interfaces put the fields one level down
            record = {**record, **inner}
            del record["fields"]
        cells: list[object] = [None] * len(places)
        for key, value in record.items():
            name = clean(str(key))
            if name not in places:
                if len(places) >= MAX_COLUMNS:
                    raise StoreError("file-too-wide", limit=MAX_COLUMNS)
                places[name] = len(places)
                cells.append(None)
            cells[places[name]] = _cleaned(value)
        rows.append(Row(number, cells))
        if len(rows) > MAX_ROWS:
            raise StoreError("file-too-long", limit=MAX_ROWS)
    return Records(list(places), rows, problems, by_line)


def fits_depth(value: object) -> bool:
    """Return whether a JSON value is nested no deeper than people and programs can follow."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)  # type: ignore[attr-defined]
            if isinstance(child, dict | list)
        ]
        if not level:
            return True
    return False


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    if isinstance(value, dict):
        return {clean(str(key)): _cleaned(part) for key, part in value.items()}
    return value


def excerpt(value: object) -> str:
    """Return the beginning of a JSON value as the file has it, to show what stands where a record should."""
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, dict | list) else "[…]"
    return text if len(text) <= 40 else text[:39] + "…"


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (column {error.colno})"
    return "nested too deep" if isinstance(error, RecursionError) else "a number with too many digits"
