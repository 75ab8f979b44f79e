"""`sameboat retro` and `sameboat pulse` from beginning to end, and what they do not show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.database import open_store
from tests.catalogs import ROOT
from tests.conftest import exchange

if TYPE_CHECKING:
    from tests.integration.conftest import Cli

PAGE = (ROOT / "tui" / "cli" / "CONTRACT.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PAGE))))


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return {key for key in value if key not in ("林平",)} | {
            key for name, inner in value.items() for key in keys(inner) if name not in ("unseen", "over")
        }
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()


def test_a_retrospective_from_the_shell(cli: Cli) -> None:
    assert cli.ok("retro", "start", "--format", "sailboat", "Sprint 12").out == "lp-1\n"
    first = cli.ok("retro", "card", "anchor", "评审排队三天").out.strip()
    second = cli.ok("retro", "card", "1", "[bold] wind").out.strip()
    assert cli.ok("retro", "show").out.splitlines()[0] == "lp-1  Sprint 12  ·  writing"
    cli.ok("retro", "reveal")
    cli.ok("retro", "next")
    assert "2 votes left" in cli.ok("retro", "vote", first).err
    cli.ok("retro", "group", first, second)
    item = cli.ok("retro", "action", "每周三评审 @林平 ^周五", "--verify", "两周").out.strip()
    found = cli.ok("retro", "show", "--json").json
    assert found["state"] == "voting"
    assert [(card["column"], card["title"]) for card in found["wall"]] == [
        ("anchor", "评审排队三天"), ("wind", "[bold] wind"),
    ]  # fmt: skip
    assert [tally["votes"] for tally in found["tallies"]] == [1]
    assert [(one["id"], one["owner"], one["verify"]) for one in found["actions"]] == [(item, "林平", "两周")]
    assert keys(found) <= NAMED
    cli.ok("retro", "next")
    cli.ok("retro", "next")
    assert cli("retro", "card", "1", "too late").code == 1
    cli.ok("retro", "start", "Sprint 13")
    following = cli.ok("retro", "show", "--json").json
    assert [one["id"] for one in following["carried"]] == [item]
    cli.ok("retro", "verify", item)
    assert cli.ok("retro", "show", "--json").json["carried"] == []
    listed = cli.ok("retro", "list", "--json").lines
    assert [(one["title"], one["state"]) for one in listed] == [
        ("Sprint 13", "writing"),
        ("Sprint 12", "ended"),
    ]
    assert keys(listed) <= NAMED


def test_others_cards_and_answers_are_shown_by_no_command(cli: Cli, tmp_path: Path) -> None:
    cli.ok("retro", "start", "Sprint 12")
    cli.ok("pulse", "2", "quietly unhappy")
    card = cli.ok("retro", "card", "stop", "what I think").out.strip()
    mine = open_store(str(cli.home))
    from store.setup import enter_workspace, join_workspace

    theirs = join_workspace(str(tmp_path / "other"), mine.workspace)
    exchange(mine, theirs)
    enter_workspace(theirs, member="Han", code="ha")
    exchange(mine, theirs)
    pulse = theirs.conn.execute("SELECT id FROM p_pulse").fetchone()[0]
    mine.close()
    theirs.close()
    other = cli.in_home(tmp_path / "other")
    for words in (("retro", "show"), ("retro", "show", "--json"), ("log",), ("log", "--json"), ("log", card),
                  ("pulse",), ("pulse", "--json"), ("retro", "list")):  # fmt: skip
        said = other.ok(*words).out
        assert "what I think" not in said, words
        assert "quietly unhappy" not in said, words
    assert other.ok("retro", "show", "--json").json["unseen"] == {"stop": 1}
    for ent in (card, pulse):
        refused = other("show", ent)
        assert refused.code == 1
        assert refused.out == ""
    assert "what I think" in cli.ok("log").out
    assert "what I think" in cli.ok("show", card).out
    other.ok("retro", "reveal")
    assert "what I think" in other.ok("retro", "show").out
    assert "what I think" in other.ok("show", card).out


def test_a_pulse_from_the_shell(cli: Cli) -> None:
    assert cli.ok("pulse", "4", "一行", "--json").json["score"] == 4
    everybody = cli.ok("pulse", "--json").lines[-1]
    assert everybody["everybody"] is True
    assert everybody["trend"][-1]["mean"] is None
    assert keys(everybody) <= NAMED
    assert "1 of 3 needed" in cli.ok("pulse").out
    assert "1/3 人" in cli.ok("pulse", "--lang", "zh_CN").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("retro", "strat"), 2, "Did you mean “start”?"),
        (("retro", "show"), 1, "No retrospective is going on"),
        (("retro", "card", "x"), 2, "sameboat retro card COLUMN TEXT"),
        (("retro", "vote"), 2, "sameboat retro vote CARD"),
        (("retro", "start", "--format", "lines"), 2, "lines"),
        (("retro", "start", "--votes", "0"), 2, "--votes"),
        (("pulse", "6"), 2, "6"),
        (("pulse", "--week", "soon"), 2, "2026-W48"),
    ],
)
def test_what_cannot_be_done_is_said(cli: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    done = cli(*words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_card_for_no_column_and_a_vote_too_early_are_refused(cli: Cli) -> None:
    cli.ok("retro", "start", "x")
    assert "start, stop, continue" in cli("retro", "card", "wind", "y").err
    card = cli.ok("retro", "card", "sta", "y").out.strip()
    assert "revealed" in cli("retro", "vote", card).err
    assert cli("retro", "vote", "nothing").code == 1
    assert cli("retro", "vote", "lp-1").code != 0
