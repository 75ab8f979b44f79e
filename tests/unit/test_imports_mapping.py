"""Headers of English and Chinese tools find their fields; what no alias knows stays a custom field."""

from __future__ import annotations

import pytest

from store import schema
from store.errors import StoreError
from store.imports.detect import read_bytes
from store.imports.mapping import ALIASES, FIELDS, map_columns, normalise, recognise_tool
from store.imports.source import Source


def source(header: str, *rows: str) -> Source:
    return read_bytes("\n".join([header, *rows]).encode(), "x.csv")


def mapped(header: str, *rows: str, asked: dict[str, str] | None = None) -> dict[str, str]:
    rows = rows or ("x" + ",x" * header.count(","),)
    return {found.column: found.field for found in map_columns(source(header, *rows), asked)}


def test_chinese_headers() -> None:
    header = "标题,状态,负责人,优先级,截止时间,开始时间,预估工时,标签,描述,验收标准,创建时间,父任务,部门,来源"
    assert mapped(header) == {
        "标题": "title", "状态": "status", "负责人": "owner", "优先级": "priority", "截止时间": "due",
        "开始时间": "start",
        "预估工时": "effort", "标签": "labels", "描述": "description", "验收标准": "acceptance", "创建时间": "created",
        "父任务": "parent", "部门": "department", "来源": "custom",
    }  # fmt: skip


def test_english_headers_whatever_their_spelling() -> None:
    assert mapped("Task Name,STATUS,assigned_to,Due-Date *,Start Date (planned),Tags,Checklist,ID,Color") == {
        "Task Name": "title", "STATUS": "status", "assigned_to": "owner", "Due-Date *": "due",
        "Start Date (planned)": "start", "Tags": "labels", "Checklist": "checks", "ID": "key", "Color": "custom",
    }  # fmt: skip


def test_full_width_headers_and_remarks_in_brackets() -> None:
    assert mapped("任务名称（必填）,优先级【1-4】,Ｄｕｅ　Ｄａｔｅ") == {
        "任务名称（必填）": "title", "优先级【1-4】": "priority", "Ｄｕｅ Ｄａｔｅ": "due",
    }  # fmt: skip


def test_of_two_columns_for_one_field_the_surer_wins_and_the_other_is_kept() -> None:
    assert mapped("Summary,Parent,Parent key,Name") == {
        "Summary": "title", "Parent": "custom", "Parent key": "parent", "Name": "custom",
    }  # fmt: skip


def test_an_empty_column_does_not_take_a_field_from_a_filled_one() -> None:
    assert mapped("Title,Due Date,Deadline", "a,,2026-01-01") == {
        "Title": "title", "Due Date": "custom", "Deadline": "due",
    }  # fmt: skip


def test_custom_fields_of_jira_are_known_by_their_inner_name() -> None:
    assert mapped("Summary,Custom field (Start date),Custom field (Team)") == {
        "Summary": "title", "Custom field (Start date)": "start", "Custom field (Team)": "custom",
    }  # fmt: skip


def test_a_header_that_ends_in_a_known_word_is_a_guess() -> None:
    found = {
        entry.column: (entry.field, entry.how)
        for entry in map_columns(source("任务标题,产品负责人,适用阶段", "a,b,c"))
    }
    assert found == {
        "任务标题": ("title", "alias"), "产品负责人": ("owner", "guess"), "适用阶段": ("custom", "default"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row", "title"),
    [
        ("uuid,description,project", "u1,Fix it,home", "description"),
        ("a,b,c", "1,2026-01-01,Ship the thing", "c"),
    ],
)
def test_without_a_title_the_wordiest_column_serves(header: str, row: str, title: str) -> None:
    assert mapped(header, row)[title] == "title"


def test_the_user_decides_over_every_guess() -> None:
    asked = {"标题": "custom", "备注": "title", "来源": "labels", "状态": "ignore"}
    assert mapped("标题,状态,备注,来源", asked=asked) == {
        "标题": "custom", "状态": "ignore", "备注": "title", "来源": "labels",
    }  # fmt: skip


def test_a_mapping_of_what_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(StoreError) as refused:
        mapped("Title,Status", asked={"Titel": "title"})
    assert (refused.value.code, refused.value.params["nearest"]) == ("unknown-column", "Title")
    with pytest.raises(StoreError) as refused:
        mapped("Title,Status", asked={"Status": "statsu"})
    assert (refused.value.code, refused.value.params["nearest"]) == ("unknown-field", "status")


def test_the_points_of_linear_are_not_hours() -> None:
    found = mapped("ID,Team,Title,Status,Estimate,Cycle Number")
    assert found["Estimate"] == "custom"
    assert mapped("Title,Estimate")["Estimate"] == "effort"


def test_tools_are_recognised_by_their_headers() -> None:
    assert recognise_tool(["Summary", "Issue key", "Issue id"]) == "jira"
    assert recognise_tool(["所属模块", "用例标题", "步骤"]) == "zentao"
    assert recognise_tool(["Title", "Status"]) == ""


def test_every_field_of_the_table_is_a_field_an_item_has_or_hangs_on_one() -> None:
    own = {"key", "status", "comments", "checks", "archived", "waits_for"}
    assert set(FIELDS) - own <= set(schema.KINDS["item"].fields)


def test_no_alias_means_two_fields() -> None:
    seen: dict[str, str] = {}
    for field, aliases in ALIASES.items():
        for alias in aliases:
            assert seen.setdefault(normalise(alias), field) == field
            assert normalise(alias)
