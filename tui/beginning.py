"""The first steps of a home: a workspace made in it or joined, and everything taken back when that fails."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import socket
from typing import TYPE_CHECKING, NamedTuple

from store.backup import FOLDER as BACKUPS
from store.database import database_path, open_store, remove_files
from store.errors import StoreError
from store.setup import DEFAULT_DEPARTMENTS, enter_workspace, init_workspace
from tui.i18n import _
from tui.interrupt import Held

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.database import Store
    from store.places import Place
    from sync.encryption.invite import Invite

CODE = re.compile(r"[a-z][a-z0-9]{0,7}")
Departments = tuple[tuple[str, str, str, str, tuple[str, ...]], ...]


class Begun(NamedTuple):
    """An open store, the place it is shared through, and why the first sync stopped, empty where it did not."""

    store: Store
    place: Place | None = None
    paused: str = ""


def make_workspace(
    home: str,
    *,
    me: str,
    code: str,
    name: str = "",
    departments: Departments = DEFAULT_DEPARTMENTS,
    folder: str = "",
    encrypted: bool = False,
) -> Begun:
    """Make a workspace, shared through a folder where one is named; of an `encrypted` one the first key, too.

    Raises StoreError: what is wrong with the folder, exists, cannot-open, disk-full; nothing is left behind then.
    """
    if folder:
        from sync.places.grounds import ground_of

        ground_of(folder, home).check()
    made = Home(home)
    store = made.make(
        lambda: init_workspace(
            home,
            name=name or _("{name}'s workspace").format(name=me),
            member=me,
            code=code,
            departments=departments,
            device_name=socket.gethostname(),
            settings=_encryption(home) if encrypted else {},
        )
    )
    try:
        if not folder:
            return Begun(store)
        return Begun(store, *made.share_through(store, folder))
    except BaseException:
        store.close()
        raise


def join_workspace(
    home: str, folder: str, *, me: str, code: str, invite: Invite | None = None, readonly: bool = False
) -> Begun:
    """Join the workspace that lies in a folder, or add the folder to the one that is in this home.

    Raises StoreError: what is wrong with the folder or the invitation; and Stopped. Nothing is left behind then.
    """
    from sync.encryption.inviting import accept_invite, join_home, verdict
    from sync.places.share import open_share

    made = Home(home)
    store, entered = None, not made.is_new
    try:
        if made.is_new:
            share = open_share(folder, invite.workspace if invite else "")
            with Held():  # a database that has been made is known here
                store = made.make(lambda: join_home(home, share, invite))
        else:
            store = open_store(home)
            if invite is not None:
                if invite.workspace != store.workspace and open_share(folder, invite.workspace):
                    raise StoreError("home-other", home=home)
                accept_invite(store, invite, folder)
        place, paused = made.share_through(store, folder, readonly=readonly)
        if why := verdict(store, invite):
            raise StoreError(why, path=place.url)
        if not store.member:
            enter_workspace(store, member=me, code=code, device_name=socket.gethostname())
            entered = True
            paused = _synced(store) or paused
        return Begun(store, place, paused)
    except BaseException as error:
        if store is not None:
            store.close()
            if not entered:
                made.discard(store)  # nobody has typed anything into it yet
        if isinstance(error, KeyboardInterrupt) and not entered:
            raise Stopped from error
        raise


class Stopped(KeyboardInterrupt):
    """Ctrl-C ended a join before anybody had entered the workspace: the home is as it was before."""


class Home:
    """What a home held before, so that a workspace made for nothing leaves nothing behind."""

    def __init__(self, home: str) -> None:
        self._keys = os.path.join(home, "keys.json")
        self._had_keys = os.path.lexists(self._keys)
        self._backups = os.path.join(home, BACKUPS)
        self._had_backups = os.path.lexists(self._backups)
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
        if not self._had_backups and os.path.isdir(self._backups):
            shutil.rmtree(self._backups)  # the first sync ends with one, which nobody would want back

    def share_through(self, store: Store, folder: str, *, readonly: bool = False) -> tuple[Place, str]:
        """Put the share into the folder or take the one there, and sync; a home just made goes when it fails."""
        from sync.places.share import create_share, refuse_other

        if not self.is_new:
            refuse_other(folder, store)
        try:
            place = create_share(folder, store, readonly=readonly)
        except StoreError:
            self.discard(store)
            raise
        if readonly and not place.readonly:  # a place from before, which goes on as it was
            raise StoreError("place-written", place=place.url)
        return place, _synced(store)

    def _forget_keys(self) -> None:
        if not self._had_keys and os.path.lexists(self._keys):
            os.unlink(self._keys)


def _encryption(home: str) -> dict[str, str]:
    from sync.encryption.inviting import begin_encrypted

    return begin_encrypted(home)


def _synced(store: Store) -> str:
    from sync.engine import sync_once

    return sync_once(store).paused_reason or ""


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


def proposed_code(name: str) -> str:
    """Return the letters that short ids may begin with: initials of the name, or its beginning."""
    from store.pinyin import initials

    found = initials(name)
    if len(found) < 2:  # one word: its beginning says more than one letter
        found = name.lower()[:2]
    letters = re.sub(r"[^a-z0-9]", "", found).lstrip("0123456789")
    return letters[:4] or "me"
