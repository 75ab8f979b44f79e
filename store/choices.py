"""What people call the choices of a field, in English and Chinese, folded as `store.names.fold` does.

The words of the interface itself come from its catalogs; these are the ones understood when typed. On the path of
every command: imports nothing.
"""

from __future__ import annotations

ITEM_KINDS = {
    "requirement": "requirement", "需求": "requirement", "task": "task", "任务": "task",
    "milestone": "milestone", "里程碑": "milestone", "action": "action", "action item": "action",
    "行动": "action", "行动项": "action", "bug": "bug", "缺陷": "bug", "risk": "risk", "风险": "risk",
}  # fmt: skip

ROOT_CAUSES = {
    "communication": "communication", "沟通": "communication", "沟通不畅": "communication",
    "priority": "priority", "priorities": "priority", "优先级": "priority", "优先级分歧": "priority",
    "resource": "resources", "resources": "resources", "资源": "resources", "资源争夺": "resources",
    "role": "roles", "roles": "roles", "角色": "roles", "角色不清": "roles",
    "goal": "goals", "goals": "goals", "目标": "goals", "目标不一致": "goals",
    "trust": "trust", "信任": "trust", "缺乏信任": "trust", "other": "other", "其他": "other", "其它": "other",
}  # fmt: skip

CONFLICT_STATES = {
    "logged": "logged", "已记录": "logged", "confirmed": "confirmed", "已确认": "confirmed",
    "negotiating": "negotiating", "协商中": "negotiating", "decided": "decided", "已决议": "decided",
    "checking": "checking", "复查中": "checking", "closed": "closed", "已关闭": "closed",
    "escalated": "escalated", "已升级": "escalated", "reopened": "reopened", "已重开": "reopened",
}  # fmt: skip

NEED_KINDS = {
    "people": "people", "人手": "people", "人力": "people", "人": "people", "time": "time", "时间": "time",
    "工期": "time", "information": "information", "info": "information", "信息": "information",
    "decision": "decisions", "decisions": "decisions", "决策": "decisions", "决定": "decisions", "tool": "tools",
    "tools": "tools", "工具": "tools", "设备": "tools", "money": "money", "budget": "money", "经费": "money",
    "资金": "money", "预算": "money", "钱": "money", "quality": "quality", "质量": "quality",
    "other": "other", "其他": "other", "其它": "other",
}  # fmt: skip

NEED_SORTS = {
    "need": "need", "诉求": "need", "需要": "need", "challenge": "challenge", "挑战": "challenge", "困难": "challenge",
}  # fmt: skip
# What other kinds of things stand in, each by the words of both languages.
STATES = CONFLICT_STATES | {
    "inbox": "inbox", "待分拣": "inbox", "linked": "linked", "已关联": "linked", "duplicate": "duplicate",
    "重复": "duplicate", "declined": "declined", "不做": "declined", "snoozed": "snoozed", "已延后": "snoozed",
    "answered": "answered", "已答复": "answered",
    "promised": "promised", "已承诺": "promised", "renegotiated": "renegotiated", "已改期": "renegotiated",
    "kept": "kept", "已兑现": "kept", "broken": "broken", "已违约": "broken",
    "writing": "writing", "书写": "writing", "grouping": "grouping", "归类": "grouping", "voting": "voting",
    "投票": "voting", "acting": "acting", "定行动": "acting", "ended": "ended", "已结束": "ended",
    "pursued": "pursued", "推进中": "pursued", "reached": "reached", "已达成": "reached", "missed": "missed",
    "未达成": "missed", "dropped": "dropped", "放弃": "dropped",
    "raised": "raised", "已提出": "raised", "met": "met", "已满足": "met", "parked": "parked", "搁置": "parked",
    "asked for": "asked for", "待答复": "asked for", "已申请": "asked for", "granted": "granted", "已批准": "granted",
    "refused": "refused", "已拒绝": "refused", "withdrawn": "withdrawn", "已撤回": "withdrawn",
}  # fmt: skip
# Kinds of needs, of meetings and of things: understood when written in full, for an item's are meant first.
OTHER_KINDS = NEED_KINDS | {
    "kickoff": "kickoff", "启动会": "kickoff", "weekly": "weekly", "周会": "weekly", "joint": "joint",
    "联席会议": "joint", "review meeting": "review meeting", "评审会": "review meeting",
    "retrospective": "retrospective", "复盘会": "retrospective", "meeting": "meeting", "会议": "meeting",
    "goal": "goal", "目标": "goal", "feedback": "feedback", "反馈": "feedback", "commitment": "commitment",
    "promise": "commitment", "承诺": "commitment", "decision": "decision", "决议": "decision", "retro": "retro",
    "复盘": "retro", "case": "case", "案例": "case", "playbook": "playbook", "打法手册": "playbook", "need": "need",
    "诉求": "need", "request": "request", "资源申请": "request",
}  # fmt: skip
ORIGINS = {
    "department": "department", "部门": "department", "customer": "customer", "客户": "customer", "retro": "retro",
    "复盘": "retro", "interview": "interview", "访谈": "interview", "elsewhere": "elsewhere", "其他来源": "elsewhere",
}  # fmt: skip
