"""Where an imported item came from, as a person reads it."""

from __future__ import annotations

_MARK = 6  # digits
_HEX = frozenset("0123456789abcdef")


def origin_words(source: str) -> str:
    """Return the key of a `source` field, without the marks that the next import compares with."""
    head, _space, marks = source.rpartition(" ")
    key = head.partition(":")[2]
    return head if key and len(marks) % _MARK == 0 and _HEX.issuperset(marks) else source
