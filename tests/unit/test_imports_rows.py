"""Rows become drafts: nothing a row says is lost, whatever its cells hold."""

from __future__ import annotations

import csv
import datetime
import io
import json

from store.imports.detect import read_bytes
from store.imports.drafts import Entry, Reading, Remark
from store.imports.mapping import map_columns
from store.imports.rows import read_rows

UTC = datetime.UTC


def reading(data: bytes, name: str = "x.csv", asked: dict[str, str] | None = None) -> Reading:
    source = read_bytes(data, name)
    return read_rows(source, map_columns(source, asked), UTC)


def table(*rows: list[str], asked: dict[str, str] | None = None) -> Reading:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return reading(text.getvalue().encode(), asked=asked)


def codes(found: Reading) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in found.problems]


def test_a_jira_row() -> None:
    found = table(
        ["Summary", "Issue key", "Issue id", "Issue Type", "Status", "Status Category", "Priority", "Assignee",
         "Assignee Id", "Created", "Due date", "Labels", "Labels", "Sprint", "Sprint", "Comment", "Comment",
         "Original estimate", "Parent", "Parent key", "Outward issue link (Blocks)"],
        ["Pay", "AB-2", "102", "Story", "In QA", "In Progress", "Highest", "Eric Medlock", "712020:b0",
        "15/Feb/26 9:17 AM",
         "20/Feb/26 12:00 AM", "audit,logging", "ux", "S1", "S2", "16/Feb/26 1:00 PM;712020:b0;done; mostly\nyes",
         "plain words", "28800", "101", "AB-1", "AB-9"],
        ["Checkout", "AB-1", "101", "Epic"],
    )  # fmt: skip
    pay, checkout = found.drafts
    assert (pay.title, pay.key, pay.kind, pay.status, pay.priority) == (
        "Pay",
        "AB-2",
        "requirement",
        "In QA",
        0,
    )
    assert (pay.owner, pay.created, pay.due, pay.effort) == (
        "Eric Medlock",
        "2026-02-15T09:17:00+00:00",
        "2026-02-20",
        8,
    )
    assert pay.labels == ["audit,logging", "ux"]
    assert pay.comments == [
        Remark("Eric Medlock", "2026-02-16T13:00:00+00:00", "done; mostly\nyes"), Remark("", "", "plain words"),
    ]  # fmt: skip
    assert pay.custom["Sprint"] == "S1; S2"
    assert pay.custom["Outward issue link (Blocks)"] == "AB-9"
    assert pay.parent == "AB-1"
    assert found.called["101"] == found.called["AB-1"] == checkout.row
    assert checkout.custom["Issue Type"] == "Epic"
    assert found.categories == {"In QA": "doing"}
    assert found.problems == []


def test_a_chinese_sheet() -> None:
    found = table(
        ["编号", "标题", "状态", "负责人", "参与人", "优先级", "截止时间", "标签", "部门", "预估工时（天）",
        "来源", "验收标准"],
        ["1", "结账页改版", "进行中", "李雷、韩梅", "王芳", "紧急", "2026年3月5日", "支付，后端", "研发", "2",
        "客户", "能付款"],
    )  # fmt: skip
    [draft] = found.drafts
    assert (draft.owner, draft.participants) == ("李雷", ["韩梅", "王芳"])
    assert (draft.priority, draft.due, draft.effort) == (0, "2026-03-05", 16.0)
    assert (draft.labels, draft.department, draft.acceptance) == (["支付", "后端"], "研发", "能付款")
    assert draft.custom == {"来源": "客户"}


def test_what_cannot_be_read_is_kept_as_text_and_reported_and_the_row_stays() -> None:
    found = table(
        ["title", "due", "priority", "effort", "type", "archived"],
        ["a", "next sprint", "very", "some", "Spike", "perhaps"],
        ["b", "2026-02-30", "7", "-1", "功能测试", "no"],
    )
    first, second = found.drafts
    assert first.custom == {
        "due": "next sprint", "priority": "very", "effort": "some", "type": "Spike", "archived": "perhaps",
    }  # fmt: skip
    assert second.custom == {"due": "2026-02-30", "priority": "7", "effort": "-1", "type": "功能测试"}
    assert (first.due, first.priority, first.effort, first.kind, first.archived) == (
        "",
        None,
        None,
        "",
        False,
    )
    assert {(problem.row, problem.column) for problem in found.problems} == {
        (2, "due"), (2, "priority"), (2, "effort"), (2, "type"), (2, "archived"),
        (3, "due"), (3, "priority"), (3, "effort"), (3, "type"),
    }  # fmt: skip
    assert not any(problem.lost for problem in found.problems)


def test_cells_that_say_nothing_say_nothing() -> None:
    found = table(
        ["标题", "负责人", "截止时间", "优先级", "父任务", "工期"],
        ["改版", "未分配", "0000-00-00", "无优先级", "0", "-"],
    )
    [draft] = found.drafts
    assert (draft.owner, draft.due, draft.priority, draft.parent, draft.duration) == ("", "", None, "", None)
    assert draft.custom == {}
    assert found.problems == []


def test_a_row_without_a_title_is_named_by_what_it_says() -> None:
    found = table(
        ["title", "description", "id", "note"],
        ["", "First line\nsecond", "7", ""],
        ["", "", "8", ""],
        ["", "", "", "only this"],
    )
    assert [draft.title for draft in found.drafts] == ["First line", "8", "only this"]
    assert codes(found) == [(2, "no-title"), (3, "no-title"), (4, "no-title")]


def test_a_row_with_nothing_to_name_it_by_is_reported_by_number() -> None:
    found = table(["title", "due", "status"], ["a", "2026-01-01", ""], ["", "2026-01-02", ""], ["c", "", ""])
    assert [draft.title for draft in found.drafts] == ["a", "c"]
    assert [(problem.row, problem.code, problem.lost) for problem in found.problems] == [
        (3, "no-content", True)
    ]


def test_a_title_over_the_limit_stays_whole_in_the_description() -> None:
    found = table(["title", "description"], ["x" * 3_000, "tail"])
    [draft] = found.drafts
    assert len(draft.title) == 2_000
    assert draft.description == "x" * 3_000 + "\n\ntail"
    assert codes(found) == [(2, "too-long")]


def test_texts_over_the_limit_are_cut_and_reported() -> None:
    found = table(
        ["title", "description", "labels", "extra", "comment"],
        ["a", "d" * 200_001, "l" * 600, "e" * 20_001, "c" * 200_001],
    )
    [draft] = found.drafts
    assert len(draft.description) == len(draft.comments[0].text) == 200_000
    assert len(draft.labels[0]) == 500
    assert len(draft.custom["extra"]) == 20_000
    assert {problem.column for problem in found.problems} == {"description", "labels", "extra", "comment"}


def test_a_repeated_column_of_a_single_field_loses_no_value() -> None:
    found = table(["title", "status", "status", "due", "due"], ["a", "Doing", "Blocked", "soon", "later"])
    [draft] = found.drafts
    assert draft.status == "Doing"
    assert draft.custom == {"status": "Blocked", "due": "soon; later"}


def test_json_of_other_tools() -> None:
    issues = [
        {
            "number": 7, "title": "Crash", "state": "OPEN", "body": "text",
            "labels": [{"name": "bug, bad"}, {"name": "ui"}],
            "assignees": [{"login": "ann"}, {"login": "Doe, John"}], "createdAt": "2026-01-02T03:04:05Z",
            "comments": [{"author": {"login": "bob"}, "body": "me too", "createdAt": "2026-01-03T00:00:00Z"}],
            "milestone": {"title": "v1"},
        }
    ]  # fmt: skip
    [draft] = reading(json.dumps(issues).encode(), "issues.json").drafts
    assert (draft.key, draft.title, draft.status, draft.description) == ("7", "Crash", "OPEN", "text")
    assert draft.labels == ["bug, bad", "ui"]
    assert (draft.owner, draft.participants) == ("ann", ["Doe, John"])
    assert draft.comments == [Remark("bob", "2026-01-03T00:00:00+00:00", "me too")]
    assert draft.custom == {"milestone": "v1"}


def test_checklists_in_cells_and_in_json() -> None:
    [draft] = table(["title", "checklist"], ["a", "- [x] write\n- [ ] test"]).drafts
    assert draft.checks == [Entry("", "write", True), Entry("", "test", False)]
    data = json.dumps([{"title": "a", "checklist": [{"name": "write", "completed": True}, "test"]}]).encode()
    [draft] = reading(data, "x.json").drafts
    assert draft.checks == [Entry("", "write", True), Entry("", "test", False)]


def test_a_moment_of_archiving_means_archived() -> None:
    found = table(["title", "archived"], ["a", "Thu May 23 2024 16:06:19 GMT+0000 (GMT)"], ["b", ""])
    assert [draft.archived for draft in found.drafts] == [True, False]


def test_an_ignored_column_leaves_no_trace() -> None:
    [draft] = table(["title", "status", "secret"], ["a", "Doing", "x"], asked={"secret": "ignore"}).drafts
    assert draft.custom == {}


def test_what_zentao_assigns_to_closed_belongs_to_nobody() -> None:
    found = table(
        ["所属产品", "所属模块", "Bug标题", "指派给"],
        ["a", "/支付(#10)", "崩溃", "Closed"],
        ["a", "b", "慢", "李雷(#ll)"],
    )
    assert [draft.owner for draft in found.drafts] == ["", "李雷"]
    assert found.drafts[0].custom["所属模块"] == "/支付(#10)"
