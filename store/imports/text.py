"""Bytes become text: which encoding a file is in, told from its bytes alone.

The order is: byte order mark, UTF-8, UTF-16 without a mark, UTF-8 with a few damaged bytes, GB18030 (what Chinese Excel
and ZenTao write), and only then a statistical guess.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from store.errors import StoreError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_SAMPLE = 64 * 1024
# What is surely not a table or JSON.
_BINARY = (
    (b"PK\x03\x04", "xlsx"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"<?xml", "xml"),
    (b"<!DOCTYPE", "html"),
    (b"<html", "html"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\x1f\x8b", "gzip"),
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


class Text(NamedTuple):
    """Decoded text and the name of the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes, encoding: str | None = None) -> Text:
    """Return the text of a file; an encoding that is named is used without guessing.

    Bytes that do not fit show as U+FFFD. Raises StoreError for what is not text.
    """
    if encoding is not None:
        return _named(data, encoding)
    for magic, kind in _BINARY:
        if data.startswith(magic):
            raise StoreError("file-not-text", kind=kind)
    for mark, name in _MARKS:
        if data.startswith(mark):
            text = data.decode(name, "replace")
            return Text(text.removeprefix("\ufeff"), name)
    wide = _wide(data)
    if wide:
        return Text(data.decode(wide, "replace"), wide)
    if _is_binary(data):
        raise StoreError("file-not-text", kind="binary")
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data)


def _named(data: bytes, encoding: str) -> Text:
    try:
        name = codecs.lookup(encoding).name
        text = data.decode(name, "replace")
    except (LookupError, ValueError, UnicodeError) as error:
        raise StoreError("unknown-encoding", encoding=encoding) from error
    if not isinstance(text, str):  # rot13 and its like are codecs too
        raise StoreError("unknown-encoding", encoding=encoding)
    return Text(text.removeprefix("\ufeff"), name)


def _not_utf8(data: bytes) -> Text:
    damaged = data.decode("utf-8", "replace")
    bad = damaged.count("\ufffd")
    good = sum(1 for letter in damaged if letter > "\x7f") - bad
    if good >= 8 * bad:
        return Text(damaged, "utf-8")
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return _guess(data)
    return Text(text, "gb18030") if _reads_chinese(text) else _guess(data, fallback=text)


def _wide(data: bytes) -> str:
    """Return the UTF-16 byte order of a file without a mark: its commas and line ends leave one byte in two empty."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or max(even, odd) * 50 < len(sample):
        return ""
    name = "utf-16-le" if even * 4 < odd else "utf-16-be" if odd * 4 < even else ""
    if name and not any(mark in sample.decode(name, "replace") for mark in "\n,\t;"):
        return ""  # a narrow file with a stray NUL
    return name


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) // 20


def _reads_chinese(text: str) -> bool:
    """Return whether most letters beyond ASCII are of GB2312, as in nearly all Chinese writing.

    A Latin-1 file read as GB18030 pairs an accented letter with an ASCII one, which gives rare characters instead.
    """
    letters = "".join(letter for letter in text[: 8 * _SAMPLE] if letter > "\x7f")
    return len(letters.encode("gb2312", "ignore")) >= len(letters)


def _guess(data: bytes, fallback: str = "") -> Text:
    from charset_normalizer import from_bytes

    found = from_bytes(data[: 4 * _SAMPLE]).best()
    if found is None:
        if fallback:
            return Text(fallback, "gb18030")
        return Text(data.decode("cp1252", "replace"), "cp1252")
    return Text(data.decode(found.encoding, "replace").removeprefix("\ufeff"), found.encoding)
