"""Places at the shell: added, listed and removed, each mistake with a sentence of its own, and nothing lost there."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from sync.lock import home_lock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import Cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that all can reach."""
    folder = tmp_path / "team"
    folder.mkdir()
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_becomes_a_place_that_a_teammate_can_join(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli.ok("add", "定价页")
    added = cli.ok("place", "add", str(folder), "--json")
    assert (added.json["ok"], added.json["place"], added.json["readonly"]) == (True, str(folder), False)
    assert added.json["pushed"] > 0
    assert added.json["paused"] is None
    other = cli.in_home(tmp_path / "other")
    other.ok("join", str(folder), "--me", "韩梅")
    assert other.ok("list", "--json").json[0]["title"] == "定价页"


def test_places_are_listed_with_their_use_and_state(cli: Cli, folder: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    assert cli.ok("place", "list", "--json").json == []
    cli.ok("place", "add", str(folder))
    cli.ok("place", "add", str(second))
    assert (
        cli.ok("place").out == f"{folder}\tread and write\treachable\n{second}\tread and write\treachable\n"
    )
    second.rename(tmp_path / "away")
    assert cli("sync").code == 3
    listed = cli("place", "list", "--json")
    assert listed.code == 3
    assert [(place["url"], place["paused"]) for place in listed.json] == [
        (str(folder), None), (str(second), "unmounted"),
    ]  # fmt: skip
    assert listed.json == cli("status", "--json").json["places"]
    assert "is the drive mounted" in cli("place").out


def test_a_place_that_is_removed_keeps_everything(cli: Cli, folder: Path) -> None:
    cli.ok("place", "add", str(folder))
    before = _files(folder)
    cli.ok("add", "定价页")
    removed = cli.ok("place", "remove", str(folder), "--json")
    assert removed.json == {"ok": True, "place": str(folder)}
    assert "stays on this machine" in removed.err
    assert cli("sync", "--json").json["error"]["code"] == "no-place"
    assert _files(folder) == before
    assert cli.ok("place", "add", str(folder), "--json").json["pushed"] > 0
    cli.ok("sync")


def test_trouble_goes_with_the_place_it_was_in(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli.ok("place", "add", str(folder))
    (folder / "sameboat-").mkdir()  # a stranger
    os.rename(folder, tmp_path / "away")
    assert cli("sync").code == 3
    cli.ok("place", "remove", str(folder))
    again = tmp_path / "again"
    again.mkdir()
    cli.ok("place", "add", str(again))
    assert cli.ok("place", "list", "--json").json[0]["paused"] is None


def test_a_read_only_place_is_read_and_never_written(cli: Cli, folder: Path, tmp_path: Path) -> None:
    cli.ok("place", "add", str(folder))
    other = cli.in_home(tmp_path / "other")
    joined = other.ok("join", str(folder), "--me", "韩梅", "--readonly")
    assert "nothing is written there" in joined.err
    before = _files(folder)
    other.ok("add", "not for this folder")
    assert other.ok("sync", "--json").json["pushed"] == 0
    assert _files(folder) == before
    assert "read only" in other.ok("place").out
    cli.ok("add", "定价页")
    cli.ok("sync")
    other.ok("sync")
    assert {row["title"] for row in other.ok("list", "--json").json} == {"定价页", "not for this folder"}


def test_a_place_that_is_written_to_does_not_become_read_only_unnoticed(cli: Cli, folder: Path) -> None:
    cli.ok("place", "add", str(folder))
    result = cli("join", str(folder), "--readonly", "--json")
    assert (result.code, result.json["error"]["code"]) == (1, "place-written")
    assert cli.ok("place", "list", "--json").json[0]["readonly"] is False


def test_the_share_itself_and_a_link_to_the_folder_are_the_same_place(cli: Cli, folder: Path) -> None:
    cli.ok("place", "add", str(folder))
    (share,) = folder.iterdir()
    link = folder.with_name("link")
    link.symlink_to(folder)
    for path in (share, link, folder):
        result = cli("place", "add", str(path), "--json")
        assert (result.code, result.json["error"]["code"]) == (1, "place-known")
    cli.ok("place", "remove", str(share))


def _mistakes(folder: Path, home: Path) -> list[tuple[tuple[str, ...], int, str]]:
    return [
        (("add", str(folder / "none")), 1, "no-folder"),
        (("add", str(home.parent)), 1, "home-in-share"),
        (("add", "ftp://example.org/team"), 1, "unknown-scheme"),
        (("add", str(folder), "--readonly"), 1, "nothing-there"),
        (("remove", str(folder)), 1, "place-unknown"),
        (("add",), 2, "missing-operand"),
        (("remove",), 2, "missing-operand"),
        (("list", str(folder)), 2, "extra-operand"),
        (("ad", str(folder)), 2, "bad-choice"),
    ]


def test_each_mistake_has_a_sentence_and_changes_nothing(cli: Cli, folder: Path) -> None:
    for words, code, error in _mistakes(folder, cli.home):
        result = cli("place", *words, "--json")
        assert (words, result.code, result.json["error"]["code"]) == (words, code, error)
        assert "?" not in result.json["error"]["message"].replace("Did you mean “add”?", "")
    assert _files(folder) == {}
    assert not list(folder.iterdir())
    assert cli.ok("place", "list", "--json").json == []


def test_another_workspaces_folder_is_not_written(cli: Cli, folder: Path, tmp_path: Path) -> None:
    other = cli.in_home(tmp_path / "other")
    other.ok("init", str(folder), "--me", "韩梅")
    before = _files(folder)
    (share,) = folder.iterdir()
    for words in (("place", "add", str(folder)), ("place", "add", str(share)), ("join", str(folder))):
        result = cli(*words, "--json")
        assert (result.code, result.json["error"]["code"]) == (1, "other-workspace")
    assert _files(folder) == before


def test_each_mistake_in_an_address_has_a_sentence_and_repeats_no_secret(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.places.credentials._from_keyring", lambda service: lambda name: "")
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_KEY", raising=False)
    secret = "hunter2-hunter2"
    for address, code, said in (
        (f"webdavs://lin:{secret}@dav.example.org/team", "secret-in-address", "leave the password out"),
        (f"s3://bucket/team?secret_access_key={secret}", "bad-address", "secret_access_key"),
        ("azblob://box/team?account=acme", "no-credentials", "AZURE_STORAGE_ACCOUNT_KEY"),
        ("ftp://example.org/team", "unknown-scheme", "webdavs://"),
    ):
        for command in ("place", "init"):
            words = (command, "add", address) if command == "place" else (command, address)
            home = cli if command == "place" else cli.in_home(cli.home / "none")
            result = home(*words, "--json")
            assert (result.code, result.json["error"]["code"]) == (1, code)
            assert said in result.json["error"]["message"]
            assert secret not in result.out + result.err
    assert cli.ok("place", "list", "--json").json == []


def test_without_the_extra_a_server_is_no_place_and_folders_are(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "opendal", None)
    result = cli("place", "add", "webdav://127.0.0.1:9/team", "--json")
    assert (result.code, result.json["error"]["code"]) == (1, "no-extra")
    assert "pip install 'sameboat[cloud]'" in result.json["error"]["message"]
    cli.ok("place", "add", str(folder))


def test_places_do_not_change_under_a_sync(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.cli.place._PATIENCE", 0.05)
    cli.ok("place", "add", str(folder))
    second = folder.with_name("second")
    second.mkdir()
    with home_lock(str(cli.home), 1.0):
        for words in (("add", str(second)), ("remove", str(folder))):
            result = cli("place", *words, "--json")
            assert (result.code, result.json["error"]["code"]) == (1, "syncing")
    assert [place["url"] for place in cli.ok("place", "list", "--json").json] == [str(folder)]
    assert not list(second.iterdir())


@pytest.mark.parametrize("words", [("place", "add"), ("place", "remove"), ("join",)])
def test_an_empty_folder_is_not_the_current_one(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(folder)
    result = cli(*words, "", "--json")
    assert (result.code, result.json["error"]["code"]) == (2, "empty-folder")
    assert not _files(folder)
