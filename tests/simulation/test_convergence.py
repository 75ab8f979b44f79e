"""Whatever people do and whatever happens to files, machines and homes, they end with the same workspace."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from store.changes import ChangeSet
from store.database import Store
from store.oplog import merge
from store.ops import Op
from sync import pull
from tests.depth import deep
from tests.simulation.schedule import STEPS, Schedule, schedule, shrink
from tests.simulation.world import Disagreement, Outcome, play, run, team

SEEDS = deep(40)
EVENTS = (
    "waits", "crashes", "faults", "oddities", "joined", "copies", "returns", "newcomers", "outages", "snapshots",
    "sparse", "upgrades",
)  # fmt: skip


@pytest.fixture(scope="module")
def homes() -> Iterator[str]:
    with team() as folder:
        yield folder


@pytest.mark.parametrize("seed", range(SEEDS))
def test_replicas_agree(seed: int, homes: str) -> None:
    assert run(seed, homes).machines >= 2


def test_the_runs_are_eventful(homes: str) -> None:
    total = Outcome()
    for seed in range(1000, 1020):
        total += run(seed, homes)
    for what in EVENTS:
        assert getattr(total, what) > 0, what


def test_a_run_is_the_same_each_time(homes: str) -> None:
    assert run(7, homes) == run(7, homes)


def test_a_failing_run_is_made_as_short_as_it_can_be(homes: str) -> None:
    def forgetful(store: Store, ops: list[Op], tails: dict[tuple[str, str], str]) -> ChangeSet:
        for op in ops:
            if op.field == "title":
                op.value = '"red"'
        return merge(store, ops, tails)

    seed = next(seed for seed in range(1000) if _is_plain(schedule(seed)))
    with mock.patch.object(pull, "merge", forgetful):
        with pytest.raises(Disagreement) as found:
            run(seed, homes)
        numbers = str(found.value).rpartition("--steps ")[2]
        least = schedule(seed).only(map(int, numbers.split(",")))
        assert f"--seed {seed} " in str(found.value)
        assert [step.what for step in least.steps] == ["edit"], "one title is enough"
        with pytest.raises(AssertionError):
            play(least, homes)
        play(least.only([]), homes)
    play(least, homes)


def test_what_is_left_of_a_failing_run_is_needed() -> None:
    whole = schedule(3)
    needed = {step.number for step in whole.steps[5:30:8]}

    def fails(fewer: Schedule) -> bool:
        return needed <= {step.number for step in fewer.steps}

    assert {step.number for step in shrink(whole, fails, 60.0).steps} == needed
    assert shrink(whole, fails, 0.0) == whole, "no time, nothing taken out"


def _is_plain(found: Schedule) -> bool:
    calm = all(step.what in STEPS for step in found.steps)
    return calm and not found.encrypted and len(found.steps) < 50
