"""`sameboat changes`: what teammates did that is new for oneself, or all that they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.news import MOST, mark_all, news
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.history import Values
from tui.cli.output import narrate, say_json
from tui.cli.shapes import Shapes, instant
from tui.cli.showing import moment
from tui.cli.table import Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _
from tui.news_words import done_words, why_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.analysis.news import Line


def _changes(arguments: Arguments) -> int:
    limit = arguments.number("limit", MOST)
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        found = news(store, everything=arguments.has("all"), read=arguments.has("read"), limit=limit)
        if arguments.has("json"):
            shapes = Shapes(store)
            for line in found:
                say_json(change_shape(shapes, line))
        elif found:
            show_changes(workspace, found)
        else:
            narrate(_("Nothing new: you have seen what your teammates did."))
        if arguments.has("seen"):
            mark_all(store)
            narrate(_("Everything is marked as seen."))
    return 0


def show_changes(workspace: Workspace, found: Iterable[Line]) -> None:
    """Print a line for each line of news."""
    values = Values(workspace)
    columns = [Column(" "), Column("ID"), Column(_("When")), Column(_("Who")), Column(_("What")),
               Column(_("Text"), flexible=True)]  # fmt: skip
    print_rows(columns, (_cells(workspace, values, line) for line in found))


def _cells(workspace: Workspace, values: Values, line: Line) -> list[Cell]:
    when = line.day or moment(line.at)
    who = workspace.title("member", line.by) if line.by else ""
    return [
        Cell("●" if line.new else ""), Cell(line.short), Cell(when), Cell(who),
        Cell(why_words(line) or done_words(line, values.value)), Cell(line.text or line.title),
    ]  # fmt: skip


def change_shape(shapes: Shapes, line: Line) -> dict[str, object]:
    """Return a line of news as `--json` prints it."""
    return {
        "id": line.short, "entity": line.ent, "kind": line.kind, "title": line.title, "why": line.why,
        "by": shapes.member(line.by) if line.by else None, "at": instant(line.at) if line.at else None,
        "day": line.day or None, "fields": [name for name, _value in line.fields], "text": line.text or None,
        "new": line.new,
    }  # fmt: skip


COMMANDS = {
    "changes": Command(
        _changes,
        N_("what teammates did that is new for you, the newest first"),
        "",
        (
            Option("all", N_("all that they did, not only what is for you")),
            Option("read", N_("what you have seen before too")),
            Option("seen", N_("mark everything as seen afterwards, on all of your devices")),
            Option("limit", N_("at most so many"), metavar="N", short="n"),
        ),
        most=0,
        examples=("sameboat changes", "sameboat changes --all --json", "sameboat changes --seen"),
    ),
}
