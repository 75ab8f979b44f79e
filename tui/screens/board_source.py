"""The board's questions, answered by the store under one filter and one division into swimlanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.filters import EVERYTHING
from tui.i18n import _
from tui.theme import colour_of
from tui.widgets.board import Column, Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.database import Store
    from store.filters import Filter
    from store.queries import Card, Position
    from tui.screens.directory import Directory

LANE_KINDS = ("", *queries.LANES)


class StoreSource:
    """Columns, lanes and windows of cards as the store has them at the moment of asking."""

    def __init__(
        self, store: Store, directory: Directory, where: Filter, *, lane_by: str, conflicts: bool
    ) -> None:
        self._store = store
        self._directory = directory
        self._where = where
        self._lane_by = lane_by
        self._conflicts = conflicts

    def columns(self) -> Sequence[Column]:
        """Return the workflow, then the open conflicts."""
        hint = "" if self._where == EVERYTHING else _("No card matches the filter.")
        found = [
            Column(row.id, self._directory.status(row.id), row.count, row.wip, row.category, hint)
            for row in queries.columns(self._store, self._where)
        ]
        if self._conflicts:
            count = queries.conflict_count(self._store, self._where)
            found.append(Column(queries.CONFLICTS, _("Conflicts"), count, hint=hint))
        return found

    def lanes(self) -> Sequence[Lane]:
        """Return the swimlanes that have cards."""
        if not self._lane_by:
            return ()
        return [
            Lane(row.key, self._lane_title(row.key), row.counts, self._lane_colour(row.key))
            for row in queries.lanes(self._store, self._lane_by, self._where)
        ]

    def window(self, column: str, offset: int, limit: int, lane: str | None = None) -> Sequence[Card]:
        """Return a window of a column's cards."""
        within = queries.Lane(self._lane_by, lane) if lane is not None and self._lane_by else None
        cards = queries.cards(self._store, column, where=self._where, offset=offset, limit=limit, lane=within)
        if column != queries.CONFLICTS:
            return cards
        return [card._replace(parties=tuple(self._directory.in_order(card.parties))) for card in cards]

    def position(self, card_id: str) -> Position | None:
        """Return where a card stands, or None when the filter hides it or it is gone."""
        found = queries.position(self._store, card_id, where=self._where, lane_by=self._lane_by)
        if found is not None and found.column == queries.CONFLICTS and not self._conflicts:
            return None
        return found

    def total(self) -> int:
        """Return how many cards the filter leaves."""
        return queries.item_count(self._store, self._where) + (
            queries.conflict_count(self._store, self._where) if self._conflicts else 0
        )

    def _lane_title(self, key: str) -> str:
        if self._lane_by == "department":
            return self._directory.department(key) if key else _("no department")
        if self._lane_by == "owner":
            return self._directory.member(key) if key else _("nobody")
        return f"P{key}" if key else _("no priority")

    def _lane_colour(self, key: str) -> str:
        if self._lane_by != "department" or key not in self._directory.departments:
            return ""
        return colour_of(key, self._directory.departments[key].colour)
