"""The workload strip: hours planned against hours there are, week by week, in step with the chart above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.bindings import bindings
from tui.theme import look_of
from tui.timeline.strip import draw_strip
from tui.widgets.repaint import NeverScrolls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.timeline.scale import Scale
    from tui.timeline.strip import Load, StripRow

MOST = 9  # lines


class WorkloadView(Widget, can_focus=True):
    """Rows of somebody's weeks; holds a cursor on one of them."""

    virtual_size = NeverScrolls()

    SCOPE = "workload"
    BINDINGS = bindings(SCOPE, target="screen")
    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    WorkloadView { width: 100%; height: auto; max-height: 9; background: $background; display: none; }
    """

    class Moved(Message):
        """The cursor is on another row or week."""

    def __init__(self) -> None:
        super().__init__(id="workload")
        self._title = ""
        self._rows: Sequence[StripRow] = ()
        self._scale: Scale | None = None
        self._names = 0
        self.cursor = 0
        self.week = 0

    @property
    def row(self) -> StripRow | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    @property
    def load(self) -> Load | None:
        """The week under the cursor."""
        row = self.row
        return next((load for load in row.weeks if load.week == self.week), None) if row else None

    def show(self, title: str, rows: Sequence[StripRow], scale: Scale, names: int, week: int) -> None:
        """Show these rows under a chart of that scale; the cursor's week is the chart's."""
        self._title, self._rows, self._scale, self._names = title, rows, scale, names
        self.cursor = min(self.cursor, max(len(rows) - 1, 0))
        self.week = week
        self.styles.height = min(len(rows) + 1, MOST)
        self.refresh()

    def step(self, by: int) -> None:
        """Move the cursor by rows."""
        self.cursor = min(max(self.cursor + by, 0), max(len(self._rows) - 1, 0))
        self.refresh()
        self.post_message(self.Moved())

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()
        self.post_message(self.Moved())

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line; there are few."""
        width, height = self.size
        look = look_of(self.app.current_theme)
        if self._scale is None:
            return Strip.blank(width, look.style("text", "board"))
        lines = draw_strip(
            self._title, self._rows, self._scale, self._names,
            cursor=self.cursor, week=self.week, active=self.has_focus, height=height,
        )  # fmt: skip
        if y >= len(lines):
            return Strip.blank(width, look.style("text", "board"))
        strip = Strip(
            [Segment(run.text, look.style(run.tone, run.ground, bold=run.bold)) for run in lines[y]]
        )
        strip = strip.adjust_cell_length(width)
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y > 0:
            self.cursor = min(event.y - 1, max(len(self._rows) - 1, 0))
            self.refresh()
            self.post_message(self.Moved())
