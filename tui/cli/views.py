"""`sameboat views`: the saved views, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.views import LAYOUT, views
from tui.cli.arguments import Command
from tui.cli.output import narrate, say_json
from tui.cli.table import Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _

if TYPE_CHECKING:
    from tui.cli.arguments import Arguments


def _views(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        known = views(workspace.store)
    if arguments.has("json"):
        say_json(
            [
                {"entity": view.id, "title": view.title, "shown_as": view.kind, "private": view.private}
                | {name: getattr(view, name) or None for name in LAYOUT}
                for view in known
            ]
        )
        return 0
    columns = [Column(_("Name"), flexible=True), Column(_("Shown as")), Column(_("Query"), flexible=True)]
    print_rows(columns, [[Cell(view.title), Cell(_(view.kind)), Cell(view.query)] for view in known])
    if not known:
        narrate(_("No view is saved yet."))
    return 0


COMMANDS = {
    "views": Command(
        _views,
        N_("list the saved views"),
        examples=("sameboat views --json", 'sameboat list --view "本周风险"'),
    ),
}
