"""A report as Markdown: a table for each section, and under it what is behind every figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.celltext import clean
from tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.reports.tables import Document, Section

# What Markdown, or the HTML in it, would take for more than a letter.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&])")


def markdown(document: Document) -> str:
    """Return the report as Markdown."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}"
    yield ""
    yield escaped(document.subtitle)
    for section in document.sections:
        yield from ("", f"## {escaped(section.title)}", "")
        if section.note:
            yield from (escaped(section.note), "")
        if section.lines:
            yield from _table(section)
            yield from _behind(document, section)
        else:
            yield _("Nothing in this quarter.")
    ids = document.ids()
    if ids:
        yield from ("", "## " + _("What is behind the figures"), "")
        for ent in ids:
            named = document.called.get(ent)
            yield f"- {document.short(ent)} {escaped(named.title) if named else ''}".rstrip()


def _table(section: Section) -> Iterator[str]:
    width = max(len(line.cells) for line in section.lines)
    columns = section.columns or ("",) * width
    yield f"| | {' | '.join(escaped(column) for column in columns)} |"
    yield f"|---{'|--:' * width}|"
    for line in section.lines:
        cells = [escaped(cell.text) for cell in line.cells]
        yield f"| {escaped(line.label)} | {' | '.join(cells + [''] * (width - len(cells)))} |"


def _behind(document: Document, section: Section) -> Iterator[str]:
    first = True
    for line in section.lines:
        parts = []
        for index, cell in enumerate(line.cells):
            if cell.ids:
                name = f"{escaped(section.columns[index])}: " if section.columns else ""
                parts.append(name + ", ".join(document.short(ent) for ent in cell.ids))
        if parts:
            if first:
                yield ""
                first = False
            yield f"- {escaped(line.label)} — {' · '.join(parts)}"


def escaped(text: str) -> str:
    """Return one line of text that Markdown shows as it is."""
    return _SIGNS.sub(r"\\\1", clean(text))
