"""The cards of one column near what is visible, fetched a page at a time and kept until the data changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.queries import Card
    from tui.widgets.board.rows import BoardSource

PAGE = 32  # more than a tall screen shows of a column, so that most frames ask once
PAGES = 8
RUN = 5_000  # few questions when somebody takes a whole column


class Deck:
    """Hands out cards by position; holds a few pages, however many cards there are."""

    __slots__ = ("_column", "_pages", "_source")

    def __init__(self, source: BoardSource, column: str) -> None:
        self._source = source
        self._column = column
        self._pages: dict[tuple[str | None, int], Sequence[Card]] = {}

    def card(self, lane: str | None, row: int) -> Card | None:
        """Return the card at a row of a lane (None: the undivided column), or None past its end."""
        number, offset = divmod(row, PAGE)
        key = (lane, number)
        page = self._pages.get(key)
        if page is None:
            page = self._source.window(self._column, number * PAGE, PAGE, lane)
            if len(self._pages) >= PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[key] = page
        return page[offset] if offset < len(page) else None

    def run(self, lane: str | None, start: int, stop: int) -> Iterator[Card]:
        """Yield the cards from one row up to another, without keeping them."""
        while start < stop:
            found = self._source.window(self._column, start, min(stop - start, RUN), lane)
            yield from found
            if not found:
                return
            start += len(found)
