"""The say-do ratio: of what one department promised another, and whose end has come, how much was kept.

    ratio = kept ÷ made,   made = kept + renegotiated + broken + overdue

A promise that was given another day in good time and then kept is `renegotiated`: it counts as made, not as kept, and
is shown apart, for a pair that keeps moving dates is no better off than one that misses them. One that is past its day
and that nobody has ended is `overdue`. After the say/do ratio of leadership practice (promises kept over promises made)
and the Percent Plan Complete of the Last Planner System (Ballard 2000), which likewise counts only what was due. It is
a figure of two departments, never of a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class Word(NamedTuple):
    """A promise as the ratio sees it: who gave it to whom, how it stands, and the days (ISO, '' for none)."""

    giver: str
    taker: str
    state: str
    due: str
    ended: str
    first_due: str = ""
    confirmed: bool = False  # the receiver said so


class Ratio(NamedTuple):
    """What one department promised another in a period.

    Of the kept ones `late` were kept after their day, and `unconfirmed` are kept by the giver's word alone.
    """

    giver: str
    taker: str
    kept: int = 0
    renegotiated: int = 0
    broken: int = 0
    overdue: int = 0
    late: int = 0
    unconfirmed: int = 0

    @property
    def made(self) -> int:
        """How many promises came to their end."""
        return self.kept + self.renegotiated + self.broken + self.overdue

    @property
    def percent(self) -> int | None:
        """The ratio in whole percent, None where no promise has come to its end."""
        return 100 * self.kept // self.made if self.made else None


def came_to(state: str, first_due: str) -> str:
    """Return what a promise that came to its end counts as: kept, renegotiated, broken or overdue.

    `first_due` is the day it was promised for before it was renegotiated.
    """
    if state == "broken":
        return "broken"
    if state != "kept":
        return "overdue"
    return "renegotiated" if first_due else "kept"


def end_of(word: Word, today: str) -> str:
    """Return the day a promise came to its end, '' while it has not."""
    if word.state in ("kept", "broken"):
        return word.ended or word.due or today
    return word.due if word.due and word.due < today else ""


def say_do(words: Iterable[Word], today: date, *, since: date | None = None) -> list[Ratio]:
    """Return the ratio of each pair that promised something, from the giver to the taker, pairs by their ids.

    Counted is what came to its end by today, and not before `since`. A promise with a side missing is left out.
    """
    now, first = today.isoformat(), since.isoformat() if since else ""
    found: dict[tuple[str, str], Ratio] = {}
    for word in words:
        pair = word.giver, word.taker
        end = end_of(word, now)
        if not all(pair) or not end or not first <= end <= now:
            continue
        so_far = found.get(pair) or Ratio(*pair)
        kind = came_to(word.state, word.first_due)
        late = int(kind == "kept" and bool(word.due) and word.ended > word.due)
        own_word = int(kind == "kept" and not word.confirmed)
        found[pair] = so_far._replace(
            late=so_far.late + late,
            unconfirmed=so_far.unconfirmed + own_word,
            **{kind: getattr(so_far, kind) + 1},
        )
    return [found[pair] for pair in sorted(found)]
