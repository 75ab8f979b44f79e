"""The line of an item in a list of what serves a goal, or serves none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.goal_words import hours_words
from tui.theme import glyph
from tui.widgets.days import distance_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from datetime import date

    from store.rows import Card
    from tui.screens.directory import Directory


def item_row(card: Card, directory: Directory, hours: float | None, today: date, *, key: str = "") -> Row:
    """Return an item's line: its status, hours, owner and day."""
    done = directory.category(card.status) == "done"
    late = not done and "" < card.due < today.isoformat()
    mark, style = (glyph("done"), "$text-success") if done else ("·", MUTED)
    if card.blocked and not done:
        mark, style = glyph("blocked"), "$text-error"
    facts = (
        Fact(directory.status(card.status)),
        Fact(hours_words(hours) if hours else ""),
        Fact(directory.member(card.owner) if card.owner else ""),
        Fact(
            distance_words(card.due, today) if card.due and not done else "", "$text-error" if late else MUTED
        ),
    )
    return Row(key or card.id, card.title, card.short, mark, style, facts, MUTED if done else "")
