"""The two lists of a report: its figures in columns, and what is behind the one under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from tui.bindings import bindings
from tui.celltext import cell_width, clean, pad, truncate
from tui.i18n import _
from tui.widgets.cursor_lines import Piece
from tui.widgets.listing import LEAST_TITLE, MUTED, Fact, ListingView, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.reports.tables import Document, Section

GAP = "  "


class FigureList(ListingView):
    """The report: headings, and rows whose figures stand under their columns."""

    SCOPE = "reports"
    BINDINGS = bindings(SCOPE, target="screen")

    def line(self, row: Row, width: int) -> list[Piece]:
        """Return a row in so many cells: figures on the right, those furthest right giving way first."""
        facts = list(row.facts)
        while facts and width - sum(cell_width(clean(fact.text)) + len(GAP) for fact in facts) < LEAST_TITLE:
            facts.pop()
        said = [piece for fact in facts for piece in (Piece(GAP), Piece(clean(fact.text), fact.style))]
        room = max(width - sum(cell_width(clean(fact.text)) + len(GAP) for fact in facts), 1)
        title = truncate(clean(row.title), room - row.indent) if room > row.indent else ""
        return [Piece(pad(" " * row.indent + title, room), row.style), *said]


class BehindList(ListingView):
    """What a figure was counted from."""

    SCOPE = "reports"
    BINDINGS = bindings(SCOPE, target="screen")


def figure_rows(document: Document) -> list[Row]:
    """Return a report's rows, a section's figures filled up to one width."""
    rows: list[Row] = []
    for number, section in enumerate(document.sections):
        if rows:
            rows.append(Row("", ""))
        widths = _widths(section)
        heads = tuple(Fact(_right(name, cells)) for name, cells in zip(section.columns, widths, strict=False))
        rows.append(Row("", section.title, facts=heads if section.lines else (), style="bold $text-primary"))
        if section.note and section.lines:
            rows.append(Row("", section.note, style=MUTED, indent=2))
        if not section.lines:
            rows.append(Row("", _("Nothing in this quarter."), style=MUTED, indent=2))
        for index, line in enumerate(section.lines):
            facts = tuple(
                Fact(_right(clean(cell.text), widths[place]), "" if cell.ids else MUTED)
                for place, cell in enumerate(line.cells)
            )
            rows.append(Row(f"{number}.{index}", line.label, facts=facts, indent=2))
    return rows


def behind_rows(document: Document, key: str) -> list[Row]:
    """Return what is behind a row of figures, under the name and the size of each."""
    if not key:
        return []
    number, _dot, index = key.partition(".")
    section = document.sections[int(number)]
    line = section.lines[int(index)]
    rows = [_thing(document, "about", ent) for ent in line.about]
    for place, cell in enumerate(line.cells):
        if cell.ids:
            name = section.columns[place] if section.columns else line.label
            rows.append(Row("", f"{name}: {cell.text}"))
            rows += [_thing(document, str(place), ent) for ent in cell.ids]
    return rows


def _thing(document: Document, place: str, ent: str) -> Row:
    named = document.called.get(ent)
    if named is None:
        return Row(f"{place}:{ent}", _("not here yet"), ent[:8])
    kind = schema.KINDS[named.kind]
    return Row(f"{place}:{ent}", named.title, named.short, facts=(Fact(_(kind.label)),))


def _widths(section: Section) -> Sequence[int]:
    count = max((len(line.cells) for line in section.lines), default=0)
    widths = [cell_width(name) for name in section.columns] or [0] * count
    widths += [0] * (count - len(widths))
    for line in section.lines:
        for place, cell in enumerate(line.cells):
            widths[place] = max(widths[place], cell_width(clean(cell.text)))
    return widths


def _right(text: str, cells: int) -> str:
    return " " * max(cells - cell_width(text), 0) + text
