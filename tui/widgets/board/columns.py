"""Columns side by side: as many as fit, following their source, the theme and the size of the terminal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import Layout as TextualLayout
from textual.layout import WidgetPlacement
from textual.reactive import reactive
from textual.widget import Widget

from tui.theme import look_of
from tui.widgets.board.column import ColumnView
from tui.widgets.board.grid import Grid
from tui.widgets.board.layout import SHAPES
from tui.widgets.board.moves import Place, settled
from tui.widgets.board.names import Names
from tui.widgets.board.rows import NoCards
from tui.widgets.repaint import Ground

if TYPE_CHECKING:
    from collections.abc import Collection

    from textual.app import ComposeResult
    from textual.layout import ArrangeResult
    from textual.theme import Theme

    from tui.widgets.board.grid import Stack
    from tui.widgets.board.layout import Shape
    from tui.widgets.board.rows import BoardSource

NARROWEST = 24  # cells: below it a Chinese title has no room left beside its id
ROOMY = 28  # lines from which `auto` density is comfortable


class SideBySide(TextualLayout):
    """Gives as many columns as fit an equal share of the width; the rest are not placed."""

    name = "side-by-side"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Return where each column stands, from left to right."""
        assert isinstance(parent, BoardColumns)
        shown = min(parent.fitting(size.width), len(children))
        placements = []
        for index, child in enumerate(children[:shown]):
            left, right = size.width * index // shown, size.width * (index + 1) // shown
            region = Region(left, 0, right - left, size.height)
            placements.append(WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child))
        return placements


class BoardColumns(Ground, Widget):
    """Draws a source's columns around a cursor that stays on its card, whatever changes."""

    DEFAULT_CSS = """
    BoardColumns {
        width: 1fr;
        height: 1fr;
        background: $background;
    }
    """
    ALLOW_SELECT: ClassVar[bool] = False

    source: reactive[BoardSource] = reactive(NoCards, init=False)
    names: reactive[Names] = reactive(Names, init=False)
    today: reactive[date] = reactive(date.min, init=False)
    density: reactive[str] = reactive("auto", init=False)  # or a key of `SHAPES`

    def __init__(
        self,
        source: BoardSource,
        *,
        names: Names,
        today: date,
        density: str = "auto",
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
    ) -> None:
        """Show a source's cards as of a day, with these names for the ids on them."""
        super().__init__(id=id, classes=classes)
        self.set_reactive(BoardColumns.source, source)
        self.set_reactive(BoardColumns.names, names)
        self.set_reactive(BoardColumns.today, today)
        self.set_reactive(BoardColumns.density, density)
        self.grid = Grid(source, names, today)
        self._views: list[ColumnView] = []
        self._card_id = ""  # the cursor's card, which it stays on when the data changes

    # Fitting

    @property
    def layout(self) -> TextualLayout:
        """Return the layout that shares the width among the columns."""
        return self._side_by_side

    _side_by_side = SideBySide()

    def compose(self) -> ComposeResult:
        """Load the data and yield as many columns as the terminal has room for."""
        self.grid.look = look_of(self.app.current_theme)
        self.grid.shape = self._shape(self.app.size.height - 4)
        self.grid.load()
        self.grid.shown = self.fitting(self.app.size.width)
        self._put(settled(self.grid, 0, 0, 0))
        self._views = [ColumnView(self.grid, slot) for slot in range(self.grid.shown)]
        yield from self._views

    def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)
        self.cursor_moved()

    def _theme_changed(self, theme: Theme) -> None:
        self.grid.look = look_of(theme)
        self._repaint()

    def fitting(self, width: int) -> int:
        """Return how many columns are in sight when the board is so wide."""
        return max(min(len(self.grid.stacks), width // NARROWEST), 1)

    def _shape(self, height: int) -> Shape:
        automatic = "comfortable" if height >= ROOMY else "compact"
        return SHAPES.get(self.density, SHAPES[automatic])

    def on_resize(self) -> None:
        """Fit columns and cards to the new size."""
        self._fit()

    def _fit(self) -> None:
        """Show as many columns as there is room for, the cursor's among them, in the shape that suits."""
        grid = self.grid
        shape = self._shape(self.size.height)
        if shape != grid.shape:
            grid.shape = shape
            grid.arrange()
            grid.repaint()
        shown = self.fitting(self.size.width)
        if shown != grid.shown:
            grid.shown = shown
            # Asked for by a child, for a widget's own request keeps its arrangement and renews its parent's.
            self._views[0].refresh(layout=True)
        missing = [ColumnView(grid, slot) for slot in range(len(self._views), shown)]
        if missing:
            self._views += missing
            self.mount(*missing)
        self._follow_column()
        for view in self._views:
            view.bind()
        self._reveal()

    def _repaint(self) -> None:
        self.grid.repaint()
        for view in self._views:
            view.refresh()

    # Data

    def watch_source(self) -> None:
        """Show another filter or other swimlanes, the cursor on the same card if it is still there."""
        self.grid.source = self.source
        for stack in self.grid.stacks:
            stack.top = 0
        self._reload(keep_level=False)

    def watch_names(self) -> None:
        """Draw the cards with the new names."""
        self.grid.names = self.names
        self._repaint()

    def watch_today(self) -> None:
        """Draw the cards as of the new day."""
        self.grid.today = self.today
        self._repaint()

    def watch_density(self) -> None:
        """Draw the cards in the new shape, the cursor in sight."""
        if self._views:
            self._fit()

    def _reload(self, *, keep_level: bool, touched: Collection[str] | None = None) -> None:
        """Ask the source for what is in sight anew; at the same level, the cursor's card does not move.

        `touched` are the columns that hold something that changed, None when any may.
        """
        if not self._views:
            return
        grid = self.grid
        known = self._card_id
        before = grid.stack
        level = before.layout.line(grid.section, grid.row) - before.top if before else 0
        grid.load(touched)
        self._put(self._found(known) or settled(grid, grid.column, grid.section, grid.row))
        stack = grid.stack
        if keep_level and stack and before and stack.column.id == before.column.id:
            self._set_top(stack, stack.layout.line(grid.section, grid.row) - level)
        if grid.shown == self.fitting(self.size.width):
            self._follow_column()
            for view in self._views:
                view.bind()
            self._reveal()
        else:
            self._fit()
        if self._card_id != known:
            self.cursor_moved()

    def _found(self, card_id: str) -> Place | None:
        """Return where a card stands now, its lane unfolded; None when it does not show."""
        grid = self.grid
        if not card_id:
            return None
        if grid.at and grid.at.id == card_id:
            return Place(grid.column, grid.section, grid.row)
        position = self.source.position(card_id)
        if position is None:
            return None
        column = next((i for i, stack in enumerate(grid.stacks) if stack.column.id == position.column), None)
        section = grid.section_of(position.lane)
        if column is None or section is None:
            return None
        lane = grid.key(section)
        if lane in grid.folded:
            grid.folded.discard(lane)
            grid.arrange()
        return Place(column, section, position.index)

    # The cursor

    def cursor_moved(self) -> None:
        """Do what is due when the cursor is on another card."""

    def view_of(self, stack: Stack | None) -> ColumnView | None:
        """Return the widget that shows a column, None when it is out of sight."""
        return next((view for view in self._views[: self.grid.shown] if view.stack is stack), None)

    def _put(self, place: Place) -> None:
        """Put the cursor on a place."""
        grid = self.grid
        grid.column, grid.section, grid.row = place
        self._card_id = grid.at.id if grid.at else ""

    def _follow_column(self) -> bool:
        """Bring the cursor's column into sight; return whether other columns stand there now."""
        grid = self.grid
        first = min(grid.first, max(len(grid.stacks) - grid.shown, 0))
        first = max(min(first, grid.column), grid.column - grid.shown + 1)
        changed = first != grid.first
        grid.first = first
        return changed

    def _reveal(self) -> None:
        view = self.view_of(self.grid.stack)
        if view:
            view.reveal(self.grid.section, self.grid.row)

    def _set_top(self, stack: Stack, top: int) -> None:
        """Have a column begin at a line; with swimlanes all columns, so that lanes stay level."""
        for other in self.grid.stacks if self.grid.lanes else (stack,):
            other.top = top

    def on_column_view_scrolled(self, event: ColumnView.Scrolled) -> None:
        """Keep swimlanes level across columns."""
        event.stop()
        if self.grid.lanes and event.column.stack:
            self._set_top(event.column.stack, event.top)
            for view in self._views[: self.grid.shown]:
                if view is not event.column:
                    view.scroll_to(y=event.top, animate=False)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Leave it to the columns to say what looks different: when the keys come or go, that is one card."""
        return super().refresh(
            *regions, repaint=repaint and (layout or bool(regions)), layout=layout, recompose=recompose
        )

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show on the cursor's card whether the keys act here."""
        super().watch_has_focus(has_focus)
        self.grid.active = has_focus
        view = self.view_of(self.grid.stack)
        if view:
            view.redraw()
