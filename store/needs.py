"""Needs and challenges on their way from raised to met, each step inside a change, which is one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.change import Change


def step(change: Change, ents: Iterable[str], state: str) -> None:
    """Move needs to a state. Raises wrong-kind, bad-value."""
    for ent in ents:
        change.require(ent, "need")
        change.set(ent, {"state": state})


def other_sort(change: Change, ents: Iterable[str]) -> None:
    """Make challenges of needs and needs of challenges. Raises wrong-kind."""
    change.flush()
    for ent in ents:
        change.require(ent, "need")
        row = change.conn.execute("SELECT sort FROM p_need WHERE id = ?", (ent,)).fetchone()
        change.set(ent, {"sort": "need" if row and row[0] == "challenge" else "challenge"})


def link_items(change: Change, ents: Iterable[str], items: Iterable[str]) -> None:
    """Say which items a need is about, or which are to meet it. Raises wrong-kind."""
    items = list(items)
    for ent in ents:
        change.require(ent, "need")
        change.add_to(ent, "items", items)
