"""What every report is made of: sections of rows whose figures know what is behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.quarter_rows import Named


class Cell(NamedTuple):
    """A figure in words, the ids of what it was counted from, and its size where a bar is drawn for it."""

    text: str
    ids: tuple[str, ...] = ()
    size: float | None = None


class Line(NamedTuple):
    """A row: what it is about, and its figures. `about` are things that the label itself names."""

    label: str
    cells: tuple[Cell, ...]
    about: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Everything behind the row, in order, once."""
        behind = (ent for cell in self.cells for ent in cell.ids)
        return tuple(dict.fromkeys((*self.about, *behind)))


class Section(NamedTuple):
    """A table: a heading, what its figures mean, the names of its columns where there are several, and its rows."""

    title: str
    lines: tuple[Line, ...]
    columns: tuple[str, ...] = ()
    note: str = ""


class Document(NamedTuple):
    """A report: its title, what it is about in a line, its sections, and what people call what is behind figures."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    called: Mapping[str, Named]

    def short(self, ent: str) -> str:
        """Return what people call something."""
        return self.called[ent].short if ent in self.called else ent

    def ids(self) -> list[str]:
        """Return everything behind the figures, in the order of its first appearance."""
        return list(
            dict.fromkeys(ent for section in self.sections for line in section.lines for ent in line.ids)
        )
