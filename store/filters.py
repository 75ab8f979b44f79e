"""A condition over the board's rows, as SQL with its parameters: made by `store.search`, used by `store.queries`."""

from __future__ import annotations

from typing import NamedTuple


class Filter(NamedTuple):
    """Conditions for items and for conflicts, over the row alias `i`; an empty one matches everything.

    `None` for a kind means that nothing of that kind can match, which saves the query. `trashed` looks into the trash
    instead of at the board; `match` is the full-text expression
    that every match also fulfils.
    """

    text: str = ""
    item: str | None = ""
    item_parameters: tuple[object, ...] = ()
    conflict: str | None = ""
    conflict_parameters: tuple[object, ...] = ()
    trashed: bool = False
    match: str = ""

    @property
    def shown(self) -> str:
        """Return the condition on rows that a board under this filter shows at all."""
        return f"i.trashed = {int(self.trashed)}"

    @property
    def open(self) -> str:
        """Return the condition on conflicts that stand on the board: the open ones, or all that are in the trash."""
        return self.shown if self.trashed else f"{self.shown} AND i.state <> 'closed'"

    def clause(self, kind: str) -> tuple[str, tuple[object, ...]]:
        """Return (" AND …", parameters) for a kind of the board, or an impossible condition."""
        sql, parameters = (
            (self.item, self.item_parameters) if kind == "item" else (self.conflict, self.conflict_parameters)
        )
        if sql is None:
            return " AND 0", ()
        return (f" AND ({sql})" if sql else ""), parameters


EVERYTHING = Filter()


class KindFilter(NamedTuple):
    """A condition on the rows `i` of one kind; where `sql` is None, nothing of the kind can match."""

    kind: str
    text: str = ""
    sql: str | None = ""
    parameters: tuple[object, ...] = ()
    trashed: bool = False
    match: str = ""

    @property
    def shown(self) -> str:
        """Return the condition on rows that a list under this filter shows at all."""
        return f"i.trashed = {int(self.trashed)}"

    def clause(self, kind: str) -> tuple[str, tuple[object, ...]]:
        """Return (" AND …", parameters), or an impossible condition."""
        if self.sql is None or kind != self.kind:
            return " AND 0", ()
        return (f" AND ({self.sql})" if self.sql else ""), self.parameters
