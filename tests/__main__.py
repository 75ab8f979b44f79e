"""`python -m tests` runs everything that must hold: style, types, import contracts, catalogs and all tests.

Each check runs even where an earlier one failed, so that one run tells everything. Exits 0 when all of them pass.
Arguments are handed to pytest. What takes long is left out unless files are named or `SAMEBOAT_DEPTH` asks for more.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

from tests.depth import DEPTH

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sysconfig.get_path("scripts"))
# Minutes together: `SAMEBOAT_DEPTH=2 python -m tests` runs them too.
LONG = (
    "tests/integration/test_bench_smoke.py",
    "tests/integration/test_hell_kills.py",
    "tests/integration/test_hell_skew.py",
    "tests/integration/test_two_processes.py",
    "tests/pilot/test_private_drafts.py",
    "tests/pilot/test_talking_story.py",
    "tests/property/test_sparse.py",
    "tests/simulation/test_encryption.py",
)


def checks(pytest_arguments: list[str]) -> dict[str, list[str]]:
    """Return the commands by what they check."""
    # Tests wait for the disk and for other processes half of the time.
    workers = str(min((os.cpu_count() or 1) * 2, 8))
    left_out = [] if pytest_arguments or DEPTH > 1 else [f"--ignore={path}" for path in LONG]
    return {
        "style": [str(SCRIPTS / "ruff"), "check", "."],
        "format": [str(SCRIPTS / "ruff"), "format", "--check", "-q", "."],
        "types": [str(SCRIPTS / "mypy")],
        "imports": [str(SCRIPTS / "lint-imports")],
        "tests": [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            workers,
            "--dist",
            "worksteal",
            *left_out,
            *pytest_arguments,
        ],
    }


def main() -> int:
    """Run the checks; return 0 when all passed."""
    failed = []
    for name, command in checks(sys.argv[1:]).items():
        started = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(
            f"{name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True
        )
        if code:
            failed.append(name)
    if failed:
        print("failed: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
