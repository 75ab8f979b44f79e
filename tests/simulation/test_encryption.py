"""Whoever is shut out of an encrypted workspace, and whenever that is heard of: all others agree, and read on alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice

import pytest

from tests.depth import deep
from tests.simulation.schedule import schedule
from tests.simulation.world import Outcome, run, team

SEEDS = [seed for seed in range(1000) if schedule(seed).encrypted]
# Runs in which somebody decides about devices; `World.finish` says what must be true then.
DECIDING = list(islice((seed for seed in count(1000) if all(schedule(seed)[5:7])), 20))


@pytest.fixture(scope="module")
def homes() -> Iterator[str]:
    with team() as folder:
        yield folder


@pytest.mark.parametrize("seed", SEEDS[: deep(4)])
def test_replicas_agree(seed: int, homes: str) -> None:
    run(seed, homes)


@pytest.mark.parametrize("seed", DECIDING[: min(deep(6), 14)])
def test_all_who_are_in_agree_and_who_is_out_reads_nothing_new(seed: int, homes: str) -> None:
    run(seed, homes)


def test_the_runs_are_eventful(homes: str) -> None:
    total = Outcome()
    for seed in DECIDING[14:]:
        total += run(seed, homes)
    assert 0 < total.revoked < total.decisions
    assert total.keyless > 0, "nobody ever waited for a key"
    assert total.keys > 6, "keys were hardly ever changed"
