"""The keys of an encrypted workspace, as this home holds them: which it reads with, and which one it writes with.

They are numbered by generation. Any of them may be needed to read, for what was once written stays as it is. To write,
only one will do that nobody holds who has been shut out since: each says whom it was made `without`. A key that came
from a teammate's key file is written with only if that teammate held the one used until then, so that a stranger who
can put files into the folder cannot make anyone encrypt to his key.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from store.errors import StoreError
from sync.encryption.agekeys import AgeKey, make_age_key
from sync.encryption.generations import MAX_HELD, MAX_NUMBER, Generation
from sync.trust.keys import MAX_SAVED, Keys, keys_path, load_keys, save_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MAX_UNHEARD = 4  # marks of a key about one device by ops that have not come

_SEAL = "seal"
_KEYS = "workspace_keys"


class Held(NamedTuple):
    """A workspace key with what this home knows of it.

    `writes` tells whether it may be written with; `without` are the revocations that had been heard of when it was
    made, as `sync.trust.standing` names them; `knew` are the devices that were members when it came here, who may be
    given it. `unheard` are more such revocations, by ops that have not come here: they may be made up, so the key does
    not count as made without those devices, but they are not given it either. `by` is the device whose file brought it
    to write with, "" where an invitation or this home did.
    """

    generation: Generation
    writes: bool
    without: frozenset[str] = frozenset()
    knew: frozenset[str] = frozenset()
    unheard: frozenset[str] = frozenset()
    by: str = ""


class Keyring:
    """The workspace keys of one home, kept in its keys file; every change is on the disk when the call returns.

    Whoever changes it holds the home's sync lock. Raises StoreError as `load_keys` and `save_keys` do.
    """

    def __init__(self, home: str) -> None:
        self._home = home
        self._read: object = None
        self._held: dict[str, Held] = {}
        self._seal: AgeKey | None = None
        self.refresh()

    def __repr__(self) -> str:
        return f"<Keyring {len(self._held)}>"

    def refresh(self) -> None:
        """Take in what another process has added; costs one look at the file when nothing was."""
        stamp = _stamp(self._home)
        if self._read is None or self._read != stamp:
            self._take(load_keys(self._home))
            # Taken before the file was read: a change in between is noticed at the next look.
            self._read = stamp

    @property
    def seal(self) -> AgeKey:
        """Return the key to which teammates encrypt for this device alone, made now where there is none."""
        if self._seal is None:
            keys = load_keys(self._home)
            if _SEAL not in keys.fields:
                # Not by chance: of a home that was copied before it had one, all copies are the same device.
                keys.fields[_SEAL] = keys.derive(_SEAL).hex()
                save_keys(self._home, keys)
            self._take(keys)
        assert self._seal is not None
        return self._seal

    @property
    def generations(self) -> tuple[Generation, ...]:
        """Return every key held, oldest first."""
        return tuple(held.generation for held in self.held)

    @property
    def held(self) -> tuple[Held, ...]:
        """Return every key held with what is known of it, oldest first."""
        return tuple(self._in_order())

    @property
    def labels(self) -> frozenset[str]:
        """Return the names of the keys held."""
        return frozenset(self._held)

    @property
    def writing(self) -> Held | None:
        """Return the key to write with: the newest of those fit for it, or None where there is none at all."""
        fit = [held for held in self._held.values() if held.writes]
        # Of two made at once, the one whose name sorts first: everybody who holds both writes with the same.
        return min(fit, key=lambda held: (-held.generation.number, held.generation.key.hash8), default=None)

    def key(self, label: str) -> AgeKey | None:
        """Return the key that a header names, or None where it is not here."""
        held = self._held.get(label)
        return None if held is None else held.generation.key

    def shuts_out(self, revocations: Mapping[str, frozenset[str]]) -> bool:
        """Return whether none of these devices was given the key that is written with."""
        return self.writing is not None and was_made_without(revocations, self.writing.without)

    def start(self) -> None:
        """Begin with one new key, for a workspace made just now."""
        self._keep([Held(Generation(1, make_age_key()), writes=True)])

    def enter(self, generations: Iterable[Generation], readable: Iterable[Generation] = ()) -> None:
        """Begin with the keys of an invitation, for a workspace joined just now."""
        self._keep([])
        self.accept(generations, readable)

    def accept(self, generations: Iterable[Generation], readable: Iterable[Generation] = ()) -> bool:
        """Add the keys of an invitation that a person typed in; returns whether that is news."""
        to_write = [Held(generation, writes=True) for generation in generations]
        return self.add([*to_write, *(Held(generation, writes=False) for generation in readable)])

    def add(self, found: Iterable[Held], *, room: int = MAX_HELD) -> bool:
        """Add keys, and what is new about those known; returns whether that is news.

        New ones are left out once the ring holds `room`, and everything once the file would be as full: nobody's flood
        keeps others' keys from being taken, nor a new one from being made here.
        """
        held = dict(self._held)
        for one in found:
            label = one.generation.label
            known = held.get(label)
            if known is not None:
                one = known._replace(
                    writes=known.writes or one.writes,
                    without=known.without | one.without,
                    unheard=_few(known.unheard, one.unheard - known.without),
                    by=known.by or one.by,
                )
            elif len(held) >= room:
                continue
            else:
                one = one._replace(unheard=_few(frozenset(), one.unheard))
            held[label] = one
        if held == self._held:
            return False
        try:
            self._keep(held.values(), MAX_SAVED * 3 // 4 * room // MAX_HELD)
        except StoreError as error:
            if error.code != "too-many-keys":
                raise
            return False
        return True

    def doubt(self, is_heard: Callable[[str], bool]) -> None:
        """Believe no more of whom keys were made without than what the ops that are here bear out."""
        doubted = []
        for one in self._held.values():
            late = frozenset(mark for mark in one.without if not is_heard(mark))
            if late:
                one = one._replace(without=one.without - late, unheard=_few(one.unheard, late))
            doubted.append(one)
        if doubted != list(self._held.values()):
            self._keep(doubted)

    def rotate(self, revocations: Mapping[str, frozenset[str]], members: Iterable[str]) -> Held:
        """Make a new key that none of the revoked devices is given, and return it; it is written with from now on.

        Raises StoreError: too-many-keys.
        """
        # Of those written with: a stranger's number must not use up all there are.
        number = 1 + (self.writing.generation.number if self.writing is not None else 0)
        if number > MAX_NUMBER or len(self._held) >= MAX_HELD:
            raise StoreError("too-many-keys")
        without: frozenset[str] = frozenset().union(*revocations.values())
        made = Held(Generation(number, make_age_key()), writes=True, without=without, knew=frozenset(members))
        self._keep([*self._held.values(), made])
        return made

    def _in_order(self) -> list[Held]:
        return sorted(
            self._held.values(), key=lambda held: (held.generation.number, held.generation.key.hash8)
        )

    def _keep(self, held: Iterable[Held], most: int = MAX_SAVED) -> None:
        keys = load_keys(self._home)
        keys.fields[_KEYS] = [_fields(one) for one in held]
        save_keys(self._home, keys, most)
        self._take(keys)

    def _take(self, keys: Keys) -> None:
        self._read = _stamp(self._home)
        try:
            rows = keys.fields.get(_KEYS, [])
            found = [_held(row) for row in rows] if isinstance(rows, list) else []
            self._held = {one.generation.label: one for one in found}
            seal = keys.fields.get(_SEAL)
            self._seal = None if seal is None else AgeKey(bytes.fromhex(str(seal)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # What is in there is secret: the message must not repeat any of it.
            raise StoreError("bad-keys", path=keys_path(self._home), why="header") from error


def was_made_without(revocations: Mapping[str, frozenset[str]], without: frozenset[str]) -> bool:
    """Return whether a key that was made `without` was never given to a device that is revoked now.

    Every device must be out by an op that had been heard of then: one that was taken back in between, and was given the
    key with that, is out by another.
    """
    return all(marks & without for marks in revocations.values())


def _few(known: frozenset[str], more: frozenset[str]) -> frozenset[str]:
    """Return marks by ops that have not come, a few for each device: one is enough to keep a key from it."""
    left: dict[str, int] = {}
    kept = set()
    for mark in [*sorted(known), *sorted(more - known)]:
        dev = mark.partition(":")[0]
        left[dev] = left.get(dev, MAX_UNHEARD) - 1
        if left[dev] >= 0:
            kept.add(mark)
    return frozenset(kept)


def _fields(held: Held) -> dict[str, object]:
    return {
        "generation": held.generation.number,
        "secret": held.generation.key.secret.hex(),
        "writes": held.writes,
        "without": sorted(held.without),
        "knew": sorted(held.knew),
        "unheard": sorted(held.unheard),
        "by": held.by,
    }


def _held(row: dict[str, object]) -> Held:
    number = row["generation"]
    without, knew, unheard = (_texts(row.get(name, [])) for name in ("without", "knew", "unheard"))
    if type(number) is not int:
        raise TypeError("not a key")
    key = AgeKey(bytes.fromhex(str(row["secret"])))
    return Held(
        Generation(number, key), row["writes"] is True, without, knew, unheard, str(row.get("by", ""))
    )


def _texts(found: object) -> frozenset[str]:
    if not isinstance(found, list):
        raise TypeError("not a key")
    return frozenset(found)


def _stamp(home: str) -> object:
    """Return what changes whenever the keys file is replaced, None where there is none."""
    try:
        found = os.stat(keys_path(home))
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
