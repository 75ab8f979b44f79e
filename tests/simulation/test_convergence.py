"""Whatever people do and whatever the folder does to their files, they end with the same workspace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation.world import run, team

SEEDS = 24


@pytest.fixture(scope="module")
def homes() -> Iterator[str]:
    with team() as folder:
        yield folder


@pytest.mark.parametrize("seed", range(SEEDS))
def test_replicas_agree(seed: int, homes: str) -> None:
    outcome = run(seed, homes)
    assert outcome.ops > 100


def test_a_run_is_the_same_each_time(homes: str) -> None:
    assert run(7, homes) == run(7, homes)
