"""Make the golden shares that are not there yet: `python -m tests.golden [FOLDER]`.

The program itself makes them, with a clock and random numbers of their own, so that a plain share comes out the same
each time as long as the program writes the same. What age encrypts differs each time; what it decrypts to does not.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.golden import ENCRYPTED, FORKED, HERE, PLAIN
from tests.golden.making import make_plain
from tests.golden.making_more import make_encrypted, make_forked


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="where they are made")
    folder = parser.parse_args().folder
    for path, make in ((PLAIN, make_plain), (ENCRYPTED, make_encrypted), (FORKED, make_forked)):
        target = folder / path.name
        if target.exists():
            print(f"{target} is there, and stays")
        else:
            make(target)
            print(f"{target} made")


main()
