"""One line of styled text put together to the cell: what leans left is cut first, what leans right stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment

from tui.celltext import cell_width, truncate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.theme import Look


class Piece(NamedTuple):
    """A few words in one tone."""

    text: str
    tone: str = "text"
    bold: bool = False


GAP = Piece(" ")


def width_of(pieces: Iterable[Piece]) -> int:
    """Return how many cells the pieces take together."""
    return sum(cell_width(piece.text) for piece in pieces)


def joined(groups: Iterable[Sequence[Piece]], by: Piece = GAP) -> list[Piece]:
    """Return the groups that are not empty, one after another with a piece between them."""
    pieces: list[Piece] = []
    for group in groups:
        if group:
            if pieces:
                pieces.append(by)
            pieces.extend(group)
    return pieces


def segments(
    left: Sequence[Piece], right: Sequence[Piece], width: int, look: Look, ground: str
) -> list[Segment]:
    """Return segments exactly `width` cells wide, the left pieces cut to leave room for the right ones."""
    tail = width_of(right)
    if tail > width:
        right, tail = (), 0
    room = max(width - tail - 1, 0) if tail else width
    space = width - tail
    line: list[Segment] = []
    for piece in left:
        text = truncate(piece.text, room)
        if not text:
            continue
        used = cell_width(text)
        room -= used
        space -= used
        line.append(Segment(text, look.style(piece.tone, ground, bold=piece.bold)))
    if space:
        line.append(Segment(" " * space, look.style("text", ground)))
    line.extend(Segment(piece.text, look.style(piece.tone, ground, bold=piece.bold)) for piece in right)
    return line
