"""Which rows of a list stay in sight under a filter: those that match, with the headings above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.names import fold
from store.query_ast import AllOf, Word

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from store.query_ast import Node
    from tui.widgets.listing import Row


def left_rows(
    rows: Sequence[Row], found: Collection[str], unknown: Collection[str], asked: Node
) -> list[Row]:
    """Return the rows whose keys were found; of keys that no entity has, what the row says is looked at.

    A heading stays while a row stays between it and the next one.
    """
    kept: list[Row] = []
    headings: list[Row] = []
    below = False  # whether a row has come since the last heading
    for row in rows:
        if not row.key:
            headings = [row] if below else [*headings, row]
            below = False
            continue
        below = True
        if row.key in found or (row.key in unknown and _says(row, asked)):
            kept += [*headings, row]
            headings = []
    return kept


def _says(row: Row, asked: Node) -> bool:
    """Tell whether a row says every word that is asked for; a field it cannot have."""
    parts = asked.nodes if isinstance(asked, AllOf) else (asked,)
    said = fold(" ".join((row.title, row.short, *(fact.text for fact in row.facts))))
    return all(isinstance(part, Word) and fold(part.text) in said for part in parts)
