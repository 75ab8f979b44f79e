"""Objects with a signature: strict JSON, the one way of writing it, and Ed25519 over that (FORMAT 2.1)."""

import base64
import binascii
import json
import re
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LINE_LIMIT = 16_384  # a header, a head, an identity file: bytes with the line end
WHOLE = 2**53 - 1
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


class MalformedError(ValueError):
    """The bytes are not what the document allows; the message says what is amiss."""


def parse(line: bytes) -> dict[str, Any]:
    """The object of one signed line (without its line end), or `MalformedError`."""
    if len(line) + 1 > LINE_LIMIT:
        raise MalformedError("too long")
    try:
        value = json.loads(
            line.decode("ascii"),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_refused,
            parse_constant=_refused,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half of a surrogate pair has no bytes
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise MalformedError(f"not a strict JSON object: {error}") from None
    if not isinstance(value, dict):
        raise MalformedError("not an object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("a key comes twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > WHOLE:
        raise MalformedError("a number is too large")
    return int(digits)


def _refused(text: str) -> Any:
    raise MalformedError(f"a number is not whole: {text}")


def canonical(value: Any) -> str:
    """`value` written in the one way signatures are made over."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(part) for part in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(_escaped(character) for character in value) + '"'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _escaped(character: str) -> str:
    if character in ESCAPES:
        return ESCAPES[character]
    if " " <= character <= "~":
        return character
    code = ord(character)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def is_signed(value: dict[str, Any], domain: str, key: str) -> bool:
    """Whether `value["sig"]` is the signature of the hexadecimal public `key` over the rest of it in `domain`."""
    sig = value.get("sig")
    if not isinstance(sig, str) or not re.fullmatch(r"[A-Za-z0-9_-]{86}", sig):
        return False
    try:
        raw = base64.urlsafe_b64decode(sig + "==")
        if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != sig:
            return False
        rest = {name: part for name, part in value.items() if name != "sig"}
        message = f"sameboat {domain}\n{canonical(rest)}".encode("ascii")
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(raw, message)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def major(value: dict[str, Any]) -> int:
    """The major version in `format`, or `MalformedError`."""
    found = value.get("format")
    matched = VERSION.fullmatch(found) if isinstance(found, str) else None
    if not matched:
        raise MalformedError("no format")
    return int(matched.group(1))
