"""One column of the board, drawn line by line from the few cards that are in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView

from tui.theme import colour_of
from tui.widgets.board.layout import HEADER, Spot
from tui.widgets.board.painter import BLURRED, CURSOR, RESTING, hint_of
from tui.widgets.repaint import differing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    from textual import events
    from textual.geometry import Region
    from textual.strip import Strip

    from tui.widgets.board.grid import Grid, Stack
    from tui.widgets.board.painter import Painter

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
        self._lines: list[Strip] = []  # what stands on the screen, or is about to
        self._lines_for: tuple[object, ...] = ()  # what else they depend on; nothing when all must be painted

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
        """Show what stands in this slot now, from where it is scrolled to."""
        stack = self.stack
        height = HEAD + stack.layout.height if stack else 0
        # Set without watchers: the column's own size stays, so nothing needs to be laid out again.
        self.set_reactive(ColumnView.virtual_size, Size(self.size.width, height))
        top = min(max(stack.top, 0), self.max_scroll_y) if stack else 0
        self.set_reactive(ColumnView.scroll_y, float(top))
        self.set_reactive(ColumnView.scroll_target_y, float(top))
        if stack and self.size.height:
            stack.top = top
        self.redraw()

    def redraw(self) -> None:
        """Draw what is in sight, and have only those lines painted that look different than before."""
        if self._lines_for != self._needs():
            self.refresh()
            return
        before, self._lines = self._lines, self._drawn()
        changed = differing(before, self._lines, self.size.width)
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        """Keep the last cards at the bottom when the column grew."""
        self.bind()

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
        if round(old_value) != round(new_value):
            if self.stack:
                self.stack.top = round(new_value)
            self.redraw()
            self.post_message(self.Scrolled(self, round(new_value)))

    def spot_at(self, y: int) -> Spot | None:
        """Return what is drawn on a line of this widget."""
        stack = self.stack
        return self._spot(stack, self.scroll_offset.y, y - HEAD) if stack and y >= HEAD else None

    @staticmethod
    def _spot(stack: Stack, top: int, y: int) -> Spot | None:
        """Return what is drawn on a line of the body; the lane that the first one is in stays on top."""
        spot = stack.layout.spot(top + y)
        if spot and y == 0 and stack.layout.header:
            return Spot(spot.section, HEADER, 0)
        return spot

    async def _on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pressed(self, self.spot_at(event.y), event.y < HEAD, event))

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Have the regions painted anew, or, when none is given, everything drawn and painted anew."""
        if repaint and not regions:
            self._lines_for = ()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines in sight, which are drawn already unless everything is to be painted anew.

        Textual asks for all lines of every widget beside a changed one. There is no border, padding or opacity
        here to be added to them, so they are kept ready.
        """
        needs = self._needs()
        if self._lines_for != needs:
            self._lines_for = needs
            self._lines = self._drawn()
        width, height = self.size
        lines = self._lines
        if crop.line_span != (0, height):
            lines = lines[crop.y : crop.bottom]
        if crop.column_span != (0, width):
            lines = [line.crop(*crop.column_span) for line in lines]
        return lines

    def _needs(self) -> tuple[object, ...]:
        return self.size, *self.get_line_filters()

    def _drawn(self) -> list[Strip]:
        """Return every line of the widget, filtered for terminals without colour."""
        width, height = self.size
        painter = self.grid.painter(width)
        stack = self.stack
        lines = [*self._head_lines(painter, stack), *self._body_lines(painter, stack)] if stack else []
        lines = lines[:height] + [painter.blank()] * (height - len(lines))
        filters = self.get_line_filters()
        if filters:
            ground = self.background_colors[1]
            for line_filter in filters:
                lines = [line.apply_filter(line_filter, ground) for line in lines]
        return lines

    def _head_lines(self, painter: Painter, stack: Stack) -> tuple[Strip, Strip]:
        current = self.grid.is_current(stack)
        before, after = self.grid.out_of_sight(self.slot)
        return (
            painter.title(stack.column, current=current),
            painter.rule(current=current, before=before, after=after),
        )

    def _body_lines(self, painter: Painter, stack: Stack) -> Iterator[Strip]:
        """Yield the lines of cards and lanes in sight, each painted or found once, not line by line."""
        if not stack.column.count and not self.grid.lanes:
            yield from painter.hint(hint_of(stack.column), self.body)
            return
        top, thumb, pitch = self.scroll_offset.y, self._thumb(stack.layout.height), stack.layout.shape.pitch
        first = end = 0  # of what is drawn now, the line it begins on and the line after it
        beside = False
        strips: Sequence[Strip] = ()
        for y in range(self.body):
            if y == end or beside != (y in thumb):
                spot = self._spot(stack, top, y)
                if spot is None:
                    return
                beside = y in thumb
                first = y - spot.line
                end = first + (1 if spot.row == HEADER else pitch)
                strips = self._strips(painter, stack, spot.section, spot.row, beside)
            yield strips[y - first] if y - first < len(strips) else painter.blank(beside)

    def _strips(self, painter: Painter, stack: Stack, section: int, row: int, thumb: bool) -> Sequence[Strip]:
        """Return the lines of a card, none where there is none, or of a lane."""
        grid = self.grid
        if row == HEADER:
            return (self._lane_line(painter, stack, section, thumb),)
        card = grid.card(stack, section, row)
        if card is None:
            return ()
        ground = RESTING
        if grid.is_at(stack, section, row):
            ground = CURSOR if grid.active else BLURRED
        done = stack.column.category == "done"
        return painter.card(card, ground, selected=card.id in grid.selected, done=done, thumb=thumb)

    def _lane_line(self, painter: Painter, stack: Stack, section: int, thumb: bool) -> Strip:
        grid = self.grid
        lane = grid.lanes[section]
        tone = ":" + colour_of(lane.key, lane.colour) if lane.colour else "text"
        count = lane.counts.get(stack.column.id, 0)
        current = grid.is_in_lane(stack, section)
        folded = lane.key in grid.folded
        return painter.lane(lane.title, count, tone, folded=folded, current=current, thumb=thumb)

    def _thumb(self, height: int) -> range:
        """Return the lines of the body past which the scroll thumb runs."""
        body = self.body
        if height <= body:
            return range(0)
        size = max(body * body // height, 1)
        top = round(self.scroll_offset.y * (body - size) / max(height - body, 1))
        return range(top, top + size)
