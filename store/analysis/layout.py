"""From items and dependencies to nodes and edges in an order that can be reckoned: what is left out, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.calendars import Tables, WorkingCalendar, calendar_called
from store.analysis.columns import BEGINS, ENDS, FS, GATE, KINDS, OPENS, SF, SPAN, SS, TODO, Columns
from store.analysis.network import closing, knots, ordered
from store.analysis.outline import outline, placed, related, sound_parents
from store.analysis.plan import CYCLE, MAX_LAG, NO_SUCH_TASK, ON_PARENT, OUT_OF_RANGE, SELF_LINK, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.analysis.columns import Edge
    from store.analysis.plan import Link, Task


class _Plain(dict[str, int]):
    """Numbers by name, -1 for every other name."""

    def __missing__(self, name: str) -> int:
        return -1


class Layout:
    """The nodes of a plan, the edges between them, and what had to be left out.

    `nodes` has the node of every task, `gates` the first of every parent's two. Every edge leads to a higher `rank`.
    """

    __slots__ = (
        "calendars", "columns", "cut", "gates", "link_problems", "links", "nodes", "parents", "rank", "tasks",
        "unplaced",
    )  # fmt: skip

    def __init__(
        self, tasks: dict[str, Task], links: dict[str, Link], calendars: Mapping[str, WorkingCalendar]
    ) -> None:
        self.tasks = tasks
        self.links = links
        self.calendars = calendars
        self.link_problems: dict[str, list[Problem]] = {}
        self.cut: list[Link] = []  # because each closes a circle of earlier ones
        self.parents = sound_parents(
            {task.id: task.parent for task in tasks.values() if task.parent and task.parent in tasks}
        )
        leaves, spans, unplaced = outline(tasks, self.parents, self._silent())
        self.unplaced = set(unplaced)
        self.nodes = {ident: node for node, ident in enumerate(leaves)}
        self.gates = {ident: len(leaves) + 2 * place for place, ident in enumerate(spans)}
        self.columns = Columns()
        modes = [TODO] * len(leaves) + [GATE, SPAN] * len(spans)
        self.add(leaves + [ident for ident in spans for _ in range(2)], modes)
        self._enclose(spans)
        self._connect()
        order = ordered(self.columns.out, self.columns.into)
        if len(order) < len(self.columns.ids):
            self._cut(set(range(len(self.columns.ids))).difference(order))
            order = ordered(self.columns.out, self.columns.into)
        self._let_parents_begin()
        self.rank = [0] * len(order)
        for rank, node in enumerate(order):
            self.rank[node] = rank

    def copy(self, *, made_of: bool) -> Layout:
        """Return a layout in which tasks can be changed without changing this one, or with `made_of` anything can."""
        made = Layout.__new__(Layout)
        for name in Layout.__slots__:
            setattr(made, name, getattr(self, name))
        made.tasks = self.tasks.copy()
        made.columns = self.columns.copy(made_of=made_of)
        if made_of:
            for name in ("cut", "gates", "link_problems", "links", "nodes", "parents", "rank", "unplaced"):
                setattr(made, name, getattr(self, name).copy())
        return made

    def order(self) -> list[int]:
        """Return all nodes, each after those it waits for."""
        order = [0] * len(self.rank)
        for node, rank in enumerate(self.rank):
            order[rank] = node
        return order

    def calendar(self, name: str) -> WorkingCalendar:
        """Return a calendar by name; who has none works on weekdays."""
        return calendar_called(self.calendars, name)

    def edge(self, link: Link) -> Edge | None:
        """Return what a link means, or None where it can mean nothing; note what is wrong with it."""
        flaw = self.flaw(link)
        if flaw is None and link.successor in self.gates and link.type in ("FF", "SF"):
            flaw = Problem(ON_PARENT, link.id, link.successor)
        if flaw:
            self.note(flaw)
            return None
        _, source = self.ends_of(link.predecessor)
        target, _ = self.ends_of(link.successor)
        return source, target, KINDS.get(link.type, FS), self._lag(link), link.id

    def flaw(self, link: Link) -> Problem | None:
        """Return what is wrong with a link whose ends do not exist, or are not two things."""
        for end in (link.predecessor, link.successor):
            if end not in self.tasks:
                return Problem(NO_SUCH_TASK, link.id, end)
        if related(link.predecessor, link.successor, self.parents):
            return Problem(SELF_LINK, link.id, link.predecessor)
        return None

    def _lag(self, link: Link) -> int:
        if -MAX_LAG <= link.lag <= MAX_LAG:
            return link.lag
        self.note(Problem(OUT_OF_RANGE, link.id, "lag"))
        return max(-MAX_LAG, min(link.lag, MAX_LAG))

    def note(self, problem: Problem) -> None:
        """Keep what is wrong with a link."""
        self.link_problems.setdefault(problem.about, []).append(problem)

    def _silent(self) -> set[str]:
        """Return the items that nothing is known of: they say nothing themselves, and no link says it for them."""
        silent = {
            ident
            for ident, task in self.tasks.items()
            if task[3] is None and task[4] is None and not placed(task)
        }
        for link in self.links.values() if silent else ():
            if (link[1] in silent or link[2] in silent) and not self.flaw(link):
                silent.discard(link[1])
                silent.discard(link[2])
        return silent

    def add(self, ids: list[str], modes: list[int]) -> None:
        """Make room for nodes of these items, in the calendars they name."""
        names = [self.tasks[ident].calendar for ident in ids]
        tables: dict[str, Tables] = {name: self.calendar(name).tables for name in set(names)}
        self.columns.extend(ids, modes, [tables[name] for name in names])

    def _enclose(self, spans: Mapping[str, list[str]]) -> None:
        """Let every parent's gate open its parts, and the parts end its span."""
        into, out = self.columns.into, self.columns.out
        for parent, parts in spans.items():
            gate, span = self.ends_of(parent)
            for part in parts:
                begun, ended = self.ends_of(part)
                opening, ending = (gate, begun, OPENS, 0, ""), (ended, span, ENDS, 0, "")
                out[gate].append(opening)
                into[begun].append(opening)
                out[ended].append(ending)
                into[span].append(ending)

    def ends_of(self, ident: str) -> tuple[int, int]:
        """Return the node where an item begins and the one where it ends: of a task it is one."""
        if ident in self.gates:
            return self.gates[ident], self.gates[ident] + 1
        return self.nodes[ident], self.nodes[ident]

    def _connect(self) -> None:
        into, out = self.columns.into, self.columns.out
        # Nearly all links are between two tasks with no parts and mean what they say.
        above = set(self.parents.values())
        plain = _Plain((ident, node) for ident, node in self.nodes.items() if ident not in above)
        links = self.links.values()
        if not links:
            return
        idents, predecessors, successors, types, lags, _ = zip(*links, strict=True)
        sources, targets = map(plain.__getitem__, predecessors), map(plain.__getitem__, successors)
        kinds = map(_Plain(KINDS).__getitem__, types)
        most, least = MAX_LAG, -MAX_LAG
        for link, edge in zip(links, zip(sources, targets, kinds, lags, idents, strict=True), strict=True):
            source, target, kind, lag, _ = edge
            if source < 0 or target < 0 or source == target or kind < 0 or not least <= lag <= most:
                meant = self.edge(link)
                if meant is not None:
                    out[meant[0]].append(meant)
                    into[meant[1]].append(meant)
            else:
                out[source].append(edge)
                into[target].append(edge)

    def _cut(self, tangled: set[int]) -> None:
        """Leave out, of every circle among some nodes, the link that was made last."""
        into, out = self.columns.into, self.columns.out
        for knot in knots(out, sorted(tangled)):
            inside = set(knot)
            edges = [edge for node in knot for edge in into[node] if edge[0] in inside]
            fixed = [edge for edge in edges if edge[2] in (OPENS, ENDS)]
            links = [edge for edge in edges if edge[2] not in (OPENS, ENDS)]
            links.sort(key=lambda edge: (self.links[edge[4]].order, edge[4]))
            for edge in closing(knot, fixed + links):
                into[edge[1]].remove(edge)
                out[edge[0]].remove(edge)
                link = self.links[edge[4]]
                self.cut.append(link)
                self.note(Problem(CYCLE, link.id, link.successor))
        self.cut.sort(key=lambda link: (link.order, link.id))

    def _let_parents_begin(self) -> None:
        """Where something waits for a parent's start, its parts must know: the first of them is that start."""
        out = self.columns.out
        edges = [edge for gate in self.gates.values() for edge in out[gate + 1] if edge[2] in (SS, SF)]
        work = list(dict.fromkeys(edge[0] for edge in edges))
        for span in work:  # grows
            for ending in self.columns.into[span]:
                out[ending[0]].append((ending[0], span, BEGINS, 0, ""))
                if self.columns.mode[ending[0]] == SPAN and ending[0] not in work:
                    work.append(ending[0])
