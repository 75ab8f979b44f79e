"""`python -m tests` runs everything that must hold: style, types, import contracts, catalogs and all tests.

Each check runs even where an earlier one failed, so that one run tells everything. Exits 0 when all of them pass.
Arguments are handed to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sysconfig.get_path("scripts"))


def checks(pytest_arguments: list[str]) -> dict[str, list[str]]:
    """Return the commands by what they check."""
    # Tests wait for the disk and for other processes half of the time.
    workers = str(min((os.cpu_count() or 1) * 2, 8))
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
