"""What a board is given to draw: columns, swimlanes and a source that hands out cards by position.

The board never holds all cards. It asks its source for the few that are in sight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.queries import Card, Position


class Column(NamedTuple):
    """One column of the board: a status, or the open conflicts."""

    id: str
    title: str
    count: int  # type: ignore[assignment] # a tuple's method gives way to the column's word
    wip: int | None = None
    category: str = ""  # todo, doing or done; none for conflicts
    hint: str = ""  # what the column says while it is empty; it has words of its own


class Lane(NamedTuple):
    """One swimlane: its key, and how many cards it has in each column."""

    key: str
    title: str
    counts: Mapping[str, int]  # by column id
    colour: str = ""  # a swatch


class BoardSource(Protocol):
    """Where a board's cards come from; every call is one cheap, limited query.

    It may be asked again at any time: after `BoardView.refresh_rows` the board asks for columns and lanes anew, and
    for the visible windows of the columns in which something may have changed.
    """

    def columns(self) -> Sequence[Column]:
        """Return the columns from left to right, with their counts under the current filter."""
        ...

    def lanes(self) -> Sequence[Lane]:
        """Return the swimlanes from top to bottom; none when the board is not divided."""
        ...

    def window(self, column: str, offset: int, limit: int, lane: str | None = None) -> Sequence[Card]:
        """Return up to `limit` cards of a column (of one of its lanes), starting at `offset`."""
        ...

    def position(self, card_id: str) -> Position | None:
        """Return the column, index and lane of a card, or None when the filter hides it or it is gone."""
        ...


class NoCards:
    """A source without anything, for a board that was not given one yet."""

    def columns(self) -> Sequence[Column]:
        """Return no columns."""
        return ()

    def lanes(self) -> Sequence[Lane]:
        """Return no lanes."""
        return ()

    def window(self, column: str, offset: int, limit: int, lane: str | None = None) -> Sequence[Card]:
        """Return no cards."""
        return ()

    def position(self, card_id: str) -> Position | None:
        """Return None: nothing is here."""
        return None
