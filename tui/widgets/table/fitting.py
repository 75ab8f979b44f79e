"""How wide the columns of a table are drawn, and which of them have room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.celltext import cell_width, clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.widgets.table.lines import Column, Line

GAP = 2  # cells between columns
LEAST_FLEXIBLE = 20


def wanted_widths(
    columns: Sequence[Column], lines: Sequence[Line], before: Mapping[str, int]
) -> dict[str, int]:
    """Return how many cells each column wants for what is in sight; no less than it had, so that nothing jumps."""
    found = {}
    for index, column in enumerate(columns):
        sign = 2 if column.sorted else 0
        texts = {line.cells[index].text for line in lines if index < len(line.cells)}
        widest = max((cell_width(clean(text)) for text in texts), default=0)
        widest = max(widest, cell_width(column.label) + sign, column.least)
        found[column.name] = max(min(widest, column.most), before.get(column.name, 0))
    return found


def fitted(
    columns: Sequence[Column], wanted: Mapping[str, int], room: int, here: int, first: int
) -> tuple[int, list[tuple[int, int]]]:
    """Return the first column that scrolls, and (column, cells) of those that are drawn, from the left.

    The columns up to the flexible one always stand; the others scroll beneath them until `here` is in sight.
    """
    flexible = next((index for index, column in enumerate(columns) if column.flexible), -1)
    standing = list(range(flexible + 1)) if flexible <= 1 else []
    taken = sum(
        (LEAST_FLEXIBLE if index == flexible else wanted[columns[index].name]) + GAP for index in standing
    )
    first = max(first, len(standing))
    if here >= len(standing):
        first = min(first, here)
        while first < here and taken + _span(columns, wanted, first, here, flexible) > room:
            first += 1
    shown = [(index, _cells(columns, wanted, index, flexible)) for index in standing]
    used = taken
    for index in range(first, len(columns)):
        cells = _cells(columns, wanted, index, flexible)
        if used + cells > room and shown and index != here:
            break
        shown.append((index, min(cells, max(room - used, 1))))
        used += cells + GAP
    # Columns that scrolled away come back where there is room again.
    while first > len(standing) and used + _cells(columns, wanted, first - 1, flexible) <= room:
        first -= 1
        cells = _cells(columns, wanted, first, flexible)
        shown.insert(len(standing), (first, cells))
        used += cells + GAP
    spare = room - (used - GAP if shown else 0)
    if spare > 0:
        shown = [(index, cells + spare if index == flexible else cells) for index, cells in shown]
    return first, shown


def _cells(columns: Sequence[Column], wanted: Mapping[str, int], index: int, flexible: int) -> int:
    return LEAST_FLEXIBLE if index == flexible else wanted[columns[index].name]


def _span(columns: Sequence[Column], wanted: Mapping[str, int], first: int, last: int, flexible: int) -> int:
    widths = [_cells(columns, wanted, index, flexible) for index in range(first, last + 1)]
    return sum(widths) + GAP * (len(widths) - 1)
