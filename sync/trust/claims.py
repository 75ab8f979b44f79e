"""What devices that nobody has approved yet say they are called, so that a person who decides knows whom to ask.

It is a claim and no more: none of such a device's ops is merged. Kept on this machine only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from store.layouts import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.database import Store
    from store.ops import Op

MOST = 100  # devices
LONGEST = 200  # characters of a name

_KEY = "claims"  # in `meta`


class Claim(NamedTuple):
    """A device's name and its person's, as the device gives them; "" where it does not."""

    name: str
    person: str


def claims(store: Store) -> dict[str, Claim]:
    """Return what devices claimed, by device."""
    try:
        found = json.loads(store.meta(_KEY, "{}"))
        return {str(dev): Claim(str(name), str(person)) for dev, (name, person) in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def note_claim(store: Store, dev: str, claim: Claim) -> None:
    """Keep what a device claims; of too many the oldest are forgotten."""
    known = {**claims(store), dev: claim}
    kept = dict(list(known.items())[-MOST:])
    store.set_meta(_KEY, json.dumps(kept, ensure_ascii=False, separators=(",", ":")))


def claim_in(ops: Iterable[Op], dev: str) -> Claim:
    """Return what the first ops of a device say of itself and of the member it belongs to."""
    name = person = member = ""
    people: dict[str, str] = {}
    for op in ops:
        is_own = op.kind == "device" and op.ent == dev
        if not ((is_own and op.field in ("title", "member")) or (op.kind, op.field) == ("member", "title")):
            continue
        value = decode(op.value)
        if not isinstance(value, str):
            continue
        if op.kind == "member":
            people[op.ent] = value
        elif op.field == "title":
            name = value
        else:
            member = value
    person = people.get(member, "")
    return Claim(name[:LONGEST], person[:LONGEST])
