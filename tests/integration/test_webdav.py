"""Two homes over a real WebDAV server: what one writes the other has, and nothing secret is left anywhere."""

from __future__ import annotations

from contextlib import contextmanager
from random import random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.integration.servers import answers, free_port, need_extra, program, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.conftest import Cli

need_extra()

USER, PASSWORD = "lin", "correct-horse-battery"


class Dav(NamedTuple):
    """A running server: the address of its folder `team`, and where that lies on disk."""

    url: str
    folder: Path


@contextmanager
def _serving(tmp_path: Path, port: int) -> Iterator[Dav]:
    rclone = program("rclone")
    root = tmp_path / "dav root"
    (root / "团队 team").mkdir(parents=True, exist_ok=True)
    command = [rclone, "serve", "webdav", str(root), "--addr", f"127.0.0.1:{port}"]
    env = {"RCLONE_CONFIG": str(tmp_path / "rclone.conf"), "RCLONE_USER": USER, "RCLONE_PASS": PASSWORD}
    with running(command, ready=answers(port), log=tmp_path / "rclone.log", env=env):
        yield Dav(f"webdav://127.0.0.1:{port}/团队 team", root / "团队 team")


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMEBOAT_WEBDAV_USER", USER)
    monkeypatch.setenv("SAMEBOAT_WEBDAV_PASSWORD", PASSWORD)
    monkeypatch.setenv("SAMEBOAT_SYNC", "manual")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def dav(tmp_path: Path, credentials: None) -> Iterator[Dav]:
    with _serving(tmp_path, free_port()) as serving:
        yield serving


def test_what_one_writes_the_other_has(bare_cli: Cli, dav: Dav, tmp_path: Path) -> None:
    bare_cli.ok("init", "--me", "林平", "--code", "lp")
    bare_cli.ok("add", "定价页")
    added = bare_cli.ok("place", "add", dav.url, "--json")
    assert added.json["pushed"] > 0
    other = bare_cli.in_home(tmp_path / "other")
    other.ok("join", dav.url, "--me", "韩梅", "--code", "hm")
    other.ok("add", "结账页")
    other.ok("sync")
    bare_cli.ok("sync")
    assert {row["title"] for row in bare_cli.ok("list", "--json").json} == {"定价页", "结账页"}
    assert bare_cli.ok("export").out == other.ok("export").out
    lying = sorted(path.relative_to(dav.folder).parts[1] for path in dav.folder.rglob("*") if path.is_file())
    assert set(lying) == {"d", "h", "ws.json"}
    assert not list(dav.folder.rglob("*.tmp"))


def test_a_workspace_can_begin_on_a_server(bare_cli: Cli, dav: Dav, tmp_path: Path) -> None:
    missing = bare_cli("init", f"{dav.url}/none", "--me", "林平", "--json")
    assert (missing.code, missing.json["error"]["code"]) == (1, "no-folder")
    assert not (bare_cli.home / "sameboat.db").exists()
    assert bare_cli.ok("init", dav.url, "--me", "林平", "--json").json["place"].startswith("webdav://")
    nothing = bare_cli.in_home(tmp_path / "other")("join", f"{dav.url}/none", "--json")
    assert (nothing.code, nothing.json["error"]["code"]) == (1, "no-folder")


def test_a_large_file_is_put_beside_its_name_and_moved_there(bare_cli: Cli, dav: Dav, tmp_path: Path) -> None:
    bare_cli.ok("init", "--me", "林平")
    table = tmp_path / "tasks.csv"
    table.write_text("title\n" + "".join(f"{random():.17f}\n" for _ in range(900)))
    bare_cli.ok("import", str(table))
    bare_cli.ok("place", "add", dav.url)
    assert max(path.stat().st_size for path in dav.folder.rglob("*.seg")) > 16 * 1024
    other = bare_cli.in_home(tmp_path / "other")
    other.ok("join", dav.url, "--me", "韩梅")
    assert len(other.ok("list", "--json").json) == 900


def test_status_tells_the_next_try_and_the_budget(bare_cli: Cli, dav: Dav) -> None:
    bare_cli.ok("init", "--me", "林平")
    bare_cli.ok("place", "add", f"{dav.url}?requests=100&minutes=5")
    (place,) = bare_cli.ok("status", "--json").json["places"]
    assert place["allowed"] == 100
    assert 0 < place["requests"] < 40
    assert place["next_try"]
    assert "of 100 requests used" in bare_cli.ok("place").out
    before = place["requests"]
    bare_cli.ok("sync")
    (place,) = bare_cli.ok("place", "list", "--json").json
    assert before + 2 <= place["requests"] <= before + 6


def test_the_password_is_nowhere_but_in_the_environment(bare_cli: Cli, dav: Dav, tmp_path: Path) -> None:
    bare_cli.ok("init", "--me", "林平")
    said = [bare_cli("place", "add", dav.url.replace("webdav://", f"webdav://{USER}:{PASSWORD}@"), "--json")]
    assert (said[0].code, said[0].json["error"]["code"]) == (1, "secret-in-address")
    bare_cli.ok("place", "add", dav.url)
    said += [
        bare_cli(*words) for words in (("status", "--json"), ("place",), ("doctor",), ("sync", "--json"))
    ]
    assert not any(PASSWORD in result.out + result.err for result in said)
    for path in (*bare_cli.home.rglob("*"), *dav.folder.rglob("*")):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path


def test_a_wrong_password_and_a_missing_folder_have_sentences_of_their_own(
    bare_cli: Cli, dav: Dav, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare_cli.ok("init", "--me", "林平")
    missing = bare_cli("place", "add", f"{dav.url}/none", "--json")
    assert (missing.code, missing.json["error"]["code"]) == (1, "no-folder")
    assert [path.name for path in dav.folder.iterdir()] == []
    monkeypatch.setenv("SAMEBOAT_WEBDAV_PASSWORD", "wrong-secret")
    refused = bare_cli("place", "add", dav.url, "--json")
    assert (refused.code, refused.json["error"]["code"]) == (1, "bad-share")
    assert "permission refused" in refused.json["error"]["message"]
    assert "wrong-secret" not in refused.out + refused.err


@pytest.mark.usefixtures("credentials")
def test_a_server_that_is_away_pauses_and_loses_nothing(bare_cli: Cli, tmp_path: Path) -> None:
    folder, port = tmp_path / "folder", free_port()
    folder.mkdir()
    bare_cli.ok("init", str(folder), "--me", "林平")
    with _serving(tmp_path, port) as dav:
        bare_cli.ok("place", "add", dav.url)
    bare_cli.ok("add", "定价页")
    result = bare_cli("sync", "--json")
    assert result.code == 3
    assert [place["paused"] for place in result.json["places"]] == [None, "unreachable"]
    assert result.json["places"][0]["pushed"] > 0
    with _serving(tmp_path, port):
        assert bare_cli.ok("sync", "--json").json["places"][1]["pushed"] > 0
