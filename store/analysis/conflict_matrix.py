"""Who disagrees with whom, and how often: conflicts counted by pairs of departments."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMNS = ("open", "closed", "reopened")


class Counted(NamedTuple):
    """One conflict as far as it is counted: its id, its sides, whether it is over, how often it was reopened."""

    id: str
    parties: tuple[str, ...]
    closed: bool
    reopened: int = 0


class Pair(NamedTuple):
    """Two sides and the ids of their conflicts, in the order given.

    `reopened` are those of both kinds that came back at least once. A conflict of one side alone stands under that side
    twice, one of nobody under two empty names; one of several sides stands under each of their pairs.
    """

    sides: tuple[str, str]
    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()


def pairs_of(parties: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs that disagree, each in order, so that it is the same pair whoever was named first."""
    sides = sorted(set(parties))
    if len(sides) < 2:
        return [(sides[0], sides[0])] if sides else [("", "")]
    return list(combinations(sides, 2))


def matrix(conflicts: Iterable[Counted]) -> list[Pair]:
    """Return the pairs that have a conflict: those with most open ones first, then with most in all."""
    cells: dict[tuple[str, str], tuple[list[str], list[str], list[str]]] = {}
    for conflict in conflicts:
        for pair in pairs_of(conflict.parties):
            waiting, over, back = cells.setdefault(pair, ([], [], []))
            (over if conflict.closed else waiting).append(conflict.id)
            if conflict.reopened:
                back.append(conflict.id)
    found = [Pair(sides, *(tuple(ids) for ids in lists)) for sides, lists in cells.items()]
    return sorted(found, key=lambda pair: (-len(pair.open), -len(pair.closed), pair.sides))
