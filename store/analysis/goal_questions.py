"""What is still open about the goals: each question with the goals it is asked of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.analysis.alignment import Alignment
    from store.goal_rows import GoalRow

OBJECTION, LATE, UNANSWERED, IDLE, UNMEASURED = "objection", "late", "unanswered", "idle", "unmeasured"
KINDS = (OBJECTION, LATE, UNANSWERED, IDLE, UNMEASURED)


class Question(NamedTuple):
    """Something open about one goal; `departments` are those that it is asked of, or that object."""

    kind: str
    goal: str
    departments: tuple[str, ...] = ()


def questions(
    goals: Sequence[GoalRow], aligned: Alignment, departments: Sequence[str], today: str
) -> list[Question]:
    """Return what is open about the goals that are pursued, the most pressing kind first, in the goals' order.

    A goal is late once its day is over and its target is not reached; idle without any item, its sub-goals' included;
    unmeasured without a number to reach.
    """
    lines = {row.goal: row for row in aligned.rows}
    found: dict[str, list[Question]] = {kind: [] for kind in KINDS}
    for goal in goals:
        if not goal.open:
            continue
        against = [side for side, said in goal.answers.items() if said == "objected"]
        order = {side: place for place, side in enumerate(departments)}
        against.sort(key=lambda side: (order.get(side, len(order)), side))
        if against:
            found[OBJECTION].append(Question(OBJECTION, goal.id, tuple(against)))
        if "" < goal.due < today and not goal.progress.done:
            found[LATE].append(Question(LATE, goal.id))
        line = lines.get(goal.id)
        busy = [side for side in departments if line and line.cells.get(side) and line.cells[side].items]
        silent = tuple(side for side in busy or departments if side not in goal.answers)
        if silent:
            found[UNANSWERED].append(Question(UNANSWERED, goal.id, silent))
        if line is None or not line.total.items:
            found[IDLE].append(Question(IDLE, goal.id))
        if goal.target is None:
            found[UNMEASURED].append(Question(UNMEASURED, goal.id))
    return [question for kind in KINDS for question in found[kind]]
