"""Programs of other versions than this one: each run of one is a process of its own, as after an upgrade."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.integration.conftest import Result

ROOT = Path(__file__).resolve().parents[2]

# What a later program declares besides: a kind, a field and a choice. Whatever else it imports comes after that.
LATER = """
from store import schema

item = schema.KINDS["item"].fields
item["sparkle"] = schema.Field("sparkle", schema.TEXT, "Sparkle", searchable=True)
item["moods"] = schema.Field("moods", schema.SET, "Moods")
item["kind"].choices += ("experiment",)
title, depth = schema.Field("title", schema.TEXT, "Title"), schema.Field("depth", schema.INTEGER, "Depth")
schema.KINDS["hologram"] = schema.Kind("hologram", "Hologram", "Holograms", (title, depth, *schema.COMMON))

from sync import segment

segment.FORMAT = "1.7"
"""
# A much later one, which reads what comes with the next major version as well.
NEXT_MAJOR = """
from sync import segment

segment.check_version = lambda fields: fields["format"]
"""
_RUN = """
import sys

from tui.cli import main

sys.exit(main(sys.argv[1:]))
"""


class Program:
    """The command line of another version, in one home."""

    def __init__(self, version: str, home: Path) -> None:
        self.home = home
        self._version = version

    def __call__(self, *words: str, stdin: str = "") -> Result:
        done = subprocess.run(
            [sys.executable, "-c", self._version + _RUN, *words],
            env={**os.environ, "SAMEBOAT_HOME": str(self.home), "SAMEBOAT_LANG": "en", "PYTHONUTF8": "1"},
            cwd=ROOT,
            input=stdin.encode(),
            capture_output=True,
            timeout=60,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def ok(self, *words: str, stdin: str = "") -> Result:
        """Run a command line that must succeed."""
        result = self(*words, stdin=stdin)
        assert result.code == 0, result.err
        return result
