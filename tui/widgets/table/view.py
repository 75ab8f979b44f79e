"""A table that draws only the lines in sight, with a cursor that stands on a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui.celltext import cell_width, clean, pad, truncate
from tui.widgets.cursor_lines import MUTED, CursorLines, Look, Piece
from tui.widgets.table.fitting import GAP, fitted, wanted_widths
from tui.widgets.table.lines import Cell, Column, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events

    from tui.widgets.table.lines import TableSource

MARGIN = 3  # cells left of a row: the cursor's bar, the mark, a space


class TableView(CursorLines[Line]):
    """Shows the lines of a source with a cursor that stands on a cell; a subclass brings the keys."""

    HEAD = 1  # the headings of the columns
    COMPONENT_CLASSES = {"table--head"}  # noqa: RUF012 - the library's type
    DEFAULT_CSS = """
    TableView > .table--head { color: $text-muted; text-style: bold; }
    """

    class Sorted(Message):
        """The heading of a column was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__()
        self._source: TableSource | None = None
        self._columns: Sequence[Column] = ()
        self._window: dict[int, Line] = {}
        self._wanted: dict[str, int] = {}
        self._shown: list[tuple[int, int]] = []
        self._first = 0  # the first column that scrolls
        self._measured: tuple[int, int] | None = None  # the window that the columns were fitted to last

    # What it holds

    def show(self, source: TableSource, columns: Sequence[Column], *, key: str = "") -> None:
        """Show lines; the cursor stays on its row and in its column, or goes to a row that is named."""
        key = key or self.key
        name = self.column_name
        if [column.name for column in columns] != [column.name for column in self._columns]:
            self._wanted = {}
        self._source, self._columns = source, columns
        self._forget()
        names = [column.name for column in columns]
        self._column = names.index(name) if name in names else min(self._column, max(len(names) - 1, 0))
        found = source.index_of(key) if key else None
        self._at = max(min(self._at if found is None else found, source.total - 1), 0)
        if key and found is None and self.row_at(self._at) is not None:
            self._at = self._nearest_row(self._at)
        # While a filter is typed, many lines stay as they were: they are compared, not painted.
        self._show_from(self._top_for_cursor())
        self.refresh(Region(0, 0, self.content_size.width, 1))

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self._source.total if self._source else 0

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.row_at(self._at)

    def row_at(self, index: int) -> Line | None:
        """Return a line, None where there is none."""
        if self._source is None or not 0 <= index < self._source.total:
            return None
        if index not in self._window:
            if len(self._window) > 20 * self._room:
                self._window.clear()
            # A screen of lines at once: what is scrolled to next is beside what is asked for.
            start = index - index % self._room
            stop = min(start + self._room, self._source.total)
            self._window.update(enumerate(self._source.lines(start, stop), start))
        return self._window.get(index)

    def key_at(self, index: int) -> str:
        """Return the key of a row, '' for a heading and where there is none."""
        line = self.row_at(index)
        return line.key if line and not line.heading else ""

    def index_of(self, key: str) -> int | None:
        """Return the line on which a row stands, None where it does not show."""
        return self._source.index_of(key) if self._source else None

    def keys(self, start: int, stop: int) -> Iterable[str]:
        """Return the keys of the rows in a window, headings left out."""
        return self._source.keys(start, stop) if self._source else ()

    @property
    def column_name(self) -> str:
        """The field of the column under the cursor."""
        return self._columns[self._column].name if self._column < len(self._columns) else ""

    @property
    def targets(self) -> list[str]:
        """The keys of the selected rows, else of the one under the cursor."""
        if self.selected:
            return sorted(self.selected, key=self._place_of)
        return [self.key] if self.key else []

    def _place_of(self, key: str) -> tuple[int, str]:
        found = self.index_of(key) if len(self.selected) < 200 else None
        return (self.total if found is None else found, key)

    def region_here(self) -> Region | None:
        """Return where the cell under the cursor stands on the screen, None where it is out of sight."""
        y = self._at - self._top + 1
        if not 0 < y <= self._room or not self._shown:
            return None
        x = MARGIN
        for index, cells in self._shown:
            if index == self._column:
                return Region(self.content_region.x + x, self.content_region.y + y, max(cells, 12), 1)
            x += cells + GAP
        return None

    # Moving

    def across(self, by: int) -> None:
        """Move the cursor by columns."""
        column = max(min(self._column + by, len(self._columns) - 1), 0)
        if column != self._column:
            self._column = column
            first = self._first
            self.fit()
            self._show_from(self._top, all_of_it=first != self._first)
            self.refresh(Region(0, 0, self.content_size.width, 1))

    def home(self) -> None:
        """Move the cursor to the first row."""
        self._go(self._nearest_row(0))

    # Selecting

    def select_all(self) -> None:
        """Select every row that shows."""
        self.selected.update(self.keys(0, self.total))
        self._show_from(self._top)

    # Drawing

    def drawn(self, look: Look[Line], width: int) -> list[Piece]:
        """Return a heading with its count, or the cells of a row that have room."""
        line = look.row
        assert line is not None
        if line.heading:
            said = f"{'▸' if line.folded else '▾'} {clean(line.heading)}"
            count = f"{line.count:,} "
            title = truncate(said, max(width - cell_width(count) - 1, 4))
            gap = " " * max(width - cell_width(title) - cell_width(count), 1)
            return [Piece(title, "bold"), Piece(gap), Piece(count, MUTED)]
        pieces = [Piece(pad(line.mark.text, 1), line.mark.style), Piece(" ")]
        for place, (index, cells) in enumerate(self._shown):
            cell = line.cells[index] if index < len(line.cells) else Cell()
            tone = f"{cell.style} reverse".strip() if index == look.here else cell.style
            if place:
                pieces.append(Piece(" " * GAP))
            pieces.append(Piece(pad(clean(cell.text), cells), tone))
        return pieces

    def head_line(self, width: int) -> Strip:
        """Draw the headings of the columns."""
        parts: list[str | tuple[str, str]] = [" " * MARGIN]
        for place, (index, cells) in enumerate(self._shown):
            column = self._columns[index]
            sign = {"up": "▲ ", "down": "▼ "}.get(column.sorted, "")
            if place:
                parts.append(" " * GAP)
            tone = "underline $accent" if index == self._column else "$accent" if sign else ""
            parts.append((pad(sign + column.label, cells), tone))
        style = self.get_visual_style("table--head")
        strip = Strip(Content.assemble(*parts).render_segments(style))
        return strip.adjust_cell_length(width, style.rich_style)

    def fit(self) -> bool:
        """Fit the columns to what is in sight; tells whether any is drawn elsewhere or otherwise wide."""
        window = (self._top, self._room)
        if window != self._measured:
            self._measured = window
            lines = [line for at in range(self._top, sum(window)) if (line := self.row_at(at))]
            self._wanted = wanted_widths(self._columns, lines, self._wanted)
        room = max(self.content_size.width - MARGIN - 1, 1)
        before = (self._first, self._shown)
        self._first, self._shown = fitted(self._columns, self._wanted, room, self._column, self._first)
        return before != (self._first, self._shown)

    def on_resize(self) -> None:
        """Fit the columns anew and keep the cursor in sight."""
        self._forget()
        self._show_from(self._top_for_cursor(), all_of_it=True)

    # The mouse

    def on_click(self, event: events.Click) -> None:
        """Go to the clicked cell; a click where the cursor is, opens it; one on a heading sorts."""
        x, column, left = event.x - self.gutter.left, self._column, MARGIN
        for index, cells in self._shown:
            if left <= x < left + cells + GAP:
                column = index
            left += cells + GAP
        y = event.y - self.gutter.top
        if y == 0:
            self.post_message(self.Sorted(self._columns[column].name))
            return
        index = y - 1 + self._top
        if 0 <= index < self.total:
            again = index == self._at and column == self._column and self.has_focus
            self.across(column - self._column)
            self._go(index)
            if again or event.chain > 1:
                self.post_message(self.Opened())

    # Within

    def _forget(self) -> None:
        self._window.clear()
        self._measured = None

    def _nearest_row(self, index: int) -> int:
        """Return the row at a place, or the one below where a heading stands there."""
        line = self.row_at(index)
        if line is not None and line.heading and not line.folded and index + 1 < self.total:
            return index + 1
        return index
