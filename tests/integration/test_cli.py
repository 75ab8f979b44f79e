"""A day of work on the command line: write down, look, change, take back."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

import pytest

from tui.cli import GROUPS, MODULES, load

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import Cli

FRIDAY = "2026-11-27"


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.database.Store.today", lambda _store: datetime.date(2026, 11, 23))


def test_a_line_becomes_an_item_with_its_fields(cli: Cli) -> None:
    result = cli.ok("add", "定价页文案 @林平 #launch !1 ^周五 *doing")
    assert result.out == "lp-1\n"
    assert "定价页文案" in result.err
    shown = cli.ok("show", "lp-1", "--json").json
    expected = {
        "id": "lp-1", "kind": "item", "type": "task", "title": "定价页文案", "owner": "林平", "priority": 1,
        "due": FRIDAY, "status": "进行中", "category": "doing", "labels": ["launch"], "private": False,
    }  # fmt: skip
    assert expected.items() <= shown.items()


def test_a_line_becomes_a_conflict_between_departments(cli: Cli) -> None:
    made = cli.ok("conflict", "yf>sc 发布日提前两周 !2 #资源 @林平 ^周五", "--json").json
    assert made["id"] == "lp-1"
    shown = cli.ok("show", "lp-1", "--json").json
    expected = {
        "kind": "conflict", "title": "发布日提前两周", "severity": 2, "root_cause": "resources",
        "decider": "林平", "follow_up": FRIDAY, "state": "logged",
    }  # fmt: skip
    assert expected.items() <= shown.items()
    assert set(shown["parties"]) == {"研发", "市场"}


def test_every_line_of_stdin_becomes_one_item_and_one_undo_takes_all_back(cli: Cli) -> None:
    assert cli.ok("add", "-", stdin="first\r\n\n  second !2\n").out == "lp-1\nlp-2\n"
    assert [row["title"] for row in cli.ok("list", "--json").json] == ["second", "first"]
    cli.ok("undo")
    assert cli.ok("list", "--json").json == []


def test_words_need_no_quotes(cli: Cli) -> None:
    cli.ok("add", "fix", "the", "build", "!0")
    assert cli.ok("list", "--json").json[0]["title"] == "fix the build"


def test_list_finds_by_query(cli: Cli) -> None:
    cli.ok("add", "-", stdin="定价页文案 *doing @me\n结账页改版\n市场: 海报 ^2026-11-01\n")
    cli.ok("conflict", "yf>sc 发布日")
    assert [row["id"] for row in cli.ok("list", "status:doing", "owner:@me", "--json").json] == ["lp-1"]
    assert [row["id"] for row in cli.ok("list", "dept:市场", "due<today", "--json").json] == ["lp-3"]
    assert [row["id"] for row in cli.ok("list", "kind:conflict", "--json").json] == ["lp-4"]
    assert [row["id"] for row in cli.ok("list", "-status:doing", "-kind:conflict", "--json").json] == [
        "lp-3",
        "lp-2",
    ]
    assert [row["id"] for row in cli.ok("list", "定价", "--json").json] == ["lp-1"]
    assert len(cli.ok("list", "--limit", "2", "--json").json) == 2


def test_list_for_programs_is_one_row_a_line_between_tabs(cli: Cli) -> None:
    cli.ok("add", "定价页 !1 ^2026-12-01 @me")
    assert cli.ok("list").out == "lp-1\tBacklog\tP1\t\t林平\t2026-12-01\t定价页\n"
    assert cli.ok("list", "nothing-like-this").out == ""


def test_fields_are_set_by_name_and_by_label(cli: Cli) -> None:
    cli.ok("add", "定价页")
    cli.ok("set", "lp-1", "owner=me", "due=fri", "priority=P2", "labels=a, b", "custom.Sprint=7", "kind=bug")
    cli.ok("set", "lp-1", "labels+=c", "labels-=a", "Effort, hours=2.5", "status=Doing", "--lang", "en")
    cli.ok("set", "lp-1", "部门=yf", "阻塞原因=等法务", "--lang", "zh_CN")
    shown = cli.ok("show", "lp-1", "--json").json
    expected = {
        "owner": "林平", "due": FRIDAY, "priority": 2, "labels": ["b", "c"], "type": "bug", "status": "进行中",
        "department": "研发", "blocked": "等法务",
    }  # fmt: skip
    assert expected.items() <= shown.items()
    assert shown["fields"]["custom"] == {"Sprint": "7"}
    assert shown["fields"]["effort"] == 2.5
    cli.ok("set", "lp-1", "blocked=", "custom.Sprint=", "labels=")
    cleared = cli.ok("show", "lp-1", "--json").json
    assert (cleared["blocked"], cleared["labels"]) == (None, [])
    assert "custom" not in cleared["fields"]


def test_show_and_log_write_values_as_people_do(cli: Cli) -> None:
    cli.ok("add", "定价页")
    cli.ok("set", "lp-1", "effort=40", "source=jira:SCRUM-80 0f81c2a1b2c3")
    for command in ("show", "log"):
        told = cli.ok(command, "lp-1").out
        assert "SCRUM-80" in told
        assert "0f81c2" not in told
        assert "40.0" not in told


def test_a_wrong_assignment_changes_nothing_at_all(cli: Cli) -> None:
    cli.ok("add", "定价页")
    assert cli("set", "lp-1", "title=other", "due=2026-02-30").code == 2
    assert cli.ok("show", "lp-1", "--json").json["title"] == "定价页"


def test_items_move_in_the_order_given(cli: Cli) -> None:
    cli.ok("add", "-", stdin="a\nb\nc\nd\n")
    cli.ok("move", "lp-1", "lp-2", "Doing")
    cli.ok("move", "lp-4", "进行中", "--before", "lp-2")
    cli.ok("move", "lp-3", "评审", "--json")
    columns = [(row["id"], row["category"]) for row in cli.ok("list", "--json").json]
    assert columns == [("lp-1", "doing"), ("lp-4", "doing"), ("lp-2", "doing"), ("lp-3", "doing")]


def test_done_finishes_items_and_closes_conflicts(cli: Cli) -> None:
    cli.ok("add", "定价页")
    cli.ok("conflict", "yf>sc 发布日")
    assert "no decision yet" in cli("done", "lp-1", "lp-2").err
    cli.ok("set", "lp-2", "decision=原日期上线", "check.yf=4", "check.sc=3")
    cli.ok("done", "lp-1", "lp-2")
    rows = {row["id"]: row for row in cli.ok("list", "--json").json}
    assert rows["lp-1"]["category"] == "done"
    assert rows["lp-2"]["state"] == "closed"


def test_comments_come_from_words_and_from_stdin(cli: Cli) -> None:
    cli.ok("add", "定价页")
    cli.ok("comment", "lp-1", "等", "法务")
    cli.ok("comment", "lp-1", "-", stdin="第一行\n第二行\n")
    comments = cli.ok("show", "lp-1", "--json").json["comments"]
    assert [comment["text"] for comment in comments] == ["等 法务", "第一行\n第二行"]
    assert {comment["author"] for comment in comments} == {"林平"}


def test_what_is_deleted_comes_back(cli: Cli) -> None:
    cli.ok("add", "定价页")
    cli.ok("delete", "lp-1")
    assert cli.ok("list", "--json").json == []
    assert cli.ok("show", "lp-1", "--json").json["trashed"] is True
    cli.ok("restore", "lp-1")
    assert [row["id"] for row in cli.ok("list", "--json").json] == ["lp-1"]


def test_the_log_has_every_value_ever_written(cli: Cli) -> None:
    cli.ok("add", "first title")
    cli.ok("set", "lp-1", "title=second title")
    writes = [write for entry in cli.ok("log", "lp-1", "--json").lines for write in entry["writes"]]
    titles = [
        (write["old"], write["new"], write["standing"]) for write in writes if write["field"] == "title"
    ]
    assert titles == [([], "first title", "superseded"), (["first title"], "second title", "shown")]
    whole = cli.ok("log", "--json").lines
    keys = {"change", "at", "by", "member", "device", "device_member", "writes"}
    assert all(set(entry) == keys for entry in whole)
    assert "second title" in cli.ok("log").out
    assert len(cli.ok("log", "--limit", "1", "--json").lines) == 1


def test_undo_and_redo_say_what_they_did(cli: Cli) -> None:
    cli.ok("add", "定价页")
    cli.ok("move", "lp-1", "Done")
    assert cli.ok("undo", "--json").json["undone"] == "move lp-1"
    assert cli.ok("show", "lp-1", "--json").json["category"] == "todo"
    result = cli.ok("redo")
    assert "moved lp-1" in result.err
    assert cli.ok("show", "lp-1", "--json").json["category"] == "done"
    for _time in range(2):
        cli.ok("undo")
    assert cli("undo").code == 1


def test_a_private_draft_is_exported_only_when_asked_until_it_is_shared(cli: Cli) -> None:
    cli.ok("add", "a quiet thought", "--private")
    assert "a quiet thought" not in cli.ok("export").out
    assert "a quiet thought" in cli.ok("export", "--private").out
    cli.ok("share", "lp-1")
    assert "a quiet thought" in cli.ok("export").out


def test_show_speaks_the_language_asked_for(cli: Cli) -> None:
    cli.ok("add", "定价页 *doing !1 #launch")
    assert "Priority" in cli.ok("show", "lp-1").out
    chinese = cli.ok("show", "lp-1", "--lang", "zh_CN").out
    assert "优先级" in chinese
    assert "进行中" in chinese
    assert "Doing" in cli.ok("show", "lp-1").out


def test_the_language_is_the_one_chosen_in_the_app(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMEBOAT_LANG")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    (cli.home / "choices.json").write_text('{"language": "zh_CN"}', encoding="utf-8")
    assert "没有" in cli("show", "lp-9").err or "找不到" in cli("show", "lp-9").err
    (cli.home / "config.toml").write_text('language = "en"\n', encoding="utf-8")
    assert "There is no" in cli("show", "lp-9").err


def test_the_past_can_be_looked_at(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.ok("add", "first title")
    moment = datetime.datetime.now().astimezone().isoformat()
    monkeypatch.setattr("store.database.wall_ms", lambda: 2**42)
    cli.ok("set", "lp-1", "title=second title")
    cli.ok("add", "later")
    assert cli.ok("show", "lp-1", "--as-of", moment, "--json").json["title"] == "first title"
    assert [row["title"] for row in cli.ok("list", "--as-of", moment, "--json").json] == ["first title"]
    assert cli.ok("list", "--as-of", "2026-01-01", "--json").json == []
    assert cli("list", "--as-of", "someday").code == 2


def test_any_unambiguous_beginning_is_an_id(cli: Cli) -> None:
    made = cli.ok("add", "定价页", "--json").json
    assert cli.ok("show", made["entity"], "--json").json["id"] == "lp-1"
    assert cli.ok("show", made["entity"][:9], "--json").json["id"] == "lp-1"
    cli.ok("add", "-", stdin="\n".join(f"item {number}" for number in range(2, 12)))
    assert cli.ok("show", "LP-1", "--json").json["id"] == "lp-1"
    ambiguous = cli("show", "lp-", "--json")
    assert (ambiguous.code, ambiguous.json["error"]["code"]) == (2, "ambiguous")


def test_export_prints_the_same_bytes_twice(cli: Cli) -> None:
    cli.ok("add", "定价页 #b #a")
    first = cli.ok("export", "--json").out
    assert first == cli.ok("export").out
    assert all(json.loads(line) for line in first.splitlines())


def test_status_tells_programs_how_things_stand(cli: Cli) -> None:
    status = cli.ok("status", "--json").json
    wanted = {
        "workspace", "device", "incarnation", "ops", "outbox", "divergences", "waiting", "quarantined", "peers",
        "state_hash",
    }  # fmt: skip
    assert wanted <= set(status)
    assert (status["outbox"], status["divergences"], status["peers"]) == (0, 0, [])
    cli.ok("add", "定价页")
    after = cli.ok("status", "--json").json
    assert after["ops"] > status["ops"]
    assert after["state_hash"] != status["state_hash"]


def test_doctor_finds_a_new_workspace_sound(cli: Cli) -> None:
    cli.ok("add", "定价页")
    report = cli.ok("doctor", "--json").json
    assert report["ok"]
    assert {"database", "log", "tables", "config", "language"} <= {
        check["check"] for check in report["checks"]
    }


def test_doctor_finds_and_mends_tables_that_differ_from_the_log(cli: Cli) -> None:
    import sqlite3

    cli.ok("add", "定价页")
    with sqlite3.connect(cli.home / "sameboat.db") as conn:
        conn.execute("UPDATE p_item SET title = 'not what was typed'")
    conn.close()
    assert cli("doctor").code == 4
    cli.ok("doctor", "--mend")
    cli.ok("doctor")
    assert cli.ok("list", "--json").json[0]["title"] == "定价页"


def test_import_previews_imports_and_updates(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "tasks.csv"
    table.write_text(
        "标题,状态,负责人,截止时间,模块\n定价页,进行中,韩梅,2026-12-01,网站\n结账页,,,,\n", encoding="utf-8"
    )
    seen = cli.ok("import", str(table), "--dry-run", "--json").json
    assert (seen["rows"], seen["creates"]) == (2, 2)
    assert {column["column"]: column["field"] for column in seen["columns"]}["负责人"] == "owner"
    assert cli.ok("list", "--json").json == []
    report = cli.ok("import", str(table), "--map", "模块=labels", "--json").json
    assert (report["created"], report["people"], report["lost"]) == (2, 1, 0)
    assert cli.ok("import", str(table), "--map", "模块=labels", "--json").json["unchanged"] == 2
    row = cli.ok("list", "定价页", "--json").json[0]
    assert (row["owner"], row["due"], row["labels"]) == ("韩梅", "2026-12-01", ["网站"])
    cli.ok("undo")
    assert cli.ok("list", "--json").json == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_command_has_help(bare_cli: Cli, language: str) -> None:
    overview = bare_cli.ok("--help", "--lang", language).out
    for name in MODULES:
        assert f"\n  {name}" in overview
        text = bare_cli.ok(name, "--help", "--lang", language).out
        assert f"sameboat {name}" in text
        assert text == bare_cli.ok("--lang", language, "help", name).out


def test_every_command_listed_exists_and_only_those() -> None:
    for _heading, names in GROUPS:
        for name in names:
            assert load(name).summary


def test_the_version_is_told(bare_cli: Cli) -> None:
    assert bare_cli.ok("--version").out.startswith("sameboat ")
    assert bare_cli.ok("--version", "--json").json["contract"] == 1
