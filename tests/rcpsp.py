"""Projects to try levelling on: the benchmark's files, projects made like them, and what a schedule must keep.

PSPLIB: R. Kolisch, A. Sprecher, "PSPLIB: a project scheduling problem library", EJOR 96, 1997. Its generator, ProGen,
has three dials: arcs per activity, the share of demands that are not zero, and how scarce resources are between barely
enough for each activity (0) and enough for the critical-path schedule (1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from store.analysis.projects import EVERY_PERIOD, Activity, Project, Wait
from store.analysis.sequencing import Solution

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "psplib"


def read_sm(path: Path) -> Project:
    """Return the project of a file of the single-mode benchmark."""
    lines = iter(path.read_text().splitlines())
    waits = []
    activities = []
    for line in lines:
        if line.startswith("PRECEDENCE RELATIONS"):
            next(lines)
            for job, _, _, *successors in _numbers(lines):
                waits += [Wait(job - 1, successor - 1) for successor in successors]
        elif line.startswith("REQUESTS/DURATIONS"):
            next(lines)
            next(lines)
            for _, _, duration, *units in _numbers(lines):
                demands = tuple((resource, need) for resource, need in enumerate(units) if need)
                activities.append(Activity(duration, demands))
        elif line.startswith("RESOURCEAVAILABILITIES"):
            next(lines)
            capacities = [(units,) for units in next(_numbers(lines))]
    return Project(activities, waits, capacities)


def _numbers(lines: Iterator[str]) -> Iterator[list[int]]:
    for line in lines:
        if line.startswith("*"):
            return
        yield [int(word) for word in line.split()]


def generated(count: int, complexity: float, factor: float, strength: float, seed: int) -> Project:
    """Return a project made much as ProGen makes them, the same for the same dials and seed."""
    draw = Random(seed)
    before: list[set[int]] = [set() for _ in range(count)]
    after: list[set[int]] = [set() for _ in range(count)]

    def link(first: int, second: int) -> None:
        if len(after[first]) < 3 and len(before[second]) < 3 and second not in _reached(after, first):
            after[first].add(second)
            before[second].add(first)

    for number in range(3, count):
        while not before[number]:
            link(draw.randrange(max(0, number - 20), number), number)
    for _ in range(count * 50):
        if sum(map(len, after)) >= round(complexity * count) - 3:
            break
        link(*sorted(draw.sample(range(count), 2)))
    durations = [draw.randint(1, 10) for _ in range(count)]
    cells = [(number, resource) for number in range(count) for resource in range(4)]
    draw.shuffle(cells)
    demands: list[dict[int, int]] = [{draw.randrange(4): draw.randint(1, 10)} for _ in range(count)]
    for number, resource in cells[: max(0, round(factor * 4 * count) - count)]:
        demands[number][resource] = draw.randint(1, 10)
    starts = [0] * count
    for number in range(count):
        starts[number] = max((starts[one] + durations[one] for one in before[number]), default=0)
    capacities = []
    for resource in range(4):
        least = max(needs.get(resource, 0) for needs in demands)
        peak = [0] * (max(starts) + 11)
        for number, needs in enumerate(demands):
            for period in range(starts[number], starts[number] + durations[number]):
                peak[period] += needs.get(resource, 0)
        capacities.append((max(1, least + round(strength * (max(peak) - least))),))
    return Project(
        [
            Activity(duration, tuple(sorted(needs.items())))
            for duration, needs in zip(durations, demands, strict=True)
        ],
        [Wait(first, second) for first in range(count) for second in sorted(after[first])],
        capacities,
    )


def _reached(after: Sequence[set[int]], first: int) -> set[int]:
    found: set[int] = set()
    work = [first]
    while work:
        work += after[work.pop()] - found
        found.update(work)
    return found


def check(project: Project, solution: Solution) -> None:
    """Fail unless a schedule keeps everything a project asks for, reckoned without any code of the solver."""
    taken: dict[tuple[int, int], int] = {}
    worked = []
    for number, activity in enumerate(project.activities):
        start, finish = solution.starts[number], solution.finishes[number]
        axis = range(project.end()) if activity.axis == EVERY_PERIOD else project.axes[activity.axis]
        periods = [period for period in axis if start <= period < finish]
        worked.append(axis)
        assert start >= activity.release
        assert len(periods) == activity.duration
        if activity.duration:
            assert (periods[0], periods[-1] + 1) == (start, finish)
        else:
            assert start == finish
        for resource, units in activity.demands:
            for period in periods:
                taken[resource, period] = taken.get((resource, period), 0) + units
    for (resource, period), units in taken.items():
        offered = project.capacities[resource]
        assert units <= offered[min(period, len(offered) - 1)], (resource, period)
    for wait in project.waits:
        axis = worked[wait.successor]
        boundary = (solution.starts if wait.type[0] == "S" else solution.finishes)[wait.predecessor]
        reached = (solution.starts if wait.type[1] == "S" else solution.finishes)[wait.successor]
        between = sum(1 for period in axis if period < reached) - sum(
            1 for period in axis if period < boundary
        )
        assert between >= wait.lag, wait
    assert solution.cost.end == max(solution.finishes, default=0)
    planned = [activity.planned for activity in project.activities]
    pairs = zip(solution.starts, planned, strict=True)
    assert solution.cost.moved == sum(max(0, start - plan) for start, plan in pairs)
    dues = [(finish, one.due) for finish, one in zip(solution.finishes, project.activities, strict=True)]
    assert solution.cost.late == sum(max(0, finish - due) for finish, due in dues if due is not None)
    assert solution.bound <= solution.cost.end
