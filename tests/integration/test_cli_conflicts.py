"""Conflicts, cases and playbooks from the command line, for people and for programs."""

from __future__ import annotations

import json

import pytest

from tests.integration.conftest import Cli


@pytest.fixture
def logged(cli: Cli) -> Cli:
    """The command line of a workspace with one conflict, lp-1, of 研发 and 市场."""
    cli.ok("conflict", "yf>sc 发布日提前两周 !2 #资源")
    return cli


def state(cli: Cli, short: str = "lp-1") -> str:
    return str(cli.ok("show", short, "--json").json["state"])


def test_a_conflict_is_decided_checked_and_closed(logged: Cli) -> None:
    assert logged.ok("decide", "lp-1", "原日期上线", "--by", "me", "--json").json == {
        "ok": True, "ids": ["lp-1"], "changed": True,
    }  # fmt: skip
    shown = logged.ok("show", "lp-1", "--json").json
    assert (shown["state"], shown["decider"], shown["fields"]["decision"]) == (
        "decided",
        "林平",
        "原日期上线",
    )
    refused = logged("check", "lp-1", "yf=4", "--close")
    assert refused.code == 1
    assert refused.err == (
        "sameboat: lp-1 is not checked yet: 市场 still have to say how it is now, 1 to 5 "
        "(`sameboat check lp-1 sc=4`); then it can be closed.\n"
    )
    assert state(logged) == "decided"
    logged.ok("check", "lp-1", "yf=4", "市场=3", "--close")
    assert state(logged) == "closed"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("check", "lp-1", "yf=9"), 2, "1 to 5"),
        (("check", "lp-1", "yf"), 2, "is not DEPARTMENT=1 to 5, like yf=4"),
        (("check", "lp-1", "yf=x"), 2, "is not DEPARTMENT=1 to 5"),
        (("check", "lp-1", "zz=4"), 1, "There is no “zz”"),
        (("decide", "lp-1", "  "), 2, "nothing to add"),
        (("set", "lp-1", "state=closed"), 1, "has no decision yet"),
        (("set", "lp-1", "state=escalated"), 1, "Say who takes lp-1 up"),
        (("set", "lp-1", "state=reopened"), 1, "was never settled"),
        (("move", "lp-1", "closed"), 1, "has no decision yet"),
        (("move", "lp-1", "Doing"), 2, "is nothing for “State”"),
        (("done", "lp-1"), 1, "has no decision yet"),
        (("case", "keep", "lp-1"), 1, "is no case yet"),
        (("case", "kep"), 2, "Did you mean “keep”?"),
        (("playbook", "apply"), 2, "sameboat playbook apply"),
        (("decide", "lp-9", "x"), 1, "There is no “lp-9”"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do_next(
    logged: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    refused = logged(*words)
    assert refused.code == code
    assert said in refused.err
    assert state(logged) == "logged"


def test_set_takes_the_decision_and_the_state_in_any_order(logged: Cli) -> None:
    logged.ok("set", "lp-1", "state=decided", "decision=原日期上线")
    assert state(logged) == "decided"
    logged.ok("move", "lp-1", "checking")
    assert state(logged) == "checking"


def test_apply_asks_for_the_same(logged: Cli) -> None:
    requests = [
        {"do": "set", "id": "lp-1", "fields": {"state": "closed", "decision": "原日期上线"}},
        {"do": "move", "id": "lp-1", "status": "closed"},
        {
            "do": "set",
            "id": "lp-1",
            "fields": {"decision": "x", "state": "closed", "check": {"yf": 4, "sc": 5}},
        },
        {"do": "move", "id": "lp-1", "status": "negotiating"},
        {"do": "add", "kind": "conflict", "fields": {"title": "as imported", "state": "closed"}},
    ]
    answers = logged("apply", stdin="\n".join(map(json.dumps, requests))).lines
    assert [answer.get("error", {}).get("code") for answer in answers] == [
        "conflict-needs-checks", "conflict-needs-decision", None, "conflict-closed", None,
    ]  # fmt: skip
    assert state(logged) == "closed"


def test_conflicts_are_listed_and_counted(logged: Cli) -> None:
    logged.ok("conflict", "sc>xs 谁来写手册 ^+3d")
    logged.ok("decide", "lp-2", "销售写")
    logged.ok("check", "lp-2", "sc=5", "xs=5", "--close")
    logged.ok("set", "lp-2", "state=reopened")
    logged.ok("add", "no conflict")
    rows = logged.ok("conflicts", "--json").json
    assert [(row["id"], row["next"], row["reopened"], row["checked"]) for row in rows] == [
        ("lp-2", "to decide", 1, 0), ("lp-1", "to confirm", 0, 0),
    ]  # fmt: skip
    assert rows[1]["parties"] == ["研发", "市场"]
    counted = {
        tuple(sorted(row["parties"])): row for row in logged.ok("conflicts", "--matrix", "--json").lines
    }
    assert counted["市场", "销售"] == {
        "parties": counted["市场", "销售"]["parties"], "open": ["lp-2"], "closed": [], "reopened": ["lp-2"],
    }  # fmt: skip
    assert logged.ok("conflicts", "--matrix").out.count("\t") == 6
    listed = logged.ok("conflicts").out.splitlines()
    assert [line.split("\t")[0] for line in listed] == ["lp-2", "lp-1"]


def test_closed_conflicts_are_listed_when_asked_for(logged: Cli) -> None:
    logged.ok("set", "lp-1", "decision=x", "check.yf=4", "check.sc=4", "state=closed")
    assert logged.ok("conflicts").out == ""
    assert logged.ok("conflicts", "--all").out.startswith("lp-1\t")


def test_what_is_similar_is_said_on_stderr_after_it_is_kept(logged: Cli) -> None:
    logged.ok("decide", "lp-1", "原日期上线，展会只演示预览版\n第二行")
    said = logged.ok("conflict", "sc>yf 发布日又要提前")
    assert said.out == "lp-2\n"
    assert said.err.splitlines()[-1] == "similar: lp-1, settled by: 原日期上线，展会只演示预览版"
    assert "similar" not in logged.ok("conflict", "sc>xs 食堂").err


def test_a_case_becomes_a_playbook_becomes_items(logged: Cli) -> None:
    logged.ok("set", "lp-1", "decision=原日期上线", "state=decided")
    case = logged.ok("case", "keep", "lp-1", "--json").json
    assert (case["ids"], case["changed"]) == (["lp-2"], True)
    assert logged.ok("case", "keep", "lp-1", "--json").json["changed"] is False
    [listed] = logged.ok("case", "list", "发布日", "--json").lines
    assert (listed["id"], listed["action"], listed["departments"]) == ("lp-2", "原日期上线", ["研发", "市场"])
    assert logged.ok("case").out.startswith("lp-2\t")
    assert logged.ok("case", "list", "nothing").out == ""
    logged.ok("playbook", "make", "lp-2")
    [book] = logged.ok("playbook", "--json").lines
    assert (book["id"], book["steps"]) == ("lp-3", 1)
    assert logged.ok("playbook", "apply", "lp-3", "--for", "lp-1", "--json").json["ids"] == ["lp-4"]
    [action] = logged.ok("show", "lp-1", "--json").json["derived"]
    assert (action["id"], action["title"], action["category"]) == ("lp-4", "原日期上线", "todo")
    assert "lp-4  原日期上线" in logged.ok("show", "lp-1").out
    logged.ok("undo")
    assert logged.ok("show", "lp-1", "--json").json["derived"] == []
