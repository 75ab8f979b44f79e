"""`sameboat apply`: one JSON request a line on stdin, one JSON result a line on stdout, each saved before it is told.

{"do":"add","kind":"item","fields":{"title":"定价页"},"ref":"r1"}   →   {"ok":true,"id":"lp-12","ref":"r1"}
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from store import schema
from store.conflicts import stepping
from store.errors import FAILED, StoreError, nearest
from store.links import dependency_id, link, link_within, unlink
from store.undo import redo, undo
from store.validation import known_field, known_kind
from tui.cli.arguments import Arguments, Command, UsageError
from tui.cli.failure import known_error, log
from tui.cli.input import decode, stdin
from tui.cli.output import say_json
from tui.cli.workspace import NAMED, Workspace
from tui.i18n import N_
from tui.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from store.changes import ChangeSet
    from store.commands import Change

    Values = dict[str, Any]

LONGEST_LINE = (
    4_000_000  # bytes; no request comes near it, and a stream without line ends must not fill memory
)
TYPES = {
    str: N_("text"),
    dict: N_("an object"),
    list: N_("a list"),
    bool: N_("true or false"),
    int: N_("a whole number"),
}


class Request(NamedTuple):
    """What one `do` means: the keys it must have and may have, with their types, and the function that does it."""

    run: Callable[[Workspace, Values], tuple[Values, ChangeSet | None]]
    required: Mapping[str, type]
    optional: Mapping[str, type]


def _apply(arguments: Arguments) -> int:
    failed = False
    requests = stdin()
    with Workspace(arguments.home) as workspace:
        while line := requests.readline(LONGEST_LINE + 1):
            if not line.strip():
                continue
            try:
                result = {"ok": True, **_perform(workspace, _request(line))}
            except Exception as error:  # one bad line must not stop the others
                failed = True
                known = known_error(error, arguments.home) or StoreError(
                    "unforeseen", what=type(error).__name__, log=log(error, arguments.home)
                )
                result = {"ok": False, "error": {"code": known.code, "message": sentence(known)}}
            say_json(result)
            sys.stdout.flush()
    return FAILED if failed else 0


def _request(line: bytes) -> Values:
    """Return the line's JSON object; raises for what is none."""
    if len(line) > LONGEST_LINE:
        while not line.endswith(b"\n") and (line := stdin().readline(LONGEST_LINE)):
            pass
        raise UsageError("too-much-input", limit=LONGEST_LINE)
    try:
        value = json.loads(decode("apply", line))
    except (ValueError, RecursionError) as error:
        raise UsageError("bad-json", why=str(error)) from None
    if not isinstance(value, dict):
        raise UsageError("bad-json", why=type(value).__name__)
    return value


def _perform(workspace: Workspace, values: Values) -> Values:
    """Do what the request asks and return what its result tells besides `ok`."""
    do = values.get("do")
    request = REQUESTS.get(do) if isinstance(do, str) else None
    if request is None:
        if "do" not in values:
            raise UsageError("missing-key", do="{…}", key="do")
        raise UsageError("unknown-request", do=str(do), nearest=nearest(str(do), list(REQUESTS)))
    _check_keys(str(do), request, values)
    told, changes = request.run(workspace, values)
    if changes is not None and changes.touches(*NAMED):
        workspace.forget()
    return told


def _check_keys(do: str, request: Request, values: Values) -> None:
    known = {**request.required, **request.optional}
    for key, value in values.items():
        if key == "do":
            continue
        if key not in known:
            raise UsageError("unknown-key", do=do, key=key, nearest=nearest(key, list(known)))
        if not isinstance(value, known[key]) and not (value is None and key in request.optional):
            raise UsageError("wrong-type", key=key, expected=TYPES[known[key]])
    for key in request.required:
        if key not in values:
            raise UsageError("missing-key", do=do, key=key)


def _add(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    ref = values.get("ref")
    if ref in workspace.refs:
        raise UsageError("ref-taken", ref=ref)
    kind = values["kind"]
    fields = workspace.fields(kind, values.get("fields") or {})
    with workspace.change("add", ()) as made:
        if kind == "dependency":
            ent = _dependency(made, fields)
        else:
            ent = made.create(kind, fields, private=bool(values.get("private")))
        made.detail = made.shorts.get(ent, ent)
    told: Values = {"id": made.detail}
    if ref is not None:
        workspace.refs[ref] = ent
        told["ref"] = ref
    return told, made.changes


def _dependency(made: Change, fields: dict[str, object]) -> str:
    """Link two items as `link` does: a dependency has an id of its own only by its ends."""
    ends = [fields.pop(name, None) for name in ("predecessor", "successor")]
    for name, end in zip(("predecessor", "successor"), ends, strict=True):
        if end is None:
            raise StoreError("bad-value", field=name, value="", expected="an item")
    kind, lag = fields.pop("type", None), fields.pop("lag", None)
    ent = link_within(made, str(ends[0]), str(ends[1]), str(kind or "FS"), lag or 0)  # type: ignore[arg-type]
    made.set(ent, fields)
    return ent


def _set(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    ent = workspace.entity(values["id"])
    fields = workspace.fields(workspace.kind(ent), values["fields"])
    with workspace.change("set", [ent]) as made, stepping(made, [ent]):
        made.set(ent, fields)
    return {"id": workspace.short(ent)}, made.changes


def _add_to(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    ent, elements = _elements(workspace, values)
    with workspace.change("set", [ent]) as made:
        made.add_to(ent, values["field"], elements)
    return {"id": workspace.short(ent)}, made.changes


def _remove_from(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    ent, elements = _elements(workspace, values)
    with workspace.change("set", [ent]) as made:
        made.remove_from(ent, values["field"], elements)
    return {"id": workspace.short(ent)}, made.changes


def _elements(workspace: Workspace, values: Values) -> tuple[str, list[str]]:
    ent = workspace.entity(values["id"])
    field = known_field(known_kind(workspace.kind(ent)), values["field"])
    if field.type != schema.SET:
        raise UsageError("not-a-list", field=field.name)
    return ent, [
        element for element in workspace.elements(field, values["values"]) if isinstance(element, str)
    ]


def _move(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    ent = workspace.entity(values["id"], "item", "conflict")
    if workspace.kind(ent) == "conflict":
        return _set(workspace, {"id": ent, "fields": {"state": values["status"]}})
    before, after = (
        workspace.entity(values[side], "item") if values.get(side) else None for side in ("before", "after")
    )
    status = workspace.status(values["status"])
    with workspace.change("move", [ent]) as made:
        made.move(ent, status, before=before, after=after)
    return {"id": workspace.short(ent)}, made.changes


def _comment(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    ent = workspace.entity(values["id"])
    with workspace.change("comment", [ent]) as made:
        comment = made.comment(ent, values["text"])
    return {"id": workspace.short(ent), "comment": comment}, made.changes


def _delete(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    ent = workspace.entity(values["id"])
    with workspace.change("trash", [ent]) as made:
        made.trash(ent)
    return {"id": workspace.short(ent)}, made.changes


def _restore(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    ent = workspace.entity(values["id"])
    with workspace.change("restore", [ent]) as made:
        made.restore(ent)
    return {"id": workspace.short(ent)}, made.changes


def _share(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    ent = workspace.entity(values["id"])
    with workspace.change("share", [ent]) as made:
        made.share(ent)
    return {"id": workspace.short(ent)}, made.changes


def _link(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    predecessor, successor = (workspace.entity(values[end], "item") for end in ("predecessor", "successor"))
    made = link(workspace.store, predecessor, successor, values.get("type") or "FS", values.get("lag") or 0)
    return {"id": made.ids[0]}, made.changes


def _unlink(workspace: Workspace, values: Values) -> tuple[Values, ChangeSet | None]:
    predecessor, successor = (workspace.entity(values[end], "item") for end in ("predecessor", "successor"))
    made = unlink(workspace.store, predecessor, successor)
    return {"id": dependency_id(predecessor, successor)}, made.changes


def _undo(workspace: Workspace, _values: Values) -> tuple[Values, ChangeSet | None]:
    made = undo(workspace.store)
    return {"undone": made.detail}, made.changes


def _redo(workspace: Workspace, _values: Values) -> tuple[Values, ChangeSet | None]:
    made = redo(workspace.store)
    return {"redone": made.detail}, made.changes


def _sync(workspace: Workspace, _values: Values) -> tuple[Values, ChangeSet | None]:
    from store.places import places
    from sync.engine import sync_once
    from tui.cli.exchange import report_shape

    known = {place.n: place.url for place in places(workspace.store)}
    if not known:
        raise StoreError("no-place")
    report = sync_once(workspace.store)
    workspace.forget()
    return {**report_shape(report, known), "ok": True}, None


_ID = {"id": str}
_PAIR = {"predecessor": str, "successor": str}
REQUESTS: dict[str, Request] = {
    "add": Request(_add, {"kind": str}, {"fields": dict, "ref": str, "private": bool}),
    "set": Request(_set, {**_ID, "fields": dict}, {}),
    "add_to": Request(_add_to, {**_ID, "field": str, "values": list}, {}),
    "remove_from": Request(_remove_from, {**_ID, "field": str, "values": list}, {}),
    "move": Request(_move, {**_ID, "status": str}, {"before": str, "after": str}),
    "comment": Request(_comment, {**_ID, "text": str}, {}),
    "delete": Request(_delete, _ID, {}),
    "restore": Request(_restore, _ID, {}),
    "share": Request(_share, _ID, {}),
    "link": Request(_link, _PAIR, {"type": str, "lag": int}),
    "unlink": Request(_unlink, _PAIR, {}),
    "undo": Request(_undo, {}, {}),
    "redo": Request(_redo, {}, {}),
    "sync": Request(_sync, {}, {}),
}

COMMANDS = {
    "apply": Command(
        _apply,
        N_("read one JSON request a line from stdin, print one JSON result a line"),
        most=0,
        examples=('echo \'{"do":"add","kind":"item","fields":{"title":"定价页"}}\' | sameboat apply',),
    ),
}
