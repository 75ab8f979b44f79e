"""Where cards stand in a column: line arithmetic, so that finding a card costs the same at any length.

All cards have one height. Without swimlanes a column is one section of rows; with them every column has the same
sections, each as tall as its fullest column, so that lanes line up across the board.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HEADER = -1


class Shape(NamedTuple):
    """How tall a card is, and how many blank lines follow it."""

    lines: int
    gap: int

    @property
    def pitch(self) -> int:
        """Return how many lines there are from one card to the next."""
        return self.lines + self.gap


SHAPES = {"comfortable": Shape(3, 1), "compact": Shape(2, 0)}


class Spot(NamedTuple):
    """A place on the board's lines: section, row in it (`HEADER` for a lane's own line), line of the card."""

    section: int
    row: int
    line: int


class Layout:
    """Turns lines into places and places into lines."""

    __slots__ = ("_tops", "header", "height", "rows", "shape")

    def __init__(self, rows: Sequence[int], shape: Shape, *, headers: bool) -> None:
        """Lay out sections of so many rows each; with headers, a line for its lane stands above each section."""
        self.shape = shape
        self.rows = rows
        self.header = 1 if headers else 0
        self._tops: list[int] = []
        top = 0
        for count in rows:
            self._tops.append(top)
            top += self.header + count * shape.pitch
        self.height = top

    def spot(self, line: int) -> Spot | None:
        """Return what is on a line, or None below the end."""
        if not 0 <= line < self.height:
            return None
        section = bisect_right(self._tops, line) - 1
        below = line - self._tops[section] - self.header
        if below < 0:
            return Spot(section, HEADER, 0)
        row, inside = divmod(below, self.shape.pitch)
        return Spot(section, row, inside)

    def line(self, section: int, row: int) -> int:
        """Return the first line of a card, or the line of a lane's header."""
        if not 0 <= section < len(self._tops):
            return 0
        if row == HEADER:
            return self._tops[section]
        return self._tops[section] + self.header + row * self.shape.pitch


def nearest(section: int, row: int, count: Callable[[int], int], sections: int) -> tuple[int, int] | None:
    """Return the card closest to a place: same section if it has any, else the nearest above or below."""
    if count(section):
        return section, min(max(row, 0), count(section) - 1)
    for distance in range(1, sections):
        above, below = section - distance, section + distance
        if above >= 0 and count(above):
            return above, count(above) - 1
        if below < sections and count(below):
            return below, 0
    return None
