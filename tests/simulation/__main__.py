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
    parser.add_argument("--jobs", type=int, default=1, help="how many processes (default 1)")
    parser.add_argument("--seed", type=int, help="this seed alone")
    parser.add_argument("--steps", help="of this seed, these steps alone, separated by commas")
    given = parser.parse_args()
    if "PYTHONHASHSEED" not in os.environ:  # another one each time, and known when a run must be repeated
        os.environ["PYTHONHASHSEED"] = str(random.randrange(1, 2**32))
        os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]])
    if given.seed is not None:
        return _alone(given.seed, given.steps)
    started = time.monotonic()
    total, done, failed = Outcome(), 0, 0
    seeds = range(given.first, given.first + given.seeds)
    for outcome in _played(seeds, given.jobs):
        done += 1
        if isinstance(outcome, str):
            failed += 1
            print(outcome, file=sys.stderr, flush=True)
        else:
            total += outcome
        if done % CHUNK == 0 or done == given.seeds:
            told = f"{done} of {given.seeds} from {given.first} on, {failed} failed, {time.monotonic() - started:.0f} s"
            print(told, file=sys.stderr, flush=True)
    counts = ", ".join(f"{count} {name}" for name, count in total._asdict().items())
    print(f"{done - failed} runs agreed in {time.monotonic() - started:.0f} s: {counts}")
    return 1 if failed else 0


def _alone(seed: int, steps: str | None) -> int:
    found = schedule(seed)
    if steps is not None:
        found = found.only(int(number) for number in steps.split(",") if number)
    with team() as folder:
        print(play(found, folder) if steps is not None else run(seed, folder))
    return 0


def _played(seeds: range, jobs: int) -> Iterator[Outcome | str]:
    """Yield what each run amounted to, or the words of one that failed."""
    if jobs == 1:
        with team() as folder:
            for seed in seeds:
                yield _play(seed, folder)
        return
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
    with team() as folder:
        return [_play(seed, folder) for seed in seeds]


def _play(seed: int, folder: str) -> Outcome | str:
    try:
        return run(seed, folder)
    except Disagreement as failure:
        return str(failure)


if __name__ == "__main__":
    sys.exit(main())
