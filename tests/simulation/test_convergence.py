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
    assert run(seed, homes).replicas >= 3


def test_the_runs_are_eventful(homes: str) -> None:
    outcomes = [run(seed, homes) for seed in range(100, 106)]
    for what in ("waits", "crashes", "oddities", "joined"):
        assert sum(getattr(outcome, what) for outcome in outcomes) > 0, what


def test_a_run_is_the_same_each_time(homes: str) -> None:
    assert run(7, homes) == run(7, homes)
