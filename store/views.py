"""Saved views: a query with a layout, for the board, the timeline or the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.names import fold
from store.reordering import move_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.change import Change
    from store.database import Store

LAYOUT = ("query", "group", "lanes", "sort", "columns", "zoom")


class View(NamedTuple):
    """A view as it was saved; what it says may name fields that no longer exist."""

    id: str
    title: str
    kind: str
    query: str = ""
    group: str = ""
    lanes: str = ""
    sort: str = ""
    columns: str = ""
    zoom: str = ""
    private: bool = False
    rank: str = ""

    @property
    def layout(self) -> dict[str, str]:
        """What it shows, by field; a field that says nothing left out."""
        values = dict(zip(LAYOUT, self[3:9], strict=True))
        return {"kind": self.kind, **{name: value for name, value in values.items() if value}}


def views(store: Store) -> list[View]:
    """Return the views in the order people gave them, the others as they were made."""
    columns = ", ".join(f"coalesce(\"{name}\", '')" for name in LAYOUT)
    query = (
        f"SELECT id, coalesce(title, ''), coalesce(kind, 'board'), {columns}, private, coalesce(rank, '') FROM p_view "
        "WHERE trashed = 0 ORDER BY rank IS NULL, rank, created_at, id"
    )
    return [View._make((*row[:-2], bool(row[-2]), row[-1])) for row in store.conn.execute(query)]


def view_called(store: Store, name: str) -> View | None:
    """Return the view of this name or id, else the only one whose name begins so, else None."""
    wanted = fold(name).strip()
    known = views(store)
    exact = [view for view in known if wanted in (fold(view.title).strip(), view.id)]
    begun = [view for view in known if wanted and fold(view.title).startswith(wanted)]
    return exact[0] if exact else begun[0] if len(begun) == 1 else None


def save_within(
    change: Change, title: str, layout: Mapping[str, str], *, private: bool, ent: str = ""
) -> str:
    """Keep a layout under a name, in place of what a view held where one is named; returns the view's id."""
    kind = layout.get("kind", "")
    fields: dict[str, object] = {"title": title, "kind": kind if kind in schema.VIEW_KINDS else "board"}
    fields |= {name: layout.get(name) or None for name in LAYOUT}
    if ent:
        change.set(ent, fields)
        return ent
    return change.create("view", {name: value for name, value in fields.items() if value}, private=private)


def move_within(change: Change, known: Sequence[View], ent: str, by: int) -> None:
    """Move a view by so many among the others, given in their order."""
    move_by(change, [(view.id, view.rank) for view in known], ent, by)
