"""`python -m tests.bench` measures Sameboat against floors taken in the same run and prints one table.

It exits with 1 when a ratio is over its bar. Other work on the machine makes the spread wider and, worse,
favours neither side evenly: leave it alone for the ten minutes this takes, or trust only what repeats.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from types import ModuleType

from tests.bench import (
    adding,
    capturing,
    charting,
    following,
    idling,
    joining,
    keys,
    listing,
    memory,
    merging,
    mornings,
    opening,
    reporting,
    resembling,
    scheduling,
    searching,
    switching,
    traveling,
    wire_size,
)
from tests.bench.children import adopt_orphans, await_orphans
from tests.bench.lab import QUICK, Lab, Sizes
from tests.bench.measure import Row
from tests.bench.report import as_json, as_table, machine, narrate

FAMILIES: tuple[ModuleType, ...] = (
    opening,
    mornings,
    keys,
    switching,
    capturing,
    adding,
    merging,
    joining,
    searching,
    following,
    listing,
    scheduling,
    charting,
    reporting,
    memory,
    idling,
    traveling,
    wire_size,
    resembling,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when something is over its bar."""
    names = [family.NAME for family in FAMILIES]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--items", type=_counts, help="sizes of the workspaces, separated by commas (default 10000,100000)"
    )
    parser.add_argument(
        "--ops", type=_counts, help="sizes of merged and joined histories (default 200000,1000000)"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, not how fast")
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    given = parser.parse_args(argv)
    sizes = QUICK if given.quick else Sizes()
    if given.items:
        sizes = sizes._replace(items=given.items)
    if given.ops:
        sizes = sizes._replace(ops=given.ops)
    if sys.platform != "linux":
        parser.error("memory and idle time are read from /proc, which only Linux has")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the folder goes away then too
    rows, about = measure(sizes, given.only or names)
    print((as_json if given.json else as_table)(rows, about))
    return 0 if all(row.ok for row in rows) else 1


def _counts(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if not all(part.isdecimal() and int(part) >= 100 for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of sizes, each of 100 at least")
    return tuple(int(part) for part in parts)


def measure(sizes: Sizes, names: Sequence[str]) -> tuple[list[Row], dict[str, str]]:
    """Return the rows of the families named, and on what they were measured, in a folder that is gone afterwards."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="sameboat-bench-", ignore_cleanup_errors=True) as folder:
        adopt_orphans()
        about = machine(folder)
        lab = Lab(folder, sizes)
        try:
            for family in FAMILIES:
                if family.NAME in names:
                    narrate(f"measuring {family.NAME} …")
                    rows += family.measure(lab)
        finally:
            await_orphans()
    return rows, about


if __name__ == "__main__":
    sys.exit(main())
