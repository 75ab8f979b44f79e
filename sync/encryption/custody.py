"""Keeping a workspace's keys in the right hands: new ones are made when a device is shut out, and handed to the others.

A device is given keys when it is trusted, has proved that it holds one (its ops say where to encrypt for it, and they
were encrypted), and was a member before the key was made or has been approved by somebody. So neither the folder's
owner nor a revoked device that comes back under another name is ever served; nor is anybody given a key that was made
without him, by whoever has not heard yet why. In the other direction whoever has held
a key of the workspace may bring one to read with, a revoked device too: what it wrote before may be encrypted with it.
But a key is written with only when a member made it who held the one used before; see `sync.encryption.keyring`.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from store.oplog import streams
from store.places import Place, pins, quarantine, release
from sync import names
from sync.encryption.agekeys import is_recipient
from sync.encryption.generations import MAX_HELD, MAX_STEP
from sync.encryption.keyfiles import (
    MAX_KEY_FILE,
    MAX_TO,
    KeyFile,
    open_key_file,
    read_key_file,
    write_key_file,
)
from sync.encryption.keyring import Held, was_made_without
from sync.places.transport import TransportError
from sync.trust.standing import APPROVED, REVOKED, Trust, read_trust
from sync.trust.statements import StatementError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from store.database import Store, Stream
    from sync.encryption.generations import Generation
    from sync.encryption.keyring import Keyring
    from sync.names import KeyName
    from sync.places.transport import Transport
    from sync.trust.keys import Keys

# Keys to write with that one device may bring, unless it is the workspace's first.
MAX_FROM_ONE = MAX_HELD // 3
_WITHOUT_END = 10**9


class Custodian:
    """Takes, makes and hands on the workspace's keys through one place. Lives as long as the engine."""

    def __init__(self, store: Store, place: Place, transport: Transport, ring: Keyring, keys: Keys) -> None:
        self._store = store
        self._place = place
        self._transport = transport
        self._ring = ring
        self._keys = keys
        self._files: dict[KeyName, KeyFile] = {}
        self._opened: dict[KeyName, tuple[Generation, ...]] = {}
        self._refused: set[KeyName] = set()
        # Which key was handed out here, to whom, and which they may have, when that was last looked at.
        self._served: tuple[str, dict[str, str], dict[str, frozenset[str]]] | None = None

    def is_due(self, *, waits: bool, moved: bool) -> bool:
        """Return whether the place's key files are to be looked at.

        They are when a key is waited for, or a device has been shut out since the one that is written with was made;
        and when something came, once keys have been handed on at all: there may be more to read with.
        """
        return waits or self._is_renewed() or (moved and len(self._ring.labels) > 1)

    def _is_renewed(self) -> bool:
        return not self._ring.shuts_out(read_trust(self._store).revocations)

    def collect(self) -> bool:
        """Take what the place's key files hold for this device; returns whether that is news. Raises TransportError."""
        self._ring.doubt(partial(_is_heard, streams(self._store)))
        trust = read_trust(self._store)
        acquaintance = self._acquaintance()
        found = self._look()
        news = False
        # Those known longest first: a device that came only now speaks last.
        for name in sorted(
            found, key=lambda name: (name.generation, acquaintance.get(name.dev, _WITHOUT_END), name)
        ):
            news |= self._take(self._files[name], trust)
        return news

    def prepare(self) -> None:
        """See to it that there is a key to write with which nobody shut out holds, and that the others are given it.

        Raises TransportError, and StoreError: too-many-keys.
        """
        held = self._ring.writing
        if held is None or not self._store.member:
            return  # not in yet: nothing is written, and nobody would take a key from here
        if held.generation.number == 1 and not self._is_renewed():
            return  # everybody has it from the invitation
        self._ring.doubt(partial(_is_heard, streams(self._store)))
        shut_out_revoked(self._store, self._ring)
        self._serve(self._ring.writing or held)

    def _serve(self, held: Held) -> None:
        """Hand a key to everyone who may have it and was given it, with those before, by nobody in this place."""
        trust = read_trust(self._store)
        members = _members(trust)
        withheld = self._withheld(trust)
        label = held.generation.label
        wanted = {
            dev: seal
            for dev, seal in members.items()
            if (dev in held.knew or trust.standing(dev) == APPROVED)
            and label not in withheld[dev]
            and is_recipient(seal)
        }
        wanted[self._store.device] = self._ring.seal.recipient  # a copy of this home, or an older state of it
        allowed = {dev: self._ring.labels - withheld[dev] for dev in wanted}
        state = (label, wanted, allowed)
        if state == self._served:
            return
        if self._served is None:
            self._transport.sweep(names.KEYS)  # what a crash left
        lacking: defaultdict[frozenset[str], list[str]] = defaultdict(list)
        for dev in self._lacking(label, allowed, {*members, self._store.device}):
            lacking[allowed[dev]].append(dev)
        for labels, devices in sorted(lacking.items(), key=lambda group: group[1]):
            handed = [one for one in self._ring.generations if one.label in labels]
            for start in range(0, len(devices), MAX_TO):
                to = {dev: wanted[dev] for dev in devices[start : start + MAX_TO]}
                made, data = write_key_file(
                    self._store.workspace, self._store.device, held, handed, to, self._keys
                )
                self._transport.write(made.path, data)
        self._served = state

    def _lacking(
        self, label: str, allowed: Mapping[str, frozenset[str]], members: Collection[str]
    ) -> list[str]:
        """Return the devices whom no member gave the key in this place, or not all that are fit and allowed to them."""
        used = {one.generation.label for one in self._ring.held if one.writes}
        served: set[str] = set()
        given: defaultdict[str, set[str]] = defaultdict(set)
        for name in self._look():
            file = self._files[name]
            if name.dev not in members:
                continue
            if file.label == label:
                served |= file.to
            for dev in file.to:
                # An older program did not say what is inside; it was all that it held.
                given[dev] |= used if file.inside is None else file.inside
        return sorted(dev for dev in allowed if dev not in served or not allowed[dev] & used <= given[dev])

    def _withheld(self, trust: Trust) -> defaultdict[str, set[str]]:
        """Return by device the names of the keys that were made without it, where this home has not heard why.

        It may be revoked, by an op that has yet to come. One that nobody takes any more, of a device that was itself
        revoked before, never comes.
        """
        known = streams(self._store)
        found: defaultdict[str, set[str]] = defaultdict(set)
        for held in self._ring.held:
            for mark in held.unheard:
                dev, by, inc, seq = _parts(mark)
                never = trust.standing(by) == REVOKED and seq > (trust.limit(by, inc) or 0)
                if not never and not _is_heard(known, mark):
                    found[dev].add(held.generation.label)
        return found

    def _marks(self, file: KeyFile, trust: Trust) -> tuple[frozenset[str], frozenset[str]]:
        """Return whom a member's file says its key to be made without, as ops bear it out and as none does yet.

        Nobody can say it of himself: who has the key was not shut out by it. And only what is here already counts, for
        whoever expects to be revoked may have named the op beforehand; by the time it has come, nobody believes him.
        """
        told = {mark for mark in file.without if _parts(mark)[0] != file.name.dev}
        borne_out = frozenset[str]().union(*trust.revocations.values()) & told
        members = _members(trust)
        late = {mark for mark in (told | file.unheard) - borne_out if _parts(mark)[0] in members}
        known = streams(self._store)
        return borne_out, frozenset(mark for mark in late if not _is_heard(known, mark))

    def _take(self, file: KeyFile, trust: Trust) -> bool:
        """Add what a key file holds for this device, each key to be used as its writer's standing allows."""
        current = self._ring.writing
        known = self._ring.key(file.label) is not None
        members = _members(trust)
        member = file.name.dev in members or file.name.dev == self._store.device
        if self._store.device not in file.to:
            # Sealed for others, but its header tells whom the key was made without.
            return known and member and self._learn(file, trust)
        found = self._open(file)
        vouched = {one.generation for one in self._ring.held if one.writes}
        if not (member or vouched.intersection(found)):
            return False
        descends = current is not None and current.generation in found
        newer = current is not None and 0 < file.name.generation - current.generation.number <= MAX_STEP
        without, unheard = self._marks(file, trust) if member else (frozenset(), frozenset())
        writes = member and descends and newer and was_made_without(trust.revocations, without)
        writes = writes and self._may_bring(file, trust)
        knew = frozenset(members)
        named = next(generation for generation in found if generation.label == file.label)
        room = MAX_HELD * 5 // 8 if member else MAX_HELD // 2
        news = self._ring.add(
            [Held(named, writes, without, knew, unheard, file.name.dev if writes else "")],
            room=MAX_HELD if writes else room,
        )
        others = (Held(generation, writes=False, knew=knew) for generation in found if generation != named)
        return self._ring.add(others, room=room) or news

    def _may_bring(self, file: KeyFile, trust: Trust) -> bool:
        """Return whether there is room for one more key to write with from a file's device.

        Some is left for the keys by which a member is shut out who has used up what he could.
        """
        dev = file.name.dev
        if dev in (trust.root, self._store.device):
            return True
        others = [held for held in self._ring.held if held.generation.label != file.label]
        most = MAX_HELD * (7 if trust.standing(dev) == APPROVED else 6) // 8
        return len(others) < most and sum(held.by == dev for held in others) < MAX_FROM_ONE

    def _learn(self, file: KeyFile, trust: Trust) -> bool:
        held = next(one for one in self._ring.held if one.generation.label == file.label)
        without, unheard = self._marks(file, trust)
        return self._ring.add([held._replace(without=without, unheard=unheard)])

    def _open(self, file: KeyFile) -> tuple[Generation, ...]:
        """Return the keys in a file that was made for this device; nothing when it does not open."""
        if file.name not in self._opened:
            try:
                self._opened[file.name] = open_key_file(file, self._store.workspace, self._ring.seal)
            except StatementError as error:
                quarantine(self._store, self._place.n, file.name.path, error.reason, file.body)
                self._opened[file.name] = ()
        return self._opened[file.name]

    def _look(self) -> list[KeyName]:
        """Return the place's key files that their devices signed; the others are kept aside, or looked at again."""
        listed = map(names.parse_key, self._transport.list(names.KEYS).files)
        known = pins(self._store)
        trust = read_trust(self._store)
        found = []
        for name in listed:
            if name is None or name in self._refused:
                continue
            public = trust.key(name.dev) or (known[name.dev].key if name.dev in known else "")
            if public and (name in self._files or self._read(name, bytes.fromhex(public))):
                found.append(name)
        return found

    def _read(self, name: KeyName, public: bytes) -> bool:
        data = b""
        try:
            data = self._transport.read(name.path, MAX_KEY_FILE)
            file = read_key_file(data, name, self._store.workspace)
            if not file.is_proven(public):
                raise StatementError("signature")
        except StatementError as error:
            if not error.late:
                self._refuse(name, error.reason, data)
            return False
        except TransportError as error:
            if error.code == "missing":
                return False
            if error.code not in ("irregular", "too-large"):
                raise
            self._refuse(name, error.code, b"")
            return False
        release(self._store, self._place.n, name.path)
        self._files[name] = file
        return True

    def _refuse(self, name: KeyName, reason: str, data: bytes) -> None:
        quarantine(self._store, self._place.n, name.path, reason, data)
        self._refused.add(name)

    def _acquaintance(self) -> dict[str, int]:
        """Return a number for each device whose ops are here: the smaller, the longer it has been known."""
        found: dict[str, int] = {}
        for stream in streams(self._store).values():
            if stream.seq and not stream.private:
                found[stream.dev] = min(stream.n, found.get(stream.dev, stream.n))
        return found


def shut_out_revoked(store: Store, ring: Keyring) -> None:
    """Make a new key where a device that was revoked holds the one that is written with; the next sync hands it out.

    The caller holds the home's sync lock. Raises StoreError: too-many-keys.
    """
    trust = read_trust(store)
    if not ring.shuts_out(trust.revocations):
        ring.rotate(trust.revocations, _members(trust))


def _parts(mark: str) -> tuple[str, str, str, int]:
    """Return whom a mark says to be out, and by which op: (device, author, its incarnation, number)."""
    dev, _, dot = mark.partition(":")
    by, inc, seq = dot.split(".")
    return dev, by, inc, int(seq)


def _is_heard(known: Mapping[tuple[str, str], Stream], mark: str) -> bool:
    """Return whether the op that a mark names is here."""
    _, by, inc, seq = _parts(mark)
    stream = known.get((by, inc))
    return stream is not None and stream.seq >= seq


def _members(trust: Trust) -> dict[str, str]:
    """Return the other devices that are trusted and said where to encrypt for them."""
    return {dev: seal for dev, seal in trust.seals.items() if dev != trust.own and trust.is_trusted(dev)}
