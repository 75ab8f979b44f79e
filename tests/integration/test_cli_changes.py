"""What comes again and what teammates did, at the command line and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.conftest import Cli


def test_an_item_comes_again_until_it_is_ended(cli: Cli) -> None:
    added = cli.ok("add", "周会 ~every mon", "--json").json
    assert added["fields"]["recurrence"] == "FREQ=WEEKLY;BYDAY=MO"
    assert added["fields"]["title"] == "周会"
    assert "every Mon" in cli.ok("repeat", "lp-1").err
    cli.ok("done", "lp-1")
    rows = [row["state"] for row in _lines(cli, "repeat", "lp-1", "--history")]
    assert rows[0] == "done"
    assert len(rows) == 2
    following = _lines(cli, "repeat", "lp-1", "--history")[1]["id"]
    third = cli.ok("repeat", following, "--skip", "--json").json["next"]
    assert [row["state"] for row in _lines(cli, "repeat", "lp-1", "--history")][1] == "skipped"
    cli.ok("repeat", third, "--postpone", "2030-01-02", "--later")
    assert cli.ok("repeat", third, "--json").json["rule"] == "FREQ=WEEKLY;BYDAY=WE"
    cli.ok("repeat", third, "--end")
    assert cli("repeat", third).code == 1
    cli.ok("undo")
    assert cli.ok("repeat", third, "--json").json["rule"] == "FREQ=WEEKLY;BYDAY=WE"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("repeat", "lp-1", "sometimes"), 2), (("repeat", "lp-1", "--skip"), 1), (("repeat", "lp-1", "--history"), 1),
        (("repeat", "lp-9", "daily"), 1), (("repeat", "lp-2", "daily"), 1), (("repeat", "lp-1", "daily", "--end"), 2),
        (("repeat", "lp-1", "--later"), 2), (("repeat", "lp-1", "--skip", "--end"), 2), (("repeat",), 2),
        (("set", "lp-1", "recurrence=\x1b[31mnonsense"), 2), (("changes", "x"), 2),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_a_sentence(cli: Cli, words: tuple[str, ...], code: int) -> None:
    cli.ok("add", "定价页")
    cli.ok("conflict", "yf>sc 发布日")
    result = cli(*words)
    assert result.code == code
    assert result.err.strip()
    assert "Traceback" not in result.err
    assert "\x1b" not in result.err


def test_a_rule_is_set_as_it_is_said_in_either_language(cli: Cli) -> None:
    cli.ok("add", "定价页")
    cli.ok("set", "lp-1", "recurrence=每月最后一个周五，共10次")
    assert cli.ok("repeat", "lp-1", "--json").json["rule"] == "FREQ=MONTHLY;BYDAY=-1FR;COUNT=10"
    assert "every month on the last Fri, 10 times" in cli.ok("repeat", "lp-1").err
    cli.ok("set", "lp-1", "remind=2020-01-01")


def test_what_has_come_due_is_told_until_it_was_seen(cli: Cli) -> None:
    cli.ok("add", "[bold]提醒")
    cli.ok("set", "lp-1", "remind=2020-01-01")
    [line] = _lines(cli, "changes")
    assert (line["why"], line["day"], line["title"], line["new"]) == (
        "reminder",
        "2020-01-01",
        "[bold]提醒",
        True,
    )
    assert "[bold]提醒" in cli.ok("changes", "--seen").out
    assert _lines(cli, "changes") == []
    assert "Nothing new" in cli.ok("changes").err
    assert [row["new"] for row in _lines(cli, "changes", "--read")] == [False]
    assert _lines(cli, "changes", "--all") == []


def _lines(cli: Cli, *words: str) -> list[dict[str, object]]:
    import json

    return [json.loads(line) for line in cli.ok(*words, "--json").out.splitlines()]
