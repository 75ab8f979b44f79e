"""What one department hands to another: whatever an open link, a request or a promise makes one wait for the other.

Nothing is stored of it. The one who gives is the department of what is waited for, of the item that somebody else asked
for, or of whom something was promised by; what stays within a department is no hand-off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

LINK, ASKED, PROMISED = "link", "asked", "promised"
SORTS = (LINK, ASKED, PROMISED)


class Handoff(NamedTuple):
    """One thing that is waited for: its id, who gives and who gets it, since when (ISO day), whether it is late.

    `about` is what one looks at: the item that is waited for or was asked for, or the promise. `then` is what waits.
    """

    id: str
    sort: str
    giver: str
    taker: str
    since: str
    late: bool
    about: str
    then: str = ""


class Pair(NamedTuple):
    """What one department hands to another, what waits longest first."""

    giver: str
    taker: str
    handoffs: tuple[Handoff, ...]

    def count(self, sort: str) -> int:
        """Return how many are of a sort."""
        return sum(1 for one in self.handoffs if one.sort == sort)

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(1 for one in self.handoffs if one.late)

    @property
    def oldest(self) -> str:
        """The day since which the first of them waits."""
        return self.handoffs[0].since


def pairs(handoffs: Iterable[Handoff]) -> list[Pair]:
    """Return the pairs of departments that hand something over, the one that has waited longest first."""
    found: dict[tuple[str, str], list[Handoff]] = {}
    for one in handoffs:
        if one.giver and one.taker and one.giver != one.taker:
            found.setdefault((one.giver, one.taker), []).append(one)
    made = [
        Pair(*sides, tuple(sorted(ones, key=lambda one: (one.since, one.id))))
        for sides, ones in found.items()
    ]
    return sorted(made, key=lambda pair: (pair.oldest, -len(pair.handoffs), pair.giver, pair.taker))
