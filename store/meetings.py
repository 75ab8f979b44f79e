"""Meetings: begun, ended, noted in, and what comes of them; each inside a change, which is one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import agenda, schema
from store.elements import element_sets
from store.errors import StoreError
from store.lookup import kind_of
from store.running import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from store.commands import Change

JOINT = "joint"
TO_DISCUSS, COVERED, NEXT_TIME = "to discuss", "covered", "next time"
_LOOKED_BACK = 300  # meetings among which the one before is found


def start_meeting(
    change: Change,
    title: str,
    *,
    kind: str = "meeting",
    departments: Iterable[str] = (),
    attendees: Iterable[str] = (),
    about: str = "",
) -> str:
    """Begin a meeting now, with an agenda of what is open between its departments, and return its id.

    Whoever begins it attends. A joint meeting about a conflict has the conflict's parties, unless others are named.
    """
    store = change.store
    sides = list(dict.fromkeys(departments))
    if about and not sides and change.kind_of(about) == "conflict":
        sides = _parties(change, about)
    fields: dict[str, object] = {
        "title": title,
        "kind": kind,
        "begun": instant(store.now()),
        "departments": sides,
        "attendees": list(dict.fromkeys((store.member, *attendees))),
    }
    if about:
        fields["about"] = about
    if previous := previous_meeting(change, kind, sides, about):
        fields["previous"] = previous
    ent = change.create("meeting", fields)
    agenda.build(change, ent)
    return ent


def end_meeting(change: Change, ent: str) -> None:
    """End a meeting now. What was not covered comes again the next time."""
    change.set(ent, {"ended": instant(change.store.now())})


def add_point(change: Change, meeting: str, title: str, *, minutes: float | None = None) -> str:
    """Put a point of one's own on the agenda, and return its id."""
    fields: dict[str, object] = {
        "meeting": meeting, "title": title, "rank": change.placing.last_rank("point"),
    }  # fmt: skip
    if minutes is not None:
        fields["minutes"] = minutes
    return change.create("point", fields)


def mark_point(change: Change, point: str, state: str, *, spent: float = 0) -> None:
    """Say of a point that it is covered, or comes the next time; `spent` are minutes to add to it."""
    fields: dict[str, object] = {"state": state}
    if spent > 0:
        fields["spent"] = _spent(change, point) + spent
    change.set(point, fields)


def spend(change: Change, point: str, minutes: float) -> None:
    """Add minutes to a point: its clock was stopped."""
    if minutes > 0:
        change.set(point, {"spent": _spent(change, point) + minutes})


def outcome(change: Change, kind: str, fields: Mapping[str, object], meeting: str, point: str = "") -> str:
    """Write down what came of a meeting, or of a point of it: an item, a decision, a commitment; returns its id.

    What comes of a private draft, or of a point about one, is private too.
    """
    given = dict(fields)
    given["meeting"] = meeting
    subject = about_point(change, point) if point else ""
    if kind == "item":
        given.setdefault("kind", "action")
        given["came_from"] = point or meeting
    else:
        given.setdefault("about", subject or point or meeting)
    if kind == "decision":
        given.setdefault("date", change.store.today().isoformat())
    private = any(_is_draft(change, ent) for ent in (meeting, point, subject))
    return change.create(kind, given, private=private)


def _is_draft(change: Change, ent: str) -> bool:
    kind = (change.kinds.get(ent) or kind_of(change.store, ent)) if ent else ""
    return kind in schema.KINDS and change.is_private(kind, ent)


def about_point(change: Change, point: str) -> str:
    """Return what a point of the agenda is about, '' where it is a point of its own."""
    change.flush()
    row = change.conn.execute(
        "SELECT p.about FROM entity e JOIN p_point p ON p.n = e.n WHERE e.id = ? AND e.kind = 'point'",
        (point,),
    ).fetchone()
    if row is None:
        raise StoreError("not-found", what=point)
    return str(row[0] or "")


def previous_meeting(change: Change, kind: str, departments: Sequence[str], about: str = "") -> str:
    """Return the meeting before one of this kind: the last of the kind with the same departments, '' for none."""
    query = (
        "SELECT n, id, coalesce(about, '') FROM p_meeting WHERE trashed = 0 AND private = 0 AND kind = ? "
        "AND begun IS NOT NULL ORDER BY begun DESC, id LIMIT ?"
    )
    found = change.conn.execute(query, (kind, _LOOKED_BACK)).fetchall()
    sides = element_sets(change.conn, [n for n, _id, _about in found], "departments")
    for n, ent, subject in found:
        if set(sides.get(n, ())) == set(departments) and (kind != JOINT or subject == about):
            return str(ent)
    return ""


def _spent(change: Change, point: str) -> float:
    change.flush()
    row = change.conn.execute(
        "SELECT p.spent FROM entity e JOIN p_point p ON p.n = e.n WHERE e.id = ? AND e.kind = 'point'",
        (point,),
    ).fetchone()
    if row is None:
        raise StoreError("not-found", what=point)
    return float(row[0] or 0)


def _parties(change: Change, conflict: str) -> list[str]:
    change.flush()
    number = change.number("conflict", conflict)
    return element_sets(change.conn, [number], "parties").get(number, [])
