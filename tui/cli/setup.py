"""`sameboat init` and `sameboat join`: a workspace made here, or one that teammates have already."""

from __future__ import annotations

import getpass
import os
import re
import socket
from typing import TYPE_CHECKING

from store.database import FILE_NAME, database_path, open_store
from store.errors import StoreError
from store.queries import workspace_title
from store.setup import DEFAULT_DEPARTMENTS, enter_workspace, init_workspace, join_workspace
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.output import narrate, safe, say_json
from tui.i18n import N_, _

if TYPE_CHECKING:
    from store.database import Store
    from store.places import Place

_CODE = re.compile(r"[a-z][a-z0-9]{0,7}")
Departments = tuple[tuple[str, str, str, str, tuple[str, ...]], ...]


def _init(arguments: Arguments) -> int:
    me = arguments.value("me") or user_name()
    folder = arguments.operands[0] if arguments.operands else ""
    if folder and not os.path.isdir(os.path.expanduser(folder)):
        raise StoreError("no-folder", path=folder)
    store = init_workspace(
        arguments.home,
        name=arguments.value("name") or _("{name}'s workspace").format(name=me),
        member=me,
        code=_code(arguments.value("code"), me),
        departments=_departments(arguments.value("departments")),
        device_name=socket.gethostname(),
    )
    try:
        place = _add_place(store, folder, created=True) if folder else None
        return _report(arguments, store, place)
    finally:
        store.close()


def _join(arguments: Arguments) -> int:
    from sync.share import open_share

    folder = arguments.operands[0]
    created = not os.path.exists(database_path(arguments.home))
    me = arguments.value("me") or user_name()
    code = _code(arguments.value("code"), me)
    if created:
        store = join_workspace(arguments.home, open_share(folder).workspace)
    else:
        store = open_store(arguments.home)
    try:
        place = _add_place(store, folder, created=created, readonly=arguments.has("readonly"))
        if not store.member:
            enter_workspace(store, member=me, code=code, device_name=socket.gethostname())
            _sync(store)
        return _report(arguments, store, place)
    finally:
        store.close()


def _add_place(store: Store, folder: str, *, created: bool, readonly: bool = False) -> Place:
    """Put the share into the folder or take the one there, and sync; a home just made for it goes when it fails."""
    from sync.share import create_share, refuse_other

    if not created:
        refuse_other(folder, store)
    try:
        place = create_share(folder, store, readonly=readonly)
    except StoreError:
        if created:
            store.close()
            for suffix in ("", "-wal", "-shm"):
                path = os.path.join(store.home, FILE_NAME + suffix)
                if os.path.exists(path):
                    os.unlink(path)
        raise
    _sync(store)
    return place


def _sync(store: Store) -> None:
    from sync.engine import sync_once
    from tui.sentences import reason_words

    report = sync_once(store)
    if report.paused_reason:
        narrate(_("Sync is paused: {reason}").format(reason=reason_words(report.paused_reason)))


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
            }
        )
    narrate(
        safe(
            _("“{name}” is ready in {home}; what you add is called {code}-1, {code}-2 and so on.").format(
                name=name, home=store.home, code=store.code
            )
        )
    )
    if place is None:
        narrate(
            _("To work with others, run `sameboat place add FOLDER` with a folder that you all can reach.")
        )
    else:
        narrate(
            safe(
                _("It is shared through {folder}; teammates run `sameboat join` there.").format(
                    folder=place.url
                )
            )
        )
    return 0


def user_name() -> str:
    """Return what the system calls the person: their full name if it knows it, else the login name."""
    login = ""
    try:
        login = getpass.getuser()
        import pwd

        full = pwd.getpwnam(login).pw_gecos.partition(",")[0].strip()
    except (ImportError, KeyError, OSError):
        full = ""
    return full or login or "me"


def _code(given: str, name: str) -> str:
    """Return the letters that begin this device's short ids: those given, else initials of the name."""
    if given:
        if not _CODE.fullmatch(given.lower()):
            raise UsageError("bad-code", value=given)
        return given.lower()
    from store.pinyin import initials

    found = initials(name)
    if len(found) < 2:  # one word: its beginning says more than one letter
        found = name.lower()[:2]
    letters = re.sub(r"[^a-z0-9]", "", found).lstrip("0123456789")
    return letters[:4] or "me"


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
        (*_ME, Option("readonly", N_("read from this folder, never write to it"))),
        least=1,
        most=1,
        examples=("sameboat join ~/Nextcloud/team --me 韩梅梅",),
    ),
}
