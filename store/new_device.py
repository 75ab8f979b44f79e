"""A home whose keys are gone goes on as a new device of the same member: it could only pose as the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.change import Change
from store.moving import become_device
from store.ops import new_id
from store.setup import unused_code

if TYPE_CHECKING:
    from store.database import Store

KEYS_LOST = "keys-lost"  # what a person is told


def begin_new_device(store: Store, why: str = KEYS_LOST) -> None:
    """Make this home another device, with what nobody else has of the old one's edits; a person is told why.

    It has the old one's member and name, and a code of its own, since the old one may go on elsewhere.
    """
    with store.transaction() as conn:
        old = store.device
        become_device(store, new_id()[:12], why)
        known = conn.execute("SELECT title, code FROM p_device WHERE id = ?", (old,)).fetchone()
        if known is None or not store.member:
            return
        title, code = known
        code = code or store.code
        store.code = unused_code(conn, code.rstrip("0123456789") or code)
        store.set_meta("code", store.code)
        with Change(store, "devices", final=True) as made:
            made.create(
                "device", {"title": title, "member": store.member, "code": store.code}, ent=store.device
            )
