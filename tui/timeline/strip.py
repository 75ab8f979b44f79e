"""The workload under a chart: a row a member or department, a figure a week, in the weeks the chart shows.

A week that has room says hours planned and hours there are, a narrow one how full it is by the height of a block. What
is too much has a sign of its own besides its colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.celltext import cell_width, clean, truncate
from tui.timeline.canvas import Canvas, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.timeline.scale import Scale

_HEIGHTS = "▁▂▃▄▅▆▇█"
OVER = "▲"


class Load(NamedTuple):
    """One week of somebody: its Monday, hours planned and hours there are, and the items with most hours first."""

    week: int
    planned: float
    capacity: float
    overloaded: bool
    items: tuple[str, ...]


class StripRow(NamedTuple):
    """One row of the strip: somebody's weeks, or items that the figures are blind to."""

    title: str
    tone: str = "text"
    weeks: tuple[Load, ...] = ()
    items: tuple[str, ...] = ()  # of a row that has no weeks


def draw_strip(
    title: str,
    rows: Sequence[StripRow],
    scale: Scale,
    names: int,
    *,
    cursor: int,
    week: int,
    active: bool,
    height: int,
) -> list[list[Run]]:
    """Return the strip's lines, its heading first; the cursor's row stays in sight of a strip too low for all."""
    lines = [[Run(_padded(title, names), "muted", "board", True), Run("─" * (scale.width + 1), "faint")]]
    body = max(height - 1, 0)
    top = max(min(cursor - body + 1, len(rows) - body), 0) if cursor >= body else 0
    for index, row in enumerate(rows[top : top + body], top):
        here = index == cursor and active
        lines.append(_line(row, scale, names, here=here, week=week if here else 0))
    return lines


def _line(row: StripRow, scale: Scale, names: int, *, here: bool, week: int) -> list[Run]:
    ground = "cursor" if here else "board"
    canvas = Canvas(scale.width, ground)
    if not row.weeks and row.items:
        canvas.write(1, f"{len(row.items)}", "warning", bold=True)
    for load in row.weeks:
        start, end = scale.cell(load.week), scale.cell(load.week + 7)
        if load.week == week:
            canvas.shade(start, end, "blurred")
        _figure(canvas, start, end, load)
    return [Run(_padded(row.title, names), row.tone, ground, here), Run("│", "faint", ground), *canvas.runs()]


def _figure(canvas: Canvas, start: int, end: int, load: Load) -> None:
    tone = "danger" if load.overloaded else "text" if load.planned else "faint"
    figure = f"{load.planned:.0f}/{load.capacity:.0f}"
    choices = (figure + OVER, f"{load.planned:.0f}{OVER}", OVER) if load.overloaded else (figure,)
    for words in choices:
        if cell_width(words) < end - start or words == OVER:
            # Of a week that begins out of sight, the figure stands in what can be seen of it.
            cell = 0 if start < 0 and end > cell_width(words) else start
            canvas.write(cell, words, tone, bold=load.overloaded)
            return
    full = load.planned / load.capacity if load.capacity else 0.0
    canvas.put(start, _HEIGHTS[min(int(full * len(_HEIGHTS)), len(_HEIGHTS) - 1)], tone)


def _padded(text: str, width: int) -> str:
    text = truncate(clean(text), max(width - 1, 0))
    return " " + text + " " * max(width - 1 - cell_width(text), 0)
