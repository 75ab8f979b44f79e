"""The words a person reads, in their language: `_`, `ngettext`, and the language, changeable at any time.

Catalogs are ordinary gettext files, but only what is asked for is read: a `.mo` is sorted, so one sentence
costs ten comparisons, where the standard library's reader parses every entry first, and `sameboat add` says
one sentence.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Each language: its name in itself, and which plural form a count takes.
LANGUAGES: dict[str, str] = {"en": "English", "zh_CN": "简体中文"}
_PLURALS: dict[str, Callable[[int], int]] = {"en": lambda n: int(n != 1), "zh_CN": lambda _n: 0}
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_LOCALE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
_EMPTY = b"\xde\x12\x04\x95" + b"\0" * 24


class Catalog:
    """The messages of one compiled catalog, looked up where they lie in the file."""

    __slots__ = ("_count", "_data", "_ids", "_texts")

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"\xde\x12\x04\x95":
            raise ValueError("not a little-endian gettext catalog")
        self._data = data
        self._count = self._word(8)
        self._ids = self._word(12)
        self._texts = self._word(16)

    def _word(self, at: int) -> int:
        return int.from_bytes(self._data[at : at + 4], "little")

    def _bytes(self, table: int, index: int) -> bytes:
        start = self._word(table + 8 * index + 4)
        return self._data[start : start + self._word(table + 8 * index)]

    def find(self, message: str) -> list[str]:
        """Return the forms of a message's translation, one for each plural; empty when it has none."""
        wanted = message.encode("utf-8", "surrogatepass")
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            found = self._bytes(self._ids, middle).partition(b"\0")[0]
            if found == wanted:
                return self._bytes(self._texts, middle).decode("utf-8").split("\0")
            if found < wanted:
                low = middle + 1
            else:
                high = middle
        return []


_language = ""
_catalog: Catalog | None = None
_seen: dict[str, list[str]] = {}
_others: dict[str, Catalog] = {}  # of languages that are not in use, for what is found by its name in any


def N_(message: str) -> str:
    """Mark a message for translation where no language is chosen yet; `_` translates it where it is shown."""
    return message


def _(message: str) -> str:
    """Return the message in the language of this moment, itself when the catalog has no such message."""
    forms = _forms(message)
    return forms[0] if forms else message


def in_language(name: str, message: str) -> str:
    """Return the message in one language, whichever is in use."""
    if name == language():
        return _(message)
    if name not in _others:
        _others[name] = _read(name)
    forms = _others[name].find(message)
    return forms[0] if forms else message


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a counted message that fits the count; the caller fills in `{count}`."""
    forms = _forms(singular)
    form = _PLURALS[language()](count)
    if form < len(forms):
        return forms[form]
    return singular if count == 1 else plural


def listed(words: Iterable[str]) -> str:
    """Return words one after the other, with the sign between them that the language in use has for that."""
    return ("、" if language() == "zh_CN" else ", ").join(words)


def language() -> str:
    """Return the language in use, a key of `LANGUAGES`; it is detected when nobody has chosen one."""
    return _language or set_language("")


def set_language(name: str) -> str:
    """Speak this language from now on, or the detected one when the name is empty; returns the one in use."""
    global _catalog, _language
    chosen = match(name) or detect()
    if chosen != _language:
        _language, _catalog = chosen, None
        _seen.clear()
    return chosen


def match(name: str) -> str:
    """Return the language a locale name asks for: `zh_CN` for any Chinese, "" for no name, else English."""
    name = name.strip().lower()
    if not name:
        return ""
    return "zh_CN" if name.startswith(("zh", "chinese", "中文", "简体")) else "en"


def detect(configured: str = "", environ: Mapping[str, str] | None = None) -> str:
    """Return the language to start with: `SAMEBOAT_LANG`, then the configured one, then the locale's."""
    environ = os.environ if environ is None else environ
    asked = match(environ.get("SAMEBOAT_LANG", "")) or match(configured)
    for variable in _VARIABLES:
        asked = asked or match(environ.get(variable, ""))
    if not asked and sys.platform == "win32":
        import locale

        asked = match(locale.getlocale()[0] or "")
    return asked or "en"


def _forms(message: str) -> list[str]:
    known = _seen.get(message)
    if known is None:
        known = _seen[message] = _open().find(message) if message else []
    return known


def _open() -> Catalog:
    global _catalog
    if _catalog is None:
        _catalog = _read(language())
    return _catalog


def _read(name: str) -> Catalog:
    try:
        with open(os.path.join(_LOCALE, name, "LC_MESSAGES", "sameboat.mo"), "rb") as file:
            return Catalog(file.read())
    except OSError:  # an installation that lost its catalogs still speaks, in the messages' own English
        return Catalog(_EMPTY)
