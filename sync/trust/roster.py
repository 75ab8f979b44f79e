"""The workspace's devices: who they are and how each stands, and what a person decides about them.

A decision is ops like any other, so it reaches everybody and everybody applies it alike; see `sync.trust.standing` for
the rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.change import Change
from store.errors import StoreError
from store.oplog import streams
from store.ops import encode_value
from store.places import other_streams, pins
from store.validation import checked, known_kind
from sync.trust.claims import claims
from sync.trust.standing import APPROVED, REVOKED, WAITING, Trust, read_trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.database import Store


class Device(NamedTuple):
    """One device as a person sees it. Times are ms since the epoch, 0 for never.

    `standing` is "approved", "revoked", "seen" or "waiting"; `key` the public key in hexadecimal by which it is known
    here, "" while that is not; `ops` how many of its ops this home holds. `claimed` tells that name and person are only
    what an unknown device says of itself.
    """

    id: str
    name: str
    member: str
    person: str
    code: str
    standing: str
    own: bool
    root: bool
    key: str
    ops: int
    last_at: int
    claimed: bool

    @property
    def fingerprint(self) -> str:
        """Return the key as people compare it aloud, "" while it is not known."""
        from sync.trust.keys import (
            fingerprint,  # with what it takes to sign, which a list of names does not need
        )

        return fingerprint(bytes.fromhex(self.key)) if self.key else ""


def devices(store: Store) -> list[Device]:
    """Return every device that this home has heard of: this one first, then those that wait, then by their last op."""
    trust = read_trust(store)
    known = pins(store)
    rows = {
        dev: (name or "", member or "", person or "", code or "")
        for dev, name, member, person, code in store.conn.execute(
            "SELECT d.id, d.title, d.member, m.title, d.code FROM p_device d LEFT JOIN p_member m ON m.id = d.member"
        )
    }
    said = claims(store)
    ops: dict[str, int] = {}
    last: dict[str, int] = {}
    for row in other_streams(store):
        ops[row.dev] = ops.get(row.dev, 0) + row.seq
        last[row.dev] = max(last.get(row.dev, 0), row.at)
    for stream in streams(store).values():
        if stream.dev == store.device:
            ops[stream.dev] = ops.get(stream.dev, 0) + stream.seq
    found = []
    for dev in {store.device, *rows, *known, *ops}:
        name, member, person, code = rows.get(dev, ("", "", "", ""))
        claimed = not ops.get(dev) and not name and not member and dev in said
        if claimed:
            name, person = said[dev]
        key = trust.key(dev) or (known[dev].key if dev in known else "")
        found.append(
            Device(
                dev, name, member, person, code, trust.standing(dev), dev == store.device, dev == trust.root, key,
                ops.get(dev, 0), last.get(dev, 0), claimed,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (not one.own, one.standing != WAITING, -one.last_at, one.id))


def find_device(store: Store, text: str, likely: Callable[[Device], bool] | None = None) -> Device:
    """Return the device that a person means: by the beginning of its id, its name, its code or its member's name.

    Of several that fit alike, only those count that are `likely` to be meant, where there are such.
    Raises StoreError: no-device (what), ambiguous (what, matches), where every match is a `Device`.
    """
    wanted = text.strip().casefold()
    known = devices(store)
    ways: tuple[Callable[[Device], bool], ...] = (
        lambda one: one.id == wanted,
        lambda one: wanted in (one.name.casefold(), one.code.casefold(), one.person.casefold()),
        lambda one: one.id.startswith(wanted) or one.name.casefold().startswith(wanted),
    )
    for fits in ways:
        found = [one for one in known if wanted and fits(one)]
        if likely is not None:
            found = list(filter(likely, found)) or found
        if len(found) == 1:
            return found[0]
        if found:
            raise StoreError("ambiguous", what=text, matches=found)
    raise StoreError("no-device", what=text)


def _refuse_untrusted(store: Store, trust: Trust) -> None:
    """Raise where nobody would take a decision made here: it would only mislead whoever made it."""
    if trust.is_trusted(store.device):
        return
    people = dict.fromkeys(
        one.person or one.name or one.id for one in devices(store) if trust.is_trusted(one.id)
    )
    if trust.standing(store.device) == REVOKED:
        raise StoreError("revoked-here", people=list(people))
    raise StoreError("unapproved-here", people=list(people))


def approve(store: Store, dev: str) -> bool:
    """Trust a device from now on, with the key by which it is known here; returns whether that is news.

    Raises StoreError: unapproved-here (people), revoked-here (people), no-key-yet (what).
    """
    trust = read_trust(store)
    _refuse_untrusted(store, trust)
    if dev == store.device:  # which is trusted, and what it says of itself is no decision
        return False
    known = pins(store).get(dev)
    if known is None:
        raise StoreError("no-key-yet", what=dev)
    if trust.standing(dev) == APPROVED and trust.key(dev) == known.key:
        return False
    with Change(store, "devices", final=True) as made:
        _approve(made, dev, known.key)
    return True


def revoke(store: Store, dev: str) -> bool:
    """Take no more from a device than this home has taken; returns whether that is news.

    Raises StoreError: unapproved-here (people), revoked-here (people), own-device.
    """
    trust = read_trust(store)
    _refuse_untrusted(store, trust)
    if dev == store.device:
        raise StoreError("own-device")
    if trust.standing(dev) == REVOKED:
        return False
    with Change(store, "devices", final=True) as made:
        made.write("device", dev, "trust", encode_value(REVOKED), force=True)
        for (of, inc), stream in streams(store).items():
            if of == dev and stream.seq:
                made.write("device", dev, _taken_field(store, inc), encode_value(stream.seq))
    return True


def rename(store: Store, dev: str, name: str) -> None:
    """Call a device something else, for everybody. Raises StoreError: bad-value, too-long, bad-text."""
    stored = checked(known_kind("device").fields["title"], name)
    if stored is None:
        raise StoreError("bad-value", field="title", value=name, expected="a name")
    with Change(store, "devices", final=True) as made:
        made.write("device", dev, "title", encode_value(stored))


def require_approval(store: Store, wanted: bool) -> list[str]:
    """Let new devices wait until somebody approves them, or not; returns the devices approved with that.

    All that are trusted now are approved in the same change, so nobody is shut out by it. As no device can approve
    itself, only the first one and those approved already may ask for it.
    Raises StoreError: unapproved-here (people), revoked-here (people), not-approved.
    """
    trust = read_trust(store)
    _refuse_untrusted(store, trust)
    if trust.approval == wanted:
        return []
    if wanted and store.device != trust.root and trust.standing(store.device) != APPROVED:
        raise StoreError("not-approved")
    approved = []
    known = pins(store)
    with Change(store, "devices", final=True) as made:
        made.write("workspace", store.workspace, "approval", encode_value(wanted))
        if wanted:
            for device in devices(store):
                if device.standing not in (APPROVED, REVOKED) and not device.own:
                    _approve(made, device.id, known[device.id].key if device.id in known else "")
                    approved.append(device.id)
    return approved


def note_own(store: Store, public: bytes, seal: str = "") -> None:
    """Tell everybody this device's key, once, and how much of devices no longer trusted had been taken here.

    `seal` is where to encrypt for it, in an encrypted workspace. Writes nothing when there is nothing to tell, or
    nobody has entered the workspace here yet.
    """
    if not store.member:
        return
    known = store.conn.execute("SELECT key, seal FROM p_device WHERE id = ?", (store.device,)).fetchone()
    own = {"key": public.hex(), "seal": seal} if known is not None else {}
    news = {
        name: value
        for (name, value), old in zip(own.items(), known or (), strict=True)
        if value not in ("", old)
    }
    trust = read_trust(store)
    taken = taken_beyond(store, trust) if trust.is_trusted(store.device) else {}
    if not taken and not news:
        return
    with Change(store, "devices", final=True) as made:
        for name, value in news.items():
            made.write("device", store.device, name, encode_value(value))
        for (dev, inc), seq in taken.items():
            made.write("device", dev, _taken_field(store, inc), encode_value(seq))


def taken_beyond(store: Store, trust: Trust) -> dict[tuple[str, str], int]:
    """Return how far this home holds the streams of which it holds more than everybody is to take."""
    found = {}
    for (dev, inc), stream in streams(store).items():
        limit = trust.limit(dev, inc)
        if limit is not None and stream.seq > limit:
            found[dev, inc] = stream.seq
    return found


def _approve(made: Change, dev: str, key: str) -> None:
    if key:
        made.write("device", dev, "key", encode_value(key), force=True)
    made.write("device", dev, "trust", encode_value(APPROVED), force=True)


def _taken_field(store: Store, inc: str) -> str:
    return f"accepted/{store.device}.{inc}"
