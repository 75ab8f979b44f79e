"""`sameboat find`: what a text finds among everything the workspace holds, the likeliest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.finding_anything import (
    BY_BEGINNING,
    BY_COMMENT,
    BY_HISTORY,
    BY_ID,
    BY_INITIALS,
    BY_TEXT,
    BY_TITLE,
    find_anything,
    find_in_history,
    may_be_initials,
    titles_without_initials,
)
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import narrate, say_json_rows
from tui.cli.table import Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _

if TYPE_CHECKING:
    from store.finding_anything import Hit

WHERE = {
    BY_ID: "id", BY_BEGINNING: "title", BY_TITLE: "title", BY_INITIALS: "initials", BY_TEXT: "text",
    BY_COMMENT: "comment", BY_HISTORY: "history",
}  # fmt: skip


def _find(arguments: Arguments) -> int:
    limit = arguments.number("limit", 50)
    text = " ".join(arguments.operands)
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        hits = find_anything(store, text, limit=limit)
        if not hits and may_be_initials(text):
            # Made of thousands of titles, which takes a second: only for what nothing else finds.
            from store.pinyin import variants

            initials = {ent: variants(title) for ent, title in titles_without_initials(store)}
            hits = find_anything(store, text, limit=limit, initials=initials)
        known = {hit.id for hit in hits}
        hits += [hit for hit in find_in_history(store, text) if hit.id not in known]
        hits = hits[:limit]
    if arguments.has("json"):
        say_json_rows(map(_shape, hits))
        return 0
    rows = [
        [Cell(hit.short), Cell(_(schema.KINDS[hit.kind].label)), Cell(hit.title), Cell(hit.bit)]
        for hit in hits
    ]
    columns = [
        Column(_("Short id")),
        Column(_("Kind")),
        Column(_("Title"), flexible=True),
        Column(_("Where"), True),
    ]
    print_rows(columns, rows)
    if not hits:
        narrate(_("Nothing has this."))
    return 0


def _shape(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.short or hit.id, "entity": hit.id, "kind": hit.kind, "title": hit.title, "where": WHERE[hit.where],
        "matched": hit.bit or None, "over": hit.over,
    }  # fmt: skip


COMMANDS = {
    "find": Command(
        _find,
        N_("find anything by words, short id or initials, in comments and history too"),
        "TEXT…",
        (Option("limit", N_("at most so many"), metavar="N", short="n"),),
        least=1,
        text=True,
        examples=("sameboat find 定价", "sameboat find lp-12 --json"),
    ),
}
