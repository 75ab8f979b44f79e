"""Filtering the board by two Chinese characters, which is what a person types who knows what they look for.

Timed is everything the store does for one key in the filter bar: the query is compiled, every column's count,
the first page of every column, and how many cards are left. A person notices nothing below 10 ms, so that is
the floor, and it is absolute; what scanning all titles with LIKE takes stands beside it for scale.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from store import queries
from store.database import open_store
from store.filters import EVERYTHING
from store.search import compile_filter
from store.vocabulary import load_vocabulary
from tests.bench.lab import Lab
from tests.bench.measure import Row, against, median
from tui.widgets.board.deck import PAGE

NAME = "search"
FLOOR_MS = 10.0
# Of an object (one title in forty), of a scope (one in twenty), and the word that one title in five ends with.
USUAL = ("支付", "埋点", "渠道", "招聘", "小程", "华东")
COMMONEST = "发布"


def measure(lab: Lab) -> Iterator[Row]:
    """Yield the usual word and the commonest one against 10 ms."""
    workspace = lab.workspace(lab.largest)
    store = open_store(workspace.home)
    vocabulary = load_vocabulary(store)

    def show(text: str) -> int:
        where = compile_filter(text, vocabulary, store.today(), store.member) if text else EVERYTHING
        for column in queries.columns(store, where):
            queries.cards(store, column.id, where=where, limit=PAGE)
        queries.cards(store, queries.CONFLICTS, where=where, limit=PAGE)
        return queries.item_count(store, where) + queries.conflict_count(store, where)

    def taken(text: str) -> tuple[float, int]:
        start = time.perf_counter()
        count = show(text)
        return (time.perf_counter() - start) * 1000, count

    def scan() -> float:
        start = time.perf_counter()
        query = "SELECT count(*) FROM p_item WHERE trashed = 0 AND title LIKE ?"
        store.conn.execute(query, (f"%{COMMONEST}%",)).fetchone()
        return (time.perf_counter() - start) * 1000

    try:
        show("")
        times: dict[str, list[float]] = {word: [] for word in (*USUAL, COMMONEST)}
        found: dict[str, int] = {}
        scans = []
        for _ in range(lab.sizes.searches):
            for word, known in times.items():
                milliseconds, found[word] = taken(word)
                known.append(milliseconds)
            scans.append(scan())
        if not all(found.values()):
            raise RuntimeError(f"a search found nothing: {found}")
    finally:
        store.close()
    usual = [value for word in USUAL for value in times[word]]
    for name, what, values, words in (
        ("search", "usual", usual, USUAL),
        ("search-common", "commonest", times[COMMONEST], (COMMONEST,)),
    ):
        counts = [found[word] for word in words]
        shares = f"{min(counts):,}" if len(counts) == 1 else f"{min(counts):,} to {max(counts):,}"
        yield against(
            name,
            f"search two characters, {workspace.items:,} items, {what} word",
            "ms",
            median(values),
            FLOOR_MS,
            values=values,
            bar=1.0,
            note=f"{shares} cards left; scanning the titles with LIKE takes {median(scans):.0f} ms",
        )
