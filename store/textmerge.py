"""Two versions of a text and the one both came from, made into one: what a person is offered for a diverged long text.

Lines are merged first; where both sides changed the same lines, words are (in Chinese, characters). What remains is
a clash, of which both sides are kept: nothing that was typed is ever left out. The rule is diff3's (S. Khanna,
K. Kunal, B. C. Pierce, "A formal investigation of diff3", FSTTCS 2007); the library `merge3` carries it out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from merge3 import Merge3

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Side = Literal["both", "ours", "theirs"]

MAX_WORDS = 4_000  # of one side of a stretch; comparing words takes time with the square of their number
_SPARED = 20  # characters an excerpt leaves out at least: “…” for one or two would save nothing

# A run of letters and digits of a script with spaces, a run of blanks, or any one other character.
_WORDS = re.compile(r"[^\W_⺀-\U0010ffff]+|[ \t]+|.", re.DOTALL)
_MARKS = ("<<<<<<<", "=======", ">>>>>>>")


class Piece(NamedTuple):
    """A stretch of a merged text: where it comes from, and whether the other side has something else instead."""

    side: Side
    text: str
    clash: bool = False


class Merged(NamedTuple):
    """A merged text in stretches; of a clash both sides follow each other, ours first, either may be empty."""

    pieces: list[Piece]

    @property
    def clashes(self) -> int:
        """Return in how many stretches a person has to choose."""
        return sum(piece.clash for piece in self.pieces) // 2

    def text(self, ours: str = "", theirs: str = "") -> str:
        """Return the text to be edited, clashes between marks on lines of their own that name the two sides."""
        parts: list[str] = []
        for piece in self.pieces:
            if not piece.clash:
                parts.append(piece.text)
                continue
            first = piece.side == "ours"
            if parts and not parts[-1].endswith("\n"):
                parts.append("\n")
            parts.append(f"{_MARKS[0]} {ours}".rstrip() + "\n" if first else f"{_MARKS[1]}\n")
            parts.append(piece.text)
            if not first:
                parts.append("" if not piece.text or piece.text.endswith("\n") else "\n")
                parts.append(f"{_MARKS[2]} {theirs}".rstrip() + "\n")
        return "".join(parts)


def has_marks(text: str) -> bool:
    """Return whether a text still holds the marks of a clash."""
    return any(line.startswith(mark) for line in text.splitlines() for mark in (_MARKS[0], _MARKS[2]))


def merge_texts(base: str, ours: str, theirs: str) -> Merged:
    """Return the text that has the changes of both sides since `base`; an unknown base is the empty text."""
    pieces: list[Piece] = []
    for piece in _merge(_lines(base), _lines(ours), _lines(theirs)):
        _add(pieces, piece)
    return Merged(pieces)


def compare(old: str, new: str) -> list[Piece]:
    """Return how `new` differs from `old`: "ours" is only in the old text, "theirs" only in the new one."""
    from difflib import SequenceMatcher

    first, second = _words(old), _words(new)
    if max(len(first), len(second)) > MAX_WORDS:
        first, second = _lines(old), _lines(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(
        None, first, second, autojunk=len(first) > MAX_WORDS
    ).get_opcodes():
        if tag == "equal":
            _add(pieces, Piece("both", "".join(first[a:b])))
            continue
        if a < b:
            _add(pieces, Piece("ours", "".join(first[a:b])))
        if c < d:
            _add(pieces, Piece("theirs", "".join(second[c:d])))
    return pieces


def excerpt(pieces: Sequence[Piece], *, lines: int = 2, characters: int = 160) -> list[Piece]:
    """Return a comparison in which what is alike is cut to what stands beside a difference, "…" for the rest.

    On either side of a difference stay the rest of its line and so many `lines` more, `characters` at most, and what
    would be too little to leave out. Texts that do not differ stay whole.
    """
    if all(piece.side == "both" for piece in pieces):
        return list(pieces)
    found: list[Piece] = []
    for index, (side, text, clash) in enumerate(pieces):
        if side != "both":
            found.append(Piece(side, text, clash))
            continue
        head = _beginning(text, lines, characters) if index else ""
        tail = _beginning(text[::-1], lines, characters)[::-1] if index < len(pieces) - 1 else ""
        tail = tail.removeprefix("\n") if len(tail) < len(text) else tail
        if len(head) + len(tail) + _SPARED <= len(text):
            whole_line = bool(tail) and text[len(text) - len(tail) - 1] == "\n"
            text = "".join((head, "…\n" if whole_line else "…", tail))
        found.append(Piece("both", text))
    return found


def _beginning(text: str, lines: int, characters: int) -> str:
    end = -1
    for _ in range(lines + 1):
        end = text.find("\n", end + 1)
        if end < 0:
            return text[:characters]
    return text[: min(end + 1, characters)]


def _merge(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], *, words: bool = False
) -> Iterator[Piece]:
    merge = Merge3(base, ours, theirs)
    for region in merge.reprocess_merge_regions(merge.merge_regions()) if words else merge.merge_regions():
        if region[0] == "conflict":
            _, low, high, first, last, start, end = region
            older = [] if low is None or high is None else base[low:high]
            yield from _clash(older, ours[first:last], theirs[start:end], words=words)
            continue
        what, low, high = region
        source = base if what == "unchanged" else theirs if what == "b" else ours
        side: Side = "ours" if what == "a" else "theirs" if what == "b" else "both"
        yield Piece(side, "".join(source[low:high]))


def _clash(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], *, words: bool
) -> Iterator[Piece]:
    """Yield what a stretch that both sides changed becomes: merged by words where that leaves nothing to choose."""
    if not words:
        parts = [_words("".join(side)) for side in (base, ours, theirs)]
        if max(map(len, parts)) <= MAX_WORDS:
            finer = list(_merge(*parts, words=True))
            if not any(piece.clash for piece in finer):
                yield from finer
                return
    yield Piece("ours", "".join(ours), clash=True)
    yield Piece("theirs", "".join(theirs), clash=True)


def _add(pieces: list[Piece], piece: Piece) -> None:
    """Append a stretch, joined to the last one where both are alike."""
    if pieces and not piece.clash and not pieces[-1].clash and pieces[-1].side == piece.side:
        pieces[-1] = Piece(piece.side, pieces[-1].text + piece.text)
    elif piece.text or piece.clash:
        pieces.append(piece)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _words(text: str) -> list[str]:
    return _WORDS.findall(text)
