"""The fields a query can ask about, by every name people call them; derived from the schema.

A query is one for all kinds: a field means the same wherever it is declared, and a kind without it has no match.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from store import choices, schema
from store.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a field's values are.
REF = "ref"
CHOICE = "choice"
NUMBER = "number"
DAY = "day"
LABEL = "label"
TEXT = "text"


class QueryField(NamedTuple):
    """A field as a query knows it."""

    name: str
    type: str
    to: str = ""  # the kind a REF refers to
    choices: Mapping[str, str] = MappingProxyType({})  # each word for a choice, and the choice
    past: bool = False  # whether fri is the last one: work is due on the next, but was created on the last
    rare: Mapping[str, str] = MappingProxyType(
        {}
    )  # words for choices that are meant only when written in full


# Queries reach names and days, not these: positions and ids of things that have no name, and where text is kept.
TYPES = {
    schema.TEXT: TEXT, schema.LONGTEXT: TEXT, schema.CHOICE: CHOICE, schema.INTEGER: NUMBER, schema.NUMBER: NUMBER,
    schema.DATE: DAY, schema.REF: REF, schema.PLACE: REF, schema.SET: REF,
}  # fmt: skip
_NAMED_KINDS = ("status", "member", "department", "goal", "customer")
_UNASKED = ("short", "source", "rank")
_CHOICES = {
    "kind": choices.ITEM_KINDS | {"item": "item", "事项": "item", "conflict": "conflict", "冲突": "conflict"},
    "root_cause": choices.ROOT_CAUSES,
    "state": choices.STATES,
    "origin": choices.ORIGINS,
    "sort": choices.NEED_SORTS,
}
_RARE = {"kind": choices.OTHER_KINDS}

_ALIASES = {
    "status": "状态", "department": "dept 部门", "owner": "assignee 负责人", "participants": "participant 参与人",
    "decider": "拍板人", "parties": "party 相关方", "due": "deadline 截止 截止日期 截止时间", "start": "开始 开始日期",
    "follow_up": "followup 复查 复查日期", "created": "创建 创建时间", "updated": "更新 更新时间",
    "created_by": "author 创建人", "updated_by": "更新人", "labels": "label tag tags 标签", "kind": "type 类型",
    "priority": "prio p 优先级", "severity": "严重程度 严重度", "root_cause": "cause 根因", "state": "进展",
    "goal": "目标", "shared_goal": "共同目标", "title": "topic 标题 议题", "description": "描述 备注",
    "acceptance": "验收 验收标准", "options": "备选方案", "decision": "决议", "blocked": "阻塞 阻塞原因",
    "effort": "工作量", "duration": "工期", "remaining": "剩余", "requested_by": "提出部门",
    "verbatim": "原话", "origin": "来源", "customer": "客户", "customers": "想要的客户", "said_by": "提出人",
    "channel": "渠道", "importance": "重要性", "voters": "voter 投票人", "reason": "理由", "until": "延后到",
    "reply": "答复", "answered": "答复日期", "from_department": "from 承诺方", "to_department": "to 承诺给",
    "receiver": "接收人", "first_due": "原定日期", "ended": "结束日期", "confirmed": "确认人",
    "departments": "参与部门", "attendees": "attendee 参会人", "date": "日期", "format": "形式", "context": "经过",
    "action": "做法", "result": "结果", "metric": "指标", "baseline": "基线值", "target": "目标值",
    "current": "当前值", "period": "周期", "sort": "诉求类型", "evidence": "依据", "skill": "技能", "hours": "小时",
    "first": "第一天", "last": "最后一天", "member": "成员", "decided": "决议日期", "escalated_to": "升级给",
    "verify": "验证方式", "verified": "验证日期", "remind": "提醒", "recurrence": "重复规则",
    "occurrence": "第几次", "votes": "每人票数",
}  # fmt: skip

STATES = {
    "blocked": "blocked", "阻塞": "blocked", "overdue": "overdue", "late": "overdue", "逾期": "overdue",
    "done": "done", "完成": "done", "已完成": "done", "open": "open", "未完成": "open",
    "private": "private", "draft": "private", "草稿": "private", "私有": "private",
    "trashed": "trashed", "deleted": "trashed", "回收站": "trashed", "已删除": "trashed",
    "diverged": "diverged", "分歧": "diverged", "同步分歧": "diverged", "pinned": "pinned", "固定": "pinned",
}  # fmt: skip

# Words before a colon that are not fields: `is:overdue`, `has:due`, `no:owner`.
PREFIXES = {"is": "is", "是": "is", "has": "has", "有": "has", "no": "no", "无": "no", "没有": "no"}


def _declared() -> dict[str, QueryField]:
    fields = {
        "created": QueryField("created", DAY, past=True),
        "updated": QueryField("updated", DAY, past=True),
        "created_by": QueryField("created_by", REF, "member"),
        "updated_by": QueryField("updated_by", REF, "member"),
        "labels": QueryField("labels", LABEL),
    }
    spoken = (kind for kind, declared in schema.KINDS.items() if declared.short)
    for kind in dict.fromkeys((*schema.BOARD_KINDS, *spoken)):
        for field in schema.KINDS[kind].fields.values():
            name = "status" if field.type == schema.PLACE else field.name
            type_of = TYPES.get(field.type)
            if name in fields or name in _UNASKED or type_of is None:
                continue
            if type_of != REF or field.to in _NAMED_KINDS:
                known = _CHOICES.get(name, {choice: choice for choice in field.choices})
                rare = _RARE.get(name, {})
                fields[name] = QueryField(name, type_of, field.to, known, rare=rare)
    return fields


FIELDS = _declared()
_NAMES = {
    name: field for field in FIELDS.values() for name in (field.name, *_ALIASES.get(field.name, "").split())
}
FIELD_NAMES = (*_NAMES, *PREFIXES)


def names_of(field: str) -> tuple[str, ...]:
    """Return every name of a field, the one in code first."""
    return (field, *_ALIASES.get(field, "").split())


def field_called(name: str) -> QueryField | None:
    """Return the field people call so, in either language: `due`, `截止`, `follow-up`."""
    return _NAMES.get(fold(name).replace("-", "_"))
