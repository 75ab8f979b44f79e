"""A project whose activities share resources: the rows that levelling is reckoned from, whatever they stand for.

This is the resource-constrained project scheduling problem (RCPSP) with generalised minimal time lags: activities of
whole periods wait for one another, every period has so much of each resource, and the project should be finished early
(A. Pritsker, L. Watters, P. Wolfe, "Multiproject scheduling with limited resources", Management Science 16, 1969).

**Periods** are counted from 0; **boundaries** too and mean the beginning of that period. An activity works on periods
of its **axis** that follow each other: on all of them, or on those listed in `Project.axes`, so that work goes on after
a week-end. A wait counts its lag on the axis of the successor. What has no duration stands at the beginning of a period
of its axis.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EVERY_PERIOD = -1  # the axis of an activity that works on all periods


class Activity(NamedTuple):
    """One activity: how many periods it takes and how much of which resource it needs in each of them."""

    duration: int
    demands: tuple[tuple[int, int], ...] = ()  # (resource, units)
    release: int = 0  # the boundary it may not start before
    due: int | None = None  # the boundary it was promised for
    axis: int = EVERY_PERIOD
    planned: int = 0  # the boundary it would start at were there enough of everything


class Wait(NamedTuple):
    """One precedence between two activities, by their places in the project; types and lags as in `plan`."""

    predecessor: int
    successor: int
    type: str = "FS"
    lag: int = 0


class Project(NamedTuple):
    """The whole problem. `capacities` holds for each resource its units period by period; the last goes on for ever.

    `horizon` is the boundary by which all must be finished and up to which the axes list their periods; 0 means as long
    as it takes when every activity comes after every other.
    """

    activities: Sequence[Activity]
    waits: Sequence[Wait] = ()
    capacities: Sequence[Sequence[int]] = ()
    axes: Sequence[Sequence[int]] = ()
    horizon: int = 0

    def end(self) -> int:
        """Return the horizon, worked out where none is given."""
        if self.horizon:
            return self.horizon
        durations = sum(activity.duration for activity in self.activities)
        lags = sum(wait.lag for wait in self.waits if wait.lag > 0)
        released = max((activity.release for activity in self.activities), default=0)
        varying = max((len(units) for units in self.capacities), default=0)
        return max(1, durations + lags + max(released, varying))

    def check(self) -> None:
        """Raise ValueError where no schedule can exist: a demand that is never met, or activities in a circle."""
        for number, activity in enumerate(self.activities):
            if activity.duration < 0 or activity.release < 0:
                raise ValueError(f"activity {number} begins before the project or takes less than no time")
            for resource, units in activity.demands:
                offered = self.capacities[resource][-1] if resource < len(self.capacities) else 0
                if activity.duration and units > offered:
                    raise ValueError(
                        f"activity {number} needs {units} of resource {resource}, which never has as many"
                    )
        if len(topological_order(len(self.activities), self.waits)) < len(self.activities):
            raise ValueError("activities wait for each other in a circle")

    def keeps_order(self) -> bool:
        """Return whether sorting by start, or by finish, always puts what is waited for first.

        So it is with "finish to start" without leads; of the other types only one boundary waits.
        """
        return all(wait.type == "FS" and wait.lag >= 0 for wait in self.waits)


def successors(count: int, waits: Iterable[Wait]) -> list[list[int]]:
    """Return for each activity those that wait for it, each once, ascending."""
    found: list[set[int]] = [set() for _ in range(count)]
    for wait in waits:
        found[wait.predecessor].add(wait.successor)
    return [sorted(each) for each in found]


def leaders(followers: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return for each activity those it waits for, given those that wait for each."""
    found: list[list[int]] = [[] for _ in followers]
    for number, each in enumerate(followers):
        for follower in each:
            found[follower].append(number)
    return found


def waiting(followers: Sequence[Sequence[int]]) -> list[int]:
    """Return for each activity how many others have to come first."""
    counts = [0] * len(followers)
    for each in followers:
        for follower in each:
            counts[follower] += 1
    return counts


def topological_order(count: int, waits: Iterable[Wait]) -> list[int]:
    """Return the activities so that each comes after those it waits for; those on or behind a circle are missing."""
    return ranked([0] * count, successors(count, waits))


def ranked(ranks: Sequence[int], followers: Sequence[Sequence[int]]) -> list[int]:
    """Return the activities by rank as far as what they wait for allows; equal ones by their number."""
    missing = waiting(followers)
    ready = [(ranks[number], number) for number in range(len(ranks)) if not missing[number]]
    heapify(ready)
    order = []
    while ready:
        number = heappop(ready)[1]
        order.append(number)
        for follower in followers[number]:
            missing[follower] -= 1
            if not missing[follower]:
                heappush(ready, (ranks[follower], follower))
    return order
