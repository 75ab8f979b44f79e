"""`sameboat repeat`: how often an item comes again, and what becomes of one of its series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import recurrence
from store.dates import parse_day
from store.errors import StoreError
from store.lookup import short_of
from tui.cli.arguments import Arguments, Command, Option, UsageError, usage_line
from tui.cli.output import narrate, safe, say_json
from tui.cli.table import Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _
from tui.rule_words import CAME, rule_words

if TYPE_CHECKING:
    from store.recurrence import Occurrence

_ONE_OF = ("skip", "postpone", "end", "history")


def _repeat(arguments: Arguments) -> int:
    name, *words = arguments.operands
    asked = [option for option in _ONE_OF if arguments.has(option)]
    if len(asked) > 1 or (asked and words):
        raise UsageError("extra-operand", operand=words[0] if words else f"--{asked[1]}", usage=_usage())
    if arguments.has("later") and asked != ["postpone"]:
        raise UsageError("extra-operand", operand="--later", usage=_usage())
    with Workspace(arguments.home) as workspace:
        ent = workspace.entity(name, "item")
        if asked == ["history"]:
            return _history(arguments, workspace, ent)
        if asked:
            return _change(arguments, workspace, ent, asked[0])
        if words:
            return _set(arguments, workspace, ent, " ".join(words))
        return _show(arguments, workspace, ent)


def _usage() -> str:
    return usage_line("repeat", COMMANDS["repeat"])


def _set(arguments: Arguments, workspace: Workspace, ent: str, text: str) -> int:
    from store.schema import KINDS

    with workspace.change("repeat", [ent]) as change:
        change.set(ent, dict([workspace.field(KINDS["item"], "recurrence", text)]))
    return _show(arguments, workspace, ent)


def _show(arguments: Arguments, workspace: Workspace, ent: str) -> int:
    rule = recurrence.rule_of(workspace.store, ent)
    if arguments.has("json"):
        row = next((one for one in recurrence.history(workspace.store, ent) if one.id == ent), None)
        say_json({"id": workspace.short(ent), "entity": ent, "rule": rule or None,
                  "due": (row.due or None) if row else None})  # fmt: skip
    elif rule:
        narrate(safe(f"{workspace.short(ent)}  {rule_words(rule)}"))
    else:
        raise StoreError("not-recurring", what=workspace.short(ent))
    return 0


def _change(arguments: Arguments, workspace: Workspace, ent: str, what: str) -> int:
    store = workspace.store
    following = ""
    with workspace.change("repeat", [ent]) as change:
        if what == "skip":
            following = recurrence.skip(change, ent)
        elif what == "end":
            recurrence.end(change, ent)
        else:
            text = arguments.value("postpone")
            day = parse_day(text, store.today())
            if day is None:
                raise StoreError(
                    "bad-value", field="postpone", value=text[:200], expected="a date, YYYY-MM-DD"
                )
            recurrence.postpone(change, ent, day.isoformat(), later=arguments.has("later"))
    if arguments.has("json"):
        say_json({"ok": True, "id": workspace.short(ent), "entity": ent,
                  "next": short_of(store, following) if following else None})  # fmt: skip
        return 0
    if what == "skip" and following:
        narrate(
            safe(
                _("{id} is left out; {next} follows").format(
                    id=workspace.short(ent), next=short_of(store, following)
                )
            )
        )
    elif what == "skip":
        narrate(safe(_("{id} is left out, and nothing follows").format(id=workspace.short(ent))))
    elif what == "end":
        narrate(safe(_("{id} does not come again").format(id=workspace.short(ent))))
    else:
        narrate(safe(_("{id} is put off").format(id=workspace.short(ent))))
    return 0


def _history(arguments: Arguments, workspace: Workspace, ent: str) -> int:
    found = recurrence.history(workspace.store, ent)
    if arguments.has("json"):
        for one in found:
            say_json(_shape(one))
        return 0
    if not found:
        raise StoreError("not-recurring", what=workspace.short(ent))
    columns = [
        Column("ID"),
        Column(_("Day")),
        Column(_("State")),
        Column(_("Done on")),
        Column(_("Title"), flexible=True),
    ]
    print_rows(columns, ([Cell(one.short), Cell(one.day), Cell(_(CAME[one.came])), Cell(one.done_on), Cell(one.title)]
                         for one in found))  # fmt: skip
    return 0


def _shape(one: Occurrence) -> dict[str, object]:
    return {"id": one.short, "entity": one.id, "title": one.title, "day": one.day or None, "due": one.due or None,
            "state": one.came, "done_on": one.done_on or None}  # fmt: skip


COMMANDS = {
    "repeat": Command(
        _repeat,
        N_("let an item come again, or say what becomes of one of its series"),
        "ID [RULE]",
        (
            Option("skip", N_("leave this one out; the next is made")),
            Option("postpone", N_("put only this one off to a day"), metavar="DAY"),
            Option("later", N_("with --postpone: what follows moves too")),
            Option("end", N_("let nothing follow; what is there stays")),
            Option("history", N_("the series, with what became of each")),
        ),
        least=1,
        text=True,
        examples=(
            'sameboat repeat lp-12 "every mon"', 'sameboat repeat lp-12 "每月最后一个周五，共10次"',
            "sameboat repeat lp-12 --postpone fri --later",
        ),
    ),
}  # fmt: skip
