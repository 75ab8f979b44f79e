"""Circles among links: items that wait for themselves, be it through others, their parts or what they are a part of."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# That are opened one by one, each at its latest link; with more, every link of a circle is left out.
_MOST_CIRCLES = 100

Link = tuple[int, int]  # predecessor and successor
# An item that moves, and whether its parts move with it: of a whole that a part has moved, they do not.
_Node = tuple[int, bool]


def closing(links: Sequence[Link], whole: Mapping[int, int]) -> set[int]:
    """Return the places in `links` of those that have to be left out so that nothing waits for itself.

    `whole` says what each item is a part of. Of a circle it is the latest link.
    """
    out: set[int] = set()
    graph = Graph(links, whole)
    while (circle := graph.circle(out)) is not None:
        if len(out) >= _MOST_CIRCLES:
            return out | graph.knotted(out)
        out.add(max(circle))
    return out


class Graph:
    """Which item moves which: along links, to the parts of what moves, and up to what it is a part of."""

    def __init__(self, links: Sequence[Link], whole: Mapping[int, int]) -> None:
        self._links: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, (predecessor, successor) in enumerate(links):
            self._links[predecessor].append((number, successor))
        self._whole = whole
        self._parts: dict[int, list[int]] = defaultdict(list)
        for part, above in whole.items():
            self._parts[above].append(part)
        self._starts = sorted({successor for _, successor in links})

    def _steps(self, node: _Node, out: set[int]) -> Iterator[tuple[int, _Node]]:
        """Yield the nodes that move with a node, each with the number of the link that moves it, or -1."""
        row, with_parts = node
        for number, successor in self._links.get(row, ()):
            if number not in out:
                yield number, (successor, True)
        if with_parts:
            for part in self._parts.get(row, ()):
                yield -1, (part, True)
        if row in self._whole:
            yield -1, (self._whole[row], False)

    def circle(self, out: set[int]) -> list[int] | None:
        """Return the numbers of the links on one circle, None when there is none."""
        done: set[_Node] = set()
        for start in self._starts:
            found = self._search((start, True), done, out)
            if found is not None:
                return found
        return None

    def _search(self, start: _Node, done: set[_Node], out: set[int]) -> list[int] | None:
        if start in done:
            return None
        path: list[tuple[int, _Node]] = [(-1, start)]
        places = {start: 0}
        waiting = [self._steps(start, out)]
        while waiting:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
                _, node = path.pop()
                del places[node]
                done.add(node)
                continue
            number, node = step
            if node in places:
                # No circle is of wholes and parts alone: a whole that a part moves does not move its parts.
                return [link for link in (number, *(by for by, _ in path[places[node] + 1 :])) if link >= 0]
            if node not in done:
                places[node] = len(path)
                path.append((number, node))
                waiting.append(self._steps(node, out))
        return None

    def knotted(self, out: set[int]) -> set[int]:
        """Return the links that lie on any circle: both ends are in one knot of items that move each other."""
        knots = self._knots(out)
        return {
            number
            for predecessor, links in self._links.items()
            for number, successor in links
            for mover in ((predecessor, True), (predecessor, False))
            if number not in out and mover in knots and knots[mover] == knots.get((successor, True))
        }

    def _knots(self, out: set[int]) -> dict[_Node, int]:
        """Return for each node the number of its strongly connected component (Tarjan 1972, without recursion)."""
        index: dict[_Node, int] = {}
        low: dict[_Node, int] = {}
        knots: dict[_Node, int] = {}
        stack: list[_Node] = []
        for start in self._starts:
            if (start, True) in index:
                continue
            path = [(start, True)]
            waiting = [self._steps(path[0], out)]
            index[path[0]] = low[path[0]] = len(index)
            stack.append(path[0])
            while waiting:
                node = path[-1]
                step = next(waiting[-1], None)
                if step is None:
                    waiting.pop()
                    path.pop()
                    if path:
                        low[path[-1]] = min(low[path[-1]], low[node])
                    if low[node] == index[node]:
                        while True:
                            member = stack.pop()
                            knots[member] = index[node]
                            if member == node:
                                break
                    continue
                following = step[1]
                if following not in index:
                    index[following] = low[following] = len(index)
                    stack.append(following)
                    path.append(following)
                    waiting.append(self._steps(following, out))
                elif following not in knots:
                    low[node] = min(low[node], index[following])
        return knots
