"""Promises and meetings at the shell: a meeting from its start to its minutes, and what was kept of promises."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from tests.catalogs import ROOT
from tests.integration.conftest import Cli

PAGE = (ROOT / "tui" / "cli" / "CONTRACT.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PAGE))))


def keys(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key != "fields":
                yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_a_promise_is_written_down_in_one_line(cli: Cli) -> None:
    made = cli.ok("promise", "--json", "sc>yf 周五前给文案 @林平 ^2030-01-04").json
    assert (made["id"], made["kind"], made["fields"]["title"]) == ("lp-1", "commitment", "周五前给文案")
    said = cli.ok("promise", "yf＞sc [bold] ^2030-01-05")
    assert said.out == "lp-2\n"
    assert "Promised by 研发" in said.err
    assert "Promised to 市场" in said.err
    assert len(cli.ok("promise", "-", stdin="a\nb\n").out.split()) == 2


def test_promises_and_how_they_ended(cli: Cli) -> None:
    for title, due in (
        ("kept", "2020-01-03"),
        ("moved", "2030-01-04"),
        ("late", "2020-01-03"),
        ("lost", "2020-01-03"),
    ):
        cli.ok("promise", f"sc>yf {title} ^{due}")
    cli.ok("promises", "kept", "lp-1")
    assert cli.ok("promises", "confirm", "lp-1", "--json").json["confirmed"] == "林平"
    moved = cli.ok("promises", "move", "lp-2", "2030-02-01", "--why", "法务", "--json").json
    assert (moved["state"], moved["due"], moved["first_due"], moved["reason"]) == (
        "renegotiated", "2030-02-01", "2030-01-04", "法务",
    )  # fmt: skip
    anew = cli.ok("promises", "move", "lp-3", "2030-02-01", "--json").json
    assert (anew["id"], anew["follows"], anew["state"]) == ("lp-5", "lp-3", "promised")
    cli.ok("promises", "broken", "lp-4", "--why", "忘了")
    rows = cli.ok("promises", "--json", "--days", "9999").lines
    assert {(row["id"], row["section"]) for row in rows if "id" in row} == {
        ("lp-1", "confirmed"), ("lp-2", "to come"), ("lp-3", "unconfirmed"), ("lp-4", "unconfirmed"),
        ("lp-5", "to come"),
    }  # fmt: skip
    [ratio] = [row for row in rows if "made" in row]
    assert (ratio["from"], ratio["to"], ratio["made"], ratio["kept"], ratio["broken"], ratio["percent"]) == (
        "市场", "研发", 3, 1, 2, 33,
    )  # fmt: skip
    shown = cli.ok("promises", "--days", "9999")
    assert "Marketing → R&D  33% · kept 1 of 3 · 1 of them late · 2 broken" in shown.err
    assert "lp-1" not in shown.out
    assert "lp-1" in cli.ok("promises", "--all").out


def test_a_promise_in_both_languages(cli: Cli) -> None:
    cli.ok("promise", "sc>yf 文案 ^2020-01-03")
    assert "overdue" in cli.ok("promises").out
    assert "已过期" in cli.ok("promises", "--lang", "zh_CN").out


def test_a_meeting_from_its_start_to_its_minutes(cli: Cli) -> None:
    cli.ok("conflict", "yf>sc 发布日提前两周 !1")
    started = cli.ok("meeting", "start", "yf⇄sc 周会 @me", "--kind", "weekly", "--json").json
    assert (started["title"], started["kind"], set(started["departments"])) == (
        "周会",
        "weekly",
        {"研发", "市场"},
    )
    assert [point["id"] for point in started["points"]] == ["lp-1"]
    assert cli.ok("add", "问法务 @me ^fri", "--json").json["fields"]["meeting"] == started["entity"]
    assert "Meeting lp-2" in cli.ok("conflict", "yf>sc 又一个").err
    cli.ok("promise", "sc>yf 文案 ^2030-01-04")
    cli.ok("meeting", "note", "第一行\x1b[2J\n第二行")
    cli.ok("meeting", "decide", "12 月 1 日发布 @me", "--about", "lp-1")
    cli.ok("meeting", "point", "[bold]预算")
    cli.ok("meeting", "point", "1", "--covered", "--spent", "5")
    agenda = cli.ok("meeting", "agenda").out.splitlines()
    assert agenda[0].split() == ["1", "✓", "lp-1", "发布日提前两周", "conflict", "·", "▲1"]
    assert "[bold]预算" in agenda[1]
    cli.ok("meeting", "end")
    text = cli.ok("meeting", "minutes").out
    for line in (
        "- Departments: R&D ⇄ Marketing", "- Attendees: 林平", "1. 发布日提前两周 (lp-1) (5 min)",
        "   - decision: 12 月 1 日发布 (lp-6) — 林平", "## Conflicts logged", "- R&D ⇄ Marketing: 又一个 (lp-4)",
        "- Marketing → R&D: 文案 (lp-5) — 2030-01-04", "  第二行", "- [bold]预算",
    ):  # fmt: skip
        assert any(shown.startswith(line) for shown in text.splitlines()), (line, text)
    assert "\x1b" not in text
    chinese = cli.ok("meeting", "minutes", "lp-2", "--lang", "zh_CN").out
    assert "## 决议" in chinese
    assert "研发 ⇄ 市场" in chinese


def test_minutes_leave_drafts_out(cli: Cli) -> None:
    cli.ok("conflict", "--private", "yf>sc 只有我知道")
    cli.ok("meeting", "start", "周会")
    cli.ok("add", "--private", "私下做")
    assert "只有我知道" in cli.ok("meeting", "agenda").out
    text = cli.ok("meeting", "minutes").out
    assert "只有我知道" not in text
    assert "私下做" not in text


def test_a_joint_meeting_has_both_sides(cli: Cli) -> None:
    cli.ok("conflict", "yf>sc 发布日")
    held = cli.ok("meeting", "start", "--about", "lp-1", "--json").json
    assert (held["kind"], held["title"], set(held["departments"])) == ("joint", "发布日", {"研发", "市场"})
    listed = cli.ok("meeting", "list", "--json").lines
    assert (listed[0]["running"], listed[0]["id"]) == (True, "lp-2")


def test_what_came_up_since_is_put_on_the_agenda(cli: Cli) -> None:
    cli.ok("meeting", "start")
    assert cli.ok("meeting", "agenda").out == ""
    cli.ok("conflict", "yf>sc x")
    assert "lp-2" in cli.ok("meeting", "agenda", "--rebuild").out


def test_a_pair_that_does_not_meet_is_said(cli: Cli) -> None:
    cli.ok("meeting", "cadence", "研发", "sc", "14")
    assert "R&D ⇄ Marketing: have not met yet, wanted every 14 days" in cli.ok("meeting", "list").err
    [gap] = cli.ok("meeting", "list", "--json").lines
    assert set(gap["cadence"]) == {"研发", "市场"}
    assert (gap["every"], gap["days"], gap["overdue"]) == (14, None, True)
    cli.ok("meeting", "start", "yf>sc 周会")
    assert "have not met" not in cli.ok("meeting", "list").err
    cli.ok("meeting", "cadence", "sc", "yf", "0")
    assert [row for row in cli.ok("meeting", "list", "--json").lines if "cadence" in row] == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("promises", "keept", "lp-1"), 2, "kept"),
        (("promises", "kept"), 2, "promises kept ID"),
        (("promises", "kept", "lp-1", "lp-2"), 2, "lp-2"),
        (("promises", "kept", "lp-1"), 1, "lp-1"),
        (("promises", "kept", "nobody"), 1, "nobody"),
        (("promises", "move", "lp-2", "someday"), 2, "someday"),
        (("promises", "--days", "-1"), 2, "--days"),
        (("promises", "--days", "999999999"), 2, "--days"),
        (("meeting", "stop"), 2, "start"),
        (("meeting", "end"), 1, "No meeting runs"),
        (("meeting", "note", "x"), 1, "No meeting runs"),
        (("meeting", "minutes"), 1, "No meeting was held yet"),
        (("meeting", "minutes", "lp-1"), 1, "lp-1"),
        (("meeting", "start", "--kind", "party"), 2, "party"),
        (("meeting", "start", "--about", "lp-2"), 1, "lp-2"),
        (("meeting", "cadence", "yf", "yf", "3"), 2, "yf"),
        (("meeting", "cadence", "yf", "nobody", "3"), 1, "nobody"),
        (("meeting", "cadence", "yf", "sc", "often"), 2, "often"),
        (("meeting", "cadence", "yf", "sc"), 2, "DAYS"),
    ],
)
def test_mistakes_are_named(cli: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    cli.ok("add", "an item")
    cli.ok("promise", "sc>yf a promise")
    result = cli(*words)
    assert (result.code, said in result.err) == (code, True), result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("number", ["0", "3", "x", "１"])
def test_a_point_that_is_not_there_is_named(cli: Cli, number: str) -> None:
    cli.ok("meeting", "start")
    cli.ok("meeting", "point", "预算")
    result = cli("meeting", "point", number, "--covered")
    assert result.code == 1
    assert number in result.err


def test_every_key_that_is_printed_is_on_the_page(cli: Cli) -> None:
    cli.ok("promise", "sc>yf 文案 ^2020-01-03")
    cli.ok("meeting", "cadence", "yf", "sc", "7")
    cli.ok("conflict", "yf>sc x")
    printed = [
        cli.ok(*words, "--json")
        for words in (
            ("meeting", "start", "周会"), ("meeting", "note", "n"), ("meeting", "point", "p"),
            ("meeting", "point", "1", "--next"), ("meeting", "decide", "d"), ("meeting", "agenda"),
            ("meeting", "minutes"), ("meeting", "list"), ("meeting", "end"), ("promises",),
            ("promises", "kept", "lp-1"),
            ("meeting", "cadence", "yf", "sc", "8"),
        )
    ]  # fmt: skip
    for result in printed:
        assert result.lines
        for line in result.lines:
            assert set(keys(line)) <= NAMED
