"""Keep the catalogs true to the code: `python -m tests.catalogs` extracts, merges and compiles them.

Messages no longer in the code are removed, new ones are added: in English as they are, elsewhere empty, and
named on stdout until somebody translates them. `--check` writes nothing and names the stale catalogs.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import generate_po, read_po

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("store", "sync", "tui")
LOCALE = ROOT / "tui" / "locale"
INITIALS = LOCALE / "zh_CN" / "initials.tsv"
LANGUAGES = ("en", "zh_CN")
SOURCE = "en"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}

Key = tuple[str, ...]


class PlainCatalog(Catalog):
    """A catalog whose header has no dates and no program version, so that only words make a difference."""

    def _headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Sameboat"),
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]

    mime_headers = property(_headers, Catalog._set_mime_headers)


def path(language: str, suffix: str) -> Path:
    """Return where the catalog of a language lies; suffix is `po` or `mo`."""
    return LOCALE / language / "LC_MESSAGES" / f"sameboat.{suffix}"


def key(message: Message) -> Key:
    """Return what identifies a message: its id, and its plural's when it has one."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def extract(rooms: Iterable[str] = ROOMS) -> dict[Key, set[str]]:
    """Return every message the code shows, with the files that show it; a file that does not parse raises."""
    found: dict[Key, set[str]] = {}
    for room in rooms:
        rows = extract_from_dir(
            ROOT / room, method_map=[("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True
        )
        for filename, _line, message, _comments, _context in rows:
            texts = (message,) if isinstance(message, str) else tuple(message)
            if texts[0]:
                found.setdefault(texts, set()).add(f"{room}/{filename}")
    return found


def read(language: str) -> dict[Key, Message]:
    """Return what the catalog of a language says now."""
    source = path(language, "po")
    if not source.exists():
        return {}
    with source.open("rb") as file:
        return {key(message): message for message in read_po(file, locale=language) if message.id}


def merge(language: str, wanted: Iterable[Key], known: dict[Key, Message]) -> Catalog:
    """Return the catalog that has each wanted message once, in order, with the translation known for it."""
    catalog = PlainCatalog(language, header_comment="# Sameboat, the words of the interface.", fuzzy=False)
    for texts in sorted(wanted):
        message = known.get(texts)
        forms: tuple[str, ...] = ()
        if message is not None and message.string:
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        if language == SOURCE and not any(forms):
            forms = texts
        if len(texts) == 1:
            identity: str | Key = texts[0]
            string: str | Key = forms[0] if forms else ""
        else:
            identity = texts
            string = tuple((forms + ("",) * catalog.num_plurals)[: catalog.num_plurals])
        comments = message.user_comments if message is not None else ()
        flags = {"fuzzy"} if message is not None and message.fuzzy else set()
        catalog.add(identity, string, flags=flags, user_comments=comments)
    return catalog


def missing(catalog: Iterable[Message]) -> list[str]:
    """Return the ids that have no finished translation: empty in some form, or marked fuzzy."""
    unfinished = []
    for message in catalog:
        if message.id:
            forms = [message.string] if isinstance(message.string, str) else list(message.string)
            if message.fuzzy or not all(forms):
                unfinished.append(key(message)[0])
    return unfinished


def render(catalog: Catalog) -> tuple[bytes, bytes]:
    """Return the catalog as the bytes of its `.po` and of its `.mo` file."""
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    return "".join(generate_po(catalog, width=0, include_lineno=False)).encode(), compiled.getvalue()


def stale() -> list[str]:
    """Return the catalog files that differ from what the code and the translations make of them."""
    wanted = extract()
    files = []
    for language in LANGUAGES:
        text, compiled = render(merge(language, wanted, read(language)))
        for suffix, content in (("po", text), ("mo", compiled)):
            target = path(language, suffix)
            if not target.exists() or target.read_bytes() != content:
                files.append(str(target.relative_to(ROOT)))
    if not INITIALS.exists() or INITIALS.read_bytes() != initials_of_actions(read("zh_CN")):
        files.append(str(INITIALS.relative_to(ROOT)))
    return files


def initials_of_actions(catalog: dict[Key, Message]) -> bytes:
    """Return the initials of the Chinese names of actions, made here: at run time they would cost 250 ms."""
    from store.pinyin import initials
    from tui.actions import ACTIONS

    names = {message.id: str(message.string) for message in catalog.values() if isinstance(message.id, str)}
    lines = [f"{action.id}\t{initials(names.get(action.label, ''))}\n" for action in ACTIONS.values()]
    return "".join(lines).encode()


def _replace(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.read_bytes() != content:
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        fresh.write_bytes(content)
        fresh.replace(target)


def main(arguments: list[str]) -> int:
    """Bring every catalog up to date, or with `--check` only say which are not; 1 when work is left."""
    if "--check" in arguments:
        files = stale()
        for name in files:
            print(f"{name} is stale: run python -m tests.catalogs")
        return 1 if files else 0
    wanted = extract()
    left = 0
    for language in LANGUAGES:
        # Read last, for translators edit while the code is being searched.
        catalog = merge(language, wanted, read(language))
        text, compiled = render(catalog)
        _replace(path(language, "po"), text)
        _replace(path(language, "mo"), compiled)
        for message in missing(catalog):
            left += 1
            print(f"{language}: no translation of {message!r}, shown in {', '.join(_shown(wanted, message))}")
    _replace(INITIALS, initials_of_actions(read("zh_CN")))
    return 1 if left else 0


def _shown(wanted: dict[Key, set[str]], message: str) -> list[str]:
    return sorted({name for texts, names in wanted.items() if texts[0] == message for name in names})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
