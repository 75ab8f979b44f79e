"""The course of a conflict: which steps it can take, what each still lacks, and what is to be filled in next.

logged → confirmed → negotiating → decided → checking → closed, with escalated and reopened beside them. Nothing here
refuses what was typed: what is odd about a conflict is a mark, and what a step lacks is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

LOWEST, HIGHEST = 1, 5  # of a side's check
MANY = 5  # sides that can still settle something at one table

# From each state to those that may follow it, the usual one first.
NEXT: dict[str, tuple[str, ...]] = {
    "logged": ("confirmed", "negotiating", "decided", "escalated"),
    "confirmed": ("negotiating", "decided", "escalated"),
    "negotiating": ("decided", "escalated"),
    "escalated": ("negotiating", "decided"),
    "reopened": ("negotiating", "decided", "escalated"),
    "decided": ("checking", "closed", "reopened", "escalated"),
    "checking": ("closed", "reopened", "escalated"),
    "closed": ("reopened",),
}
SETTLED = ("decided", "checking", "closed")

# By what comes next: what a list of conflicts is divided by, the most pressing first.
SECTIONS = ("check due", "to decide", "to talk over", "to confirm", "to check", "closed")


class Standing(NamedTuple):
    """What is written of a conflict, as far as its course depends on it; days are ISO days."""

    state: str = "logged"
    parties: tuple[str, ...] = ()
    position: Mapping[str, object] = {}
    interest: Mapping[str, object] = {}
    root_cause: str = ""
    severity: int | None = None
    shared_goal: str = ""
    options: str = ""
    decision: str = ""
    decider: str = ""
    decided: str = ""
    follow_up: str = ""
    escalated_to: str = ""
    check: Mapping[str, object] = {}
    actions: int = 0


class Want(NamedTuple):
    """One thing that is missing: a field, a side's line of a map field, a long text, an action, or a step."""

    part: str  # field, map, long, action, step
    name: str = ""
    side: str = ""


class Step(NamedTuple):
    """A state that may follow, and what is missing before it can."""

    state: str
    missing: tuple[Want, ...]


class Mark(NamedTuple):
    """Something odd that is kept all the same: why, and of whom it is said."""

    code: str
    about: str = ""


def score(value: object) -> int | None:
    """Return a side's check as a number from 1 to 5, None for whatever else was typed there."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) < 4:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if LOWEST <= value <= HIGHEST else None


def unchecked(parties: Sequence[str], check: Mapping[str, object]) -> list[str]:
    """Return the sides that have not said how it is now."""
    return [party for party in parties if score(check.get(party)) is None]


def missing(state: str, now: Standing) -> tuple[Want, ...]:
    """Return what a conflict lacks before it can be in a state."""
    wants: list[Want] = []
    if state in SETTLED and not now.decision.strip():
        wants.append(Want("long", "decision"))
    if state == "closed":
        if not now.parties:
            wants.append(Want("field", "parties"))
        wants += (Want("map", "check", party) for party in unchecked(now.parties, now.check))
    if state == "escalated" and not now.escalated_to:
        wants.append(Want("field", "escalated_to"))
    return tuple(wants)


def next_steps(now: Standing) -> tuple[Step, ...]:
    """Return the steps that may follow; one whose `missing` is empty can be taken now."""
    return tuple(Step(state, missing(state, now)) for state in NEXT.get(now.state, tuple(NEXT)))


def refused(before: str, after: str) -> str:
    """Return why a conflict cannot go from one state to another at all, '' when it can.

    A step back is a correction and goes through; only what counts has a way of its own: a closed conflict is opened by
    reopening it, and only what was settled is reopened.
    """
    if before == "closed" and after not in ("closed", "reopened"):
        return "conflict-closed"
    if after == "reopened" and before not in (*SETTLED, "reopened"):
        return "conflict-not-settled"
    return ""


def course(now: Standing) -> Iterator[tuple[Want, bool]]:
    """Yield everything there is to fill in and each step, in the order people talk, and whether it is still open.

    A decision ends the asking for what should lead to one; one that was reopened is looked at again.
    """
    talking = now.state not in SETTLED
    undecided = talking and not now.decision.strip()
    yield Want("field", "parties"), not now.parties
    for party in now.parties:
        yield Want("map", "position", party), undecided and not now.position.get(party)
    yield Want("step", "confirmed"), undecided and now.state == "logged"
    for party in now.parties:
        yield Want("map", "interest", party), undecided and not now.interest.get(party)
    yield Want("field", "root_cause"), undecided and not now.root_cause
    yield Want("field", "severity"), undecided and now.severity is None
    yield Want("field", "shared_goal"), undecided and not now.shared_goal
    yield Want("step", "negotiating"), undecided and now.state == "confirmed"
    yield Want("long", "options"), undecided and not now.options
    yield Want("long", "decision"), undecided or now.state == "reopened" or not now.decision.strip()
    yield Want("field", "decider"), not now.decider and now.state != "closed"
    yield Want("step", "decided"), talking and bool(now.decision.strip())
    yield Want("action"), now.state == "decided" and not now.actions
    yield Want("field", "follow_up"), now.state in ("decided", "checking") and not now.follow_up
    yield Want("step", "checking"), now.state == "decided"
    for party in now.parties:
        yield Want("map", "check", party), now.state == "checking" and score(now.check.get(party)) is None
    yield Want("step", "closed"), now.state == "checking" and not missing("closed", now)


def next_want(now: Standing, offered: Want | None = None) -> Want | None:
    """Return what to fill in next: the first open thing behind the one offered last, else from the beginning."""
    wants = list(course(now))
    places = [want for want, _ in wants]
    start = places.index(offered) + 1 if offered in places else 0
    return next((want for want, is_open in wants[start:] + wants[:start] if is_open), None)


def section(state: str, follow_up: str, today: str) -> str:
    """Return what comes next for a conflict: one of `SECTIONS`."""
    if state == "closed":
        return "closed"
    if state in ("decided", "checking"):
        return "check due" if follow_up and follow_up <= today else "to check"
    if state in ("negotiating", "escalated", "reopened"):
        return "to decide"
    return "to confirm" if state == "logged" else "to talk over"


def marks(now: Standing, today: str, departments: Collection[str]) -> list[Mark]:
    """Return what is odd about a conflict: it is kept, marked and explained, never refused."""
    found = []
    if not now.parties:
        found.append(Mark("no-party"))
    elif len(now.parties) == 1:
        found.append(Mark("one-party", now.parties[0]))
    elif len(now.parties) > MANY:
        found.append(Mark("many-parties"))
    found += (Mark("unknown-party", party) for party in now.parties if party not in departments)
    if now.follow_up and now.follow_up < today and now.state not in (*SETTLED, "reopened"):
        found.append(Mark("past-follow-up"))
    found += (
        Mark("bad-check", side)
        for side, value in now.check.items()
        if value not in (None, "") and score(value) is None
    )
    return found
