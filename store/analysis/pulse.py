"""How departments feel, week by week, of which only what several said is told: nobody is to be found out by a mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST = 3  # answers of a department in a period before they are shown
EVERYBODY = "*"  # stands for all departments together


class Answer(NamedTuple):
    """What a member said in a period: the department they belonged to, 1 to 5, and a line."""

    department: str
    period: str
    score: int
    note: str = ""


class Mood(NamedTuple):
    """A department in a period: how many answered, and their mean and lines, where enough did."""

    department: str
    period: str
    answered: int
    mean: float | None
    notes: tuple[str, ...] = ()


def moods(answers: Iterable[Answer], periods: Sequence[str]) -> dict[str, list[Mood]]:
    """Return each department's moods over the periods, and those of everybody; lines in an order of their own.

    Where the departments that are not shown have too few answers together, these do not count for everybody either:
    they could be told from the difference.
    """
    said: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        if answer.period in periods and 1 <= answer.score <= 5:
            said.setdefault((answer.department, answer.period), []).append(answer)
    for period in periods:
        parts = [found for (_who, held), found in said.items() if held == period]
        few = [answer for part in parts if len(part) < LEAST for answer in part]
        enough = [answer for part in parts if len(part) >= LEAST for answer in part]
        if parts:
            said[EVERYBODY, period] = enough + few if len(few) >= LEAST or not enough else enough
    known = dict.fromkeys(who for who, _period in sorted(said))
    return {who: [_mood(who, period, said.get((who, period), ())) for period in periods] for who in known}


def _mood(department: str, period: str, answers: Sequence[Answer]) -> Mood:
    count = len(answers)
    if count < LEAST:
        return Mood(department, period, count, None)
    mean = sum(answer.score for answer in answers) / count
    notes = tuple(sorted(answer.note for answer in answers if answer.note))
    return Mood(department, period, count, mean, notes)
