"""`sameboat need`, `needs`, `team`, `request` and `requests`: what they print, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.cli import main


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("SAMEBOAT_SYNC", "manual")
    made = str(tmp_path / "home")
    assert main(["--home", made, "init", "--me", "李雷", "--code", "ll"]) == 0
    capsys.readouterr()
    return made


def run(home: str, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> list[dict[str, object]]:
    """Run one command with `--json` and return the objects it prints."""
    assert main(["--home", home, *words, "--json"]) == code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_need_is_logged_listed_and_met(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    [made] = run(home, capsys, "need", "yf 缺测试机 [b] !2 #tools")
    assert made["kind"] == "need"
    [row] = run(home, capsys, "needs")
    assert (row["title"], row["department"], row["severity"], row["kind"], row["state"], row["sort"]) == (
        "缺测试机 [b]", "研发", 2, "tools", "raised", "need",
    )  # fmt: skip
    [met] = run(home, capsys, "needs", "met", str(row["id"]))
    assert met["changed"]
    assert run(home, capsys, "needs") == []
    [row] = run(home, capsys, "needs", "--all")
    assert (row["state"], row["open"]) == ("met", False)
    assert run(home, capsys, "needs", "--all", "--dept", "sc") == []


def test_the_team_is_its_departments_and_members(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(home, capsys, "add", "yf: 联调 @me ^2099-01-01")
    rows = run(home, capsys, "team")
    departments = [row for row in rows if row["what"] == "department"]
    [member] = [row for row in rows if row["what"] == "member"]
    assert [row["open"] for row in departments if row["code"] == "yf"] == [1]
    assert (member["code"], member["capacity"], len(member["weeks"])) == ("ll", None, 8)  # type: ignore[arg-type]
    assert main(["--home", home, "team"]) == 0
    assert "李雷" in capsys.readouterr().out


def test_a_request_is_asked_for_looked_at_granted_and_refused(
    home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(home, capsys, "request", "yf>sc 24h 设计 2099-12-01..2099-12-12 @me")
    [row] = run(home, capsys, "requests")
    ident = str(row["id"])
    assert (row["hours"], row["skill"], row["first"], row["last"], row["who"], row["asked_by"], row["asked_of"]) == (
        24, "设计", "2099-12-01", "2099-12-12", "李雷", "研发", "市场",
    )  # fmt: skip
    [seen] = run(home, capsys, "request", "show", ident)
    preview = seen["preview"]
    assert isinstance(preview, dict)
    assert sum(week["planned"] for week in preview["granted"]) == pytest.approx(24, abs=0.1)
    assert not seen["changed"]
    [done] = run(home, capsys, "request", "grant", ident)
    assert (done["state"], done["who"], done["changed"]) == ("granted", "李雷", True)
    assert run(home, capsys, "requests") == []
    [done] = run(home, capsys, "request", "refuse", ident, "--why", "没空")
    assert (done["state"], done["reason"]) == ("refused", "没空")
    [row] = run(home, capsys, "requests", "--all")
    assert row["state"] == "refused"


def test_a_line_that_begins_like_an_answer_is_a_line(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    [made] = run(home, capsys, "request", "grant money for two days")
    assert made["kind"] == "request"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("needs", "mett", "ll-1"), 2, "bad-choice"), (("needs", "met"), 2, "missing-operand"),
        (("needs", "met", "ll-99"), 1, "not-found"), (("request", "grant", "ll-99"), 1, "not-found"),
        (("request", "grant"), 2, "missing-operand"), (("needs", "--dept", "nowhere"), 1, "unknown-name"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told(
    home: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    [answer] = run(home, capsys, *words, code=code)
    assert answer["ok"] is False
    assert answer["error"]["code"] == said  # type: ignore[index]


def test_a_request_without_anybody_needs_a_name_to_be_granted(
    home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    [made] = run(home, capsys, "request", "yf>sc 8h review of the page")
    ident = str(made["id"])
    [answer] = run(home, capsys, "request", "grant", ident, code=2)
    assert answer["error"]["code"] == "missing-operand"  # type: ignore[index]
    [done] = run(home, capsys, "request", "grant", ident, "--who", "ll")
    assert done["who"] == "李雷"
