"""Which column means what: the header names of English and Chinese tools, and how a column's field is chosen.

`ALIASES` is the one table. Each field of an item lists the headers that mean it, the surest first: when a file has two
columns for one field (Jira's `Parent key` and `Parent`), the surer one gets it and the other becomes a custom field.
Headers are compared without case, spaces, punctuation and a trailing remark in brackets, so `Due Date *`, `due_date`
and `截止时间（必填）` are all found. A column that no alias knows is kept as a custom field of its own name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from store.errors import StoreError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.imports.source import Source

# Fields an import fills besides those of the schema: the key that tells a row again, and what hangs on an item.
KEY, STATUS, COMMENTS, CHECKS, ARCHIVED = "key", "status", "comments", "checks", "archived"
WAITS = "waits_for"
CUSTOM, IGNORE = "custom", "ignore"

ALIASES: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "summary", "task name", "card name", "issue title", "task title", "name", "subject",
        "task", "item",
        "标题", "任务名称", "任务标题", "需求名称", "需求标题", "研发需求名称", "用户需求名称", "用例标题",
        "用例名称", "缺陷标题",
        "bug标题", "工作项标题", "事项名称", "事项标题", "卡片标题", "卡片名称", "名称", "主题", "概要",
        "摘要", "任务", "事项",
        "工作内容", "事项内容", "任务内容",
    ),
    "description": (
        "description", "desc", "body", "details", "content", "notes", "note", "card description",
        "task description",
        "描述", "详细描述", "任务描述", "需求描述", "缺陷描述", "问题描述", "详情", "说明", "内容",
        "重现步骤", "备注",
    ),
    STATUS: (
        "status", "state", "list name", "list", "column", "section/column", "section", "bucket name",
        "board column",
        "workflow state", "stage",
        "状态", "任务状态", "需求状态", "处理状态", "当前状态", "缺陷状态", "bug状态", "用例状态",
        "事项状态", "列表", "看板列",
        "所处阶段", "阶段",
    ),
    "owner": (
        "owner", "assignee", "assignees", "assigned to", "assignee name", "responsible", "task owner",
        "负责人", "处理人", "当前处理人", "当前负责人", "指派给", "经办人", "责任人", "执行人", "执行者",
        "主办人", "跟进人", "受理人",
        "由谁负责", "任务负责人",
    ),
    "participants": (
        "participants", "collaborators", "members", "helpers",
        "参与人", "参与者", "协作人", "协作者", "协助人", "协办人", "成员",
    ),
    "department": ("department", "dept", "owner department", "部门", "所属部门", "责任部门", "负责部门", "承办部门"),
    "requested_by": (
        "requested by department", "requesting department", "提出部门", "需求部门", "来源部门", "提需部门",
    ),
    "labels": ("labels", "label", "tags", "tag", "标签", "标记", "关键词", "keywords"),
    "priority": ("priority", "prio", "优先级", "优先等级", "优先程度", "紧急程度"),
    "due": (
        "due date", "due", "due on", "due at", "deadline", "target date", "end date", "finish date",
        "due time",
        "截止时间", "截止日期", "截止", "截至时间", "截至日期", "到期日", "到期日期", "到期时间",
        "完成期限", "期限",
        "计划完成时间", "计划完成日期", "预计完成时间", "预计完成日期", "期望完成时间", "计划结束时间",
        "计划结束日期",
        "预计结束时间", "预计结束日期", "结束时间", "结束日期", "计划完成", "计划结束",
    ),
    "start": (
        "start date", "start", "start time", "begin date", "planned start",
        "开始时间", "开始日期", "计划开始时间", "计划开始日期", "预计开始时间", "预计开始日期", "计划开始",
        "预计开始",
    ),
    "effort": (
        "original estimate", "effort", "estimate", "time estimate", "estimated hours", "estimated time",
        "planned hours",
        "预估工时", "预计工时", "计划工时", "估算工时", "最初预计", "预计", "工时", "工作量",
    ),
    "remaining": (
        "remaining estimate", "remaining", "remaining hours", "remaining time", "剩余工时", "预计剩余",
        "剩余",
    ),
    "duration": ("duration", "工期", "持续时间"),
    "pinned": ("start fixed", "pinned", "fixed start", "固定开始"),
    WAITS: (
        "predecessors", "waits for", "depends on", "depends", "dependencies",
        "前置任务", "前置任务编号", "前置事项", "前置项", "依赖", "依赖项",
    ),
    "kind": (
        "issue type", "work item type", "item type", "task type", "kind", "type", "tracker",
        "事项类型", "任务类型", "问题类型", "工作项类型", "类型",
    ),
    "parent": (
        "parent key", "parent issue", "parent task", "parent id", "parent item", "parent",
        "父任务", "父任务编号", "父需求", "父事项", "父级任务", "父级", "上级任务", "上级事项", "父工作项",
    ),
    "acceptance": (
        "acceptance criteria", "acceptance", "definition of done", "验收标准", "验收条件", "验收准则",
    ),
    "blocked": ("blocked because", "blocked reason", "blocker", "blocked", "阻塞原因", "卡点", "受阻原因"),
    COMMENTS: ("comments", "comment", "annotations", "评论", "留言", "讨论"),
    CHECKS: ("checklists", "checklist", "check items", "todos", "检查清单", "检查项", "清单", "子任务清单"),
    "created": (
        "created", "created at", "date created", "creation date", "created date", "created on",
        "created time",
        "creation time", "entry", "opened at", "date added", "added on",
        "创建时间", "创建日期", "创建于", "提出时间", "提出日期", "录入时间",
    ),
    ARCHIVED: ("archived", "is archived", "archived at", "已归档", "归档", "归档时间", "是否归档"),
    KEY: (
        "issue key", "key", "identifier", "uuid", "gid", "card id", "task id", "item id", "issue id",
        "work item id",
        "id", "number",
        "编号", "用例编号", "任务编号", "需求编号", "bug编号", "缺陷编号", "工作项编号", "事项编号",
        "问题关键字", "id号",
    ),
}  # fmt: skip

# Columns whose name says one thing elsewhere and another in this tool's exports.
_NOT_IN: dict[str, frozenset[str]] = {"linear": frozenset({"estimate"})}  # points, not hours
# A tool is recognised by headers that only its exports have together.
_TOOLS: dict[str, tuple[frozenset[str], ...]] = {
    "jira": (
        frozenset({"issuekey", "issueid"}),
        frozenset({"issuekey", "issuetype"}),
        frozenset({"问题关键字", "问题类型"}),
    ),
    "linear": (
        frozenset({"id", "team", "title", "cyclenumber"}),
        frozenset({"id", "team", "title", "parentissue"}),
    ),
    "zentao": (
        frozenset({"所属模块", "用例标题"}),
        frozenset({"所属产品", "bug标题"}),
        frozenset({"所属产品", "所属模块"}),
        frozenset({"所属执行", "任务名称"}),
    ),
}
# A header that ends in one of these and nothing else claims the field: 产品负责人 is an owner, 需求优先级 a priority.
_ENDINGS: dict[str, tuple[str, ...]] = {
    "title": ("标题", "任务名称", "需求名称", "事项名称"),
    STATUS: ("状态",),
    "owner": ("负责人", "处理人", "责任人", "经办人", "执行人"),
    "priority": ("优先级",),
    "due": ("截止时间", "截止日期"),
    "labels": ("标签",),
}
_LONGEST_HEADER = 100  # characters; a longer cell is not worth the look
_MULTIPLE = frozenset({COMMENTS, CHECKS, WAITS, "labels", "participants"})

FIELDS = tuple(ALIASES)
_INNER = re.compile(r"^custom field\s*\((.+)\)$", re.IGNORECASE)
_REMARK = re.compile(r"[\(\[（【].*?[\)\]）】]\s*\*?\s*$")


def normalise(header: str) -> str:
    """Return a header as aliases are compared: no case, width, spaces, punctuation, nor a remark in brackets."""
    text = unicodedata.normalize("NFKC", header).strip()
    inner = _INNER.match(text)
    text = inner[1] if inner else text
    text = _REMARK.sub("", text) or text
    return "".join(letter for letter in text.casefold() if letter.isalnum())


_FIELD_OF: dict[str, tuple[str, int]] = {
    normalise(alias): (field, rank)
    for field, aliases in ALIASES.items()
    for rank, alias in enumerate(aliases)
}


class Mapped(NamedTuple):
    """What a column becomes (a field, "custom" or "ignore") and why (alias, guess, default or asked)."""

    column: str
    field: str
    how: str


def is_known_header(header: str) -> bool:
    """Return whether some alias knows this header."""
    return len(header) <= _LONGEST_HEADER and normalise(header) in _FIELD_OF


def recognise_tool(headers: Sequence[str]) -> str:
    """Return the tool whose export has these headers, or an empty string."""
    present = {normalise(header) for header in headers}
    return next((tool for tool, marks in _TOOLS.items() if any(mark <= present for mark in marks)), "")


def map_columns(source: Source, asked: Mapping[str, str] | None = None) -> list[Mapped]:
    """Return what each column becomes, in the file's order; `asked` overrides by column name.

    Raises StoreError when `asked` names a column or a field that does not exist.
    """
    asked = _checked(source, asked or {})
    names = [column.name for column in source.columns]
    chosen: dict[str, Mapped] = {name: Mapped(name, field, "asked") for name, field in asked.items()}
    for name, field in source.known.items():
        chosen.setdefault(name, Mapped(name, field, "alias" if field != CUSTOM else "default"))
    taken = {mapped.field for mapped in chosen.values()} - {CUSTOM, IGNORE}
    elsewhere = _NOT_IN.get(source.tool, frozenset())
    known = [(normalise(name), name) for name in names if name not in chosen]
    known = [(key, name) for key, name in known if key not in elsewhere]
    empty = {
        column.name
        for column in source.columns
        if normalise(column.name) in _FIELD_OF and not any(row.values(column) for row in source.rows)
    }
    # The surest alias first; a column with nothing in it only when no other claims the field.
    ranked = sorted(
        ((name in empty, *_FIELD_OF[key][::-1], name) for key, name in known if key in _FIELD_OF),
        key=lambda entry: entry[:2],
    )
    for _empty, _rank, field, name in ranked:
        if field not in taken or field in _MULTIPLE:
            chosen[name] = Mapped(name, field, "alias")
            taken.add(field)
    for field, endings in _ENDINGS.items():
        if field in taken:
            continue
        for key, name in known:
            if name not in chosen and key.endswith(endings):
                chosen[name] = Mapped(name, field, "guess")
                taken.add(field)
                break
    if "title" not in taken:
        guess = _guess_title(source, chosen)
        if guess:
            chosen[guess] = Mapped(guess, "title", "guess")
    return [chosen.get(name) or Mapped(name, CUSTOM, "default") for name in names]


def _checked(source: Source, asked: Mapping[str, str]) -> dict[str, str]:
    names = [column.name for column in source.columns]
    targets = [*FIELDS, CUSTOM, IGNORE]
    result: dict[str, str] = {}
    for name, field in asked.items():
        found = next((known for known in names if known == name), None) or next(
            (known for known in names if normalise(known) == normalise(name)), None
        )
        if found is None:
            raise StoreError("unknown-column", column=name, nearest=nearest(name, names))
        if field not in targets:
            raise StoreError("unknown-field", field=field, kind="item", nearest=nearest(field, targets))
        result[found] = field
    return result


def _guess_title(source: Source, chosen: Mapping[str, Mapped]) -> str:
    """Return the column that serves best as a title: a description alone, else the first with words in most rows."""
    described = next((name for name, mapped in chosen.items() if mapped.field == "description"), "")
    if described and chosen[described].how != "asked":
        return described
    best, most = "", 0
    for column in source.columns:
        if column.name in chosen:
            continue
        wordy = 0
        for row in source.rows[:200]:
            values = row.values(column)
            wordy += (
                bool(values) and isinstance(values[0], str) and any(letter.isalpha() for letter in values[0])
            )
        if wordy > most:
            best, most = column.name, wordy
    return best
