"""How the work hangs together: how long things take, what waits for what, who is away, and a review of the plan.

A line has: key, start, duration, what it waits for; `-` stands for none. `start` counts working days from today and is
that of work that waits for nothing and has not begun; what has begun starts when it did. A duration in working days
that was found to be wrong reads `9>12@2`: at first 9, 12 since two days ago. What an item waits for is keys between
commas, each with a type and a lag where it is not simply their finish: `pa1:SS+2`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

PLAN = """
pr1  -   3         -
pr12 -   7         pr1
pr3  -   6>8@2     pr1
pr4  -   8>9@2     pr1,pr3:FF+1
pr6  -   6>9@4     pr12:FF
la17 -   10        pr6:SS+2
la8  -   5>7@2     pr6:FF+1
ck1  -   2         -
ck2  -   8>10@5>12@3 ck1
ck7  -   8>9@2     ck2:SS+3
pa7  -   2         -
pa1  -   7>9@5>12@2 pa7
pa2  -   7>8@1     pa7
pa3  -   6>7@2     pa1:SS+2
pa5  -   3         pa3
pa6  -   4         pa3
pa14 -   -         pa1,pa2,pa5
in1  -   3         pa1,ck2
in2  -   4         -
in6  +3  5         in2
in11 -   5         pa3
da2  -   5>6@2     ck1
da3  -   4         da2
la13 +1  5         -
la2  -   -         ck7,pa14,in1,in11,la13
la5  -   3         -
la6  -   5>6@3     la5
la4  -   6>8@2     la6:FF+2
la9  -   3         la4
la3  -   -         la9:FS+3
la7  +2  4         la5
la11 -   4         la7
la15 -   3         -
la16 -   8>9@2     -
co1  -   5>6@1     -
co2  -   4         co1
su1  -   5         -
su2  -   9>11@3    ck2:SS+1
su3  -   7         -
su4  -   2         su2,su3,ck7
sa9  -   2         ck2,la16
la19 -   2         la2,in6,la15
la1  -   -         la2:FS+4,la19,su1,su4,sa9,co2,la4,la11:FF
pm5  -   1         la1:FS+5
"""

# A day that somebody agreed on with others, whatever the plan says: working days from today.
PINNED = {"la3": 13}


class Wait(NamedTuple):
    """What an item waits for, and how."""

    key: str
    type: str
    lag: int


class Length(NamedTuple):
    """A duration in working days, and how many working days ago it was found; None when the plan was made."""

    days: int
    ago: int | None


class Planned(NamedTuple):
    """One line of the plan."""

    key: str
    start: int | None
    lengths: tuple[Length, ...]
    waits: tuple[Wait, ...]


class Away(NamedTuple):
    """Somebody's absence, in working days from today, both included."""

    who: str
    first: int
    last: int
    why: str


class OwnDay(NamedTuple):
    """A day off of everybody or a department, so many working days from today, or a Saturday worked on that week."""

    day: int
    department: str
    working: bool
    title: str


class Answer(NamedTuple):
    """What was said of an item at the review; `was` and `now` are days planned, in working days from today."""

    on: str
    who: str
    answer: str
    reason: str = ""
    note: str = ""
    was: int | None = None
    now: int | None = None


COUNTRY = "CN"
# The risk that three people are away in the week of the tests has come true.
AWAY = (
    Away("hm", 6, 7, "年假"),
    Away("tr", 7, 9, "Family visit"),
    Away("cc", 8, 8, "体检"),
    Away("hw", 16, 18, "Vacation"),
)
OWN_DAYS = (
    OwnDay(16, "", False, "公司年会 Company party"),
    OwnDay(9, "sc", True, "展会布展 Booth set-up"),
    OwnDay(18, "yf", False, "研发团建"),
)
# The plan was made on this day; the review was held a week ago.
PLANNED_AGO = 10
REVIEW_AGO = 5
SUMMARY = (
    "支付联调比预计多两天，代码冻结顺延；其余按计划。展会日期仍有分歧，见冲突。\n"
    "Payment takes two days more, so code freeze moves; the rest is on track."
)
ANSWERS = (
    Answer("pa1", "ll", "moved", "estimate was wrong", "渠道的测试环境只在白天开放", -3, 0),
    Answer(
        "ck2", "tr", "moved", "scope changed", "Two more error states came out of the usability test", 2, 4
    ),
    Answer("la6", "hw", "moved", "waited for others", "The crew had to wait for the product shots", -2, -1),
    Answer("la4", "hw", "on track"),
    Answer("su2", "cc", "moved", "no capacity", "退款那 6 篇要等流程定下来", 2, 4),
    Answer("pr12", "zl", "blocked", "decision was late", "法务还没有回复"),
    Answer("pa7", "ll", "finished"),
    Answer("la2", "ll", "moved", "waited for others", "跟着支付联调顺延", 7, 9),
)

_WAIT = re.compile(r"([a-z]+[0-9]+)(?::(FS|SS|FF|SF)([+-][0-9]+)?)?")


@cache
def planned() -> dict[str, Planned]:
    """Return the lines of the plan by key; raises ValueError naming one that cannot be read."""
    lines = [_planned(line) for line in PLAN.strip().splitlines()]
    return {line.key: line for line in lines}


def _planned(line: str) -> Planned:
    cells = line.split()
    if len(cells) != 4:
        raise ValueError(f"not a line of the plan: {line}")
    key, start, duration, waits = cells
    return Planned(
        key,
        None if start == "-" else int(start),
        tuple(_length(part) for part in duration.split(">")) if duration != "-" else (),
        tuple(_wait(part, line) for part in waits.split(",")) if waits != "-" else (),
    )


def _length(text: str) -> Length:
    days, _, ago = text.partition("@")
    return Length(int(days), int(ago) if ago else None)


def _wait(text: str, line: str) -> Wait:
    match = _WAIT.fullmatch(text)
    if match is None:
        raise ValueError(f"not a line of the plan: {line}")
    return Wait(match[1], match[2] or "FS", int(match[3] or 0))
