"""Days three and four from hell: what synchronisers do to files on their way."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.database import open_store
from sync.engine import Engine
from tests.integration.team import Team, make_team

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["make_team"]


def fresh_segment(team: Team, line: str) -> Path:
    """Add something in the first home, send it, and return the file that holds it."""
    before = set(team.files("*.seg"))
    team.homes[0].ok("add", line)
    team.homes[0].ok("sync")
    (name,) = set(team.files("*.seg")) - before
    return team.share / name


@pytest.mark.parametrize("condition", ["cut off", "zero-filled", "a placeholder", "missing"])
def test_a_file_that_is_not_whole_is_waited_for_and_others_go_on(
    make_team: Callable[[int], Team], condition: str
) -> None:
    team = make_team(3)
    _a, b, c = team.homes
    segment = fresh_segment(team, "late")
    data = segment.read_bytes()
    if condition == "missing":
        segment.unlink()
    else:
        kept = {"cut off": data[: len(data) // 2], "zero-filled": bytes(len(data)), "a placeholder": b""}
        segment.write_bytes(kept[condition])
    b.ok("add", "in time")
    b("sync")
    waiting = c("sync", "--json")
    assert waiting.code == 3
    assert [row["reason"] for row in waiting.json["waiting"]] != []
    assert not waiting.json["quarantined"]
    status = c("status", "--json")
    assert (status.code, len(status.json["waiting"])) == (3, 1)
    assert status.json["waiting"][0]["since"]
    assert [one["title"] for one in c.ok("list", "--json").json] == ["in time"]
    segment.write_bytes(data)
    assert c.ok("sync", "--json").json["waiting"] == []
    assert {one["title"] for one in c.ok("list", "--json").json} == {"in time", "late"}
    team.agree()


def test_a_file_cut_off_at_any_byte_is_never_applied_nor_called_wrong(
    make_team: Callable[[int], Team],
) -> None:
    team = make_team(2)
    segment = fresh_segment(team, "late")
    data = segment.read_bytes()
    store = open_store(str(team.homes[1].home))
    engine = Engine(store)
    for size in range(len(data)):
        segment.write_bytes(data[:size])
        report = engine.sync()
        assert (report.pulled, report.quarantined, len(report.waiting)) == (0, (), 1), size
    segment.write_bytes(data)
    assert engine.sync().pulled > 0
    store.close()
    team.agree()


ODD_NAMES = (
    "{stem}.sync-conflict-20261123-101500-ABCDEFG{suffix}",
    "{stem} (conflicted copy 2026-11-23){suffix}",
    "{stem} (韩梅的冲突副本 2026-11-23){suffix}",
    "{stem}-LAPTOP-7Q{suffix}",
    "{stem}-NSConflict-mei-mac{suffix}",
    "~${stem}{suffix}",
    "{stem}{suffix}.tmp",
    "{stem} (1){suffix}",
    ".{stem}{suffix}.swp",
    "{stem} - 副本{suffix}",
)


@pytest.mark.parametrize("seed", range(3))
def test_files_in_any_order_with_old_times_twice_and_under_odd_names(
    make_team: Callable[[int], Team], tmp_path: Path, seed: int
) -> None:
    team = make_team(3)
    for number, cli in enumerate(team.homes * 3):
        cli.ok("add", f"item {number}")
        cli("sync")
    source = team.share
    luck = random.Random(seed)
    newcomer = team.homes[0].in_home(tmp_path / "newcomer")
    elsewhere = tmp_path / "elsewhere"
    target = elsewhere / source.name
    target.mkdir(parents=True)
    shutil.copy(source / "ws.json", target)
    newcomer.ok("join", str(elsewhere), "--me", "Ada")
    files = [name for name in team.files() if name != "ws.json"]
    luck.shuffle(files)
    odd: list[Path] = []
    for name in files:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = (source / name).read_bytes()
        if luck.random() < 0.5:
            stem, suffix = os.path.splitext(path.name)
            odd.append(path.with_name(luck.choice(ODD_NAMES).format(stem=stem, suffix=suffix)))
            odd[-1].write_bytes(data[: luck.randrange(len(data))])
        path.write_bytes(data)
        os.utime(path, (luck.randrange(1, 2**31),) * 2)
        newcomer("sync")
    told = newcomer("sync", "--json").json
    assert not told["quarantined"]
    assert not told["waiting"]
    reported = {Path(one["name"]).name for place in told["places"] for one in place["odd"]}
    assert {path.name for path in odd if path.parent.name == "h"} - reported == set()
    assert all(path.exists() for path in odd), "somebody's file is gone"
    exported = team.agree()
    for name in team.files():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((source / name).read_bytes())
    newcomer("sync")
    lines = [line for line in newcomer.ok("export").out.splitlines() if "item " in line]
    assert lines == [line for line in exported.splitlines() if "item " in line]
