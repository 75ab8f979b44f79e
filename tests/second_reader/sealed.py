"""Encrypted files (FORMAT 7.3 to 7.5): invitations, key files, and what lies inside a sealed segment or snapshot."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import pyrage

from tests.second_reader.segments import RefusedError, half_there
from tests.second_reader.signed import LINE_LIMIT, MalformedError, is_signed, major, parse

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
LABEL = re.compile(r"age:([1-9][0-9]{0,4}):([0-9a-f]{8})")
AGE_HEADER_LIMIT = 1152
KEY_FILE_LIMIT = 1024 * 1024

Keys = dict[str, bytes]  # the 32 bytes of each key, by its label


@dataclass(frozen=True)
class Invitation:
    """What an invitation holds; `keys` are the workspace's by their labels."""

    workspace: str
    root: str
    root_key: str
    keys: Keys


def bech32(prefix: str, data: bytes) -> str:
    """`data` as BIP 173 spells it."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    head = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = 1
    for value in [*head, *values, *[0] * 6]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            if top >> bit & 1:
                check ^= generator
    check ^= 1
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(BECH32[value] for value in values)


def identity(secret: bytes) -> Any:
    """The age key whose 32 bytes are given."""
    return pyrage.x25519.Identity.from_str(bech32("age-secret-key-", secret).upper())


def label(generation: int, secret: bytes) -> str:
    """What headers call a workspace key."""
    recipient = str(identity(secret).to_public())
    return f"age:{generation}:{hashlib.sha256(recipient.encode()).hexdigest()[:8]}"


def read_invitation(code: str) -> Invitation:
    """What the word says, or `MalformedError`."""
    word = code.lower().replace("i", "1").replace("l", "1").replace("o", "0")
    if not word.startswith("sb"):
        raise MalformedError("no invitation")
    bits = "".join(f"{ALPHABET.index(letter):05b}" for letter in word[2:])
    data = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))
    data, check = data[:-5], data[-5:]
    if hashlib.sha256(b"sameboat invite\n" + data).digest()[:5] != check or data[0] != 1:
        raise MalformedError("check or version")
    count, at = data[1], 2
    names = []
    for _ in range(2):
        length = data[at]
        size = (length * 5 + 7) // 8
        number = int.from_bytes(data[at + 1 : at + 1 + size], "big")
        names.append("".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length))))
        at += 1 + size
    root_key, at = data[at : at + 32].hex(), at + 32
    keys = {}
    for _ in range(count):
        generation = int.from_bytes(data[at : at + 2], "big") & 0x7FFF
        secret = data[at + 2 : at + 34]
        keys[label(generation, secret)] = secret
        at += 34
    if at != len(data):
        raise MalformedError("length")
    return Invitation(names[0], names[1], root_key, keys)


def unseal(data: bytes, hash16: str, domain: str, expected: dict[str, Any], key: str, keys: Keys) -> bytes:
    """The plain file inside an encrypted one that `key` signed in `domain`, by rules 2 to 7, or `RefusedError`.

    `expected` is what its header must repeat of where it lies.
    """
    if not hashlib.sha256(data).hexdigest().startswith(hash16):
        raise half_there(data)
    header, body = _take_apart(data)
    enc = header.get("enc")
    if enc == "" or not isinstance(enc, str):
        raise RefusedError("wrong", "not encrypted")
    if not enc.startswith("age:"):
        raise RefusedError("newer", f"encryption {enc}")
    if not LABEL.fullmatch(enc):
        raise RefusedError("wrong", "enc")
    if any(header.get(name) != value for name, value in expected.items()):
        raise RefusedError("wrong", "it belongs elsewhere")
    if not is_signed(header, domain, key):
        raise RefusedError("wrong", "signature")
    if enc not in keys:
        raise RefusedError("waiting", "no key")
    return _decrypt(body, keys[enc], AGE_HEADER_LIMIT)


def read_key_file(
    data: bytes, name: tuple[str, int, str], workspace: str, device: str, key: str, seal: bytes
) -> Keys:
    """The keys that a key file holds for `device`, whose secret is `seal`; none where it is for others.

    `name` is (dev, gen, hash8) as in the file's name, `key` the public key of the device that hands the keys on.
    """
    if len(data) > KEY_FILE_LIMIT or not hashlib.sha256(data).hexdigest().startswith(name[2]):
        raise RefusedError("waiting", "not whole")
    header, body = _take_apart(data)
    known = LABEL.fullmatch(str(header.get("key")))
    if (header.get("ws"), header.get("dev")) != (workspace, name[0]) or not known or int(known[1]) != name[1]:
        raise RefusedError("wrong", "it belongs elsewhere")
    if not is_signed(header, "key file", key):
        raise RefusedError("wrong", "signature")
    to = header.get("to")
    if not isinstance(to, list) or to != sorted(to) or not isinstance(header.get("without"), list):
        raise RefusedError("wrong", "header")
    if device not in to:
        return {}
    inside = json.loads(_decrypt(body, seal, KEY_FILE_LIMIT))
    if any(inside[field] != header[field] for field in ("ws", "dev", "key")):
        raise RefusedError("wrong", "inside")
    found = {
        label(one["generation"], bytes.fromhex(one["secret"])): bytes.fromhex(one["secret"])
        for one in inside["keys"]
    }
    if header["key"] not in found:
        raise RefusedError("wrong", "the key it names is not inside")
    return found


def _take_apart(data: bytes) -> tuple[dict[str, Any], bytes]:
    line, end, body = data.partition(b"\n")
    if not end or len(line) + 1 > LINE_LIMIT:
        raise RefusedError("wrong", "no header")
    try:
        header = parse(line)
        if major(header) != 1:
            raise RefusedError("newer", f"format {header['format']}")
    except MalformedError as error:
        raise RefusedError("wrong", f"header: {error}") from None
    if header.get("size") != len(body) or header.get("sha256") != hashlib.sha256(body).hexdigest():
        raise RefusedError("wrong", "size or sha256")
    return header, body


def _decrypt(body: bytes, secret: bytes, limit: int) -> bytes:
    if not 0 <= body.find(b"\n---") < limit:
        raise RefusedError("wrong", "the header of the age file")
    try:
        return bytes(pyrage.decrypt(body, [identity(secret)]))
    except pyrage.DecryptError as error:
        raise RefusedError("wrong", f"sealed: {error}") from None
