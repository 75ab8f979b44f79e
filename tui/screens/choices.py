"""What can be chosen from a list, and how typing narrows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Choice(NamedTuple):
    """One line to choose: its key, what it says, and the words that find it."""

    key: str
    label: str
    detail: str = ""
    search: tuple[str, ...] = ()
    colour: str = ""
    disabled: bool = False


class Picked(NamedTuple):
    """What was chosen: the keys to put on, those to take off, and the text of a new one."""

    chosen: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    new: str = ""


def narrowed(choices: Iterable[Choice], text: str) -> list[Choice]:
    """Return the choices that match what was typed, the likeliest first; all of them for no text."""
    words = text.casefold().split()
    if not words:
        return list(choices)
    scored = []
    for index, choice in enumerate(choices):
        names = [choice.label.casefold(), *(word.casefold() for word in choice.search)]
        scores = [max(_score(name, word) for name in names) for word in words]
        if all(scores):
            scored.append((choice.disabled, -sum(scores), index, min(scores), choice))
    # Letters that only occur in order are a guess: not worth showing beside something that was really typed.
    meant = [entry for entry in scored if entry[3] > 1] or scored
    return [entry[-1] for entry in sorted(meant, key=lambda entry: entry[:3])]


def _score(name: str, word: str) -> int:
    """Say how well a word fits a name: 5 the name itself, 0 not at all."""
    if name == word:
        return 5
    if name.startswith(word):
        return 4
    if f" {word}" in name:
        return 3
    if word in name:
        return 2
    letters = iter(name)
    return 1 if all(letter in letters for letter in word) else 0
