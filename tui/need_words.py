"""Words for needs and challenges: their marks, their sections, and how a cell of their map is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.i18n import N_, _
from tui.theme import glyph

if TYPE_CHECKING:
    from store.analysis.heatmap import Cell
    from store.need_rows import NeedRow

SECTION_LABELS = {
    "raised": N_("raised"), "confirmed": N_("confirmed"), "parked": N_("parked"), "met": N_("met"),
}  # fmt: skip
SHADES = ("·", "░", "▒", "▓", "█")
_HEAVY = 3  # the level from which a cell is drawn as urgent
CELL = 3  # cells of a column of the map


def need_mark(row: NeedRow) -> str:
    """Return the mark of a need: how severe it is, or that it is a draft."""
    if row.private:
        return f"{glyph('private')}{row.severity or ' '}"
    return f"▲{row.severity}" if row.severity else "  "


def sort_words(row: NeedRow) -> str:
    """Return whether it is a need or a challenge, and what it is about."""
    return f"{_(row.sort)} · {_(row.kind)}"


def cell_words(cell: Cell) -> tuple[str, str]:
    """Return a cell of the map and its style: a shade for how much it weighs, and how many are open."""
    shade = SHADES[min(cell.level, len(SHADES) - 1)]
    if not cell.ids:
        return shade, "$text-muted"
    style = "$text-error" if cell.level > _HEAVY else "$text-warning" if cell.level == _HEAVY else ""
    return f"{shade}{min(len(cell.ids), 99)}", style
