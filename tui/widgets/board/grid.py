"""What the board's columns share: data, cursor and selection. The board changes it, its columns draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.i18n import language
from tui.widgets.board.deck import Deck
from tui.widgets.board.layout import SHAPES, Layout
from tui.widgets.board.painter import Painter

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from store.queries import Card
    from tui.theme import Look
    from tui.widgets.board.layout import Shape
    from tui.widgets.board.names import Names
    from tui.widgets.board.rows import BoardSource, Column, Lane


class Stack:
    """A column with the cards that were fetched for it, its lines, and how far it was scrolled."""

    __slots__ = ("column", "deck", "layout", "top")

    def __init__(self, column: Column, deck: Deck, layout: Layout, top: int) -> None:
        self.column = column
        self.deck = deck
        self.layout = layout
        self.top = top


class Grid:
    """The board as a grid of columns and lanes, with a cursor that is on a card or in an empty column."""

    def __init__(self, source: BoardSource, names: Names, today: date) -> None:
        self.source = source
        self.names = names
        self.today = today
        self.look: Look | None = None
        self.shape: Shape = SHAPES["comfortable"]
        self.stacks: list[Stack] = []
        self.lanes: Sequence[Lane] = ()
        self.folded: set[str] = set()
        self.selected: dict[str, None] = {}  # in the order they were chosen
        self.active = False  # whether the keys act here
        self.first = 0  # the leftmost column in sight
        self.shown = 1  # how many columns are in sight
        self.column = 0
        self.section = 0
        self.row = 0
        self._painters: dict[int, Painter] = {}
        self._painted_in = ""

    # Data

    def load(self, touched: Collection[str] | None = None) -> None:
        """Ask the source for columns and lanes anew, and forget the cards that were fetched.

        `touched` are the columns in which something that changed stands now; None when any may be. Where nothing
        stands that changed, and as many as before, no card has gone either: what was fetched is kept.
        """
        known = {stack.column.id: stack for stack in self.stacks}
        columns = self.source.columns()
        self.lanes = self.source.lanes()
        self.stacks = []
        for column, layout in zip(columns, self._layouts(columns), strict=True):
            stack = known.get(column.id) or Stack(column, Deck(self.source, column.id), layout, 0)
            same = touched is not None and column.id not in touched and column.count == stack.column.count
            deck = stack.deck if same else Deck(self.source, column.id)
            self.stacks.append(Stack(column, deck, layout, stack.top))
        self.column = min(self.column, max(len(self.stacks) - 1, 0))
        self.section = min(self.section, self.sections() - 1)

    def arrange(self) -> None:
        """Lay out the lines anew, after lanes were folded or the cards' shape changed."""
        columns = [stack.column for stack in self.stacks]
        for stack, layout in zip(self.stacks, self._layouts(columns), strict=True):
            stack.layout = layout

    def _layouts(self, columns: Sequence[Column]) -> list[Layout]:
        if not self.lanes:
            return [Layout([column.count], self.shape, headers=False) for column in columns]
        rows = [
            0
            if lane.key in self.folded
            else max((lane.counts.get(column.id, 0) for column in columns), default=0)
            for lane in self.lanes
        ]
        return [Layout(rows, self.shape, headers=True)] * len(columns)

    def count(self, stack: Stack, section: int) -> int:
        """Return how many cards of a column can be reached in a section: none in a folded lane."""
        if not self.lanes:
            return stack.column.count
        lane = self.lanes[section]
        return 0 if lane.key in self.folded else lane.counts.get(stack.column.id, 0)

    def sections(self) -> int:
        """Return how many sections every column has."""
        return len(self.lanes) or 1

    def key(self, section: int) -> str | None:
        """Return the lane key of a section, None on an undivided board."""
        return self.lanes[section].key if self.lanes else None

    def section_of(self, lane: str) -> int | None:
        """Return the section of a lane, None when there is no such lane."""
        if not self.lanes:
            return 0
        return next((index for index, found in enumerate(self.lanes) if found.key == lane), None)

    def card(self, stack: Stack, section: int, row: int) -> Card | None:
        """Return the card at a place, or None where there is none."""
        if not 0 <= row < self.count(stack, section):
            return None
        return stack.deck.card(self.key(section), row)

    # What is in sight

    def stack_in(self, slot: int) -> Stack | None:
        """Return the column that stands in a slot of the screen, counted from the left."""
        index = self.first + slot
        return self.stacks[index] if 0 <= index < len(self.stacks) else None

    def out_of_sight(self, slot: int) -> tuple[int, int]:
        """Return how many columns are out of sight to the left of the first slot and right of the last."""
        before = self.first if slot == 0 else 0
        after = len(self.stacks) - self.first - self.shown if slot == self.shown - 1 else 0
        return before, max(after, 0)

    def painter(self, width: int) -> Painter:
        """Return the painter for columns of a width, in the language of this moment."""
        assert self.look is not None
        if self._painted_in != language() or len(self._painters) > 4:
            self._painters.clear()
            self._painted_in = language()
        painter = self._painters.get(width)
        if painter is None:
            painter = Painter(width, self.shape, self.look, self.names, self.today)
            self._painters[width] = painter
        return painter

    def repaint(self) -> None:
        """Forget what was painted, after colours, names, day or shape changed."""
        self._painters.clear()

    # The cursor

    @property
    def stack(self) -> Stack | None:
        """Return the column the cursor is in."""
        return self.stacks[self.column] if self.column < len(self.stacks) else None

    @property
    def at(self) -> Card | None:
        """Return the card the cursor is on."""
        stack = self.stack
        return self.card(stack, self.section, self.row) if stack else None

    def is_current(self, stack: Stack) -> bool:
        """Return whether the cursor is in a column."""
        return stack is self.stack

    def is_in_lane(self, stack: Stack, section: int) -> bool:
        """Return whether the cursor is in a lane of a column."""
        return stack is self.stack and section == self.section

    def is_at(self, stack: Stack, section: int, row: int) -> bool:
        """Return whether the cursor is on a place."""
        return row == self.row and section == self.section and stack is self.stack
