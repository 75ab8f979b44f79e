"""A report as one HTML file: no scripts, nothing fetched, readable in light and in dark, charts drawn into it.

Every figure leads to the list of what it was counted from, and every id there to its title.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tui.celltext import cell_width, clean, truncate
from tui.i18n import _, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.reports.tables import Document, Section

MOST_BARS = 20
BAR_LABEL = 34  # cells of a bar's label
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5c6675; --line: #d5dae2; --page: #ffffff; --bar: #2f6fb3; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ee; --soft: #9aa5b4; --line: #38414d; --page: #14181e; --bar: #6aa5e3; }
}
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
p.about, p.note { color: var(--soft); margin: .2rem 0 .6rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: right; }
th:first-child, td:first-child { text-align: left; padding-left: 0; } thead th { color: var(--soft); font-weight: 500; }
tbody th { font-weight: 400; } a { color: inherit; text-decoration-color: var(--bar); }
svg { display: block; width: 100%; height: auto; margin: .6rem 0; }
svg text { fill: var(--ink); font: 13px system-ui, "Noto Sans CJK SC", "PingFang SC", sans-serif; }
svg .bar { fill: var(--bar); } details { color: var(--soft); margin-top: .4rem; } dt { color: var(--ink); }
dd { margin: 0 0 .4rem 1rem; } li:target, dd:target { background: var(--line); }
@media print { details { display: none; } }
"""


def page(document: Document) -> str:
    """Return the report as a page."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield "<!doctype html>"
    yield f'<html lang="{"zh-CN" if language() == "zh_CN" else "en"}">'
    yield f'<head><meta charset="utf-8"><title>{_safe(document.title)}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{_STYLE}</style></head><body>"
    yield f'<h1>{_safe(document.title)}</h1><p class="about">{_safe(document.subtitle)}</p>'
    marks = {ent: f"i{number}" for number, ent in enumerate(document.ids(), 1)}
    for number, section in enumerate(document.sections, 1):
        yield f'<section id="s{number}"><h2>{_safe(section.title)}</h2>'
        if section.note:
            yield f'<p class="note">{_safe(section.note)}</p>'
        if section.lines:
            yield from _chart(section)
            yield from _table(section, number)
            yield from _behind(document, section, number, marks)
        else:
            nothing = _("Nothing in this quarter.")
            yield f'<p class="note">{_safe(nothing)}</p>'
        yield "</section>"
    if marks:
        heading = _("What is behind the figures")
        yield f"<section><h2>{_safe(heading)}</h2><ul>"
        for ent, mark in marks.items():
            named = document.called.get(ent)
            title = _safe(named.title) if named else ""
            yield f'<li id="{mark}"><b>{_safe(document.short(ent))}</b> {title}</li>'
        yield "</ul></section>"
    yield "</body></html>"


def _table(section: Section, number: int) -> Iterator[str]:
    width = max(len(line.cells) for line in section.lines)
    yield "<table>"
    if section.columns:
        names = "".join(f'<th scope="col">{_safe(name)}</th>' for name in section.columns)
        yield f"<thead><tr><th></th>{names}</tr></thead>"
    yield "<tbody>"
    for row, line in enumerate(section.lines, 1):
        cells = []
        for column in range(width):
            cell = line.cells[column] if column < len(line.cells) else None
            text = _safe(cell.text) if cell else ""
            if cell and cell.ids:
                text = f'<a href="#s{number}r{row}c{column + 1}">{text}</a>'
            cells.append(f"<td>{text}</td>")
        yield f'<tr><th scope="row">{_safe(line.label)}</th>{"".join(cells)}</tr>'
    yield "</tbody></table>"


def _behind(document: Document, section: Section, number: int, marks: dict[str, str]) -> Iterator[str]:
    if not any(line.ids for line in section.lines):
        return
    heading = _("Behind the figures")
    yield f"<details open><summary>{_safe(heading)}</summary><dl>"
    for row, line in enumerate(section.lines, 1):
        if not line.ids:
            continue
        yield f"<dt>{_safe(line.label)}</dt>"
        for column, cell in enumerate(line.cells, 1):
            if cell.ids:
                links = ", ".join(
                    f'<a href="#{marks[ent]}">{_safe(document.short(ent))}</a>' for ent in cell.ids
                )
                name = f"{_safe(section.columns[column - 1])}: " if section.columns else ""
                yield f'<dd id="s{number}r{row}c{column}">{name}{links}</dd>'
    yield "</dl></details>"


def _chart(section: Section) -> Iterator[str]:
    """Yield bars for the first column whose figures have a size, where there are several to compare."""
    column = next(
        (
            index
            for index in range(max(len(line.cells) for line in section.lines))
            if any(len(line.cells) > index and line.cells[index].size is not None for line in section.lines)
        ),
        None,
    )
    if column is None:
        return
    bars = [
        (line.label, line.cells[column])
        for line in section.lines
        if len(line.cells) > column and line.cells[column].size is not None
    ][:MOST_BARS]
    most = max((cell.size or 0.0 for _label, cell in bars), default=0.0)
    if len(bars) < 2 or most <= 0:
        return
    height = 26 * len(bars)
    yield f'<svg viewBox="0 0 800 {height}" role="img" aria-label="{_safe(section.title)}">'
    for index, (label, cell) in enumerate(bars):
        top = 26 * index
        wide = 380 * (cell.size or 0.0) / most
        shown = clean(label)
        if cell_width(shown) > BAR_LABEL:
            shown = truncate(shown, BAR_LABEL)
        yield (
            f'<text x="330" y="{top + 18}" text-anchor="end">{_safe(shown)}</text>'
            f'<rect class="bar" x="340" y="{top + 5}" width="{wide:.1f}" height="16" rx="2"></rect>'
            f'<text x="{348 + wide:.1f}" y="{top + 18}">{_safe(cell.text)}</text>'
        )
    yield "</svg>"


def _safe(text: str) -> str:
    """Return text that a page shows as it is."""
    return escape(clean(text))
