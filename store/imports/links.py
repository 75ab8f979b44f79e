"""What a file says waits for what, checked: links on nothing and circles are reported and left out.

The workspace's own links are looked at when they are written; here are those of the file among themselves, thousands
at a time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from store.imports.source import Problem
from store.links import FINISH_TYPES, dependency_id
from store.schema import KINDS, LINK_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from store.imports.drafts import Draft, Reading, Wait

_LAG = KINDS["dependency"].fields["lag"]
_MOST_CIRCLES = (
    100  # opened one by one, each at its latest link; with more, every link of a circle is left out
)

# An item that moves, and whether its parts move with it: of a whole that a part has moved, they do not.
_Node = tuple[int, bool]


class LinkWork(NamedTuple):
    """A link to write: its own id, its predecessor's, and what the file says of it."""

    id: str
    predecessor: str
    wait: Wait


class _Edge(NamedTuple):
    """A link of the file between rows, with its number in the file."""

    number: int
    predecessor: int
    successor: int
    wait: Wait


def resolve_waits(
    reading: Reading, ids: Mapping[int, str], keys: Mapping[int, str], parents: Mapping[int, str]
) -> dict[int, list[LinkWork]]:
    """Return the links of each row that can be made; each draft keeps the waits of these alone.

    `ids` and `keys` are the entity and the key of each row, `parents` the entity a row is a part of.
    """
    by_row = {draft.row: draft for draft in reading.drafts}
    row_of = {ident: row for row, ident in ids.items()}
    edges = _edges(reading, by_row, ids, keys, parents)
    whole = {row: row_of[parent] for row, parent in parents.items() if parent in row_of}
    closing = _closing(edges, whole)
    found: dict[int, list[LinkWork]] = defaultdict(list)
    for edge in edges:
        if edge.number in closing:
            said = by_row[edge.predecessor].title[:80]
            reading.problems.append(Problem(edge.successor, "link-circle", edge.wait.column, said))
        else:
            ident = dependency_id(ids[edge.predecessor], ids[edge.successor])
            found[edge.successor].append(LinkWork(ident, ids[edge.predecessor], edge.wait))
    for draft in reading.drafts:
        if draft.waits:
            draft.waits = [link.wait for link in found.get(draft.row, ())]
    return found


def _edges(
    reading: Reading,
    by_row: Mapping[int, Draft],
    ids: Mapping[int, str],
    keys: Mapping[int, str],
    parents: Mapping[int, str],
) -> list[_Edge]:
    """Return the links that mean something each by itself, and report the others."""
    row_of = {ident: row for row, ident in ids.items()}
    with_parts = set(parents.values())
    edges: list[_Edge] = []
    for draft in reading.drafts:
        pairs: dict[int, Wait] = {}
        for wait in draft.waits:
            row = reading.called.get(wait.key)
            code = ""
            if row is None:
                code = "no-predecessor"
                _keep(draft, wait)
            elif wait.type not in LINK_TYPES:
                code = "unknown-link"
            elif not (_LAG.low or 0) <= wait.lag <= (_LAG.high or 0):
                code = "long-lag"
            elif by_row[row].archived or draft.archived:
                continue  # what is put away holds nobody up
            elif _above(draft.row, row, parents, row_of) or _above(row, draft.row, parents, row_of):
                code = "link-own-part"
            elif wait.type in FINISH_TYPES and ids[draft.row] in with_parts:
                code = "link-on-parent"
            if code:
                said = by_row[row].title if row is not None else wait.key
                reading.problems.append(Problem(draft.row, code, wait.column, said[:80]))
            elif row is not None:
                pairs[row] = wait._replace(key=keys[row])  # of two links of one pair the later counts
        edges += [
            _Edge(len(edges) + place, row, draft.row, wait) for place, (row, wait) in enumerate(pairs.items())
        ]
    return edges


def _keep(draft: Draft, wait: Wait) -> None:
    """Keep what names no row as a custom field: a person may know what it is."""
    kept = draft.custom.get(wait.column, "")
    draft.custom[wait.column] = f"{kept}; {wait.key}" if kept else wait.key


def _above(row: int, whole: int, parents: Mapping[int, str], row_of: Mapping[str, int]) -> bool:
    """Return whether `whole` is the row itself, or what it is a part of."""
    at: int | None = row
    while at is not None:
        if at == whole:
            return True
        at = row_of.get(parents.get(at, ""))
    return False


def _closing(edges: Sequence[_Edge], whole: Mapping[int, int]) -> set[int]:
    """Return the numbers of the links that have to be left out so that nothing waits for itself."""
    out: set[int] = set()
    graph = _Graph(edges, whole)
    while (circle := graph.circle(out)) is not None:
        if len(out) >= _MOST_CIRCLES:
            return out | graph.knotted(out)
        out.add(max(circle))
    return out


class _Graph:
    """Which item moves which: along links, to the parts of what moves, and up to what it is a part of."""

    def __init__(self, edges: Sequence[_Edge], whole: Mapping[int, int]) -> None:
        self._links: dict[int, list[_Edge]] = defaultdict(list)
        for edge in edges:
            self._links[edge.predecessor].append(edge)
        self._whole = whole
        self._parts: dict[int, list[int]] = defaultdict(list)
        for part, above in whole.items():
            self._parts[above].append(part)
        self._starts = sorted({edge.successor for edge in edges})

    def _steps(self, node: _Node, out: set[int]) -> Iterator[tuple[int, _Node]]:
        """Yield the nodes that move with a node, each with the number of the link that moves it, or -1."""
        row, with_parts = node
        for edge in self._links.get(row, ()):
            if edge.number not in out:
                yield edge.number, (edge.successor, True)
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
            edge.number
            for edges in self._links.values()
            for edge in edges
            for moved in [(edge.successor, True)]
            for mover in ((edge.predecessor, True), (edge.predecessor, False))
            if edge.number not in out and mover in knots and knots[mover] == knots.get(moved)
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
