"""Dependencies as lines between bars: out of one end, down or up a column that is its own, into the other end.

What leaves the rows in sight is cut at their edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.timeline.canvas import DOWN, LEFT, RIGHT, UP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.timeline.canvas import Canvas
    from tui.timeline.rows import Arrow, Bar, Row
    from tui.timeline.scale import Scale

MOST = 400  # arrows drawn at once: a thicket tells nothing


class Stroke(NamedTuple):
    """A piece of an arrow in one cell of a row: the sides its line leaves through, or the head it ends in."""

    cell: int
    sides: int
    head: str
    tone: str


Strokes = tuple[Stroke, ...]


def strokes(
    rows: Sequence[Row], arrows: Sequence[Arrow], scale: Scale, cursor: str, *, only_here: bool
) -> list[Strokes]:
    """Return each row's pieces of the dependencies between the rows, those of the cursor's item first."""
    found: list[list[Stroke]] = [[] for _ in rows]
    places = {row.key: index for index, row in enumerate(rows) if row.bar is not None}
    here = [arrow for arrow in arrows if cursor in (arrow.predecessor, arrow.successor)]
    rest = (
        [] if only_here else [arrow for arrow in arrows if cursor not in (arrow.predecessor, arrow.successor)]
    )
    for shown, tone in ((here, "accent"), (rest[:MOST], "faint")):
        for arrow in shown:
            top, bottom = places.get(arrow.predecessor, -1), places.get(arrow.successor, -1)
            if min(top, bottom) >= 0 and top != bottom:
                for row, cell, sides, head in _pieces(rows, top, bottom, arrow, scale):
                    if 0 <= cell < scale.width:
                        found[row].append(Stroke(cell, sides, head, tone))
    return [tuple(pieces) for pieces in found]


def lay(canvas: Canvas, pieces: Strokes) -> None:
    """Draw a row's pieces where no bar, ghost or word lies; lines that meet are joined."""
    for piece in pieces:
        if piece.head:
            canvas.put(piece.cell, piece.head, piece.tone)
        else:
            canvas.line(piece.cell, piece.sides, piece.tone)


def _ends(bar: Bar, scale: Scale) -> tuple[int, int]:
    """Return the cells just before and just after a bar."""
    start, end = scale.span(bar.first, bar.last)
    if bar.milestone:
        cell = (start + (2 if scale.zoom == "week" else 0)) // 2
        return cell - 1, cell + 1
    return start // 2 - 1, (end + 1) // 2


def _pieces(
    rows: Sequence[Row], top: int, bottom: int, arrow: Arrow, scale: Scale
) -> Iterator[tuple[int, int, int, str]]:
    """Yield (row, cell, sides, head) from the predecessor's end to the successor's."""
    leaving, entering = rows[top].bar, rows[bottom].bar
    if leaving is None or entering is None:
        return
    from_finish, to_start = arrow.type[0] == "F", arrow.type[1] == "S"
    exit_cell = _ends(leaving, scale)[1 if from_finish else 0]
    entry_cell = _ends(entering, scale)[0 if to_start else 1]
    step = 1 if bottom > top else -1
    out, back = (DOWN, UP) if step > 0 else (UP, DOWN)
    if not to_start:
        column = max(exit_cell, entry_cell)
    else:
        column = exit_cell if from_finish else min(exit_cell, entry_cell)
    # Where the successor begins so soon, the line falls onto its bar, which says enough.
    falls = to_start and column > entry_cell
    for cell in _between(exit_cell, column):
        yield top, cell, LEFT | RIGHT, ""
    yield top, column, (LEFT if from_finish else RIGHT) | out, ""
    for row in range(top + step, bottom, step):
        yield row, column, UP | DOWN, ""
    if falls:
        return
    yield bottom, entry_cell, 0, "▶" if to_start else "◀"
    if column != entry_cell:
        yield bottom, column, back | (RIGHT if column < entry_cell else LEFT), ""
        for cell in range(min(column, entry_cell) + 1, max(column, entry_cell)):
            yield bottom, cell, LEFT | RIGHT, ""


def _between(start: int, end: int) -> range:
    """Return the cells from `start` to `end`, the latter left out."""
    return range(start, end) if start < end else range(end + 1, start + 1)
