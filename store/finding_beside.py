"""What finding asks of a home on a connection of its own: for a thread beside an open app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.database import open_store
from store.finding_anything import find_in_history, titles_without_initials

if TYPE_CHECKING:
    from store.finding_anything import Hit


def initials_of(home: str) -> dict[str, tuple[str, ...]]:
    """Return the pinyin initials of goals and views by id."""
    from store.pinyin import variants

    store = open_store(home)
    try:
        return {ent: variants(title) for ent, title in titles_without_initials(store)}
    finally:
        store.close()


def history_of(home: str, text: str) -> list[Hit]:
    """Return what once said a text."""
    store = open_store(home)
    try:
        return find_in_history(store, text)
    finally:
        store.close()
