"""Dependencies as lines between bars: out of one end, down or up a column that is its own, into the other end.

Lines are drawn only where no bar, ghost or word lies, and join where they meet. What leaves the rows in sight is cut
at their edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.timeline.canvas import DOWN, LEFT, RIGHT, UP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.timeline.canvas import Canvas
    from tui.timeline.rows import Arrow, Bar, Row
    from tui.timeline.scale import Scale

MOST = 400  # arrows drawn at once: a thicket tells nothing


def draw_arrows(
    canvases: Sequence[Canvas],
    rows: Sequence[Row],
    arrows: Sequence[Arrow],
    scale: Scale,
    cursor: str,
    *,
    only_here: bool,
) -> None:
    """Draw the dependencies between the rows, those of the cursor's item first and in its colour."""
    places = {row.key: index for index, row in enumerate(rows) if row.bar is not None}
    here = [arrow for arrow in arrows if cursor in (arrow.predecessor, arrow.successor)]
    rest = (
        [] if only_here else [arrow for arrow in arrows if cursor not in (arrow.predecessor, arrow.successor)]
    )
    for shown, tone in ((here, "accent"), (rest[:MOST], "faint")):
        for arrow in shown:
            if arrow.predecessor in places and arrow.successor in places:
                _draw(canvases, rows, places, arrow, scale, tone)


def _ends(bar: Bar, scale: Scale) -> tuple[int, int]:
    """Return the cells just before and just after a bar."""
    start, end = scale.span(bar.first, bar.last)
    if bar.milestone:
        cell = (start + (2 if scale.zoom == "week" else 0)) // 2
        return cell - 1, cell + 1
    return start // 2 - 1, (end + 1) // 2


def _draw(
    canvases: Sequence[Canvas],
    rows: Sequence[Row],
    places: Mapping[str, int],
    arrow: Arrow,
    scale: Scale,
    tone: str,
) -> None:
    top, bottom = places[arrow.predecessor], places[arrow.successor]
    leaving, entering = rows[top].bar, rows[bottom].bar
    if leaving is None or entering is None or top == bottom:
        return
    from_finish, to_start = arrow.type[0] == "F", arrow.type[1] == "S"
    exit_cell = _ends(leaving, scale)[1 if from_finish else 0]
    entry_cell = _ends(entering, scale)[0 if to_start else 1]
    step = 1 if bottom > top else -1
    out, back = (DOWN, UP) if step > 0 else (UP, DOWN)
    if to_start:
        column = exit_cell if from_finish else min(exit_cell, entry_cell)
        straight = column > entry_cell  # it begins so soon that the line falls onto the bar itself
    else:
        column = max(exit_cell, entry_cell)
        straight = False
    if straight:
        column = max(exit_cell, entry_cell + 1)
    for cell in range(exit_cell, column) if exit_cell < column else range(column + 1, exit_cell + 1):
        canvases[top].line(cell, LEFT | RIGHT, tone)
    canvases[top].line(column, (LEFT if from_finish else RIGHT) | out, tone)
    for row in range(top + step, bottom, step):
        canvases[row].line(column, UP | DOWN, tone)
    if straight:
        return
    canvases[bottom].put(entry_cell, "▶" if to_start else "◀", tone)
    if column == entry_cell:
        return
    canvases[bottom].line(column, back | (RIGHT if column < entry_cell else LEFT), tone)
    for cell in range(min(column, entry_cell) + 1, max(column, entry_cell)):
        canvases[bottom].line(cell, LEFT | RIGHT, tone)
