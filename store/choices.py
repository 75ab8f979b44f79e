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
    "tools": "tools", "工具": "tools", "设备": "tools", "money": "money", "budget": "money", "资金": "money",
    "预算": "money", "钱": "money", "quality": "quality", "质量": "quality", "other": "other", "其他": "other",
    "其它": "other",
}  # fmt: skip

NEED_SORTS = {
    "need": "need", "诉求": "need", "需要": "need", "challenge": "challenge", "挑战": "challenge", "困难": "challenge",
}  # fmt: skip
