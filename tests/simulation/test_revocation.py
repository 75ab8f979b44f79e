"""Whoever is revoked or taken back, and whenever that is heard of: all who are trusted end with the same workspace."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice

import pytest

from tests.depth import deep
from tests.simulation.schedule import schedule
from tests.simulation.world import Outcome, run, team

# Runs in which somebody decides about devices; `World.finish` says what must be true then.
SEEDS = list(islice((seed for seed in count(1000) if schedule(seed).deciding), 24))


@pytest.fixture(scope="module")
def homes() -> Iterator[str]:
    with team() as folder:
        yield folder


@pytest.mark.parametrize("seed", SEEDS[: min(deep(6), 16)])
def test_all_who_are_trusted_agree(seed: int, homes: str) -> None:
    run(seed, homes)


def test_the_runs_are_eventful(homes: str) -> None:
    total = Outcome()
    for seed in SEEDS[16:]:
        total += run(seed, homes)
    assert total.aside > 0, "nothing was ever written too late"
    assert total.beyond > 0, "nobody ever heard too late"
    assert 0 < total.revoked < total.decisions
