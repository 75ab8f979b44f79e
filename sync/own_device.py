"""This home's device and its keys: one belongs to the other, for the key is what others know the device by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.places import pin
from sync.keys import Keys, load_keys
from sync.trust import ROOT, root_device

if TYPE_CHECKING:
    from store.database import Store


def own_keys(store: Store) -> Keys:
    """Return this device's keys, which are its own from now on, made where there are none.

    The workspace's first device is remembered with them: trust begins there. Raises StoreError as `load_keys` does.
    """
    keys = load_keys(store.home)
    pin(store, store.device, keys.public.hex(), "")
    if not store.meta(ROOT) and (root := root_device(store)):
        store.set_meta(ROOT, root)
    return keys
