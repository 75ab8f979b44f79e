"""Goals as a tree: the order they are shown in, the way to each, and everything beneath it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class Branch(NamedTuple):
    """One goal of the tree: how deep it lies, and whether there is something beneath it."""

    id: str
    depth: int
    has_parts: bool


def children(parents: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the goals beneath each goal, those without a parent that is known beneath ''; the order stays.

    `parents` maps each goal to its parent. Of a circle, which the store cuts, the goal that comes first is its top.
    """
    found: dict[str, list[str]] = {"": []}
    settled: set[str] = {""}
    tops: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        node = start
        while node not in settled and node not in path:
            path[node] = None
            above = parents.get(node, "")
            node = above if above in parents else ""
        if node in path:
            tops.add(next(goal for goal in parents if goal in _from(path, node)))
        settled.update(path)
    for goal, parent in parents.items():
        found.setdefault(parent if parent in parents and goal not in tops else "", []).append(goal)
    return found


def _from(path: Iterable[str], node: str) -> set[str]:
    nodes = list(path)
    return set(nodes[nodes.index(node) :])


def branches(parents: Mapping[str, str], *, folded: Collection[str] = ()) -> list[Branch]:
    """Return the tree from its top, each goal before what lies beneath it; nothing beneath a folded one."""
    below = children(parents)
    found: list[Branch] = []
    stack = [(goal, 0) for goal in reversed(below[""])]
    while stack:
        goal, depth = stack.pop()
        parts = below.get(goal, [])
        found.append(Branch(goal, depth, bool(parts)))
        if goal not in folded:
            stack += [(part, depth + 1) for part in reversed(parts)]
    return found


def above(parents: Mapping[str, str], goal: str) -> list[str]:
    """Return the goals that a goal lies beneath, the topmost first."""
    way: list[str] = []
    node = parents.get(goal, "")
    while node in parents and node not in way and node != goal:
        way.append(node)
        node = parents.get(node, "")
    return way[::-1]


def beneath(parents: Mapping[str, str], goal: str) -> set[str]:
    """Return everything beneath a goal, itself not included."""
    below = children(parents)
    found: set[str] = set()
    stack = list(below.get(goal, ()))
    while stack:
        node = stack.pop()
        if node not in found and node != goal:
            found.add(node)
            stack += below.get(node, ())
    return found
