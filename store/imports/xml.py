"""XML becomes a tree of plain elements, and nothing in it is carried out: no entities, no other files, no end of it.

A document type is refused outright: what a plan needs has none, and all that can be done to a reader of XML begins with
one. Namespaces are dropped, elements nobody asks for are never built.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from store.errors import StoreError
from store.imports.source import clean

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_DEPTH = 500
MAX_ELEMENTS = 3_000_000
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ROOTS = (b"<?xml", b"<project", b"<Project")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


def looks_like_xml(data: bytes) -> bool:
    """Return whether bytes begin as an XML file does, or as a plan in XML without a declaration."""
    return _head(data).startswith(_ROOTS)


def declared_encoding(data: bytes) -> str:
    """Return the encoding that an XML file is in, by its mark or what it says itself; UTF-8 if it says nothing."""
    for mark, name in zip(_MARKS, ("utf-8-sig", "utf-16", "utf-16"), strict=True):
        if data.startswith(mark):
            return name
    if data[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if data[1] == 0 else "utf-16-be"
    found = _DECLARED.match(_head(data))
    return found[1].decode("ascii") if found else "utf-8"


def _head(data: bytes) -> bytes:
    head = data[:600].replace(b"\0", b"")
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.lstrip()


def parse_xml(text: str, skipped: Collection[str] = ()) -> Element:
    """Return the root of a document; elements called as in `skipped` are left out with all that is in them.

    Raises StoreError: file-not-xml, file-has-doctype, file-too-long.
    """
    return _Reader(skipped).read(text)


class _Reader:
    def __init__(self, skipped: Collection[str]) -> None:
        self.skipped = skipped
        self.builder = TreeBuilder()
        self.depth = 0
        self.left_out = 0  # the depth at which something is skipped, 0 when nothing is
        self.elements = 0

    def read(self, text: str) -> Element:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.data
        parser.StartDoctypeDeclHandler = self.refuse
        try:
            parser.Parse(text, True)  # text, so that what the file says of its encoding no longer matters
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code) or str(error)
            raise StoreError("file-not-xml", line=error.lineno, column=error.offset + 1, why=why) from error
        except UnicodeEncodeError as error:
            raise StoreError("file-not-xml", line=1, column=error.start + 1, why="surrogate") from error
        return self.builder.close()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.left_out:
            return
        name = name.rpartition(" ")[2]
        if name in self.skipped:
            self.left_out = self.depth
            return
        self.elements += 1
        if self.elements > MAX_ELEMENTS or self.depth > MAX_DEPTH:
            raise StoreError("file-too-long", limit=MAX_ELEMENTS if self.depth <= MAX_DEPTH else MAX_DEPTH)
        self.builder.start(name, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        if not self.left_out:
            self.builder.end(name.rpartition(" ")[2])
        elif self.left_out == self.depth:
            self.left_out = 0
        self.depth -= 1

    def data(self, text: str) -> None:
        if not self.left_out:
            self.builder.data(text)

    def refuse(self, *_declared: object) -> None:
        raise StoreError("file-has-doctype")


def text_of(element: Element | None, name: str = "") -> str:
    """Return an element's text, or that of its child called `name`, without spaces around it; '' for none."""
    if element is None:
        return ""
    found = element.findtext(name, "") if name else element.text or ""
    return clean(found).strip()


def whole(text: str, otherwise: int = 0) -> int:
    """Return a whole number that a file writes, or `otherwise` where it is none."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else otherwise
