"""How a conflict went, told from the states that were written: opened, decided, closed, reopened, and open between.

A step back within a day is a correction, as an undo makes one, and takes what it corrects out of the course; later it
is a reopening. What came in decided or closed says nothing of how long that took.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = 86_400_000  # ms
FOREVER = 2**62
DECIDED = frozenset({"decided", "checking", "closed"})


class Decision(NamedTuple):
    """A decision, and since when it was waited for: the opening, or the last reopening (ms since the epoch)."""

    since: int
    at: int


class Course(NamedTuple):
    """What happened to a conflict and when (ms since the epoch); `spans` are when it was open."""

    opened: int
    decisions: tuple[Decision, ...]
    closed: tuple[int, ...]
    reopened: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def open_at(self, moment: int) -> bool:
        """Tell whether it was open at a moment."""
        return any(start <= moment < end for start, end in self.spans)


class _Walk:
    """The course so far."""

    def __init__(self, opened: int, state: str) -> None:
        self.since = opened
        self.decided = state in DECIDED
        self.shut = state == "closed"
        self.decisions: list[Decision] = []
        self.closed: list[int] = []
        self.reopened: list[int] = []
        self.starts = [] if self.shut else [opened]

    def step(self, at: int, state: str) -> None:
        """Go on to another state."""
        if state in DECIDED and not self.decided:
            self.decisions.append(Decision(self.since, at))
            self.decided = True
        if state == "closed" and not self.shut:
            self.closed.append(at)
            self.shut = True
        elif state != "closed" and self.shut:
            self._open_again(at, corrects=state != "reopened")
        if state not in DECIDED and self.decided:
            self._talk_again(at, state)

    def _open_again(self, at: int, *, corrects: bool) -> None:
        self.shut = False
        if corrects and self.closed and at - self.closed[-1] < DAY:
            self.closed.pop()
        else:
            self.reopened.append(at)
            self.starts.append(at)
            self.since = at

    def _talk_again(self, at: int, state: str) -> None:
        self.decided = False
        if state != "reopened" and self.decisions and at - self.decisions[-1].at < DAY:
            self.since = self.decisions.pop().since
            return
        if state == "reopened" and at not in self.reopened:
            self.reopened.append(at)
        self.since = at


def course(opened: int, made: int, states: Iterable[tuple[int, str]]) -> Course:
    """Return the course of a conflict that was `opened`, from the states written, in order.

    `made` is when it was entered here: what was written then is the state it came in with.
    """
    walk: _Walk | None = None
    first = "logged"
    for at, state in states:
        if at <= made and walk is None:
            first = state
            continue
        walk = walk or _Walk(opened, first)
        walk.step(max(at, opened), state)
    walk = walk or _Walk(opened, first)
    still = [FOREVER] * (len(walk.starts) - len(walk.closed))
    spans = tuple(zip(walk.starts, [*walk.closed, *still], strict=True))
    return Course(opened, tuple(walk.decisions), tuple(walk.closed), tuple(walk.reopened), spans)
