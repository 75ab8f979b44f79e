"""How the program reads a golden share: from a copy, into a home that has nothing yet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.database import Store
from sync.encryption.invite import read_invite
from sync.encryption.inviting import join_home
from sync.engine import sync_once
from sync.places.share import create_share, open_share


@contextmanager
def join(folder: Path, scratch: Path, invitation: str) -> Iterator[Store]:
    """A home under `scratch` that has read a copy of the share in `folder`, as who joins does."""
    copy = scratch / "folder"
    shutil.copytree(folder, copy)
    invite = read_invite(invitation) if invitation else None
    store = join_home(str(scratch / "home"), open_share(str(copy)), invite)
    try:
        create_share(str(copy), store)
        sync_once(store)
        yield store
    finally:
        store.close()
