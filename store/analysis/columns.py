"""A plan laid out for reckoning: one list an attribute, one place a node, and whole numbers in them.

Lists rather than arrays: the passes read every number many times, and an array makes an object of it each time.

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
TODO, MILESTONE, DOING, PINNED, PINNED_MILESTONE, DONE, SPAN, GATE, GONE = range(9)
# What an edge means: the four types of links, what a gate lets begin, and what a part begins and ends of its parent.
# The first three ask something of a start, the next of a finish; FS to ENDS ask it of the finish of what comes first.
SS, BEGINS, FS, FF, ENDS, SF, OPENS = range(7)
KINDS = {"FS": FS, "SS": SS, "FF": FF, "SF": SF}

# Why something starts when it does, other than by a link.
OWN, PARENT, TODAY, PIN, FINISHED = "own", "parent", "today", "pin", "done"

NEVER = LAST + 1  # the boundary after all days: what nothing limits

# From which node, to which, what it means, lag, and the id of the link, where it is one.
Edge = tuple[int, int, int, int, str]

_NUMBERS = (
    "base", "due", "duration", "finish", "fixed_end", "free_finish", "free_float", "free_start", "late_finish",
    "late_first", "late_last", "late_start", "open_finish", "place", "shown_first", "shown_last", "start",
    "total_float",
)  # fmt: skip
_OBJECTS = ("before", "clash", "days", "mode", "over", "problems", "why", "word")
_MADE_OF = ("ids", "into", "out")


class Columns:
    """What is known of every node: first what was given, then what the forward and the backward pass find."""

    __slots__ = (*_NUMBERS, *_OBJECTS, *_MADE_OF)

    ids: list[str]  # the item a node is of; a parent's gate stands right before its span
    into: list[list[Edge]]
    out: list[list[Edge]]
    mode: list[int]
    before: list[array[int]]  # the tables of its calendar
    days: list[array[int]]
    # Given
    base: list[int]  # not before: a position, of a milestone or a gate a boundary
    word: list[str]  # why not before
    duration: list[int]  # working days; of a parent, or of work in progress, what it turns out to span
    fixed_end: list[int]  # of work in progress: the position its remaining work ends before
    due: list[int]  # the last day promised, NEVER where none is
    problems: dict[int, tuple[Problem, ...]]  # what is wrong with what was given
    # Found going forward
    place: list[int]  # position of the start
    start: list[int]  # boundaries
    finish: list[int]
    shown_first: list[int]  # days
    shown_last: list[int]
    open_finish: list[int]  # the finish of what is a task and not done, else 0
    why: list[str]
    clash: dict[int, str]  # the link that a date fixed by hand does not wait for
    # Found going backward
    late_start: list[int]  # boundaries: the latest that delay nothing
    late_finish: list[int]
    late_first: list[int]  # days
    late_last: list[int]
    total_float: list[int]
    free_float: list[int]
    # boundaries: what moves nothing before it must not wait for anything later than this
    free_start: list[int]
    free_finish: list[int]
    over: list[bool]  # done, or all its parts are

    def __init__(self) -> None:
        for name in _NUMBERS:
            setattr(self, name, [])
        for name in (*_OBJECTS, *_MADE_OF):
            setattr(self, name, [])
        self.problems, self.clash = {}, {}

    def extend(self, ids: list[str], modes: list[int], tables: list[Tables]) -> None:
        """Make room for nodes about which nothing more is known yet."""
        count = len(ids)
        self.ids += ids
        self.mode += modes
        self.before += [before for before, _ in tables]
        self.days += [days for _, days in tables]
        self.into += [[] for _ in range(count)]
        self.out += [[] for _ in range(count)]
        self.over += [False] * count
        self.word += [TODAY] * count
        self.why += [TODAY] * count
        nothing = [0] * count
        for name in _NUMBERS:
            getattr(self, name).extend(nothing)

    def copy(self, *, made_of: bool) -> Columns:
        """Return columns that can be changed without changing these: with `made_of` also the nodes and edges.

        A node's own list of edges is shared all the same, to be replaced rather than changed.
        """
        made = Columns.__new__(Columns)
        for name in _NUMBERS:
            setattr(made, name, getattr(self, name)[:])
        for name in _OBJECTS:
            setattr(made, name, getattr(self, name).copy())
        for name in _MADE_OF:
            setattr(made, name, getattr(self, name).copy() if made_of else getattr(self, name))
        return made
