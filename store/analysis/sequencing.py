"""A short schedule of a project whose activities share resources, found by a search over their order.

Priority rules and a random choice with a bias to what has little slack give the first orders; a genetic algorithm
crosses the best (S. Hartmann, "A competitive genetic algorithm for resource-constrained project scheduling", Naval
Research Logistics 45, 1998). Every schedule is justified twice: all activities as late as they can be, from the last
one on, then as early as they can be, which never makes it longer and often shorter (V. Valls, F. Ballestín,
S. Quintanilla, "Justification and RCPSP: a technique that pays", EJOR 165, 2005).

What is waited for is put first, always. So where a lead, or a wait for something other than a finish, lets two
activities that share a resource come either way round, only one way is tried.

The same project gives the same schedule everywhere: chance is seeded, and the budget counts schedules, not seconds.
"""

from __future__ import annotations

from bisect import insort
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from store.analysis.bounds import Relaxed, lower_bound, relax
from store.analysis.projects import leaders, ranked, successors, topological_order, waiting
from store.analysis.serial import decoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.analysis.projects import Activity, Project

# How many schedules a search may look at when none is known to be the best: as many as make a shorter one likely, while
# a hundred activities take less than a second. Large projects get fewer, by the activities put in their places.
SCHEDULES = 700
SCHEDULES_EACH = 20  # for an activity
WORK = 350_000
FEWEST = 12
POPULATION = 40
MUTATIONS = 2  # activities that an offspring has somewhere else
MAX_COUNTED = 5_000  # activities; to count those that come after each takes memory with their square


class Cost(NamedTuple):
    """What is to be small, in this order: when the project ends, how late its parts are, and how far they moved.

    Both sums are periods of all activities: beyond their due boundary, and from their planned start to a later one.
    """

    end: int
    late: int
    moved: int


class Solution(NamedTuple):
    """A schedule: boundaries by activity, its cost, the bound nothing can be below, and how many were looked at."""

    starts: list[int]
    finishes: list[int]
    cost: Cost
    bound: int
    schedules: int

    @property
    def best(self) -> bool:
        """Return whether no schedule can end earlier."""
        return self.cost.end <= self.bound


class _Found(NamedTuple):
    cost: Cost
    order: list[int]
    bounds: list[int]


def solve(
    project: Project,
    *,
    schedules: int | None = None,
    orders: Iterable[Sequence[int]] = (),
    thorough: bool = False,
    seed: int = 1,
) -> Solution | None:
    """Return the best schedule found, None where nothing fits before the project's horizon.

    `orders` are tried first: they rank the activities as somebody has reasons to. The search ends at the first schedule
    that ends as early as the bound says; a `thorough` one goes on for less lateness and less that moves. Raises
    ValueError where no schedule can exist.
    """
    project.check()
    relaxed = relax(project)
    if relaxed is None:
        return None
    search = _Search(project, relaxed, schedules, seed, thorough=thorough)
    found = search.run(orders)
    if found is None:
        return None
    return Solution(found.bounds[0::2], found.bounds[1::2], found.cost, search.bound, search.count)


class _Search:
    def __init__(
        self, project: Project, relaxed: Relaxed, schedules: int | None, seed: int, *, thorough: bool
    ) -> None:
        self.project = project
        self.relaxed = relaxed
        self.random = Random(seed)
        self.activities: Sequence[Activity] = project.activities
        self.followers = successors(len(self.activities), project.waits)
        self.leaders = leaders(self.followers)
        self.order = topological_order(len(self.activities), project.waits)
        # The latest start, but for a constant.
        self.slack = [-tail - one.duration for tail, one in zip(relaxed.tails, self.activities, strict=True)]
        self.repairs = not project.keeps_order()
        self.bound = lower_bound(project, relaxed)
        self.count = 0
        self.budget = _budget(self.activities) if schedules is None else schedules
        self.dues = [(2 * n + 1, one.due) for n, one in enumerate(self.activities) if one.due is not None]
        self.planned = sum(one.planned for one in self.activities)
        # Who may start before the plan has it: that makes up for nothing.
        self.early = [
            (2 * n, one.planned)
            for n, (one, start) in enumerate(zip(self.activities, relaxed.starts, strict=True))
            if start < one.planned
        ]
        finishes = [
            boundary for pair in zip(relaxed.starts, relaxed.finishes, strict=True) for boundary in pair
        ]
        floor = self.cost(finishes)._replace(end=self.bound)
        self.floor: tuple[int, ...] = floor if thorough else floor[:1]
        self.horizon = project.end()
        self.forward = decoder(project, self.horizon)
        self.backward = decoder(project, self.horizon, mirrored=True)

    def run(self, orders: Iterable[Sequence[int]]) -> _Found | None:
        """Return the best of the rules' schedules, of sampled ones and of their offspring."""
        people: list[_Found] = []
        for order in (*(ranked(order, self.followers) for order in orders), *self.rules()):
            found = self.schedule(order)
            if found:
                people.append(found)
                if self.enough(found):
                    return found
            if self.count >= self.budget:
                break
        if not people:
            return None
        people.sort(key=_cost)
        self.tighten(people[0].cost.end)
        size = max(2, min(POPULATION, self.budget // 8))
        while len(people) < size and self.count < self.budget:
            found = self.schedule(self.sampled())
            if found:
                insort(people, found, key=_cost)
                if self.enough(found):
                    return found
        if len(people) > 1:
            self.breed(people)
        return people[0]

    def breed(self, people: list[_Found]) -> None:
        """Let pairs have offspring, which take the place of the worst; `people` stay sorted by cost."""
        known = {tuple(found.order) for found in people}
        while self.count < self.budget and not self.enough(people[0]):
            one, other = self.pick(len(people)), self.pick(len(people))
            if one == other:
                other = (one + 1) % len(people)
            found = self.schedule(self.crossed(people[one].order, people[other].order))
            if found is None or found.cost >= people[-1].cost:
                continue
            mark = tuple(found.order)
            if mark not in known:
                known.add(mark)
                people.pop()
                insort(people, found, key=_cost)

    def schedule(self, order: Sequence[int]) -> _Found | None:
        """Return the schedule an order gives, justified twice; None beyond the horizon."""
        self.count += 1
        first = self.forward(order, 0)
        if first is None:
            return None
        cost = self.cost(first)
        late = self.justified(first, order, cost.end)
        if late:
            self.count += 1
            again = self.sorted([-boundary for boundary in late[1::2]], order)
            second = self.forward(again, 0)
            if second:
                better = self.cost(second)
                if better <= cost:
                    return _Found(better, again, second)
        return _Found(cost, self.sorted(first[0::2], order), first)

    def justified(self, bounds: Sequence[int], order: Sequence[int], end: int) -> list[int] | None:
        """Return the bounds, counted back from the horizon, of a schedule where all is as late as it can be."""
        self.count += 1
        latest_first = self.sorted([-boundary for boundary in bounds[1::2]], order[::-1], mirrored=True)
        return self.backward(latest_first, self.horizon - end)

    def cost(self, bounds: Sequence[int]) -> Cost:
        late = 0
        for position, due in self.dues:
            if bounds[position] > due:
                late += bounds[position] - due
        moved = sum(bounds[0::2]) - self.planned
        for position, planned in self.early:
            if bounds[position] < planned:
                moved += planned - bounds[position]
        return Cost(max(bounds, default=0), late, moved)

    def enough(self, found: _Found) -> bool:
        return found.cost[: len(self.floor)] <= self.floor

    def tighten(self, end: int) -> None:
        """Cut the horizon to little more than a schedule that exists: worse orders are dropped half way."""
        horizon = min(self.horizon, end + end // 5 + 1)
        if horizon < self.horizon:
            self.horizon = horizon
            self.forward = decoder(self.project, horizon)
            self.backward = decoder(self.project, horizon, mirrored=True)

    def sorted(self, keys: Sequence[int], order: Sequence[int], *, mirrored: bool = False) -> list[int]:
        """Return the activities by key, those with equal keys as in `order`, what is waited for always first."""
        found = sorted(order, key=keys.__getitem__)
        if self.repairs:
            ranks = [0] * len(found)
            for rank, number in enumerate(found):
                ranks[number] = rank
            return ranked(ranks, self.leaders if mirrored else self.followers)
        return found

    def rules(self) -> Iterable[list[int]]:
        """Yield the orders of the classic rules: latest finish, latest start, rank weight, most successors."""
        activities, followers = self.activities, self.followers
        yield ranked([-tail for tail in self.relaxed.tails], followers)
        yield ranked(self.slack, followers)
        weights = [
            -one.duration - sum(activities[follower].duration for follower in followers[number])
            for number, one in enumerate(activities)
        ]
        yield ranked(weights, followers)
        if len(activities) <= MAX_COUNTED:
            behind = [0] * len(activities)  # a bit for each activity that comes after
            for number in reversed(self.order):
                for follower in followers[number]:
                    behind[number] |= behind[follower] | 1 << follower
            yield ranked([-each.bit_count() for each in behind], followers)

    def sampled(self) -> list[int]:
        """Return an order drawn at random: of two that are ready, the one whose latest start is earlier."""
        draw = self.random.random
        missing = waiting(self.followers)
        ready = [number for number, left in enumerate(missing) if not left]
        order = []
        while ready:
            one, other = int(draw() * len(ready)), int(draw() * len(ready))
            if self.slack[ready[other]] < self.slack[ready[one]]:
                one = other
            number = ready[one]
            ready[one] = ready[-1]
            ready.pop()
            order.append(number)
            for follower in self.followers[number]:
                missing[follower] -= 1
                if not missing[follower]:
                    ready.append(follower)
        return order

    def pick(self, count: int) -> int:
        """Return the better of two places drawn at random."""
        draw = self.random.random
        return min(int(draw() * count), int(draw() * count))

    def crossed(self, one: list[int], other: list[int]) -> list[int]:
        """Return the order of `one`, a stretch of it in the order of `other`, and a few moved anywhere."""
        draw, count = self.random.random, len(one)
        first, last = sorted((int(draw() * count), int(draw() * count)))
        order = one[:first]
        used = set(order)
        for number in other:
            if len(order) >= last:
                break
            if number not in used:
                order.append(number)
                used.add(number)
        order += [number for number in one if number not in used]
        for _ in range(MUTATIONS):
            self.move(order, int(draw() * count))
        return order

    def move(self, order: list[int], place: int) -> None:
        """Put the activity at a place anywhere between the last it waits for and the first that waits for it."""
        number = order[place]
        first = last = place
        while first and order[first - 1] not in self.leaders[number]:
            first -= 1
        while last < len(order) - 1 and order[last + 1] not in self.followers[number]:
            last += 1
        del order[place]
        order.insert(first + int(self.random.random() * (last - first + 1)), number)


def _budget(activities: Sequence[Activity]) -> int:
    periods = sum(activity.duration for activity in activities)
    work = len(activities) + periods // 8 + 1  # a period takes an eighth of what an activity takes beside
    return max(FEWEST, min(max(SCHEDULES, SCHEDULES_EACH * len(activities)), WORK // work))


def _cost(found: _Found) -> Cost:
    return found.cost
