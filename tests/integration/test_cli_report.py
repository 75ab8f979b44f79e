"""`sameboat report`: a quarter for a person, as Markdown, as a page and as data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.catalogs import ROOT

if TYPE_CHECKING:
    from tests.integration.conftest import Cli

PAGE = (ROOT / "tui" / "cli" / "CONTRACT.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PAGE))))


@pytest.fixture
def busy(cli: Cli) -> Cli:
    cli.ok("conflict", "yf>sc 发布日 [bold]提前 !2 #资源")
    cli.ok("conflict", "yf>sc 人手不够 #资源")
    cli.ok("decide", "lp-1", "先做核心流程")
    cli.ok("check", "lp-1", "yf=4", "sc=3", "--close")
    return cli


def test_a_person_reads_figures_and_what_is_behind_them(busy: Cli) -> None:
    lines = busy.ok("report", "quarter").out.splitlines()
    assert lines[0].startswith("Apollo · Quarter report 20")
    assert next(line for line in lines if line.startswith("  Opened")).split()[1:] == ["2", "lp-1", "lp-2"]
    assert next(line for line in lines if line.startswith("  Closed")).split()[1:] == ["1", "lp-1"]
    assert any("resources" in line and "⇄" in line for line in lines)


def test_it_speaks_chinese(busy: Cli) -> None:
    out = busy.ok("report", "quarter", "--lang", "zh_CN").out
    assert "季度报告" in out
    assert "研发 ⇄ 市场" in out


def test_data_has_the_same_figures_and_every_key_is_on_the_page(busy: Cli) -> None:
    found = busy.ok("report", "quarter", "--json").json
    assert found["opened"] == {"value": 2, "ids": ["lp-1", "lp-2"]}
    assert found["closed"]["ids"] == ["lp-1"]
    [pair] = found["pairs"]
    assert (pair["pair"], pair["root_cause"]) == (["研发", "市场"], "resources")
    [again] = found["recurrences"]
    assert again["conflicts"] == ["lp-1", "lp-2"]

    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for inner in value.values() for key in keys(inner)}
        return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()

    assert keys(found) <= NAMED


def test_a_page_is_written_where_it_was_asked_for(busy: Cli, tmp_path: Path) -> None:
    target = tmp_path / "quarter.html"
    done = busy.ok("report", "quarter", "--html", str(target))
    assert done.out == ""
    assert str(target) in done.err
    text = target.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "[bold]" in text


def test_markdown_goes_to_stdout(busy: Cli) -> None:
    out = busy.ok("report", "quarter", "--markdown").out
    assert out.startswith("# Apollo · Quarter report")
    assert r"发布日 \[bold\]提前" in out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("report",), 2, "Something is missing"),
        (("report", "year"), 2, "There is no report “year”"),
        (("report", "quarter", "2026Q5"), 2, "2026Q4"),
        (("report", "quarter", "--json", "--markdown"), 2, "One format at a time"),
        (("report", "quarter", "--html", "/nowhere/at/all.html"), 1, "/nowhere/at/all.html"),
    ],
)
def test_what_cannot_be_done_is_said(cli: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    done = cli(*words)
    assert done.code == code
    assert said in done.err + done.out
