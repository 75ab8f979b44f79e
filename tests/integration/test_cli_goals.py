"""Goals at the command line and for programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.catalogs import ROOT

if TYPE_CHECKING:
    from tests.integration.conftest import Cli


@pytest.fixture
def goals(cli: Cli) -> Cli:
    """A goal lp-1 with lp-2 beneath it, and two items lp-3 and lp-4."""
    cli.ok("goal", "add", "付费转化：试用转付费 4.2% → 7.2% @me ^2026-12-31")
    cli.ok("goal", "add", "结账 214 -> 150 -> 90 s", "--under", "lp-1")
    cli.ok("add", "研发：支付接口联调")
    cli.ok("add", "市场：定价页")
    return cli


def test_a_goal_is_set_shown_and_its_number_said(goals: Cli) -> None:
    top, part = goals.ok("goals", "--json").lines
    assert (top["id"], top["title"], top["metric"], top["baseline"], top["target"]) == (
        "lp-1", "付费转化", "试用转付费 %", 4.2, 7.2,
    )  # fmt: skip
    assert (part["parent"], part["depth"], part["current"]) == ("lp-1", 1, 150)
    assert part["progress"] == pytest.approx(64 / 124)
    assert top["progress"] is None
    changed = goals.ok("goal", "set", "lp-1", "current=5.7", "period=Q4", "--json").json
    assert (changed["ok"], changed["changed"], changed["current"], changed["period"]) == (
        True,
        True,
        5.7,
        "Q4",
    )
    shown = goals.ok("goals").out
    assert "4.2 → 5.7 → 7.2 %" in shown
    assert "50%" in shown
    assert [one["value"] for one in goals.ok("goals", "--json").lines[0]["history"]] == [5.7]
    assert goals.ok("undo").code == 0
    assert goals.ok("goals", "--json").lines[0]["current"] is None


def test_departments_answer_and_work_is_linked(goals: Cli) -> None:
    assert goals("goal", "ack", "lp-1").code == 1  # of no department
    assert goals.ok("goal", "ack", "lp-1", "--dept", "yf", "--json").json["answers"] == {
        "研发": "acknowledged"
    }
    said = goals.ok("goal", "object", "lp-1", "展会", "[bold]撞期", "--dept", "市场", "--json").json
    assert said["objections"] == {"市场": "展会 [bold]撞期"}
    linked = goals.ok("goal", "link", "lp-2", "lp-3", "lp-4", "--json").json
    assert (linked["id"], linked["ids"], linked["changed"]) == ("lp-2", ["lp-3", "lp-4"], True)
    assert not goals.ok("goal", "link", "lp-2", "lp-3", "--json").json["changed"]
    goals.ok("done", "lp-3")
    *lines, sums = goals.ok("goals", "--matrix", "--json").lines
    top = {cell["department"]: cell for cell in lines[0]["cells"]}
    assert (top["研发"]["done"], top["研发"]["answer"]) == (1, "acknowledged")
    assert (top["市场"]["open"], top["市场"]["answer"]) == (1, "objected")
    assert (sums["id"], sums["open"], sums["done"]) == (None, 1, 1)
    assert "1/2" in goals.ok("goals", "--matrix").out
    assert [row["id"] for row in goals.ok("list", "goal:结账", "--json").json] == ["lp-4", "lp-3"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("goal",), 2), (("goal", "ad"), 2), (("goal", "set", "lp-1"), 2), (("goal", "set", "lp-1", "current"), 2),
        (("goal", "set", "lp-1", "current=lots"), 2), (("goal", "set", "lp-3", "current=1"), 1),
        (("goal", "ack", "zz-9"), 1),
        (("goal", "ack", "lp-1", "--dept", "none"), 1), (("goal", "link", "lp-1", "lp-2"), 1),
        (("goal", "object", "lp-1"), 2), (("goal", "add", "x", "--under", "lp-3"), 1), (("goals", "x"), 2),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_a_sentence(goals: Cli, words: tuple[str, ...], code: int) -> None:
    failed = goals(*words)
    assert failed.code == code
    assert failed.err.strip()
    assert "Traceback" not in failed.err
    assert [row["title"] for row in goals.ok("goals", "--json").lines] == ["付费转化", "结账"]


def test_every_key_that_is_printed_is_on_the_page_of_the_contract(goals: Cli) -> None:
    page = (ROOT / "tui" / "cli" / "CONTRACT.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", page))))
    goals.ok("goal", "set", "lp-1", "current=5")
    goals.ok("goal", "link", "lp-1", "lp-3")
    for words in (
        ("goals",),
        ("goals", "--matrix"),
        ("goal", "link", "lp-1", "lp-4"),
        ("goal", "set", "lp-1", "due=fri"),
    ):
        for line in goals.ok(*words, "--json").lines:
            keys = {*line, *(key for cell in line.get("cells", []) for key in cell)}
            assert keys <= named, keys - named


def test_nothing_set_is_said(cli: Cli) -> None:
    assert cli.ok("goals", "--json").out == ""
    assert "No goal is set yet" in cli.ok("goals").err
    assert cli.ok("goals", "--matrix").out == ""
