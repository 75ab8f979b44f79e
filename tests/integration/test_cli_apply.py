"""`apply`: a program writes requests, one a line, and reads what became of each."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.integration.conftest import Cli, Result


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.database.Store.today", lambda _store: datetime.date(2026, 11, 23))


def _apply(cli: Cli, *requests: dict[str, Any]) -> Result:
    return cli("apply", stdin="".join(json.dumps(request) + "\n" for request in requests))


def test_an_item_is_added_and_named_by_its_ref(cli: Cli) -> None:
    result = cli("apply", stdin='{"do":"add","kind":"item","fields":{"title":"定价页"},"ref":"r1"}\n')
    assert result.code == 0
    assert result.out == '{"ok":true,"id":"lp-1","ref":"r1"}\n'
    assert result.err == ""


def test_people_departments_and_statuses_go_by_name_code_or_id(cli: Cli) -> None:
    result = _apply(
        cli,
        {"do": "add", "kind": "member", "fields": {"title": "韩梅", "code": "hm"}, "ref": "hm"},
        {"do": "add", "kind": "item", "ref": "i", "fields": {
            "title": "定价页", "owner": "me", "department": "yf", "status": "Doing", "requested_by": "市场",
            "participants": ["hm", "林平"], "due": "周五", "priority": "P1", "labels": ["b", "a"],
        }},
        {"do": "set", "id": "i", "fields": {"owner": "hm", "status": "评审中", "custom": {"Sprint": "7"}}},
        {"do": "add", "kind": "conflict", "ref": "c", "fields": {
            "title": "发布日", "parties": ["研发", "sc"], "items": ["i"], "position": {"yf": "太早"},
        }},
    )  # fmt: skip
    assert result.code == 0, result.out
    item = cli.ok("show", "lp-1", "--json").json
    expected = {
        "owner": "韩梅", "department": "研发", "status": "评审中", "due": "2026-11-27", "priority": 1,
        "labels": ["a", "b"],
    }  # fmt: skip
    assert expected.items() <= item.items()
    conflict = cli.ok("show", "lp-2", "--json").json
    assert set(conflict["parties"]) == {"研发", "市场"}
    assert conflict["fields"]["items"] == [item["entity"]]
    assert conflict["fields"]["position"] == {item["fields"]["department"]: "太早"}


def test_every_request_does_what_it_says(cli: Cli) -> None:
    result = _apply(
        cli,
        *({"do": "add", "kind": "item", "fields": {"title": title}, "ref": title} for title in "abc"),
        {"do": "add_to", "id": "a", "field": "labels", "values": ["x", "y"]},
        {"do": "remove_from", "id": "a", "field": "labels", "values": ["x"]},
        {"do": "move", "id": "a", "status": "Doing"},
        {"do": "move", "id": "b", "status": "Doing", "after": "a"},
        {"do": "move", "id": "c", "status": "Doing", "before": "b"},
        {"do": "comment", "id": "a", "text": "等法务"},
        {"do": "delete", "id": "c"},
        {"do": "restore", "id": "c"},
        {"do": "set", "id": "a", "fields": {"title": "not this"}},
        {"do": "undo"},
    )
    assert [line["ok"] for line in result.lines] == [True] * 13, result.out
    rows = cli.ok("list", "status:doing", "--json").json
    assert [row["title"] for row in rows] == ["a", "c", "b"]
    assert (rows[0]["labels"], rows[0]["comments"]) == (["y"], 1)
    assert result.lines[-1]["undone"] == "set lp-1"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("not json", "bad-json"),
        ("[]", "bad-json"),
        ("[" * 100_000, "bad-json"),
        ("{}", "missing-key"),
        ('{"do":"fly"}', "unknown-request"),
        ('{"do":7}', "unknown-request"),
        ('{"do":"add"}', "missing-key"),
        ('{"do":"add","kind":"itme","fields":{}}', "unknown-kind"),
        ('{"do":"add","kind":"item","fields":{}}', "bad-value"),
        ('{"do":"add","kind":"item","fields":{"title":7}}', "bad-value"),
        ('{"do":"add","kind":"item","fields":{"title":"x","titel":"y"}}', "unknown-field"),
        ('{"do":"add","kind":"item","fields":[]}', "wrong-type"),
        ('{"do":"add","kind":"item","fields":{"title":"a\\u0000b"}}', "bad-text"),
        ('{"do":"add","kind":"item","fields":{"title":"\\ud800"}}', "bad-text"),
        ('{"do":"set","id":"lp-1","fields":{"due":"2026-02-30"}}', "bad-value"),
        ('{"do":"set","id":"lp-1","fields":{"owner":"nobody"}}', "unknown-name"),
        ('{"do":"set","id":"lp-1","fields":{"priority":9}}', "bad-value"),
        ('{"do":"set","id":"lp-1","fields":{"effort":1e999}}', "bad-value"),
        ('{"do":"set","id":"lp-9","fields":{}}', "not-found"),
        ('{"do":"set","id":9,"fields":{}}', "wrong-type"),
        ('{"do":"set","id":"lp-1","fields":{},"feilds":{}}', "unknown-key"),
        ('{"do":"move","id":"lp-1","status":"Dome"}', "unknown-status"),
        ('{"do":"add_to","id":"lp-1","field":"title","values":["x"]}', "not-a-list"),
        ('{"do":"comment","id":"lp-1","text":""}', "bad-value"),
        ('{"do":"redo"}', "nothing-to-redo"),
        ('{"do":"sync"}', "no-place"),
        ('{"do":"add","kind":"item","fields":{"title":"x"},"ref":"taken"}', "ref-taken"),
    ],
)
def test_a_bad_line_is_answered_and_the_rest_goes_on(cli: Cli, line: str, code: str) -> None:
    before = '{"do":"add","kind":"item","fields":{"title":"before"},"ref":"taken"}'
    after = '{"do":"add","kind":"item","fields":{"title":"after"}}'
    result = cli("apply", stdin=f"{before}\n{line}\n\n{after}\n")
    assert result.code == 1
    first, bad, last = result.lines
    assert (first["ok"], last["ok"]) == (True, True)
    assert bad["ok"] is False
    assert bad["error"]["code"] == code, bad
    assert bad["error"]["message"]
    assert {row["title"] for row in cli.ok("list", "--json").json} == {"before", "after"}


@pytest.mark.parametrize(("data", "code"), [(b"\xff\xfe{}", "not-utf8"), (b'{"do":"a\0"}', "nul")])
def test_bytes_that_are_no_text_are_one_bad_line(cli: Cli, data: bytes, code: str) -> None:
    result = cli("apply", stdin=data + b'\n{"do":"add","kind":"item","fields":{"title":"after"}}\n')
    assert (result.code, result.lines[0]["error"]["code"], result.lines[1]["ok"]) == (1, code, True)


def test_a_failed_request_changes_nothing(cli: Cli) -> None:
    cli.ok("add", "定价页")
    before = cli.ok("status", "--json").json["state_hash"]
    result = _apply(cli, {"do": "set", "id": "lp-1", "fields": {"title": "other", "due": "never"}})
    assert result.code == 1
    assert cli.ok("status", "--json").json["state_hash"] == before


def test_messages_come_in_the_language_asked_for(cli: Cli) -> None:
    result = cli("apply", "--lang", "zh_CN", stdin='{"do":"fly"}\n')
    assert result.lines[0]["error"]["message"] == "没有“fly”这个请求。"
