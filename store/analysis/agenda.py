"""In which order an agenda is gone through, from what its points are about; pure, so it is the same on every replica.

First what was agreed the last time, for a meeting that never asks what came of it teaches people to promise anything;
then disagreements, while heads are fresh, by severity; promises by their day; work that is stuck or late by how long;
what departments said and nobody has answered; and last the points somebody put down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

ACTIONS, CONFLICTS, PROMISES, WORK, FEEDBACK, OWN = range(6)
SOURCES = ("last time", "conflict", "promise", "work", "feedback", "point")
MOST = 8  # points of one source that an agenda builds of itself: nobody talks through fifty late items
_BY_KIND = {"conflict": CONFLICTS, "commitment": PROMISES, "item": WORK, "feedback": FEEDBACK}


class Subject(NamedTuple):
    """What a point is about: its kind, and what says how pressing it is."""

    id: str
    kind: str = ""  # '' for a point of its own
    last_time: bool = False  # an action, or a point, that the meeting before left behind
    severity: int | None = None  # 1 is the worst
    due: str = ""
    blocked: bool = False
    importance: int = 0
    since: int = 0  # ms
    rank: str = ""


def source(subject: Subject) -> int:
    """Return where a subject comes from: one of `ACTIONS` … `OWN`."""
    if subject.last_time and subject.kind == "item":
        return ACTIONS
    return _BY_KIND.get(subject.kind, OWN)


def urgency(subject: Subject) -> tuple[object, ...]:
    """Return what a subject is ordered by."""
    place = source(subject)
    within: tuple[object, ...]
    if place == CONFLICTS:
        within = (subject.severity or 9, subject.since)
    elif place in (PROMISES, ACTIONS):
        within = (subject.due or "~", subject.since)
    elif place == WORK:
        within = (not subject.blocked, subject.due or "~")
    elif place == FEEDBACK:
        within = (-subject.importance, subject.since)
    else:
        within = (subject.rank or "~",)
    return (place, *within, subject.id)


def ordered(subjects: Iterable[Subject]) -> list[Subject]:
    """Return subjects in the order in which they are gone through."""
    return sorted(subjects, key=urgency)


def chosen(subjects: Iterable[Subject], most: int = MOST) -> list[Subject]:
    """Return the subjects an agenda is built of: the most pressing of each source, in their order."""
    counts: dict[int, int] = {}
    found = []
    for subject in ordered(subjects):
        place = source(subject)
        counts[place] = counts.get(place, 0) + 1
        if counts[place] <= most:
            found.append(subject)
    return found
