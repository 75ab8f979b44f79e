"""Run the simulation for as long as you like: `python -m tests.simulation --seeds 10000`, or one `--seed N`."""

from __future__ import annotations

import argparse
import os
import random
import sys
import time

from tests.simulation.world import Disagreement, run, team


def main() -> int:
    """Play the seeds and print what they amounted to; 1 when one disagreed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many runs (default 200)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--seed", type=int, help="this seed alone")
    given = parser.parse_args()
    first, count = (given.first, given.seeds) if given.seed is None else (given.seed, 1)
    if "PYTHONHASHSEED" not in os.environ:  # another one each time, and known when a run must be repeated
        os.environ["PYTHONHASHSEED"] = str(random.randrange(1, 2**32))
        os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]])
    started = time.monotonic()
    ops = waits = crashes = oddities = joined = 0
    with team() as folder:
        for seed in range(first, first + count):
            try:
                outcome = run(seed, folder)
            except Disagreement as failure:
                print(failure, file=sys.stderr)
                return 1
            ops += outcome.ops
            waits += outcome.waits
            crashes += outcome.crashes
            oddities += outcome.oddities
            joined += outcome.joined
            if sys.stderr.isatty():
                print(f"\r{seed - first + 1}/{count}", end="", file=sys.stderr)
    seconds = time.monotonic() - started
    print(
        f"{count} runs agreed in {seconds:.0f} s: {ops} ops, {waits} syncs that waited, "
        f"{crashes} crashes, {oddities} odd files, {joined} segments joined"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
