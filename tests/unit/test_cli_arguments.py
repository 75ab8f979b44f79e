"""The command line is read as people mean it, and what cannot be read is named."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.cli.arguments import Command, Option, UsageError, check_count, parse, usage_help, usage_line
from tui.i18n import set_language

COMMAND = Command(
    lambda _arguments: 0,
    "Do something.",
    "ID…",
    (
        Option("limit", "how many", metavar="N", short="n"),
        Option("map", "a column", metavar="COLUMN=FIELD", many=True),
        Option("archived", "where they go", choices=("trash", "done", "skip")),
        Option("dry-run", "only look"),
    ),
    least=1,
    most=2,
)
PROSE = Command(lambda _arguments: 0, "Write.", "LINE…", text=True)


def test_options_and_operands_come_in_any_order() -> None:
    arguments = parse("do", COMMAND, ["lp-1", "--limit", "3", "--dry-run", "lp-2", "--json"])
    assert arguments.operands == ["lp-1", "lp-2"]
    assert arguments.number("limit", 50) == 3
    assert arguments.has("dry-run")
    assert arguments.has("json")
    assert arguments.value("home", "none") == "none"


@pytest.mark.parametrize("words", [["--limit=3"], ["-n", "3"], ["--limit", "1", "--limit", "3"]])
def test_a_value_is_given_either_way_and_the_last_one_counts(words: list[str]) -> None:
    assert parse("do", COMMAND, words).number("limit", 50) == 3


def test_an_option_that_may_be_repeated_keeps_all() -> None:
    arguments = parse("do", COMMAND, ["--map", "截止日=due", "--map=负责=owner"])
    assert arguments.values("map") == ["截止日=due", "负责=owner"]


def test_two_dashes_end_the_options() -> None:
    assert parse("do", PROSE, ["--", "--json", "-x"]).operands == ["--json", "-x"]


@given(st.text("-_=aZ9é名 \n\u00b2", max_size=8))
@example("a-_9é名=anything at all")
@example("2fast")
def test_what_follows_two_dashes_is_an_option_where_it_could_be_the_name_of_one(rest: str) -> None:
    named = re.match(r"[a-zA-Z][\w-]*(=.*)?\Z", rest, re.DOTALL)
    if named:
        with pytest.raises(UsageError):
            parse("do", PROSE, [f"--{rest}"])
    else:
        assert parse("do", PROSE, [f"--{rest}"]).operands == ([f"--{rest}"] if rest else [])


@pytest.mark.parametrize("word", ["-5% 折扣", "-kind:risk", "-x", "-", "--", "---", "-n"])
def test_prose_and_queries_may_begin_with_one_dash(word: str) -> None:
    operands = parse("do", PROSE, [word]).operands
    assert operands == ([] if word == "--" else [word])


@pytest.mark.parametrize(
    ("words", "code", "params"),
    [
        (["--limits", "3"], "unknown-option", {"option": "--limits", "nearest": "--limit"}),
        (["--zzzzz"], "unknown-option", {"option": "--zzzzz", "nearest": ""}),
        (["-z"], "unknown-option", {"option": "-z"}),
        (["--limit"], "option-needs-value", {"option": "--limit", "metavar": "N"}),
        (["--dry-run=yes"], "option-takes-no-value", {"option": "--dry-run"}),
        (["--archived", "trahs"], "bad-choice", {"value": "trahs", "nearest": "trash"}),
        (["a\udcffb"], "not-text", {"position": 2}),
        (["--limit", "\udcff"], "not-text", {"position": 1}),
        (["--", "\udcff"], "not-text", {"position": 1}),
    ],
)
def test_what_cannot_be_read_is_named(words: list[str], code: str, params: dict[str, object]) -> None:
    with pytest.raises(UsageError) as caught:
        parse("do", COMMAND, words)
    assert caught.value.code == code
    assert caught.value.exit_code == 2
    assert params.items() <= caught.value.params.items()


@pytest.mark.parametrize("text", ["0", "-1", "three", "3.5", "", "٣"])
def test_a_number_is_a_whole_one(text: str) -> None:
    with pytest.raises(UsageError, match="bad-number"):
        parse("do", COMMAND, [f"--limit={text}"]).number("limit", 50)


@pytest.mark.parametrize(("operands", "code"), [([], "missing-operand"), (["a", "b", "c"], "extra-operand")])
def test_the_number_of_operands_is_checked(operands: list[str], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_count("do", COMMAND, parse("do", COMMAND, operands))
    assert caught.value.code == code
    assert caught.value.params["usage"] == usage_line("do", COMMAND)


def test_help_shows_every_option_in_the_language_in_use() -> None:
    set_language("zh_CN")
    try:
        text = usage_help("do", COMMAND)
    finally:
        set_language("en")
    assert text.startswith("用法：sameboat do ID… [--limit N]")
    assert "-n, --limit N " in text
    assert "--archived trash|done|skip" in text
    assert "--home DIR" in text
