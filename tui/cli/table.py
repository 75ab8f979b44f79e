"""Rows in columns that line up to the terminal cell, for a person; separated by tabs, for a program."""

from __future__ import annotations

import shutil
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from tui.celltext import cell_width, clean, pad, truncate
from tui.cli.output import colours, is_terminal, safe, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GAP = 2
NARROWEST = 8
LOOK_AHEAD = 1_000  # rows measured before the first is printed; a wider cell after them is cut

BOLD = "\x1b[1m"
DIM = "\x1b[2m"
RED = "\x1b[31m"
RESET = "\x1b[0m"


class Column(NamedTuple):
    """A column: its heading, and whether it gives way when the terminal is narrow."""

    heading: str
    flexible: bool = False


class Cell(NamedTuple):
    """A value and the style that says what it means, if any."""

    text: str
    style: str = ""


def print_rows(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Print the rows and return how many there were: a table for a person, tab-separated lines for a program.

    A program gets no heading and whole values, in which tabs and line ends are shown as pictures.
    """
    if not is_terminal():
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last count is the answer
            say("\t".join(safe(cell.text) for cell in row))
        return count
    return _print_table(columns, rows)


def paint(text: str, style: str) -> str:
    """Return the text in this style, or as it is where colours are not wanted."""
    return f"{style}{text}{RESET}" if style and colours() else text


def _print_table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    remaining = iter(rows)
    ahead = [_cleaned(row) for row in islice(remaining, LOOK_AHEAD)]
    headings = [Cell(column.heading, BOLD) for column in columns]
    widths = [max(cell_width(cell.text) for cell in cells) for cells in zip(headings, *ahead, strict=True)]
    _narrow(columns, widths, shutil.get_terminal_size().columns - GAP * (len(columns) - 1))
    count = -1
    for row in chain([headings], ahead, map(_cleaned, remaining)):
        say(_line(row, widths))
        count += 1
    return count


def _cleaned(row: Sequence[Cell]) -> list[Cell]:
    return [Cell(clean(cell.text), cell.style) for cell in row]


def _narrow(columns: Sequence[Column], widths: list[int], room: int) -> None:
    """Take what is too much from the widest flexible columns, down to a width that still says something."""
    while sum(widths) > room:
        flexible = [n for n, column in enumerate(columns) if column.flexible and widths[n] > NARROWEST]
        if not flexible:
            return
        widest = max(flexible, key=lambda n: widths[n])
        widths[widest] -= 1


def _line(row: Sequence[Cell], widths: Sequence[int]) -> str:
    """Return a row; its last cell is not filled up, so that no line ends in spaces."""
    cells = [paint(pad(cell.text, width), cell.style) for cell, width in zip(row[:-1], widths, strict=False)]
    cells.append(paint(truncate(row[-1].text, widths[-1]), row[-1].style))
    return (" " * GAP).join(cells).rstrip()
