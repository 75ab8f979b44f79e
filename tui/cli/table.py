"""Rows in columns that line up to the terminal cell, for a person; separated by tabs, for a program."""

from __future__ import annotations

import shutil
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


def print_rows(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> int:
    """Print the rows and return how many there were: a table for a person, tab-separated lines for a program.

    A program gets no heading and whole values, in which tabs and line ends are shown as pictures.
    """
    if not is_terminal():
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last count is the answer
            say("\t".join(safe(value) for value in row))
        return count
    return _print_table(columns, rows)


def paint(text: str, *styles: str) -> str:
    """Return the text in these styles, or as it is where colours are not wanted."""
    return f"{''.join(styles)}{text}{RESET}" if colours() else text


def _print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> int:
    remaining = iter(rows)
    ahead = [
        [clean(value) for value in row] for _index, row in zip(range(LOOK_AHEAD), remaining, strict=False)
    ]
    headings = [column.heading for column in columns]
    widths = [max(map(cell_width, values)) for values in zip(headings, *ahead, strict=True)]
    room = shutil.get_terminal_size().columns - GAP * (len(columns) - 1)
    _narrow(columns, widths, room)
    say(paint(_line(headings, widths), BOLD))
    count = 0
    for row in ahead:
        say(_line(row, widths))
        count += 1
    for late in remaining:
        say(_line([clean(value) for value in late], widths))
        count += 1
    return count


def _narrow(columns: Sequence[Column], widths: list[int], room: int) -> None:
    """Take what is too much from the widest flexible columns, down to a width that still says something."""
    while sum(widths) > room:
        flexible = [n for n, column in enumerate(columns) if column.flexible and widths[n] > NARROWEST]
        if not flexible:
            return
        widest = max(flexible, key=lambda n: widths[n])
        widths[widest] -= 1


def _line(values: Sequence[str], widths: Sequence[int]) -> str:
    cells = [pad(value, width) for value, width in zip(values[:-1], widths[:-1], strict=True)]
    cells.append(truncate(values[-1], widths[-1]))
    return (" " * GAP).join(cells).rstrip()
