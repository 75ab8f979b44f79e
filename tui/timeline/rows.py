"""The rows of a chart: what one line shows of a group, an item or the heading of the tray, in plain values."""

from __future__ import annotations

from typing import NamedTuple

GROUP, ITEM, TRAY = "group", "item", "tray"


class Bar(NamedTuple):
    """Where a row's work lies, in days, both ends included."""

    first: int
    last: int
    done_until: int = 0  # the last day whose share of the work is done, 0 for none
    late_from: int = 0  # the first day after the one it was promised for, 0 while it is in time
    float_until: int = 0  # the last day it may slip to without moving the end of the plan, 0 without room
    critical: bool = False
    milestone: bool = False
    is_parent: bool = False
    finished: bool = False
    pinned: bool = False


class Row(NamedTuple):
    """One line of the chart."""

    key: str  # the id of an item, or what tells a group from the others
    kind: str
    title: str
    short: str = ""
    depth: int = 0
    folded: bool | None = None  # None where there is nothing beneath it
    size: int = 0  # items of a group, 0 while that is not known
    more: bool = False  # there are more than its size says
    bar: Bar | None = None
    ghost: tuple[int, int] | None = (
        None  # the days it had in the baseline, or before a change that is not kept yet
    )
    slipped: int | None = None  # working days later than in the baseline, negative for earlier
    tone: str = "text"  # of its bar: a department's swatch after a colon
    glyph: str = ""  # of its kind
    marks: tuple[tuple[str, str], ...] = ()  # glyph and tone: blocked, in conflict, diverged
    changed: bool = False  # a change of it is not kept yet
    pushed: bool = False  # moved by a change that is not kept yet


class Arrow(NamedTuple):
    """A dependency between two rows, by their keys."""

    predecessor: str
    successor: str
    type: str = "FS"
