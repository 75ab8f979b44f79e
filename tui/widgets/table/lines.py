"""What a table shows: columns, lines of cells, and who answers what is on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Column(NamedTuple):
    """A column: the field it shows, its heading, and between how many cells it may take."""

    name: str
    label: str
    least: int = 4
    most: int = 16
    flexible: bool = False  # it takes the room that the others leave
    sorted: str = ""  # "up" or "down" where the table is sorted by it


class Cell(NamedTuple):
    """What stands in a column of a row, cleaned when it is drawn."""

    text: str = ""
    style: str = ""


class Line(NamedTuple):
    """A row with its cells, or a heading: the name of a section, its count, and whether what is under it is hidden."""

    key: str
    cells: tuple[Cell, ...] = ()
    mark: Cell = Cell(" ")
    heading: str = ""
    count: int = 0  # type: ignore[assignment]
    folded: bool = False


class TableSource(Protocol):
    """Answers what a table asks: how many lines there are, which are in sight, and where one is."""

    @property
    def total(self) -> int:
        """How many lines there are, headings included."""

    def lines(self, start: int, stop: int) -> Sequence[Line]:
        """Return the lines of a window."""

    def keys(self, start: int, stop: int) -> Sequence[str]:
        """Return the keys of the rows in a window, headings left out."""

    def index_of(self, key: str) -> int | None:
        """Return the line on which a row stands, None where it does not show."""
