"""Who may write in this workspace: which devices are trusted, by which key each is known, and up to where.

A pure function of ops that every replica has, so all decide alike; only by which key a device is known depends on what
a home has merged of it as well, for nobody may give away a name that somebody writes under. Whoever may write into the
folder is trusted on first sight, unless the workspace asks for approval; a revoked device's ops count as far as trusted
devices say they had taken them. What a device says about itself never makes it trusted.

Nothing here loads a cryptographic library: headers and `status` ask as well.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from store.layouts import decode
from store.merge import SEQ_BITS, SEQ_MASK, may_replace
from store.oplog import streams
from store.places import pins

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from store.database import Store

APPROVED, REVOKED = "approved", "revoked"  # what somebody decided
SEEN, WAITING = "seen", "waiting"  # nobody decided: trusted on first sight, or not until somebody does

_DECIDING = (b'"kind":"device"', b'"kind":"workspace"')
_DECISION = re.compile(rb'"kind":"[a-z]+","ent":"[^"]*","field":"(?:trust"|accepted/|approval")', re.ASCII)
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)

ROOT = "root"  # in `meta`: the workspace's first device, as it was when this home met the workspace


class _Cell(NamedTuple):
    """One write of a cell: its dot as (device, incarnation, number), and the dots it replaced."""

    dot: int
    dev: str
    lam: int
    value: object
    change: tuple[str, str, int]
    parents: tuple[int, ...]


class Trust(NamedTuple):
    """How every device stands. Devices nobody wrote about stand as the workspace receives strangers.

    `revocations` are the ops by which each revoked device is out, as "<device>:<dot>": another one after it was taken
    back is another op.
    """

    own: str
    root: str
    approval: bool
    decided: Mapping[str, str]
    keys: Mapping[str, str]
    seals: Mapping[str, str]
    accepted: Mapping[tuple[str, str], int]
    revocations: Mapping[str, frozenset[str]] = MappingProxyType({})

    def standing(self, dev: str) -> str:
        """Return "approved", "revoked", "seen" or "waiting"."""
        decided = self.decided.get(dev)
        if decided is not None:
            return decided
        return WAITING if self.approval and dev != self.root else SEEN

    def is_trusted(self, dev: str) -> bool:
        """Return whether a device's ops are taken without limit."""
        return self.standing(dev) in (APPROVED, SEEN)

    def key(self, dev: str) -> str:
        """Return the public key, in hexadecimal, that a device was approved with, or "": then what was met counts."""
        return self.keys.get(dev, "")

    def seal(self, dev: str) -> str:
        """Return the age recipient that a device said it reads with, or ""."""
        return self.seals.get(dev, "")

    def limit(self, dev: str, inc: str) -> int | None:
        """Return the last op of a stream that everybody takes, None where there is no last one.

        A home does not limit its own device: what it wrote is there, whatever others make of it.
        """
        if dev == self.own or self.is_trusted(dev):
            return None
        return self.accepted.get((dev, inc), 0)


def read_trust(store: Store) -> Trust:
    """Return how every device stands by the ops that this home has."""
    names = {
        n: (dev, inc)
        for n, dev, inc in store.conn.execute("SELECT n, dev, inc FROM stream WHERE private = 0")
    }
    cells = _cells(store, names)
    approval = any(head.value is True for head in _heads(_workspace_cell(store, names, "approval")))
    decided: dict[str, str] = {}
    keys: dict[str, str] = {}
    seals: dict[str, str] = {}
    revocations: dict[str, frozenset[str]] = {}
    for (dev, field), writes in cells.items():
        if field == "trust":
            # What a device says of itself is no decision, so it can neither approve nor un-revoke itself.
            heads = _heads(write for write in writes if write.dev != dev)
            values = [head.value for head in heads]
            if REVOKED in values:  # of two who decided at once, the cautious one
                decided[dev] = REVOKED
                revocations[dev] = frozenset(
                    f"{dev}:{'.'.join(head.change[:2])}.{head.dot & SEQ_MASK}"
                    for head in heads
                    if head.value == REVOKED
                )
            elif APPROVED in values:
                decided[dev] = APPROVED
                key = _approved_key(heads, cells.get((dev, "key"), []))
                if key:
                    keys[dev] = key
        elif field == "seal":
            own = [head.value for head in _heads(write for write in writes if write.dev == dev)]
            if len(own) == 1 and isinstance(own[0], str):
                seals[dev] = own[0]
    keys = _not_contradicted(store, keys, cells)
    trust = Trust(store.device, root_device(store), approval, decided, keys, seals, {})
    return trust._replace(accepted=_accepted(trust, cells), revocations=revocations)


def decides_on_trust(body: bytes) -> bool:
    """Return whether a segment's ops may change how any device stands; quick, since most change nothing."""
    for kind in _DECIDING:
        at = body.find(kind)
        while at >= 0:
            if _DECISION.match(body, at):
                return True
            at = body.find(kind, at + len(kind))
    return False


def root_device(store: Store) -> str:
    """Return the workspace's first device: the one whose op made the workspace, "" where no op of it is here."""
    pinned = store.meta(ROOT)
    if pinned:
        return pinned
    query = (
        "SELECT s.dev FROM entity e JOIN op o ON o.ent = e.n JOIN stream s ON s.n = o.dot >> ? "
        "WHERE e.id = ? AND e.kind = 'workspace' AND s.private = 0 ORDER BY o.lam, s.dev, s.inc, o.dot LIMIT 1"
    )
    row = store.conn.execute(query, (SEQ_BITS, store.workspace)).fetchone()
    return str(row[0]) if row else ""


def _cells(store: Store, names: Mapping[int, tuple[str, str]]) -> dict[tuple[str, str], list[_Cell]]:
    """Return every write that trust depends on, by device and field."""
    # CROSS: from the few devices to their ops, where SQLite left to itself begins with the whole log.
    query = (
        "SELECT d.id, o.field, o.dot, o.lam, o.value, o.change, o.parents "
        "FROM p_device d CROSS JOIN op o ON o.ent = d.n "
        "WHERE o.field IN ('trust', 'key', 'seal') OR o.field >= 'accepted/' AND o.field < 'accepted0'"
    )
    found: dict[tuple[str, str], list[_Cell]] = {}
    for dev, field, *rest in store.conn.execute(query):
        cell = _cell(names, *rest)
        if cell is not None:
            found.setdefault((dev, field), []).append(cell)
    return found


def _workspace_cell(store: Store, names: Mapping[int, tuple[str, str]], field: str) -> list[_Cell]:
    query = (
        "SELECT o.dot, o.lam, o.value, o.change, o.parents FROM entity e JOIN op o ON o.ent = e.n "
        "WHERE e.id = ? AND e.kind = 'workspace' AND o.field = ?"
    )
    cells = (_cell(names, *row) for row in store.conn.execute(query, (store.workspace, field)))
    return [cell for cell in cells if cell is not None]


def _cell(
    names: Mapping[int, tuple[str, str]], dot: int, lam: int, value: str, change: int, parents: str | None
) -> _Cell | None:
    name = names.get(dot >> SEQ_BITS)
    if name is None:  # a private draft, which nobody else knows
        return None
    return _Cell(
        dot,
        name[0],
        lam,
        decode(value),
        (*name, change),
        tuple(map(int, parents.split())) if parents else (),
    )


def _heads(writes: Iterable[_Cell]) -> list[_Cell]:
    """Return the writes that no other of them replaced, in an order that is the same everywhere."""
    writes = list(writes)
    lams = {write.dot: write.lam for write in writes}
    replaced = {
        parent
        for write in writes
        for parent in write.parents
        if parent in lams and may_replace(write.lam, lams[parent])
    }
    left = (write for write in writes if write.dot not in replaced)
    return sorted(left, key=lambda write: (write.lam, *write.change[:2], write.dot & SEQ_MASK))


def _approved_key(approvals: list[_Cell], keys: list[_Cell]) -> str:
    """Return the key that the latest approval names: the one written in the same change; one that is none is not."""
    for approval in reversed(approvals):
        for write in keys:
            if (
                approval.value == APPROVED
                and write.change == approval.change
                and isinstance(write.value, str)
                and _KEY.fullmatch(write.value)
            ):
                return write.value
    return ""


def _not_contradicted(
    store: Store, approved: Mapping[str, str], cells: Mapping[tuple[str, str], list[_Cell]]
) -> dict[str, str]:
    """Return the keys that devices were approved with, but for those whose ops here another key signed.

    Otherwise whoever is trusted could give a teammate's name away by approving it with a key of his own. Of a device
    whose ops came without its having been met, with a snapshot, the key is the one that it says itself.
    """
    if not approved:
        return {}
    known = pins(store)
    merged = {stream.dev for stream in streams(store).values() if stream.seq and not stream.private}
    found = {}
    for dev, key in approved.items():
        if dev in known and (dev in merged or dev == store.device):
            if known[dev].key == key:
                found[dev] = key
        elif dev in merged:
            own = [
                write.value
                for write in _heads(write for write in cells.get((dev, "key"), []) if write.dev == dev)
            ]
            found[dev] = next((said for said in own if isinstance(said, str) and _KEY.fullmatch(said)), key)
        elif dev != store.device:
            found[dev] = key
    return found


def _accepted(trust: Trust, cells: Mapping[tuple[str, str], list[_Cell]]) -> dict[tuple[str, str], int]:
    """Return by (device, incarnation) the furthest that a trusted device says it had taken."""
    found: dict[tuple[str, str], int] = {}
    for (dev, field), writes in cells.items():
        observer, _, inc = field.removeprefix("accepted/").partition(".")
        if field.startswith("accepted/") and observer != dev and trust.is_trusted(observer):
            for write in writes:
                if write.dev == observer and type(write.value) is int:
                    found[dev, inc] = max(found.get((dev, inc), 0), write.value)
    return found
