"""Which member or department a name of the file is, and the code a new one gets."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from store.imports.values import fold
from store.pinyin import initials

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from store.vocabulary import Term

_LONGEST_CODE = 4


def match_names(
    names: Iterable[str], terms: Sequence[Term], aliases: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Return the id of the term each name means, by title, English title, code or alias, whatever the case.

    `aliases` are what the file itself also calls a name. A name that two terms share equally is the first one's.
    """
    known: dict[str, str] = {}
    titles = [(name, term.id) for term in terms for name in (term.title, term.title_en)]
    others = [(name, term.id) for term in terms for name in (*term.aliases, term.code)]
    for name, ident in titles + others:
        if name:
            known.setdefault(fold(name), ident)
    found: dict[str, str] = {}
    for name in names:
        for candidate in (name, *aliases.get(name, ())):
            if fold(candidate) in known:
                found[name] = known[fold(candidate)]
                break
    return found


def make_code(name: str, taken: Collection[str]) -> str:
    """Return a code for a name that nobody has yet: initials (`ll` for 李雷, `em` for Eric Medlock), then a number."""
    plain = name.split("@", 1)[0] if "@" in name[1:] else name
    words = re.sub(r"[._\-+]+", " ", unicodedata.normalize("NFKC", plain))
    letters = re.sub(r"[^a-z]", "", initials(words))[:_LONGEST_CODE]
    if len(letters) < 2:
        latin = re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", words).casefold())
        letters = (latin[:2] or letters or "m").ljust(2, "x")
    code, number = letters, 2
    while code in taken:
        code, number = f"{letters}{number}", number + 1
    return code
