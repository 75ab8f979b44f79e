"""The serial schedule generation scheme: activities in an order become a schedule, each as early as it can be.

An activity is put where everything it waits for is over and every period has enough of what it needs. For every
measure that gains from finishing early, some order gives the best schedule (J. Kelley, "The critical-path method:
resources planning and scheduling", 1963; R. Kolisch, "Serial and parallel resource-constrained project scheduling
methods revisited", EJOR 90, 1996), so that a search over orders is a search over schedules.

The whole search spends its time in `decode`. What a period has left of all resources that are ever needed together is
one integer, a field a resource; a set guard bit above a field says that an addition passed the capacity, so that one
addition and one mask try all of them. A stretch of periods is tried from its end, so that the first one that is taken
says how far to jump.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.projects import EVERY_PERIOD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.analysis.projects import Project, Wait

    # Boundaries of all activities, start and finish of the first, of the second, …; None beyond the horizon.
    Bounds = list[int] | None
    Decoder = Callable[[Sequence[int], int], Bounds]
    Row = tuple[
        int,  # duration
        int,  # release, as a place on the axis
        tuple[tuple[int, int], ...],  # waits: a place in the bounds, and what is added to it on the axis
        list[int],  # boundary -> place on the axis
        list[int],  # place on the axis -> period
        list[int],  # what its pool has taken, period by period
        int,  # what it needs, packed
        int,  # guard bits
        list[int] | None,  # place on the axis -> place in the pool, where these differ
    ]


def decoder(
    project: Project,
    horizon: int,
    *,
    mirrored: bool = False,
    latest: Sequence[int] = (),
    scarce: bool = True,
) -> Decoder:
    """Return a function that schedules the activities in a given order, which puts what is waited for first.

    Its second argument is the boundary nothing starts before. `mirrored` turns time round: the boundaries it takes and
    returns count back from the horizon, and activities come as late as they can be, none finishing after its `latest`
    boundary if these are given. Without `scarce` resources are endless. One decoder serves one caller at a time: it
    keeps what is taken in lists of its own.
    """
    count = len(project.activities)
    pools, rows = _compiled(project, horizon, latest, mirrored=mirrored, scarce=scarce)

    def decode(order: Sequence[int], base: int = 0) -> Bounds:
        for taken, empty in pools:
            taken[:] = empty
        bounds = [0] * (2 * count)
        for number in order:
            duration, place, waits, places, periods, taken, need, guard, cells = rows[number]
            if base and places[base] > place:
                place = places[base]
            for position, offset in waits:
                after = places[bounds[position]] + offset
                if after > place:  # noqa: PLR1730 - a call would be a fifth of the time
                    place = after
            end = place + duration
            if end >= len(periods):
                return None
            if need:
                if cells is None:
                    # Inlined: this loop is where nearly all the time goes.
                    tried, last = place, end - 1
                    while last >= tried:
                        if (taken[last] + need) & guard:
                            place, tried = last + 1, end
                            end = place + duration
                            if end >= len(periods):
                                return None
                            last = end - 1
                        else:
                            last -= 1
                    for each in range(place, end):
                        taken[each] += need
                else:
                    place = _take(taken, need, guard, cells, place, duration)
                    if place < 0:
                        return None
                    end = place + duration
            number += number
            bounds[number] = periods[place]
            bounds[number + 1] = periods[end - 1] + 1 if duration else periods[place]
        return bounds

    return decode


def _take(taken: list[int], need: int, guard: int, cells: list[int], place: int, duration: int) -> int:
    """Take the first stretch from `place` on that has room, return where it begins or -1: axis and pool differ."""
    end = place + duration
    tried, last = place, end - 1
    while last >= tried:
        if (taken[cells[last]] + need) & guard:
            place, tried = last + 1, end
            end = place + duration
            if end >= len(cells):
                return -1
            last = end - 1
        else:
            last -= 1
    for each in range(place, end):
        taken[cells[each]] += need
    return place


def _compiled(
    project: Project, horizon: int, latest: Sequence[int], *, mirrored: bool, scarce: bool
) -> tuple[list[tuple[list[int], list[int]]], list[Row]]:
    """Return the pools, each as what it has taken and what it had at first, and the row of each activity."""
    releases = [activity.release for activity in project.activities]
    if mirrored:
        releases = [horizon - boundary for boundary in latest] or [0] * len(releases)
    axes = {
        number: _axis(project, number, horizon, mirrored=mirrored)
        for number in {EVERY_PERIOD, *(activity.axis for activity in project.activities)}
    }
    waits: list[list[tuple[int, int]]] = [[] for _ in project.activities]
    for wait in project.waits:
        number, entry = _entry(project, wait, mirrored=mirrored)
        waits[number].append(entry)
    pools = _pools(project) if scarce else []
    pool_of = {resource: pool for pool in pools for resource in pool.resources}
    for pool in pools:
        _fill(pool, project, axes[pool.axis][1][:-1], horizon if mirrored else 0)
    rows: list[Row] = []
    for number, activity in enumerate(project.activities):
        places, periods = axes[activity.axis]
        taken: list[int] = []
        need = guard = 0
        cells = None
        if scarce and activity.duration and any(units for _, units in activity.demands):
            pool = pool_of[activity.demands[0][0]]
            need = sum(units << pool.shifts[resource] for resource, units in activity.demands)
            taken, guard = pool.taken, pool.guard
            cells = None if pool.axis == activity.axis else periods
        release = places[min(releases[number], horizon)]
        rows.append(
            (activity.duration, release, tuple(waits[number]), places, periods, taken, need, guard, cells)
        )
    return [(pool.taken, pool.empty) for pool in pools], rows


def _axis(project: Project, number: int, horizon: int, *, mirrored: bool) -> tuple[list[int], list[int]]:
    """Return the first place at or after each boundary, and the period of each place and one beyond the last."""
    if number == EVERY_PERIOD:
        periods = list(range(horizon))
    else:
        periods = [period for period in project.axes[number] if period < horizon]
        if mirrored:
            periods = [horizon - 1 - period for period in reversed(periods)]
    places = []
    place = 0
    for boundary in range(horizon + 1):
        if place < len(periods) and periods[place] < boundary:
            place += 1
        places.append(place)
    return places, [*periods, horizon]


def _entry(project: Project, wait: Wait, *, mirrored: bool) -> tuple[int, tuple[int, int]]:
    """Return who waits, and where in the bounds for what: a boundary, and what is added to its place on the axis."""
    before, after = wait.type[0], wait.type[1]
    first, then = (wait.successor, wait.predecessor) if mirrored else (wait.predecessor, wait.successor)
    if mirrored:  # a start read backwards is a finish
        before, after = ("F" if after == "S" else "S"), ("F" if before == "S" else "S")
    offset = wait.lag - (project.activities[then].duration if after == "F" else 0)
    return then, (2 * first + (before == "F"), offset)


class _Pool:
    """Resources that are ever needed together: one integer a period says what is taken of all of them."""

    def __init__(self, resources: list[int], axis: int) -> None:
        self.resources = resources
        self.axis = axis
        self.shifts: dict[int, int] = {}
        self.guard = 0
        self.empty: list[int] = []
        self.taken: list[int] = []


def _pools(project: Project) -> list[_Pool]:
    """Return the pools; each is kept along the axis of those who use it, or along all periods where these differ."""
    leader = list(range(len(project.capacities)))

    def find(resource: int) -> int:
        while leader[resource] != resource:
            leader[resource] = resource = leader[leader[resource]]
        return resource

    for activity in project.activities:
        for resource, _ in activity.demands[1:]:
            leader[find(resource)] = find(activity.demands[0][0])
    used: dict[int, set[int]] = {}
    for activity in project.activities:
        if activity.demands and activity.duration:
            used.setdefault(find(activity.demands[0][0]), set()).add(activity.axis)
    together: dict[int, list[int]] = {}
    for resource in range(len(leader)):
        if find(resource) in used:
            together.setdefault(find(resource), []).append(resource)
    return [
        _Pool(resources, min(used[first]) if len(used[first]) == 1 else EVERY_PERIOD)
        for first, resources in together.items()
    ]


def _fill(pool: _Pool, project: Project, periods: Sequence[int], mirror: int) -> None:
    """Give each resource of a pool a field, and note what every period has taken when nothing has begun.

    A field starts at its greatest number less the capacity, so that one unit too many carries into the guard bit.
    """
    fields: list[tuple[int, int, Sequence[int]]] = []
    shift = varying = 0
    for resource in pool.resources:
        units = project.capacities[resource]
        width = max(units).bit_length()
        fields.append((shift, (1 << width) - 1, units))
        pool.shifts[resource] = shift
        pool.guard |= 1 << (shift + width)
        varying = max(varying, len(units))
        shift += width + 1
    steady = sum((most - max(0, units[-1])) << shift for shift, most, units in fields)
    pool.empty = [steady] * len(periods)
    for place, period in enumerate(periods):
        day = mirror - 1 - period if mirror else period
        if day < varying:
            pool.empty[place] = sum(
                (most - max(0, units[min(day, len(units) - 1)])) << shift for shift, most, units in fields
            )
    pool.taken = list(pool.empty)
