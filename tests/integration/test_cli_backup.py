"""Backing up and bringing back at the command line: files, sentences and what programs read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.database import open_store

if TYPE_CHECKING:
    from tests.integration.conftest import Cli


def titles(cli: Cli) -> list[str]:
    return sorted(row["title"] for row in cli.ok("list", "--json").json)


def test_a_backup_goes_where_it_is_wanted_and_comes_back(cli: Cli, tmp_path: Path) -> None:
    cli.ok("add", "kept")
    file = tmp_path / "apollo.db"
    made = cli.ok("backup", str(file), "--json")
    assert (made.json["path"], made.json["name"]) == (str(file), "Apollo")
    assert made.json["size"] == file.stat().st_size
    assert "drafts" in made.err
    cli.ok("add", "made since")
    done = cli.ok("restore", str(file), "--json")
    assert done.json["ops"] == made.json["ops"]
    assert Path(done.json["replaced"]).exists()
    assert titles(cli) == ["kept"]
    back = cli.ok("restore", os.path.basename(done.json["replaced"]))
    assert "Apollo" in back.err
    assert titles(cli) == ["kept", "made since"]


def test_backups_are_listed_newest_first(cli: Cli) -> None:
    assert "no backup" in cli.ok("restore", "--list").err
    assert cli.ok("restore", "--list", "--json").json == []
    first = cli.ok("backup", "--json").json["path"]
    second = cli.ok("backup", "--json").json["path"]
    rows = cli.ok("restore", "--list", "--json").json
    assert [row["path"] for row in rows] == [second, first]
    assert {row["why"] for row in rows} == {"asked"}
    assert os.path.basename(first) in cli.ok("restore", "--list").out


def test_a_backup_starts_a_home_of_its_own(cli: Cli, tmp_path: Path) -> None:
    cli.ok("add", "kept")
    cli.ok("backup", str(tmp_path / "apollo.db"))
    other = cli.in_home(tmp_path / "other home")
    assert other.ok("restore", str(tmp_path / "apollo.db"), "--json").json["replaced"] is None
    assert titles(other) == ["kept"]
    assert other.ok("status", "--json").json["incarnation"] != cli.ok("status", "--json").json["incarnation"]


def test_the_trash_is_still_what_ids_mean(cli: Cli) -> None:
    cli.ok("add", "kept")
    cli.ok("delete", "lp-1")
    cli.ok("restore", "lp-1")
    assert titles(cli) == ["kept"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("restore",), 2, "missing"),
        (("restore", "./nothing.db"), 1, "--list"),
        (("restore", "--list", "x.db"), 2, "x.db"),
        (("restore", "a.db", "b.db"), 2, "b.db"),
        (("backup", "/nowhere/at/all.db"), 1, "/nowhere/at"),
        (("backup", "a", "b"), 2, "b"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(cli: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    result = cli(*words)
    assert result.code == code
    assert said in result.err
    assert result.err.count("\n") == 1


def test_nothing_is_overwritten_and_nothing_open_is_replaced(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "apollo.db"
    file.write_text("precious")
    assert cli("backup", str(file)).code == 1
    assert file.read_text() == "precious"
    assert "no backup of Sameboat" in cli("restore", str(file)).err
    path = cli.ok("backup", "--json").json["path"]
    store = open_store(str(cli.home))
    result = cli("restore", path, "--json")
    assert result.json["error"]["code"] == "in-use"
    store.close()
    cli.ok("restore", path)


def test_the_size_of_a_backup_has_its_unit(cli: Cli) -> None:
    cli.ok("backup")
    assert " MB" in cli.ok("restore", "--list").out
