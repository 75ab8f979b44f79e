"""From items and dependencies to nodes and edges in an order that can be reckoned: what is left out, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.calendars import Tables, WorkingCalendar, working_calendar
from store.analysis.columns import BEGINS, ENDS, FF, FS, GATE, KINDS, OPENS, SF, SPAN, SS, TODO, Columns
from store.analysis.network import closing, knots, ordered
from store.analysis.outline import Outline, outline, related, sound_parents
from store.analysis.plan import CYCLE, MAX_LAG, NO_SUCH_TASK, ON_PARENT, OUT_OF_RANGE, SELF_LINK, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.analysis.plan import Link, Task


class Layout:
    """The nodes of a plan, their order, and what had to be left out of it."""

    __slots__ = (
        "calendars", "columns", "cut", "gates", "leaves", "link_problems", "links", "order", "outline", "rank", "tasks",
    )  # fmt: skip

    def __init__(
        self, tasks: dict[str, Task], links: dict[str, Link], calendars: Mapping[str, WorkingCalendar]
    ) -> None:
        self.tasks = tasks
        self.links = links
        self.calendars = calendars
        self.columns = Columns()
        self.leaves: dict[str, int] = {}  # the node of every task
        self.gates: dict[str, int] = {}  # of every parent the first of its two nodes
        self.link_problems: dict[str, list[Problem]] = {}
        self.cut: list[Link] = []  # links left out because they close a circle
        parents = {task.id: task.parent for task in tasks.values() if task.parent and task.parent in tasks}
        parents = sound_parents(parents) if parents else parents
        sound = self._sound(parents)
        linked = {link[1] for link in sound} | {link[2] for link in sound}
        self.outline: Outline = outline(tasks, parents, linked)
        self._add_nodes()
        self._connect(sound)
        self.order = ordered(self.columns.out, self.columns.into)
        if len(self.order) < len(self.columns.ids):
            self._cut()
            self.order = ordered(self.columns.out, self.columns.into)
        self._let_parents_begin(sound)
        self.rank = [0] * len(self.order)
        for rank, node in enumerate(self.order):
            self.rank[node] = rank

    def calendar(self, name: str) -> WorkingCalendar:
        """Return a calendar by name; who has none works on weekdays."""
        return self.calendars.get(name) or self.calendars.get("") or working_calendar()

    def _sound(self, parents: Mapping[str, str]) -> list[Link]:
        """Return the links whose ends exist and are two things; note what is wrong with the others."""
        tasks, above = self.tasks, set(parents.values())
        sound = []
        for link in self.links.values():
            ident, source, target, _, _, _ = link
            if source not in tasks or target not in tasks:
                missing = target if source in tasks else source
                self.link_problems[ident] = [Problem(NO_SUCH_TASK, ident, missing)]
            elif source == target or (
                (source in above or target in above) and related(source, target, parents)
            ):
                self.link_problems[ident] = [Problem(SELF_LINK, ident, source)]
            else:
                sound.append(link)
        return sound

    def _add_nodes(self) -> None:
        names = {self.tasks[ident].calendar for ident in (*self.outline.leaves, *self.outline.spans)}
        tables: dict[str, Tables] = {name: self.calendar(name).tables for name in names}
        columns, tasks, leaves = self.columns, self.tasks, self.outline.leaves
        columns.extend(leaves, TODO, [tables[tasks[ident].calendar] for ident in leaves])
        self.leaves = {ident: node for node, ident in enumerate(leaves)}
        for ident in self.outline.spans:
            its = [tables[tasks[ident].calendar]]
            self.gates[ident] = columns.extend([ident], GATE, its)
            columns.extend([ident], SPAN, its)
        for parent, parts in self.outline.spans.items():
            gate = self.gates[parent]
            for part in parts:
                opened = ended = self.leaves.get(part, -1)
                if part in self.gates:
                    opened, ended = self.gates[part], self.gates[part] + 1
                self.join(gate, opened, OPENS)
                self.join(ended, gate + 1, ENDS)

    def join(self, source: int, target: int, kind: int, lag: int = 0, link: str = "") -> None:
        """Add an edge."""
        self.columns.out[source].append((target, kind, lag))
        self.columns.into[target].append((source, kind, lag, link))

    def _connect(self, links: list[Link]) -> None:
        into, out, leaves, gates = self.columns.into, self.columns.out, self.leaves, self.gates
        for ident, predecessor, successor, type_, lag, _ in links:
            kind = KINDS.get(type_, FS)
            source = leaves[predecessor] if predecessor in leaves else gates[predecessor] + 1
            if successor in leaves:
                target = leaves[successor]
            elif kind in (FF, SF):
                self._note(Problem(ON_PARENT, ident, successor))
                continue
            else:
                target = gates[successor]
            if not -MAX_LAG <= lag <= MAX_LAG:
                self._note(Problem(OUT_OF_RANGE, ident, "lag"))
                lag = max(-MAX_LAG, min(lag, MAX_LAG))
            out[source].append((target, kind, lag))
            into[target].append((source, kind, lag, ident))

    def _note(self, problem: Problem) -> None:
        self.link_problems.setdefault(problem.about, []).append(problem)

    def _cut(self) -> None:
        """Leave out, of every circle, the link that was made last."""
        into, out = self.columns.into, self.columns.out
        known = set(self.order)
        for knot in knots(out, [node for node in range(len(out)) if node not in known]):
            inside = set(knot)
            edges = [(edge[0], node, edge) for node in knot for edge in into[node] if edge[0] in inside]
            fixed = [(source, target) for source, target, edge in edges if not edge[3]]
            linked = [entry for entry in edges if entry[2][3]]
            linked.sort(key=lambda entry: (self.links[entry[2][3]].order, entry[2][3]))
            for place in closing(knot, fixed, [(source, target) for source, target, _ in linked]):
                source, target, edge = linked[place]
                _, kind, lag, ident = edge
                into[target].remove(edge)
                out[source].remove((target, kind, lag))
                link = self.links[ident]
                self.cut.append(link)
                self._note(Problem(CYCLE, ident, link.successor))
        self.cut.sort(key=lambda link: (link.order, link.id))

    def _let_parents_begin(self, links: list[Link]) -> None:
        """Where something waits for a parent's start, its parts must know: the first of them is that start."""
        work = [
            link.predecessor
            for link in links
            if link.predecessor in self.gates and KINDS.get(link.type) in (SS, SF)
        ]
        done: set[str] = set()
        while work:
            parent = work.pop()
            if parent in done:
                continue
            done.add(parent)
            span = self.gates[parent] + 1
            for part in self.outline.spans[parent]:
                if part in self.gates:
                    work.append(part)
                    self.columns.out[self.gates[part] + 1].append((span, BEGINS, 0))
                else:
                    self.columns.out[self.leaves[part]].append((span, BEGINS, 0))
