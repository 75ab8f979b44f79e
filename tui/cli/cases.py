"""Cases and playbooks on the command line: what was settled is kept, found again, and turned into items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.case_rows import cases, playbooks
from store.cases import apply_playbook, keep_as_case, playbook_of_case_within
from store.lookup import short_of
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import encode, narrate, safe, say, say_json
from tui.cli.shapes import Shapes
from tui.cli.table import Cell, Column, print_rows
from tui.cli.verbs import run_verb
from tui.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from tui.cli.verbs import Verb
    from tui.cli.workspace import Workspace

MANY = 1_000  # words of a search


def _case(arguments: Arguments) -> int:
    return run_verb(arguments, "case", _CASE, "list")


def _playbook(arguments: Arguments) -> int:
    return run_verb(arguments, "playbook", _PLAYBOOK, "list")


def _list_cases(arguments: Arguments, workspace: Workspace, words: list[str]) -> int:
    found = cases(workspace.store, " ".join(words))
    if arguments.has("json"):
        shapes = Shapes(workspace.store)
        for case in found:
            sides = [shapes.department(side) for side in case.departments]
            shape = {
                "id": case.short, "entity": case.id, "title": case.title, "departments": sides,
                "root_cause": case.root_cause or None, "action": case.action or None, "result": case.result or None,
                "private": case.private,
            }  # fmt: skip
            say(encode(shape))
        return 0
    columns = [
        Column(_("Short id")),
        Column(_("Parties"), flexible=True),
        Column(_("Title"), flexible=True),
        Column(_("What was done"), flexible=True),
    ]
    rows = (
        [
            Cell(case.short),
            Cell("⇄".join(workspace.title("department", side) for side in case.departments)),
            Cell(case.title),
            Cell(" ".join(case.action.split())),
        ]
        for case in found
    )
    if not print_rows(columns, rows):
        narrate(_("Nothing matches.") if words else _("No case is kept yet."))
    return 0


def _keep_case(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    made = keep_as_case(workspace.store, source := workspace.entity(rest[0], "conflict", "item"))
    from store.cases import case_id

    short = short_of(workspace.store, case_id(source))
    return _tell(
        arguments, [short], changed=bool(made.changes), said=_("kept as a case: {id}").format(id=short)
    )


def _list_playbooks(arguments: Arguments, workspace: Workspace, words: list[str]) -> int:
    found = playbooks(workspace.store, " ".join(words))
    if arguments.has("json"):
        for book in found:
            shape = {
                "id": book.short, "entity": book.id, "title": book.title, "when": book.when or None,
                "steps": book.steps, "private": book.private,
            }  # fmt: skip
            say(encode(shape))
        return 0
    columns = [Column(_("Short id")), Column(_("Steps")), Column(_("Title"), flexible=True)]
    rows = ([Cell(book.short), Cell(str(book.steps)), Cell(book.title)] for book in found)
    if not print_rows(columns, rows):
        narrate(_("Nothing matches.") if words else _("There is no playbook yet."))
    return 0


def _make_playbook(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    case = workspace.entity(rest[0], "case")
    with workspace.change("add", [case]) as made:
        playbook = playbook_of_case_within(made, case)
        made.detail = made.shorts[playbook]
    said = _("a playbook is made of it: {id}").format(id=made.detail)
    return _tell(arguments, [made.detail], changed=True, said=said)


def _apply(arguments: Arguments, workspace: Workspace, rest: list[str]) -> int:
    playbook = workspace.entity(rest[0], "playbook")
    onto = workspace.entity(arguments.value("for")) if arguments.has("for") else ""
    made = apply_playbook(workspace.store, playbook, onto)
    shorts = [made.shorts[item] for item in reversed(made.ids)]
    said = ngettext("{count} item made: {ids}", "{count} items made: {ids}", len(shorts))
    return _tell(arguments, shorts, changed=True, said=said.format(count=len(shorts), ids=", ".join(shorts)))


def _tell(arguments: Arguments, ids: list[str], *, changed: bool, said: str) -> int:
    if arguments.has("json"):
        say_json({"ok": True, "ids": ids, "changed": changed})
    narrate(safe(said if changed else _("Nothing to change: it is so already.")))
    return 0


_CASE: dict[str, Verb] = {
    "list": ("sameboat case list [WORD…]", 0, MANY, _list_cases),
    "keep": ("sameboat case keep ID", 1, 1, _keep_case),
}
_PLAYBOOK: dict[str, Verb] = {
    "list": ("sameboat playbook list [WORD…]", 0, MANY, _list_playbooks),
    "make": ("sameboat playbook make CASE", 1, 1, _make_playbook),
    "apply": ("sameboat playbook apply PLAYBOOK [--for ID]", 1, 1, _apply),
}

COMMANDS = {
    "case": Command(
        _case,
        N_("what was settled before: find it, or keep a conflict or a verified item as a case"),
        "[list WORD… | keep ID]",
        examples=("sameboat case list 发布日", "sameboat case keep wf-3"),
    ),
    "playbook": Command(
        _playbook,
        N_("steps to apply again: list playbooks, make one of a case, or make items of its steps"),
        "[list WORD… | make CASE | apply PLAYBOOK]",
        (Option("for", N_("what the items are derived from, such as a conflict"), metavar="ID"),),
        examples=("sameboat playbook make lp-8", "sameboat playbook apply lp-9 --for wf-7"),
    ),
}
