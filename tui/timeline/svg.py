"""A chart's lines as a picture: an SVG that stands alone, every character at its cell, block characters as areas.

Block characters are drawn as rectangles, so that bars join whatever font a viewer has; words keep their cells by
position, so that 中文 and letters line up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from tui.celltext import cell_width, clusters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.timeline.canvas import Run

CELL, LINE = 8.4, 18.0  # user units
MARGIN = 12.0
FONT = (
    "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace"
)
_LINES = "─│╭╮╰╯├┤┬┴┼╴╵╶╷▶◀┆╌◆◇"
# Of a cell, the part that a block covers: left, top, width and height in shares, and how solid it is.
_BLOCKS = {
    "█": (0, 0.14, 1, 0.72, 1.0), "▌": (0, 0.14, 0.5, 0.72, 1.0), "▐": (0.5, 0.14, 0.5, 0.72, 1.0),
    "▒": (0, 0.14, 1, 0.72, 0.5), "░": (0, 0.3, 1, 0.4, 0.35), "▀": (0, 0.2, 1, 0.25, 1.0),
    "▘": (0, 0.2, 0.5, 0.25, 1.0), "▝": (0.5, 0.2, 0.5, 0.25, 1.0), "━": (0, 0.4, 1, 0.2, 1.0),
    "╸": (0, 0.4, 0.5, 0.2, 1.0), "╺": (0.5, 0.4, 0.5, 0.2, 1.0),
}  # fmt: skip


def picture(lines: Sequence[Sequence[Run]], hue: Callable[[str], str], *, title: str = "") -> str:
    """Return the lines as SVG; `hue` gives the colour of a tone or a ground as #rrggbb."""
    width = max((sum(cell_width(run.text) for run in line) for line in lines), default=0)
    wide, high = width * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.1f} {high:.1f}" '
        f'width="{wide:.0f}" height="{high:.0f}" font-family={quoteattr(FONT)} font-size="14">',
    ]
    if title:
        parts.append(f"<title>{_text(title)}</title>")
    parts.append(f'<rect width="100%" height="100%" fill="{hue("board")}"/>')
    grounds: list[str] = []
    marks: list[str] = []
    for number, line in enumerate(lines):
        top = MARGIN + number * LINE
        cell = 0
        for run in line:
            cells = cell_width(run.text)
            if run.ground != "board":
                grounds.append(_area(MARGIN + cell * CELL, top, cells * CELL, LINE, hue(run.ground)))
            marks += _marks(run, cell, top, hue(run.tone))
            cell += cells
    return "\n".join([*parts, *grounds, *marks, "</svg>"]) + "\n"


def _marks(run: Run, cell: int, top: float, colour: str) -> list[str]:
    found: list[str] = []
    start, word = cell, ""
    solid: tuple[str, int, int] | None = None  # a block, its first cell and how many there are of it

    def put_word() -> None:
        nonlocal word
        word = word.rstrip(" ")
        if word:
            weight = ' font-weight="bold"' if run.bold else ""
            found.append(
                f'<text x="{MARGIN + start * CELL:.1f}" y="{top + LINE * 0.75:.1f}" fill="{colour}"{weight} '
                f'textLength="{cell_width(word) * CELL:.1f}" lengthAdjust="spacingAndGlyphs" '
                f'xml:space="preserve">{_text(word)}</text>'
            )
        word = ""

    def put_solid() -> None:
        nonlocal solid
        if solid is not None:
            char, first, count = solid
            x, y, w, h, opacity = _BLOCKS[char]
            found.append(
                _area(
                    MARGIN + (first + x) * CELL,
                    top + y * LINE,
                    (count - 1 + w) * CELL,
                    h * LINE,
                    colour,
                    opacity,
                )
            )
        solid = None

    for cluster in clusters(run.text):
        if cluster in _BLOCKS:
            put_word()
            if solid is not None and solid[0] == cluster and _BLOCKS[cluster][2] == 1:
                solid = (cluster, solid[1], solid[2] + 1)
            else:
                put_solid()
                solid = (cluster, cell, 1)
        else:
            put_solid()
            if cluster == " " and (not word or word[-1] in _LINES):
                put_word()  # lines keep their cells, however wide a viewer takes a blank to be
            else:
                start = start if word else cell
                word += cluster
        cell += cell_width(cluster)
    put_word()
    put_solid()
    return found


def _area(x: float, y: float, width: float, height: float, colour: str, opacity: float = 1.0) -> str:
    solid = f' fill-opacity="{opacity}"' if opacity < 1 else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"{solid}/>'


def _text(text: str) -> str:
    """Return text for XML: the characters that it may not hold at all are left out."""
    return escape("".join(char for char in text if char >= " "))
