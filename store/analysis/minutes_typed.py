"""A span of time as people type it: 45, 45m, 1h30, 1.5h, 1:30, 半小时, 一个半小时, 三刻钟."""

from __future__ import annotations

import re
from unicodedata import normalize

MOST = 10_000  # minutes: what a field of them holds

_CHINESE = {"半": 0.5, "两": 2, **{digit: value for value, digit in enumerate("零一二三四五六七八九")}}
_ONE = "".join(_CHINESE)
_NUMBER = rf"\d{{1,6}}(?:[.,]\d{{1,4}})?|[{_ONE}]?十?[{_ONE}]?"
_HOUR = r"hours?|hrs?|h|个?小时|个?钟头"
_MINUTE = r"minutes?|mins?|min|m|分钟|分"
# Compiled when a span is first typed, and kept by `re`: Today begins without that.
_PATTERNS = (
    rf"(?P<m>{_NUMBER})(?:{_MINUTE})?",
    rf"(?P<h>{_NUMBER})(?:{_HOUR})(?:(?P<half>半)|(?P<m>{_NUMBER})(?:{_MINUTE})?)?",
    rf"(?P<h>{_NUMBER})个(?P<half>半)(?:小时|钟头)",
    rf"(?P<quarters>{_NUMBER})刻钟?",
    r"(?P<h>\d{1,3}):(?P<m>[0-5]\d)",
)
_SAID = {"halfanhour": 30, "halfhour": 30, "aquarter": 15, "anhour": 60}


def parse_minutes(text: str) -> int | None:
    """Return the whole minutes that a text means, at least one; None for what is no span, none at all or too long."""
    tidy = "".join(normalize("NFKC", text).casefold().split())
    if tidy in _SAID:
        return _SAID[tidy]
    for pattern in _PATTERNS:
        found = re.fullmatch(pattern, tidy)
        if found is None:
            continue
        parts = found.groupdict()
        if parts.get("m") == "半":  # half of what?
            return None
        hours = _number(parts.get("h") or "0") + (0.5 if parts.get("half") else 0)
        minutes = _number(parts.get("m") or "0") + 15 * _number(parts.get("quarters") or "0")
        total = int(hours * 60 + minutes + 0.5)
        return total if 0 < total <= MOST else None
    return None


def timed_line(text: str) -> tuple[str, int | None]:
    """Return a line without the span its last word means, and that span; a bare number is one of its words."""
    line = " ".join(text.split())
    title, _space, last = line.rpartition(" ")
    minutes = None if last.isdecimal() else parse_minutes(last)
    return (title, minutes) if title and minutes is not None else (line, None)


def _number(text: str) -> float:
    """Return a number in digits, or in Chinese up to ninety-nine and a half."""
    if text[:1].isdigit():
        return float(text.replace(",", "."))
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return float(_CHINESE.get(text, 0)) if len(text) == 1 else 0.0
    return (_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[ones] if ones else 0)
