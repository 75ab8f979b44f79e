"""The forms of a captured line: which field of its kind each sigil fills; `capture` has them as a table.

On the path of every command: imports no more than the words of choices.
"""

from __future__ import annotations

from store.choices import NEED_KINDS, ROOT_CAUSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ITEM = "item"
CONFLICT = "conflict"
FEEDBACK = "feedback"
COMMITMENT = "commitment"
GOAL = "goal"
NEED = "need"
REQUEST = "request"
TWO_ENDS = (COMMITMENT, REQUEST)  # what goes from one department to another


class Form:
    """Which field of a kind each sigil fills; an empty name leaves what was typed in the title."""

    __slots__ = (
        "cause",
        "causes",
        "customer",
        "day",
        "goal",
        "heading",
        "level",
        "levels",
        "others",
        "person",
        "rule",
        "sides",
        "span",
        "status",
        "tag",
    )

    def __init__(
        self,
        *,
        person: str = "",
        others: str = "",
        level: str = "",
        levels: str = "",
        day: str = "",
        heading: bool = False,
        sides: bool = False,
        cause: str = "",
        goal: bool = False,
        status: bool = False,
        customer: bool = False,
        rule: bool = False,
        causes: Mapping[str, str] = ROOT_CAUSES,
        span: bool = False,
        tag: str = "",
    ) -> None:
        self.person = person  # who is named first
        self.others = others  # and those named after
        self.level = level
        self.levels = levels
        self.day = day
        self.heading = heading  # whether `研发：` at the start is its department
        self.sides = sides  # whether departments with an arrow between them are its parties, or its two ends
        self.cause = cause  # the field of the first label that is one of `causes`
        self.causes = causes
        self.span = span  # whether hours and a span of days are read
        self.tag = tag  # the field of the first label, whatever it is
        self.goal = goal
        self.status = status
        self.rule = rule  # whether it may come again and again
        self.customer = (
            customer  # whether customers are named: the one who said it, then those who want it too
        )


FORMS = {
    ITEM: Form(
        person="owner", others="participants", level="priority", levels="01234", day="due", heading=True,
        goal=True, status=True, rule=True,
    ),
    CONFLICT: Form(
        person="decider", level="severity", levels="1234", day="follow_up", sides=True, cause="root_cause",
        goal=True,
    ),
    FEEDBACK: Form(person="voters", others="voters", level="importance", levels="0123", heading=True, customer=True),
    COMMITMENT: Form(person="owner", others="receiver", day="due", sides=True),
    GOAL: Form(person="owner", day="due", heading=True),
    NEED: Form(level="severity", levels="1234", heading=True, cause="kind", causes=NEED_KINDS),
    REQUEST: Form(person="member", day="last", sides=True, span=True, tag="skill"),
}  # fmt: skip
SETS = ("labels", "participants", "voters", "customers")
