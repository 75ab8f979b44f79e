"""A grid of cells to draw on: what is drawn first lies on top, lines join where they meet, runs come out of it."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from tui.celltext import cell_width, clean, clusters

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8
_STROKES = " ╵╶╰╷│╭├╴╯─┴╮┤┬┼"  # by the sum of the sides that a line leaves through


class Run(NamedTuple):
    """Some text in one tone on one ground; a tone is a name of the theme or a department's swatch after a colon."""

    text: str
    tone: str = "text"
    ground: str = "board"
    bold: bool = False


EMPTY = ""  # a cell that nothing was drawn on
CONTINUED = "\0"  # the second cell of a wide character


class Canvas:
    """One line of cells, each a character with a tone and a ground of its own."""

    __slots__ = ("_bold", "_chars", "_grounds", "_lines", "_tones", "width")

    def __init__(self, width: int, ground: str = "board") -> None:
        self.width = width
        self._chars = [EMPTY] * width
        self._tones = ["text"] * width
        self._grounds = [ground] * width
        self._bold = [False] * width
        self._lines = [0] * width

    def shade(self, start: int, end: int, ground: str) -> None:
        """Lay another ground under the cells from `start`, `end` excluded."""
        start, end = max(start, 0), min(end, self.width)
        if start < end:
            self._grounds[start:end] = [ground] * (end - start)

    def free(self, cell: int) -> bool:
        """Return whether nothing is drawn on a cell yet."""
        return 0 <= cell < self.width and self._chars[cell] == EMPTY

    def blank(self, cell: int) -> bool:
        """Return whether neither a character nor a line is on a cell."""
        return self.free(cell) and not self._lines[cell]

    def put(self, cell: int, char: str, tone: str, *, ground: str = "", bold: bool = False) -> None:
        """Draw one character of one cell, unless something lies there."""
        if self.free(cell):
            self._chars[cell] = char
            self._tones[cell] = tone
            self._bold[cell] = bold
            if ground:
                self._grounds[cell] = ground

    def write(self, cell: int, text: str, tone: str = "text", *, bold: bool = False) -> int:
        """Write words from a cell on, as far as they fit; returns the cell after them."""
        for cluster in clusters(clean(text)):
            wide = cell_width(cluster)
            if cell + wide > self.width:
                break
            self.put(cell, cluster, tone, bold=bold)
            for more in range(cell + 1, cell + wide):
                self.put(more, CONTINUED, tone)
            cell += wide
        return cell

    def line(self, cell: int, sides: int, tone: str) -> None:
        """Draw a line that leaves the cell through these sides; lines that meet are joined."""
        if not 0 <= cell < self.width:
            return
        if self._lines[cell]:
            if tone != "faint":
                self._tones[cell] = tone
            self._lines[cell] |= sides
        elif self._chars[cell] == EMPTY:
            self._lines[cell] = sides
            self._tones[cell] = tone

    def runs(self) -> list[Run]:
        """Return the line as runs of one tone and ground, as wide as the canvas."""
        lines = self._lines
        chars = [char or _STROKES[sides] for char, sides in zip(self._chars, lines, strict=True)]
        # What nothing is on looks the same in every tone: it goes with what stands before it on the same ground.
        tones, bolds, blanks = self._tones, self._bold, self._blanks()
        found, start = [], 0
        for ground, cells in groupby(self._grounds):
            stop = start + len(list(cells))
            first, tone, bold = start, "text", False
            for cell in range(start, stop):
                if not blanks[cell] and (
                    (cell > first and blanks[cell - 1]) or tones[cell] != tone or bolds[cell] != bold
                ):
                    if cell > first:
                        found.append(Run("".join(chars[first:cell]), tone, ground, bold))
                    first, tone, bold = cell, tones[cell], bolds[cell]
            found.append(Run("".join(chars[first:stop]), tone, ground, bold))
            start = stop
        return [
            run._replace(text=run.text.replace(CONTINUED, "")) if CONTINUED in run.text else run
            for run in found
        ]

    def _blanks(self) -> list[bool]:
        """Return of every cell whether nothing is on it."""
        return [not char and not sides for char, sides in zip(self._chars, self._lines, strict=True)]
