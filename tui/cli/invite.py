"""`sameboat invite`: one code with which a teammate joins, and knows that it is this workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.places import places
from store.queries import workspace_title
from sync.encryption.setting import is_encrypted
from sync.trust.standing import read_trust
from tui.cli.arguments import Arguments, Command
from tui.cli.output import narrate, safe, say, say_json
from tui.cli.workspace import Workspace
from tui.i18n import N_, _

if TYPE_CHECKING:
    from store.database import Store


def _invite(arguments: Arguments) -> int:
    from sync.encryption.invite import write_invite
    from sync.encryption.inviting import make_invite

    with Workspace(arguments.home) as workspace:
        store = workspace.store
        _catch_up(store)
        code = write_invite(make_invite(store))
        encrypted = is_encrypted(store)
        if arguments.has("json"):
            say_json({"ok": True, "workspace": store.workspace, "invite": code, "encrypted": encrypted})
        else:
            say(code)
        name = workspace_title(store)
        approval = read_trust(store).approval
    if encrypted:
        narrate(
            safe(
                _(
                    "With this code and the shared folder anybody can read all of “{name}” and write in it: "
                    "send it to one person, by a way that nobody else reads."
                ).format(name=name)
            )
        )
    else:
        narrate(
            safe(
                _("With this code a teammate knows that the folder holds “{name}” and no forgery.").format(
                    name=name
                )
            )
        )
    narrate(_("They run `sameboat join FOLDER --invite -` and paste it."))
    if approval:
        narrate(_("Then their device waits until somebody approves it: `sameboat devices`."))
    return 0


def _catch_up(store: Store) -> None:
    """Sync first in an encrypted workspace: its key may have been changed since this home last looked."""
    if is_encrypted(store) and places(store):
        from sync.engine import sync_once

        sync_once(store)


COMMANDS = {
    "invite": Command(
        _invite,
        N_("print the code with which a teammate joins"),
        most=0,
        examples=("sameboat invite",),
    ),
}
