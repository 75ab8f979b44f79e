"""What the goals have come to: their numbers as they were told, and what each department answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from store.goals import ACKNOWLEDGED, OBJECTED, answer
from tui.demo import people
from tui.demo.events import NINE, Cast, Event, set_fields
from tui.demo.people import ident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.change import Change


class Answer(NamedTuple):
    """What a department said to a goal, so many working days ago; `why` where it objects."""

    goal: str
    ago: int
    who: str
    department: str
    why: str = ""


# By goal, its number so many working days ago.
TOLD: dict[str, tuple[tuple[int, float], ...]] = {
    "g1": ((10, 4.2), (8, 4.3), (6, 4.2), (4, 4.9), (3, 5.2), (1, 5.6)),
    "g2": ((10, 214), (7, 196), (5, 171), (3, 152), (2, 139), (1, 128)),
    "g3": ((9, 12), (7, 40), (6, 75), (4, 96), (2, 180), (1, 211)),
    "g4": ((9, 5.5), (6, 4.8), (3, 5.1), (1, 3.9)),
    "g5": ((8, 4), (5, 11), (2, 17)),
    "g6": ((5, 1.8), (4, 1.6), (2, 0.7), (1, 0.4)),
}
ANSWERS = (
    Answer("g1", 9, "lp", "pd"), Answer("g1", 9, "ll", "yf"), Answer("g1", 8, "hw", "sc"),
    Answer("g1", 3, "wf", "xs", "提价的同时还要零流失，两个目标会打架，先说清老客户怎么办。"),
    Answer("g2", 9, "ll", "yf"), Answer("g2", 8, "lp", "pd"),
    Answer("g3", 9, "hw", "sc"), Answer("g3", 4, "ll", "yf", "Demo days take the load-test environment from us."),
    Answer("g4", 8, "cc", "kf"), Answer("g5", 8, "wf", "xs"), Answer("g5", 6, "lp", "pd"), Answer("g6", 4, "tr", "yf"),
)  # fmt: skip


def set_goals(cast: Cast, made: Change) -> None:
    """Write down what the team wants to reach."""
    names = cast.names
    for goal in people.GOALS:
        fields: dict[str, object] = {
            "title": goal.title, "metric": goal.metric or None, "description": goal.why, "baseline": goal.baseline,
            "target": goal.target, "department": names.departments[goal.department],
            "parent": ident(goal.parent) if goal.parent else None,
            "owner": names.members[goal.owner] if goal.owner else None,
            "due": cast.calendar.due(goal.due) if goal.due else None,
        }  # fmt: skip
        fields = {name: value for name, value in fields.items() if value is not None}
        made.create("goal", {"short": cast.next_short(people.YOU), **fields}, ent=ident(goal.key))


def goal_events(cast: Cast) -> Iterator[Event]:
    """Yield what was told of the goals since."""
    owners = {goal.key: goal.owner for goal in people.GOALS}
    for number, (key, told) in enumerate(TOLD.items()):
        for ago, value in told:
            at = cast.calendar.moment(ago, NINE + 75 + number)
            yield Event(at, owners[key], partial(set_fields, key, {"current": float(value)}))
    for number, said in enumerate(ANSWERS):
        yield Event(
            cast.calendar.moment(said.ago, NINE + 95 + number), said.who, partial(_answer, said, cast)
        )


def _answer(said: Answer, cast: Cast, made: Change) -> None:
    department = cast.names.departments[said.department]
    answer(made, ident(said.goal), department, OBJECTED if said.why else ACKNOWLEDGED, said.why)
