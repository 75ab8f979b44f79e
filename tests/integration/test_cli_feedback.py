"""Feedback written down, taken out of a chat, and the pool of requirements, at the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import Cli

CHAT = "张三 2026-11-20 10:32\n太慢了\n尤其是 Safari\n李四 2026-11-20 10:33\n[bold]收到\x1b[31m\n"


def _add(cli: Cli, kind: str, /, **fields: object) -> None:
    cli.ok("apply", stdin=json.dumps({"do": "add", "kind": kind, "fields": fields}) + "\n")


def test_a_line_names_its_customer_and_its_department(cli: Cli) -> None:
    _add(cli, "customer", title="华宇集团")
    result = cli.ok("feedback", "&hyjt 导出里没有发票 !3")
    assert result.out == "lp-1\n"
    assert result.err == "lp-1  导出里没有发票  Customer 华宇集团  Importance 3\n"
    fields = cli.ok("feedback", "--json", "市场：&无名公司 太慢").json["fields"]
    assert fields == {
        "title": "&无名公司 太慢",
        "department": fields["department"],
        "origin": "department",
    }
    assert cli.ok("set", "lp-2", "customer=华宇集团").code == 0


def test_feedback_is_undone_like_everything(cli: Cli) -> None:
    cli.ok("feedback", "太慢")
    assert cli.ok("undo", "--json").json["undone"] == "add lp-1"


def test_feedback_is_shown_in_words(cli: Cli) -> None:
    _add(cli, "customer", title="华宇集团")
    cli.ok("feedback", "&hyjt 导出里没有发票 !3")
    shown = cli.ok("show", "lp-1").out
    assert shown.startswith("lp-1  导出里没有发票\n")
    assert "华宇集团" in shown
    assert "Importance" in shown


def test_without_a_line_its_use_is_said(cli: Cli) -> None:
    result = cli("feedback")
    assert result.code == 2
    assert "sameboat feedback [LINE…]" in result.err


def test_the_messages_of_a_chat_are_shown_and_nothing_is_kept(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(CHAT, encoding="utf-8")
    shown = cli.ok("feedback", "--paste", str(path))
    assert shown.out == (
        "1\t张三\t2026-11-20 10:32:00\t太慢了␊尤其是 Safari\n2\t李四\t2026-11-20 10:33:00\t[bold]收到␛[31m\n"
    )
    assert "Nothing is kept yet" in shown.err
    assert cli.ok("export").out.count('"kind":"feedback"') == 0
    rows = cli.ok("feedback", "--paste", "--json", "--channel", "微信", stdin=CHAT).lines
    assert [(row["number"], row["said_by"], row["at"], row["channel"]) for row in rows] == [
        (1, "张三", "2026-11-20T10:32:00", "微信"),
        (2, "李四", "2026-11-20T10:33:00", "微信"),
    ]


@pytest.mark.parametrize(("numbers", "kept"), [("all", 3), ("1,3", 2), ("2-3", 2), ("1，1-2", 2)])
def test_the_messages_that_are_named_are_kept_as_one_undo(cli: Cli, numbers: str, kept: int) -> None:
    result = cli.ok("feedback", "--paste", "--keep", numbers, stdin="one\ntwo\nthree\n")
    assert len(result.out.split()) == kept
    cli.ok("undo")
    lines = [json.loads(line) for line in cli.ok("export").out.splitlines()]
    assert [line.get("trashed") for line in lines if line.get("kind") == "feedback"] == [True] * kept


@pytest.mark.parametrize("numbers", ["4", "0", "2-1", "x", "", "1-", "-", "9999999999"])
def test_a_number_that_is_none_is_refused_and_nothing_is_kept(cli: Cli, numbers: str) -> None:
    result = cli("feedback", "--paste", "--keep", numbers, stdin="one\ntwo\nthree\n")
    assert result.code == 2
    assert result.err.count("\n") == 1
    assert cli.ok("export").out.count('"kind":"feedback"') == 0


def test_a_chat_saved_in_gb18030_or_with_nul_is_read_all_the_same(cli: Cli) -> None:
    result = cli.ok("feedback", "--paste", "--json", stdin="张三：太慢了".encode("gb18030"))
    assert (result.json["said_by"], result.json["text"]) == ("张三", "太慢了")
    kept = cli.ok("feedback", "--paste", "--keep", "all", "--json", stdin=b"a\0b\n")
    assert kept.json["fields"]["title"] == "a␀b"


def test_an_empty_or_missing_chat_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    assert cli("feedback", "--paste", stdin=" \n").code == 2
    missing = cli("feedback", "--paste", str(tmp_path / "none.txt"))
    assert missing.code != 0
    assert "Traceback" not in missing.err


def test_more_messages_than_one_paste_holds_are_said(cli: Cli) -> None:
    result = cli.ok("feedback", "--paste", stdin="".join(f"line {number}\n" for number in range(1_005)))
    assert result.out.count("\n") == 1_000
    assert "lines behind the last message were not read" in result.err


def test_the_pool_ranks_requirements_and_shows_what_a_score_is_made_of(cli: Cli) -> None:
    _add(cli, "item", title="发票", kind="requirement", reach=500, impact=2, confidence=80, effort=80)
    _add(cli, "item", title="speed", kind="requirement", reach=100, impact=1, confidence=100, effort=160)
    _add(cli, "item", title="dark", kind="requirement", moscow="must")
    _add(cli, "item", title="no requirement")
    assert cli.ok("pool").out == (
        "1\tlp-1\t1,600\t500×2×80%÷0.5\t\t\t发票\n2\tlp-2\t100\t100×1×100%÷1\t\t\tspeed\n\tlp-3\t—\t?×?×?%÷?\t\t\tdark\n"
    )
    first, *_rest = cli.ok("pool", "--by", "moscow", "--json").json
    assert (first["title"], first["score"], first["word"], first["missing"]) == ("dark", 3, "must", [])
    last = cli.ok("pool", "--json", "--limit", "3").json[-1]
    assert last["missing"] == ["reach", "impact", "confidence", "effort"]
    assert (last["score"], last["people"], last["customers"], last["size"]) == (None, 0, 0, 0)
    assert cli("pool", "--by", "best").code == 2
