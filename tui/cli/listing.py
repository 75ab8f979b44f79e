"""`sameboat list`: what matches a query, as a table, as tab-separated lines or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import queries
from store.errors import StoreError
from store.search import compile_filter
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import is_terminal, narrate, say_json_rows
from tui.cli.shapes import Shapes
from tui.cli.table import RED, Cell, Column, print_rows
from tui.cli.workspace import AS_OF, Workspace
from tui.i18n import N_, _, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.database import Store
    from store.queries import Card

EVERYTHING = 2**62  # a limit that no workspace reaches


def _list(arguments: Arguments) -> int:
    limit = arguments.number("limit", EVERYTHING)
    with Workspace(arguments.home) as workspace:
        if arguments.has("as-of"):
            workspace.go_back(arguments.value("as-of"))
        store = workspace.store
        today = store.today()
        query = " ".join(arguments.operands)
        if arguments.has("view"):
            query = " ".join(part for part in (_view_query(store, arguments.value("view")), query) if part)
        where = compile_filter(query, workspace.vocabulary, today, store.member)
        found = queries.matching(store, "item", where, limit=limit)
        if len(found) < limit:
            found += queries.matching(store, "conflict", where, limit=limit - len(found))
        shapes = Shapes(store)
        if arguments.has("json"):
            say_json_rows(shapes.card(card) for card in found)
            return 0
        print_rows(_columns(), _rows(shapes, found, today.isoformat()))
        if not found:
            narrate(_("Nothing matches."))
        elif is_terminal():
            narrate(_("{count} found").format(count=len(found)))
    return 0


def _view_query(store: Store, name: str) -> str:
    from store.views import view_called, views

    view = view_called(store, name)
    if view is None:
        from store.errors import nearest

        raise StoreError("no-view", view=name, nearest=nearest(name, [one.title for one in views(store)]))
    return f"({view.query})" if view.query else ""


def _columns() -> list[Column]:
    return [
        Column(_("Short id")),
        Column(_("Status"), flexible=True),
        Column(_("P")),
        Column(_("Department"), flexible=True),
        Column(_("Owner"), flexible=True),
        Column(_("Due")),
        Column(_("Title"), flexible=True),
    ]


def _rows(shapes: Shapes, found: list[Card], today: str) -> Iterator[list[Cell]]:
    for card in found:
        department = shapes.departments.get(card.department)
        if card.kind == "conflict":
            status = _(card.state) if card.state else ""
            rank = "" if card.severity is None else f"!{card.severity}"
            sides = "⇄".join(_title(shapes.departments.get(party), party) for party in card.parties)
            late = bool(card.due) and card.due < today and card.state != "closed"
        else:
            column = shapes.statuses.get(card.status)
            status = _title(column, card.status)
            rank = "" if card.priority is None else f"P{card.priority}"
            sides = _title(department, card.department)
            late = bool(card.due) and card.due < today and not (column and column.category == "done")
        yield [
            Cell(card.short),
            Cell(status),
            Cell(rank),
            Cell(sides),
            Cell(shapes.member(card.owner) or ""),
            Cell(card.due, RED if late else ""),
            Cell(f"⛔ {card.title}" if card.blocked and is_terminal() else card.title),
        ]


def _title(row: queries.Status | queries.Department | None, ent: str) -> str:
    """Return a title in the language in use, or the id of what this replica does not know."""
    if row is None:
        return ent
    return row.title_en if language() == "en" and row.title_en else row.title


COMMANDS = {
    "list": Command(
        _list,
        N_("list items and conflicts that match a query, all without one"),
        "[QUERY…]",
        (
            Option("limit", N_("at most so many"), metavar="N", short="n"),
            AS_OF,
            Option("view", N_("what a saved view shows"), metavar="NAME"),
        ),
        text=True,
        examples=(
            "sameboat list status:doing owner:@me due<fri",
            "sameboat list dept:市场 -kind:risk 定价",
            "sameboat list kind:conflict --json",
        ),
    ),
}
