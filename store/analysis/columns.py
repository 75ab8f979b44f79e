"""A plan laid out for reckoning: one list an attribute, one place a node, and whole numbers in them.

A task is one node. A parent is two: its **gate**, which its parts cannot begin before, and its **span**, which ends
when they do. All days and boundaries are counted from `calendars.ORIGIN`; positions are those of `calendars.Tables`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analysis.calendars import LAST

if TYPE_CHECKING:
    from array import array

    from store.analysis.calendars import Tables
    from store.analysis.plan import Problem

# What a node is, and by that how it is reckoned.
TODO, MILESTONE, DOING, PINNED, PINNED_MILESTONE, DONE, GATE, SPAN, GONE = range(9)
# What an edge means: the four types of links, what a gate lets begin, and what a part begins and ends of its parent.
# The first three ask something of a start, the next of a finish; FS to ENDS ask it of the finish of what comes first.
SS, BEGINS, FS, FF, ENDS, SF, OPENS = range(7)
KINDS = {"FS": FS, "SS": SS, "FF": FF, "SF": SF}

# Why something starts when it does, other than by a link.
OWN, PARENT, TODAY, PIN, FINISHED = "own", "parent", "today", "pin", "done"

NEVER = LAST + 1  # the boundary after all days: what nothing limits

Edge = tuple[
    int, int, int, int, str
]  # from which node, to which, what it means, lag, id of the link if it is one


class Columns:
    """What is known of every node: first what was given, then what the forward and the backward pass find."""

    __slots__ = (
        "base", "before", "clash", "days", "due", "duration", "finish", "fixed_end", "free_finish", "free_float",
        "free_start", "ids", "into", "late_finish", "late_first", "late_last", "late_start", "mode", "open_finish",
        "out", "over", "place", "problems", "shown_first", "shown_last", "start", "total_float", "why", "word",
    )  # fmt: skip

    def __init__(self) -> None:
        self.ids: list[str] = []  # the item a node is of; a parent's gate stands right before its span
        self.mode: list[int] = []
        self.before: list[array[int]] = []  # the tables of its calendar
        self.days: list[array[int]] = []
        self.into: list[list[Edge]] = []
        self.out: list[list[Edge]] = []
        # Given
        self.base: list[int] = []  # not before: a position, of a milestone or a gate a boundary
        self.word: list[str] = []  # why not before
        self.duration: list[
            int
        ] = []  # working days; of what has no length of its own the days it turns out to span
        self.fixed_end: list[int] = []  # of work in progress: the position its remaining work ends before
        self.due: list[int] = []  # the last day promised, NEVER where none is
        self.problems: dict[int, tuple[Problem, ...]] = {}  # what is wrong with what was given
        # Found going forward
        self.place: list[int] = []  # position of the start
        self.start: list[int] = []  # boundaries
        self.finish: list[int] = []
        self.shown_first: list[int] = []  # days
        self.shown_last: list[int] = []
        self.open_finish: list[int] = []  # the finish of what is a task and not done, else 0
        self.why: list[str] = []
        self.clash: dict[int, str] = {}  # the link that a date fixed by hand does not wait for
        # Found going backward
        self.late_start: list[int] = []  # boundaries: the latest that delay nothing
        self.late_finish: list[int] = []
        self.late_first: list[int] = []  # days
        self.late_last: list[int] = []
        self.total_float: list[int] = []
        self.free_float: list[int] = []
        self.free_start: list[
            int
        ] = []  # boundaries: of gates and spans, the latest that move nothing that follows
        self.free_finish: list[int] = []
        self.over: list[bool] = []  # done, or all its parts are

    def extend(self, ids: list[str], modes: list[int], tables: list[Tables]) -> int:
        """Make room for nodes about which nothing more is known yet, and return the number of the first."""
        first, count = len(self.ids), len(ids)
        self.ids += ids
        self.before += [before for before, _ in tables]
        self.days += [days for _, days in tables]
        self.mode += modes
        self.into += [[] for _ in range(count)]
        self.out += [[] for _ in range(count)]
        self.due += [NEVER] * count
        self.over += [False] * count
        nothing, today = [0] * count, [TODAY] * count
        for words in (self.word, self.why):
            words += today
        for numbers in (
            self.base, self.duration, self.fixed_end, self.place, self.start, self.finish, self.shown_first,
            self.shown_last, self.open_finish, self.late_start, self.late_finish, self.late_first, self.late_last,
            self.total_float, self.free_float, self.free_start, self.free_finish,
        ):  # fmt: skip
            numbers += nothing
        return first

    def copy(self) -> Columns:
        """Return columns that can be changed without changing these; the lists of edges are shared, to be replaced."""
        made = Columns.__new__(Columns)
        for name in Columns.__slots__:
            setattr(made, name, getattr(self, name).copy())
        return made
