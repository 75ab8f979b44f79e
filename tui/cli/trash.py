"""`sameboat trash`: what was deleted, of every kind, and the id with which `sameboat restore` takes it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.trash_rows import MOST, trash_count, trash_rows
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import narrate, say_json
from tui.cli.shapes import Shapes, instant
from tui.cli.showing import moment
from tui.cli.table import Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _

if TYPE_CHECKING:
    from store.trash_rows import Trashed


def _trash(arguments: Arguments) -> int:
    limit = arguments.number("limit", MOST)
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        found = trash_rows(store, limit=limit)
        if arguments.has("json"):
            shapes = Shapes(store)
            for one in found:
                say_json(_shape(shapes, one))
            return 0
        if not found:
            narrate(_("The trash is empty."))
            return 0
        columns = [Column("ID"), Column(_("Kind")), Column(_("Title"), flexible=True), Column(_("When")),
                   Column(_("Who"))]  # fmt: skip
        print_rows(columns, (_cells(workspace, one) for one in found))
        if len(found) == limit and (count := trash_count(store)) > limit:
            narrate(_("the last {shown} of {count}").format(shown=limit, count=count))
    return 0


def _cells(workspace: Workspace, one: Trashed) -> list[Cell]:
    return [
        Cell(one.short or one.id), Cell(_(schema.KINDS[one.kind].label)), Cell(one.title), Cell(moment(one.at)),
        Cell(workspace.title("member", one.by)),
    ]  # fmt: skip


def _shape(shapes: Shapes, one: Trashed) -> dict[str, object]:
    return {
        "id": one.short or one.id, "entity": one.id, "kind": one.kind, "title": one.title, "private": one.private,
        "by": shapes.member(one.by), "at": instant(one.at),
    }  # fmt: skip


COMMANDS = {
    "trash": Command(
        _trash,
        N_("what is in the trash, whatever kind it is of, what was deleted last first"),
        "",
        (Option("limit", N_("at most so many"), metavar="N", short="n"),),
        most=0,
        examples=("sameboat trash", "sameboat restore lp-12"),
    ),
}
