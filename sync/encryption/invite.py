"""The invitation code: one word that lets a teammate in, and proves to them whom they are joining.

It holds the workspace's id, its first device with that device's public key, and every key the workspace was ever
encrypted with. So whoever has the code can read everything, and nothing in the share can pretend to be the workspace.

    "sb" base32(version ‖ count ‖ workspace ‖ root ‖ root's key ‖ count × (number ‖ secret) ‖ check)

The number's highest bit marks a key that serves to read only.

Codes are pasted from chats, mails and paper, so reading one forgives whatever does not carry meaning.
"""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

from store.errors import StoreError
from store.ops import ALPHABET
from sync.encryption.agekeys import SECRET, AgeKey
from sync.encryption.generations import Generation
from sync.names import is_device, is_workspace

PREFIX = "sb"
VERSION = 1
PUBLIC = 32

_CHECK = 5
_READ_ONLY = 1 << 15
_DOMAIN = b"sameboat invite\n"
# What people and fonts take for another letter: the alphabet has no i, l or o.
_ALIKE = str.maketrans("ilo", "110")
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_READ_AT_MOST = 64 * 1024


class Invite(NamedTuple):
    """What an invitation says. Without generations the workspace is not encrypted.

    `readable` are keys that the inviter reads with and does not write with, since nobody vouches for them.
    """

    workspace: str
    root: str
    root_key: bytes
    generations: tuple[Generation, ...] = ()
    readable: tuple[Generation, ...] = ()


def write_invite(invite: Invite) -> str:
    """Return an invitation as its code: letters and digits, which a double click selects."""
    payload = bytes((VERSION, len(invite.generations) + len(invite.readable)))
    payload += _pack(invite.workspace) + _pack(invite.root) + invite.root_key
    for mark, generations in ((0, invite.generations), (_READ_ONLY, invite.readable)):
        for generation in generations:
            payload += (mark | generation.number).to_bytes(2, "big") + generation.key.secret
    return PREFIX + _letters(payload + _check(payload))


def read_invite(text: str) -> Invite:
    """Return what a code says, however it was typed, wrapped or decorated on its way.

    Raises StoreError: invite-damaged, invite-short (found, expected; letters), invite-newer.
    """
    letters = _significant(text)
    if letters is None:
        raise StoreError("invite-damaged")
    data = _bytes(letters)
    payload, check = data[:-_CHECK], data[-_CHECK:]
    if len(payload) < 2:
        raise StoreError("invite-damaged")
    if _check(payload) != check or _letters(data) != letters:
        expected = _expected(data) if data[0] == VERSION else 0
        if len(letters) < expected:
            raise StoreError(
                "invite-short", found=len(PREFIX) + len(letters), expected=len(PREFIX) + expected
            )
        raise StoreError("invite-damaged")
    if payload[0] != VERSION:
        raise StoreError("invite-newer")
    try:
        return _read(payload)
    except ValueError:
        raise StoreError("invite-damaged") from None


def _read(payload: bytes) -> Invite:
    rest = BytesIO(payload[2:])
    workspace, root = _unpack(rest), _unpack(rest)
    root_key = _take(rest, PUBLIC)
    generations: list[Generation] = []
    readable: list[Generation] = []
    for _ in range(payload[1]):
        number = int.from_bytes(_take(rest, 2), "big")
        found = Generation(number & ~_READ_ONLY, AgeKey(_take(rest, SECRET)))
        (readable if number & _READ_ONLY else generations).append(found)
    numbered = all(found.number for found in (*generations, *readable))
    if not (numbered and is_workspace(workspace) and is_device(root)) or rest.read():
        raise ValueError("not an invitation")
    return Invite(workspace, root, root_key, tuple(generations), tuple(readable))


def _significant(text: str) -> str | None:
    """Return the letters that carry meaning, without the prefix, or None where there is too much or a stray one."""
    if len(text) > _READ_AT_MOST:
        return None
    plain = unicodedata.normalize("NFKC", text).lower()  # an input method may type full-width letters
    letters = "".join(c for c in plain if c.isascii() and c.isalnum()).translate(_ALIKE)
    letters = letters.removeprefix(PREFIX)
    return letters if letters and all(c in _VALUES for c in letters) else None


def _expected(data: bytes) -> int:
    """Return how many letters a code that begins like this has, 0 where that cannot be told."""
    rest = BytesIO(data[2:])
    try:
        ids = len(_pack(_unpack(rest))) + len(_pack(_unpack(rest)))
    except ValueError:
        return 0
    return _count(2 + ids + PUBLIC + data[1] * (2 + SECRET) + _CHECK)


def _check(payload: bytes) -> bytes:
    return sha256(_DOMAIN + payload).digest()[:_CHECK]


def _count(size: int) -> int:
    """Return how many letters so many bytes make."""
    return -(-size * 8 // 5)


def _size(count: int) -> int:
    """Return how many bytes hold so many letters."""
    return -(-count * 5 // 8)


def _letters(data: bytes) -> str:
    count = _count(len(data))
    number = int.from_bytes(data, "big") << (count * 5 - len(data) * 8)
    return "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(count)))


def _bytes(letters: str) -> bytes:
    number = 0
    for letter in letters:
        number = number << 5 | _VALUES[letter]
    size = len(letters) * 5 // 8
    return (number >> (len(letters) * 5 - size * 8)).to_bytes(size, "big")


def _pack(name: str) -> bytes:
    """Return an id as its length and its letters, five bits each."""
    number = 0
    for letter in name:
        number = number << 5 | _VALUES[letter]
    return bytes((len(name),)) + number.to_bytes(_size(len(name)), "big")


def _unpack(rest: BytesIO) -> str:
    count = _take(rest, 1)[0]
    number = int.from_bytes(_take(rest, _size(count)), "big")
    if number >> 5 * count:
        raise ValueError("not an id")
    return "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(count)))


def _take(rest: BytesIO, size: int) -> bytes:
    found = rest.read(size)
    if len(found) != size:
        raise ValueError("cut off")
    return found
