"""Items and feedback found as a person types: by short id, or by words of whatever is written in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.card_rows import cards_of, selection
from store.tokens import match_expression

if TYPE_CHECKING:
    from store.database import Store
    from store.rows import Card

MOST = 50
_LOOKED_AT = 5_000  # hits of the words, before they are put in order
_DONE = "EXISTS (SELECT 1 FROM p_status s WHERE s.id = i.status AND s.category = 'done')"
_TITLED = "instr(lower(coalesce(i.title, '')), ?) = 0"  # the others have the words somewhere
_ORDER = {
    "item": f"{_DONE}, {_TITLED}, i.updated_at DESC, i.id",
    "feedback": f"{_TITLED}, i.updated_at DESC, i.id",
}


def find(store: Store, kind: str, text: str, *, limit: int = MOST) -> list[Card]:
    """Return the items or the feedback that a text finds, and for no text the latest.

    What is titled so comes before what has the words elsewhere, then what was touched last; finished items are last.
    """
    words = text.split()
    if not words:
        return _cards(store, kind, "", (), limit)
    found = []
    if len(words) == 1 and words[0].isascii():
        low = words[0].lower()
        condition = "AND i.n IN (SELECT ent FROM handle WHERE short >= ? AND short < ?)"
        found = _cards(store, kind, condition, (low, low + "\x7f", low), limit)
    expression = " AND ".join(part for part in map(match_expression, words) if part)
    if expression and len(found) < limit:
        condition = f"AND i.n IN (SELECT rowid FROM fts WHERE fts MATCH ? LIMIT {_LOOKED_AT})"
        known = {card.id for card in found}
        titled = " ".join(words).lower()
        found += [
            card
            for card in _cards(store, kind, condition, (expression, titled), limit)
            if card.id not in known
        ]
    return found[:limit]


def _cards(store: Store, kind: str, condition: str, parameters: tuple[object, ...], limit: int) -> list[Card]:
    order = _ORDER[kind] if condition else "i.n DESC"
    query = (
        f"SELECT {selection(kind)} FROM p_{kind} i LEFT JOIN handle h ON h.ent = i.n "
        f"WHERE +i.trashed = 0 {condition} ORDER BY {order} LIMIT ?"
    )
    return cards_of(store, store.conn.execute(query, (*parameters, limit)).fetchall())
