"""A table that draws only the lines in sight, with a cursor that stands on a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.celltext import cell_width, clean, pad, truncate, wrap
from tui.widgets.repaint import differing
from tui.widgets.table.fitting import GAP, fitted, wanted_widths
from tui.widgets.table.lines import Cell, Column, Line
from tui.widgets.thumb import thumb_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.widgets.table.lines import TableSource

MARGIN = 3  # cells left of a row: the cursor's bar, the mark, a space
WHEEL = 3  # rows
MUTED = "$text-muted"


class _Look(NamedTuple):
    """How a line looks: None below the last one; the column of the cursor, -1 where it is elsewhere."""

    line: Line | None
    here: int
    selected: bool
    thumb: bool


class TableView(Widget, can_focus=True):
    """Shows the lines of a source with a cursor and a selection; a subclass brings the keys."""

    COMPONENT_CLASSES = {  # noqa: RUF012 - the library's type
        "table--cursor", "table--cell", "table--bar", "table--thumb", "table--head",
    }  # fmt: skip
    DEFAULT_CSS = """
    TableView { width: 1fr; height: 100%; background: $background; }
    TableView > .table--cursor {
        background: $block-cursor-background; text-style: $block-cursor-blurred-text-style;
    }
    TableView > .table--cell { background: $block-cursor-background; text-style: reverse; }
    TableView > .table--bar { color: $accent; }
    TableView > .table--thumb { color: $border-blurred; }
    TableView > .table--head { color: $text-muted; text-style: bold; }
    """

    class Highlighted(Message):
        """The cursor is on another row."""

        def can_replace(self, message: Message) -> bool:
            """Let only the last of several moves be heard."""
            return isinstance(message, TableView.Highlighted)

    class Opened(Message):
        """The cell under the cursor was clicked again."""

    class Sorted(Message):
        """The heading of a column was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__()
        self.hint = ""  # what an empty table has to say
        self.selected: set[str] = set()
        self._source: TableSource | None = None
        self._columns: Sequence[Column] = ()
        self._window: dict[int, Line] = {}
        self._wanted: dict[str, int] = {}
        self._shown: list[tuple[int, int]] = []
        self._first = 0  # the first column that scrolls
        self._at = 0
        self._column = 0
        self._top = 0
        self._anchor = ""
        self._painted: dict[int, _Look] = {}

    # What it holds

    def show(self, source: TableSource, columns: Sequence[Column], *, key: str = "") -> None:
        """Show lines; the cursor stays on its row and in its column, or goes to a row that is named."""
        key = key or self.key
        name = self.column_name
        if [column.name for column in columns] != [column.name for column in self._columns]:
            self._wanted = {}
        self._source, self._columns = source, columns
        self._window.clear()
        names = [column.name for column in columns]
        self._column = names.index(name) if name in names else min(self._column, max(len(names) - 1, 0))
        found = source.index_of(key) if key else None
        self._at = max(min(self._at if found is None else found, source.total - 1), 0)
        if key and found is None and self._line(self._at) is not None:
            self._at = self._nearest_row(self._at)
        self._keep_in_sight()
        # While a filter is typed, many lines stay as they were: they are compared, not painted.
        self._show_from(self._top, all_of_it=not source.total)
        self.refresh(Region(0, 0, self.content_size.width, 1))

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self._source.total if self._source else 0

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self._line(self._at)

    @property
    def key(self) -> str:
        """The key of the row under the cursor, '' on a heading and where there is none."""
        line = self.line
        return line.key if line and not line.heading else ""

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
        found = self._source.index_of(key) if self._source and len(self.selected) < 200 else None
        return (self.total if found is None else found, key)

    def go_to(self, key: str) -> bool:
        """Put the cursor on a row; tells whether it shows."""
        found = self._source.index_of(key) if self._source else None
        if found is None:
            return False
        self._go(found)
        return True

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

    def step(self, by: int) -> None:
        """Move the cursor by lines."""
        self._go(self._at + by)

    def across(self, by: int) -> None:
        """Move the cursor by columns."""
        column = max(min(self._column + by, len(self._columns) - 1), 0)
        if column != self._column:
            self._column = column
            first = self._first
            self._fit()
            self._show_from(self._top, all_of_it=first != self._first)
            self.refresh(Region(0, 0, self.content_size.width, 1))

    def page(self, by: int) -> None:
        """Move the cursor by screens of lines."""
        self._go(self._at + by * max(self._room - 1, 1))

    def home(self) -> None:
        """Move the cursor to the first row."""
        self._go(self._nearest_row(0))

    def end(self) -> None:
        """Move the cursor to the last line."""
        self._go(self.total - 1)

    # Selecting

    def toggle_selected(self) -> None:
        """Select the row under the cursor, or deselect it, and go on to the next."""
        if self.key:
            self.selected ^= {self.key}
            self._anchor = self.key
            self.step(1)
            self._show_from(self._top)

    def select_range(self) -> None:
        """Select from the last selected row to here."""
        if self._source is None:
            return
        start = self._source.index_of(self._anchor) if self._anchor else None
        low, high = sorted((self._at if start is None else start, self._at))
        self.selected |= set(self._source.keys(low, high + 1))
        self._show_from(self._top)

    def select_all(self) -> None:
        """Select every row that shows."""
        if self._source is not None:
            self.selected |= set(self._source.keys(0, self.total))
            self._show_from(self._top)

    def clear_selection(self) -> None:
        """Deselect everything."""
        self.selected.clear()
        self._show_from(self._top)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw the headings of the columns, then a line."""
        width = self.content_size.width
        base = self.visual_style
        if y == 0:
            return self._head(width)
        look = self._painted[y] = self._looks(range(y, y + 1))[0]
        if look.line is None:
            return self._hint_line(y, width)
        here = look.here >= 0
        style = self.get_visual_style("table--cursor") if here else base
        bar = self.get_visual_style(*(("table--cursor",) if here else ()), "table--bar")
        sign = "▌" if here else "✓" if look.selected else " "
        segments = [Segment(sign, bar.rich_style)]
        segments += self._drawn(look, width - 1).render_segments(style)
        strip = Strip(segments)
        if look.thumb:
            piece = Segment("▐", self.get_visual_style("table--thumb").rich_style)
            strip = Strip([*strip.adjust_cell_length(width - 1, style.rich_style), piece])
        return strip.adjust_cell_length(width, style.rich_style)

    def _drawn(self, look: _Look, width: int) -> Content:
        line = look.line
        assert line is not None
        if line.heading:
            said = f"{'▸' if line.folded else '▾'} {clean(line.heading)}"
            count = f"{line.count:,} "
            title = truncate(said, max(width - cell_width(count) - 1, 4))
            return Content.assemble(
                (title, "bold"), " " * max(width - cell_width(title) - cell_width(count), 1), (count, MUTED)
            )
        parts: list[str | Content | tuple[str, str]] = [(pad(line.mark.text, 1), line.mark.style), " "]
        for place, (index, cells) in enumerate(self._shown):
            cell = line.cells[index] if index < len(line.cells) else Cell()
            style = f"{cell.style} reverse".strip() if index == look.here else cell.style
            if place:
                parts.append(" " * GAP)
            parts.append((pad(clean(cell.text), cells), style))
        return Content.assemble(*parts)

    def _head(self, width: int) -> Strip:
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

    def _hint_line(self, y: int, width: int) -> Strip:
        base = self.visual_style.rich_style
        if self.total or not self.hint:
            return Strip.blank(width, base)
        lines = [part for text in self.hint.split("\n") for part in wrap(text, max(width - 4, 10))]
        if not 2 <= y <= len(lines) + 1:
            return Strip.blank(width, base)
        text = Content.styled("  " + lines[y - 2], MUTED)
        return Strip(text.render_segments(self.visual_style)).adjust_cell_length(width, base)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Show it less."""
        self.refresh()

    def on_resize(self) -> None:
        """Fit the columns anew and keep the cursor in sight."""
        self._window.clear()
        self._keep_in_sight()
        self._show_from(self._top, all_of_it=True)

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

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll, the cursor staying where it is."""
        event.stop()
        self._show_from(self._top + WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back."""
        event.stop()
        self._show_from(self._top - WHEEL)

    # Within

    @property
    def _room(self) -> int:
        return max(self.content_size.height - 1, 1)

    def _line(self, index: int) -> Line | None:
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

    def _nearest_row(self, index: int) -> int:
        """Return the row at a place, or the one below where a heading stands there."""
        line = self._line(index)
        if line is not None and line.heading and not line.folded and index + 1 < self.total:
            return index + 1
        return index

    def _go(self, index: int) -> None:
        before = self.key
        self._at = max(min(index, self.total - 1), 0)
        self._keep_in_sight()
        self._show_from(self._top)
        if self.key != before:
            self.post_message(self.Highlighted())

    def _keep_in_sight(self) -> None:
        above = self._line(self._at - 1)
        first = self._at - 1 if above is not None and above.heading else self._at
        if first < self._top:
            self._top = first
        elif self._at >= self._top + self._room:
            self._top = self._at - self._room + 1

    def _fit(self) -> bool:
        """Fit the columns to what is in sight; tells whether any is drawn elsewhere or otherwise wide."""
        lines = [line for at in range(self._top, self._top + self._room) if (line := self._line(at))]
        self._wanted = wanted_widths(self._columns, lines, self._wanted)
        room = max(self.content_size.width - MARGIN - 1, 1)
        before = (self._first, self._shown)
        self._first, self._shown = fitted(self._columns, self._wanted, room, self._column, self._first)
        return before != (self._first, self._shown)

    def _show_from(self, top: int, *, all_of_it: bool = False) -> None:
        self._top = max(min(top, self.total - self._room), 0)
        if self._fit() or all_of_it:
            self.refresh()
            return
        lines = range(1, self._room + 1)
        before, after = [self._painted.get(y) for y in lines], self._looks(lines)
        if changed := differing(before, after, self.content_size.width):
            self.refresh(*[region.translate((0, 1)) for region in changed])

    def _looks(self, lines: range) -> list[_Look]:
        thumb = thumb_lines(self.total, self._room, self._top)
        looks = []
        for y in lines:
            index = y - 1 + self._top
            line = self._line(index)
            here = self._column if index == self._at and line is not None else -1
            selected = line is not None and bool(line.key) and line.key in self.selected
            looks.append(_Look(line, here, selected, y - 1 in thumb))
        return looks
