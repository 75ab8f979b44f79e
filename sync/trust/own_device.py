"""This home's device and its keys: one belongs to the other, for the key is what others know the device by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.places import pin, pins
from sync.trust.keys import Keys, has_keys, load_keys
from sync.trust.standing import ROOT, root_device

if TYPE_CHECKING:
    from store.database import Store


def own_keys(store: Store) -> Keys:
    """Return this device's keys, made where there never were any.

    A home that comes without the keys it signed with, or with others, is a new device from now on: it would only pose
    as the old one. The workspace's first device is remembered with the keys: trust begins there.
    Raises StoreError as `load_keys` does.
    """
    keys = load_keys(store.home) if has_keys(store.home) else None
    if keys is None or not _is_known(store, keys):
        with store.transaction():  # which another process may have been in before
            known = pins(store).get(store.device)
            if known is not None and (keys is None or keys.public.hex() != known.key):
                from store.new_device import begin_new_device

                begin_new_device(store)
            keys = keys or load_keys(store.home)
            pin(store, store.device, keys.public.hex(), "")
    if not store.meta(ROOT) and (root := root_device(store)):
        store.set_meta(ROOT, root)
    return keys


def _is_known(store: Store, keys: Keys) -> bool:
    known = pins(store).get(store.device)
    return known is not None and known.key == keys.public.hex()
