"""The command line run in this process, as a person or a program would run it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tui.cli import main
from tui.i18n import language, set_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Result(NamedTuple):
    """What a command line did: exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return stdout as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Return stdout as one JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


class Cli:
    """Runs command lines in one home; `in_home` gives the same for another home."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._capsys = capsys
        self._patch = patch

    def in_home(self, home: Path) -> Cli:
        """Return the command line of another home."""
        return Cli(home, self._capsys, self._patch)

    def __call__(self, *words: str, stdin: bytes | str = b"") -> Result:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        self._patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        self._patch.setenv("SAMEBOAT_HOME", str(self.home))
        self._capsys.readouterr()
        code = main(list(words))
        return Result(code, *self._capsys.readouterr())

    def ok(self, *words: str, stdin: bytes | str = b"") -> Result:
        """Run a command line that must succeed."""
        result = self(*words, stdin=stdin)
        assert result.code == 0, result.err
        return result


@pytest.fixture
def bare_cli(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cli]:
    """The command line in a home that does not exist yet, speaking English."""
    before = language()
    for name in ("LC_ALL", "LC_MESSAGES", "SAMEBOAT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SAMEBOAT_LANG", "en")
    yield Cli(tmp_path / "home", capsys, monkeypatch)
    set_language(before)


@pytest.fixture
def cli(bare_cli: Cli) -> Cli:
    """The command line in a new workspace, Apollo, of 林平, whose items are called lp-1 and so on."""
    bare_cli.ok("init", "--name", "Apollo", "--me", "林平", "--code", "lp")
    return bare_cli
