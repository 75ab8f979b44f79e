"""The order of a chart's rows: groups, the tree of items in each, and the tray of what has no date yet.

An outline is made once for a plan. An edit or a fold makes the next one from it at the price of the groups it touches:
items are ordered within their group only, so that the other groups keep their lines.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Self

from tui.timeline.rows import GROUP, ITEM, TRAY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from store.analysis.plan import Slot, Task

GROUPINGS = ("department", "owner", "goal", "status")
TRAY_KEY = "tray"


class Line(NamedTuple):
    """One row's place in the outline: a group's key, or an item's id, and how deep it lies."""

    kind: str
    key: str
    depth: int = 0
    size: int = 0  # items beneath a group's line, the folded ones included
    branches: bool = False  # whether items lie beneath it


Keyed = tuple[int, int, str]  # what an item is sorted by: first day, last day, id


class Section:
    """The lines of one group, or of the tray, and where in it each item stands."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self._places: dict[str, int] | None = None

    def index_of(self, key: str) -> int | None:
        """Return where a line is, None where it is elsewhere or folded away."""
        if self._places is None:  # most sections are looked at, and few of them are searched
            self._places = {line.key: index for index, line in enumerate(self.lines)}
        return self._places.get(key)


class FlatSection(Section):
    """The lines of a group in which nothing is part of another: an item is found by what it is sorted by."""

    def __init__(self, lines: list[Line], keys: list[Keyed], members: Mapping[str, Keyed]) -> None:
        super().__init__(lines)
        self._keys = keys
        self._members = members

    def index_of(self, key: str) -> int | None:
        """Return where a line is, None where it is elsewhere."""
        keyed = self._members.get(key)
        if keyed is not None:
            return bisect_left(self._keys, keyed) + 1
        return 0 if key == self.lines[0].key else None

    def moved(
        self, members: Mapping[str, Keyed], gone: Iterable[Keyed], come: Iterable[Keyed]
    ) -> FlatSection:
        """Return the section with some items taken out and others put in."""
        keys, lines = self._keys.copy(), self.lines.copy()
        for keyed in gone:
            index = bisect_left(keys, keyed)
            del keys[index], lines[index + 1]
        for keyed in come:
            index = bisect_left(keys, keyed)
            keys.insert(index, keyed)
            lines.insert(index + 1, Line(ITEM, keyed[2], 1))
        lines[0] = lines[0]._replace(size=len(keys))
        return FlatSection(lines, keys, members)


def group_key(value: str) -> str:
    """Return what tells a group's line from an item's."""
    return f"group:{value}"


class Outline:
    """The lines from top to bottom: groups as `order` has them, others after these, that of "" last, then the tray.

    In a group items stand by their start, beneath the item they are part of where that is in the same group. Items
    without a slot lie in the tray; `waiting` are more of those, that no plan knows. `shown` are the ids that a filter
    leaves, None for all.
    """

    def __init__(
        self,
        tasks: Mapping[str, Task],
        slots: Mapping[str, Slot],
        group_of: Callable[[Task], str],
        order: Sequence[str],
        *,
        folded: Collection[str] = (),
        shown: Collection[str] | None = None,
        waiting: Sequence[str] = (),
    ) -> None:
        self._group_of = group_of
        self._order = order
        self._shown = shown
        self._waiting = waiting
        self._folded = frozenset(folded)
        self._tray: set[str] = set()
        self._members: dict[str, dict[str, Keyed]] = {}  # the items of each group
        self._sections: dict[str, Section] = {}
        for ident, task in tasks.items():
            if shown is not None and ident not in shown:
                continue
            slot = slots.get(ident)
            if slot is None:
                self._tray.add(ident)
            else:
                self._members.setdefault(group_of(task), {})[ident] = (slot.start, slot.finish, ident)
        self._make(tasks, self._members)
        self._assemble()

    def changed(
        self,
        tasks: Mapping[str, Task],
        slots: Mapping[str, Slot],
        ids: Iterable[str],
        waiting: Sequence[str] = (),
    ) -> Outline:
        """Return the outline after an edit: what is not among `ids` has the slot, the parent and the group it had."""
        after = self._copy()
        after._waiting = waiting
        after._tray = set(self._tray)
        gone: dict[str, list[Keyed]] = {}  # by group
        come: dict[str, list[Keyed]] = {}
        for ident in set(ids):
            group = self._group_with(ident)
            if group is not None:
                gone.setdefault(group, []).append(self._members[group][ident])
            after._tray.discard(ident)
            task = tasks.get(ident)
            if task is None or (self._shown is not None and ident not in self._shown):
                continue
            slot = slots.get(ident)
            if slot is None:
                after._tray.add(ident)
            else:
                come.setdefault(self._group_of(task), []).append((slot.start, slot.finish, ident))
        stale = []
        for group in gone.keys() | come.keys():
            out, into = gone.get(group, []), come.get(group, [])
            before = self._members.get(group, {})
            members = after._members[group] = dict(before)
            for _, _, ident in out:
                del members[ident]
            members.update((keyed[2], keyed) for keyed in into)
            section = self._sections.get(group)
            new = {ident for _, _, ident in into if ident not in before}
            parted = any(tasks[ident].parent in members for _, _, ident in into) or (
                bool(new) and any(tasks[ident].parent in new for ident in members)
            )
            if isinstance(section, FlatSection) and members and not parted:
                after._sections[group] = section.moved(members, out, into)
            else:
                stale.append(group)
        after._make(tasks, stale)
        after._assemble()
        return after

    def refolded(self, tasks: Mapping[str, Task], folded: Collection[str]) -> Outline:
        """Return the same outline with other rows folded."""
        after = self._copy()
        after._folded = frozenset(folded)
        other = after._folded ^ self._folded
        stale = {group for group in self._members if group_key(group) in other}
        stale |= {group for key in other if (group := self._group_with(key)) is not None}
        after._make(tasks, stale)
        after._assemble()
        return after

    @property
    def lines(self) -> Sequence[Line]:
        """Every line that is not folded away."""
        return self._lines

    def index_of(self, key: str) -> int | None:
        """Return where a row is, None where it does not show."""
        for section, start in zip(self._shown_sections, self._starts, strict=True):
            index = section.index_of(key)
            if index is not None:
                return start + index
        return None

    def members(self, group: str) -> Collection[str]:
        """Return the items of a group, the folded ones included."""
        return self._members.get(group, {}).keys()

    def _group_with(self, ident: str) -> str | None:
        return next((group for group, members in self._members.items() if ident in members), None)

    def _copy(self) -> Self:
        """Return an outline that shares everything with this one; what is to be changed in it is replaced first."""
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._members, made._sections = dict(self._members), dict(self._sections)
        return made

    def _make(self, tasks: Mapping[str, Task], groups: Iterable[str]) -> None:
        """Make the sections of these groups anew."""
        for group in list(groups):
            members = self._members.get(group)
            if members:
                self._sections[group] = self._section(tasks, group, members)
            else:
                self._members.pop(group, None)
                self._sections.pop(group, None)

    def _assemble(self) -> None:
        """Put the sections together."""
        known = self._sections.keys()
        names = [group for group in self._order if group in known and group]
        names += sorted(known - set(self._order) - {""})
        sections = [self._sections[group] for group in [*names, *([""] if "" in known else [])]]
        tray = self._tray_lines()
        if tray:
            sections.append(Section(tray))
        self._shown_sections = sections
        self._starts = [0, *accumulate(len(section.lines) for section in sections)][: len(sections)]
        self._lines: list[Line] = []
        for section in sections:
            self._lines += section.lines

    def _section(self, tasks: Mapping[str, Task], group: str, members: Mapping[str, Keyed]) -> Section:
        head = Line(GROUP, group_key(group), 0, len(members), True)
        if head.key in self._folded:
            return Section([head])
        # Sorted before they are told apart: one sort of plain tuples, and every list made of it is in order.
        keys = sorted(members.values())
        parents = {
            ident: parent for ident in members if (parent := tasks[ident].parent) and parent in members
        }
        if not parents:
            return FlatSection([head, *[Line(ITEM, ident, 1) for _, _, ident in keys]], keys, members)
        roots: list[str] = []
        children: dict[str, list[str]] = {}
        for _, _, ident in keys:
            if ident in parents:
                children.setdefault(parents[ident], []).append(ident)
            else:
                roots.append(ident)
        _break_circles(roots, children)
        return Section([head, *_descended(roots, children, self._folded)])

    def _tray_lines(self) -> list[Line]:
        items = [*sorted(self._tray), *self._waiting] if self._tray else self._waiting
        if not items:
            return []
        lines = [Line(TRAY, TRAY_KEY, 0, len(items), True)]
        if TRAY_KEY not in self._folded:
            lines += [Line(ITEM, ident, 1) for ident in items]
        return lines


def _descended(
    roots: Sequence[str], children: Mapping[str, Sequence[str]], folded: Collection[str]
) -> list[Line]:
    lines: list[Line] = []
    waiting = [(ident, 1) for ident in reversed(roots)]
    while waiting:
        ident, depth = waiting.pop()
        beneath = children.get(ident, ())
        lines.append(Line(ITEM, ident, depth, len(beneath), bool(beneath)))
        if beneath and ident not in folded:
            waiting += [(child, depth + 1) for child in reversed(beneath)]
    return lines


def _break_circles(roots: list[str], children: dict[str, list[str]]) -> None:
    """Make a root, the last of all, of one item of every circle of parents, so that each item has its line."""
    parents = {child: parent for parent, beneath in children.items() for child in beneath}
    reached: set[str] = set()

    def reach(waiting: list[str]) -> None:
        while waiting:
            beneath = children.get(waiting.pop(), ())
            reached.update(beneath)
            waiting += beneath

    reach([ident for ident in roots if ident in children])
    for child in list(parents):
        if child in reached:
            continue
        passed: set[str] = set()
        while child not in passed:  # up, until the way closes: that one is on the circle, not beneath it
            passed.add(child)
            child = parents[child]
        children[parents[child]].remove(child)
        roots.append(child)
        reached.add(child)
        reach([child])
