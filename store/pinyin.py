"""Pinyin initials of Chinese names, so that `yf` finds 研发; computed when a name is written, not when read."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from store.names import fold

_READINGS = 3  # of one character: the rarer ones only make initials that clash
_VARIANTS = 6  # of one name
_LONGEST = 40  # characters looked at: nobody types the initials of more


def initials(name: str) -> str:
    """Return the initials of the usual reading: `yf` for 研发, `gtd` for `Growth 团队`, `` for `?!`."""
    return variants(name)[0]


@lru_cache(maxsize=16_384)
def variants(name: str) -> tuple[str, ...]:
    """Return the initials of every plausible reading, the usual one first: `cl`, `cy`, `zl`, `zy` for 曾乐.

    Latin words give their first letter, digits stay. There is always one variant, which may be empty.
    """
    readings: list[tuple[str, ...]] = []
    for is_chinese, run in _runs(fold(name[:_LONGEST])):
        readings += _chinese(run) if is_chinese else [(run if run.isdecimal() else run[0],)]
    combined: dict[str, None] = {}
    for letters in product(*readings):
        combined["".join(letters)] = None
        if len(combined) == _VARIANTS:
            break
    return tuple(combined)


def _runs(name: str) -> list[tuple[bool, str]]:
    """Split a name into runs of ideographs, words and numbers; drop what stands between them."""
    runs: list[tuple[str, str]] = []
    previous = ""
    for character in name:
        kind = _kind(character)
        if kind and kind == previous:
            runs[-1] = (kind, runs[-1][1] + character)
        elif kind:
            runs.append((kind, character))
        previous = kind
    return [(kind == "ideograph", run) for kind, run in runs]


def _kind(character: str) -> str:
    if "\u3400" <= character <= "\u9fff" or character >= "\U00020000":
        return "ideograph"
    if character.isdecimal():
        return "number"
    return "word" if character.isalpha() else ""


def _chinese(run: str) -> list[tuple[str, ...]]:
    """Return the possible initials of each ideograph, its reading in this word first."""
    # pypinyin takes 250 ms to import, which only writing a Chinese name should pay.
    from pypinyin import Style, pinyin

    usual = pinyin(run, style=Style.FIRST_LETTER)
    every = pinyin(run, style=Style.FIRST_LETTER, heteronym=True)
    return [_letters((*first, *others[:_READINGS])) for first, others in zip(usual, every, strict=True)]


def _letters(readings: tuple[str, ...]) -> tuple[str, ...]:
    """Keep what can be typed; an ideograph without a known reading has no initial."""
    typed = dict.fromkeys(reading[:1] for reading in readings if reading[:1].isascii())
    return tuple(typed) or ("",)
