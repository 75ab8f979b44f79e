"""Columns line up to the terminal cell, give way on a narrow terminal, and are plain for programs."""

from __future__ import annotations

import pytest

from tui.celltext import cell_width
from tui.cli.table import RED, Cell, Column, print_rows

COLUMNS = [Column("Id"), Column("状态", flexible=True), Column("Title", flexible=True)]
ROWS = [
    [Cell("lp-1"), Cell("进行中"), Cell("定价页 👩‍👩‍👧 文案")],
    [Cell("lp-1234"), Cell("Backlog"), Cell("e\u0301ncore \x1b[31m[bold]x[/]")],
    [Cell("x"), Cell(""), Cell("很长" * 100, RED)],
]


@pytest.fixture
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.cli.table.is_terminal", lambda: True)
    monkeypatch.setattr("tui.cli.output.is_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.usefixtures("_terminal")
@pytest.mark.parametrize("width", [40, 80, 160])
def test_columns_line_up_to_the_cell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    assert print_rows(COLUMNS, ROWS) == 3
    lines = capsys.readouterr().out.splitlines()
    assert all(cell_width(line) <= width for line in lines)
    starts = {
        cell_width(line[: line.index(word)])
        for line, word in zip(lines, ("Title", "定价", "énco", "很长"), strict=True)
    }
    assert len(starts) == 1
    assert "\x1b" not in "".join(lines)
    assert lines[3].endswith("…")


@pytest.mark.usefixtures("_terminal")
def test_colour_says_something_unless_nobody_wants_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    print_rows(COLUMNS, ROWS)
    assert RED in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    print_rows(COLUMNS, ROWS)
    assert "\x1b[" not in capsys.readouterr().out


def test_programs_get_whole_values_between_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_rows(COLUMNS, [*ROWS, [Cell("a\tb"), Cell("c\nd"), Cell("e")]]) == 4
    lines = capsys.readouterr().out.splitlines()
    assert [line.count("\t") for line in lines] == [2, 2, 2, 2]
    assert lines[2].endswith("很长" * 100)
    assert lines[3] == "a␉b\tc␊d\te"


def test_no_rows_print_nothing_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_rows(COLUMNS, []) == 0
    assert capsys.readouterr().out == ""
