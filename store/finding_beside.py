"""What finding asks of a home on a connection of its own: for a thread beside an open app."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from store.database import open_store
from store.finding_anything import find_in_history, titles_without_initials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.finding_anything import Hit


BATCH = 500  # titles
_AT_A_TIME, _PAUSE = 20, 0.005  # titles between two pauses (s): a key that is typed meanwhile does not wait


def initials_of(home: str) -> Iterator[dict[str, tuple[str, ...]]]:
    """Yield the pinyin initials of titles that have none in the database by id, a batch at a time."""
    from store.pinyin import variants

    store = open_store(home)
    try:
        titles = titles_without_initials(store)
    finally:
        store.close()
    for start in range(0, len(titles), BATCH):
        found = {}
        for number, (ent, title) in enumerate(titles[start : start + BATCH]):
            known = variants.cache_info().misses
            found[ent] = variants(title)
            if number % _AT_A_TIME == 0 and variants.cache_info().misses != known:
                time.sleep(_PAUSE)
        yield found


def history_of(home: str, text: str) -> list[Hit]:
    """Return what once said a text."""
    store = open_store(home)
    try:
        return find_in_history(store, text)
    finally:
        store.close()
