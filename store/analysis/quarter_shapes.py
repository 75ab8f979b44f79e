"""What a quarter's report is made of, and what it holds: rows in, figures out.

Moments are ms since the epoch, days ISO dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Span(NamedTuple):
    """The quarter: its days, and its moments; `upto` is its end, or now while it lasts.

    `today` is the day of `upto`: the one after the last, once the quarter is over.
    """

    year: int
    number: int
    first: str
    last: str
    start: int
    upto: int
    today: str
    year_ago: int  # a year before it ends: how far back recurrences are looked for

    def has(self, moment: int) -> bool:
        """Tell whether a moment lies in the part of the quarter that is over."""
        return self.start <= moment < self.upto

    def has_day(self, day: str) -> bool:
        """Tell whether a day lies in the quarter."""
        return self.first <= day <= self.last


class Written(NamedTuple):
    """A value that was written into a field of an entity, and when; a key of a map field is `field/key`."""

    ent: str
    field: str
    value: object
    at: int


class ConflictRow(NamedTuple):
    """A conflict: its parties in the workspace's order, when it was opened and when it was entered here."""

    id: str
    opened: int
    made: int
    cause: str = ""
    parties: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    case: str = ""


class PromiseRow(NamedTuple):
    """A commitment: from whom to whom, what it is due, was due first, and when it ended."""

    id: str
    giver: str
    receiver: str
    state: str
    due: str = ""
    first_due: str = ""
    ended: str = ""


class FeedbackRow(NamedTuple):
    """Feedback: the day it came, and the day it was answered, '' before that."""

    id: str
    came: str
    answered: str = ""
    state: str = ""


class ActionRow(NamedTuple):
    """What a retrospective wants done: when it was made, and the day it was verified."""

    id: str
    made: int
    verified: str = ""


class Rows(NamedTuple):
    """Everything a report is made of; `written` are states, follow-ups and checks of conflicts, and days of items.

    `order` are the departments in the workspace's order.
    """

    conflicts: Sequence[ConflictRow] = ()
    written: Sequence[Written] = ()
    promises: Sequence[PromiseRow] = ()
    feedback: Sequence[FeedbackRow] = ()
    actions: Sequence[ActionRow] = ()
    cases: Sequence[tuple[str, str]] = ()  # (case, the conflict it was derived from)
    order: Sequence[str] = ()

    def place(self, pair: tuple[str, str]) -> tuple[tuple[int, str], ...]:
        """Return what sorts pairs in the workspace's order; departments it does not know come last."""
        places = {ent: place for place, ent in enumerate(self.order)}
        return tuple((places.get(ent, len(places)), ent) for ent in pair)


class Figure(NamedTuple):
    """A number and what it was counted from; None where there is nothing to count."""

    value: float | None
    ids: tuple[str, ...] = ()


class PairCause(NamedTuple):
    """What happened between two departments out of one root cause; '' stands for no department and no cause."""

    pair: tuple[str, str]
    cause: str
    opened: Figure
    closed: Figure
    reopened: Figure


class Satisfaction(NamedTuple):
    """What the sides of a pair said at checks, 1 to 5, on average."""

    pair: tuple[str, str]
    sides: tuple[Figure, Figure]


class Delay(NamedTuple):
    """An item that ended up later while conflicts about it were open: by how many days, and which conflicts."""

    item: str
    days: int
    conflicts: tuple[str, ...]


class SayDo(NamedTuple):
    """What one department promised another whose end has come; renegotiated promises count apart."""

    giver: str
    receiver: str
    made: Figure
    kept: Figure
    renegotiated: Figure
    percent: float | None


class Recurrence(NamedTuple):
    """A pair that fell out over the same thing again: conflicts within a year, and the cases that were made of them."""

    pair: tuple[str, str]
    cause: str
    conflicts: tuple[str, ...]
    cases: tuple[str, ...]


class Report(NamedTuple):
    """A quarter in figures."""

    span: Span
    opened: Figure
    closed: Figure
    reopened: Figure
    open_still: Figure
    pairs: tuple[PairCause, ...]
    decided: Figure
    decision_median: float | None
    decision_p85: float | None
    overdue: Figure
    satisfaction: tuple[Satisfaction, ...]
    delayed: Figure
    delays: tuple[Delay, ...]
    promises: SayDo
    say_do: tuple[SayDo, ...]
    feedback: Figure
    answered: Figure
    answered_percent: float | None
    answer_days: Figure
    actions: Figure
    verified: Figure
    recurrences: tuple[Recurrence, ...]
