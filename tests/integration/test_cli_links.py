"""What waits for what, said at the command line and by programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.integration.conftest import Cli, Result


@pytest.fixture
def two(cli: Cli) -> Cli:
    """Two items, lp-1 支付接口联调 and lp-2 定价页."""
    cli.ok("add", "支付接口联调")
    cli.ok("add", "定价页")
    return cli


def _links(cli: Cli, name: str, key: str) -> list[tuple[str, str, int]]:
    return [(row["id"], row["type"], row["lag"]) for row in cli.ok("show", name, "--json").json[key]]


def _apply(cli: Cli, *requests: dict[str, Any]) -> Result:
    return cli("apply", stdin="".join(json.dumps(request) + "\n" for request in requests))


def test_the_second_waits_for_the_first_and_both_show_it(two: Cli) -> None:
    result = two.ok("link", "lp-1", "lp-2", "--type", "SS", "--lag", "2")
    assert result.out == ""
    assert result.err == "lp-2 waits for lp-1 (SS, 2 working days later)\n"
    assert _links(two, "lp-2", "waits_for") == [("lp-1", "SS", 2)]
    assert _links(two, "lp-1", "waited_for_by") == [("lp-2", "SS", 2)]
    assert _links(two, "lp-1", "waits_for") == _links(two, "lp-2", "waited_for_by") == []
    shown = two.ok("show", "lp-2").out
    assert shown.index("Waits for") < shown.index("lp-1  支付接口联调  SS+2")
    assert "Waited for by\n  lp-2  定价页  SS+2" in two.ok("show", "lp-1").out


def test_a_link_is_told_to_programs_and_again_is_no_change(two: Cli) -> None:
    said = two.ok("link", "lp-1", "lp-2", "--lag", "-1", "--json").json
    expected = {"ok": True, "predecessor": "lp-1", "successor": "lp-2", "type": "FS", "lag": -1}
    assert said == {**expected, "changed": True}
    again = two.ok("link", "lp-1", "lp-2", "--lag=-1", "--json")
    assert again.json == {**expected, "changed": False}
    assert again.err == "Nothing to change: it is so already.\n"


def test_unlinking_ends_it_and_undo_brings_it_back(two: Cli) -> None:
    two.ok("link", "lp-1", "lp-2")
    assert two.ok("unlink", "lp-1", "lp-2", "--json").json == {
        "ok": True, "predecessor": "lp-1", "successor": "lp-2", "changed": True,
    }  # fmt: skip
    assert _links(two, "lp-2", "waits_for") == []
    assert two.ok("undo").err == "Undone: unlinked lp-1 → lp-2\n"
    assert _links(two, "lp-2", "waits_for") == [("lp-1", "FS", 0)]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("lp-2", "lp-1"), 1, "a circle, in which everything waits for itself: lp-1 → lp-2 → lp-1"),
        (("lp-1", "lp-1"), 1, "lp-1 cannot wait for itself"),
        (("lp-1", "lp-3"), 1, "“lp-3”"),
        (("lp-1", "lp-2", "--lag", "two"), 2, "“two” is nothing for “--lag”"),
        (("lp-1", "lp-2", "--lag", "10001"), 2, "-10000 to 10000"),
        (("lp-1", "lp-2", "--type", "FX"), 2, "FS, SS, FF, SF"),
        (("lp-1",), 2, "sameboat link FIRST SECOND"),
    ],
)
def test_a_link_that_cannot_be_is_refused_in_words(
    two: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    two.ok("link", "lp-1", "lp-2")
    result = two("link", *words)
    assert result.code == code
    assert said in result.err
    assert _links(two, "lp-2", "waits_for") == [("lp-1", "FS", 0)]


def test_programs_link_what_they_have_just_made(cli: Cli) -> None:
    result = _apply(
        cli,
        *({"do": "add", "kind": "item", "fields": {"title": title}, "ref": title} for title in "abc"),
        {"do": "link", "predecessor": "a", "successor": "b", "type": "FF", "lag": 3},
        {"do": "link", "predecessor": "b", "successor": "lp-3"},
        {"do": "link", "predecessor": "c", "successor": "a"},
        {"do": "unlink", "predecessor": "b", "successor": "c"},
        {"do": "unlink", "predecessor": "b", "successor": "c"},
        {"do": "link", "predecessor": "b", "successor": "c", "lag": "3"},
    )
    assert [line["ok"] for line in result.lines] == [True] * 5 + [False, True, False, False], result.out
    assert [line["error"]["code"] for line in result.lines if not line["ok"]] == [
        "link-circle", "not-linked", "wrong-type",
    ]  # fmt: skip
    assert result.lines[4]["id"] == result.lines[6]["id"]
    assert _links(cli, "lp-2", "waits_for") == [("lp-1", "FF", 3)]
    exported = [json.loads(line) for line in cli.ok("export", "--json").out.splitlines()]
    live = [line for line in exported if line.get("kind") == "dependency" and not line.get("trashed")]
    assert [(line["id"], line["fields"]["type"], line["fields"]["lag"]) for line in live] == [
        (result.lines[3]["id"], "FF", 3)
    ]


def test_a_dependency_added_by_a_program_is_a_link_like_any_other(two: Cli) -> None:
    def add(**fields: object) -> dict[str, object]:
        return {"do": "add", "kind": "dependency", "fields": fields, "ref": "d"}

    result = _apply(
        two,
        add(predecessor="lp-1", successor="lp-2", type="SS", lag=1, labels=["x"]),
        {"do": "link", "predecessor": "lp-1", "successor": "lp-2", "lag": 4},
        add(predecessor="lp-2", successor="lp-1") | {"ref": "e"},
        add(predecessor="lp-2") | {"ref": "f"},
    )
    assert [line["ok"] for line in result.lines] == [True, True, False, False]
    assert result.lines[0]["id"] == result.lines[1]["id"]
    assert [line["error"]["code"] for line in result.lines[2:]] == ["link-circle", "bad-value"]
    assert _links(two, "lp-2", "waits_for") == [("lp-1", "FS", 4)]


def test_a_start_fixed_by_hand_is_shown_where_there_is_one(two: Cli) -> None:
    assert "Start fixed by hand" not in two.ok("show", "lp-1").out
    two.ok("set", "lp-1", "pinned=yes", "start=2026-12-01")
    assert "Start fixed by hand" in two.ok("show", "lp-1").out


def test_the_past_has_its_links(two: Cli) -> None:
    two.ok("link", "lp-1", "lp-2")
    assert two.ok("show", "lp-2", "--as-of", "today", "--json").json["waits_for"][0]["id"] == "lp-1"
