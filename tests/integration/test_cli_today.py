"""Today at the shell: the lists of the morning, the plan of the day, time, and the texts to paste."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

import pytest

from tests.catalogs import ROOT
from tests.integration.conftest import Cli

PAGE = (ROOT / "tui" / "cli" / "CONTRACT.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PAGE))))
TODAY = datetime.date.today()
EVIL = "[bold]x\x1b[2J"


def keys(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def states(cli: Cli) -> list[tuple[str, str]]:
    return [(pick["title"], pick["state"]) for pick in cli.ok("plan", "--json").json["picks"]]


def test_the_lists_of_the_morning(cli: Cli) -> None:
    for words in ("today", "today --plan", "plan"):
        assert cli.ok(*words.split()).out == ""  # an empty day is told on stderr
    assert "Nothing is late." in cli.ok("today").err
    cli.ok("add", f"late {EVIL} @me ^2020-01-03")
    cli.ok("promise", f"sc>yf 文案 @me ^{TODAY.isoformat()}")
    cli.ok("conflict", "yf>sc 发布日 @me")
    found = cli.ok("today", "--json").json
    assert [thing["why"] for name in ("promised", "stuck", "slipping") for thing in found[name]] == [
        "owed", "decide", "late",
    ]  # fmt: skip
    assert found["slipping"][0]["title"] == f"late {EVIL}"
    assert found["news"] == []
    shown = cli.ok("today")
    assert "\x1b[2J" not in shown.out + shown.err
    assert "lp-1" in shown.out
    assert "stuck (1)" in shown.err


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("promised (1)", "slipping (1)")), ("zh_CN", ("已承诺 (1)", "在拖延 (1)"))],
)
def test_the_day_as_a_text_in_both_languages(cli: Cli, language: str, words: tuple[str, ...]) -> None:
    cli.ok("add", f"{EVIL} @me ^2020-01-03")
    cli.ok("promise", f"sc>yf 文案 @me ^{TODAY.isoformat()}")
    cli.ok("plan", "add", "写周报", "30m")
    text = cli.ok("today", "--text", "--lang", language).out
    assert "\x1b" not in text
    for word in (*words, "写周报", "林平", "lp-2 文案"):
        assert word in text


def test_a_day_is_planned_done_and_carried_over(cli: Cli) -> None:
    cli.ok("add", "写文案")
    made = cli.ok("plan", "add", "lp-1", "--for", "1h30", "--json").json
    assert (made["ok"], made["changed"], len(made["ids"])) == (True, True, 1)
    cli.ok("plan", "add", f"line {EVIL}", "半小时")
    cli.ok("plan", "add", "for later", "--day", "2030-01-07")
    plan = cli.ok("today", "--plan", "--json").json
    assert [(pick["number"], pick["title"], pick["minutes"], pick["private"]) for pick in plan["picks"]] == [
        (1, "写文案", 90, True), (2, f"line {EVIL}", 30, True),
    ]  # fmt: skip
    assert plan["planned"] == 120
    assert "\x1b[2J" not in cli.ok("plan").out
    cli.ok("time", "1", "45m")
    logged = cli.ok("time", "lp-1", "一个半小时", "--note", "again", "--json").json
    assert logged["minutes"] == 90
    assert cli.ok("plan", "--json").json["picks"][0]["spent"] == 135
    cli.ok("plan", "done", "lp-1")
    cli.ok("plan", "push", "2", "--to", "2030-01-08")
    assert states(cli) == [("写文案", "done"), (f"line {EVIL}", "carried over")]
    assert cli.ok("show", "lp-1", "--json").json["category"] == "done"
    assert cli.ok("plan", "--json").json["picks"][1]["to"] == "2030-01-08"
    summary = cli.ok("plan", "review").out
    assert "✓ lp-1 写文案 (2h15)" in summary
    assert "\x1b" not in summary
    cli.ok("undo")
    assert states(cli)[1] == (f"line {EVIL}", "planned")
    cli.ok("plan", "drop", "2", "--why", "other")
    assert states(cli)[1] == (f"line {EVIL}", "let go")


def test_the_plan_is_shared_and_told_at_the_stand_up(cli: Cli) -> None:
    assert cli.ok("plan", "standup").out == ""
    cli.ok("plan", "add", "写周报", "30m")
    assert cli.ok("plan", "standup", "--json").out == ""
    shared = cli.ok("plan", "share", "--json").json
    assert (len(shared["shared"]), shared["kept"]) == (1, [])
    [told] = cli.ok("plan", "standup", "--json").lines
    assert (told["member"], [pick["title"] for pick in told["planned"]]) == ("林平", ["写周报"])
    assert "写周报" in cli.ok("plan", "standup").out


def test_what_was_left_is_brought_over_and_the_third_time_needs_a_reason(cli: Cli) -> None:
    days = [(TODAY - datetime.timedelta(number)).isoformat() for number in (3, 2, 1)]
    for day in days:
        cli.ok("plan", "add", "写周报", "--day", day)
    assert len(cli.ok("plan", "--json").json["left"]) == 3
    cli.ok("plan", "bring")
    assert states(cli) == [("写周报", "planned")]
    refused = cli("plan", "push", "1", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (1, "push-why")
    cli.ok("plan", "push", "1", "--why", "等法务")
    assert cli.ok("plan", "--json").json["picks"][0]["reason"] == "等法务"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("plan", "ad"), 2, "add"), (("plan", "add"), 2, "sameboat plan add"),
        (("plan", "share", "x"), 2, "sameboat plan share"),
        (("plan", "add", "lp-99"), 1, "lp-99"), (("plan", "done", "7"), 1, "“7”"),
        (("plan", "done", "nope"), 1, "nope"),
        (("plan", "add", "x", "--for", "soon"), 2, "soon"), (("plan", "add", "x", "--day", "soon"), 2, "soon"),
        (("plan", "add", "  "), 2, "Title"), (("time", "lp-99", "5m"), 1, "lp-99"), (("time", "1"), 2, "sameboat time"),
        (("time", "1", "5x"), 2, "5x"), (("time", "1", "0"), 2, "0"), (("today", "--plan", "--text"), 2, "--text"),
        (("today", "x"), 2, "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence(cli: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    result = cli(*words)
    assert (result.code, result.out) == (code, "")
    assert said in result.err
    assert len(result.err.strip().splitlines()) <= 2
    assert "Traceback" not in result.err
    assert cli.ok("plan", "--json").json["picks"] == []


@pytest.mark.parametrize(
    "words",
    ["today", "today --plan", "plan", "plan add x", "plan done 1", "plan push 1", "plan drop 1", "plan bring",
     "plan share", "plan review", "plan standup", "time 1 5m"],
)  # fmt: skip
def test_every_key_that_is_printed_is_on_the_page(cli: Cli, words: str) -> None:
    cli.ok("add", "late @me ^2020-01-03")
    cli.ok("plan", "add", "lp-1", "--day", (TODAY - datetime.timedelta(1)).isoformat())
    cli.ok("plan", "add", "lp-1")
    cli.ok("plan", "share")
    for line in cli.ok(*words.split(), "--json").lines:
        assert set(keys(line)) <= NAMED


def test_an_occurrence_is_planned_by_its_short_id_however_long_that_is(bare_cli: Cli) -> None:
    bare_cli.ok("init", "--me", "林平", "--code", "linpinga")
    made = bare_cli.ok("add", "周报 ~每天", "--json").json
    bare_cli.ok("done", made["id"])
    following = bare_cli.ok("list", "is:open", "--json").json[0]
    assert len(following["id"].partition("-")[0]) > 8
    bare_cli.ok("plan", "add", following["id"])
    assert [pick["entity"] for pick in bare_cli.ok("plan", "--json").json["picks"]] == [following["entity"]]
