"""Run the simulation for as long as you like: `python -m tests.simulation --seeds 10000`, or one `--seed N`.

A run that fails is made as short as it can be and printed with the command that plays it again; `--steps` plays some
steps of a run alone.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.simulation.schedule import schedule
from tests.simulation.world import Disagreement, Outcome, play, run, team

CHUNK = 25  # seeds that a process plays at a time


def main() -> int:
    """Play the seeds and print what they amounted to; 1 when one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many runs (default 200)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="how many processes (default: one a core)"
    )
    parser.add_argument("--seed", type=int, help="this seed alone")
    parser.add_argument("--steps", help="of this seed, these steps alone, separated by commas")
    given = parser.parse_args()
    if "PYTHONHASHSEED" not in os.environ:  # another one each time, and known when a run must be repeated
        os.environ["PYTHONHASHSEED"] = str(random.randrange(1, 2**32))
        os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]])
    if given.seed is not None:
        return _alone(given.seed, given.steps)
    started = time.monotonic()
    total, done = Outcome(), 0
    for outcome in _played(range(given.first, given.first + given.seeds), given.jobs):
        if isinstance(outcome, str):
            print(outcome, file=sys.stderr)
            return 1
        total += outcome
        done += 1
        if sys.stderr.isatty():
            print(f"\r{done}/{given.seeds}", end="", file=sys.stderr)
    counts = ", ".join(f"{count} {name}" for name, count in total._asdict().items())
    print(f"{done} runs agreed in {time.monotonic() - started:.0f} s: {counts}")
    return 0


def _alone(seed: int, steps: str | None) -> int:
    found = schedule(seed)
    if steps is not None:
        found = found.only(int(number) for number in steps.split(",") if number)
    with team() as folder:
        print(play(found, folder) if steps is not None else run(seed, folder))
    return 0


def _played(seeds: range, jobs: int) -> Iterator[Outcome | str]:
    """Yield what each run amounted to, or the words of one that failed."""
    chunks = [seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(jobs) as pool:
        futures = [pool.submit(_play_all, chunk) for chunk in chunks]
        try:
            for future in as_completed(futures):
                yield from future.result()
        finally:
            for future in futures:
                future.cancel()


def _play_all(seeds: range) -> list[Outcome | str]:
    found: list[Outcome | str] = []
    with team() as folder:
        for seed in seeds:
            try:
                found.append(run(seed, folder))
            except Disagreement as failure:
                return [*found, str(failure)]
    return found


if __name__ == "__main__":
    sys.exit(main())
