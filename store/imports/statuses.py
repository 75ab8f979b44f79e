"""Which status of the workspace a status of the file is, and what a new one's category must be.

Exact names come first, then synonyms in both languages. Synonyms are in narrow groups (`Closed` is not `Done`) that
belong to wide ones; a wide match is taken only where no narrow one wants it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.imports.values import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TODO, DOING, DONE = "todo", "doing", "done"

# (category, wide group, words)
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        TODO, "todo",
        ("backlog", "icebox", "ideas", "inbox", "需求池", "待规划", "规划中", "待排期", "积压", "收集箱", "待评估"),
    ),
    (
        TODO, "todo",
        (
            "to do", "todo", "to-do", "open", "new", "not started", "pending", "planned", "ready", "wait",
            "waiting",
            "reopened", "selected for development", "待办", "待处理", "未开始", "未启动", "待开始",
            "未处理", "新建", "新增", "已计划",
            "已排期", "激活", "待开发", "待启动", "尚未开始",
        ),
    ),
    (
        DOING, "doing",
        (
            "doing", "in progress", "wip", "started", "active", "working", "in development", "ongoing",
            "inprogress",
            "进行中", "处理中", "开发中", "研发中", "正在进行", "执行中", "已开始", "实施中", "设计中",
        ),
    ),
    (
        DOING, "review",
        (
            "in review", "review", "code review", "under review", "for review", "awaiting review",
            "评审中", "待评审", "审核中", "待审核", "审批中", "待审批", "待验收", "验收中",
        ),
    ),
    (
        DOING, "testing",
        (
            "testing", "in testing", "test", "qa", "in qa", "ready for test",
            "测试中", "待测试", "提测", "已提测", "联调中",
        ),
    ),
    (
        DOING, "blocked",
        (
            "blocked", "on hold", "paused", "suspended",
            "阻塞", "受阻", "已暂停", "暂停", "挂起", "已挂起", "搁置",
        ),
    ),
    (
        DONE, "done",
        (
            "done", "complete", "completed", "finished", "resolved", "fixed", "shipped", "released",
            "deployed",
            "已完成", "完成", "已解决", "已修复", "已上线", "已发布", "已交付", "已验收", "已实现",
        ),
    ),
    (DONE, "done", ("closed", "已关闭", "关闭", "已结束", "结束", "已归档", "archived")),
    (
        DONE, "cancelled",
        (
            "canceled", "cancelled", "won't do", "wont do", "won't fix", "rejected", "duplicate",
            "declined", "deleted",
            "已取消", "取消", "不做", "已拒绝", "已驳回", "重复", "已废弃", "废弃", "已作废",
        ),
    ),
)  # fmt: skip

_GROUP_OF = {fold(word): number for number, (_, _, words) in enumerate(GROUPS) for word in words}


class Status(NamedTuple):
    """A status of the workspace, as matching needs it."""

    id: str
    title: str
    title_en: str
    category: str


def category_of_word(name: str) -> str:
    """Return todo, doing or done where the name is a known synonym, else an empty string."""
    group = _GROUP_OF.get(fold(name))
    return "" if group is None else GROUPS[group][0]


def match_statuses(names: Sequence[str], known: Sequence[Status]) -> dict[str, str]:
    """Return the workspace's status id for each name that means one; the others have to be created.

    Names of one narrow group (完成, 已完成, Done) may share a status, names of different groups never do by likeness.
    """
    found: dict[str, str] = {}
    by_name: dict[str, str] = {}
    by_group: list[tuple[int, str]] = []  # groups of titles before those of English titles
    for title, status_id in [(status.title, status.id) for status in known] + [
        (status.title_en, status.id) for status in known if status.title_en
    ]:
        by_name.setdefault(fold(title), status_id)
        if fold(title) in _GROUP_OF:
            by_group.append((_GROUP_OF[fold(title)], status_id))
    claimed: dict[str, set[int]] = {}
    for name in names:
        if fold(name) in by_name:
            found[name] = by_name[fold(name)]
            claimed.setdefault(found[name], set()).add(_GROUP_OF.get(fold(name), -1))
    for wide in (False, True):
        for group, status_id in by_group:
            for name in names:
                own = _GROUP_OF.get(fold(name))
                if name in found or own is None:
                    continue
                alike = GROUPS[group][1] == GROUPS[own][1] if wide else group == own
                if alike and claimed.setdefault(status_id, {own}) == {own}:
                    found[name] = status_id
    return found


def guess_categories(names: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    """Return a category for each name: what the file says, a synonym, else what its place among the others suggests.

    A name unknown to both that stands between a doing and a done one is doing; any other is todo.
    """
    known = {name: said.get(name) or category_of_word(name) for name in names}
    first_done = next((at for at, name in enumerate(names) if known[name] == DONE), -1)
    result: dict[str, str] = {}
    doing_before = False
    for at, name in enumerate(names):
        doing_before = doing_before or known[name] == DOING
        result[name] = known[name] or (DOING if doing_before and at < first_done else TODO)
    return result
