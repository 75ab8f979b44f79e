"""Joining by a snapshot at the command line: what is said, what programs read, and what history admits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sync.snapshots import backfill

if TYPE_CHECKING:
    from tests.integration.conftest import Cli


@pytest.fixture
def folder(cli: Cli, tmp_path: Path) -> Path:
    """A shared folder with a snapshot of a workspace in which a title was written three times."""
    made = tmp_path / "team"
    made.mkdir()
    cli.ok("add", "first title")
    cli.ok("set", "lp-1", "title=second title")
    cli.ok("set", "lp-1", "title=third title")
    cli.ok("place", "add", str(made))
    return made


def test_a_snapshot_is_taken_when_asked_for(cli: Cli, folder: Path) -> None:
    [taken] = cli.ok("sync", "--snapshot", "--json").json["snapshots"]
    assert (taken["place"], taken["why"]) == (str(folder), None)
    assert len(list(folder.rglob("*.snap"))) == 1
    said = cli.ok("sync", "--snapshot").err
    assert "snapshot for newcomers" in said
    assert len(list(folder.rglob("*.snap"))) == 1
    assert cli.ok("sync", "--json").json["snapshots"] == []


def test_a_newcomer_is_told_what_is_still_to_come(
    cli: Cli, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.ok("sync", "--snapshot")
    other = cli.in_home(tmp_path / "other")
    with monkeypatch.context() as patch:
        patch.setattr(backfill, "STEP_OPS", 0)
        other.ok("join", str(folder), "--me", "韩梅", "--code", "hm")
        status = other.ok("status", "--json").json
        assert status["missing"] > 0
        assert [row["title"] for row in other.ok("list", "--json").json] == ["third title"]
        log = other.ok("log", "lp-1")
        assert "still to come" in log.err
        assert "second title" not in log.out
        assert "still to come" in other.ok("status").out
        assert "still to come" in other.ok("doctor").out
        past = other("list", "--as-of", "2020-01-01")
        assert past.code == 3
        assert "not everything" in past.err.lower()
        assert other.ok("sync", "--json").json["missing"] == status["missing"]
    assert other.ok("sync", "--json").json["missing"] == 0
    assert "second title" in other.ok("log", "lp-1").out
    cli.ok("sync")
    other.ok("sync")
    assert cli.ok("export").out == other.ok("export").out
    assert cli.ok("status", "--json").json["state_hash"] == other.ok("status", "--json").json["state_hash"]
