"""A report for a terminal: figures in columns, and behind them the short ids of what they were counted from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.celltext import cell_width, clean, pad, truncate
from tui.cli.table import BOLD, DIM, paint
from tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.reports.tables import Document, Section

LABEL_MOST = 48
GAP = "  "


def text_lines(document: Document, width: int | None) -> Iterator[str]:
    """Yield the report's lines; `width` cuts what stands behind the figures to a terminal, None leaves it whole."""
    yield paint(clean(document.title), BOLD)
    yield paint(clean(document.subtitle), DIM)
    for section in document.sections:
        yield ""
        yield paint(clean(section.title), BOLD)
        if not section.lines:
            yield GAP + paint(_("Nothing in this quarter."), DIM)
        elif section.note:
            yield GAP + paint(clean(section.note), DIM)
        yield from _table(document, section, width)


def _table(document: Document, section: Section, width: int | None) -> Iterator[str]:
    if not section.lines:
        return
    labels = min(max(cell_width(clean(line.label)) for line in section.lines), LABEL_MOST)
    count = max(len(line.cells) for line in section.lines)
    widths = [cell_width(column) for column in section.columns] or [0] * count
    for line in section.lines:
        for index, cell in enumerate(line.cells):
            widths[index] = max(widths[index], cell_width(clean(cell.text)))
    if section.columns:
        heads = [
            pad("", labels),
            *(_right(name, cells) for name, cells in zip(section.columns, widths, strict=True)),
        ]
        yield GAP + paint(GAP.join(heads).rstrip(), DIM)
    for line in section.lines:
        figures = [_right(clean(cell.text), widths[index]) for index, cell in enumerate(line.cells)]
        said = GAP + GAP.join([pad(clean(line.label), labels), *figures])
        behind = " ".join(document.short(ent) for ent in line.ids)
        if width is not None:
            behind = truncate(behind, max(width - cell_width(said) - len(GAP), 0))
        yield f"{said}{GAP}{paint(behind, DIM)}" if behind else said.rstrip()


def _right(text: str, cells: int) -> str:
    return " " * max(cells - cell_width(text), 0) + text
