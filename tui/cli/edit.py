"""Commands that change what is there: set, move, done, comment, delete, restore, share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import schema
from store.conflicts import stepping
from store.errors import StoreError
from store.validation import known_field, known_kind
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.input import text_of
from tui.cli.output import narrate, safe, say_json
from tui.cli.workspace import Workspace
from tui.i18n import N_, _

if TYPE_CHECKING:
    from store.commands import Change


def _set(arguments: Arguments) -> int:
    name, *assignments = arguments.operands
    with Workspace(arguments.home) as workspace:
        ent = workspace.entity(name)
        kind = known_kind(workspace.kind(ent))
        with workspace.change("set", [ent]) as change, stepping(change, [ent]):
            touched = [assign(workspace, change, kind, ent, text) for text in assignments]
        said = _("{id}: {fields} set").format(id=workspace.short(ent), fields=", ".join(touched))
        return _report(workspace, arguments, [ent], said, change)


def assign(workspace: Workspace, change: Change, kind: schema.Kind, ent: str, text: str) -> str:
    """Apply one FIELD=VALUE, FIELD+=VALUE, FIELD-=VALUE or FIELD.KEY=VALUE and return the field's name."""
    left, equals, value = text.partition("=")
    sign = left[-1:] if left[-1:] in ("+", "-") else ""
    name, dot, key = left.removesuffix(sign).strip().replace("-", "_").partition(".")
    if not equals or not name:
        raise UsageError("bad-assignment", what=text)
    name = field_name(kind, name)
    if name == "status":
        change.set(ent, dict([workspace.field(kind, name, value)]))
        return name
    field = known_field(kind, name)
    if dot:
        change.set(ent, dict([workspace.field(kind, name, {key: value or None})]))
    elif not sign:
        change.set(ent, dict([workspace.field(kind, name, value)]))
    elif field.type != schema.SET:
        raise UsageError("not-a-list", field=name)
    else:
        elements = [str(element) for element in workspace.elements(field, value)]
        (change.add_to if sign == "+" else change.remove_from)(ent, name, elements)
    return name


def field_name(kind: schema.Kind, text: str) -> str:
    """Return the field that a name or a label in the language in use means, the text itself when none does."""
    if text in kind.fields:
        return text
    if text == "status" and "place" in kind.fields:
        return text
    for name, field in kind.fields.items():
        if text.lower() == _(field.label).lower():
            return "status" if name == "place" else name
    return text


def _move(arguments: Arguments) -> int:
    *names, status = arguments.operands
    with Workspace(arguments.home) as workspace:
        ents = [workspace.entity(name) for name in names]
        if all(workspace.kind(ent) == "conflict" for ent in ents):
            return _step(workspace, arguments, ents, status)
        wanted = workspace.status(status)
        ents = [workspace.entity(name, "item") for name in names]
        before, after = (
            workspace.entity(arguments.value(side), "item") if arguments.has(side) else None
            for side in ("before", "after")
        )
        with workspace.change("move", ents) as change:
            # They keep the order given: each is put behind the one before it, the first where it was asked.
            for ent in ents:
                change.move(ent, wanted, before=before, after=after)
                before, after = None, ent
        said = _("{ids} moved to {status}").format(
            ids=workspace.shorts(ents), status=workspace.title("status", wanted)
        )
        return _report(workspace, arguments, ents, said, change)


def _step(workspace: Workspace, arguments: Arguments, ents: list[str], state: str) -> int:
    """Take conflicts to a state, as `set ID state=…` does."""
    _name, wanted = workspace.field(schema.KINDS["conflict"], "state", state)
    with workspace.change("step", ents) as change, stepping(change, ents):
        for ent in ents:
            change.set(ent, {"state": wanted})
    said = _("{ids} moved to {status}").format(ids=workspace.shorts(ents), status=_(str(wanted)))
    return _report(workspace, arguments, ents, said, change)


def _done(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        ents = [workspace.entity(name, "item", "conflict") for name in arguments.operands]
        wanted = done_status(workspace)
        with workspace.change("move", ents) as change, stepping(change, ents):
            for ent in ents:
                if workspace.kind(ent) == "conflict":
                    change.set(ent, {"state": "closed"})
                else:
                    change.move(ent, wanted)
        return _report(workspace, arguments, ents, _("{ids} done").format(ids=workspace.shorts(ents)), change)


def done_status(workspace: Workspace) -> str:
    from store.queries import statuses

    for status in statuses(workspace.store):
        if status.category == "done":
            return status.id
    titles = ", ".join(status.title for status in statuses(workspace.store))
    raise StoreError("no-done-status", statuses=titles)


def _comment(arguments: Arguments) -> int:
    name, *words = arguments.operands
    with Workspace(arguments.home) as workspace:
        ent = workspace.entity(name)
        with workspace.change("comment", [ent]) as change:
            change.comment(ent, text_of("comment", words))
        return _report(
            workspace, arguments, [ent], _("{id}: comment added").format(id=workspace.short(ent)), change
        )


def _delete(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        ents = [workspace.entity(name) for name in arguments.operands]
        with workspace.change("trash", ents) as change:
            for ent in ents:
                change.trash(ent)
        said = _("{ids} moved to the trash; `sameboat restore` brings them back").format(
            ids=workspace.shorts(ents)
        )
        return _report(workspace, arguments, ents, said, change)


def _restore(arguments: Arguments) -> int:
    from tui.cli.backup import is_file, list_backups, restore_file

    if arguments.has("list"):
        if arguments.operands:
            raise UsageError("extra-operand", operand=arguments.operands[0], usage="sameboat restore --list")
        return list_backups(arguments)
    if not arguments.operands:
        raise UsageError("missing-operand", command="restore", usage="sameboat restore ID…|FILE")
    if is_file(arguments.operands[0]):
        if len(arguments.operands) > 1:
            raise UsageError("extra-operand", operand=arguments.operands[1], usage="sameboat restore FILE")
        return restore_file(arguments)
    with Workspace(arguments.home) as workspace:
        ents = [workspace.entity(name) for name in arguments.operands]
        with workspace.change("restore", ents) as change:
            for ent in ents:
                change.restore(ent)
        said = _("{ids} back from the trash").format(ids=workspace.shorts(ents))
        return _report(workspace, arguments, ents, said, change)


def _share(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        ents = [workspace.entity(name) for name in arguments.operands]
        with workspace.change("share", ents) as change:
            for ent in ents:
                change.share(ent)
        said = _("{ids} shared: teammates get it with the next sync").format(ids=workspace.shorts(ents))
        return _report(workspace, arguments, ents, said, change)


def _report(workspace: Workspace, arguments: Arguments, ents: list[str], said: str, change: Change) -> int:
    changed = bool(change.changes)
    if arguments.has("json"):
        say_json({"ok": True, "ids": [workspace.short(ent) for ent in ents], "changed": changed})
    narrate(safe(said if changed else _("Nothing to change: it is so already.")))
    return 0


COMMANDS = {
    "set": Command(
        _set,
        N_("set fields: by name or label; += and -= add to lists and take from them"),
        "ID FIELD=VALUE…",
        least=2,
        text=True,
        examples=(
            "sameboat set lp-12 owner=李雷 due=fri priority=1",
            "sameboat set lp-12 labels+=launch,q4 blocked=",
            "sameboat set lp-12 custom.Sprint=7",
        ),
    ),
    "move": Command(
        _move,
        N_("move items to a status, to its top or beside another item; conflicts to a state"),
        "ID… STATUS",
        (
            Option("before", N_("put them before this item"), metavar="ID"),
            Option("after", N_("put them after this item"), metavar="ID"),
        ),
        least=2,
        examples=("sameboat move lp-12 hm-7 Doing", "sameboat move lp-12 评审中 --before wf-3"),
    ),
    "done": Command(_done, N_("move items to done, close conflicts"), "ID…", least=1),
    "comment": Command(
        _comment,
        N_("comment on something; - reads the text from stdin"),
        "ID TEXT…",
        least=2,
        text=True,
        examples=("sameboat comment lp-12 等法务确认", "sameboat comment lp-12 - < notes.txt"),
    ),
    "delete": Command(_delete, N_("move to the trash"), "ID…", least=1),
    "restore": Command(
        _restore,
        N_("take out of the trash, or bring the whole workspace back from a backup"),
        "ID…|FILE",
        (Option("list", N_("show the backups on this machine")),),
        examples=("sameboat restore lp-12", "sameboat restore --list", "sameboat restore ~/apollo.db"),
    ),
    "share": Command(_share, N_("share private drafts with the team"), "ID…", least=1),
}
