"""What an edit does to a plan, reckoned from what it touches: the result is that of reckoning everything anew.

The edit spreads along the edges, in the order of their ranks, and stops where nothing comes out different. Where it
changes what the plan is made of in a way that is not worth following (items that become parents, links in a plan with
circles), it is not local, and everything is reckoned anew.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from store.analysis.backward import backward
from store.analysis.columns import BEGINS, ENDS, GONE, NEVER, OPENS, SF, SPAN, SS, TODO
from store.analysis.forward import forward
from store.analysis.network import Ranking
from store.analysis.outline import placed
from store.analysis.reading import read
from store.analysis.slots import plan_finish, slot_of, slots_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from store.analysis.columns import Edge
    from store.analysis.layout import Layout
    from store.analysis.plan import Link, Slot, Task


class NotLocal(Exception):
    """An edit that changes what a plan is made of: everything is to be reckoned anew."""


class Edit:
    """An edit applied to a copy of a plan's layout, and which nodes it touches.

    Raises NotLocal where reckoning everything anew is the better way.
    """

    def __init__(
        self, layout: Layout, tasks: Mapping[str, Task | None], links: Mapping[str, Link | None]
    ) -> None:
        tasks = {ident: task for ident, task in tasks.items() if task != layout.tasks.get(ident)}
        links = {ident: link for ident, link in links.items() if link != layout.links.get(ident)}
        rebuilds = bool(links) or any(map(_adds_or_removes, map(layout.tasks.get, tasks), tasks.values()))
        if layout.cut and rebuilds:
            raise NotLocal
        if len(layout.rank) > 2 * (len(layout.nodes) + 2 * len(layout.gates)) + 100:
            raise NotLocal  # mostly of what is gone
        self.layout = layout.copy(made_of=rebuilds)
        self.columns = columns = self.layout.columns
        self._ranking = Ranking(
            self.layout.rank,
            lambda node: [edge[1] for edge in columns.out[node]],
            lambda node: [edge[0] for edge in columns.into[node]],
        )
        self.changed: set[int] = set()  # nodes that say something else of themselves
        self.targets: set[int] = set()  # nodes with other edges into them
        self.sources: set[int] = set()  # nodes with other edges out of them
        self.removed: set[str] = set()  # items that are no longer in the plan
        self._loosened: set[str] = set()  # items that may be in the plan no longer
        self._orphaned: set[str] = set()  # links that lost an end
        for ident in links:
            self._drop_link(ident)
        for ident, task in tasks.items():
            self._change_task(ident, task)
        for link in links.values():
            if link is not None:
                self._add_link(link)
        for ident in sorted(self._loosened if rebuilds else ()):
            self._let_go(ident)
        for ident in self._orphaned & self.layout.links.keys():
            flaw = self.layout.flaw(self.layout.links[ident])
            self.layout.link_problems[ident] = [flaw] if flaw else []  # there is: an end is gone

    def _change_task(self, ident: str, task: Task | None) -> None:
        layout = self.layout
        old = layout.tasks.get(ident)
        if task is None:
            self._delete_task(ident)
        elif old is None:
            self._create_task(task)
        elif old.parent != task.parent:
            raise NotLocal
        else:
            layout.tasks[ident] = task
            if ident in layout.unplaced:
                if placed(task):
                    self._place(ident)
                return
            self._loosened.add(ident)
            nodes = set(layout.ends_of(ident))
            self.changed |= nodes
            if old.calendar != task.calendar:
                tables = layout.calendar(task.calendar).tables
                for node in nodes:
                    self.columns.before[node], self.columns.days[node] = tables

    def _create_task(self, task: Task) -> None:
        layout, ident = self.layout, task.id
        flawed = (layout.links[link] for link in layout.link_problems if link in layout.links)
        if any(ident in (link.predecessor, link.successor) for link in flawed) or self._has_parts(ident):
            raise NotLocal  # somebody has been waiting for it
        layout.tasks[ident] = task
        if task.parent in layout.tasks and task.parent != ident:
            layout.parents[ident] = task.parent
        layout.unplaced.add(ident)
        if placed(task):
            self._place(ident)

    def _delete_task(self, ident: str) -> None:
        layout = self.layout
        if self._has_parts(ident):
            raise NotLocal
        for link in layout.links.values():
            if ident in link[1:3]:
                self._orphaned.add(link.id)
        if ident in layout.nodes:
            self._remove(ident)
        layout.unplaced.discard(ident)
        layout.parents.pop(ident, None)
        del layout.tasks[ident]

    def _has_parts(self, ident: str) -> bool:
        return any(task.parent == ident for task in self.layout.tasks.values())

    def _place(self, ident: str) -> None:
        """Put an item into the plan that was not in it."""
        layout, columns = self.layout, self.columns
        parent = layout.parents.get(ident)
        if parent is not None and parent not in layout.gates:
            raise NotLocal  # a task that becomes a parent
        layout.unplaced.discard(ident)
        node = layout.nodes[ident] = len(columns.ids)
        layout.add([ident], [TODO])
        layout.rank.append(node)
        self.changed.add(node)
        if parent is not None:
            gate, span = layout.ends_of(parent)
            begins = any(
                edge[1] == span and edge[2] == BEGINS for edge in columns.out[columns.into[span][0][0]]
            )
            self._connect((gate, node, OPENS, 0, ""))
            self._connect((node, span, ENDS, 0, ""))
            if begins:
                columns.out[node] = [*columns.out[node], (node, span, BEGINS, 0, "")]

    def _remove(self, ident: str) -> None:
        """Take a task out of the plan."""
        layout, columns = self.layout, self.columns
        node = layout.nodes.pop(ident)
        for edge in [*columns.into[node], *columns.out[node]]:
            self._disconnect(edge)
            if edge[2] == ENDS and not columns.into[edge[1]]:
                raise NotLocal  # a parent that becomes a task
        columns.mode[node] = GONE
        columns.due[node] = NEVER
        columns.open_finish[node] = 0
        columns.problems.pop(node, None)
        columns.clash.pop(node, None)
        self.changed.discard(node)
        self.removed.add(ident)

    def _let_go(self, ident: str) -> None:
        """Take an item out of the plan that nothing keeps in it any longer."""
        layout = self.layout
        if ident not in layout.nodes or placed(layout.tasks[ident]):
            return
        if not any(ident in link[1:3] and not layout.flaw(link) for link in layout.links.values()):
            self._remove(ident)
            layout.unplaced.add(ident)

    def _drop_link(self, ident: str) -> None:
        link = self.layout.links.pop(ident, None)
        if link is None:
            return
        self.layout.link_problems.pop(ident, None)
        self._loosened.update((link.predecessor, link.successor))
        if link.successor in self.layout.nodes or link.successor in self.layout.gates:
            target, _ = self.layout.ends_of(link.successor)
            for edge in self.columns.into[target]:
                if edge[4] == ident and edge[2] not in (OPENS, ENDS):
                    self._disconnect(edge)

    def _add_link(self, link: Link) -> None:
        layout = self.layout
        layout.links[link.id] = link
        if not layout.flaw(link):
            for ident in link[1:3]:
                if ident in layout.unplaced:
                    self._place(ident)
        edge = layout.edge(link)
        if edge:
            if edge[2] in (SS, SF) and self.columns.mode[edge[0]] == SPAN:
                raise NotLocal  # its parts have to know
            self._connect(edge)

    def _connect(self, edge: Edge) -> None:
        source, target, *_ = edge
        if not self._ranking.admits(source, target):
            raise NotLocal
        self.columns.out[source] = [*self.columns.out[source], edge]
        self.columns.into[target] = [*self.columns.into[target], edge]
        self.sources.add(source)
        self.targets.add(target)

    def _disconnect(self, edge: Edge) -> None:
        source, target, *_ = edge
        self.columns.out[source] = [one for one in self.columns.out[source] if one != edge]
        self.columns.into[target] = [one for one in self.columns.into[target] if one != edge]
        self.sources.add(source)
        self.targets.add(target)
        if edge[2] not in (OPENS, ENDS):
            self._loosened.update((self.columns.ids[source], self.columns.ids[target]))


def _adds_or_removes(old: Task | None, new: Task | None) -> bool:
    return old is None or new is None or placed(old) != placed(new)


def spread(
    edit: Edit, slots: Mapping[str, Slot], finish: int, today: int
) -> tuple[dict[str, Slot], set[str]]:
    """Return the slots after an edit, and the items it reached; `finish` is the boundary the plan ended at before."""
    layout, columns = edit.layout, edit.columns
    into, out, mode = columns.into, columns.out, columns.mode
    for node in edit.changed:
        columns.problems.pop(node, None)
        columns.clash.pop(node, None)
    read(columns, [(node, layout.tasks[columns.ids[node]]) for node in edit.changed], today)
    moved = set(edit.changed)
    ahead = _Queue(layout.rank, edit.changed | edit.targets, 1)
    for node in edit.changed:
        ahead.add(edge[1] for edge in out[node])

    def moved_ahead(node: int) -> None:
        moved.add(node)
        ahead.add(edge[1] for edge in out[node])

    forward(columns, ahead, moved_ahead)
    if plan_finish(columns) != finish:  # then anything may be late at another time
        backward(columns, reversed(layout.order()), plan_finish(columns))
        after = slots_of(columns)
        return after, slots.keys() | after.keys()

    def before(node: int) -> Iterator[int]:
        yield from (edge[0] for edge in into[node])
        if mode[node] == SPAN:
            yield node - 1  # a gate tells of the whole parent

    back = _Queue(layout.rank, ahead.seen | edit.sources, -1)
    for node in moved:
        back.add(before(node))
    backward(columns, back, finish, lambda node: back.add(before(node)))
    after = dict(slots)
    for ident in edit.removed:
        after.pop(ident, None)
    reached = [node for node in back.seen if mode[node] not in (SPAN, GONE)]
    for node in reached:
        after[columns.ids[node]] = slot_of(columns, node)
    return after, edit.removed.union([columns.ids[node] for node in reached])


class _Queue:
    """Nodes in the order of their ranks, or back, each once; more may be added while it is gone through."""

    def __init__(self, rank: list[int], nodes: Iterable[int], step: int) -> None:
        self._rank = rank
        self._step = step
        self.seen = set(nodes)
        self._heap = [(step * rank[node], node) for node in self.seen]
        heapify(self._heap)

    def add(self, nodes: Iterable[int]) -> None:
        """Add those nodes that were not added yet."""
        for node in nodes:
            if node not in self.seen:
                self.seen.add(node)
                heappush(self._heap, (self._step * self._rank[node], node))

    def __iter__(self) -> Iterator[int]:
        while self._heap:
            yield heappop(self._heap)[1]
