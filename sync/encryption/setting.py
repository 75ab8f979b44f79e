"""Whether the workspace of a home is encrypted: known here, whatever a folder says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.database import Store

ENCRYPTION = "age"  # what `ws.json` and this home's settings call it; "" is none
SETTING = "encryption"  # in `meta`


def is_encrypted(store: Store) -> bool:
    """Return whether the workspace of this home is encrypted, whether or not its keys are here."""
    return store.meta(SETTING) == ENCRYPTION


def set_encrypted(store: Store) -> None:
    """Note for good that the workspace of this home is encrypted: nothing of it is ever sent in the clear."""
    store.set_meta(SETTING, ENCRYPTION)
