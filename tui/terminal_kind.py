"""What the terminal can show: how many colours, and whether it has more than ASCII.

The rules for colours are those by which Rich, which draws for Textual, chooses what it sends: a terminal that is given
true colours and has sixteen gets whichever is nearest, and near is not readable.
"""

from __future__ import annotations

import codecs
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_MANY = frozenset({"256color", "direct", "truecolor", "kitty", "ghostty", "alacritty", "foot", "wezterm"})
_CONSOLES = frozenset(
    {"linux", "vt100", "vt102", "vt220", "ansi", "cons25", "dumb"}
)  # their font has ASCII and little more


class TerminalKind(NamedTuple):
    """What a terminal lacks; the one of now has everything unless it says otherwise."""

    few_colours: bool = False
    only_ascii: bool = False


CAPABLE = TerminalKind()


def terminal_kind(
    environ: Mapping[str, str] | None = None, encoding: str | None = None, platform: str = sys.platform
) -> TerminalKind:
    """Return what the terminal of a process lacks, by its environment and the encoding of what is written to it."""
    environ = os.environ if environ is None else environ
    if encoding is None:
        encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    return TerminalKind(_few_colours(environ, platform), _only_ascii(environ, encoding, platform))


def _few_colours(environ: Mapping[str, str], platform: str) -> bool:
    if platform == "win32" or environ.get("WT_SESSION"):
        return False  # every console that Textual runs in there has true colours
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return False
    term = environ.get("TERM", "").strip().lower()
    return not any(part in _MANY for part in term.replace("+", "-").split("-"))


def _only_ascii(environ: Mapping[str, str], encoding: str, platform: str) -> bool:
    if environ.get("TERM", "").strip().lower().partition("-")[0] in _CONSOLES:
        return True
    if platform == "win32":
        return False  # the library writes wide characters, whatever the code page
    asked = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if asked.partition(".")[0] in ("C", "POSIX") and "utf" not in asked.lower():
        return True
    return not _is_utf8(encoding)


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in ("utf-8", "utf-16", "utf-32")
    except LookupError:
        return False
