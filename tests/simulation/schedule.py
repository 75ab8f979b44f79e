"""A run as data: who takes part, and what happens one thing after another; and the least of it that still fails.

Every step draws its luck from the seed and its own number, so a schedule with steps taken out plays the rest as before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import NamedTuple

STEPS = {
    "edit": 50, "sync": 20, "trip": 26, "crash": 6, "faulty": 8, "clock": 2, "restart": 2, "away": 2, "outage": 2,
    "join": 3, "snapshot": 3,
}  # fmt: skip
# What happens to whole homes, in this part of the runs: rare in life, and each brings incarnations or branches.
CALAMITOUS = 0.25
CALAMITIES = {"copy": 3, "restore": 3, "rewind": 3}
# In one run of ten devices are revoked and approved again. All of these have met before.
DECISIONS = {"revoke": 4, "approve": 3, "join": 0}
# In this part of the runs some have a later version of the program, and others get it on the way.
SKEWED = 0.25
UPGRADES = {"upgrade": 4}
MOST = 12


class Step(NamedTuple):
    """Something that happens to or by one of the machines that are there then."""

    number: int
    what: str


class Schedule(NamedTuple):
    """One run. `shared` are the machines with a second place in common, `readonly` those that may only read it.

    `newer` write segments of a later minor version. `later` have a later version of the program from the start; where
    it is None there is but one.
    """

    seed: int
    machines: int
    shared: tuple[int, ...]
    readonly: tuple[int, ...]
    newer: tuple[int, ...]
    deciding: bool
    encrypted: bool
    later: tuple[int, ...] | None
    steps: tuple[Step, ...]

    def only(self, numbers: Iterable[int]) -> Schedule:
        """Return the run with these of its steps alone."""
        kept = set(numbers)
        return self._replace(steps=tuple(step for step in self.steps if step.number in kept))

    def luck(self, step: Step | None = None) -> Random:
        """Return the luck of one step, or that in which everything begins and ends."""
        return Random(f"{self.seed}/{step.number if step else 'frame'}")


def schedule(seed: int) -> Schedule:
    """Return the run that belongs to a seed, always the same."""
    random = Random(f"schedule {seed}")
    deciding = random.random() < 0.1
    machines = random.choices((2, 3, 4, 5, random.randint(6, MOST)), (2, 4, 4, 3, 1))[0]
    if deciding:
        machines = max(machines, 3)
    everybody = range(machines)
    shared = (
        tuple(sorted(random.sample(everybody, random.randint(2, machines)))) if random.random() < 0.5 else ()
    )
    readonly = tuple(number for number in shared if random.random() < 0.2)
    newer = tuple(number for number in everybody if random.random() < 0.15)
    kinds = STEPS | (DECISIONS if deciding else CALAMITIES if random.random() < CALAMITOUS else {})
    later = None
    if random.random() < SKEWED:
        kinds |= UPGRADES
        later = tuple(number for number in everybody if random.random() < 0.4)
    drawn = random.choices(list(kinds), list(kinds.values()), k=random.randint(30, 110))
    steps = tuple(Step(number, what) for number, what in enumerate(drawn))
    encrypted = Random(f"encryption {seed}").random() < 0.2
    return Schedule(seed, machines, shared, readonly, newer, deciding, encrypted, later, steps)


def shrink(found: Schedule, fails: Callable[[Schedule], bool], seconds: float) -> Schedule:
    """Return a schedule that still fails and from which no step can be taken, as far as the time allows.

    Chunks are taken out, halved when none can go (A. Zeller, R. Hildebrandt, "Simplifying and isolating
    failure-inducing input", IEEE TSE 28(2), 2002).
    """
    end = time.monotonic() + seconds
    steps: Sequence[Step] = found.steps
    size = max(len(steps) // 2, 1)
    while size:
        start = 0
        while start < len(steps) and time.monotonic() < end:
            fewer = [*steps[:start], *steps[start + size :]]
            if fails(found._replace(steps=tuple(fewer))):
                steps = fewer
            else:
                start += size
        size = 0 if time.monotonic() >= end else size // 2
    return found._replace(steps=tuple(steps))
