"""What `sameboat meeting` says of meetings, points and what came of them: for programs, and names for sentences."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from store import queries
from store.analysis.agenda import SOURCES
from tui.cli.shapes import Shapes, instant
from tui.minutes_words import Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.agenda import Point
    from store.database import Store
    from store.meeting_rows import Gap, Meeting
    from store.minutes import Minutes, Outcome
    from tui.cli.workspace import Workspace


def line_names(workspace: Workspace) -> Names:
    """Return how ids are put into words on the command line."""
    places = {row.id: place for place, row in enumerate(queries.departments(workspace.store))}

    def in_order(departments: Iterable[str]) -> list[str]:
        return sorted(departments, key=lambda side: (places.get(side, len(places)), side))

    return Names(
        lambda ent: workspace.title("member", ent), lambda ent: workspace.title("department", ent), in_order
    )


class MeetingShapes:
    """Turns rows of meetings into objects."""

    def __init__(self, store: Store) -> None:
        self._shapes = Shapes(store)
        self.names = Names(
            lambda ent: self._shapes.member(ent) or "", lambda ent: self._shapes.department(ent) or "", sorted
        )

    def meeting(self, row: Meeting) -> dict[str, object]:
        """Return a meeting."""
        return {
            "id": row.short, "entity": row.id, "title": row.title, "kind": row.kind,
            "begun": instant(row.begun or None), "ended": instant(row.ended or None),
            "departments": [self._shapes.department(side) for side in row.departments],
            "attendees": [self._shapes.member(member) for member in row.attendees],
            "about": row.about or None, "previous": row.previous or None,
        }  # fmt: skip

    def point(self, row: Point) -> dict[str, object]:
        """Return a point of an agenda."""
        return {
            "entity": row.id, "title": row.title, "state": row.state, "source": SOURCES[row.source],
            "spent": row.spent, "minutes": row.minutes, "about": row.about or None, "id": row.short or None,
            "due": row.day or None, "severity": row.severity, "blocked": row.blocked or None,
            "owner": self._shapes.member(row.owner),
        }  # fmt: skip

    def minutes(self, held: Minutes) -> dict[str, object]:
        """Return the minutes of a meeting."""
        return self.meeting(held.meeting) | {
            "points": [self.point(point) for point in held.points],
            "notes": [
                {
                    "entity": note.id,
                    "text": note.text,
                    "by": self._shapes.member(note.by),
                    "at": instant(note.at),
                }
                for note in held.notes
            ],
            "outcomes": [self._outcome(one) for one in held.outcomes],
        }

    def _outcome(self, one: Outcome) -> dict[str, object]:
        return {
            "id": one.short, "entity": one.id, "what": one.what, "title": one.title,
            "owner": self._shapes.member(one.owner), "due": one.day or None, "of": one.of or None,
            "sides": [self._shapes.department(side) for side in one.sides], "private": one.private,
        }  # fmt: skip

    def gap(self, gap: Gap) -> dict[str, object]:
        """Return how long ago two departments met."""
        return {
            "cadence": [self._shapes.department(gap.first), self._shapes.department(gap.second)],
            "every": gap.every, "days": gap.since, "overdue": gap.overdue,
        }  # fmt: skip

    @staticmethod
    def day(at: int) -> str:
        """Return the day and minute of a moment, for a person."""
        return f"{datetime.datetime.fromtimestamp(at / 1000).astimezone():%Y-%m-%d %H:%M}" if at else "—"
