"""The timeline: draws the rows in sight of a source, holds a cursor on an item and on a day, says what was clicked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.ascii_signs import in_ascii
from tui.bindings import bindings
from tui.celltext import wrap
from tui.theme import AsciiSigns, look_of
from tui.timeline.canvas import Run
from tui.timeline.chart import (
    HEAD,
    Frame,
    Look,
    chart_width,
    draw_row,
    frame_of,
    heading,
    manner_of,
    names_width,
    row_strokes,
)
from tui.timeline.scale import QUARTER, WEEK, ZOOMS, Scale
from tui.widgets.repaint import NeverScrolls, differing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.color import Color
    from textual.filter import LineFilter

    from tui.theme import Look as Painting
    from tui.timeline.rows import Arrow, Row

LEAD = 7  # days before today with which a chart opens
WHEEL = 3  # rows
KEPT = 512  # drawn rows: several screens of them


class ChartSource(Protocol):
    """What a timeline shows, asked for by the window."""

    @property
    def count(self) -> int:
        """Return how many rows there are."""

    def key_at(self, index: int) -> str:
        """Return the key of a row."""

    def index_of(self, key: str) -> int | None:
        """Return where a row is, None where it does not show."""

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Return a window of rows."""

    def arrows(self, rows: Sequence[Row]) -> Sequence[Arrow]:
        """Return the dependencies that touch these rows."""

    def is_free(self, day: int) -> bool:
        """Return whether nobody works on a day."""


class _Styles(dict[tuple[object, ...], Style]):
    """The style of every look that runs have had so far: filters go over each once, not over every piece of a line."""

    def __init__(self, look: Painting, filters: Sequence[LineFilter], ground: Color) -> None:
        super().__init__()
        self._look = look
        self._filters = filters
        self._ground = ground

    def __missing__(self, key: tuple[str, str, bool]) -> Style:
        tone, ground, bold = key
        segments = [Segment(" ", self._look.style(tone, ground, bold=bold))]
        for line_filter in self._filters:
            segments = line_filter.apply(segments, self._ground)
        made = self[key] = segments[0].style or Style.null()
        return made


class TimelineView(Widget, can_focus=True):
    """A chart of a source's rows; its cost follows what is in sight, whatever the zoom."""

    virtual_size = NeverScrolls()

    SCOPE = "timeline"
    BINDINGS = bindings(SCOPE, target="screen")
    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    TimelineView { width: 1fr; height: 100%; background: $background; }
    """

    class Highlighted(Message):
        """The cursor is on another row, or on another day."""

        def can_replace(self, message: Message) -> bool:
            """Let only the last of several moves be heard."""
            return isinstance(message, TimelineView.Highlighted)

    class Opened(Message):
        """A row was clicked twice."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Toggled(Message):
        """A group or a parent was clicked on its fold."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, source: ChartSource, today: int, zoom: str = "month") -> None:
        super().__init__(id="timeline")
        self.source = source
        self.today = today
        self.day = today
        self.linking = ""
        self.floats = False
        self.arrows = "all"
        self.hint = ""  # what an empty chart has to say
        self.top = 0
        self.index = 0
        self._key = source.key_at(0) if source.count else ""
        self._zoom = zoom if zoom in ZOOMS else "month"
        self._first = today - LEAD * (3 if self._zoom == QUARTER else 1)
        self._lines: list[Strip] = []
        self._rows: Sequence[Row] = ()
        self._lines_for: tuple[object, ...] = ()
        self._in_ascii = False
        # Rows that were drawn, by what they share with others and by themselves: a cursor's step then draws two rows,
        # and going back to a zoom none.
        self._kept: LRUCache[object, Strip] = LRUCache(KEPT)
        self._frames: dict[Frame, int] = {}
        self._styles: _Styles | None = None

    # What is under the cursor

    @property
    def key(self) -> str:
        """The key of the row the cursor is on, '' on an empty chart."""
        return self._key

    @property
    def body(self) -> int:
        """How many rows are in sight."""
        return max(self.size.height - HEAD, 0)

    @property
    def zoom(self) -> str:
        """The zoom."""
        return self._zoom

    @property
    def scale(self) -> Scale:
        """Which day lies in which cell."""
        return Scale(self._zoom, self._first, chart_width(self.size.width)).moved_to(self._first)

    # Moving

    def move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._go(self.index + by)

    def page(self, by: int) -> None:
        """Move the cursor by screens of rows."""
        self._go(self.index + by * max(self.body - 1, 1))

    def end(self) -> None:
        """Move the cursor to the last row."""
        self._go(self.source.count - 1)

    def home(self) -> None:
        """Move the cursor to the first row."""
        self._go(0)

    def go_to(self, key: str) -> bool:
        """Move the cursor to a row; return whether it is there."""
        index = self.source.index_of(key)
        if index is not None:
            self._go(index)
        return index is not None

    def begin_with(self, top: int) -> None:
        """Have the chart begin with a row, the cursor in sight."""
        self.top = max(top, 0)
        if self.size.width:
            self._reveal()
            self.redraw()

    def _go(self, index: int) -> None:
        self.index = min(max(index, 0), max(self.source.count - 1, 0))
        self._key = self.source.key_at(self.index) if self.source.count else ""
        self._reveal()
        self.redraw()
        self.post_message(self.Highlighted())

    def _reveal(self) -> None:
        body = max(self.body, 1)
        if self.index < self.top:
            self.top = self.index
        elif self.index >= self.top + body:
            self.top = self.index - body + 1
        self.top = max(min(self.top, self.source.count - body), 0)

    def move_day(self, by: int) -> None:
        """Move the cursor by days; the dates scroll with it."""
        self.go_to_day(self.day + by)

    def go_to_day(self, day: int) -> None:
        """Put the cursor on a day and bring it into sight."""
        scale = self.scale.showing(day)
        self._first = scale.first
        self.day = day
        self.redraw()
        self.post_message(self.Highlighted())

    def scroll_days(self, by: int) -> None:
        """Scroll the dates by a share of what is in sight, the cursor's day with them."""
        scale = self.scale
        span = max((scale.last - scale.first) // 3, 1) * by
        self._first = scale.moved_to(scale.first + span).first
        self.day += span
        self.redraw()
        self.post_message(self.Highlighted())

    def set_zoom(self, zoom: str) -> None:
        """Show more days, or more of each; the cursor's day stays where it is."""
        scale = self.scale.zoomed(zoom, self.day)
        self._zoom, self._first = scale.zoom, scale.first
        self.redraw()

    # What is shown

    def show(self, source: ChartSource) -> None:
        """Show another source; the cursor stays on its row where that is still there."""
        self.source = source
        index = source.index_of(self._key) if self._key else None
        self.index = index if index is not None else min(self.index, max(source.count - 1, 0))
        self._key = source.key_at(self.index) if source.count else ""
        self._reveal()
        self.redraw()
        self.post_message(self.Highlighted())

    def redraw(self) -> None:
        """Draw what is in sight, and have only those lines painted that look different than before."""
        if self._lines_for != self._needs() or not self.size.width:
            self.refresh()
            return
        before, self._lines = self._lines, self._drawn()
        changed = differing(before, self._lines, self.size.width)
        if changed:
            super().refresh(*changed)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._reveal()
        self._lines_for = ()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show where the keys go."""
        super().watch_has_focus(has_focus)
        self.redraw()

    def _needs(self) -> tuple[object, ...]:
        return self.size, self.app.theme, *self.get_line_filters()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines in sight, drawn already unless everything is to be painted anew."""
        needs = self._needs()
        if self._lines_for != needs:
            self._lines_for = needs
            self._forget_drawn()
            self._lines = self._drawn()
        lines = self._lines[crop.y : crop.bottom]
        if crop.column_span != (0, self.size.width):
            lines = [line.crop(*crop.column_span) for line in lines]
        return lines

    def _forget_drawn(self) -> None:
        self._kept.clear()
        self._frames.clear()
        look = look_of(self.app.current_theme)
        filters = self.get_line_filters()
        self._in_ascii = any(isinstance(line_filter, AsciiSigns) for line_filter in filters)
        self._styles = _Styles(look, filters, self.background_colors[1])

    def _drawn(self) -> list[Strip]:
        width, height = self.size
        scale = self.scale
        look = Look(self.today, self.day, self._key, self.has_focus, self.linking, self.floats, self.arrows)
        if not self.source.count:
            lines = [*heading(scale, look, names_width(width)), *self._teaching(width)]
            strips = [self._strip(line) for line in lines]
        else:
            self._rows = self.source.rows(self.top, min(self.top + self.body, self.source.count))
            frame = frame_of(self._rows, scale, look, width, self.source.is_free)
            strips = [self._strip(line) for line in heading(scale, look, frame.names)]
            if len(self._frames) >= KEPT:
                self._forget_drawn()
            shared = self._frames.setdefault(frame, len(self._frames))
            pieces = row_strokes(self._rows, self.source.arrows(self._rows), scale, look)
            for row, own in zip(self._rows, pieces, strict=True):
                manner = manner_of(row, look)
                strip = self._kept.get((shared, row, own, manner))
                if strip is None:
                    strip = self._strip(draw_row(row, own, manner, frame))
                    self._kept[shared, row, own, manner] = strip
                strips.append(strip)
        blank = self._strip([Run(" " * width)])
        return [*strips[:height], *([blank] * (height - len(strips)))]

    def _strip(self, line: Sequence[Run]) -> Strip:
        """Return a drawn line in the colours of the theme."""
        styles = self._styles
        assert styles is not None
        if self._in_ascii:  # the filters that go over the styles see no text
            line = [run._replace(text=in_ascii(run.text)) for run in line]
        return Strip([Segment(run[0], styles[run[1:]]) for run in line], self.size.width)

    def _teaching(self, width: int) -> list[list[Run]]:
        lines = [""]
        for text in self.hint.split("\n"):
            lines += wrap(text, max(width - 8, 10)) if text else [""]
        return [[Run("    "), Run(line, "muted"), Run(" " * width)] for line in lines]

    def jump_targets(self) -> list[tuple[Region, Callable[[], object]]]:
        """Return where the bar of each row in sight begins, or its name, and what puts the cursor there."""

        def go(index: int) -> None:
            self.focus()
            self._go(index)

        x, y, width, height = self.region
        last = min(self.top + height - HEAD, self.source.count)
        return [
            (Region(x, y + HEAD + index - self.top, width, 1), partial(go, index))
            for index in range(self.top, last)
        ]

    # The mouse

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        names = self.size.width - self.scale.width - 1
        if event.x > names:
            day = self.scale.day_at(event.x - names - 1)
            if event.y < HEAD or event.chain == 1:
                self.day = day
        if event.y < HEAD:
            self.go_to_day(self.day)
            return
        index = self.top + event.y - HEAD
        if index >= self.source.count:
            return
        self._go(index)
        row = self._rows[event.y - HEAD] if event.y - HEAD < len(self._rows) else None
        if row is not None and row.folded is not None and event.x <= row.depth * 2 + 1:
            self.post_message(self.Toggled(row.key))
        elif event.chain == 2:
            self.post_message(self.Opened(self._key))

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(event, 1)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(event, -1)

    def _scroll(self, event: events.MouseScrollDown | events.MouseScrollUp, by: int) -> None:
        if event.shift or event.ctrl:
            step = 1 if self._zoom == WEEK else WHEEL
            self._first = self.scale.moved_to(self._first + by * step * self.scale.days_a_cell).first
        else:
            self.top = max(min(self.top + by * WHEEL, self.source.count - self.body), 0)
        self.redraw()
