"""What happened to this home is told once, on stderr, by the first command that a person reads. Loaded only then."""

from __future__ import annotations

import os
import sys

from store.errors import StoreError
from store.notices import mark_seen, unseen
from tui.cli.output import narrate, safe
from tui.notice_words import notice_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.database import Store


def tell_notices(store: Store) -> None:
    """Say on stderr what nobody has been told yet; a home that cannot be written says it again the next time."""
    if _unheard():
        return
    for notice in unseen(store):
        narrate(safe(notice_words(notice, store)))
    try:
        mark_seen(store)
    except StoreError:
        pass


def _unheard() -> bool:
    """Return whether stderr leads nowhere, as it does for a sync that an edit started behind itself."""
    try:
        return os.path.samestat(os.fstat(sys.stderr.fileno()), os.stat(os.devnull))
    except (OSError, ValueError, AttributeError):
        return False
