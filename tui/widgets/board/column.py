"""One column of the board, drawn line by line from the few cards that are in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.theme import colour_of
from tui.widgets.board.layout import HEADER, Spot
from tui.widgets.board.painter import BLURRED, CURSOR, RESTING, hint_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from textual import events

    from store.queries import Card
    from tui.widgets.board.grid import Grid, Stack
    from tui.widgets.board.painter import Painter
    from tui.widgets.board.rows import Lane

HEAD = 2  # lines: title and rule, which do not scroll


class ColumnView(ScrollView):
    """Shows one column of a grid; says where it was pressed and how far it was scrolled."""

    DEFAULT_CSS = """
    ColumnView {
        width: auto;
        height: 100%;
        overflow: hidden;
        background: $background;
    }
    """
    ALLOW_SELECT: ClassVar[bool] = False

    class Pressed(Message):
        """A card, a lane's line or the title was clicked."""

        def __init__(
            self, column: ColumnView, spot: Spot | None, on_title: bool, click: events.Click
        ) -> None:
            super().__init__()
            self.column = column
            self.spot = spot
            self.on_title = on_title
            self.click = click

    class Scrolled(Message):
        """The column shows other lines than before."""

        def __init__(self, column: ColumnView, top: int) -> None:
            super().__init__()
            self.column = column
            self.top = top

    def __init__(self, grid: Grid, slot: int) -> None:
        super().__init__()
        self.grid = grid
        self.slot = slot
        self._drawn: dict[tuple[int, int], Card | None] = {}  # what is on the screen, by section and row
        self._lanes: Sequence[Lane] = ()
        self._lines: list[Strip | None] = []  # ready lines, None where one must be drawn
        self._lines_for: tuple[object, ...] = ()

    @property
    def stack(self) -> Stack | None:
        """Return the column that stands in this slot now."""
        return self.grid.stack_in(self.slot)

    @property
    def body(self) -> int:
        """Return how many lines of cards are in sight."""
        return max(self.size.height - HEAD, 0)

    @property
    def allow_vertical_scroll(self) -> bool:
        """Scroll by wheel although there is no scrollbar widget: the thumb is drawn with the cards."""
        return True

    def bind(self) -> None:
        """Show what stands in this slot now, and draw all of it anew."""
        stack = self.stack
        height = HEAD + stack.layout.height if stack else 0
        # Set without watchers: the column's own size stays, so nothing needs to be laid out again.
        self.set_reactive(ColumnView.virtual_size, Size(self.size.width, height))
        top = min(max(stack.top, 0), self.max_scroll_y) if stack else 0
        self.set_reactive(ColumnView.scroll_y, float(top))
        self.set_reactive(ColumnView.scroll_target_y, float(top))
        if stack and self.size.height:
            stack.top = top
        self._drawn.clear()
        self._lanes = self.grid.lanes
        self.refresh()

    def rebind(self) -> None:
        """Show data that has changed: only the cards that look different are drawn anew."""
        stack = self.stack
        if (
            stack is None
            or stack.layout.height + HEAD != self.virtual_size.height
            or stack.top != self.scroll_offset.y
            or self._lanes != self.grid.lanes
        ):
            self.bind()
            return
        self.refresh_head()
        for (section, row), before in list(self._drawn.items()):
            if self.grid.card(stack, section, row) != before:
                self.refresh_card(section, row)

    def on_resize(self) -> None:
        """Keep the last cards at the bottom when the column grew."""
        self.bind()

    def refresh_selection(self, changed: set[str]) -> None:
        """Draw the cards in sight anew that were selected or deselected."""
        for (section, row), card in self._drawn.items():
            if card and card.id in changed:
                self.refresh_card(section, row)

    def refresh_head(self) -> None:
        """Draw title and rule anew."""
        self.refresh(Region(0, 0, self.size.width, HEAD))

    def refresh_card(self, section: int, row: int) -> None:
        """Draw one card anew, if it is in sight."""
        stack = self.stack
        if stack is None:
            return
        top = stack.layout.line(section, row) - self.scroll_offset.y
        bottom = top + stack.layout.shape.lines
        top, bottom = max(top, 0), min(bottom, self.body)
        if bottom > top:
            self.refresh(Region(0, HEAD + top, self.size.width, bottom - top))

    def refresh_lane(self, section: int) -> None:
        """Draw a lane's line anew, where it stands and where it stays on top."""
        stack = self.stack
        if stack is None or not stack.layout.header:
            return
        for line in (stack.layout.line(section, HEADER), stack.top):
            y = HEAD + line - stack.top
            if HEAD <= y < self.size.height:
                self.refresh(Region(0, y, self.size.width, 1))

    def reveal(self, section: int, row: int) -> None:
        """Scroll as little as shows the whole card."""
        stack = self.stack
        if stack is None or not self.body:
            return
        layout = stack.layout
        first = layout.line(section, row)
        last = first + layout.shape.lines
        top = self.scroll_offset.y
        if first - layout.header < top:
            # With lanes, a line above: the lane's own, or the one that stays on top while its lane is in sight.
            top = first - layout.header
        elif last > top + self.body:
            top = last - self.body
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the other lines, and say so: swimlanes must stay level across columns."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._drawn.clear()
            if self.stack:
                self.stack.top = round(new_value)
            self.post_message(self.Scrolled(self, round(new_value)))

    def spot_at(self, y: int) -> Spot | None:
        """Return what is drawn on a line of this widget."""
        stack = self.stack
        if stack is None or y < HEAD:
            return None
        spot = stack.layout.spot(y - HEAD + self.scroll_offset.y)
        if spot and y == HEAD and stack.layout.header:
            return Spot(spot.section, HEADER, 0)
        return spot

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pressed(self, self.spot_at(event.y), event.y < HEAD, event))

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Have the regions drawn anew, or everything when none is given."""
        for region in regions:
            for y in region.line_range:
                if 0 <= y < len(self._lines):
                    self._lines[y] = None
        if repaint and not regions:
            self._lines_for = ()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines in sight, drawing only what was asked to be drawn anew.

        Textual asks for all lines of every widget beside a changed one. There is no border, padding or opacity
        here to be added to them, so they are kept ready, filtered for terminals without colour.
        """
        filters = self.get_line_filters()
        needs = (self.size, *filters)
        if needs != self._lines_for:
            self._lines_for = needs
            self._lines = [None] * self.size.height
        ready = []
        for y in crop.line_range:
            strip = self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width)
            if strip is None:
                strip = self.render_line(y)
                for line_filter in filters:
                    strip = strip.apply_filter(line_filter, self.background_colors[1])
                self._lines[y] = strip
            ready.append(strip)
        if crop.column_span != (0, self.size.width):
            ready = [strip.crop(*crop.column_span) for strip in ready]
        return ready

    def render_line(self, y: int) -> Strip:
        """Draw a line: title, rule, or what stands on that line of the cards."""
        painter = self.grid.painter(self.size.width)
        stack = self.stack
        if stack is None:
            return painter.blank()
        if y < HEAD:
            return self._head_line(y, painter, stack)
        if not stack.column.count and not self.grid.lanes:
            lines = painter.hint(hint_of(stack.column), self.body)
            return lines[y - HEAD] if y - HEAD < len(lines) else painter.blank()
        return self._body_line(y, painter, stack)

    def _head_line(self, y: int, painter: Painter, stack: Stack) -> Strip:
        current = self.grid.is_current(stack)
        if y == 0:
            return painter.title(stack.column, current=current)
        before, after = self.grid.out_of_sight(self.slot)
        return painter.rule(current=current, before=before, after=after)

    def _body_line(self, y: int, painter: Painter, stack: Stack) -> Strip:
        grid = self.grid
        thumb = self._thumb(y - HEAD, stack.layout.height)
        spot = self.spot_at(y)
        if spot is None:
            return painter.blank(thumb)
        section, row, line = spot
        if row == HEADER:
            return self._lane_line(painter, stack, section, thumb)
        card = grid.card(stack, section, row)
        self._drawn[section, row] = card
        if card is None or line >= stack.layout.shape.lines:
            return painter.blank(thumb)
        ground = RESTING
        if grid.is_at(stack, section, row):
            ground = CURSOR if grid.active else BLURRED
        done = stack.column.category == "done"
        selected = card.id in grid.selected
        return painter.card(card, ground, selected=selected, done=done, thumb=thumb)[line]

    def _lane_line(self, painter: Painter, stack: Stack, section: int, thumb: bool) -> Strip:
        grid = self.grid
        lane = grid.lanes[section]
        tone = ":" + colour_of(lane.key, lane.colour) if lane.colour else "text"
        count = lane.counts.get(stack.column.id, 0)
        current = grid.is_in_lane(stack, section)
        folded = lane.key in grid.folded
        return painter.lane(lane.title, count, tone, folded=folded, current=current, thumb=thumb)

    def _thumb(self, y: int, height: int) -> bool:
        """Return whether the scroll thumb runs past a line of the body."""
        body = self.body
        if height <= body:
            return False
        size = max(body * body // height, 1)
        top = round(self.scroll_offset.y * (body - size) / max(height - body, 1))
        return top <= y < top + size
