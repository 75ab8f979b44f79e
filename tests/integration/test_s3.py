"""Two homes over a real S3 server: what one writes the other has, and what lies there is never written over."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sync.places.address import parse_address
from sync.places.budget import Budget
from sync.places.cloud import CloudTransport
from sync.places.transport import TransportError
from tests.integration.servers import answers, free_port, need_extra, program, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.conftest import Cli

need_extra()

SECRET = "wJalrXUtnFEMI-K7MDENG"


class Store(NamedTuple):
    """A running store: an address in a bucket, and one in a bucket that does not exist."""

    url: str
    nowhere: str


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    command = [program("moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with running(command, ready=answers(port), log=tmp_path_factory.mktemp("moto") / "log"):
        request = urllib.request.Request(f"http://127.0.0.1:{port}/bucket", method="PUT")
        urllib.request.urlopen(request, timeout=20).close()
        yield port


@pytest.fixture
def s3(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("SAMEBOAT_SYNC", "manual")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    query = f"?endpoint=http://127.0.0.1:{port}&region=eu-central-1"
    return Store(f"s3://bucket/{tmp_path.name}{query}", f"s3://nobucket/team{query}")


def test_what_one_writes_the_other_has(bare_cli: Cli, s3: Store, tmp_path: Path) -> None:
    bare_cli.ok("init", s3.url, "--me", "林平", "--code", "lp")
    bare_cli.ok("add", "定价页")
    bare_cli.ok("sync")
    other = bare_cli.in_home(tmp_path / "other")
    other.ok("join", s3.url, "--me", "韩梅", "--code", "hm")
    other.ok("add", "结账页")
    other.ok("sync")
    bare_cli.ok("sync")
    assert {row["title"] for row in bare_cli.ok("list", "--json").json} == {"定价页", "结账页"}
    assert bare_cli.ok("export").out == other.ok("export").out
    (place,) = bare_cli.ok("status", "--json").json["places"]
    assert (place["paused"], place["allowed"]) == (None, None)
    for path in bare_cli.home.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


def test_a_second_workspace_finds_the_folder_taken(bare_cli: Cli, s3: Store, tmp_path: Path) -> None:
    bare_cli.ok("init", s3.url, "--me", "林平")
    other = bare_cli.in_home(tmp_path / "other")
    other.ok("init", "--me", "韩梅")
    result = other("place", "add", s3.url, "--json")
    assert (result.code, result.json["error"]["code"]) == (1, "other-workspace")


def test_a_bucket_that_is_not_there_has_a_sentence_of_its_own(bare_cli: Cli, s3: Store) -> None:
    result = bare_cli("init", s3.nowhere, "--me", "林平", "--json")
    assert (result.code, result.json["error"]["code"]) == (1, "bad-share")
    assert "the folder is not there" in result.json["error"]["message"]
    assert SECRET not in result.out + result.err
    assert not (bare_cli.home / "sameboat.db").exists()


def test_files_are_whole_and_never_written_over(s3: Store) -> None:
    address = parse_address(s3.url)
    share = CloudTransport(address, "sameboat-64pw8q1x", "h48hhdd1ayfd", Budget("", address.account))
    share.create()
    assert share.list("h").files == []
    share.write("h/a.b.1.x", b"head")
    share.write("h/a.b.1.x", b"head")
    with pytest.raises(TransportError, match="taken"):
        share.write("h/a.b.1.x", b"another")
    assert share.read("h/a.b.1.x", 100) == b"head"
    with pytest.raises(TransportError, match="too-large"):
        share.read("h/a.b.1.x", 3)
    share.write("d/a.b/1-2.x.seg", bytes(100_000))
    assert (share.list("h").files, share.list("d/a.b").files) == (["a.b.1.x"], ["1-2.x.seg"])
    share.remove("h/a.b.1.x")
    share.remove("h/a.b.1.x")
    with pytest.raises(TransportError, match="missing"):
        share.read("h/a.b.1.x", 100)
