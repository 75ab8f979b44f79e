"""What a file holds once it is read and before anyone says which column means what.

Every format becomes the same shape, named columns and numbered rows, so that mapping, preview and loading exist once.
A cell of a CSV file is text; a cell of a JSON file may be any JSON value, and a Trello board's comments and checklists
are lists of objects.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from store.errors import StoreError

MAX_BYTES = 128 * 1024 * 1024
MAX_COLUMNS = 2_000
MAX_ROWS = 1_000_000

TRELLO, JSON, JSON_LINES, CSV, TSV = "trello", "json", "jsonl", "csv", "tsv"
MSPROJECT, GANTTPROJECT = "msproject", "ganttproject"
PLANS = (MSPROJECT, GANTTPROJECT)


def N_(text: str) -> str:
    """Mark a sentence for translation where no language is chosen yet."""
    return text


# Everything that may be said about a row. The edge translates the sentence and fills it with the problem's fields.
PROBLEMS = {
    # Not imported: there was nothing sound to import.
    "not-a-record": N_("is not a record, but {value}"),
    "unclosed-quote": N_("opens a quote that is never closed"),
    "bad-json": N_("is not JSON: {value}"),
    "no-content": N_("has no title and nothing that could serve as one"),
    "no-task-id": N_("is no task of its own: its number “{value}” is missing or stands in an earlier one"),
    # Imported, and this is worth knowing.
    "quote-repaired": N_("has quotes that do not pair; they were kept as they are"),
    "extra-cells": N_("has more cells than the header; the rest was kept as custom fields"),
    "unreadable-characters": N_(
        "has characters that could not be read; they show as \N{REPLACEMENT CHARACTER}"
    ),
    "no-title": N_("has no title; “{value}” was used"),
    "not-a-date": N_("{column}: “{value}” is not a date; kept as a custom field"),
    "not-a-number": N_("{column}: “{value}” is not a number in range; kept as a custom field"),
    "unknown-word": N_("{column}: “{value}” is not known; kept as a custom field"),
    "too-long": N_("{column}: cut, it was longer than {value} characters"),
    "no-parent": N_("{column}: “{value}” is not a row of this file; kept as a custom field"),
    "own-parent": N_("{column}: “{value}” would make a circle; kept as a custom field"),
    "no-predecessor": N_("{column}: “{value}” is not in this file; the link was left out"),
    "trashed-predecessor": N_("{column}: “{value}” is in the trash here; the link was left out"),
    "unknown-link": N_("{column}: the link to “{value}” is of a type that nobody knows; left out"),
    "long-lag": N_("{column}: the lag of the link to “{value}” is longer than any plan; left out"),
    "lag-rounded": N_("{column}: a lag of {value} days was rounded to whole working days"),
    "link-circle": N_("{column}: waiting for “{value}” would close a circle; left out"),
    "link-own-part": N_("{column}: “{value}” is a part of it, or it of that, so neither waits; left out"),
    "link-on-parent": N_("{column}: it has parts, and they decide when it finishes, not “{value}”; left out"),
    "own-calendar": N_(
        "took {value} days by a calendar of its own; the working days it lasts were taken instead"
    ),
    "other-week": N_("The week of this plan is not Monday to Friday; here Saturdays and Sundays are free"),
    "odd-day": N_("A day off repeats in a way that is not known here: {value}; left out"),
    "repeated-key": N_("{column}: “{value}” stands in an earlier row too; imported as an item of its own"),
    "in-trash": N_("was changed in the file, but is in the trash here; left there"),
    "cut-off": N_("the exporter stopped at {value} actions; older comments may be missing from the file"),
}
# Problems after which the row is not imported.
FATAL = frozenset({"not-a-record", "unclosed-quote", "bad-json", "no-content", "no-task-id"})


class Problem(NamedTuple):
    """One thing to know about a row: `code` names a sentence of `PROBLEMS`. Row 0 means the whole file."""

    row: int
    code: str
    column: str = ""
    value: str = ""

    @property
    def lost(self) -> bool:
        """Return whether the row was not imported because of it."""
        return self.code in FATAL

    def __str__(self) -> str:
        sentence = PROBLEMS[self.code].format(column=self.column, value=self.value)
        return f"row {self.row}: {sentence}" if self.row else sentence


class Column(NamedTuple):
    """A column by its name in the file; a name that is repeated (Jira's Labels) is one column with several places."""

    name: str
    places: tuple[int, ...]


class Row(NamedTuple):
    """One record. `number` is what a person calls it: the spreadsheet's row, the line or the place in the list."""

    number: int
    cells: list[object]

    def values(self, column: Column) -> list[object]:
        """Return the column's filled cells of this row."""
        cells = self.cells
        return [
            cells[place]
            for place in column.places
            if place < len(cells) and cells[place] not in (None, "", [], {})
        ]


class Person(NamedTuple):
    """Someone the file names, and what else it calls them (a user name, an account id)."""

    name: str
    aliases: tuple[str, ...] = ()


class FreeDay(NamedTuple):
    """A day (ISO) that the file's calendar has for itself: free, or worked on all the same."""

    date: str
    working: bool
    title: str


class Away(NamedTuple):
    """The days (ISO), both included, on which somebody whom the file names is away."""

    person: str
    first: str
    last: str
    title: str


class Source(msgspec.Struct):
    """A file read into columns and rows, with what was learnt about it on the way."""

    name: str
    format: str
    encoding: str
    delimiter: str
    columns: list[Column]
    rows: list[Row]
    problems: list[Problem] = []
    known: dict[str, str] = {}
    tool: str = ""  # trello, jira, linear, zentao, msproject, ganttproject; empty when no tool was recognised
    statuses: list[str] = []
    people: list[Person] = []
    days: list[FreeDay] = []
    absences: list[Away] = []

    def column(self, name: str) -> Column | None:
        """Return the column of that name."""
        return next((column for column in self.columns if column.name == name), None)


def make_columns(header: list[str]) -> list[Column]:
    """Return the columns of a header row, in order; unnamed ones are called by their place."""
    if len(header) > MAX_COLUMNS:
        raise StoreError("file-too-wide", limit=MAX_COLUMNS)
    places: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        places.setdefault(" ".join(name.split())[:200] or f"Column {place + 1}", []).append(place)
    return [Column(name, tuple(where)) for name, where in places.items()]


def clean(text: str) -> str:
    """Return `text` as the database can hold it: NULs and lone surrogates replaced, line ends as one newline.

    Everything else stays as it was typed; display neutralises control characters.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
