"""`sameboat pool`: the requirements that are not done, ranked by a score or by who wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import pool
from store.analysis.scoring import MODELS
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import narrate, say_json_rows
from tui.cli.shapes import Shapes
from tui.cli.table import Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _
from tui.score_words import customer_words, input_words, order_words, people_words, score_words

if TYPE_CHECKING:
    from store.pool import Ranked

EVERYTHING = 2**62


def _pool(arguments: Arguments) -> int:
    by = arguments.value("by", pool.ORDERS[0])
    limit = arguments.number("limit", EVERYTHING)
    with Workspace(arguments.home) as workspace:
        found = pool.ranked(pool.pool(workspace.store), by)[:limit]
        if arguments.has("json"):
            shapes = Shapes(workspace.store)
            say_json_rows(_shape(shapes, one, by) for one in found)
            return 0
        columns = [
            Column("#"), Column(_("Short id")), Column(order_words(by)), Column(_("Inputs")), Column(_("Customers")),
            Column(_("People")), Column(_("Title"), flexible=True),
        ]  # fmt: skip
        print_rows(columns, (_cells(place, one, by) for place, one in enumerate(found, 1)))
        if not found:
            narrate(_("No requirement is open."))
    return 0


def _cells(place: int, one: Ranked, by: str) -> list[Cell]:
    row, support = one.row, one.row.support
    return [
        Cell(str(place) if one.score.number is not None else ""),
        Cell(row.short),
        Cell(score_words(one.score)),
        Cell(input_words(by, row.inputs) if by in MODELS else ""),
        Cell(customer_words(support)),
        Cell(people_words(support)),
        Cell(row.title),
    ]


def _shape(shapes: Shapes, one: Ranked, by: str) -> dict[str, object]:
    row = one.row
    inputs = {name: getattr(row.inputs, name) for name in (MODELS[by].inputs if by in MODELS else ())}
    return {
        "id": row.short, "entity": row.id, "title": row.title, "status": shapes.status(row.status),
        "by": by, "score": one.score.number, "word": one.score.word or None, "inputs": inputs,
        "missing": list(one.score.missing), "people": len(row.support.people),
        "customers": len(row.support.customers), "size": row.support.size,
    }  # fmt: skip


COMMANDS = {
    "pool": Command(
        _pool,
        N_("the requirements that are not done, ranked by a score and with who wants them"),
        "",
        (
            Option("by", N_("what ranks them, RICE if not said"), choices=pool.ORDERS),
            Option("limit", N_("at most so many"), metavar="N", short="n"),
        ),
        most=0,
        examples=("sameboat pool --by wsjf", "sameboat pool --by customers --json"),
    ),
}
