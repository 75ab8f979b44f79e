"""`sameboat init` and `sameboat join`: a workspace made here, or one that teammates have already."""

from __future__ import annotations

import getpass
import os
import re
import sys
from typing import TYPE_CHECKING

from store.errors import StoreError
from store.queries import workspace_title
from store.setup import DEFAULT_DEPARTMENTS
from sync.encryption.setting import is_encrypted
from tui.beginning import CODE, Stopped, join_workspace, make_workspace, proposed_code, user_name
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.input import stdin
from tui.cli.output import narrate, safe, say_json
from tui.i18n import N_, _

if TYPE_CHECKING:
    from store.database import Store
    from store.places import Place
    from sync.encryption.invite import Invite
    from tui.beginning import Begun, Departments

_CODE_AT_MOST = 64 * 1024


def _init(arguments: Arguments) -> int:
    folder = arguments.operands[0] if arguments.operands else ""
    if arguments.operands and not folder.strip():  # which must not mean that it is shared with nobody
        raise StoreError("empty-folder")
    me = arguments.value("me") or user_name()
    begun = make_workspace(
        arguments.home,
        me=me,
        code=_code(arguments.value("code"), me),
        name=arguments.value("name"),
        departments=_departments(arguments.value("departments")),
        folder=folder,
        encrypted=arguments.has("encrypt"),
    )
    try:
        _narrate_pause(begun)
        return _report(arguments, begun.store, begun.place)
    finally:
        begun.store.close()


def _join(arguments: Arguments) -> int:
    from sync.state import sync_state

    me = arguments.value("me") or user_name()
    code, invite = _code(arguments.value("code"), me), invitation(arguments)
    try:
        begun = join_workspace(
            arguments.home,
            arguments.operands[0],
            me=me,
            code=code,
            invite=invite,
            readonly=arguments.has("readonly"),
        )
    except Stopped:
        narrate(
            _(
                "Stopped before the workspace was joined: nothing was changed here. Run the same again to join."
            )
        )
        raise
    try:
        _narrate_pause(begun)
        if sync_state(begun.store).standing == "waiting":
            said = _(
                "This device waits until somebody approves it; `sameboat devices` shows its fingerprint."
            )
            narrate(said)
        return _report(arguments, begun.store, begun.place)
    finally:
        begun.store.close()


def _narrate_pause(begun: Begun) -> None:
    from tui.reason_words import reason_words

    if begun.paused:
        narrate(_("Sync is paused: {reason}").format(reason=reason_words(begun.paused)))


def _report(arguments: Arguments, store: Store, place: Place | None) -> int:
    name = workspace_title(store)
    if arguments.has("json"):
        say_json(
            {
                "ok": True,
                "workspace": store.workspace,
                "name": name,
                "home": store.home,
                "device": store.device,
                "code": store.code,
                "place": place.url if place else None,
                "encrypted": is_encrypted(store),
            }
        )
    if name:
        said = _("“{name}” is ready in {home}; what you add is called {code}-1, {code}-2 and so on.")
    else:
        said = _(
            "The workspace is joined in {home}. Its content has yet to arrive, and with it its name; "
            "what you add is called {code}-1, {code}-2 and so on."
        )
    narrate(safe(said.format(name=name, home=store.home, code=store.code)))
    if place is None:
        narrate(
            _("To work with others, run `sameboat place add FOLDER` with a folder that you all can reach.")
        )
    elif place.readonly:
        narrate(safe(_("It is read from {folder}; nothing is written there.").format(folder=place.url)))
    elif is_encrypted(store):
        narrate(safe(_("It is shared, encrypted, through {folder}.").format(folder=place.url)))
    else:
        narrate(
            safe(
                _("It is shared through {folder}; teammates run `sameboat join` there.").format(
                    folder=place.url
                )
            )
        )
    if is_encrypted(store):
        narrate(
            _(
                "Teammates join with the code that `sameboat invite` prints. Keep one in a safe place: "
                "without it, or a device that has the key, nobody can read the shared folder again."
            )
        )
    return 0


def invitation(arguments: Arguments) -> Invite | None:
    """Return the invitation that was given: typed, on stdin or in the environment, which no history keeps."""
    from sync.encryption.invite import read_invite

    given = arguments.value("invite") or os.environ.get("SAMEBOAT_INVITE", "")
    if given == "-":
        given = _read_code()
    elif not given and not arguments.has("invite"):
        return None
    if not given.strip():
        raise UsageError("invite-none")
    return read_invite(given)


def _read_code() -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        try:
            return getpass.getpass(_("Invitation code: "))
        except EOFError:
            return ""
    return stdin().read(_CODE_AT_MOST).decode("utf-8", "replace")


def _code(given: str, name: str) -> str:
    """Return the letters that begin this device's short ids: those given, else initials of the name."""
    if given:
        if not CODE.fullmatch(given.lower()):
            raise UsageError("bad-code", value=given)
        return given.lower()
    return proposed_code(name)


def _departments(given: str) -> Departments:
    """Return the departments named, separated by commas, each as NAME or NAME=CODE; the usual ones when none is."""
    if not given:
        return DEFAULT_DEPARTMENTS
    known = {name: usual for usual in DEFAULT_DEPARTMENTS for name in usual[:3]}
    colours = [usual[3] for usual in DEFAULT_DEPARTMENTS]
    found = []
    for number, part in enumerate(part for part in re.split(r"[,，]", given) if part.strip()):
        name, _equals, code = (word.strip() for word in part.partition("="))
        usual = known.get(name)
        if usual is not None:
            found.append((*usual[:2], code or usual[2], *usual[3:]))
        else:
            found.append((name, "", code, colours[number % len(colours)], ()))
    return tuple(found)


_ME = (
    Option("me", N_("your name"), metavar="NAME"),
    Option("code", N_("the letters your short ids begin with, as in lp-12"), metavar="LETTERS"),
)
COMMANDS = {
    "init": Command(
        _init,
        N_("make a workspace; with FOLDER share it through that folder"),
        "[FOLDER]",
        (
            Option("name", N_("what the workspace is called"), metavar="NAME"),
            *_ME,
            Option("encrypt", N_("encrypt everything that leaves this computer")),
            Option(
                "departments",
                N_("names separated by commas, each with its code if you like"),
                metavar="产品=pd,…",
            ),
        ),
        most=1,
        examples=("sameboat init --name Apollo --me 李雷 --code lp ~/Nextcloud/team",),
    ),
    "join": Command(
        _join,
        N_("join the workspace that lies in a folder, or add a folder to yours"),
        "FOLDER",
        (
            *_ME,
            Option(
                "invite",
                N_("the code that a teammate's `sameboat invite` printed; - reads it from stdin"),
                metavar="CODE",
            ),
            Option("readonly", N_("read from this folder, never write to it")),
        ),
        least=1,
        most=1,
        examples=(
            "sameboat join ~/Nextcloud/team --me 韩梅梅",
            "sameboat join ~/Nextcloud/team --me 韩梅梅 --invite -",
        ),
    ),
}
