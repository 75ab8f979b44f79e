"""The kanban board: what a person does on its columns, as methods that keys are bound to and messages it posts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.message import Message

from tui.widgets.board.columns import BoardColumns
from tui.widgets.board.layout import HEADER
from tui.widgets.board.moves import Place, above_or_below, beside, level, settled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from store.queries import Card
    from tui.widgets.board.column import ColumnView
    from tui.widgets.board.rows import Column, Lane

LOOKED_UP = 50  # selected cards that are looked for after a change
ASKED = 8  # changed cards whose columns are asked for: with more, asking for every window costs less


class BoardView(BoardColumns, can_focus=True):
    """Shows a source's columns; holds a cursor and a selection; its cost follows what is visible."""

    class Said(Message):
        """Something a board says; `control` lets a handler name the board it listens to."""

        def __init__(self, board: BoardView) -> None:
            super().__init__()
            self.board = board

        @property
        def control(self) -> BoardView:
            """Return the board that says it."""
            return self.board

    class CardHighlighted(Said):
        """The cursor is on another card, or on none: in an empty column, or on an empty board."""

        def __init__(self, board: BoardView, card: Card | None, column: Column | None) -> None:
            super().__init__(board)
            self.card = card
            self.column = column

        def can_replace(self, message: Message) -> bool:
            """Let only the last of several moves be heard."""
            return isinstance(message, BoardView.CardHighlighted)

    class CardOpened(Said):
        """A person wants to see more of a card."""

        def __init__(self, board: BoardView, card: Card) -> None:
            super().__init__(board)
            self.card = card

    class SelectionChanged(Said):
        """Other cards are selected than before."""

        def __init__(self, board: BoardView, ids: tuple[str, ...]) -> None:
            super().__init__(board)
            self.ids = ids

    class ColumnClicked(Said):
        """A column's title was clicked."""

        def __init__(self, board: BoardView, column: Column) -> None:
            super().__init__(board)
            self.column = column

    _level: int | None = None  # the line of the screen that moves to the side keep to
    _anchor: Place | None = None  # where a range selection begins

    # What is under the cursor

    @property
    def card(self) -> Card | None:
        """Return the card the cursor is on, None in an empty column."""
        return self.grid.at

    @property
    def column(self) -> Column | None:
        """Return the column the cursor is in, None on a board without columns."""
        return self.column_at(0)

    @property
    def lane(self) -> Lane | None:
        """Return the swimlane the cursor is in, None on an undivided board."""
        return self.grid.lanes[self.grid.section] if self.grid.lanes else None

    def column_at(self, dx: int) -> Column | None:
        """Return the column so many places to the right of the cursor's, None beyond the edge."""
        index = self.grid.column + dx
        return self.grid.stacks[index].column if 0 <= index < len(self.grid.stacks) else None

    def card_at(self, dy: int) -> Card | None:
        """Return the card so many places below the cursor's in the same column and lane, None beyond its end."""
        stack = self.grid.stack
        return self.grid.card(stack, self.grid.section, self.grid.row + dy) if stack else None

    # Where one is, and coming back there

    @property
    def untouched(self) -> bool:
        """Return whether the cursor is where it is when a board opens."""
        grid = self.grid
        return Place(grid.column, grid.section, grid.row) == settled(grid, 0, 0, 0)

    @property
    def folded(self) -> Collection[str]:
        """Return the keys of the folded lanes."""
        return self.grid.folded

    def standing(self) -> tuple[str, int, int]:
        """Return the column the cursor is in, its row there, and the line the column begins with."""
        stack = self.grid.stack
        return (stack.column.id, self.grid.row, stack.top) if stack else ("", 0, 0)

    def fold(self, keys: Iterable[str]) -> None:
        """Fold these swimlanes."""
        known = {self.grid.key(section) for section in range(self.grid.sections())}
        for key in keys:
            if key in known and key not in self.grid.folded:
                self.toggle_lane(key)

    def come_back(self, card_id: str, column_id: str, row: int, top: int) -> None:
        """Put the cursor on a card, else on the nearest to where it stood; the column begins with the line it did."""
        grid = self.grid
        place = self._found(card_id)
        if place is None:
            column = next((i for i, stack in enumerate(grid.stacks) if stack.column.id == column_id), None)
            if column is None:
                return
            place = settled(grid, column, 0, row)
        stack = grid.stacks[place.column]
        self._set_top(stack, top)
        self._put(place)
        self._follow_column()
        for view in self._views:
            view.bind()
            view.redraw()
        self._reveal()
        self.cursor_moved()

    # Moving the cursor

    def move_cursor(self, dx: int = 0, dy: int = 0) -> None:
        """Move the cursor by columns, staying level with where it is on the screen, and by cards."""
        if dy:
            self._level = None
            self._go(above_or_below(self.grid, dy))
        if dx:
            stack, view = self.grid.stack, self.view_of(self.grid.stack)
            if self._level is None and stack and view:
                self._level = level(self.grid, stack, view.body)
            self._go(beside(self.grid, dx, self._level or 0))

    def page(self, by: int) -> None:
        """Move the cursor by screens of cards."""
        view = self.view_of(self.grid.stack)
        cards = view.body // self.grid.shape.pitch - 1 if view else 1
        self.move_cursor(dy=by * max(cards, 1))

    def home(self) -> None:
        """Move the cursor to the first card of its column."""
        self._level = None
        self._go(settled(self.grid, self.grid.column, 0, 0))

    def end(self) -> None:
        """Move the cursor to the last card of its column."""
        grid = self.grid
        self._level = None
        last = grid.sections() - 1
        rows = grid.count(grid.stack, last) if grid.stack else 0
        self._go(settled(grid, grid.column, last, rows - 1))

    def first_column(self) -> None:
        """Move the cursor to the leftmost column."""
        self.move_cursor(dx=-len(self.grid.stacks))

    def last_column(self) -> None:
        """Move the cursor to the rightmost column."""
        self.move_cursor(dx=len(self.grid.stacks))

    def go_to(self, card_id: str) -> bool:
        """Move the cursor to a card and bring it into sight; return whether the board shows it."""
        folded = len(self.grid.folded)
        place = self._found(card_id)
        if place is None:
            return False
        self._level = None
        if len(self.grid.folded) != folded:
            self._fit()
        self._go(place)
        return True

    def _go(self, place: Place) -> None:
        grid = self.grid
        before = Place(grid.column, grid.section, grid.row)
        if place == before or not grid.stacks:
            return
        left = grid.stack
        known = self._card_id
        self._put(place)
        if self._follow_column():
            for view in self._views:
                view.bind()
        else:
            for stack in {left, grid.stack}:
                shown = self.view_of(stack)
                if shown:
                    shown.redraw()
        self._reveal()
        if self._card_id != known:
            self.cursor_moved()

    def cursor_moved(self) -> None:
        """Say which card the cursor is on now."""
        self.post_message(self.CardHighlighted(self, self.card, self.column))

    def jump_targets(self) -> list[tuple[Region, Callable[[], object]]]:
        """Return where each card in sight begins, and what puts the cursor there."""

        def go(place: Place) -> None:
            self.focus()
            self._level = None
            self._go(place)

        found: list[tuple[Region, Callable[[], object]]] = []
        for view in self._views[: self.grid.shown]:
            x, y, width, height = view.region
            seen: set[tuple[int, int]] = set()
            for line in range(height):
                spot = view.spot_at(line)
                if (
                    spot is None
                    or spot.row == HEADER
                    or (spot.section, spot.row) in seen
                    or view.stack is None
                ):
                    continue
                if self.grid.card(view.stack, spot.section, spot.row) is None:
                    continue
                seen.add((spot.section, spot.row))
                place = Place(self.grid.first + view.slot, spot.section, spot.row)
                found.append((Region(x, y + line, width, 1), partial(go, place)))
        return found

    # Choosing

    @property
    def selected(self) -> tuple[str, ...]:
        """Return the ids of the selected cards, in the order they were chosen."""
        return tuple(self.grid.selected)

    @property
    def targets(self) -> tuple[str, ...]:
        """Return the ids that an action is for: the selected cards, else the cursor's."""
        return self.selected or ((self._card_id,) if self._card_id else ())

    def toggle_selected(self) -> None:
        """Select the cursor's card, or deselect it."""
        card = self.card
        if card:
            self._anchor = Place(self.grid.column, self.grid.section, self.grid.row)
            if card.id in self.grid.selected:
                self._select(drop=[card.id])
            else:
                self._select(add=[card.id])

    def select_range(self) -> None:
        """Select from the last card that was selected by itself to the cursor, within one column and lane."""
        grid, anchor, stack = self.grid, self._anchor, self.grid.stack
        if stack is None or anchor is None or anchor[:2] != (grid.column, grid.section):
            self._anchor = Place(grid.column, grid.section, grid.row)
            self._select(add=[self._card_id] if self._card_id else [])
            return
        start, stop = sorted((anchor.row, grid.row))
        self._select(add=[card.id for card in stack.deck.run(grid.key(grid.section), start, stop + 1)])

    def select_column(self) -> None:
        """Select every card of the cursor's column, or deselect them when all are selected already."""
        stack = self.grid.stack
        if stack is None:
            return
        ids = [card.id for card in stack.deck.run(None, 0, stack.column.count)]
        if all(card in self.grid.selected for card in ids):
            self._select(drop=ids)
        else:
            self._select(add=ids)

    def clear_selection(self) -> None:
        """Deselect every card."""
        self._anchor = None
        self._select(drop=self.selected)

    def _select(self, *, add: Iterable[str] = (), drop: Iterable[str] = ()) -> None:
        selected = self.grid.selected
        before = tuple(selected)
        for card_id in drop:
            selected.pop(card_id, None)
        selected.update(dict.fromkeys(add))
        if self.selected != before:
            for view in self._views:
                view.redraw()
            self.post_message(self.SelectionChanged(self, self.selected))

    # Doing

    def refresh_rows(self, changed: Iterable[str] | None = None) -> None:
        """Show what the source holds now: the cursor stays on its card, only what looks different is drawn.

        `changed` are the ids that may have changed, None when any may; every other card is taken to be as it was.
        Selected cards among them that are gone are no longer selected. When more changed than can be looked up in a
        moment, none of them stays selected: it is one key to select them again, and worse to act on cards that nobody
        sees.
        """
        known = None if changed is None else set(changed)
        self._reload(keep_level=True, touched=self._columns_of(known))
        selected = set(self.grid.selected)
        suspects = selected if known is None else selected & known
        if len(suspects) <= LOOKED_UP:
            suspects = {card for card in suspects if self.source.position(card) is None}
        if suspects:
            self._select(drop=suspects)

    def _columns_of(self, changed: Collection[str] | None) -> set[str] | None:
        """Return the columns these cards stand in; None when they are too many to ask one by one."""
        if changed is None or len(changed) > ASKED:
            return None
        found = [self.source.position(card) for card in changed]
        return {position.column for position in found if position}

    def open_card(self) -> None:
        """Ask for the details of the cursor's card."""
        if self.card:
            self.post_message(self.CardOpened(self, self.card))

    def toggle_lane(self, key: str | None = None) -> None:
        """Fold a swimlane to its line, or unfold it; the cursor's when none is named."""
        grid = self.grid
        key = key if key is not None else grid.key(grid.section)
        if key is None:
            return
        grid.folded.symmetric_difference_update({key})
        grid.arrange()
        known = self._card_id
        self._put(settled(grid, grid.column, grid.section, grid.row))
        self._fit()
        if self._card_id != known:
            self.cursor_moved()

    def on_column_view_pressed(self, event: ColumnView.Pressed) -> None:
        """Click: the cursor goes there; with ctrl it selects, with shift a range; a double click opens."""
        event.stop()
        grid, click, spot = self.grid, event.click, event.spot
        column = grid.first + event.column.slot
        if column >= len(grid.stacks):
            return
        self._level = None
        if spot and spot.row == HEADER:
            self.toggle_lane(grid.key(spot.section))
            return
        stack = grid.stacks[column]
        if event.on_title or spot is None:
            self._go(settled(grid, column, grid.section, stack.top // grid.shape.pitch))
            if event.on_title:
                self.post_message(self.ColumnClicked(self, stack.column))
            return
        self._go(settled(grid, column, spot.section, spot.row))
        if click.ctrl or click.meta:
            self.toggle_selected()
        elif click.shift:
            self.select_range()
        elif click.chain == 2 and grid.row == spot.row:
            self.open_card()
