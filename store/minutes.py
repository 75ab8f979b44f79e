"""What a meeting came to: its points with what became of them, and everything that was written down in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.agenda import Point, is_action, points
from store.elements import element_sets
from store.errors import StoreError
from store.meeting_rows import Meeting, Note, meeting, notes

if TYPE_CHECKING:
    from store.database import Store

ACTION, DECISION, PROMISE, CONFLICT, FEEDBACK, ITEM = (
    "action", "decision", "commitment", "conflict", "feedback", "item"
)  # fmt: skip


class Outcome(NamedTuple):
    """Something that was written down in a meeting: who has it, until when, and which point it came of."""

    id: str
    short: str
    what: str  # one of the names above; an item that is no action is an `item`
    title: str
    owner: str = ""
    day: str = ""
    of: str = ""  # the point, or what that is about
    sides: tuple[str, ...] = ()
    private: bool = False


class Minutes(NamedTuple):
    """A meeting with everything that belongs into its minutes."""

    meeting: Meeting
    points: list[Point]
    notes: list[Note]
    outcomes: list[Outcome]

    def of_point(self, point: Point) -> list[Outcome]:
        """Return what came of one point."""
        return [one for one in self.outcomes if one.of and one.of in (point.id, point.about)]

    def by(self, *what: str) -> list[Outcome]:
        """Return the outcomes of these sorts."""
        return [one for one in self.outcomes if one.what in what]


_SELECTIONS = {
    "decision": "'decision', i.decider, i.follow_up, i.about, NULL, NULL",
    "item": f"CASE WHEN {is_action('i')} THEN 'action' ELSE 'item' END, i.owner, i.due, i.came_from, NULL, NULL",
    "commitment": "'commitment', i.owner, i.due, i.about, i.from_department, i.to_department",
    "conflict": "'conflict', i.decider, i.follow_up, NULL, NULL, NULL",
    "feedback": "'feedback', NULL, NULL, NULL, i.department, NULL",
}


def minutes(store: Store, ent: str) -> Minutes:
    """Return the minutes of a meeting. Raises not-found."""
    held = meeting(store, ent)
    if held is None:
        raise StoreError("not-found", what=ent)
    return Minutes(
        held, points(store, ent), notes(store, ent), [*outcomes(store, ent), *_settled(store, held)]
    )


def outcomes(store: Store, ent: str) -> list[Outcome]:
    """Return what was written down in a meeting: decisions, actions, promises, conflicts, feedback, by their time."""
    found: list[tuple[int, str, Outcome]] = []
    for kind, selection in _SELECTIONS.items():
        query = (
            f"SELECT i.n, i.created_at, i.private, i.id, coalesce(h.short, i.id), coalesce(i.title, ''), {selection} "
            f"FROM p_{kind} i LEFT JOIN handle h ON h.ent = i.n WHERE i.meeting = ? AND i.trashed = 0"
        )
        rows = store.conn.execute(query, (ent,)).fetchall()
        parties = element_sets(store.conn, [row[0] for row in rows], "parties")
        for n, at, private, one, short, title, what, owner, day, of, giver, taker in rows:
            sides = tuple(side for side in (giver, taker, *parties.get(n, ())) if side)
            row = Outcome(one, short, what, title, owner or "", day or "", of or "", sides, bool(private))
            found.append((at or 0, one, row))
    return [row for _at, _one, row in sorted(found, key=lambda entry: entry[:2])]


def _settled(store: Store, held: Meeting) -> list[Outcome]:
    """Return the decisions of conflicts that were logged in a meeting, or talked about, and were decided meanwhile."""
    query = (
        "SELECT c.n, c.id, coalesce(h.short, c.id), c.decision, coalesce(c.decider, ''), coalesce(c.follow_up, ''), "
        "c.private FROM p_conflict c LEFT JOIN handle h ON h.ent = c.n WHERE c.trashed = 0 AND c.decision <> '' "
        "AND c.decided IS NOT NULL AND (c.meeting = ?1 OR c.id = ?2 "
        "OR c.id IN (SELECT p.about FROM p_point p WHERE p.meeting = ?1 AND p.trashed = 0)) AND EXISTS "
        "(SELECT 1 FROM head x JOIN op o ON o.dot = x.dot WHERE x.ent = c.n AND x.field = 'decided' "
        "AND o.wt BETWEEN ?3 AND ?4) ORDER BY c.created_at, c.id"
    )
    span = (held.begun, held.ended + 999 if held.ended else store.now())  # both were cut down to seconds
    rows = store.conn.execute(query, (held.id, held.about, *span)).fetchall()
    parties = element_sets(store.conn, [row[0] for row in rows], "parties")
    return [
        Outcome(ent, short, DECISION, text, decider, day, ent, tuple(parties.get(n, ())), bool(private))
        for n, ent, short, text, decider, day, private in rows
    ]
