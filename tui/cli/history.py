"""Commands about what was done: log, undo, redo."""

from __future__ import annotations

import datetime
from collections import deque
from typing import TYPE_CHECKING

from store import schema
from store.gaps import missing_ops
from store.history import history
from store.undo import redo, undo
from store.unseen import unseen, veiled
from tui.change_words import change_words
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.exchange import missing_words
from tui.cli.output import narrate, safe, say, say_json
from tui.cli.shapes import instant
from tui.cli.table import BOLD, DIM, paint
from tui.cli.workspace import NAMED, Workspace
from tui.i18n import N_, _, ngettext
from tui.origin import origin_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.commands import Change
    from store.history import Entry, Write

LONGEST = 200  # characters of a value in the narrated log; `--json` has them all


def _log(arguments: Arguments) -> int:
    limit = arguments.number("limit", 0, low=0)
    with Workspace(arguments.home) as workspace:
        ent = workspace.entity(arguments.operands[0]) if arguments.operands else None
        entries: Iterable[Entry] = history(workspace.store, ent)
        hidden = unseen(workspace.store)
        entries = (veiled(entry, hidden) for entry in entries)
        if limit:
            entries = deque(entries, maxlen=limit)
        if missing := missing_ops(workspace.store.conn):
            narrate(missing_words(missing))
        if arguments.has("json"):
            for entry in entries:
                say_json(entry_shape(entry))
            return 0
        words = Values(workspace)
        for entry in entries:
            when = datetime.datetime.fromtimestamp(entry.at / 1000).astimezone()
            who = entry.name or entry.by or _("somebody")
            device = entry.device
            if entry.owner:
                device = safe(_("{device} of {owner}").format(device=device, owner=entry.owner))
            say(f"{paint(f'{when:%Y-%m-%d %H:%M}', DIM)}  {paint(safe(who), BOLD)}  {device}")
            for line in words.lines(entry):
                say(f"  {safe(line)}")
    return 0


def entry_shape(entry: Entry) -> dict[str, object]:
    """Return one change as `log --json` shows it: every value as it was written."""
    return {
        "change": entry.change,
        "at": instant(entry.at),
        "by": entry.name or None,
        "member": entry.by or None,
        "device": entry.device,
        "device_member": entry.owner or None,
        "writes": [
            {
                "id": write.short or write.ent,
                "entity": write.ent,
                "kind": write.kind,
                "field": write.field,
                "old": write.old,
                "new": write.new,
                "standing": write.standing,
            }
            for write in entry.writes
        ],
    }


class Values:
    """Writes as lines a person reads: labels for fields, titles for ids."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def lines(self, entry: Entry) -> Iterator[str]:
        """Yield one line for each cell the change wrote."""
        for write in entry.writes:
            if write.field not in ("short", "rank"):
                note = "" if write.standing == "shown" else f"  ({_(STANDINGS[write.standing])})"
                yield f"{write.short or write.kind}  {self.line(write)}{note}"

    def line(self, write: Write) -> str:
        """Return what one write did."""
        name, _slash, element = write.field.partition("/")
        kind = schema.KINDS.get(write.kind)
        field = kind.fields.get(name) if kind else None
        if write.field == schema.TRASH:
            return _("out of the trash") if write.new is None else _("to the trash")
        if field is None:
            return f"{write.field}: {self.value(None, write.new)}"
        label = _(field.label)
        if field.type == schema.SET:
            return f"{label}: {'+' if write.new else '−'}{self.reference(field.to, element)}"
        if field.type == schema.MAP:
            label = f"{label} {element}"
        new = self.value(field, write.new)
        old = [self.value(field, value) for value in write.old if value is not None]
        return f"{label}: {' | '.join(old)} → {new}" if old else f"{label}: {new}"

    def value(self, field: schema.Field | None, value: object) -> str:
        """Return a value in words, shortened to a line."""
        if value is None:
            return "∅"
        if field is not None and field.type == schema.PLACE and isinstance(value, dict):
            return self._workspace.title("status", str(value.get("status")))
        if field is not None and field.to:
            return self.reference(field.to, str(value))
        if field is not None and field.type == schema.CHOICE:
            return _(str(value))
        text = f"{value:.15g}" if isinstance(value, float) else str(value)
        if field is not None and field.name == "source":
            text = origin_words(text)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

    def reference(self, kind: str, ent: str) -> str:
        """Return what people call an entity that is referred to."""
        if kind in NAMED:
            return self._workspace.title(kind, ent)
        return self._workspace.short(ent) if kind else ent


STANDINGS = {"superseded": N_("superseded"), "diverging": N_("diverging")}


def _undo(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        return _reversed(workspace, arguments, undo(workspace.store), "undone", _("Undone: {what}"))


def _redo(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        return _reversed(workspace, arguments, redo(workspace.store), "redone", _("Redone: {what}"))


def _reversed(workspace: Workspace, arguments: Arguments, change: Change, key: str, said: str) -> int:
    if arguments.has("json"):
        ids = sorted(workspace.short(ent) for ent in change.changes.ids(*schema.BOARD_KINDS))
        say_json({"ok": True, key: change.detail, "ids": ids, "skipped": change.skipped})
    narrate(safe(said.format(what=change_words(change.detail))))
    if change.skipped:
        narrate(
            ngettext(
                "{count} value was left alone, because somebody changed it since.",
                "{count} values were left alone, because somebody changed them since.",
                change.skipped,
            ).format(count=change.skipped)
        )
    return 0


COMMANDS = {
    "log": Command(
        _log,
        N_("show who changed what, of one thing or of the whole workspace"),
        "[ID]",
        (Option("limit", N_("only the last so many changes"), metavar="N", short="n"),),
        most=1,
    ),
    "undo": Command(_undo, N_("undo your last change; a teammate's work is never undone"), most=0),
    "redo": Command(_redo, N_("redo what was undone last"), most=0),
}
