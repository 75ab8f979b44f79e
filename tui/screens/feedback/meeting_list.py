"""What the meetings tab lists: the meeting that runs with its agenda and what came of it, then those before."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from store.agenda import Point, points
from store.meeting_rows import Gap, Meeting, Note, gaps, meeting, meetings, notes
from store.meetings import COVERED, NEXT_TIME
from store.minutes import Outcome, outcomes
from store.point_clock import clock, minutes_on
from store.running import LONGEST, running_meeting
from tui.i18n import _, ngettext
from tui.minutes_words import (
    SIGNS,
    SOURCE_WORDS,
    Names,
    gap_words,
    minutes_spent_words,
    point_title,
    what_words,
)
from tui.theme import glyph
from tui.widgets.days import day_words, distance_words
from tui.widgets.listing import MUTED, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.database import Store
    from tui.screens.directory import Directory

GAPS_MOST = 3  # pairs that are said not to have met


class Held(NamedTuple):
    """Everything the tab shows of the store at one moment."""

    running: Meeting | None
    points: dict[str, Point]
    notes: dict[str, Note]
    outcomes: list[Outcome]
    before: list[Meeting]
    gaps: list[Gap]
    clock: str  # the point that is being talked about
    minutes: int  # on its clock

    @property
    def current(self) -> Point | None:
        """The point that is being talked about."""
        return self.points.get(self.clock)


NOTHING = Held(None, {}, {}, [], [], [], "", 0)


def read_held(store: Store) -> Held:
    """Return what there is to show."""
    running = running_meeting(store)
    shown = meeting(store, running) if running else None
    agenda = points(store, running) if shown else []
    known = {point.id for point in agenda}
    at = clock(store)
    here = at.point if at and at.point in known else ""
    return Held(
        shown,
        {point.id: point for point in agenda},
        {note.id: note for note in notes(store, running)} if shown else {},
        outcomes(store, running) if shown else [],
        [held for held in meetings(store) if held.id != running],
        [gap for gap in gaps(store) if gap.overdue],
        here,
        int(minutes_on(store, here)) if here else 0,
    )


class MeetingList:
    """Makes rows of what is held."""

    def __init__(self, directory: Directory, today: datetime.date, now: int) -> None:
        self._directory = directory
        self._today = today
        self._now = now

    @property
    def names(self) -> Names:
        """How ids are put into words here."""
        return names_of(self._directory)

    def rows(self, held: Held) -> list[Row]:
        """Return all rows."""
        rows = [
            Row("", f"{glyph('late')} {gap_words(gap, self.names)}", style="$text-warning")
            for gap in held.gaps[:GAPS_MOST]
        ]
        if held.running is not None:
            rows += self._running(held, held.running)
        if held.before:
            rows.append(Row("", _("meetings before"), facts=(Fact(str(len(held.before))),)))
            rows += [self._meeting(one) for one in held.before]
        return rows

    def _running(self, held: Held, running: Meeting) -> Iterable[Row]:
        covered = sum(point.state == COVERED for point in held.points.values())
        done = _("{covered} of {count} covered").format(covered=covered, count=len(held.points))
        yield Row("", _("running now"), facts=(Fact(done),) if held.points else ())
        yield self._meeting(running)
        yield from (self._point(point, held) for point in held.points.values())
        if held.notes:
            yield Row("", _("notes"))
        for note in held.notes.values():
            first = (note.text.splitlines() or [""])[0]
            by = Fact(self._directory.member(note.by) if note.by else "")
            yield Row(note.id, first, mark=glyph("comments"), mark_style=MUTED, facts=(by,), indent=1)
        if held.outcomes:
            yield Row("", _("written down in it"))
        for one in held.outcomes:
            owner = self._directory.member(one.owner) if one.owner else ""
            facts = (Fact(what_words(one)), Fact(self._day(one.day)), Fact(owner))
            yield Row(one.id, one.title, one.short, " ", facts=facts, indent=1)

    def _meeting(self, held: Meeting) -> Row:
        runs = not held.ended and bool(held.begun) and self._now - held.begun <= LONGEST
        if runs:
            when = minutes_spent_words(max(self._now - held.begun, 0) / 60_000)
        else:
            day = (
                datetime.datetime.fromtimestamp(held.begun / 1000).astimezone().date() if held.begun else None
            )
            when = day_words(day.isoformat(), self._today) if day else "—"
        mark, style = (glyph("meeting"), "$text-success") if runs else (" ", "")
        facts = (Fact(when), Fact(_(held.kind)), Fact(self.names.sides(held.departments)))
        return Row(held.id, held.title, held.short, mark, style, facts, style="bold" if runs else "")

    def _point(self, point: Point, held: Held) -> Row:
        here = point.id == held.clock
        mark, mark_style = SIGNS.get(point.state, "·"), MUTED
        if here:
            mark, mark_style = "▶", "$text-success"
        elif point.state == COVERED:
            mark_style = "$text-success"
        spent = point.spent + (held.minutes if here else 0)
        what = (
            f"▲{point.severity} {_(SOURCE_WORDS[point.source])}"
            if point.severity
            else _(SOURCE_WORDS[point.source])
        )
        late = bool(point.day) and point.day < self._today.isoformat() and not point.over
        facts = (
            Fact(
                minutes_spent_words(spent) if spent >= 1 or here else "", "$text-success" if here else MUTED
            ),
            Fact(f"{glyph('blocked')} {what}" if point.blocked else what),
            Fact("" if point.over else self._day(point.day), "$text-error" if late else MUTED),
            Fact(self._directory.member(point.owner) if point.owner else ""),
        )
        faded = MUTED if point.state in (COVERED, NEXT_TIME) and not here else ""
        return Row(point.id, point_title(point), point.short, mark, mark_style, facts, style=faded, indent=1)

    def _day(self, day: str) -> str:
        return distance_words(day, self._today) if day else ""


def names_of(directory: Directory) -> Names:
    """Return how ids are put into words, by the names the screens use."""
    return Names(directory.member, directory.department, directory.in_order)


def standing_words(held: Held) -> str:
    """Return what is being talked about, for the bottom line."""
    point = held.current
    if point is None:
        return ""
    return f"▶ {point_title(point)} · {minutes_spent_words(held.minutes)}"


def after(held: Sequence[Point], here: str) -> Point | None:
    """Return the point that comes after one: the next that nobody has talked about, from the top again at the end."""
    places = {point.id: index for index, point in enumerate(held)}
    at = places.get(here, -1)
    waiting = [point for point in held if point.state not in (COVERED, NEXT_TIME) and point.id != here]
    return next((point for point in waiting if places[point.id] > at), waiting[0] if waiting else None)


def left_words(count: int) -> str:
    """Return how many points were not talked about."""
    return ngettext(
        "{count} point is left for the next time", "{count} points are left for the next time", count
    ).format(count=count)
