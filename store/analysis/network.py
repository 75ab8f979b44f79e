"""The order in which a plan can be reckoned: what must be known before what, and which links close a circle.

Nodes are whole numbers. An edge leads from what is known first to what follows from it. The order is found by Kahn's
algorithm (1962); where circles leave none, links are admitted one by one in the order they were made, and the one that
would close a circle is left out. That is asked of an order kept up to date (Pearce and Kelly, "A Dynamic Topological
Sort Algorithm for Directed Acyclic Graphs", 2007), so that a link that agrees with it costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from store.analysis.columns import Edge


def ordered(out: Sequence[Sequence[Edge]], into: Sequence[Sequence[object]]) -> list[int]:
    """Return the nodes, each after all that lead to it; those on a circle, and after one, are missing."""
    waits = list(map(len, into))
    order = [node for node, count in enumerate(waits) if not count]
    for node in order:  # grows as nodes wait for nothing more
        for edge in out[node]:
            target = edge[1]
            left = waits[target] = waits[target] - 1
            if not left:
                order.append(target)
    return order


def knots(out: Sequence[Sequence[Edge]], among: Iterable[int]) -> list[list[int]]:
    """Return the strongly connected components of more than one node (Tarjan 1972), each in an order mostly right."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[list[int]] = []
    finished: dict[int, int] = {}
    for root in among:
        if root in index:
            continue
        work = [(root, iter(out[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for _, target, _, _, _ in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(out[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                finished[node] = len(finished)
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    knot = [stack.pop()]
                    while knot[-1] != node:
                        knot.append(stack.pop())
                    on_stack.difference_update(knot)
                    if len(knot) > 1:
                        found.append(sorted(knot, key=lambda one: -finished[one]))
    return found


class Ranking:
    """An order of nodes that is kept right while edges are added, and tells which edge would close a circle.

    Every edge leads from a lower to a higher rank. `after` and `before` give a node's neighbours by the edges so far,
    which the caller keeps.
    """

    def __init__(
        self, rank: list[int], after: Callable[[int], Iterable[int]], before: Callable[[int], Iterable[int]]
    ) -> None:
        self._rank = rank
        self._after = after
        self._before = before

    def admits(self, source: int, target: int) -> bool:
        """Make room for an edge, or return False where it would close a circle."""
        rank = self._rank
        if rank[source] < rank[target]:
            return True
        low, high = rank[target], rank[source]
        after = self._reached(target, self._after, low, high)
        if source in after:
            return False
        before = self._reached(source, self._before, low, high)
        moved = sorted(before, key=rank.__getitem__) + sorted(after, key=rank.__getitem__)
        for node, free in zip(moved, sorted([rank[node] for node in moved]), strict=True):
            rank[node] = free
        return True

    def _reached(self, start: int, edges: Callable[[int], Iterable[int]], low: int, high: int) -> set[int]:
        rank = self._rank
        seen = {start}
        work = [start]
        while work:
            for node in edges(work.pop()):
                if low <= rank[node] <= high and node not in seen:
                    seen.add(node)
                    work.append(node)
        return seen


def closing(knot: Sequence[int], edges: Iterable[Edge]) -> list[Edge]:
    """Return those edges within a knot, first come first served, that would close a circle."""
    number = {node: place for place, node in enumerate(knot)}
    out: list[list[int]] = [[] for _ in knot]
    into: list[list[int]] = [[] for _ in knot]
    ranking = Ranking(list(range(len(knot))), out.__getitem__, into.__getitem__)
    left_out = []
    for edge in edges:
        source, target = number[edge[0]], number[edge[1]]
        if ranking.admits(source, target):
            out[source].append(target)
            into[target].append(source)
        else:
            left_out.append(edge)
    return left_out
