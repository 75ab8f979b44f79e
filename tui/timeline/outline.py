"""The order of a chart's rows: groups, the tree of items in each, and the tray of what has no date yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.timeline.rows import GROUP, ITEM, TRAY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from store.analysis.plan import Slot, Task

GROUPINGS = ("department", "owner", "goal", "status")
TRAY_KEY = "tray"
_FAR = 10**9  # days: what has no date comes last


class Line(NamedTuple):
    """One row's place in the outline: a group's key, or an item's id, and how deep it lies."""

    kind: str
    key: str
    depth: int = 0
    size: int = 0  # items beneath a group's line, the folded ones included
    branches: bool = False  # whether items lie beneath it


def group_key(value: str) -> str:
    """Return what tells a group's line from an item's."""
    return f"group:{value}"


def outline(
    tasks: Iterable[Task],
    slots: Mapping[str, Slot],
    group_of: Callable[[Task], str],
    order: Sequence[str],
    *,
    folded: Collection[str] = (),
    shown: Collection[str] | None = None,
) -> list[Line]:
    """Return the lines from top to bottom: groups as `order` has them, others after these, that of '' last.

    In a group items stand by their start, beneath the item they are part of where that is in the same group. `shown`
    are the ids that a filter leaves, None for all. Items without a slot lie in the tray at the end.
    """
    kept = [task for task in tasks if shown is None or task.id in shown]
    groups = {task.id: group_of(task) for task in kept}
    placed = [task for task in kept if task.id in slots]
    children: dict[str, list[Task]] = {}
    roots: dict[str, list[Task]] = {}
    counts: dict[str, int] = {}
    known = {task.id for task in placed}
    for task in placed:
        group = groups[task.id]
        counts[group] = counts.get(group, 0) + 1
        if task.parent in known and groups.get(task.parent) == group:
            children.setdefault(task.parent, []).append(task)
        else:
            roots.setdefault(group, []).append(task)
    _break_circles(placed, children, roots, groups)

    def when(task: Task) -> tuple[int, int, str]:
        slot = slots.get(task.id)
        return (slot.start, slot.finish, task.id) if slot else (_FAR, _FAR, task.id)

    lines: list[Line] = []
    names = [key for key in order if key in roots] + sorted(roots.keys() - set(order) - {""})
    for group in [*names, *([""] if "" in roots else [])]:
        key = group_key(group)
        lines.append(Line(GROUP, key, 0, counts[group], True))
        if key not in folded:
            _descend(lines, sorted(roots[group], key=when), children, when, folded)
    tray = sorted((task for task in kept if task.id not in slots), key=lambda task: task.id)
    if tray:
        lines.append(Line(TRAY, TRAY_KEY, 0, len(tray), True))
        if TRAY_KEY not in folded:
            lines += [Line(ITEM, task.id, 1) for task in tray]
    return lines


def _descend(
    lines: list[Line],
    tasks: list[Task],
    children: Mapping[str, list[Task]],
    when: Callable[[Task], tuple[int, int, str]],
    folded: Collection[str],
) -> None:
    waiting = [(task, 1) for task in reversed(tasks)]
    while waiting:
        task, depth = waiting.pop()
        beneath = children.get(task.id, [])
        lines.append(Line(ITEM, task.id, depth, len(beneath), bool(beneath)))
        if beneath and task.id not in folded:
            waiting += [(child, depth + 1) for child in sorted(beneath, key=when, reverse=True)]


def _break_circles(
    tasks: Iterable[Task],
    children: dict[str, list[Task]],
    roots: dict[str, list[Task]],
    groups: Mapping[str, str],
) -> None:
    """Make a root of one item of every circle of parents, so that each item has its line."""
    reached: set[str] = set()
    waiting = [task.id for found in roots.values() for task in found]
    while True:
        while waiting:
            one = waiting.pop()
            if one not in reached:
                reached.add(one)
                waiting += [child.id for child in children.get(one, ())]
        lost = next((task for task in tasks if task.id not in reached), None)
        if lost is None:
            return
        children[lost.parent].remove(lost)
        roots.setdefault(groups[lost.id], []).append(lost)
        waiting.append(lost.id)
