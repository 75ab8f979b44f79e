"""How early a project can possibly be finished: a schedule that reaches such a bound needs no further search."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.projects import EVERY_PERIOD, topological_order
from store.analysis.serial import decoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.analysis.projects import Project

MAX_PAIRED = 200  # activities beyond which pairs are not tried: their number grows with the square


class Relaxed(NamedTuple):
    """The project with endless resources. A head is what comes before a start, a tail what comes after a finish."""

    starts: list[int]
    finishes: list[int]
    heads: list[int]
    tails: list[int]
    span: int


def relax(project: Project) -> Relaxed | None:
    """Return the critical-path schedule of a project, None where it takes longer than its horizon."""
    horizon = project.end()
    order = topological_order(len(project.activities), project.waits)
    early = decoder(project, horizon, scarce=False)(order, 0)
    if early is None:
        return None
    span = max(early, default=0)
    late = decoder(project, horizon, mirrored=True, scarce=False)(order[::-1], horizon - span)
    starts, finishes = early[0::2], early[1::2]
    if late is None:  # leads over week-ends can ask for more room backwards than forwards
        return Relaxed(starts, finishes, starts, [0] * len(order), span)
    tails = [boundary - (horizon - span) for boundary in late[0::2]]
    return Relaxed(starts, finishes, starts, tails, span)


def lower_bound(project: Project, relaxed: Relaxed) -> int:
    """Return a boundary before which no schedule finishes: the critical path, or what a resource has to do.

    Of a resource: the work of those whose head and tail are long lies between these, and two activities that it cannot
    carry at once come one after the other (J. Stinson, E. Davis, B. Khumawala, "Multiple resource-constrained
    scheduling using branch and bound", AIIE Transactions 10, 1978). Tails are of use only where all work on every
    period: a stretch of working days has no length of its own.
    """
    simple = all(activity.axis == EVERY_PERIOD for activity in project.activities)
    best = relaxed.span
    users: list[list[tuple[int, int]]] = [[] for _ in project.capacities]
    for number, activity in enumerate(project.activities):
        for resource, units in activity.demands:
            if units and activity.duration:
                users[resource].append((number, activity.duration * units))
    for resource, work in enumerate(users):
        if work:
            best = max(best, _work_bound(project, relaxed, resource, work, tails=simple))
    if simple and len(project.activities) <= MAX_PAIRED:
        best = max(best, _pair_bound(project, relaxed))
    return best


def _work_bound(
    project: Project, relaxed: Relaxed, resource: int, work: list[tuple[int, int]], *, tails: bool
) -> int:
    axes = {project.activities[number].axis for number, _ in work}
    axis = axes.pop() if len(axes) == 1 else EVERY_PERIOD
    periods: Sequence[int] = range(project.end()) if axis == EVERY_PERIOD else project.axes[axis]
    units = project.capacities[resource]
    offered = list(accumulate((max(0, units[min(day, len(units) - 1)]) for day in periods), initial=0))
    parts = sorted(
        ((relaxed.heads[number], relaxed.tails[number], amount) for number, amount in work), reverse=True
    )
    least = {tail for _, tail, _ in parts} if tails and len(parts) <= MAX_PAIRED else {0}
    best = 0
    for shortest in least:
        total = 0
        for head, tail, amount in parts:
            if tail >= shortest:
                total += amount
                end = bisect_left(offered, offered[bisect_left(periods, head)] + total)
                if end > len(periods):
                    return project.end()
                best = max(best, periods[end - 1] + 1 + shortest)
    return best


def _pair_bound(project: Project, relaxed: Relaxed) -> int:
    heads, tails, activities = relaxed.heads, relaxed.tails, project.activities
    needs = [dict(activity.demands) for activity in activities]
    most = [max(units) for units in project.capacities]
    best = 0
    for one in range(len(activities)):
        for other in range(one):
            length = activities[one].duration + activities[other].duration
            # One of the two comes first, so the shorter way round is the bound; try the arithmetic before the demands.
            bound = length + min(heads[one] + tails[other], heads[other] + tails[one])
            if bound > best and any(
                units + needs[other].get(resource, 0) > most[resource]
                for resource, units in needs[one].items()
            ):
                best = bound
    return best
