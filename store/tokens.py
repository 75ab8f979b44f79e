"""How text becomes index terms, so that a two-character Chinese word is found as fast as an English one.

SQLite's trigram tokenizer cannot find two characters and its word tokenizer takes a whole Chinese sentence for one
word. Here a run of CJK characters becomes overlapping pairs plus its last character alone: a pair is one lookup, a
longer word is a phrase of pairs, and one character is a prefix. (J.-Y. Nie et al., "On the use of words and n-grams
for Chinese information retrieval", IRAL 2000, finds pairs as good as segmented words.)
"""

from __future__ import annotations

from operator import add

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_INDEXED = 100_000  # characters of one entity that can be found

# From here on come scripts written without spaces between words: Han, kana, Hangul; signs among them are no letters.
_UNSPACED = "\u2e80"
# What mostly stands between Chinese words; no sign is indexed.
_SIGNS = "，。、；：？！（）“”《》"


def askable(text: str) -> str:
    """Return a text that the database can be asked for: half a surrogate pair, which nothing kept has, becomes `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def index_text(text: str) -> str:
    """Return `text` with every CJK run replaced by its pairs and last character, ready for SQLite's word tokenizer."""
    if text.isascii():
        return text[:MAX_INDEXED]
    text = text[:MAX_INDEXED]
    for sign in _SIGNS:
        text = text.replace(sign, " ")
    parts: list[str] = []
    for word in text.split():
        if word.isascii():
            parts.append(word)
        elif word.isalnum() and min(word) >= _UNSPACED:
            # The usual Chinese word needs no look at each character.
            parts += map(add, word, word[1:])
            parts.append(word[-1])
        else:
            for run, is_cjk in _runs(word):
                if is_cjk:
                    parts += map(add, run, run[1:])
                    run = run[-1]
                parts.append(run)
    return " ".join(parts)


def match_expression(word: str) -> str:
    """Return the FTS5 expression that finds `word`, or an empty string when nothing in it can be indexed.

    Latin words match as prefixes, so that results narrow while a person types.
    """
    parts = []
    for run, is_cjk in _runs(word):
        if not is_cjk:
            # SQLite's tokenizer splits at whatever is neither letter nor digit; so must the query.
            letters = "".join(letter if letter.isalnum() else " " for letter in run)
            parts += [f'"{piece}"*' for piece in letters.split()]
        elif len(run) == 1:
            parts.append(f'"{run}"*')
        else:
            pairs = " ".join(run[i : i + 2] for i in range(len(run) - 1))
            parts.append(f'"{pairs}"')
    return " AND ".join(parts)


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each wholly of CJK characters or wholly without.

    A loop, not a pattern: compiling a character class of this size takes 6 ms, which every `sameboat add` would pay.
    """
    start, inside = 0, False
    for index, letter in enumerate(text):
        is_cjk = letter >= _UNSPACED and letter.isalnum()
        if is_cjk != inside:
            if index > start:
                yield text[start:index], inside
            start, inside = index, is_cjk
    if start < len(text):
        yield text[start:], inside
