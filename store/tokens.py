"""How text becomes index terms, so that a two-character Chinese word is found as fast as an English one.

SQLite's trigram tokenizer cannot find two characters and its word tokenizer takes a whole Chinese sentence for one word.
Here a run of CJK characters becomes overlapping pairs plus its last character alone: a pair is one lookup, a longer
word is a phrase of pairs, and one character is a prefix. (J.-Y. Nie et al., "On the use of words and n-grams for
Chinese information retrieval", IRAL 2000, finds pairs as good as segmented words.)
"""

from __future__ import annotations

import re

# Han with extensions, kana, Hangul: scripts written without spaces between words.
_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(f"[{_CJK}]+")
_WORD = re.compile(f"[{_CJK}]+|[^\\W{_CJK}]+")
MAX_INDEXED = 100_000  # characters of one entity that can be found


def index_text(text: str) -> str:
    """Return `text` with every CJK run replaced by its pairs and last character, ready for SQLite's word tokenizer."""
    if text.isascii():
        return text[:MAX_INDEXED]
    return _RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} ", text[:MAX_INDEXED])


def match_expression(word: str) -> str:
    """Return the FTS5 expression that finds `word`, or an empty string when nothing in it can be indexed.

    Latin words match as prefixes, so that results narrow while a person types.
    """
    parts = []
    for found in _WORD.finditer(word):
        piece = found[0]
        if _RUN.match(piece):
            if len(piece) == 1:
                parts.append(f'"{piece}"*')
            else:
                pairs = " ".join(piece[i : i + 2] for i in range(len(piece) - 1))
                parts.append(f'"{pairs}"')
        else:
            parts.append(f'"{piece}"*')
    return " AND ".join(parts)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run))]
