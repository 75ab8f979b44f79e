"""Text as terminal cells: made safe to show, measured, cut and padded so that columns line up to the cell.

Measuring follows Rich, which is what Textual lays out with. Terminals disagree with it, and with each other,
about joined emoji, variation selectors, skin tones and invisible characters; `clean` shows those in a form
that all agree about, and only cleaned text belongs on a line shared by several columns.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rich.cells import cell_len, get_character_cell_size

if TYPE_CHECKING:
    from collections.abc import Iterator

ELLIPSIS = "…"
REPLACEMENT = "�"
TAB = " " * 4

_JOINER = "\u200d"
_SELECTOR = "\ufe0f"
_BASE = "◌"  # what a mark without a letter sits on, so that it does not climb onto the neighbour's text
_MARKS = 6  # no script stacks more on one letter; a taller pile is drawn over the lines above

# Letters, digits and punctuation of common scripts: nothing in it joins, reorders, hides or recomposes.
_PLAIN = re.compile(
    "[ -~¡-¬®-ÿĀ-ʯΑ-ΡΣ-Ϊά-ώЀ-ҁ‐-‗‘-‧‰-⁞₠-₿←-⇿─-◿✁-✏✑-➿"
    "、-〩〰-〿ぁ-ゖァ-ヺー-ヿ㐀-䶿一-\u9fff가-힣！-｠￠-￦]*"
).fullmatch

_SPACES = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# They reorder what stands around them, so that a title could rewrite its neighbours: shown, never obeyed.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufff9\ufffa\ufffb")
_KEYCAP = "\u20e3"
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5\u034f" + _KEYCAP)


def clean(text: str) -> str:
    """Return one line that is safe to show: nothing in it moves the cursor, hides, reorders or changes width.

    Line breaks and tabs become a space, control characters their picture (␛), what reorders text a �. Joined
    emoji are shown by their first member. The stored text is never changed by it.
    """
    if _PLAIN(text):
        return text
    shown = "".join(_shown(_SPACES.sub(" ", text)))
    shown = unicodedata.normalize("NFC", shown)
    return _seat_marks(shown)


def clean_lines(text: str) -> list[str]:
    """Return a long text as lines that are safe to show, tabs at their stops; at least one line."""
    return [clean(line.expandtabs(len(TAB))) for line in text.splitlines()] or [""]


def _shown(text: str) -> Iterator[str]:
    """Yield what stands for each character of a text without line breaks."""
    emoji = False  # whether the last thing shown may be the first member of a joined emoji
    skip = False
    for index, char in enumerate(text):
        if skip:
            skip = False
        elif char == _JOINER:
            skip = emoji and unicodedata.category(text[index + 1 : index + 2] or " ") == "So"
        else:
            symbol, shown = _symbol(char)
            if shown:
                emoji = symbol
                yield shown


def _symbol(char: str) -> tuple[bool, str]:
    """Return whether a character is a symbol such as an emoji, and what is shown for it."""
    code = ord(char)
    category = unicodedata.category(char)
    if category == "Cc":
        return False, chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else REPLACEMENT
    if category == "Cs" or char in _REORDERING or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False, REPLACEMENT
    if category == "Zs":
        return False, char if code == 0x3000 else " "
    if category in {"Cf", "Cn", "Sk"}:
        hidden = code == 0xAD or not get_character_cell_size(char)
        return False, "" if hidden else char
    if category == "Mn" and _is_selector(code):
        return False, ""
    if char in _FILLERS:
        return False, ""
    return category == "So", char


def _is_selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or code in {0x180B, 0x180C, 0x180D, 0x180F}


def _seat_marks(text: str) -> str:
    """Return the text with a base under a leading mark and no pile of marks higher than letters need."""
    if text and get_character_cell_size(text[0]) == 0:
        text = _BASE + text
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if get_character_cell_size(char) == 0 else 0
        if marks <= _MARKS:
            kept.append(char)
    return "".join(kept) if len(kept) < len(text) else text


def cell_width(text: str) -> int:
    """Return how many cells the text takes when Textual draws it."""
    if text.isascii() and text.isprintable():
        return len(text)
    return cell_len(text)


def clusters(text: str) -> Iterator[str]:
    """Yield what a person sees as one character each: a letter with its marks, a joined emoji, a flag.

    Their widths add up to the width of the whole text.
    """
    start = index = 0
    size = len(text)
    flag = False  # whether the cluster so far is the first half of a flag
    while index < size:
        char = text[index]
        if index > start:
            second = flag and _is_flag_half(char)
            flag = flag and not second
            joins = second or char in (_JOINER, _SELECTOR) or get_character_cell_size(char) == 0
            if not joins:
                yield text[start:index]
                start = index
        if index == start:
            flag = _is_flag_half(char)
        index += 2 if char == _JOINER else 1
    if start < size:
        yield text[start:]


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def truncate(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """Return the text cut to at most `width` cells, never through a character; a cut shows an ellipsis."""
    if width <= 0:
        return ""
    if text.isascii() and text.isprintable():
        size = len(text)
        if size <= width:
            return text
    elif cell_len(text) <= width:
        return text
    room = width - cell_width(ellipsis)
    if room < 0:
        return truncate(ellipsis, width, "")
    return _head(text, room) + ellipsis


def _head(text: str, width: int) -> str:
    """Return as many leading clusters as fit `width` cells."""
    if text.isascii() and text.isprintable():
        return text[:width]
    taken = used = 0
    for cluster in clusters(text):
        used += cell_width(cluster)
        if used > width:
            break
        taken += len(cluster)
    return text[:taken]


def pad(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """Return the text in exactly `width` cells: cut if it is wider, filled with spaces if it is narrower."""
    text = truncate(text, width, ellipsis).rstrip(
        _JOINER
    )  # a joiner at the end would swallow the first space
    return text + " " * (width - cell_width(text))


_NO_START = frozenset("、。，．！？：；）】》」』〉”’…—·％,.!?:;)]}%")


def wrap(text: str, width: int, limit: int | None = None, *, indent: int = 0) -> list[str]:
    """Return a text folded to `width` cells: between words, or anywhere in Chinese; at least one line.

    The first line is shorter by the indent, where something else stands already. With a limit, the last line is
    cut with an ellipsis. No line begins with closing punctuation if the one before can spare its last character.
    """
    if width <= 0:
        return [""]
    lines: list[str] = []
    rest = text.strip()
    while rest:
        room = width if lines else width - indent
        if cell_width(rest) <= room:
            lines.append(rest)
            break
        if limit is not None and len(lines) == limit - 1:
            lines.append(truncate(rest, room))
            break
        size = _break_at(rest, room, may_be_empty=not lines and indent > 0)
        lines.append(rest[:size].rstrip())
        rest = rest[size:].lstrip()
    return lines or [""]


def _break_at(text: str, width: int, *, may_be_empty: bool) -> int:
    """Return where to break a text that is wider than `width`; 0 only where a line may stay empty."""
    fits = len(_head(text, max(width, 0)))
    if fits == 0:
        return 0 if may_be_empty else len(next(clusters(text)))
    if text[fits].isspace():
        return fits
    if _in_word(text[fits]) and _in_word(text[fits - 1]):
        start = fits
        while start > 0 and _in_word(text[start - 1]):
            start -= 1
        return start or (0 if may_be_empty else fits)
    if text[fits] in _NO_START:
        shorter = fits - len(list(clusters(text[:fits]))[-1])
        return shorter if shorter > 0 else fits
    return fits


def _in_word(char: str) -> bool:
    return not char.isspace() and get_character_cell_size(char) < 2
