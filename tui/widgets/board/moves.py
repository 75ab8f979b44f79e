"""Where the cursor goes: the card above, below or beside, on boards with and without swimlanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.widgets.board.layout import nearest

if TYPE_CHECKING:
    from tui.widgets.board.grid import Grid, Stack


class Place(NamedTuple):
    """A column, a section of it and a row of that; in an empty column the row is 0 and there is no card."""

    column: int
    section: int
    row: int


def settled(grid: Grid, column: int, section: int, row: int) -> Place:
    """Return the place itself if a card is there, else the nearest in the same column that has one."""
    if not grid.stacks:
        return Place(0, 0, 0)
    column = min(max(column, 0), len(grid.stacks) - 1)
    stack = grid.stacks[column]
    section = min(max(section, 0), grid.sections() - 1)
    found = nearest(section, row, lambda index: grid.count(stack, index), grid.sections())
    return Place(column, *(found or (section, 0)))


def above_or_below(grid: Grid, by: int) -> Place:
    """Return the place so many cards down (up, if negative), going on in the next lane; the last one at the end."""
    stack = grid.stack
    if stack is None:
        return Place(0, 0, 0)
    section, row = grid.section, grid.row + by
    step = 1 if by > 0 else -1
    while not 0 <= row < grid.count(stack, section):
        beyond = section + step
        while 0 <= beyond < grid.sections() and not grid.count(stack, beyond):
            beyond += step
        if not 0 <= beyond < grid.sections():
            break
        row = row - grid.count(stack, section) if step > 0 else row + grid.count(stack, beyond)
        section = beyond
    return settled(grid, grid.column, section, row)


def beside(grid: Grid, by: int, level: int) -> Place:
    """Return the place so many columns to the right (left, if negative), at a level of the screen in lines.

    With swimlanes columns scroll together, so the same lane and row is at the same level.
    """
    column = min(max(grid.column + by, 0), max(len(grid.stacks) - 1, 0))
    if column >= len(grid.stacks):
        return Place(0, 0, 0)
    row = grid.row if grid.lanes else (grid.stacks[column].top + level) // grid.shape.pitch
    return settled(grid, column, grid.section, row)


def level(grid: Grid, stack: Stack, body: int) -> int:
    """Return on which line of the screen the cursor's card begins, as far as it is in sight."""
    line = stack.layout.line(grid.section, grid.row) - stack.top
    return min(max(line, 0), max(body - 1, 0))
