"""`sameboat backup` and `sameboat restore FILE`: copies of the database on this machine, and the way back to one."""

from __future__ import annotations

import datetime
import os
import sqlite3
from contextlib import ExitStack

from store.backup import ASKED, DAILY, REPLACED, SNAPSHOT, UPGRADE, Backup, back_up, backups, copy_database
from store.database import LOCK_NAME, database_path, told
from store.errors import StoreError
from store.restore import Content, examine, restore
from tui.cli.arguments import Arguments, Command
from tui.cli.output import narrate, safe, say_json, say_json_rows
from tui.cli.shapes import instant
from tui.cli.table import Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.i18n import N_, _, ngettext

PATIENCE = 5.0  # seconds to wait for a sync of this home to end

REASONS = {
    DAILY: N_("daily"),
    ASKED: N_("made by hand"),
    UPGRADE: N_("before an upgrade"),
    SNAPSHOT: N_("before a snapshot was undone"),
    REPLACED: N_("replaced by a restore"),
}


def is_file(operand: str) -> bool:
    """Return whether an operand of `restore` names a file and not something in the trash: no id has these signs."""
    return any(sign in operand for sign in "./\\")


def _backup(arguments: Arguments) -> int:
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        try:
            if arguments.operands:
                path = _target(arguments.operands[0])
                copy_database(store.conn, path)
            else:
                path = back_up(store.path, ASKED, at=store.now())
        except (sqlite3.Error, OSError) as error:
            raise told(error, arguments.operands[0] if arguments.operands else store.path) from error
        content = examine(path)
    if arguments.has("json"):
        say_json({"ok": True, "path": path, "size": os.path.getsize(path), **content_shape(content)})
    narrate(safe(_("Backed up to {path}: {ops}.").format(path=path, ops=_ops(content.ops))))
    narrate(_("It holds your private drafts, and no keys: keep it where only you can read it."))
    return 0


def _target(given: str) -> str:
    """Return the file to write, in the folder that was named or under the name that was given."""
    path = os.path.abspath(os.path.expanduser(given))
    if os.path.isdir(path):
        path = os.path.join(path, f"sameboat-{datetime.datetime.now():%Y-%m-%d-%H%M%S}.db")
    if not os.path.isdir(os.path.dirname(path)):
        raise StoreError("no-folder", path=os.path.dirname(path))
    if os.path.lexists(path):
        raise StoreError("file-exists", path=path)
    return path


def list_backups(arguments: Arguments) -> int:
    """Show the backups in this home, newest first: what `restore --list` does."""
    found = backups(database_path(arguments.home))
    if arguments.has("json"):
        say_json_rows(map(_shape, found))
        return 0
    columns = (Column(_("When")), Column(_("Why")), Column(_("Size")), Column(_("File"), flexible=True))
    count = print_rows(
        columns,
        (
            (
                Cell(_when(backup.at)),
                Cell(_(REASONS[backup.why]) if backup.why in REASONS else backup.why),
                Cell(f"{backup.size / 1e6:.1f} MB"),
                Cell(os.path.basename(backup.path)),
            )
            for backup in found
        ),
    )
    if not count:
        narrate(
            _(
                "There is no backup yet; `sameboat backup` makes one, and every day of work one is made by itself."
            )
        )
    return 0


def restore_file(arguments: Arguments) -> int:
    """Bring a backup back: what `restore FILE` does."""
    path = _source(arguments.home, arguments.operands[0])
    with ExitStack() as stack:
        if os.path.isdir(arguments.home):
            _keep_syncs_away(arguments.home, stack)
        done = restore(arguments.home, path)
    content = done.content
    if arguments.has("json"):
        say_json({"ok": True, "path": path, "replaced": done.replaced or None, **content_shape(content)})
    when = _when(content.at) if content.at else "–"
    said = _("“{name}” is back as it was after its last change of {when}: {ops}.")
    narrate(safe(said.format(name=content.name, when=when, ops=_ops(content.ops))))
    if done.replaced:
        narrate(safe(_("What was here before is kept: {path}").format(path=done.replaced)))
    narrate(_("What you had synced since then comes back with the next sync."))
    return 0


def _keep_syncs_away(home: str, stack: ExitStack) -> None:
    from sync.lock import home_lock

    if os.path.exists(os.path.join(home, LOCK_NAME)) and not stack.enter_context(home_lock(home, PATIENCE)):
        raise StoreError("in-use", path=database_path(home))


def _source(home: str, given: str) -> str:
    """Return the file to bring back; a name that `--list` shows needs no folder."""
    path = os.path.abspath(os.path.expanduser(given))
    if not os.path.exists(path):
        for backup in backups(database_path(home)):
            if os.path.basename(backup.path) == given:
                return backup.path
    return path


def content_shape(content: Content) -> dict[str, object]:
    """Return what a backup holds, as `--json` shows it."""
    return {
        "workspace": content.workspace,
        "name": content.name,
        "ops": content.ops,
        "at": instant(content.at) if content.at else None,
    }


def _shape(backup: Backup) -> dict[str, object]:
    return {"path": backup.path, "at": instant(backup.at), "why": backup.why, "size": backup.size}


def _ops(count: int) -> str:
    return ngettext("{count} op", "{count} ops", count).format(count=count)


def _when(milliseconds: int) -> str:
    moment = datetime.datetime.fromtimestamp(milliseconds / 1000).astimezone()
    return f"{moment:%Y-%m-%d %H:%M}"


COMMANDS = {
    "backup": Command(
        _backup,
        N_("copy the workspace to a file on this machine, or into the rolling backups"),
        "[FILE]",
        most=1,
        examples=("sameboat backup", "sameboat backup ~/apollo.db", "sameboat restore --list"),
    ),
}
