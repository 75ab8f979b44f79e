"""`sameboat find`, `views` and `list --view`: through a real share, as a teammate has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import commands
from store.database import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import Cli


def keep_view(home: Path, **fields: object) -> None:
    store = open_store(str(home))
    try:
        commands.create(store, "view", fields)
    finally:
        store.close()


def test_anything_is_found_with_where_the_words_stand(cli: Cli) -> None:
    cli.ok("add", "定价页 #launch")
    cli.ok("add", "别的")
    cli.ok("comment", "lp-2", "看定价页")
    cli.ok("feedback", "定价太贵")
    cli.ok("set", "lp-2", "title=新的名字")
    found = cli.ok("find", "定价", "--json").json
    assert {(hit["id"], hit["kind"], hit["where"]) for hit in found[:2]} == {
        ("lp-1", "item", "title"),
        ("lp-3", "feedback", "title"),
    }
    assert [(hit["id"], hit["where"], hit["matched"]) for hit in found[2:]] == [
        ("lp-2", "comment", "看定价页")
    ]
    past = cli.ok("find", "别的", "--json").json
    assert [(hit["id"], hit["where"], hit["matched"]) for hit in past] == [("lp-2", "history", "别的")]
    assert cli.ok("find", "lp-1", "--json").json[0]["where"] == "id"
    spelt = cli.ok("find", "djy", "--json").json
    assert [(hit["id"], hit["where"]) for hit in spelt] == [("lp-1", "initials")]
    assert "定价页" in cli.ok("find", "定价页").out
    nothing = cli.ok("find", "没有这个")
    assert (nothing.out, bool(nothing.err)) == ("", True)
    assert cli("find").code == 2


def test_a_teammate_has_the_views_and_not_the_private_ones(cli: Cli, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    cli.ok("place", "add", str(share))
    cli.ok("add", "定价页 ^fri")
    cli.ok("add", "别的")
    keep_view(cli.home, title="定价", kind="list", query="定价", sort="due", columns="title due")
    cli.ok("sync")
    other = cli.in_home(tmp_path / "other")
    other.ok("join", str(share), "--me", "韩梅")
    other.ok("sync")
    [view] = other.ok("views", "--json").json
    assert (view["title"], view["shown_as"], view["query"], view["private"]) == (
        "定价",
        "list",
        "定价",
        False,
    )
    assert [row["title"] for row in other.ok("list", "--view", "定价", "--json").json] == ["定价页"]
    assert other.ok("list", "--view", "定价", "别的", "--json").json == []
    wrong = other("list", "--view", "定家")
    assert wrong.code == 1
    assert "定家" in wrong.err
