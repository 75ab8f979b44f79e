"""Fractional positions: a key between any two keys, so that one card moves by one write.

The scheme is D. Greenspan's "Implementing Fractional Indexing" (Observable, 2020): a key is an integer part, whose
first letter tells its length, and a fraction in base 62. Appending or prepending n cards costs O(log n) characters.
A random tail (jitter) makes it unlikely that two replicas choose the same key for the same gap; equal keys are ordered
by id. Keys compare as plain strings, byte by byte.
"""

from __future__ import annotations

import os

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUE = {digit: value for value, digit in enumerate(DIGITS)}
_FIRST = "a0"
_LOWEST_INTEGER = "A" + "0" * 26
JITTER = 3  # characters: about 238,000 choices for a gap


def is_rank(text: object) -> bool:
    """Return whether `text` is a key this module can compare and divide: what peers send is checked with it."""
    if not isinstance(text, str) or not 2 <= len(text) <= 400 or not text.isascii() or not text.isalnum():
        return False
    length = _integer_length(text[0])
    return (
        length is not None
        and len(text) >= length
        and not text[length:].endswith("0")
        and text != _LOWEST_INTEGER
    )


def between(low: str | None, high: str | None, jitter: str | None = None) -> str:
    """Return a key after `low` and before `high`; None means the open end on that side.

    `jitter` is the random tail, drawn when not given. Raises ValueError when `low` is not below `high`.
    """
    tail = _jitter() if jitter is None else jitter
    if low is not None and high is not None and low >= high:
        raise ValueError(f"no key lies between {low!r} and {high!r}")
    key = _between(low, high)
    if tail:
        # A longer key still sorts after its own prefix and before anything the prefix sorts before, unless `high`
        # itself starts with the key: then the bare key is kept.
        longer = key + tail
        if (high is None or longer < high) and not longer.endswith("0"):
            return longer
    return key


def spread(count: int, low: str | None = None, high: str | None = None) -> list[str]:
    """Return `count` ascending keys between two keys: what a bulk move or an import needs."""
    if count <= 0:
        return []
    if high is None:
        keys = []
        for _ in range(count):
            low = between(low, None)
            keys.append(low)
        return keys
    if low is None:
        keys = []
        for _ in range(count):
            high = between(None, high)
            keys.append(high)
        return keys[::-1]
    middle = between(low, high)
    left = (count - 1) // 2
    return [*spread(left, low, middle), middle, *spread(count - 1 - left, middle, high)]


def _jitter() -> str:
    number = int.from_bytes(os.urandom(4), "big")
    letters = []
    for _ in range(JITTER):
        number, rest = divmod(number, 62)
        letters.append(DIGITS[rest])
    if letters[-1] == "0":
        letters[-1] = "1"  # a fraction never ends in zero: nothing could be put before it
    return "".join(letters)


def _integer_length(head: str) -> int | None:
    if "a" <= head <= "z":
        return ord(head) - ord("a") + 2
    if "A" <= head <= "Z":
        return ord("Z") - ord(head) + 2
    return None


def _split(key: str) -> tuple[str, str]:
    length = _integer_length(key[0])
    if length is None or len(key) < length:
        raise ValueError(f"{key!r} is not a position")
    return key[:length], key[length:]


def _between(low: str | None, high: str | None) -> str:
    if low is None:
        if high is None:
            return _FIRST
        integer, fraction = _split(high)
        if integer == _LOWEST_INTEGER:
            return integer + _midpoint("", fraction)
        if integer < high:
            return integer
        return _decrement(integer) or integer + _midpoint("", fraction)
    integer, fraction = _split(low)
    if high is None:
        return _increment(integer) or integer + _midpoint(fraction, None)
    high_integer, high_fraction = _split(high)
    if integer == high_integer:
        return integer + _midpoint(fraction, high_fraction)
    following = _increment(integer)
    if following is not None and following < high:
        return following
    return integer + _midpoint(fraction, None)


def _midpoint(low: str, high: str | None) -> str:
    """Return a fraction strictly between two fractions; `high` None means one."""
    if high is not None:
        same = 0
        while same < len(high) and (low[same] if same < len(low) else "0") == high[same]:
            same += 1
        if same:
            return high[:same] + _midpoint(low[same:], high[same:])
    first = _VALUE[low[0]] if low else 0
    last = _VALUE[high[0]] if high else len(DIGITS)
    if last - first > 1:
        return DIGITS[(first + last + 1) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return DIGITS[first] + _midpoint(low[1:], None)


def _increment(integer: str) -> str | None:
    head, digits = integer[0], list(integer[1:])
    for place in range(len(digits) - 1, -1, -1):
        value = _VALUE[digits[place]] + 1
        if value < len(DIGITS):
            digits[place] = DIGITS[value]
            return head + "".join(digits)
        digits[place] = "0"
    if head == "Z":
        return "a0"
    if head == "z":
        return None
    following = chr(ord(head) + 1)
    length = _integer_length(following) or 0
    return following + "0" * (length - 1)


def _decrement(integer: str) -> str | None:
    head, digits = integer[0], list(integer[1:])
    for place in range(len(digits) - 1, -1, -1):
        value = _VALUE[digits[place]] - 1
        if value >= 0:
            digits[place] = DIGITS[value]
            return head + "".join(digits)
        digits[place] = "z"
    if head == "a":
        return "Zz"
    if head == "A":
        return None
    preceding = chr(ord(head) - 1)
    length = _integer_length(preceding) or 0
    return preceding + "z" * (length - 1)
