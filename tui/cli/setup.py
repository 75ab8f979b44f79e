"""`sameboat init` and `sameboat join`: a workspace made here, or one that teammates have already."""

from __future__ import annotations

import getpass
import os
import re
import socket
import sys
from typing import TYPE_CHECKING

from store.database import database_path, open_store, remove_files
from store.errors import StoreError
from store.queries import workspace_title
from store.setup import DEFAULT_DEPARTMENTS, enter_workspace, init_workspace
from sync.encryption.setting import is_encrypted
from tui.cli.arguments import Arguments, Command, Option, UsageError
from tui.cli.input import stdin
from tui.cli.output import narrate, safe, say_json
from tui.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.database import Store
    from store.places import Place
    from sync.encryption.invite import Invite

_CODE = re.compile(r"[a-z][a-z0-9]{0,7}")
_CODE_AT_MOST = 64 * 1024
Departments = tuple[tuple[str, str, str, str, tuple[str, ...]], ...]


def _init(arguments: Arguments) -> int:
    me = arguments.value("me") or user_name()
    folder = arguments.operands[0] if arguments.operands else ""
    if folder:
        from sync.places.grounds import ground_of

        ground_of(folder, arguments.home).check()
    made = _Home(arguments.home)
    code, departments = _code(arguments.value("code"), me), _departments(arguments.value("departments"))
    store = made.make(
        lambda: init_workspace(
            arguments.home,
            name=arguments.value("name") or _("{name}'s workspace").format(name=me),
            member=me,
            code=code,
            departments=departments,
            device_name=socket.gethostname(),
            settings=_encryption(arguments),
        )
    )
    try:
        place = _add_place(store, folder, made) if folder else None
        return _report(arguments, store, place)
    finally:
        store.close()


def _encryption(arguments: Arguments) -> dict[str, str]:
    """Return the settings of a workspace that is to be encrypted, its first key made; none for another."""
    if not arguments.has("encrypt"):
        return {}
    from sync.encryption.inviting import begin_encrypted

    return begin_encrypted(arguments.home)


def _join(arguments: Arguments) -> int:
    from sync.encryption.inviting import accept_invite, join_home, verdict
    from sync.places.share import open_share
    from sync.state import sync_state

    folder = arguments.operands[0]
    made = _Home(arguments.home)
    me = arguments.value("me") or user_name()
    code = _code(arguments.value("code"), me)
    invite = invitation(arguments)
    if made.is_new:
        share = open_share(folder, invite.workspace if invite else "")
        store = made.make(lambda: join_home(arguments.home, share, invite))
    else:
        store = open_store(arguments.home)
    try:
        if invite is not None and not made.is_new:
            accept_invite(store, invite, folder)
        place = _add_place(store, folder, made, readonly=arguments.has("readonly"))
        if why := verdict(store, invite):
            made.discard(store)
            raise StoreError(why, path=place.url)
        if not store.member:
            enter_workspace(store, member=me, code=code, device_name=socket.gethostname())
            _sync(store)
        if sync_state(store).standing == "waiting":
            said = _(
                "This device waits until somebody approves it; `sameboat devices` shows its fingerprint."
            )
            narrate(said)
        return _report(arguments, store, place)
    finally:
        store.close()


class _Home:
    """What a home held before the command, so that one made for nothing leaves nothing behind."""

    def __init__(self, home: str) -> None:
        self._keys = os.path.join(home, "keys.json")
        self._had_keys = os.path.lexists(self._keys)
        self.is_new = not os.path.exists(database_path(home))

    def make(self, make: Callable[[], Store]) -> Store:
        """Return the store that `make` makes; keys made for it go when it fails."""
        try:
            return make()
        except BaseException:
            self._forget_keys()
            raise

    def discard(self, store: Store) -> None:
        """Remove the workspace from a home that had none before."""
        if not self.is_new:
            return
        store.close()
        remove_files(store.path)
        self._forget_keys()

    def _forget_keys(self) -> None:
        if not self._had_keys and os.path.lexists(self._keys):
            os.unlink(self._keys)


def _add_place(store: Store, folder: str, made: _Home, *, readonly: bool = False) -> Place:
    """Put the share into the folder or take the one there, and sync; a home just made for it goes when it fails."""
    from sync.places.share import create_share, refuse_other

    if not made.is_new:
        refuse_other(folder, store)
    try:
        place = create_share(folder, store, readonly=readonly)
    except StoreError:
        made.discard(store)
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
                "encrypted": is_encrypted(store),
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
