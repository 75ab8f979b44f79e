"""Which of teammates' changes somebody is to know about and why, and how many of them become one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import schema
from store.names import fold, is_spaced

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from store.names import Names

# Why a change is for somebody; the first that fits is told, in this order of weight.
MENTIONED = "mentioned"
ASSIGNED = "assigned"
REQUESTED = "requested"
DECIDES = "decides"
RECEIVES = "receives"
TAKES_PART = "takes part"
OBJECTED = "objected"
POOR_CHECK = "poor check"
RENEGOTIATED = "renegotiated"
BROKEN = "broken"
ANSWERED = "answered"
DECLINED = "declined"
DIVERGED = "diverged"
COMMENTED = "commented"
FOLLOW_UP = "follow-up"
PROMISE_DUE = "promise due"
REMINDER = "reminder"
CHANGED = "changed"  # worth knowing, of whatever teammates did
WEIGHTS = (
    MENTIONED, ASSIGNED, REQUESTED, DECIDES, RECEIVES, TAKES_PART, OBJECTED, POOR_CHECK, RENEGOTIATED, BROKEN, ANSWERED,
    DECLINED, DIVERGED, COMMENTED, FOLLOW_UP, PROMISE_DUE, REMINDER, CHANGED,
)  # fmt: skip

SPAN = 3_600_000  # ms within which one person's changes of one thing are one line
POOR = 2  # a check up to this says that what was decided does not hold
EXCERPT = 200  # characters of a text that a line takes along
_NAMING = {
    "owner": ASSIGNED, "decider": DECIDES, "escalated_to": DECIDES, "receiver": RECEIVES, "member": REQUESTED,
}  # fmt: skip
_QUIET = frozenset({"short", "rank", "source", "created", "series", "occurrence", "first_due", "confirmed"})


class Written(NamedTuple):
    """One cell that a teammate wrote; `on` is what it is about, another thing than `ent` for a comment."""

    change: str  # "<device>.<incarnation>:<number>"
    order: tuple[int, int, int]  # by this it came here: arrival, wall time, dot
    at: int
    by: str
    kind: str
    ent: str
    on: str
    field: str
    old: tuple[object, ...]
    new: object
    unread: bool = True


class Thing(NamedTuple):
    """What a change is about, as far as it says whom that concerns."""

    ent: str
    kind: str
    short: str
    title: str
    owner: str = ""
    decider: str = ""
    receiver: str = ""
    departments: frozenset[str] = frozenset()
    made_by: str = ""
    trashed: bool = False
    diverging: frozenset[str] = frozenset()  # cells with several versions


class Reader(NamedTuple):
    """Who looks: the member, its department, and whether a text names it."""

    member: str
    department: str
    is_named: Callable[[str], bool]


class Line(NamedTuple):
    """One line of news, leading to what it is about."""

    keys: tuple[str, ...]  # of its changes; by these it is remembered as read
    why: str
    kind: str
    ent: str
    short: str
    title: str
    by: str
    at: int
    fields: tuple[tuple[str, object], ...]  # what was written last, by field
    text: str = ""
    day: str = ""  # of what has come due
    new: bool = True
    order: tuple[int, int, int] = (0, 0, 0)
    born: bool = False  # it was made by this


def mentions(text: str, names: Names, member: str) -> bool:
    """Tell whether a text names a member after an @, by any name that capture would take."""
    folded = fold(text)
    at = folded.find("@")
    while at >= 0:
        # An address has a letter right before it.
        if at == 0 or not is_spaced(folded[at - 1]):
            found = names.at(folded, at + 1)
            if found is None and folded.startswith('"', at + 1):
                close = folded.find('"', at + 2)
                term = names.get(folded[at + 2 : close]) if close > 0 else None
                found = (term, close) if term else None
            if found is not None and found[0].id == member:
                return True
        at = folded.find("@", at + 1)
    return False


def why(write: Written, thing: Thing, reader: Reader) -> str:
    """Return why a change is for somebody, "" where it is not."""
    field, _slash, key = write.field.partition("/")
    new, me = write.new, reader.member
    if isinstance(new, str) and ("@" in new or "＠" in new) and _is_text(write.kind, field):
        named = reader.is_named(new) and not any(reader.is_named(str(old)) for old in write.old)
        if named:
            return MENTIONED
    if thing.trashed:
        return ""
    if new == me and field in _NAMING and write.ent == write.on:
        return _NAMING[field]
    if field == "participants" and key == me and new is True:
        return TAKES_PART
    if found := _of_kind(write, field, thing, reader):
        return found
    mine = thing.owner == me or (thing.made_by == me and not thing.owner)
    if write.field in thing.diverging and write.ent == write.on and (mine or thing.made_by == me):
        return DIVERGED
    return COMMENTED if write.kind == "comment" and field == "text" and mine else ""


def _of_kind(write: Written, field: str, thing: Thing, reader: Reader) -> str:
    new, me = write.new, reader.member
    is_party = bool(reader.department) and reader.department in thing.departments
    if write.kind == "goal" and field == "answer" and new == "objected" and thing.owner == me:
        return OBJECTED
    if write.kind == "conflict" and field == "check" and (thing.decider == me or is_party):
        return POOR_CHECK if isinstance(new, (int, float)) and 0 < new <= POOR else ""
    if write.kind == "commitment" and field == "state" and (me in (thing.owner, thing.receiver) or is_party):
        return {"renegotiated": RENEGOTIATED, "broken": BROKEN}.get(str(new), "")
    if write.kind == "feedback" and thing.made_by == me:
        if field == "reply" and new:
            return ANSWERED
        return DECLINED if field == "state" and new == "declined" else ""
    return ""


def _is_text(kind: str, name: str) -> bool:
    declared = schema.KINDS[kind].fields.get(name)
    return declared is not None and (declared.type == schema.LONGTEXT or name in ("title", "note", "text"))


def is_worth_knowing(write: Written) -> bool:
    """Tell whether a change is one that teammates look for, not the bookkeeping that comes with it."""
    field = write.field.partition("/")[0]
    if field in _QUIET:
        return False
    if field == "place":
        status = _status(write.new)
        return not write.old or any(_status(old) != status for old in write.old)
    return True


def _status(value: object) -> object:
    return value.get("status") if isinstance(value, dict) else None


def lines(
    writes: Iterable[Written],
    things: dict[str, Thing],
    reader: Reader,
    *,
    everything: bool,
) -> list[Line]:
    """Return the news, what came last first: one line for what one person did to one thing within an hour."""
    writes = list(writes)
    born = {(write.change, write.ent) for write in writes if write.field == "short"}
    found: list[Line] = []
    open_lines: dict[tuple[str, str, str], int] = {}
    for write in sorted(writes, key=lambda write: write.order, reverse=True):
        thing = things.get(write.on)
        if thing is None:
            continue
        reason = why(write, thing, reader)
        if everything:
            reason = CHANGED if is_worth_knowing(write) else ""
        if not reason:
            continue
        group = (thing.ent, write.by, reason)
        at = open_lines.get(group)
        if at is not None and abs(found[at].at - write.at) <= SPAN:
            found[at] = _with(found[at], write, born)
            continue
        open_lines[group] = len(found)
        text = (
            _excerpt(write) if reason in (MENTIONED, COMMENTED, ANSWERED) or write.kind == "comment" else ""
        )
        found.append(
            Line(
                (write.change,), reason, thing.kind, thing.ent, thing.short, thing.title, write.by, write.at,
                ((_told(write), write.new),), text, new=write.unread, order=write.order,
                born=(write.change, thing.ent) in born,
            )
        )  # fmt: skip
    return found if everything else heaviest(found)


def _with(line: Line, write: Written, born: Collection[tuple[str, str]]) -> Line:
    told = _told(write)
    fields = (
        line.fields if any(name == told for name, _ in line.fields) else (*line.fields, (told, write.new))
    )
    keys = line.keys if write.change in line.keys else (*line.keys, write.change)
    text = line.text or (_excerpt(write) if write.kind == "comment" else "")
    return line._replace(
        keys=keys, fields=fields, text=text, new=line.new or write.unread,
        born=line.born or (write.change, line.ent) in born,
    )  # fmt: skip


def _told(write: Written) -> str:
    """Return what a line calls the cell: comments and checklist entries by what they are."""
    return write.field if write.ent == write.on else write.kind


def _excerpt(write: Written) -> str:
    return " ".join(str(write.new).split())[:EXCERPT] if isinstance(write.new, str) else ""


def heaviest(found: Collection[Line]) -> list[Line]:
    """Return of several reasons for which one change is somebody's the weightiest alone."""
    best: dict[tuple[str, str], Line] = {}
    for line in found:
        for key in line.keys:
            held = best.get((line.ent, key))
            if held is None or WEIGHTS.index(line.why) < WEIGHTS.index(held.why):
                best[line.ent, key] = line
    kept = {id(line) for line in best.values()}
    return [line for line in found if id(line) in kept]
